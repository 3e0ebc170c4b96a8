//! `keiretsu calibrate`: what the base year implies.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Failure, ScenarioArgs, print};
use crate::report::csv_file::csv;
use crate::report::{fit, tables};
use crate::scenario::Scenario;
use crate::study;

#[derive(Debug, Args)]
pub(super) struct CalibrateArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Also write the table to this file.
    #[arg(long, value_name = "FILE.csv")]
    out: Option<PathBuf>,
}

pub(super) fn calibrate(args: &CalibrateArgs) -> Result<(), Failure> {
    let scenario = args.scenario.load()?;
    if let Some(out) = &args.out {
        refuse_loss(out, &scenario)?;
    }
    let study::Prepared { names, fits, .. } = study::prepare(&scenario)?;
    if let Some(out) = &args.out {
        std::fs::write(out, csv(&tables::calibration(&names, &fits)))
            .map_err(|error| Failure::Run(format!("cannot write {}: {error}", out.display())))?;
    }
    print(&fit::text(&scenario, &names, &fits))
}

/// The table does not go where an input file is, nor in place of a folder.
fn refuse_loss(out: &Path, scenario: &Scenario) -> Result<(), Failure> {
    let shown = out.display();
    let what = match out.canonicalize() {
        Ok(found) if found.is_dir() => "a folder, not a file",
        Ok(found) if scenario.sources.files().iter().any(|i| i.canonicalize().is_ok_and(|i| i == found)) => {
            "an input of this scenario, which would be lost"
        }
        _ => return Ok(()),
    };
    Err(Failure::Input(format!("{shown} is {what}; name another file with --out")))
}
