//! What became of the results, in words and tables.

use super::{Grid, Section};
use crate::comparison::{Change, Comparison, Count, Results, Verdict};
use crate::report::answer::words::{counted, signed, thousands};
use crate::report::csv_file::order_of_magnitude;

/// Outcomes of makers and regions in money and goods that are told first, as `comparison.csv` names them.
const TOLD_FIRST: [&str; 3] = ["share", "operating_profit", "price"];

pub fn sections(comparison: &Comparison) -> Vec<Section> {
    let results = &comparison.results;
    let mut found = vec![summary(comparison)];
    if results.are_same() {
        return found;
    }
    if !results.answer.is_empty() {
        found.push(Section {
            title: "The answer".to_owned(),
            sentences: vec![
                "Change of share against the reference, if it goes ahead, in percentage points.".to_owned(),
            ],
            table: Some(table(results.answer.iter().collect())),
        });
    }
    found.extend(changed("Shares", "Share of sales.", &results.shares));
    found.extend(changed(
        "Differences",
        "Differences to the reference, if it goes ahead; shares of sales first, then operating profit and prices.",
        &results.differences,
    ));
    found
}

/// How many figures changed, and what tells a change from noise.
fn summary(comparison: &Comparison) -> Section {
    let results = &comparison.results;
    let mut sentences = Vec::new();
    if results.are_same() {
        sentences.push(match comparison.inputs.is_empty() {
            true => "Every figure is the same.".to_owned(),
            false => "Every figure is the same all the same.".to_owned(),
        });
        return Section { title: "Results".to_owned(), sentences, ..Section::default() };
    }
    if results.only_draws {
        sentences.push(match comparison.inputs.is_empty() {
            true => "No input differs, but results do: a file of one folder was changed, or was not made by this build.",
            false => "Nothing differs but how, or how often, everything was drawn: every change below is noise.",
        }
        .to_owned());
    }
    sentences.push(tally("levels", &results.levels_counted));
    sentences.push(tally("differences to the reference", &results.differences_counted));
    sentences.push(error(results).to_owned());
    Section { title: "Results".to_owned(), sentences, ..Section::default() }
}

fn tally(what: &str, count: &Count) -> String {
    let whole = |n: usize| thousands(n as f64);
    let (all, same, noise, change) = (count.shared(), count.same, count.noise, count.change);
    let mut text = format!(
        "Of {} {what}: {} the same, {} may be noise, {} changed.",
        whole(all),
        whole(same),
        whole(noise),
        whole(change)
    );
    for (n, side) in [(count.only_a, "A"), (count.only_b, "B")] {
        if n > 0 {
            text += &format!(" {} only {side} has.", whole(n));
        }
    }
    text
}

/// What the error in the tables is.
fn error(results: &Results) -> &'static str {
    match results.same_seed {
        true => {
            "Changes are of means. The error is two standard errors of the change, as if the two runs had no draw in common; \
             they have the same seed, so it is as a rule too large, and what may be noise can be a change."
        }
        false => {
            "Changes are of means. The error is two standard errors of the change; by chance alone five of 100 figures lie \
             beyond it."
        }
    }
}

/// The figures that changed, the surest first; none if none did.
fn changed(title: &str, what: &str, all: &[Change]) -> Option<Section> {
    let mut shown: Vec<&Change> = all.iter().filter(|change| change.verdict == Verdict::Change).collect();
    let first = |change: &Change| {
        TOLD_FIRST.iter().position(|known| change.outcome == *known).unwrap_or(TOLD_FIRST.len())
    };
    shown.sort_by(|a, b| first(a).cmp(&first(b)).then(b.size().total_cmp(&a.size())));
    let sentence = match shown.len() {
        0 => return None,
        n => format!(
            "{what} {} changed beyond the error; the surest stand first.",
            counted(n as u64, "figure", "figures")
        ),
    };
    Some(Section { title: title.to_owned(), sentences: vec![sentence], table: Some(table(shown)) })
}

fn table(changes: Vec<&Change>) -> Grid {
    let row = |change: &&Change| {
        let all = |text: &str| if text.is_empty() { "all".to_owned() } else { text.to_owned() };
        let is_difference = change.reference.is_some();
        let (factor, unit) = match (change.unit.as_str(), is_difference) {
            ("fraction", true) => (100.0, "points"),
            ("fraction", false) => (100.0, "%"),
            (unit, _) => (1.0, unit),
        };
        let error = 2.0 * change.se * factor;
        let decimals = decimals(error, change.change * factor, factor > 1.0);
        let level = |mean: f64| match is_difference {
            true => signed(mean * factor, decimals),
            false => format!("{:.decimals$}", mean * factor),
        };
        vec![
            change.world.clone(),
            change.outcome.clone(),
            all(&change.region),
            all(&change.manufacturer),
            change.year.to_string(),
            level(change.a.mean),
            level(change.b.mean),
            signed(change.change * factor, decimals),
            format!("{error:.decimals$}"),
            unit.to_owned(),
            verdict(change.verdict).to_owned(),
        ]
    };
    Grid {
        header: vec!["world", "outcome", "region", "maker", "year", "A", "B", "change", "error", "unit", ""],
        rows: changes.iter().map(row).collect(),
        figures: 4..9,
        last_is_long: false,
    }
}

/// Decimals of a row: two digits of its error, or three of a change without one; shares have two decimals at least.
fn decimals(error: f64, change: f64, of_shares: bool) -> usize {
    let wanted = match (error > 0.0, change == 0.0) {
        (true, _) => 1 - order_of_magnitude(error),
        (false, true) => 0,
        (false, false) => 2 - order_of_magnitude(change.abs()),
    };
    wanted.clamp(if of_shares { 2 } else { 0 }, 9) as usize
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Same => "the same",
        Verdict::Noise => "may be noise",
        Verdict::Change => "changed",
    }
}
