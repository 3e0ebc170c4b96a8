//! A break-even value in a report: tables, charts, sentences.

use super::answer::words::joined;
use super::chart::{Around, Colour, Curve, Curves, Figure, Heat, Mark, Panel, Place, ValueFormat};
use super::csv_file::{CsvFile, figure};
use super::drawing::drawn;
use super::run_folder::File;
use super::subject::source_line;
use crate::scenario::Scenario;
use crate::variants::breakeven::{At, Breakeven, Crossing};
use crate::variants::values::typed;

/// What was asked, and what came out.
pub struct Asked<'a> {
    pub scenario: &'a Scenario,
    /// The world's name for people.
    pub world: &'a str,
    pub input: &'a str,
    pub range: (f64, f64),
    pub goal: &'a str,
    pub confidence: f64,
    pub replications: u64,
    pub breakeven: &'a Breakeven,
    pub frontier: Option<Frontier<'a>>,
}

/// Break-even values over a second input.
pub struct Frontier<'a> {
    pub key: &'a str,
    /// Each value of the second input, and the answer there.
    pub rows: Vec<(f64, Breakeven)>,
}

/// `breakeven.csv`: every crossing; a row without a value where there is none. The second input's value is empty in the
/// answer to the question without it.
pub fn crossings(asked: &Asked) -> Vec<u8> {
    let mut file =
        CsvFile::new("input,goal,confidence,against,against_value,crossing,goal_holds,value,low,high");
    let mut rows = |against: [String; 2], breakeven: &Breakeven| {
        let row = |n: String, holds: &str, figures: [f64; 3]| {
            let mut keys = [asked.input, asked.goal].map(str::to_owned).to_vec();
            keys.push(figure(asked.confidence));
            keys.extend(against.clone());
            keys.extend([n, holds.to_owned()]);
            (keys, figures.map(figure).to_vec())
        };
        if breakeven.crossings.is_empty() {
            let holds = if holds_at_start(asked, breakeven) { "everywhere" } else { "nowhere" };
            let (keys, figures) = row("0".to_owned(), holds, [f64::NAN; 3]);
            file.row(keys, figures);
        }
        for (at, crossing) in breakeven.crossings.iter().enumerate() {
            let holds = if crossing.rising { "above" } else { "below" };
            let ends = [crossing.low, crossing.high].map(|end| end.unwrap_or(f64::NAN));
            let (keys, figures) = row((at + 1).to_string(), holds, [crossing.value, ends[0], ends[1]]);
            file.row(keys, figures);
        }
    };
    rows([String::new(), String::new()], asked.breakeven);
    if let Some(frontier) = &asked.frontier {
        for (value, breakeven) in &frontier.rows {
            rows([frontier.key.to_owned(), figure(*value)], breakeven);
        }
    }
    file.bytes()
}

/// `chances.csv`: the part of draws in which the goal holds, at every value that was looked at.
pub fn chances(asked: &Asked) -> Vec<u8> {
    let mut file = CsvFile::new("against_value,value,n,held,chance,se");
    let mut rows = |against: String, breakeven: &Breakeven| {
        for at in &breakeven.curve {
            let (n, held) = at.chance.map_or((0, 0), |chance| (chance.n, chance.held));
            let keys = [against.clone(), figure(at.value), n.to_string(), held.to_string()];
            file.row(keys.to_vec(), [part(at), error(at)].map(figure).to_vec());
        }
    };
    rows(String::new(), asked.breakeven);
    for (value, breakeven) in asked.frontier.iter().flat_map(|frontier| &frontier.rows) {
        rows(figure(*value), breakeven);
    }
    file.bytes()
}

fn part(at: &At) -> f64 {
    at.chance.map_or(f64::NAN, |chance| chance.part())
}

/// The standard error of a part of draws.
fn error(at: &At) -> f64 {
    let p = part(at);
    at.chance.map_or(f64::NAN, |chance| (p * (1.0 - p) / chance.n as f64).sqrt())
}

/// Whether the goal holds surely enough at the lowest value that has a market.
fn holds_at_start(asked: &Asked, breakeven: &Breakeven) -> bool {
    let first = breakeven.curve.iter().map(part).find(|part| part.is_finite());
    first.is_some_and(|part| part >= asked.confidence)
}

