//! The commands: what the user types, what is printed where, and the exit code.
//!
//! Results go to files, the answer to standard output, progress and warnings to standard error.

mod backtest;
mod breakeven;
mod calibrate;
mod check;
mod coalitions;
mod compare;
mod equilibrium;
mod explain;
mod merge;
mod options;
mod question;
mod replay;
mod run;
mod scan;
mod selftest;
mod sharing;
mod show;
mod written;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};

use self::sharing::Source;
use crate::scenario::{self, Files, Problems, Scenario};

/// The run failed: numerics or disk.
const FAILED: u8 = 1;
/// The scenario or the command line is wrong.
const WRONG_INPUT: u8 = 2;

/// What happens to market shares, prices and profits when manufacturers share costs, and how sure one can be.
#[derive(Debug, Parser)]
#[command(name = "keiretsu", version, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  keiretsu run scenarios/honda-nissan-mitsubishi.toml
  keiretsu run scenarios/minimal.toml --replications 200 --out outputs/quick
  keiretsu run scenarios/honda-nissan-mitsubishi.toml --set regions.US.nest_rho=0.4
  keiretsu show outputs/quick share Asahi Home 2030
  keiretsu compare outputs/minimal outputs/quick
  keiretsu diff scenarios/honda-nissan-mitsubishi.toml scenarios/with-renault.toml
  keiretsu explain regions.US.nest_rho scenarios/honda-nissan-mitsubishi.toml
  keiretsu check scenarios/minimal.toml
  keiretsu calibrate scenarios/honda-nissan-mitsubishi.toml --out calibration.csv
  keiretsu scan scenarios/minimal.toml --over costs.scale_elasticity=0.01..0.08:8
  keiretsu coalitions scenarios/honda-nissan-mitsubishi.toml --replications 500
  keiretsu equilibrium scenarios/merger.toml
  keiretsu backtest scenarios/honda-nissan-mitsubishi.toml
  keiretsu schema > scenario.schema.json";

#[derive(Debug, Subcommand)]
enum Command {
    /// Simulate every world, compare with the reference, write the run folder, print the answer.
    Run(run::RunArgs),
    /// Find a number of a run folder in plain words: its interval, its sign, the row it stands in.
    Show(show::ShowArgs),
    /// Two run folders side by side: which inputs differ, what that did to results, and what may be noise.
    Compare(compare::CompareArgs),
    /// Two scenarios side by side, without running them: worlds, numbers, tables.
    Diff(compare::DiffArgs),
    /// What a key of a scenario file means; with a scenario, its value in every world and where that comes from.
    Explain(explain::ExplainArgs),
    /// Every problem in one pass, and a table of the uncertain inputs; nothing is simulated.
    Check(ScenarioArgs),
    /// What the base year implies: costs, margins, elasticities, diversion.
    Calibrate(calibrate::CalibrateArgs),
    /// One draw of a scenario as a story: what was drawn, what happened when, what it did year by year.
    Replay(replay::ReplayArgs),
    /// The same comparison while settings take other values: a grid on common draws, a table and small multiples.
    Scan(scan::ScanArgs),
    /// The value of an input at which a goal just holds, surely enough.
    Breakeven(breakeven::BreakevenArgs),
    /// Every subset of an alliance's members on the same draws: who would leave, what keeps them in, who should join.
    Coalitions(coalitions::CoalitionsArgs),
    /// Put the parts of a run together that `--shard` has made: the same bytes as the run as a whole.
    Merge(merge::MergeArgs),
    /// One market, no time, no draws: calibrate, solve, compare counterfactual ownerships, costs and taxes.
    Equilibrium(equilibrium::EquilibriumArgs),
    /// How forecasts would have done in the past, beside simple rivals, from a scenario or a history table.
    Backtest(backtest::BacktestArgs),
    /// Whether intervals, draws and bits are what they should be, on this machine.
    Selftest(selftest::SelftestArgs),
    /// The JSON Schema of scenario files, for editors.
    Schema {
        /// Of files for `keiretsu equilibrium` instead.
        #[arg(long)]
        equilibrium: bool,
    },
}

/// A scenario and what the command line changes in it.
#[derive(Debug, Args, Serialize, Deserialize)]
struct ScenarioArgs {
    /// The scenario file.
    #[arg(value_name = "SCENARIO.toml")]
    #[serde(skip)]
    scenario: PathBuf,
    /// Replace a value of the scenario file; may be repeated.
    #[arg(long, value_name = "PATH.TO.KEY=VALUE")]
    set: Vec<String>,
    /// Where its files are.
    #[arg(skip)]
    #[serde(skip)]
    files: Files,
}

/// How the answer is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables and sentences.
    #[default]
    #[value(alias = "table")]
    Text,
    /// For programs.
    Json,
}

/// Why a command did not do what was asked.
enum Failure {
    /// Problems in the scenario.
    Scenario(Box<Problems>),
    /// Something else that is wrong with what was asked.
    Input(String),
    /// Numerics or disk.
    Run(String),
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Failure {
        Failure::Scenario(Box::new(problems))
    }
}

/// Runs the program.
pub fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Run(args) => run::run(args, Source::Draws),
        Command::Show(args) => show::show(&args),
        Command::Compare(args) => compare::compare(&args),
        Command::Diff(args) => compare::diff(&args),
        Command::Explain(args) => explain::explain(&args),
        Command::Check(args) => check::check(&args),
        Command::Calibrate(args) => calibrate::calibrate(&args),
        Command::Replay(args) => replay::replay(&args),
        Command::Scan(args) => scan::scan(args, Source::Draws),
        Command::Merge(args) => merge::merge(&args),
        Command::Breakeven(args) => breakeven::breakeven(&args),
        Command::Coalitions(args) => coalitions::coalitions(args, Source::Draws),
        Command::Equilibrium(args) => equilibrium::equilibrium(&args),
        Command::Backtest(args) => backtest::backtest(&args),
        Command::Selftest(args) => selftest::selftest(&args),
        Command::Schema { equilibrium: false } => print(&scenario::schema()),
        Command::Schema { equilibrium: true } => print(&crate::equilibrium::schema()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Scenario(problems)) => {
            complain(&problems, "problem");
            ExitCode::from(WRONG_INPUT)
        }
        Err(Failure::Input(message)) => {
            say(&format!("error: {message}"));
            ExitCode::from(WRONG_INPUT)
        }
        Err(Failure::Run(message)) => {
            say(&format!("error: {message}"));
            ExitCode::from(FAILED)
        }
    }
}

impl ScenarioArgs {
    fn load(&self) -> Result<Scenario, Failure> {
        let scenario = scenario::load(&self.scenario, &self.set)?;
        doubt(&scenario);
        Ok(scenario)
    }
}

/// Prints a line to standard error; where nobody can read that, nothing is lost.
fn say(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Prints what is wrong, or doubtful, to standard error, in colour where that is seen.
fn complain(problems: &Problems, noun: &str) {
    use std::io::Write;
    let _ = write!(anstream::stderr().lock(), "{}", problems.render(true, noun));
}

/// Says what is hardly meant, if anything is.
fn doubt(scenario: &Scenario) {
    if !scenario.doubts.0.is_empty() {
        complain(&scenario.doubts, "doubt");
    }
}

/// The command as it was typed, for people; what is not text is shown as such.
fn command_line() -> Vec<String> {
    std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect()
}

/// Prints to standard output; a reader that has gone away is not an error.
fn print(text: &str) -> Result<(), Failure> {
    use std::io::{ErrorKind, Write};
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Run(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}
