//! A scan in a report: the table, small multiples, the sentences.

use super::answer::words::{self, capital, in_region};
use super::chart::{Around, Curve, Curves, Figure, Intervals, Palette, Panel, Place, ValueFormat};
use super::csv_file::{CsvFile, figure};
use super::drawing::{drawn, interval};
use super::file_names::file_names;
use super::run_folder::File;
use super::subject::{region_name, source_line, subject_name, subject_of, years};
use super::table_style;
use super::tables::condition_name;
use crate::analysis::{self, Findings, Labels, title};
use crate::simulation::Condition;
use crate::simulation::outcomes::{Key, Outcome, Who};
use crate::simulation::summary::Estimate;
use crate::variants::scan::{Point, Scan};

/// Most panels of a figure.
const PANELS: usize = 12;

/// `scan.csv`: the value of every scanned setting, then levels and differences as in the tables of a run.
pub fn table(scan: &Scan) -> Vec<u8> {
    let keys = scan.axes.iter().map(|axis| axis.key.as_str());
    let rest = "world,reference,measure,condition,outcome,unit,region,manufacturer,powertrain,year,\
                n,mean,sd,se,p05,p25,p50,p75,p95,prob_gain,prob_loss";
    let mut file = CsvFile::with_columns(keys.chain(rest.split(',')));
    for point in &scan.points {
        let Ok(findings) = &point.found else { continue };
        let names = &findings.names.worlds;
        let mut row = |world: usize, measure: [&str; 2], key: &Key, e: &Estimate| {
            let labels = Labels::of(&findings.names, key);
            let reference = if measure[0] == "level" { "" } else { names[findings.reference].as_str() };
            let scope = [labels.outcome, labels.unit, labels.region, labels.manufacturer, labels.powertrain];
            let mut keys = point.values.clone();
            keys.extend([&names[world], reference, measure[0], measure[1]].map(str::to_owned));
            keys.extend(scope);
            keys.extend([key.year.to_string(), e.n.to_string()]);
            let figures = [e.mean, e.sd, e.se, e.p05, e.p25, e.p50, e.p75, e.p95, e.prob_gain, e.prob_loss];
            file.row(keys, figures.map(|value| if e.n > 0 { figure(value) } else { String::new() }).to_vec());
        };
        let outcomes = &findings.ensemble.outcomes.keys;
        for (world, levels) in findings.ensemble.levels.iter().enumerate() {
            outcomes.iter().zip(levels).for_each(|(key, level)| row(world, ["level", ""], key, level));
        }
        for comparison in &findings.ensemble.comparisons {
            for (condition, estimates) in Condition::ALL.iter().zip(&comparison.conditions) {
                let measure = ["difference", condition_name(*condition)];
                outcomes.iter().zip(estimates).for_each(|(key, e)| row(comparison.world, measure, key, e));
            }
        }
    }
    file.bytes()
}

/// What is told of a world: an outcome in words, and its change at every point that has it.
struct Told<'a> {
    world: usize,
    /// As it is asked for: `share alliance:hnm US 2035`.
    line: String,
    /// For people: `share of Honda + Nissan in the United States in 2035`.
    what: String,
    region: String,
    unit: String,
    format: ValueFormat,
    changes: Vec<Option<&'a Estimate>>,
}

impl Scan {
    fn findings(&self) -> impl Iterator<Item = &Findings> {
        self.points.iter().filter_map(|point| point.found.as_ref().ok())
    }

    fn first(&self) -> &Findings {
        self.findings().next().expect("a point that has a market")
    }

    /// Values at a point in words: `costs.scale_elasticity = 0.03`.
    fn at(&self, point: &Point) -> String {
        let settings = self.axes.iter().zip(&point.values);
        settings.map(|(axis, value)| format!("{} = {value}", axis.key)).collect::<Vec<_>>().join(", ")
    }
}

/// Everything that is told: the subject's shares and profit in the last year quoted, or the outcomes that were asked for.
fn told(scan: &Scan, all: bool) -> Vec<Told<'_>> {
    let findings = scan.first();
    let last = years(&scan.scenario, findings).into_iter().max().unwrap_or(findings.last_year());
    let mut told = Vec::new();
    for world in findings.ensemble.comparisons.iter().map(|comparison| comparison.world) {
        let subject = subject_of(&scan.scenario, findings, world);
        for key in &findings.ensemble.outcomes.keys {
            let usual = key.who == subject
                && key.year == last
                && matches!(key.outcome, Outcome::Share | Outcome::OperatingProfit);
            if all || usual {
                told.push(tell(scan, findings, world, key));
            }
        }
    }
    told
}

