//! Profit weights of a year: those of the calendar, and what break-ups have ended of them.

use crate::market::model::ConductModel;
use crate::numeric::Real;

/// κ of each entry: the day-weighted mean of what is in force, each alliance having broken up at its time in
/// `breakup`. The base year is observed: nothing has broken up in it.
#[inline(always)]
pub(super) fn profit_weights<R: Real>(
    token: R::Token,
    conduct: &ConductModel,
    year: usize,
    breakup: &[R],
    out: &mut Vec<R>,
) {
    out.clear();
    if year == 0 || conduct.tied.is_empty() {
        for &kappa in &conduct.weight[year] {
            out.push(R::splat(token, kappa));
        }
        return;
    }
    let zero = R::zero(token);
    out.resize(conduct.row.len(), zero);
    for stretch in &conduct.stretches[year] {
        for (broken, weight) in stretch.weight.iter().enumerate() {
            // The days of the stretch on which exactly these have broken up.
            let (mut from, mut until) = (R::splat(token, stretch.from), R::splat(token, stretch.until));
            for (bit, &alliance) in conduct.tied.iter().enumerate() {
                match broken >> bit & 1 {
                    1 => from = from.max(breakup[alliance]),
                    _ => until = until.min(breakup[alliance]),
                }
            }
            let days = (until - from).max(zero);
            for (sum, &kappa) in out.iter_mut().zip(weight) {
                *sum += days * kappa;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::model::ConductStretch;

    #[test]
    fn control_ends_on_the_day_of_the_break_up() {
        // From the middle of the year on two firms are one; before, and after the break-up, the first weighs the
        // second with a stake of 0.2.
        let stretch = |from, until, together| ConductStretch {
            from,
            until,
            weight: vec![vec![together, 0.5], vec![0.2, 0.5]],
        };
        let conduct = ConductModel {
            row: vec![0, 1],
            column: vec![1, 2],
            weight: vec![vec![0.2, 0.5], vec![0.6, 0.5]],
            tied: vec![1],
            stretches: vec![vec![], vec![stretch(2025.0, 2025.5, 0.2), stretch(2025.5, 2026.0, 1.0)]],
        };
        let mut weights = Vec::new();
        let mut of = |breakup: f64| {
            profit_weights((), &conduct, 1, &[0.0, breakup], &mut weights);
            weights.clone()
        };
        assert_eq!(of(f64::INFINITY), conduct.weight[1]);
        assert_eq!(of(2026.0), conduct.weight[1]);
        assert_eq!(of(2025.75), [0.2 * 0.5 + 1.0 * 0.25 + 0.2 * 0.25, 0.5]);
        for before in [2025.25, 2025.0, 2010.0] {
            let of = of(before);
            assert!((of[0] - 0.2).abs() < 1e-15 && of[1] == 0.5, "{before}: {of:?}");
        }
        profit_weights((), &conduct, 0, &[0.0, 2010.0], &mut weights);
        assert_eq!(weights, [0.2, 0.5], "the base year is observed");
    }
}
