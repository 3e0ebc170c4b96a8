//! What became of the results: mean by mean, with the Monte Carlo error that tells a change from noise.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use super::rows::Row;
use super::run::Run;

/// A change is told from noise beyond so many standard errors of the difference.
const STANDARD_ERRORS: f64 = 2.0;
/// A smaller part of the figure itself is the rounding of the computer.
const ROUNDING: f64 = 1e-9;

/// Whether a mean has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// But for rounding.
    Same,
    /// It may be noise.
    Noise,
    /// Beyond two standard errors of the difference.
    Change,
}

/// A mean with its standard error and the middle 90 of 100 draws.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Estimate {
    pub n: u64,
    pub mean: f64,
    pub se: f64,
    pub p05: Option<f64>,
    pub p95: Option<f64>,
}

/// One figure in both runs.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    pub world: String,
    /// What it was compared with; none for a level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    pub outcome: String,
    pub unit: String,
    pub region: String,
    pub manufacturer: String,
    pub year: i32,
    pub a: Estimate,
    pub b: Estimate,
    /// The second mean minus the first.
    pub change: f64,
    /// As if the draws of the two had nothing in common: an upper bound where they have.
    pub se: f64,
    pub verdict: Verdict,
}

/// How many figures changed, and how many only one run has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    pub same: usize,
    pub noise: usize,
    pub change: usize,
    pub only_a: usize,
    pub only_b: usize,
}

/// What became of the results. Differences are those where what a world proposes goes ahead.
#[derive(Debug, Serialize)]
pub struct Results {
    /// Whether nothing but draws differs between the runs, so that every change is noise.
    pub only_draws: bool,
    pub same_seed: bool,
    /// Of all shares that the answer is about: world minus reference.
    pub answer: Vec<Change>,
    /// Shares of sales in the years of the answer.
    pub shares: Vec<Change>,
    /// Differences of every outcome in the years of the answer, all powertrains together.
    pub differences: Vec<Change>,
    /// Of all levels and of all differences in the files.
    pub levels_counted: Count,
    pub differences_counted: Count,
}

impl Count {
    fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Same => self.same += 1,
            Verdict::Noise => self.noise += 1,
            Verdict::Change => self.change += 1,
        }
    }

    /// Figures that both runs have.
    pub fn shared(&self) -> usize {
        self.same + self.noise + self.change
    }
}

impl Change {
    /// How many standard errors the change is large; infinite for a sure one.
    pub fn size(&self) -> f64 {
        match self.verdict {
            Verdict::Same => 0.0,
            _ => self.change.abs() / self.se,
        }
    }
}

/// What tells one figure of a run from another.
type Scope<'a> = (&'a str, Option<&'a str>, Option<&'a str>, [&'a str; 4], i32);

fn scope(row: &Row) -> Scope<'_> {
    let what = [&row.outcome, &row.region, &row.manufacturer, &row.powertrain].map(String::as_str);
    (&row.world, row.reference.as_deref(), row.condition.as_deref(), what, row.year)
}

impl Results {
    pub fn between(a: &Run, b: &Run, only_draws: bool) -> Results {
        let before: HashMap<Scope, &Row> = a.rows.iter().map(|row| (scope(row), row)).collect();
        let subjects: BTreeSet<&[String; 4]> = a.subjects.iter().chain(&b.subjects).collect();
        let mut years: BTreeSet<i32> =
            subjects.iter().filter_map(|subject| subject[3].parse().ok()).collect();
        if years.is_empty() {
            years.insert(a.last_year.min(b.last_year));
        }
        let mut results = Results {
            only_draws,
            same_seed: a.heading.seed == b.heading.seed,
            answer: Vec::new(),
            shares: Vec::new(),
            differences: Vec::new(),
            levels_counted: Count::default(),
            differences_counted: Count::default(),
        };
        let mut shared = [0, 0];
        for row in &b.rows {
            let is_difference = row.condition.is_some();
            let counted =
                if is_difference { &mut results.differences_counted } else { &mut results.levels_counted };
            let Some(earlier) = before.get(&scope(row)) else {
                counted.only_b += 1;
                continue;
            };
            shared[usize::from(is_difference)] += 1;
            // Where nothing was counted in either there is nothing to compare.
            let (Some(one), Some(other)) = (estimate(earlier), estimate(row)) else { continue };
            let change = change(row, one, other, only_draws);
            counted.add(change.verdict);
            let is_told = row.powertrain.is_empty() && years.contains(&row.year);
            let proceeds = row.condition.as_deref() == Some("proceeds");
            let is_share = row.outcome == "share";
            if !is_told || is_difference && !proceeds || !is_difference && !is_share {
                continue;
            }
            let subject =
                [&row.world, &row.manufacturer, &row.region, &row.year.to_string()].map(String::clone);
            match is_difference {
                true if is_share && subjects.contains(&subject) => results.answer.push(change),
                true => results.differences.push(change),
                false => results.shares.push(change),
            }
        }
        let levels = a.rows.iter().filter(|row| row.condition.is_none()).count();
        results.levels_counted.only_a = levels - shared[0];
        results.differences_counted.only_a = a.rows.len() - levels - shared[1];
        results
    }

    /// Whether every figure is the same in both runs, and both have the same figures.
    pub fn are_same(&self) -> bool {
        let same = |count: &Count| count.noise + count.change + count.only_a + count.only_b == 0;
        same(&self.levels_counted) && same(&self.differences_counted)
    }
}

fn estimate(row: &Row) -> Option<Estimate> {
    Some(Estimate { n: row.n, mean: row.mean?, se: row.se.unwrap_or(0.0), p05: row.p05, p95: row.p95 })
}

fn change(row: &Row, a: Estimate, b: Estimate, only_draws: bool) -> Change {
    let change = b.mean - a.mean;
    let se = (a.se * a.se + b.se * b.se).sqrt();
    let verdict = match change.abs() {
        size if size <= ROUNDING * a.mean.abs().max(b.mean.abs()) => Verdict::Same,
        _ if only_draws => Verdict::Noise,
        size if size > STANDARD_ERRORS * se => Verdict::Change,
        _ => Verdict::Noise,
    };
    Change {
        world: row.world.clone(),
        reference: row.reference.clone(),
        outcome: row.outcome.clone(),
        unit: row.unit.clone(),
        region: row.region.clone(),
        manufacturer: row.manufacturer.clone(),
        year: row.year,
        a,
        b,
        change,
        se,
        verdict,
    }
}
