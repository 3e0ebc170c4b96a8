//! `keiretsu backtest`: what forecasts would have been worth, from every origin only what was known then.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use super::options::whole;
use super::{Failure, Format, command_line, print, say};
use crate::backtest::rivals::Method;
use crate::backtest::rolling::{Plan, roll};
use crate::backtest::summary;
use crate::backtest::{YEARS_BEFORE, panel};
use crate::calibration::{past, share_constants};
use crate::report::backtest as report;
use crate::report::run_folder::{File, RunFolder, Source};
use crate::scenario::{InputFile, load, read_history};
use crate::share_process::{Constants, Region};

/// Longest past that anybody has, and draws that fit into memory.
const MOST_YEARS_AHEAD: usize = 50;
const MOST_DRAWS: u64 = 100_000;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keiretsu backtest scenarios/honda-nissan-mitsubishi.toml
  keiretsu backtest scenarios/history/us-china.csv --origins 2012..2022 --horizons 1,3,5 --out outputs/backtest

A history table has the columns region, manufacturer, year, units and, if need be, basis; the maker TOTAL
stands for the whole region. Shares on different bases are not compared. Years of first sales (region,
manufacturer, first_sale) are read from first-sale.csv beside it; a maker without one counts as established.
Where none is stated for a region, a maker counts as new that had no sales before or appears late and small.")]
pub(super) struct BacktestArgs {
    /// A scenario, or a history table.
    #[arg(value_name = "SCENARIO.toml|HISTORY.csv")]
    source: PathBuf,
    /// Years to forecast from [default: from the fourth year of history on].
    #[arg(long, value_name = "FROM..TO", value_parser = origins)]
    origins: Option<Origins>,
    /// Years ahead.
    #[arg(long, value_name = "YEARS,…", value_delimiter = ',', default_value = "1,3,5", allow_hyphen_values = true,
        value_parser = horizon)]
    horizons: Vec<usize>,
    /// A table of first sales, for a history table.
    #[arg(long, value_name = "FIRST-SALE.csv")]
    first_sale: Option<PathBuf>,
    /// Replace a value of the scenario file; may be repeated.
    #[arg(long, value_name = "PATH.TO.KEY=VALUE")]
    set: Vec<String>,
    /// Draws per forecast.
    #[arg(long, value_name = "N", default_value = "2000", value_parser = whole(10, MOST_DRAWS))]
    draws: u64,
    /// Seed of the draws [default: the scenario's, or 1].
    #[arg(long, value_name = "S", value_parser = whole(0, u64::MAX))]
    seed: Option<u64>,
    /// Threads to use [default: all cores]; results do not depend on it.
    #[arg(long, value_name = "T", value_parser = whole(1, 1024))]
    threads: Option<u64>,
    /// The folder for the results [default: outputs/<file name>-backtest].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace a folder that was made from something else; what else lies in it stays.
    #[arg(long)]
    force: bool,
    /// How the scores are printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Print nothing.
    #[arg(long)]
    quiet: bool,
}

/// First and last origin.
#[derive(Clone, Copy, Debug)]
struct Origins(i32, i32);

fn origins(text: &str) -> Result<Origins, String> {
    let year = |text: &str| text.trim().parse::<i32>().ok().filter(|year| (1800..=2300).contains(year));
    let found = match text.split_once("..") {
        Some((first, last)) => year(first).zip(year(last.trim_start_matches('='))),
        None => year(text).map(|year| (year, year)),
    };
    match found {
        Some((first, last)) if first <= last => Ok(Origins(first, last)),
        _ => Err("write a first and a last year, such as 2012..2022".to_owned()),
    }
}

fn horizon(text: &str) -> Result<usize, String> {
    let years = text.trim().parse().ok().filter(|years| (1..=MOST_YEARS_AHEAD).contains(years));
    years.ok_or_else(|| format!("write whole years from 1 to {MOST_YEARS_AHEAD}, such as 1,3,5"))
}

/// What is forecast, and where it was read.
struct Panel {
    regions: Vec<Region>,
    source: Source,
    inputs: Vec<InputFile>,
    notes: Vec<String>,
    constants: Constants,
    name: String,
    seed: u64,
}