/// The answer in words.
pub fn sentences(asked: &Asked) -> Vec<String> {
    let (input, goal, draws) = (asked.input, asked.goal, of_100(asked.confidence));
    let range = format!("{} to {}", typed(asked.range.0), typed(asked.range.1));
    let start = format!("“{}”, if it goes ahead: `{goal}`", asked.world);
    let breakeven = asked.breakeven;
    let solved = || breakeven.curve.iter().filter(|at| at.chance.is_some());
    let by_part = |a: &&At, b: &&At| part(a).total_cmp(&part(b));
    let mut sentences = Vec::new();
    match (&breakeven.crossings[..], solved().max_by(by_part), solved().min_by(by_part)) {
        (_, None, _) | (_, _, None) => {
            sentences.push(format!("{start}: no value of {input} from {range} gives a market."));
        }
        ([], Some(best), Some(worst)) => sentences.push(match holds_at_start(asked, breakeven) {
            true => format!(
                "{start} holds in at least {draws} at every value of {input} from {range}: there is no break-even value in \
                 this range (least often, in {}, at {}).",
                of_100(part(worst)),
                rounded(worst.value, asked.range)
            ),
            false => format!(
                "{start} holds in {draws} at no value of {input} from {range}: there is no break-even value in this range \
                 (most often, in {}, at {}).",
                of_100(part(best)),
                rounded(best.value, asked.range)
            ),
        }),
        ([crossing], ..) => sentences.push(format!(
            "{start} holds in at least {draws} from {input} = {} {}{}.",
            rounded(crossing.value, asked.range),
            if crossing.rising { "up" } else { "down" },
            interval(asked, crossing)
        )),
        (several, ..) => {
            let stretches: Vec<String> = stretches(asked, several);
            sentences.push(format!(
                "{start} holds in at least {draws} for {input} {}: there are {} break-even values.",
                joined(&stretches),
                several.len()
            ));
        }
    }
    let without = breakeven.curve.len() - solved().count();
    if without > 0 {
        sentences.push(format!("At {without} of {} values there is no market.", breakeven.curve.len()));
    }
    sentences.extend(asked.frontier.as_ref().map(|frontier| along(asked, frontier)));
    sentences
}

/// `from 0.2 to 0.5 and from 0.8 to 1`.
fn stretches(asked: &Asked, crossings: &[Crossing]) -> Vec<String> {
    let mut from = (!crossings[0].rising).then_some(asked.range.0);
    let mut found = Vec::new();
    let named =
        |from: f64, to: f64| format!("from {} to {}", rounded(from, asked.range), rounded(to, asked.range));
    for crossing in crossings {
        match from.take() {
            Some(start) => found.push(named(start, crossing.value)),
            None => from = Some(crossing.value),
        }
    }
    found.extend(from.map(|start| named(start, asked.range.1)));
    found
}

/// The sampling interval of a crossing.
fn interval(asked: &Asked, crossing: &Crossing) -> String {
    let end = |end: Option<f64>, beyond: &str| end.map_or(beyond.to_owned(), |end| rounded(end, asked.range));
    match (crossing.low, crossing.high) {
        (None, None) => " (within the error of so few draws it may lie anywhere in the range)".to_owned(),
        (low, high) => format!(
            " (with the sampling error of {} draws, {} to {})",
            asked.replications,
            end(low, "below the range"),
            end(high, "above the range")
        ),
    }
}

/// How the break-even value moves with the second input.
fn along(asked: &Asked, frontier: &Frontier) -> String {
    let at = |(value, breakeven): &(f64, Breakeven)| {
        let crossings: Vec<String> =
            breakeven.crossings.iter().map(|crossing| rounded(crossing.value, asked.range)).collect();
        let found = match (crossings.is_empty(), holds_at_start(asked, breakeven)) {
            (false, _) => joined(&crossings),
            (true, true) => "holds everywhere".to_owned(),
            (true, false) => "holds nowhere".to_owned(),
        };
        format!("{found} at {}", typed(*value))
    };
    let rows: Vec<String> = frontier.rows.iter().map(at).collect();
    format!("Break-even value of {} over {}: {}.", asked.input, frontier.key, rows.join("; "))
}

/// A value of the input, to a thousandth of the range.
fn rounded(value: f64, (from, to): (f64, f64)) -> String {
    let mut step = 1.0;
    while step > (to - from) / 1000.0 && step > 1e-12 {
        step /= 10.0;
    }
    typed((value / step).round() * step)
}

/// A part of draws in words.
fn of_100(part: f64) -> String {
    let per_cent = typed((part * 1000.0).round() / 10.0);
    format!("{per_cent} of 100 draws")
}

