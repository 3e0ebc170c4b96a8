//! `keiretsu breakeven`: the value of an input at which a goal just holds.

use std::sync::atomic::{AtomicU64, Ordering};

use clap::Args;

use super::options::progress_bar;
use super::question::QuestionArgs;
use super::{Failure, Format, print};
use crate::report::breakeven as report;
use crate::report::run_folder::File;
use crate::scenario::spelling::nearest;
use crate::scenario::{Input, Scenario, World};
use crate::variants::breakeven::{POINTS, Question};
use crate::variants::goal::Goal;
use crate::variants::scan::REPLICATIONS;
use crate::variants::values::{evenly, range, typed};

/// Values of a second input, where nobody says how many.
const ROWS: usize = 9;
const MOST_ROWS: usize = 100;

#[derive(Debug, Args)]
#[command(after_help = "\
A goal is about the difference to the reference world, draw by draw; `level` before an outcome means the outcome itself.
Units are those of the files (a share point is 0.01, or 1 %). The input takes a fixed value, whatever the scenario
believes about it. Seen are crossings between 17 values over the range, each then narrowed on the same draws.

Examples:
  keiretsu breakeven scenarios/honda-nissan-mitsubishi.toml --input alliances.hnm.realised_fraction \\
      --goal \"share alliance:hnm US 2035 > 0\" --confidence 0.8 --replications 500
  keiretsu breakeven scenarios/minimal.toml --input alliances.asahi-tsuki.pools.purchasing.start --range 2025..2031 \\
      --goal \"share Asahi Home 2030 > 0.5 % and operating_profit Asahi 2030 > 0\"
  keiretsu breakeven scenarios/minimal.toml --input costs.scale_elasticity --range 0..0.1 \\
      --against alliances.asahi-tsuki.realised_fraction --against-range 0.2..1:5 --goal \"share Asahi Home 2030 > 0.01\"")]
pub(super) struct BreakevenArgs {
    #[command(flatten)]
    question: QuestionArgs,
    /// The input that is looked for, as --set has it.
    #[arg(long, value_name = "KEY")]
    input: String,
    /// What is to hold: outcomes above or below bounds, joined by `and`.
    #[arg(long, value_parser = Goal::parse)]
    goal: Goal,
    /// In which part of draws it is to hold.
    #[arg(long, value_name = "PART", default_value = "0.5", value_parser = confidence)]
    confidence: f64,
    /// Where to look [default: what the scenario thinks possible; for a fixed input, all that has a meaning].
    #[arg(long, value_name = "FROM..TO", value_parser = ends, allow_hyphen_values = true)]
    range: Option<Ends>,
    /// The world that is compared with the reference [default: the first one].
    #[arg(long, value_name = "WORLD")]
    world: Option<String>,
    /// A second input: the break-even value over its values, as a table and a chart.
    #[arg(long, value_name = "KEY")]
    against: Option<String>,
    /// Its values [default: as for --range, 9 values].
    #[arg(long, value_name = "FROM..TO[:N]", value_parser = rows, requires = "against", allow_hyphen_values = true)]
    against_range: Option<Rows>,
}

type Ends = (f64, f64);
type Rows = ((f64, f64), usize);

fn confidence(text: &str) -> Result<f64, String> {
    let part = text.parse().ok().filter(|part| (0.001..=0.999).contains(part));
    part.ok_or_else(|| "write a part of draws from 0.001 to 0.999, such as 0.8".to_owned())
}

fn ends(text: &str) -> Result<Ends, String> {
    let wrong = |what: String| format!("{what}; write from..to, such as 0..1");
    let (from, to) = text.split_once("..").ok_or_else(|| wrong(format!("`{text}` has no `..`")))?;
    range(from, to).map_err(wrong)
}

fn rows(text: &str) -> Result<Rows, String> {
    let Some((text, n)) = text.rsplit_once(':') else { return Ok((ends(text)?, ROWS)) };
    let n = n.trim().parse().ok().filter(|n| (2..=MOST_ROWS).contains(n));
    let n = n.ok_or_else(|| format!("write from..to:n with 2 to {MOST_ROWS} values"))?;
    Ok((ends(text)?, n))
}

