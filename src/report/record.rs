//! `record.md`: what a run's forecasts have got right and wrong so far, as a page for people.

use std::fmt::Write;

use super::Past;
use super::answer::words::{counted, four_digits, in_region, percent, thousands};
use super::subject::region_name;
use crate::analysis::{Findings, coverage, text as in_words};
use crate::backtest::rolling::Kind;
use crate::backtest::summary::Row;
use crate::scenario::Scenario;
use crate::simulation::outcomes::{Key, Outcome, Who};
use crate::simulation::summary::Estimate;

/// A figure that became known later than everything the run rests on.
#[derive(Clone, Debug)]
pub struct Later {
    pub key: Key,
    /// In the outcome's unit.
    pub value: f64,
    /// What it is and where it stands.
    pub source: String,
}

/// Forecasts of the past, the years since the base year, and figures that came later still; `None` if there is
/// nothing to compare with.
pub fn page(scenario: &Scenario, findings: &Findings, past: &Past, later: &[Later]) -> Option<String> {
    let rows: Vec<&Row> = past.record.enough().filter(|row| row.kind.is_some()).collect();
    if rows.is_empty() && past.observed.is_empty() && later.is_empty() {
        return None;
    }
    let mut page = format!(
        "# What this has got right and wrong\n\nMade by keiretsu from “{}” ({}, seed {}). A 90 % band should hold nine \
         of ten.\n",
        scenario.title,
        counted(findings.ensemble.replications, "draw", "draws"),
        scenario.seed,
    );
    if let Some((first, last)) = past.record.origins.filter(|_| !rows.is_empty()) {
        page += &of_the_past(scenario, &rows, first, last);
    }
    page += &since(scenario, findings, past);
    if !later.is_empty() {
        page += &of_later(findings, later);
    }
    Some(page)
}

/// The share process from every year of the past, knowing nothing later.
fn of_the_past(scenario: &Scenario, rows: &[&Row], first: i32, last: i32) -> String {
    let mut text = format!(
        "\n## Forecasts from {first} to {last}\n\nEach from what was known then. The error is the mean CRPS, in points of the \
         market; its rival says that shares stay, within bands of the same rule.\n\n\
         | region | makers | years ahead | forecasts | held by the 90 % band | below it | above it | error | rival's |\n\
         |---|---|---:|---:|---:|---:|---:|---:|---:|\n"
    );
    for row in rows {
        let region = row.region.as_deref().map_or("all", |region| region_name(scenario, region));
        let kind = if row.kind == Some(Kind::Newcomer) { "newcomers" } else { "established" };
        let part = |part: f64| format!("{:.0} %", 100.0 * part);
        let points = |points: f64| format!("{points:.3}");
        let _ = writeln!(
            text,
            "| {region} | {kind} | {} | {} | {} | {} | {} | {} | {} |",
            row.horizon,
            row.n,
            part(row.inside_90),
            part(row.below),
            part(row.above),
            points(row.crps),
            points(row.yardstick),
        );
    }
    let lost: Vec<&&Row> = rows.iter().filter(|row| row.crps > row.yardstick).collect();
    let _ = match lost.is_empty() {
        true => writeln!(text, "\nIt lost to its rival nowhere."),
        false => writeln!(text, "\nIt lost to its rival in {} of {} rows.", lost.len(), rows.len()),
    };
    text
}

/// Shares since the base year beside the reference world's bands.
fn since(scenario: &Scenario, findings: &Findings, past: &Past) -> String {
    let mut text = String::new();
    for row in coverage(findings, &past.observed) {
        let region = in_region(region_name(scenario, &findings.names.regions[row.region]));
        let _ = write!(
            text,
            "\n## {} in {region}\n\n{} of {} lie inside. The mean quantile loss is {:.2} points; “the {} share stays” has {:.2}.\n\n\
             | maker | {} | forecast | 90 % band | came | |\n|---|---:|---:|---:|---:|---|\n",
            row.year,
            row.inside,
            counted(row.makers as u64, "maker", "makers"),
            100.0 * row.loss,
            findings.base_year,
            100.0 * row.loss_of_no_change,
            findings.base_year,
        );
        for seen in past.observed.iter().filter(|seen| seen.region == row.region && seen.year == row.year) {
            let who = Who::Maker(seen.maker);
            let key = Key::total(Outcome::Share, seen.year).of(who).in_region(seen.region);
            let level = |key: &Key| findings.level(findings.reference, key);
            let (Some(forecast), Some(base)) = (level(&key), level(&key.in_year(findings.base_year))) else {
                continue;
            };
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} to {} | {} | {} |",
                findings.who(who),
                percent(base.mean),
                percent(forecast.mean),
                percent(forecast.p05),
                percent(forecast.p95),
                percent(seen.share),
                verdict(forecast, seen.share),
            );
        }
    }
    text
}

fn of_later(findings: &Findings, later: &[Later]) -> String {
    let mut text = "\n## Later figures\n\nKnown after everything else here, used for nothing; some are of a part of a year.\n\n\
                    | what | forecast | 90 % band | came | | source |\n|---|---:|---:|---:|---|---|\n"
        .to_owned();
    for Later { key, value, source } in later {
        let Some(forecast) = findings.level(findings.reference, key) else { continue };
        let _ = writeln!(
            text,
            "| {} ({}) | {} | {} to {} | {} | {} | {source} |",
            in_words(&findings.names, key),
            findings.labels(key).unit,
            figure(forecast.mean),
            figure(forecast.p05),
            figure(forecast.p95),
            figure(*value),
            verdict(forecast, *value),
        );
    }
    text
}

/// Four digits, grouped where there are many.
fn figure(value: f64) -> String {
    if value.abs() >= 10_000.0 { thousands(value) } else { four_digits(value) }
}

fn verdict(forecast: &Estimate, came: f64) -> &'static str {
    match came {
        came if came < forecast.p05 => "**below**",
        came if came > forecast.p95 => "**above**",
        _ => "inside",
    }
}
