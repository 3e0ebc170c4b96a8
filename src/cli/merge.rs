//! `keiretsu merge`: puts the parts of a run together.

use std::path::PathBuf;

use clap::Args;
use serde::Deserialize;

use super::coalitions::{CoalitionsArgs, coalitions};
use super::options::{MOST_THREADS, whole};
use super::question::QuestionArgs;
use super::run::{RunArgs, run};
use super::scan::{ScanArgs, scan};
use super::sharing::Source;
use super::{Failure, Format, say};
use crate::parts::Merging;

#[derive(Debug, Args)]
#[command(after_help = "\
Every part holds the scenario and what was asked, so nothing else is needed: copy the files together from wherever they
were made. The folder is the same, byte for byte, as that of the run as a whole (but for timing.json).

Examples:
  keiretsu run scenarios/minimal.toml --replications 2000 --shard 1/2 --out outputs/part-1.kpart
  keiretsu run scenarios/minimal.toml --replications 2000 --shard 2/2 --out outputs/part-2.kpart
  keiretsu merge outputs/part-1.kpart outputs/part-2.kpart --out outputs/merged")]
pub(super) struct MergeArgs {
    /// The parts, in any order.
    #[arg(value_name = "PART", required = true)]
    parts: Vec<PathBuf>,
    /// Merge what is there, though parts are missing.
    #[arg(long)]
    partial: bool,
    /// The folder for the results [default: that of the command as a whole].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace a folder that was made from something else; what else lies in it stays.
    #[arg(long)]
    force: bool,
    /// Threads to use [default: all cores]; results do not depend on it.
    #[arg(long, value_name = "T", allow_negative_numbers = true, value_parser = whole(1, MOST_THREADS))]
    threads: Option<u64>,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Print everything there is to say, not three sentences and a table.
    #[arg(long, conflicts_with = "quiet")]
    verbose: bool,
    /// Print no answer and no progress.
    #[arg(long)]
    quiet: bool,
}

/// What was asked when the parts were made.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Asked {
    Run(Box<RunArgs>),
    Scan(ScanArgs),
    Coalitions(CoalitionsArgs),
}

pub(super) fn merge(args: &MergeArgs) -> Result<(), Failure> {
    let merging = Merging::open(&args.parts, args.partial);
    let merging = merging.map_err(|refusal| Failure::Input(refusal.to_string()))?;
    let header = merging.header().clone();
    let asked = serde_json::from_value(header.command).map_err(|_| {
        Failure::Input(
            "these parts hold a question that this program does not know; use the version that made them"
                .into(),
        )
    })?;
    if let Some(missing) = merging.missing().filter(|_| !args.quiet) {
        say(&format!("warning: {missing}; the results are of the draws that are there"));
    }
    let source = Source::Parts(merging);
    match asked {
        Asked::Run(mut asked) => {
            asked.verbose = args.verbose;
            args.fill(&mut asked.question, header.scenario);
            run(*asked, source)
        }
        Asked::Scan(mut asked) => {
            args.fill(&mut asked.question, header.scenario);
            scan(asked, source)
        }
        Asked::Coalitions(mut asked) => {
            args.fill(&mut asked.question, header.scenario);
            coalitions(asked, source)
        }
    }
}

impl MergeArgs {
    /// What is about this machine and this call.
    fn fill(&self, asked: &mut QuestionArgs, scenario: String) {
        asked.scenario.scenario = scenario.into();
        (asked.threads, asked.out, asked.force) = (self.threads, self.out.clone(), self.force);
        (asked.format, asked.quiet) = (self.format, self.quiet);
    }
}
