//! What the page's script reads beside the numbers: names, worlds, history, base year, assumptions.

use serde_json::{Value, json};
use toml::Value as Toml;

use super::assumptions::assumptions;
use crate::analysis::Findings;
use crate::backtest::TrackRecord;
use crate::backtest::rolling::Kind;
use crate::report::Past;
use crate::report::csv_file::{power_of_ten, shortest};
use crate::report::subject::{
    makers_of_interest, proposes_alliance, region_name, subject_name, subject_of, years,
};
use crate::report::tables::condition_name;
use crate::scenario::parameters::stated;
use crate::scenario::tables::{Figure, TOTAL};
use crate::scenario::{Quantity, Scenario, World};
use crate::simulation::outcomes::Who;
use crate::simulation::{Condition, RegionFit};

/// Everything but the numbers.
pub fn content(scenario: &Scenario, findings: &Findings, fits: &[RegionFit], past: &Past) -> Value {
    let names = &findings.names;
    let reference = &scenario.worlds[scenario.reference];
    let worlds: Vec<Value> = scenario
        .worlds
        .iter()
        .enumerate()
        .map(|(at, world)| {
            json!({
                "key": world.key,
                "name": world.name,
                "proposes": proposes_alliance(scenario, findings, at),
                "subject": findings.who(subject_of(scenario, findings, at)),
            })
        })
        .collect();
    let named = |key: &String, name: Option<&String>| json!([key, name.unwrap_or(key)]);
    let alliances = names.alliances.iter().enumerate().map(|(at, key)| {
        let mut stated = scenario.worlds.iter().filter_map(|world| world.file.alliances.get(key));
        let members = stated.next().map(|alliance| alliance.members.keys().collect::<Vec<_>>());
        json!([format!("alliance:{key}"), subject_name(scenario, findings, Who::Alliance(at)), members])
    });
    json!({
        "base_year": findings.base_year,
        "last_year": findings.last_year(),
        "years": years(scenario, findings),
        "worlds": worlds,
        "reference": findings.reference,
        "condition_names": Condition::ALL.map(condition_name),
        "regions": names.regions.iter().map(|key| json!([key, region_name(scenario, key)])).collect::<Vec<_>>(),
        "makers": names.makers,
        "alliances": alliances.collect::<Vec<_>>(),
        "powertrains": names.powertrains.iter()
            .map(|key| named(key, reference.file.powertrains.get(key).and_then(|p| p.name.as_ref())))
            .collect::<Vec<_>>(),
        "interest": makers_of_interest(scenario, findings),
        "history": history(reference, findings),
        "held": held(&past.record),
        "established": past.record.established(),
        "observed": past.observed.iter()
            .map(|seen| json!([seen.region, seen.maker, seen.year, seen.share]))
            .collect::<Vec<_>>(),
        "fit": fit(reference, findings, fits),
        "assumptions": assumptions(scenario),
    })
}

/// How often 90 % bands held in the past: region, whether of established makers, years ahead, part.
fn held(record: &TrackRecord) -> Vec<Value> {
    let rows = record.enough().filter_map(|row| {
        Some(json!([row.region.as_ref()?, row.kind? == Kind::Mature, row.horizon, row.inside_90]))
    });
    rows.collect()
}

/// Shares up to the base year: region, maker, year, share.
fn history(world: &World, findings: &Findings) -> Vec<Value> {
    let names = &findings.names;
    let total = |region: &str, year: i32| {
        let mut totals = world.history.iter().filter(|row| row.manufacturer == TOTAL);
        totals.find(|row| row.region == region && row.year == year).map(|row| row.units)
    };
    let past = world.history.iter().filter(|row| row.year <= findings.base_year);
    past.filter_map(|row| {
        let region = names.regions.iter().position(|region| *region == row.region)?;
        let maker = names.makers.iter().position(|maker| *maker == row.manufacturer)?;
        let share = row.units / total(&row.region, row.year)?;
        Some(json!([region, maker, row.year, (share * 1e5).round() / 1e5]))
    })
    .collect()
}

/// The base year by offer, as `calibration.csv` has it, with the margin that the maker publishes.
fn fit(world: &World, findings: &Findings, fits: &[RegionFit]) -> Vec<Value> {
    let names = &findings.names;
    let published = |maker: &str, region: &str| {
        let mut figures = world.manufacturers.iter().filter(|row| row.figure == Figure::PublishedMargin);
        figures
            .find(|row| row.manufacturer == maker && (row.region.is_empty() || row.region == region))
            .map(|row| row.value.median())
    };
    let mut offers: Vec<_> = fits.iter().flat_map(|fit| &fit.offers).collect();
    offers.sort_by_key(|offer| (offer.region, offer.maker, offer.powertrain));
    let row = |offer: &&crate::simulation::OfferFit| {
        let rounded = |value: f64, decimals: i32| {
            let factor = power_of_ten(decimals);
            (value * factor).round() / factor
        };
        json!([
            offer.region,
            offer.maker,
            offer.powertrain,
            offer.units,
            rounded(offer.share, 5),
            rounded(offer.price, 2),
            rounded(offer.marginal_cost, 2),
            rounded(offer.margin, 4),
            rounded(offer.own_elasticity, 3),
            published(&names.makers[offer.maker], &names.regions[offer.region]),
        ])
    };
    offers.iter().map(row).collect()
}

/// What a world changes in the scenario: keys and what they are set to, in words.
pub fn patch(scenario: &Scenario, world: &World) -> Vec<(String, String)> {
    let stated = &scenario.worlds[scenario.reference].file.worlds;
    let mut found = Vec::new();
    if let Some(world) = stated.get(&world.key) {
        leaves(&world.set, "", &mut found);
    }
    found
}

fn leaves(table: &toml::Table, above: &str, found: &mut Vec<(String, String)>) {
    for (key, value) in table {
        let path = if above.is_empty() { key.clone() } else { format!("{above}.{key}") };
        match value {
            Toml::Table(table) if !["value", "dist"].iter().any(|key| table.contains_key(*key)) => {
                leaves(table, &path, found);
            }
            value => found.push((path, in_words(value))),
        }
    }
}

fn in_words(value: &Toml) -> String {
    match value {
        Toml::String(text) => text.clone(),
        Toml::Float(number) => shortest(*number),
        Toml::Table(_) => match Quantity::from_toml(value) {
            Ok(quantity) => {
                let unit = quantity.provenance.unit.as_deref().unwrap_or("");
                format!("{} {unit}", stated(&quantity.distribution)).trim_end().to_owned()
            }
            Err(_) => value.to_string(),
        },
        other => other.to_string(),
    }
}
