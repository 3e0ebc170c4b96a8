//! `keiretsu run`: simulate every world, compare, write the run folder, print the answer.

use std::path::PathBuf;
use std::time::Instant;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use super::options::{progress_bar, whole};
use super::question::QuestionArgs;
use super::sharing::{ShardArgs, Sharing, Source};
use super::{Failure, Format, command_line, doubt, print, say};
use crate::report::answer::Answer;
use crate::report::run_folder::{File, Refusal, RunFolder};
use crate::report::{draws, figures, sensitivity};
use crate::scenario::{MOST_REPLICATIONS, Scenario};
use crate::study::{DrawsFormat, Extras, Prepared};
use crate::{analysis, numeric, simulation, study};

/// More than this part of failed replications makes the run a failure.
const TOLERATED_FAILURES: f64 = 0.01;

/// Tables of draws are made in memory; larger ones are refused, bytes.
const MOST_DRAWS: u64 = 4_000_000_000;

/// How draws are written.
#[derive(Clone, Copy, Debug, ValueEnum, Serialize, Deserialize)]
enum DrawsAs {
    /// draws.csv
    Csv,
    /// draws.parquet
    Parquet,
}

#[derive(Debug, Args, Serialize, Deserialize)]
#[command(after_help = "\
Examples:
  keiretsu run scenarios/honda-nissan-mitsubishi.toml
  keiretsu run scenarios/minimal.toml --replications 500 --seed 7 --threads 1 --out outputs/trial
  keiretsu run scenarios/minimal.toml --xlsx --parquet --out outputs/to-pass-on
  keiretsu run scenarios/minimal.toml --draws parquet --outcome \"share Asahi Home 2030\" --out outputs/draws
  keiretsu run scenarios/minimal.toml --set regions.Home.market_price_elasticity=-0.8 --format json")]
pub(super) struct RunArgs {
    #[command(flatten)]
    pub(super) question: QuestionArgs,
    #[command(flatten)]
    #[serde(skip)]
    shard: ShardArgs,
    /// Look for further equilibria in the last year's markets of the first N replications.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole(0, MOST_REPLICATIONS), conflicts_with = "shard")]
    examine: Option<u64>,
    /// Write report.xlsx too: answer, charts, figures and assumptions as a workbook.
    #[arg(long)]
    xlsx: bool,
    /// Write shares, outcomes and comparison as Parquet files too.
    #[arg(long)]
    parquet: bool,
    /// Write what was drawn and what came out too, one row per replication and world.
    #[arg(long, value_enum, value_name = "FORMAT")]
    draws: Option<DrawsAs>,
    /// An outcome whose draws are written, in words such as "share Honda US 2035"; may be repeated [default: shares and
    /// profits of alliances and their members in the last year].
    #[arg(long, value_name = "WORDS", requires = "draws")]
    outcome: Vec<String>,
    /// Leave out what the scenario's [attribution] asks for: which channel the differences come from.
    #[arg(long)]
    no_attribution: bool,
    /// Print everything there is to say, not three sentences and a table.
    #[arg(long, conflicts_with = "quiet")]
    #[serde(skip)]
    pub(super) verbose: bool,
}

/// What a run says before it takes it, bytes.
const MUCH_MEMORY: u64 = 1_000_000_000;

/// Seconds per stage; the only file of a run folder that differs from run to run.
#[derive(Serialize)]
struct Timing {
    command: Vec<String>,
    /// Seen from the run folder: it tells scenarios of the same name apart.
    scenario_path: String,
    threads: usize,
    /// Vector instructions of this machine; results do not depend on them.
    instruction_set: String,
    seconds: Seconds,
    equilibria_per_second: f64,
}

#[derive(Serialize)]
struct Seconds {
    load: f64,
    simulate: f64,
    report: f64,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        match refusal {
            Refusal::Disk { .. } => Failure::Run(refusal.to_string()),
            _ => Failure::Input(refusal.to_string()),
        }
    }
}

