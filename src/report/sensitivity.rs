//! What drives the differences, in a report: the table, the tornado charts, the sentence.

use super::answer::words::{in_region, joined, points, thousands};
use super::chart::{Figure, Panel, Swing, Tornado, ValueFormat};
use super::subject::{main_regions, region_name, source_line, subject_name, subject_of};
use super::table::{Cell, Kind, Table, columns};
use crate::analysis::{BREAK_UP, Driver, Findings, Interval, Labels, Sensitivity};
use crate::calibration::Names;
use crate::scenario::Scenario;
use crate::scenario::key::segments;
use crate::simulation::Condition;
use crate::simulation::outcomes::{Key, Outcome, Outcomes, Who};

/// Inputs in a chart, and in a sentence.
const DRAWN: usize = 10;
const TOLD: usize = 2;
/// Inputs with a smaller part in the variance are told of by nobody.
const LEAST_PART: f64 = 0.01;

/// The columns whose drivers are looked for: shares by region and operating profits in the last year, of alliances and
/// their members, or of the makers that the report is about.
pub fn watched(scenario: &Scenario, names: &Names, outcomes: &Outcomes) -> Vec<usize> {
    let alliances = scenario.worlds.iter().flat_map(|world| world.file.alliances.values());
    let members: Vec<&String> = alliances.flat_map(|alliance| alliance.members.keys()).collect();
    let makers = if members.is_empty() { scenario.report.makers.iter().collect() } else { members };
    let is_told_of = |who: Who| match who {
        Who::Everyone => false,
        Who::Maker(maker) => makers.contains(&&names.makers[maker]),
        Who::Alliance(_) => true,
    };
    let is_watched = |key: &Key| {
        let is_share = key.outcome == Outcome::Share && key.region.is_some();
        let is_profit = key.outcome == Outcome::OperatingProfit && key.region.is_none();
        key.year == scenario.last_year
            && key.powertrain.is_none()
            && (is_share || is_profit)
            && is_told_of(key.who)
    };
    let columns = outcomes.keys.iter().enumerate();
    columns.filter(|(_, key)| is_watched(key)).map(|(column, _)| column).collect()
}

/// `sensitivity`: one row per difference and input.
pub fn table<'a>(findings: &'a Findings, sensitivity: &'a Sensitivity) -> Table<'a> {
    let keys = columns(Kind::Text, "world,reference,outcome,region,manufacturer");
    let keys = keys.chain(columns(Kind::Year, "year")).chain(columns(Kind::Text, "input"));
    let figures = columns(
        Kind::Figure,
        "rank_correlation,rank_low,rank_high,first_order,first_order_low,first_order_high,delta,delta_low,delta_high,\
         mean_if_low,mean_if_high",
    );
    let reference = &findings.names.worlds[findings.reference];
    let columns = keys.chain(figures).chain(columns(Kind::Text, "unit"));
    Table::new(columns.collect(), move |take| {
        for driven in &sensitivity.driven {
            let Some(drivers) = &driven.drivers else { continue };
            let labels = Labels::of(&findings.names, &driven.key);
            for (input, driver) in sensitivity.inputs.iter().zip(drivers) {
                let mut row = vec![
                    Cell::Text(&findings.names.worlds[driven.world]),
                    Cell::Text(reference),
                    Cell::Text(&labels.outcome),
                    Cell::Text(&labels.region),
                    Cell::Text(&labels.manufacturer),
                    Cell::Year(driven.key.year),
                    Cell::Text(input),
                ];
                for Interval { value, low, high } in
                    [driver.rank_correlation, driver.first_order, driver.delta]
                {
                    row.extend([value, low, high].map(Cell::Figure));
                }
                row.extend([driver.mean_if_low, driver.mean_if_high].map(Cell::Figure));
                row.push(Cell::Text(&labels.unit));
                take(&row);
            }
        }
    })
}

/// What drives the share of a world's subject in a region, the largest part of the variance first.
fn of_subject<'a>(
    scenario: &Scenario,
    findings: &Findings,
    sensitivity: &'a Sensitivity,
    world: usize,
    region: usize,
) -> Option<(Key, Vec<(&'a str, &'a Driver)>)> {
    let who = subject_of(scenario, findings, world);
    let driven = sensitivity.driven.iter().find(|driven| {
        let key = driven.key;
        driven.world == world && key.outcome == Outcome::Share && key.region == Some(region) && key.who == who
    })?;
    let drivers = driven.drivers.as_ref()?;
    let mut named: Vec<(&str, &Driver)> =
        sensitivity.inputs.iter().map(String::as_str).zip(drivers).collect();
    named.sort_by(|(_, a), (_, b)| b.first_order.value.total_cmp(&a.first_order.value));
    Some((driven.key, named))
}

