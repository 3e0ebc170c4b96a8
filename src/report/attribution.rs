//! Attribution in a report: the table, the waterfall charts, the sentence.

use super::answer::words::{capital, in_region, joined, points};
use super::chart::{Figure, Panel, Step, ValueFormat, Waterfall};
use super::subject::{main_regions, region_name, source_line, subject_name, subject_of};
use super::table::{Cell, Kind, Table, columns};
use super::tables::{scope, statistics};
use crate::analysis::{Findings, Labels};
use crate::games::Orders;
use crate::scenario::Scenario;
use crate::simulation::summary::Estimate;
use crate::variants::{Attributed, Attribution};

/// The channel of a row that has all parts together.
const TOTAL: &str = "total";

/// `attribution`: one row per outcome and channel, and one for the total.
pub fn table<'a>(findings: &'a Findings, attribution: &'a Attribution) -> Table<'a> {
    let keys = columns(Kind::Text, "world,reference,outcome,unit,region,manufacturer,powertrain");
    let keys = keys.chain(columns(Kind::Year, "year")).chain(columns(Kind::Text, "channel"));
    let figures = columns(Kind::Count, "n").chain(columns(Kind::Figure, "mean,sd,se,p05,p25,p50,p75,p95"));
    let reference = &findings.names.worlds[findings.reference];
    Table::new(keys.chain(figures).collect(), move |take| {
        for attributed in &attribution.worlds {
            let world = &findings.names.worlds[attributed.world];
            for (key, parts) in attributed.outcomes.iter().zip(&attributed.parts) {
                let labels = Labels::of(&attributed.names, key);
                for (channel, part) in channels(attributed).zip(parts) {
                    let mut row = [world, reference].map(|name| Cell::Text(name)).to_vec();
                    row.extend(scope(&labels));
                    row.extend(statistics(key, part));
                    // After the year, before the figures.
                    row.insert(8, Cell::Text(channel));
                    take(&row);
                }
            }
        }
    })
}

fn channels(attributed: &Attributed) -> impl Iterator<Item = &str> {
    attributed.channels.iter().map(String::as_str).chain([TOTAL])
}

/// What each channel does to the share of a world's subject in one region.
struct ShareParts<'a> {
    year: i32,
    /// Channel and its part.
    parts: Vec<(&'a str, &'a Estimate)>,
    total: &'a Estimate,
}

/// In the last year there is.
fn share_parts<'a>(
    scenario: &Scenario,
    findings: &Findings,
    attributed: &'a Attributed,
    region: &str,
) -> Option<ShareParts<'a>> {
    let who = findings.who(subject_of(scenario, findings, attributed.world));
    let rows = attributed.outcomes.iter().zip(&attributed.parts);
    let of_subject = rows.filter(|(key, _)| {
        let labels = Labels::of(&attributed.names, key);
        labels.outcome == "share" && labels.region == region && labels.manufacturer == who
    });
    let (key, parts) = of_subject.max_by_key(|(key, _)| key.year)?;
    let (total, parts) = parts.split_last()?;
    let parts = attributed.channels.iter().map(String::as_str).zip(parts).collect();
    Some(ShareParts { year: key.year, parts, total })
}

/// A waterfall of the share of each world's subject, a panel per region; with the name of its file.
pub fn figures(scenario: &Scenario, findings: &Findings, attribution: &Attribution) -> Vec<(usize, Figure)> {
    let step = |label: &str, part: &Estimate| Step {
        label: label.to_owned(),
        mean: part.mean,
        p05: part.p05,
        p95: part.p95,
    };
    let figure = |attributed: &Attributed| {
        let mut told = Vec::new();
        let panels = main_regions(findings).into_iter().filter_map(|region| {
            let region = &findings.names.regions[region];
            let ShareParts { year, parts, total } = share_parts(scenario, findings, attributed, region)?;
            let name = region_name(scenario, region);
            told.push((largest(&parts)?.0, in_region(name)));
            Some(Panel::Waterfall(Waterfall {
                title: name.to_owned(),
                unit: format!("Change of share in {year}, percentage points"),
                format: ValueFormat::PercentagePoints,
                parts: parts.iter().map(|(channel, part)| step(channel, part)).collect(),
                total: step("all together", total),
            }))
        });
        let panels: Vec<Panel> = panels.collect();
        let subject = subject_name(scenario, findings, subject_of(scenario, findings, attributed.world));
        let world = &scenario.worlds[attributed.world].name;
        let reference = &scenario.worlds[findings.reference].name;
        (!panels.is_empty()).then(|| Figure {
            title: format!("{} the share of {subject} most", who_moves(&told)),
            subtitle: format!(
                "“{world}” against “{reference}”, if it goes ahead: Shapley value of each channel, {} draws{}",
                attributed.replications,
                orders(attributed)
            ),
            source_line: source_line(scenario),
            panels,
        })
    };
    let worlds = attribution.worlds.iter();
    worlds.filter_map(|attributed| Some((attributed.world, figure(attributed)?))).collect()
}

/// `Purchasing moves`; `Purchasing in the United States, software in China move`.
fn who_moves(told: &[(&str, String)]) -> String {
    let alike = told.iter().all(|(channel, _)| *channel == told[0].0);
    let clauses: Vec<String> = match alike {
        true => vec![told[0].0.to_owned()],
        false => told.iter().map(|(channel, region)| format!("{channel} in {region}")).collect(),
    };
    format!("{} {}", capital(&joined(&clauses)), if alike { "moves" } else { "move" })
}

/// How the orders were chosen, where not all were.
fn orders(attributed: &Attributed) -> String {
    match attributed.orders {
        Orders::All => String::new(),
        Orders::Sampled(orders) => {
            format!(" and {orders} sampled orders, whose error is in the standard errors")
        }
    }
}

fn largest<'a>(parts: &[(&'a str, &'a Estimate)]) -> Option<(&'a str, &'a Estimate)> {
    let defined = parts.iter().filter(|(_, part)| part.mean.is_finite());
    defined.max_by(|(_, a), (_, b)| a.mean.abs().total_cmp(&b.mean.abs())).copied()
}

/// A sentence per world: the channel that matters most for its subject's share, with its interval.
pub fn sentences(scenario: &Scenario, findings: &Findings, attribution: &Attribution) -> Vec<String> {
    attribution.worlds.iter().filter_map(|attributed| sentence(scenario, findings, attributed)).collect()
}

fn sentence(scenario: &Scenario, findings: &Findings, attributed: &Attributed) -> Option<String> {
    let world = &scenario.worlds[attributed.world].name;
    if attributed.channels.is_empty() {
        return Some(format!("Why: “{world}” changes nothing against the reference."));
    }
    let mut year = None;
    let clauses: Vec<String> = main_regions(findings)
        .into_iter()
        .filter_map(|region| {
            let region = &findings.names.regions[region];
            let ShareParts { year: in_year, parts, total } =
                share_parts(scenario, findings, attributed, region)?;
            year = Some(in_year);
            let (channel, part) = largest(&parts)?;
            Some(format!(
                "in {} {channel} ({} of {} points; in 90 of 100 draws {} to {})",
                in_region(region_name(scenario, region)),
                points(part.mean),
                points(total.mean),
                points(part.p05),
                points(part.p95),
            ))
        })
        .collect();
    let subject = subject_name(scenario, findings, subject_of(scenario, findings, attributed.world));
    (!clauses.is_empty()).then(|| {
        format!(
            "Why: under “{world}”, if it goes ahead, what moves the share of {subject} most in {} is {}.",
            year.expect("there is a clause"),
            joined(&clauses)
        )
    })
}
