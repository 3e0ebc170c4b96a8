//! Every assumption of a scenario for readers: value or range, unit, quality, source, and which worlds have
//! another one.

use serde::Serialize;

use crate::scenario::parameters::{changes, stated};
use crate::scenario::{Input, Quantity, Scenario, World};

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
    let others: Vec<(&World, Vec<&Input>)> = scenario
        .worlds
        .iter()
        .filter(|world| world.key != reference.key)
        .map(|world| (world, changes(reference, world).collect()))
        .collect();
    let changed_by = |key: &str| {
        let changing =
            others.iter().filter(|(_, changes)| changes.iter().any(|changed| changed.quantity.key == key));
        changing.map(|(world, _)| world.name.clone()).collect()
    };
    let (of_tables, of_file): (Vec<&Input>, Vec<&Input>) =
        reference.inputs.iter().filter(|input| input.stated).partition(|input| input.cell.is_some());
    let mut found: Vec<Assumption> = of_file
        .into_iter()
        .map(|input| assumption(&input.quantity, "", changed_by(&input.quantity.key)))
        .collect();
    for (world, changes) in &others {
        found.extend(changes.iter().map(|input| assumption(&input.quantity, &world.name, Vec::new())));
    }
    found.extend(of_tables.into_iter().map(|input| assumption(&input.quantity, "", Vec::new())));
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

/// How many figures are assumed, and how good they are.
pub fn tally(all: &[Assumption]) -> String {
    let is = |quality: &str| all.iter().filter(|row| row.quality.starts_with(quality)).count();
    let (sourced, derived, judged) = (is("sourced"), is("derived"), is("estimated"));
    let unmarked = match all.len() - sourced - derived - judged {
        0 => String::new(),
        unmarked => format!(", {unmarked} do not say"),
    };
    format!(
        "{} figures are assumed: {sourced} are printed somewhere, {derived} are arithmetic on printed figures, \
         {judged} are judgement{unmarked}.",
        all.len()
    )
}

fn assumption(quantity: &Quantity, world: &str, changed_by: Vec<String>) -> Assumption {
    let provenance = &quantity.provenance;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let dated = match &provenance.as_of {
        Some(day) => format!("{} ({day})", text(&provenance.source)),
        None => text(&provenance.source),
    };
    let source: Vec<String> =
        [dated, text(&provenance.note)].into_iter().filter(|text| !text.is_empty()).collect();
    Assumption {
        key: quantity.key.clone(),
        value: stated(&quantity.distribution),
        unit: text(&provenance.unit),
        quality: text(&provenance.quality),
        source: source.join("; "),
        world: world.to_owned(),
        changed_by,
    }
}