/// An input's name for people in a text about somebody, and what its low and high ends are called.
pub fn named(
    scenario: &Scenario,
    findings: &Findings,
    about: Who,
    input: &str,
) -> (String, [&'static str; 2]) {
    let alliance = input.strip_prefix(BREAK_UP).and_then(|key| {
        let key = segments(key).pop()?;
        findings.names.alliances.iter().position(|name| *name == key)
    });
    match alliance {
        Some(alliance) if Who::Alliance(alliance) == about => {
            ("when it breaks up".to_owned(), ["early", "late"])
        }
        Some(alliance) => {
            let name = subject_name(scenario, findings, Who::Alliance(alliance));
            (format!("when {name} breaks up"), ["early", "late"])
        }
        None => (input.to_owned(), ["low", "high"]),
    }
}

/// The worlds that something is said about.
fn worlds(sensitivity: &Sensitivity) -> Vec<usize> {
    let mut worlds: Vec<usize> = sensitivity.driven.iter().map(|driven| driven.world).collect();
    worlds.dedup();
    worlds
}

/// A tornado of the share of each world's subject, a panel per region; with the world.
pub fn figures(scenario: &Scenario, findings: &Findings, sensitivity: &Sensitivity) -> Vec<(usize, Figure)> {
    let figure = |world: usize| {
        let who = subject_of(scenario, findings, world);
        let mut told = Vec::new();
        let panels = main_regions(findings).into_iter().filter_map(|region| {
            let (key, drivers) = of_subject(scenario, findings, sensitivity, world, region)?;
            let mean = findings.difference(world, Condition::Proceeds, &key)?.mean;
            let name = region_name(scenario, &findings.names.regions[region]);
            if let Some((input, _)) = drivers.first() {
                told.push((named(scenario, findings, who, input).0, in_region(name)));
            }
            let swing = |(input, driver): &(&str, &Driver)| Swing {
                label: named(scenario, findings, who, input).0,
                if_low: driver.mean_if_low,
                if_high: driver.mean_if_high,
            };
            Some(Panel::Tornado(Tornado {
                title: name.to_owned(),
                unit: format!("Change of share in {}, percentage points", key.year),
                format: ValueFormat::PercentagePoints,
                mean,
                swings: drivers.iter().take(DRAWN).map(swing).collect(),
            }))
        });
        let panels: Vec<Panel> = panels.collect();
        let subject = subject_name(scenario, findings, who);
        let (of, reference) = (&scenario.worlds[world].name, &scenario.worlds[findings.reference].name);
        let alike = told.iter().all(|(input, _)| *input == told[0].0);
        let clauses: Vec<String> = match alike {
            true => told.iter().take(1).map(|(input, _)| input.clone()).collect(),
            false => told.iter().map(|(input, region)| format!("{input} in {region}")).collect(),
        };
        (!panels.is_empty()).then(|| Figure {
            title: format!("What the change for {subject} depends on most: {}", joined(&clauses)),
            subtitle: format!(
                "“{of}” against “{reference}”, if it goes ahead: mean change where an input is low and where it is high, {} draws",
                thousands(sensitivity.replications as f64)
            ),
            source_line: source_line(scenario),
            panels,
        })
    };
    worlds(sensitivity).into_iter().filter_map(|world| Some((world, figure(world)?))).collect()
}

/// A sentence per world: the inputs on which its subject's change depends most.
pub fn sentences(scenario: &Scenario, findings: &Findings, sensitivity: &Sensitivity) -> Vec<String> {
    worlds(sensitivity)
        .into_iter()
        .filter_map(|world| sentence(scenario, findings, sensitivity, world))
        .collect()
}

fn sentence(
    scenario: &Scenario,
    findings: &Findings,
    sensitivity: &Sensitivity,
    world: usize,
) -> Option<String> {
    let who = subject_of(scenario, findings, world);
    let clauses: Vec<String> = main_regions(findings)
        .into_iter()
        .filter_map(|region| {
            let (_, drivers) = of_subject(scenario, findings, sensitivity, world, region)?;
            let told = drivers.iter().take(TOLD).filter(|(_, driver)| driver.first_order.value >= LEAST_PART);
            let told: Vec<String> = told
                .map(|(input, driver)| {
                    let (name, [low, high]) = named(scenario, findings, who, input);
                    format!(
                        "{name} ({} points if {low}, {} if {high}; {:.0} % of the variance)",
                        points(driver.mean_if_low),
                        points(driver.mean_if_high),
                        100.0 * driver.first_order.value
                    )
                })
                .collect();
            let region = in_region(region_name(scenario, &findings.names.regions[region]));
            (!told.is_empty()).then(|| format!("in {region} on {}", joined(&told)))
        })
        .collect();
    let subject = subject_name(scenario, findings, who);
    let of = &scenario.worlds[world].name;
    (!clauses.is_empty()).then(|| {
        format!(
            "What would change it: under “{of}”, the change of share of {subject} in {} depends most {}.",
            scenario.last_year,
            clauses.join("; ")
        )
    })
}