fn tell<'a>(scan: &'a Scan, findings: &Findings, world: usize, key: &Key) -> Told<'a> {
    let labels = Labels::of(&findings.names, key);
    let (line, name) = (&analysis::text(&findings.names, key), &findings.names.worlds[world]);
    // A setting may change which worlds and outcomes there are: they are found by their names.
    let change = |point: &'a Point| {
        let findings = point.found.as_ref().ok()?;
        let world = findings.names.worlds.iter().position(|world| world == name)?;
        let mut keys = findings.ensemble.outcomes.keys.iter();
        let key = keys.find(|key| analysis::text(&findings.names, key) == *line)?;
        findings.difference(world, Condition::Proceeds, key).filter(|change| change.n > 0)
    };
    let mut what = title(&labels.outcome);
    if key.who != Who::Everyone {
        what += &format!(" of {}", subject_name(&scan.scenario, findings, key.who));
    }
    let region = key
        .region
        .map_or("all regions", |region| region_name(&scan.scenario, &findings.names.regions[region]));
    what += &match key.region {
        Some(_) => format!(" in {}", in_region(region)),
        None => String::new(),
    };
    if !labels.powertrain.is_empty() {
        what += &format!(", {}", labels.powertrain);
    }
    what += &format!(" in {}", key.year);
    let format = if labels.unit == "fraction" { ValueFormat::PercentagePoints } else { ValueFormat::Number };
    Told {
        world,
        line: line.clone(),
        what,
        region: region.to_owned(),
        unit: labels.unit,
        format,
        changes: scan.points.iter().map(change).collect(),
    }
}

/// A sentence per world and outcome: the least, the most, and how often above zero.
pub fn sentences(scan: &Scan, all: bool) -> Vec<String> {
    let mut sentences: Vec<String> = told(scan, all).iter().filter_map(|told| sentence(scan, told)).collect();
    let refused: Vec<String> = scan
        .points
        .iter()
        .filter_map(|point| Some(format!("{}: {}", scan.at(point), point.found.as_ref().err()?)))
        .collect();
    if !refused.is_empty() {
        sentences.push(format!("No market, and so no result, at {}", refused.join("; ")));
    }
    sentences
}

fn sentence(scan: &Scan, told: &Told) -> Option<String> {
    let found = scan.points.iter().zip(&told.changes).filter_map(|(point, change)| Some((point, (*change)?)));
    let found: Vec<(&Point, &Estimate)> = found.collect();
    let by_mean = |a: &&(&Point, &Estimate), b: &&(&Point, &Estimate)| a.1.mean.total_cmp(&b.1.mean);
    let (least, most) = (found.iter().min_by(by_mean)?, found.iter().max_by(by_mean)?);
    let world = &scan.scenario.worlds[told.world].name;
    let start = format!("“{world}”, {}", told.what);
    let written = |e: &Estimate| words::difference(e.mean, &told.unit);
    if written(least.1) == written(most.1) {
        return Some(format!("{start}: a change of {} at all {} points.", written(least.1), found.len()));
    }
    let above = found.iter().filter(|(_, change)| change.mean > 0.0).count();
    let sign = match above {
        0 => "below zero at every point".to_owned(),
        n if n == found.len() => "above zero at every point".to_owned(),
        n => format!("above zero at {n} of {} points", found.len()),
    };
    Some(format!(
        "{start}: the change goes from {} (at {}) to {} (at {}); {sign}.",
        written(least.1),
        scan.at(least.0),
        written(most.1),
        scan.at(most.0),
    ))
}

/// The mean changes at every point, for a terminal.
pub fn in_terminal(scan: &Scan, all: bool) -> String {
    let told = told(scan, all);
    let mut text = String::new();
    let worlds = &scan.scenario.worlds;
    for world in scan.first().ensemble.comparisons.iter().map(|comparison| comparison.world) {
        let of_world: Vec<&Told> = told.iter().filter(|told| told.world == world).collect();
        let mut header: Vec<&str> = scan.axes.iter().map(|axis| axis.key.as_str()).collect();
        header.extend(of_world.iter().map(|told| told.line.as_str()));
        let mut table = table_style::plain(header);
        for (at, point) in scan.points.iter().enumerate() {
            let mut row = point.values.clone();
            let cells = of_world.iter().map(|told| match told.changes[at] {
                Some(change) => words::difference(change.mean, &told.unit),
                None => "–".to_owned(),
            });
            row.extend(cells);
            table.add_row(row);
        }
        text += &format!(
            "“{}”: mean change against the reference, if it goes ahead\n{table}\n\n",
            worlds[world].name
        );
    }
    text
}