/// The chance over the input; with a second input, over both.
pub fn charts(asked: &Asked) -> Vec<File> {
    let mut files = Vec::from(drawn("breakeven", &figure_of(asked, chance_panel(asked))));
    if let Some(frontier) = &asked.frontier {
        files.extend(drawn("frontier", &figure_of(asked, frontier_panel(asked, frontier))));
    }
    files
}

fn figure_of(asked: &Asked, panel: Panel) -> Figure {
    Figure {
        title: title(asked),
        subtitle: format!(
            "“{}”, if it goes ahead; the same {} draws at every value",
            asked.world, asked.replications
        ),
        source_line: source_line(asked.scenario),
        panels: vec![panel],
    }
}

/// The finding, as far as a title can say it.
fn title(asked: &Asked) -> String {
    let (goal, draws) = (asked.goal, of_100(asked.confidence));
    match &asked.breakeven.crossings[..] {
        _ if asked.frontier.is_some() => format!("Where {goal} holds in {draws}"),
        [only] => {
            let way = if only.rising { "up" } else { "down" };
            format!("{goal} holds in {draws} from {} {way}", rounded(only.value, asked.range))
        }
        _ => format!("How often {goal} holds"),
    }
}

fn chance_panel(asked: &Asked) -> Panel {
    let place = |at: &At| {
        let (p, around) = (part(at), 1.96 * error(at));
        Place { x: at.value, low: (p - around).max(0.0), middle: p, high: (p + around).min(1.0) }
    };
    let mark = |crossing: &Crossing| Mark {
        x: crossing.value,
        low: crossing.low.unwrap_or(asked.range.0),
        high: crossing.high.unwrap_or(asked.range.1),
    };
    Panel::Curves(Curves {
        title: String::new(),
        unit: format!("Part of draws; the line is the confidence asked for, {}", of_100(asked.confidence)),
        input: asked.input.to_owned(),
        format: ValueFormat::Percent,
        around: Around::Sampling,
        curves: vec![Curve {
            label: String::new(),
            colour: Colour::GAIN,
            places: asked.breakeven.curve.iter().map(place).collect(),
        }],
        level: Some(asked.confidence),
        marks: asked.breakeven.crossings.iter().map(mark).collect(),
        zero_line: false,
    })
}

fn frontier_panel(asked: &Asked, frontier: &Frontier) -> Panel {
    // The grid is common to all rows; what lies between was looked at near crossings only.
    let across = crate::variants::values::evenly(asked.range, crate::variants::breakeven::POINTS);
    let values = frontier.rows.iter().map(|(_, breakeven)| {
        let at = |x: &f64| breakeven.curve.iter().find(|at| at.value == *x).map_or(f64::NAN, part);
        across.iter().map(at).collect()
    });
    let values = values.collect();
    // A line joins neighbouring rows that have one crossing each; others are points.
    let mut lines: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut open: Vec<(f64, f64)> = Vec::new();
    for (against, breakeven) in &frontier.rows {
        match &breakeven.crossings[..] {
            [only] => open.push((only.value, *against)),
            several => {
                lines.push(std::mem::take(&mut open));
                lines.extend(several.iter().map(|crossing| vec![(crossing.value, *against)]));
            }
        }
    }
    lines.push(open);
    lines.retain(|line| !line.is_empty());
    Panel::Heat(Heat {
        title: String::new(),
        unit: format!(
            "{} (up) and {} (across); the line: {}",
            frontier.key,
            asked.input,
            of_100(asked.confidence)
        ),
        input: asked.input.to_owned(),
        across,
        up: frontier.rows.iter().map(|(value, _)| *value).collect(),
        values,
        frontier: lines,
    })
}

/// For programs.
pub fn json(asked: &Asked) -> serde_json::Value {
    let crossings = |breakeven: &Breakeven| -> Vec<serde_json::Value> {
        let crossing = |c: &Crossing| {
            let holds = if c.rising { "above" } else { "below" };
            serde_json::json!({ "value": c.value, "goal_holds": holds, "low": c.low, "high": c.high })
        };
        breakeven.crossings.iter().map(crossing).collect()
    };
    let rows = asked.frontier.iter().flat_map(|frontier| &frontier.rows);
    let rows: Vec<serde_json::Value> = rows
        .map(|(value, breakeven)| serde_json::json!({ "against": value, "crossings": crossings(breakeven) }))
        .collect();
    serde_json::json!({
        "sentences": sentences(asked),
        "input": asked.input,
        "goal": asked.goal,
        "confidence": asked.confidence,
        "holds_at_start": holds_at_start(asked, asked.breakeven),
        "crossings": crossings(asked.breakeven),
        "frontier": rows,
    })
}