pub(super) fn run(mut args: RunArgs, source: Source) -> Result<(), Failure> {
    let start = Instant::now();
    let mut sharing = Sharing::new(source, args.shard.shard, &mut args.question.scenario.files);
    let (args, question) = (&args, &args.question);
    let mut scenario = question.load(&[])?;
    if !question.quiet {
        doubt(&scenario);
    }
    if args.no_attribution {
        scenario.attribution = None;
    }
    let mut prepared = study::prepare(&scenario)?;
    if args.draws.is_some() {
        prepared.draws = Some(drawn(args, &scenario, &prepared)?);
    }
    let threads = question.threads()?;
    let needed = memory(&prepared, free_memory()).map_err(Failure::Input)?;
    needed.filter(|_| !question.quiet).iter().for_each(|needed| say(needed));
    let bar = progress_bar(prepared.replications(&sharing.work()), question.quiet);
    if let Some(part) = sharing.part_file(question, &scenario)? {
        if scenario.precision.is_some() {
            return Err(Failure::Input("a precision is looked at in all draws, so such a run has no shards; take out `precision` or run it as a whole".into()));
        }
        let done = |done| bar.set_position(done);
        threads.install(|| study::run_in(&mut sharing.work(), &scenario, prepared, &done))?;
        bar.finish_and_clear();
        return sharing.write(("run", args), question, &scenario, scenario.replications, &part);
    }
    let out = question.out.clone().unwrap_or_else(|| PathBuf::from("outputs").join(&scenario.name));
    let folder = RunFolder::prepare(&out, &question.scenario.scenario, (&scenario).into(), question.force)?;
    let load = start.elapsed().as_secs_f64();

    let examined = args.examine.map(|n| {
        let n = n.min(scenario.replications);
        threads.install(|| simulation::examine(&prepared.experiment, n))
    });
    let done = |done| bar.set_position(done);
    let study = threads.install(|| study::run_in(&mut sharing.work(), &scenario, prepared, &done))?;
    let study = study.expect("no shard");
    bar.finish_and_clear();
    let simulate = start.elapsed().as_secs_f64() - load;

    let draws = match args.draws {
        Some(DrawsAs::Parquet) => DrawsFormat::Parquet,
        _ => DrawsFormat::Csv,
    };
    let extras = Extras { workbook: args.xlsx, parquet: args.parquet, draws };
    let mut files = threads.install(|| study.files(&scenario, extras));
    let solved = study.findings.ensemble.solved.equilibria as f64;
    let timing = Timing {
        command: command_line(),
        scenario_path: folder.scenario_path.clone(),
        threads: threads.current_num_threads(),
        instruction_set: numeric::instruction_set(),
        seconds: Seconds { load, simulate, report: start.elapsed().as_secs_f64() - load - simulate },
        equilibria_per_second: solved / simulate,
    };
    files.push(File::new("timing.json", serde_json::to_vec_pretty(&timing).expect("plain figures")));
    folder.write(&files)?;

    if !question.quiet {
        let answer = Answer::of(&scenario, &study.findings, &study.past).with(study.asked());
        match question.format {
            Format::Text => print(&answer.text(args.verbose))?,
            Format::Json => print(&format!("{}\n", answer.json()))?,
        }
        study
            .precision
            .iter()
            .for_each(|precision| say(&precise(precision, study.findings.ensemble.replications)));
        figures::left_out(&study.findings).iter().for_each(|text| say(text));
        say(&format!("Run folder: {}", out.display()));
    }
    if let Some(examined) = examined {
        say(&format!(
            "{} markets examined: {} with several equilibria, {} in which a firm would rather charge another \
             price (largest gain {:.1e} of its profit)",
            examined.markets, examined.several_roots, examined.not_best_replies, examined.largest_gain
        ));
    }
    let failed = study.findings.ensemble.failed;
    if failed > 0 {
        say(&format!(
            "warning: {failed} of {} replications failed; they are in no statistic (manifest.json): {}",
            study.findings.ensemble.replications,
            study.findings.failures().into_iter().take(3).collect::<Vec<_>>().join("; ")
        ));
    }
    match failed as f64 > TOLERATED_FAILURES * study.findings.ensemble.replications as f64 {
        true => Err(Failure::Run("more than 1 % of the replications failed; the files were written".into())),
        false => Ok(()),
    }
}

/// What a run that takes much memory says before; refused, if there is less.
fn memory(prepared: &Prepared, free: Option<u64>) -> Result<Option<String>, String> {
    let needed = prepared.memory();
    let takes = format!(
        "This run takes up to {:.1} GB of memory: {} outcomes in each of {} worlds.",
        needed as f64 / 1e9,
        prepared.request.outcomes.n_columns(),
        prepared.request.worlds().len()
    );
    let less = "Fewer regions, makers, years or worlds take less.";
    match free {
        Some(free) if free < needed => {
            Err(format!("{takes} {:.1} GB are free here. {less}", free as f64 / 1e9))
        }
        _ => Ok((needed > MUCH_MEMORY).then(|| format!("{takes} {less}"))),
    }
}

/// Memory that is free on this machine, bytes, where the system says so (Linux).
fn free_memory() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = told.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// How precisely what was asked for is known, and how many draws that took.
fn precise(precision: &simulation::Precision, draws: u64) -> String {
    let reached = precision.half_width_now();
    let asked = precision.half_width;
    match reached <= asked {
        true => format!(
            "Stopped after {draws} draws: half the 95 % interval is {reached:.2e}, asked for {asked:.2e}."
        ),
        false => format!(
            "{draws} draws were not enough: half the 95 % interval is {reached:.2e}, asked for {asked:.2e}; about {:.0} would be.",
            (draws as f64 * (reached / asked) * (reached / asked)).ceil()
        ),
    }
}

/// The columns of the outcomes whose draws are written.
fn drawn(args: &RunArgs, scenario: &Scenario, prepared: &Prepared) -> Result<Vec<usize>, Failure> {
    let (names, outcomes) = (&prepared.names, &prepared.request.outcomes);
    let mut columns = Vec::new();
    for words in &args.outcome {
        let keys = analysis::find(names, outcomes, words);
        let keys = keys.map_err(|wrong| Failure::Input(format!("--outcome \"{words}\": {wrong}")))?;
        columns.extend(keys.iter().filter_map(|key| outcomes.column(key)));
    }
    if args.outcome.is_empty() {
        columns = sensitivity::watched(scenario, names, outcomes);
    }
    let size = draws::bytes(&prepared.experiment, &prepared.request, columns.len());
    match size > MOST_DRAWS {
        true => Err(Failure::Input(format!(
            "the draws would take about {:.1} GB of memory; ask for fewer replications, or for fewer outcomes with --outcome",
            size as f64 / 1e9
        ))),
        false => Ok(columns),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_refused_where_memory_is_short_and_says_what_it_takes() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/minimal.toml");
        let scenario = crate::scenario::load(&path, &[]).unwrap_or_else(|problems| panic!("{problems}"));
        let prepared = study::prepare(&scenario).unwrap_or_else(|problems| panic!("{problems}"));
        let needed = prepared.memory();
        let refused = memory(&prepared, Some(needed - 1)).unwrap_err();
        assert!(
            refused.starts_with("This run takes up to 0.0 GB") && refused.contains("are free here"),
            "{refused}"
        );
        assert_eq!(memory(&prepared, Some(needed)), Ok(None));
        assert_eq!(memory(&prepared, None), Ok(None));
    }
}
