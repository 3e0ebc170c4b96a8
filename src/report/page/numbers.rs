//! All estimates of a run in few bytes: rounded to the decimals that are shown, as differences from one year
//! to the next, in variable-length integers. `data.js` reads it.

use serde_json::{Value, json};

use crate::analysis::Findings;
use crate::report::csv_file::{order_of_magnitude, power_of_ten};
use crate::simulation::Condition;
use crate::simulation::outcomes::{Key, Who};
use crate::simulation::summary::Estimate;

/// Significant digits of the largest level and of the largest change of an outcome; smaller ones have the
/// same number of decimals.
const LEVEL_DIGITS: i32 = 4;
const CHANGE_DIGITS: i32 = 3;
const MOST_DECIMALS: i32 = 14;
/// With more figures than this, rows by powertrain are left to the CSV files.
const MOST_FIGURES: usize = 2_000_000;

/// A figure of an estimate.
type Field = fn(&Estimate) -> f64;
const LEVEL_FIELDS: [Field; 7] =
    [|e| e.n as f64, |e| e.mean, |e| e.p05, |e| e.p25, |e| e.p50, |e| e.p75, |e| e.p95];
const SIGN_FIELDS: [Field; 2] = [|e| e.prob_gain, |e| e.prob_loss];
/// Decimals of `prob_gain` and `prob_loss`.
const PART_DECIMALS: i32 = 4;

/// What the figures are, and the figures.
pub struct Numbers {
    pub header: Value,
    pub bytes: Vec<u8>,
}

/// The outcomes of a run by name, with the decimals they are shown with.
struct Outcomes {
    /// Name, unit.
    named: Vec<(String, String)>,
    rows: Vec<Row>,
    /// Decimals of levels and of changes.
    decimals: Vec<[i32; 2]>,
    /// Whether rows by powertrain are there.
    complete: bool,
}

/// An outcome of one scope over all years.
struct Row {
    /// Of any year.
    key: Key,
    outcome: usize,
    /// Per year: where its estimate stands, if it is recorded.
    columns: Vec<Option<usize>>,
}

/// Every level, and every change under every condition.
pub fn numbers(findings: &Findings) -> Numbers {
    let outcomes = Outcomes::of(findings);
    let ensemble = &findings.ensemble;
    let mut bytes = Vec::new();
    for levels in &ensemble.levels {
        outcomes.pack(levels, 0, &LEVEL_FIELDS, &mut bytes);
    }
    let mut conditions = Vec::new();
    for comparison in &ensemble.comparisons {
        // Without anything that may fail or break up, all conditions are the same.
        let differ = comparison.conditions.iter().any(|other| differs(&comparison.conditions[0], other));
        let written = if differ { comparison.conditions.len() } else { 1 };
        conditions.push(written);
        for estimates in &comparison.conditions[..written] {
            outcomes.pack(estimates, 1, &LEVEL_FIELDS, &mut bytes);
            SIGN_FIELDS
                .iter()
                .for_each(|part| outcomes.pack_field(estimates, *part, |_| PART_DECIMALS, &mut bytes));
        }
    }
    let names = &findings.names;
    let who = |who: Who| match who {
        Who::Everyone => -1,
        Who::Maker(maker) => maker as i64,
        Who::Alliance(alliance) => (names.makers.len() + alliance) as i64,
    };
    let place = |index: Option<usize>| index.map_or(-1, |index| index as i64);
    let key = |Row { key, outcome, .. }: &Row| {
        [*outcome as i64, place(key.region), who(key.who), place(key.powertrain)]
    };
    let header = json!({
        "outcomes": outcomes.named.iter().zip(&outcomes.decimals)
            .map(|((name, unit), decimals)| json!([name, unit, decimals[0], decimals[1]])).collect::<Vec<_>>(),
        "keys": outcomes.rows.iter().flat_map(key).collect::<Vec<_>>(),
        "complete": outcomes.complete,
        "compared": ensemble.comparisons.iter().map(|comparison| comparison.world).collect::<Vec<_>>(),
        "conditions": conditions,
        "part_decimals": PART_DECIMALS,
    });
    Numbers { header, bytes }
}

/// Whether two lists of estimates differ; undefined figures are equal.
fn differs(a: &[Estimate], b: &[Estimate]) -> bool {
    let figures = |e: &Estimate| LEVEL_FIELDS.map(|field| field(e).to_bits());
    a.iter().zip(b).any(|(a, b)| figures(a) != figures(b))
}

