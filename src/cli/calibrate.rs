//! `keiretsu calibrate`: what the base year implies.

use std::path::PathBuf;

use clap::Args;

use super::written::write_table;
use super::{Failure, ScenarioArgs, print};
use crate::report::csv_file::csv;
use crate::report::{fit, tables};
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
    let study::Prepared { names, fits, .. } = study::prepare(&scenario)?;
    if let Some(out) = &args.out {
        write_table(out, &csv(&tables::calibration(&names, &fits)))?;
    }
    print(&fit::text(&scenario, &names, &fits))
}
