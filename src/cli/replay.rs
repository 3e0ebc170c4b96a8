//! `keiretsu replay`: one draw of a scenario, year by year.

use clap::Args;

use super::options::whole;
use super::{Failure, ScenarioArgs, print};
use crate::analysis::Findings;
use crate::report::replay::Replay;
use crate::scenario::load_with;
use crate::simulation::{Kept, Request, run_with};
use crate::study;

#[derive(Debug, Args)]
#[command(after_help = "\
The draw is the same as in a run with the same seed: a row of draws.csv, told as a story.

Examples:
  keiretsu replay scenarios/honda-nissan-mitsubishi.toml --replication 4711
  keiretsu replay scenarios/minimal.toml --replication 3 --seed 7")]
pub(super) struct ReplayArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// The number of the replication, from 0.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole(0, u64::MAX >> 12))]
    replication: u64,
    /// Seed of the draws [default: the scenario's].
    #[arg(long, value_name = "S", allow_negative_numbers = true, value_parser = whole(0, u64::MAX))]
    seed: Option<u64>,
}

pub(super) fn replay(args: &ReplayArgs) -> Result<(), Failure> {
    let ScenarioArgs { scenario: path, set, .. } = &args.scenario;
    let scenario = load_with(path, set, None, args.seed)?;
    let prepared = study::prepare(&scenario)?;
    let (experiment, replication) = (prepared.experiment, args.replication);
    let request = Request::everything(&experiment, replication..replication + 1);
    let mut kept = Kept::new(&request);
    let ensemble = run_with(&experiment, &request, &mut [&mut kept], None, &|_| {});
    let (names, reference) = (prepared.names, scenario.reference);
    let findings = Findings { names, reference, base_year: scenario.base_year, ensemble };
    let (scenario, experiment, request) = (&scenario, &experiment, &request);
    let story = Replay { scenario, experiment, request, findings: &findings, kept: &kept, replication };
    print(&story.text())
}