impl Outcomes {
    fn of(findings: &Findings) -> Outcomes {
        let ensemble = &findings.ensemble;
        let per_column = LEVEL_FIELDS.len() * ensemble.levels.len()
            + Condition::ALL.len() * (LEVEL_FIELDS.len() + SIGN_FIELDS.len()) * ensemble.comparisons.len();
        let complete = ensemble.outcomes.keys.len() * per_column <= MOST_FIGURES;
        let (mut named, mut rows): (Vec<(String, String)>, Vec<Row>) = (Vec::new(), Vec::new());
        for (column, key) in ensemble.outcomes.keys.iter().enumerate() {
            if !complete && key.powertrain.is_some() {
                continue;
            }
            let of_any_year = key.in_year(findings.base_year);
            if rows.last().is_none_or(|row| row.key != of_any_year) {
                let labels = findings.labels(key);
                let name = (labels.outcome, labels.unit.to_owned());
                let outcome = named.iter().position(|known| *known == name).unwrap_or(named.len());
                if outcome == named.len() {
                    named.push(name);
                }
                let columns = vec![None; ensemble.outcomes.n_years];
                rows.push(Row { key: of_any_year, outcome, columns });
            }
            if let Some(row) = rows.last_mut() {
                row.columns[(key.year - findings.base_year) as usize] = Some(column);
            }
        }
        let mut outcomes = Outcomes { decimals: vec![[0; 2]; named.len()], named, rows, complete };
        let levels: Vec<&[Estimate]> = ensemble.levels.iter().map(Vec::as_slice).collect();
        let changes: Vec<&[Estimate]> =
            ensemble.comparisons.iter().map(|comparison| comparison.conditions[0].as_slice()).collect();
        let (level, change) = (outcomes.largest(&levels), outcomes.largest(&changes));
        for (decimals, (level, change)) in outcomes.decimals.iter_mut().zip(level.into_iter().zip(change)) {
            let of_levels = decimals_for(level, LEVEL_DIGITS);
            *decimals = [of_levels, decimals_for(change, CHANGE_DIGITS).max(of_levels)];
        }
        outcomes
    }

    /// Per outcome, the largest mean in absolute value.
    fn largest(&self, estimates: &[&[Estimate]]) -> Vec<f64> {
        let mut largest = vec![0.0_f64; self.named.len()];
        for row in &self.rows {
            let columns = row.columns.iter().flatten();
            let recorded =
                columns.flat_map(|&column| estimates.iter().filter_map(move |all| all.get(column)));
            let means = recorded.map(|estimate| estimate.mean.abs()).filter(|mean| mean.is_finite());
            largest[row.outcome] = means.fold(largest[row.outcome], f64::max);
        }
        largest
    }

    fn pack(&self, estimates: &[Estimate], kind: usize, fields: &[Field], to: &mut Vec<u8>) {
        for (position, field) in fields.iter().enumerate() {
            let decimals = |outcome: usize| if position == 0 { 0 } else { self.decimals[outcome][kind] };
            self.pack_field(estimates, *field, decimals, to);
        }
    }

    fn pack_field(
        &self,
        estimates: &[Estimate],
        field: Field,
        decimals: impl Fn(usize) -> i32,
        to: &mut Vec<u8>,
    ) {
        for row in &self.rows {
            let factor = power_of_ten(decimals(row.outcome));
            let mut before = 0;
            for column in &row.columns {
                let estimate = column.and_then(|column| estimates.get(column)).filter(|e| e.n > 0);
                let value = estimate.map_or(f64::NAN, |estimate| (field(estimate) * factor).round());
                before = push(to, value, before);
            }
        }
    }
}

/// Decimals that give a number of this size so many digits.
fn decimals_for(size: f64, digits: i32) -> i32 {
    (digits - 1 - order_of_magnitude(size)).clamp(0, MOST_DECIMALS)
}

/// Writes a whole number as its difference from the one before: 0 for none, else zigzag + 1 in groups of
/// seven bits. Returns what the next one is compared with.
fn push(to: &mut Vec<u8>, value: f64, before: i64) -> i64 {
    const EXACT: f64 = 9e15; // above, not every whole number is one of JavaScript's
    if value.is_nan() || value.abs() > EXACT {
        to.push(0);
        return before;
    }
    let step = value as i64 - before;
    let mut rest = ((step << 1) ^ (step >> 63)) as u64 + 1;
    while rest >= 128 {
        to.push(rest as u8 | 128);
        rest >>= 7;
    }
    to.push(rest as u8);
    value as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_follow_the_size() {
        assert_eq!(decimals_for(0.16, LEVEL_DIGITS), 4);
        assert_eq!(decimals_for(38_000.0, LEVEL_DIGITS), 0);
        assert_eq!(decimals_for(16e6, LEVEL_DIGITS), 0);
        assert_eq!(decimals_for(4e-7, LEVEL_DIGITS), 10);
        assert_eq!(decimals_for(0.0, LEVEL_DIGITS), 3);
    }

    #[test]
    fn numbers_are_written_as_steps() {
        let mut bytes = Vec::new();
        let mut before = 0;
        for value in [3.0, 3.0, f64::NAN, -1.0, 200.0, 1e20] {
            before = push(&mut bytes, value, before);
        }
        // 3, 0, none, −4, +201, none
        assert_eq!(bytes, [7, 1, 0, 8, 0x93, 0x03, 0]);
    }
}
