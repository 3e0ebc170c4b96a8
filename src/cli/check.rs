//! `keiretsu check`: every problem in one pass, and the uncertain inputs.

use super::{Failure, ScenarioArgs, print};
use crate::{calibration, scenario, study};

pub(super) fn check(args: &ScenarioArgs) -> Result<(), Failure> {
    let scenario = args.load()?;
    let (experiment, names) = study::experiment(&scenario);
    calibration::sound(&scenario, &experiment_fits(&experiment), &names)?;
    let uncertain = scenario::uncertain_inputs(&scenario);
    let summary = format!(
        "{}: no problems. {} worlds, {} regions, {} makers, {} to {}, {} inputs uncertain.\n\n{}\n",
        args.scenario.display(),
        names.worlds.len(),
        names.regions.len(),
        names.makers.len(),
        scenario.base_year,
        scenario.last_year,
        uncertain.lines().count().saturating_sub(2),
        uncertain,
    );
    print(&summary)
}