/// The values of an input that some world thinks possible; of a fixed one, all that have a meaning.
fn possible(scenario: &Scenario, key: &str) -> Result<Ends, Failure> {
    let inputs =
        || scenario.worlds.iter().flat_map(|world| world.inputs.iter().map(move |input| (world, input)));
    let is_asked = |world: &World, input: &Input| {
        input.quantity.key == key || format!("worlds.{}.set.{}", world.key, input.quantity.key) == key
    };
    let own: Vec<&Input> =
        inputs().filter(|(world, input)| is_asked(world, input)).map(|(_, input)| input).collect();
    if own.is_empty() {
        let known: Vec<&str> = inputs().map(|(_, input)| input.quantity.key.as_str()).collect();
        let near = nearest(key, &known).map_or(String::new(), |near| format!(" (did you mean {near}?)"));
        return Err(Failure::Input(format!(
            "{key}: no world has such an uncertain input{near}; `keiretsu check` lists them; for any other number say \
             where to look with --range"
        )));
    }
    let ranges = own.iter().map(|input| input.quantity.range());
    let wider = |(a, b): Ends, (low, high): Ends| (a.min(low), b.max(high));
    let (low, high) = ranges.fold((f64::INFINITY, f64::NEG_INFINITY), wider);
    let limits = own[0].limits.interval();
    match limits.low_included && limits.high_included && (limits.high - limits.low).is_finite() {
        _ if low < high => Ok((low, high)),
        true => Ok((limits.low, limits.high)),
        false => {
            Err(Failure::Input(format!("{key} is fixed at {}: say where to look with --range", typed(low))))
        }
    }
}

/// The world that is asked about, by its key.
fn world<'a>(scenario: &'a Scenario, asked: Option<&str>) -> Result<&'a str, Failure> {
    let compared = scenario.worlds.iter().enumerate().filter(|(at, _)| *at != scenario.reference);
    let compared: Vec<&str> = compared.map(|(_, world)| world.key.as_str()).collect();
    let found = match asked {
        Some(asked) => compared.iter().find(|key| **key == asked),
        None => compared.first(),
    };
    found.copied().ok_or_else(|| {
        Failure::Input(match (asked, compared.is_empty()) {
            (_, true) => "there is one world only: state a second one under [worlds] to compare".to_owned(),
            (asked, _) => {
                format!(
                    "--world {}: the worlds that are compared are {}",
                    asked.unwrap_or(""),
                    compared.join(", ")
                )
            }
        })
    })
}

pub(super) fn breakeven(args: &BreakevenArgs) -> Result<(), Failure> {
    let question = &args.question;
    let scenario = question.load(&[])?;
    let world = world(&scenario, args.world.as_deref())?;
    let range = args.range.map_or_else(|| possible(&scenario, &args.input), Ok)?;
    let against = match &args.against {
        Some(key) if *key == args.input => {
            return Err(Failure::Input(format!("--against {key} is the --input itself: name another one")));
        }
        Some(key) => match args.against_range {
            Some(rows) => Some((key, rows)),
            None => Some((key, (possible(&scenario, key)?, ROWS))),
        },
        None => None,
    };
    let results = question.folder(&scenario, "breakeven")?;
    let replications = question.replications.unwrap_or(scenario.replications.min(REPLICATIONS));
    let load = |settings: &[String]| question.load(settings);
    let asked = Question {
        load: &load,
        input: args.input.clone(),
        range,
        goal: args.goal.clone(),
        confidence: args.confidence,
        world: world.to_owned(),
        replications,
    };
    let threads = question.threads()?;
    let questions = 1 + against.map_or(0, |(_, (_, n))| n as u64);
    let bar = progress_bar(questions * POINTS as u64 * replications, question.quiet);
    let looks = AtomicU64::new(0);
    let looked = || {
        let done = (looks.fetch_add(1, Ordering::Relaxed) + 1) * replications;
        bar.set_length(bar.length().unwrap_or(0).max(done));
        bar.set_position(done);
    };
    let answer = |others: &[String]| threads.install(|| asked.answer(others, &looked));
    let found = answer(&[])?;
    let frontier = match against {
        Some((key, (range, n))) => {
            let row = |value: f64| Ok((value, answer(&[format!("{key}={}", typed(value))])?));
            let rows = evenly(range, n).into_iter().map(row).collect::<Result<Vec<_>, Failure>>()?;
            Some(report::Frontier { key, rows })
        }
        None => None,
    };
    bar.finish_and_clear();

    let named = scenario.worlds.iter().find(|other| other.key == world).expect("found above");
    let told = report::Asked {
        scenario: &scenario,
        world: &named.name,
        input: &args.input,
        range,
        goal: &args.goal.text,
        confidence: args.confidence,
        replications,
        breakeven: &found,
        frontier,
    };
    let mut files = vec![
        File::new("breakeven.csv", report::crossings(&told)),
        File::new("chances.csv", report::chances(&told)),
    ];
    files.extend(report::charts(&told));
    let asked = serde_json::json!({
        "input": args.input,
        "range": [range.0, range.1],
        "goal": args.goal.text,
        "confidence": args.confidence,
        "world": world,
        "against": args.against,
        "looks": looks.into_inner(),
    });
    if !question.quiet {
        match question.format {
            Format::Text => print(&format!("{}\n", report::sentences(&told).join("\n\n")))?,
            Format::Json => print(&format!("{:#}\n", report::json(&told)))?,
        }
    }
    results.write(question, &scenario, replications, asked, files)
}