/// Small multiples of each world: an outcome per panel, over the first setting, a curve per value of the others.
pub fn charts(scan: &Scan, all: bool) -> Vec<File> {
    let told = told(scan, all);
    let findings = scan.first();
    let of_worlds = file_names(findings.names.worlds.iter().map(String::as_str));
    let mut files = Vec::new();
    for world in findings.ensemble.comparisons.iter().map(|comparison| comparison.world) {
        let of_world: Vec<&Told> = told.iter().filter(|told| told.world == world).take(PANELS).collect();
        if of_world.is_empty() {
            continue;
        }
        let panels = of_world.iter().map(|told| panel(scan, told));
        let keys: Vec<&str> = scan.axes.iter().map(|axis| axis.key.as_str()).collect();
        let scenario = &scan.scenario;
        let figure = Figure {
            title: format!(
                "“{}” while {} takes other values",
                scenario.worlds[world].name,
                keys.join(" and ")
            ),
            subtitle: format!(
                "Change against “{}”, if it goes ahead; the same {} draws at every point",
                scenario.worlds[scenario.reference].name, scan.replications
            ),
            source_line: source_line(scenario),
            panels: panels.collect(),
        };
        files.extend(drawn(&format!("scan-{}", of_worlds[world]), &figure));
    }
    files
}

fn panel(scan: &Scan, told: &Told) -> Panel {
    let title = capital(&told.what);
    let unit = match told.format {
        ValueFormat::PercentagePoints => "Change, percentage points".to_owned(),
        _ => format!("Change, {}", told.unit),
    };
    let found = || scan.points.iter().zip(&told.changes);
    let Some(numbers) = scan.axes[0].numbers() else {
        let rows = found().filter_map(|(point, change)| {
            let e = (*change)?;
            Some(interval(&point.values.join(", "), super::chart::Colour::GAIN, e))
        });
        let (format, rows) = (told.format, rows.collect());
        return Panel::Intervals(Intervals {
            title: format!("{title}, {}", told.region),
            unit,
            format,
            rows,
            ..Intervals::default()
        });
    };
    let mut labels: Vec<String> = Vec::new();
    for point in &scan.points {
        let label = point.values[1..].join(", ");
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    let palette = Palette::new(labels.clone());
    let curves = labels.iter().map(|label| {
        let own = found().filter(|(point, _)| point.values[1..].join(", ") == *label);
        let mut places: Vec<Place> = own
            .map(|(point, change)| {
                let at = scan.axes[0].values.iter().position(|value| *value == point.values[0]);
                let x = numbers[at.expect("a value of the setting")];
                let spread = |value: f64| if labels.len() == 1 { value } else { f64::NAN };
                let nothing = Place { x, low: f64::NAN, middle: f64::NAN, high: f64::NAN };
                change.map_or(nothing, |e| Place {
                    x,
                    low: spread(e.p05),
                    middle: e.mean,
                    high: spread(e.p95),
                })
            })
            .collect();
        places.sort_by(|a, b| a.x.total_cmp(&b.x));
        Curve { label: label.clone(), colour: palette.colour(label), places }
    });
    let input = match scan.axes.len() {
        1 => scan.axes[0].key.clone(),
        _ => {
            let others: Vec<&str> = scan.axes[1..].iter().map(|axis| axis.key.as_str()).collect();
            format!("{}; at the lines: {}", scan.axes[0].key, others.join(", "))
        }
    };
    Panel::Curves(Curves {
        title,
        unit,
        input,
        format: told.format,
        around: Around::Draws,
        curves: curves.collect(),
        zero_line: true,
        ..Curves::default()
    })
}

/// For programs.
pub fn json(scan: &Scan, all: bool) -> serde_json::Value {
    let rows = told(scan, all);
    let rows = rows.iter().flat_map(|told| {
        scan.points.iter().zip(&told.changes).map(|(point, change)| {
            let settings: serde_json::Map<String, serde_json::Value> = scan
                .axes
                .iter()
                .zip(&point.values)
                .map(|(axis, value)| (axis.key.clone(), value.clone().into()))
                .collect();
            serde_json::json!({
                "settings": settings,
                "world": scan.first().names.worlds[told.world],
                "outcome": told.line,
                "unit": told.unit,
                "change": change.map(|e| e.mean),
                "se": change.map(|e| e.se),
                "p05": change.map(|e| e.p05),
                "p95": change.map(|e| e.p95),
            })
        })
    });
    let rows: Vec<serde_json::Value> = rows.collect();
    serde_json::json!({ "sentences": sentences(scan, all), "points": rows })
}
