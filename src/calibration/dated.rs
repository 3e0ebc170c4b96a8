//! Dated policies as values by year: the day-weighted mean of what is in force.

use super::Builder;
use crate::market::model::Dated;
use crate::scenario::quantity::Quantity;
use crate::scenario::tables::{PolicyKind, PolicyRow};
use crate::uncertainty::Distribution;

impl Builder<'_> {
    /// The steps of one policy: each row is in force until the next one of its kind; 0 before the first.
    pub(super) fn policy(
        &mut self,
        rows: &[PolicyRow],
        (region, kind, applies_to): (&str, PolicyKind, &str),
        years: std::ops::RangeInclusive<i32>,
    ) -> Dated {
        let mut steps: Vec<&PolicyRow> = rows
            .iter()
            .filter(|row| row.region == region && row.kind == kind && row.applies_to == applies_to)
            .collect();
        steps.sort_by_key(|row| row.date);
        let inputs: Vec<_> = steps.iter().map(|row| self.quantity(&row.value)).collect();
        years
            .map(|year| {
                let times: Vec<f64> = steps
                    .iter()
                    .map(|row| (row.date.as_year() - f64::from(year)).clamp(0.0, 1.0))
                    .chain([1.0])
                    .collect();
                let spans = times.windows(2).map(|span| span[1] - span[0]);
                spans.zip(&inputs).filter(|(weight, _)| *weight > 0.0).map(|(w, i)| (w, *i)).collect()
            })
            .collect()
    }
}

/// The point of a path in a year between two given ones: each of its figures on a straight line. Where
/// the two are of different kinds, the medians are joined.
pub(super) fn between(from: &(i32, Quantity), to: &(i32, Quantity), year: i32) -> Quantity {
    use Distribution::{Fixed, Triangular, Uniform};
    let step = f64::from(year - from.0) / f64::from(to.0 - from.0);
    let mix = |a: f64, b: f64| a + step * (b - a);
    let distribution = match (&from.1.distribution, &to.1.distribution) {
        (Triangular { low, mode, high }, Triangular { low: l, mode: m, high: h }) => {
            Triangular { low: mix(*low, *l), mode: mix(*mode, *m), high: mix(*high, *h) }
        }
        (Uniform { low, high }, Uniform { low: l, high: h }) => {
            Uniform { low: mix(*low, *l), high: mix(*high, *h) }
        }
        (Fixed(value), Triangular { low, mode, high }) => {
            Triangular { low: mix(*value, *low), mode: mix(*value, *mode), high: mix(*value, *high) }
        }
        (Fixed(value), Uniform { low, high }) => Uniform { low: mix(*value, *low), high: mix(*value, *high) },
        (a, b) => Fixed(mix(a.median(), b.median())),
    };
    Quantity { key: format!("{}.{year}", to.1.path()), distribution, provenance: to.1.provenance.clone() }
}
