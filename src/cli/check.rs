//! `keiretsu check`: every problem in one pass, and the uncertain inputs.

use super::{Failure, ScenarioArgs, print};
use crate::report::answer::words::{counted, four_digits};
use crate::report::table_style;
use crate::scenario::Scenario;
use crate::study;

pub(super) fn check(args: &ScenarioArgs) -> Result<(), Failure> {
    let scenario = args.load()?;
    let names = study::prepare(&scenario)?.names;
    let (table, uncertain) = uncertain_inputs(&scenario);
    print(&format!(
        "{}: no problems. {}, {}, {}, {} to {}; uncertain: {}.\n\n{table}\n",
        args.scenario.display(),
        counted(names.worlds.len() as u64, "world", "worlds"),
        counted(names.regions.len() as u64, "region", "regions"),
        counted(names.makers.len() as u64, "maker", "makers"),
        scenario.base_year,
        scenario.last_year,
        counted(uncertain as u64, "input", "inputs"),
    ))
}

/// The uncertain inputs of the reference world and how many there are.
fn uncertain_inputs(scenario: &Scenario) -> (String, usize) {
    let world = &scenario.worlds[scenario.reference];
    let mut table = table_style::plain(["input", "kind", "low", "median", "high", "unit", "quality"]);
    let mut n = 0;
    for quantity in world.inputs.iter().map(|input| &input.quantity) {
        let distribution = &quantity.distribution;
        if distribution.is_fixed() {
            continue;
        }
        n += 1;
        let (low, high) = distribution.range();
        table.add_row([
            quantity.key.clone(),
            distribution.family().to_owned(),
            four_digits(low),
            four_digits(distribution.median()),
            four_digits(high),
            quantity.provenance.unit.clone().unwrap_or_default(),
            quantity.provenance.quality.clone().unwrap_or_default(),
        ]);
    }
    (table.to_string(), n)
}
