//! Every assumption of a scenario for readers: value or range, unit, quality, source, and which worlds have
//! another one.

use serde::Serialize;

use crate::scenario::parameters::{changes, stated};
use crate::scenario::quantities::{quantities, table_quantities};
use crate::scenario::{Quantity, Scenario, World};

/// A figure that a scenario states.
#[derive(Clone, Debug, Serialize)]
pub struct Assumption {
    pub key: String,
    /// The value, or the range in words.
    pub value: String,
    pub unit: String,
    pub quality: String,
    /// Where it comes from, with note and date.
    pub source: String,
    /// The world that has it; empty for the scenario itself.
    pub world: String,
    /// Worlds that have another value.
    pub changed_by: Vec<String>,
}

/// All figures: of the file, of its worlds, of its tables, and the offers.
pub fn assumptions(scenario: &Scenario) -> Vec<Assumption> {
    let reference = &scenario.worlds[scenario.reference];
    let others: Vec<(&World, Vec<(String, &Quantity)>)> = scenario
        .worlds
        .iter()
        .filter(|world| world.key != reference.key)
        .map(|world| (world, changes(reference, world)))
        .collect();
    let changed_by = |key: &str| {
        let changing = others.iter().filter(|(_, changes)| changes.iter().any(|(changed, _)| changed == key));
        changing.map(|(world, _)| world.name.clone()).collect()
    };
    let states = |(key, _): &(String, &Quantity)| scenario.sources.states(Some(&reference.key), key);
    let of_file = quantities(&reference.file).into_iter().filter(states);
    let mut found: Vec<Assumption> =
        of_file.map(|(key, quantity)| assumption(&key, quantity, "", changed_by(&key))).collect();
    for (world, changes) in &others {
        found
            .extend(changes.iter().map(|(key, quantity)| assumption(key, quantity, &world.name, Vec::new())));
    }
    found.extend(
        table_quantities(reference)
            .iter()
            .map(|(key, quantity)| assumption(&format!("tables.{key}"), quantity, "", Vec::new())),
    );
    found.extend(reference.offers.iter().flat_map(|offer| {
        let key = format!("tables.offers.{}.{}.{}", offer.region, offer.manufacturer, offer.powertrain);
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let figure = |what: &str, value: f64| Assumption {
            key: format!("{key}.{what}"),
            value: value.to_string(),
            unit: String::new(),
            quality: text(&offer.quality),
            source: [text(&offer.source), text(&offer.note)]
                .into_iter()
                .filter(|t| !t.is_empty())
                .collect::<Vec<_>>()
                .join("; "),
            world: String::new(),
            changed_by: Vec::new(),
        };
        [figure("units", offer.units), figure("price", offer.price)]
    }));
    found
}

fn assumption(key: &str, quantity: &Quantity, world: &str, changed_by: Vec<String>) -> Assumption {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let dated = match &quantity.as_of {
        Some(day) => format!("{} ({day})", text(&quantity.source)),
        None => text(&quantity.source),
    };
    let source: Vec<String> =
        [dated, text(&quantity.note)].into_iter().filter(|text| !text.is_empty()).collect();
    Assumption {
        key: key.to_owned(),
        value: stated(&quantity.distribution),
        unit: text(&quantity.unit),
        quality: text(&quantity.quality),
        source: source.join("; "),
        world: world.to_owned(),
        changed_by,
    }
}
