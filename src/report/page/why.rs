//! What the page knows of why worlds differ and what the differences depend on: shares only, as the tables have them.

use serde_json::{Value, json};

use crate::analysis::{Findings, Labels, Sensitivity};
use crate::report::sensitivity::named;
use crate::scenario::Scenario;
use crate::simulation::Condition;
use crate::simulation::outcomes::Outcome;
use crate::simulation::summary::Estimate;
use crate::variants::Attribution;

/// Inputs of a difference that the page has, the most important first; `sensitivity.csv` has all.
const INPUTS: usize = 25;

/// Channels of the changes of share: world, region, maker, year, parts, total.
pub fn attribution(attribution: Option<&Attribution>) -> Value {
    let figures = |e: &Estimate| json!([e.mean, e.p05, e.p25, e.p50, e.p75, e.p95]);
    let worlds = attribution.into_iter().flat_map(|attribution| &attribution.worlds);
    let rows = worlds.flat_map(|attributed| {
        attributed.outcomes.iter().zip(&attributed.parts).filter_map(move |(key, parts)| {
            let labels = Labels::of(&attributed.names, key);
            let (total, parts) = parts.split_last()?;
            let is_told = labels.outcome == "share" && labels.powertrain.is_empty();
            is_told.then(|| {
                json!({
                    "world": attributed.world,
                    "region": labels.region,
                    "who": labels.manufacturer,
                    "year": key.year,
                    "parts": attributed.channels.iter().zip(parts)
                        .map(|(channel, part)| json!([channel, figures(part)])).collect::<Vec<_>>(),
                    "total": figures(total),
                })
            })
        })
    });
    rows.collect()
}

/// What changes of share depend on: world, region, maker, year, mean, and per input its name, the means where it is low
/// and high, the part of the variance with its interval, and the rank correlation.
pub fn sensitivity(scenario: &Scenario, findings: &Findings, sensitivity: Option<&Sensitivity>) -> Value {
    let Some(sensitivity) = sensitivity else { return json!([]) };
    let told = sensitivity.driven.iter().filter(|driven| driven.key.outcome == Outcome::Share);
    let rows = told.filter_map(|driven| {
        let mean = findings.difference(driven.world, Condition::Proceeds, &driven.key)?.mean;
        let labels = Labels::of(&findings.names, &driven.key);
        let mut drivers: Vec<_> = sensitivity.inputs.iter().zip(driven.drivers.as_ref()?).collect();
        drivers.sort_by(|(_, a), (_, b)| b.first_order.value.total_cmp(&a.first_order.value));
        let drivers = drivers.into_iter().take(INPUTS).map(|(input, driver)| {
            let (name, _) = named(scenario, findings, driven.key.who, input);
            let part = driver.first_order;
            let rank = driver.rank_correlation.value;
            json!([name, driver.mean_if_low, driver.mean_if_high, part.value, part.low, part.high, rank])
        });
        Some(json!({
            "world": driven.world,
            "region": labels.region,
            "who": labels.manufacturer,
            "year": driven.key.year,
            "mean": mean,
            "drivers": drivers.collect::<Vec<_>>(),
        }))
    });
    rows.collect()
}
