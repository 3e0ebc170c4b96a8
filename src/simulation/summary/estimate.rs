//! `Estimate`: what the replications say about one outcome, with the error that comes from their number.

use serde::{Deserialize, Serialize};

use super::sorted::sorted;

/// Statistics of one outcome over replications; figures that do not exist are NaN.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Replications in which the outcome is defined.
    pub n: u64,
    pub mean: f64,
    /// Standard deviation between replications, with n − 1; NaN for n < 2.
    pub sd: f64,
    /// Monte Carlo standard error of `mean`: sd/√n.
    pub se: f64,
    /// Quantiles by linear interpolation between order statistics at (n − 1) p (type 7 of R. J. Hyndman
    /// and Y. Fan, The American Statistician 50, 1996).
    pub p05: f64,
    pub p25: f64,
    pub p50: f64,
    pub p75: f64,
    pub p95: f64,
    /// Fraction of replications above 0.
    pub prob_gain: f64,
    /// Fraction of replications below 0.
    pub prob_loss: f64,
    /// Monte Carlo standard error of `prob_gain`: √(p (1 − p)/n).
    pub prob_gain_se: f64,
}

impl Estimate {
    /// No replication has a value.
    pub const EMPTY: Self = Self {
        n: 0,
        mean: f64::NAN,
        sd: f64::NAN,
        se: f64::NAN,
        p05: f64::NAN,
        p25: f64::NAN,
        p50: f64::NAN,
        p75: f64::NAN,
        p95: f64::NAN,
        prob_gain: f64::NAN,
        prob_loss: f64::NAN,
        prob_gain_se: f64::NAN,
    };

    /// Of the values with their signs turned.
    pub fn negated(&self) -> Self {
        let turned = |value: f64| 0.0 - value;
        let p = self.prob_loss;
        Self {
            mean: turned(self.mean),
            p05: turned(self.p95),
            p25: turned(self.p75),
            p50: turned(self.p50),
            p75: turned(self.p25),
            p95: turned(self.p05),
            prob_gain: p,
            prob_loss: self.prob_gain,
            prob_gain_se: (p * (1.0 - p) / self.n as f64).sqrt(),
            ..*self
        }
    }

    /// From all values, exactly; NaN where the outcome is undefined.
    pub fn of(values: &[f64]) -> Self {
        Self::exact(&sorted(values))
    }

    /// From all values, rising.
    pub(super) fn exact(sorted: &[f64]) -> Self {
        let Some(&pivot) = sorted.get(sorted.len() / 2) else { return Self::EMPTY };
        let n = sorted.len() as f64;
        let mean = pivot + sum(sorted.iter().map(|x| x - pivot)) / n;
        let squares = sum(sorted.iter().map(|x| (x - mean) * (x - mean)));
        let signs = Signs {
            losses: sorted.iter().filter(|&&x| x < 0.0).count() as u64,
            gains: sorted.iter().filter(|&&x| x > 0.0).count() as u64,
        };
        Self::assemble(sorted.len() as u64, mean, squares / (n - 1.0), signs, |k| sorted[k as usize])
    }

    /// From a mean, a variance, counts, and the k-th smallest value for k from 0 to n − 1.
    pub(super) fn assemble(
        n: u64,
        mean: f64,
        variance: f64,
        signs: Signs,
        order_statistic: impl Fn(u64) -> f64,
    ) -> Self {
        if n == 0 {
            return Self::EMPTY;
        }
        let count = n as f64;
        let sd = if n > 1 { variance.sqrt() } else { f64::NAN };
        let quantile = |p: f64| {
            let position = (count - 1.0) * p;
            let (k, part) = (position.floor(), position - position.floor());
            let below = order_statistic(k as u64);
            let above = order_statistic((k as u64 + 1).min(n - 1));
            below + part * (above - below)
        };
        let prob_gain = signs.gains as f64 / count;
        Self {
            n,
            mean,
            sd,
            se: sd / count.sqrt(),
            p05: quantile(0.05),
            p25: quantile(0.25),
            p50: quantile(0.5),
            p75: quantile(0.75),
            p95: quantile(0.95),
            prob_gain,
            prob_loss: signs.losses as f64 / count,
            prob_gain_se: (prob_gain * (1.0 - prob_gain) / count).sqrt(),
        }
    }
}

/// A sum that carries the digits each addition loses (A. Neumaier, ZAMM 54, 1974).
fn sum(terms: impl Iterator<Item = f64>) -> f64 {
    let (mut total, mut lost) = (0.0_f64, 0.0);
    for term in terms {
        let next = total + term;
        let (larger, smaller) = if total.abs() >= term.abs() { (total, term) } else { (term, total) };
        lost += (larger - next) + smaller;
        total = next;
    }
    total + lost
}

/// How many values lie below and above 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Signs {
    pub losses: u64,
    pub gains: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_sample_by_hand() {
        let e = Estimate::exact(&[-1.0, 0.0, 2.0, 3.0]);
        assert_eq!((e.n, e.mean, e.p50, e.p25), (4, 1.0, 1.0, -0.25));
        assert!((e.p95 - 2.85).abs() < 1e-15);
        assert!((e.sd - (10.0_f64 / 3.0).sqrt()).abs() < 1e-15);
        assert_eq!((e.se, e.prob_gain, e.prob_loss, e.prob_gain_se), (e.sd / 2.0, 0.5, 0.25, 0.25));
    }

    #[test]
    fn one_value_has_no_spread_and_none_has_nothing() {
        let one = Estimate::exact(&[7.0]);
        assert_eq!((one.n, one.mean, one.p05, one.p95), (1, 7.0, 7.0, 7.0));
        assert!(one.sd.is_nan() && one.se.is_nan());
        let none = Estimate::exact(&[]);
        assert!(none.n == 0 && none.mean.is_nan() && none.p50.is_nan() && none.prob_gain.is_nan());
    }
}
