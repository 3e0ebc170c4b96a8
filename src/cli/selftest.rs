//! `keiretsu selftest`: checks that the statistics hold what they say on this machine.

use clap::Args;
use comfy_table::CellAlignment;

use super::options::{bar, threads, whole};
use super::{Failure, print};
use crate::report::table_style::plain;
use crate::selftest::{Check, GROUPS, Size};

#[derive(Debug, Args)]
#[command(after_help = "\
Needs no files. The exit code is 1 if a check does not hold.

Examples:
  keiretsu selftest
  keiretsu selftest --seeds 2000 --threads 4")]
pub(super) struct SelftestArgs {
    /// Seeds whose intervals are compared with the true value.
    #[arg(long, value_name = "N", default_value_t = 500, allow_negative_numbers = true, value_parser = whole(1, 1_000_000))]
    seeds: u64,
    /// Draws of every distribution and stream.
    #[arg(long, value_name = "N", default_value_t = 10_000, allow_negative_numbers = true, value_parser = whole(100, 100_000_000))]
    draws: u64,
    /// Threads [default: as many as there are cores].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole(1, 4096))]
    threads: Option<u64>,
}

pub(super) fn selftest(args: &SelftestArgs) -> Result<(), Failure> {
    let size = Size { seeds: args.seeds, draws: args.draws as usize };
    let bar = bar(GROUPS.len() as u64, "checking {bar:40} {pos}/{len}, {elapsed}");
    let made = |group: &fn(Size) -> Vec<Check>| {
        let checks = group(size);
        bar.inc(1);
        checks
    };
    let checks: Vec<Check> = threads(args.threads)?.install(|| GROUPS.iter().flat_map(made).collect());
    bar.finish_and_clear();
    let mut table = plain(["", "check", "found", "expected"]);
    for check in &checks {
        let verdict = if check.holds { "ok" } else { "FAILS" };
        table.add_row([verdict, check.about, &check.found, &check.expected]);
    }
    table.column_mut(2).expect("a column").set_cell_alignment(CellAlignment::Right);
    let failed = checks.iter().filter(|check| !check.holds).count();
    print(&format!("{table}\n"))?;
    match failed {
        0 => Ok(()),
        n => Err(Failure::Run(format!("{n} of {} checks do not hold", checks.len()))),
    }
}