impl BacktestArgs {
    fn panel(&self) -> Result<Panel, Failure> {
        let path = &self.source;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml")) {
            if self.first_sale.is_some() {
                let message = "--first-sale goes with a history table; a scenario has them in its \
                               manufacturers table";
                return Err(Failure::Input(message.to_owned()));
            }
            let scenario = load(path, &self.set)?;
            let world = &scenario.worlds[scenario.reference];
            if world.history.is_empty() {
                let message = "has no history: name a table under [tables] history";
                return Err(Failure::Input(format!("{} {message}", path.display())));
            }
            let source = Source { title: format!("Backtest of {}", scenario.title), ..(&scenario).into() };
            return Ok(Panel {
                regions: past(world),
                source,
                inputs: scenario.inputs.clone(),
                notes: Vec::new(),
                constants: share_constants(world),
                name,
                seed: self.seed.unwrap_or(scenario.seed),
            });
        }
        if !self.set.is_empty() {
            return Err(Failure::Input("--set goes with a scenario, not with a history table".to_owned()));
        }
        let file = read_history(path, self.first_sale.as_deref())?;
        let mut inputs = vec![path.clone()];
        inputs.extend(self.first_sale.clone());
        let shown = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let source = Source { title: format!("Backtest of {shown}"), file: shown, inputs };
        let seed = self.seed.unwrap_or(1);
        let (regions, notes) = panel::of_file(&file);
        Ok(Panel { regions, source, inputs: file.inputs, notes, constants: Constants::CHOSEN, name, seed })
    }

    fn plan(&self, regions: &[Region], constants: Constants, seed: u64) -> Result<Plan, Failure> {
        let years: Vec<(i32, i32)> = regions.iter().filter_map(Region::years).collect();
        let first = years.iter().map(|years| years.0).min().unwrap_or(0);
        let last = years.iter().map(|years| years.1).max().unwrap_or(0);
        let mut horizons = self.horizons.clone();
        horizons.sort_unstable();
        horizons.dedup();
        let shortest = horizons[0] as i32;
        let Origins(from, to) = self.origins.unwrap_or(Origins(first + YEARS_BEFORE, last - shortest));
        let from = from.max(first);
        let to = to.min(last - shortest);
        if from > to {
            let message = format!(
                "nothing can be scored: the history goes from {first} to {last}, and an origin needs what came \
                 before it and a year to compare with; choose other --origins or --horizons"
            );
            return Err(Failure::Input(message));
        }
        Ok(Plan {
            origins: (from..=to).collect(),
            horizons,
            methods: Method::ALL.to_vec(),
            draws: self.draws as usize,
            seed,
            constants,
        })
    }
}

pub(super) fn backtest(args: &BacktestArgs) -> Result<(), Failure> {
    let start = Instant::now();
    let Panel { regions, source, inputs, notes, constants, name, seed } = args.panel()?;
    let plan = args.plan(&regions, constants, seed)?;
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from("outputs").join(format!("{name}-backtest")));
    let folder = RunFolder::prepare(&out, &args.source, source.clone(), args.force)?;
    let threads = super::options::threads(args.threads)?;
    let (rolled, rows) = threads.install(|| {
        let rolled = roll(&regions, &plan);
        let rows = summary::rows(&rolled, seed);
        (rolled, rows)
    });
    if rows.is_empty() {
        let message = "no forecast could be scored: no maker has a share of 0.1 % at an origin and a share \
                       counted in the same way later";
        return Err(Failure::Input(message.to_owned()));
    }
    let mut files = vec![
        File::new("forecasts.csv", report::forecasts(&rolled)),
        File::new("scores.csv", report::scores(&rows)),
        File::new("pit.csv", report::pit(&rows)),
        File::new("skipped.csv", report::skipped(&rolled)),
    ];
    files.extend(threads.install(|| report::charts(&source.title, &regions, &rolled, &rows)));
    let mut names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    names.extend(["manifest.json", "timing.json"]);
    let made = report::Made {
        file: &source.file,
        title: &source.title,
        inputs: &inputs,
        overrides: &args.set,
        notes: &notes,
    };
    files.push(File::new("manifest.json", report::manifest(&made, &plan, &rolled, &names)));
    let timing = serde_json::json!({
        "command": command_line(),
        "scenario_path": folder.scenario_path,
        "threads": threads.current_num_threads(),
        "seconds": start.elapsed().as_secs_f64(),
    });
    files.push(File::new("timing.json", serde_json::to_vec_pretty(&timing).expect("plain figures")));
    folder.write(&files)?;
    if !args.quiet {
        show(args.format, &rows, rolled.span(), &out)?;
        notes.iter().for_each(|note| say(&format!("note: {note}")));
    }
    Ok(())
}

fn show(format: Format, rows: &[summary::Row], span: Option<(i32, i32)>, out: &Path) -> Result<(), Failure> {
    let span = span.unwrap_or_default();
    match format {
        Format::Text => {
            let sentence = report::sentence(rows, span, &str::to_owned);
            let sentence = sentence.map_or(String::new(), |sentence| format!("\n{sentence}\n"));
            print(&format!("{}{sentence}", report::table(rows)))?;
        }
        Format::Json => print(&format!("{}\n", report::json(rows, span)))?,
    }
    say(&format!("Results: {}", out.display()));
    Ok(())
}
