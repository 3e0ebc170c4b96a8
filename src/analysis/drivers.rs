//! Which input drives a difference: rank correlations, first-order indices and δ, from the draws of a run.
//!
//! All of it is "given data": no further simulation. An input is cut into classes of equal probability.
//! - Rank correlation: Spearman's.
//! - First-order index, the part of the variance that goes when the input is known: V(E[Y|X])/V(Y), estimated by the
//!   variance between classes less what chance alone puts there, 1 − (SS_within/(n − M))/(SS/(n − 1)) (Kelley's ε²; T. L.
//!   Kelley, PNAS 21, 1935; given-data estimation: E. Plischke, E. Borgonovo & C. L. Smith, EJOR 226, 2013).
//! - δ, how far the whole distribution moves when the input is known: ½ E_X ∫ |f(y) − f(y|x)| dy (E. Borgonovo,
//!   Reliability Engineering & System Safety 92, 2007), over classes of X and Y of equal probability. What classes hide
//!   falls as one over their number, so it is extrapolated from twenty and ten. Chance alone makes δ positive: its
//!   part is taken out of each cell's square, and what is left of it, as inputs that nothing uses show, out of δ's. On functions with
//!   a known δ the estimate is up to a tenth too low.
//!
//! Intervals are ± 1.96 standard deviations over bootstrap samples of [`GROUPS`] groups of replications.

use super::classes::{CLASSES, Ranked, TIERS};
use crate::simulation::TWO_SIDED_95;

/// Groups of replications that a bootstrap sample draws.
pub const GROUPS: usize = 32;
/// δ takes longer than the others.
const RESAMPLES_OF_DELTA: usize = 40;

/// An estimate with its 95 % bootstrap interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// What one input does to one outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Driver {
    pub rank_correlation: Interval,
    pub first_order: Interval,
    pub delta: Interval,
    /// The outcome's mean where the input is in its lowest and in its highest fifth.
    pub mean_if_low: f64,
    pub mean_if_high: f64,
}

/// What each input does to an outcome; `None` if it is the same in all replications. `resamples` says how often each
/// group stands in each bootstrap sample; `idle` are inputs that nothing uses.
pub fn drivers(
    inputs: &[Ranked],
    idle: &[Ranked],
    outcome: &[f64],
    resamples: &[[f64; GROUPS]],
) -> Option<Vec<Driver>> {
    let ranked = Ranked::new(outcome);
    let n = outcome.len() as f64;
    let mean = outcome.iter().sum::<f64>() / n;
    let centred: Vec<f64> = outcome.iter().map(|value| value - mean).collect();
    let size = centred.iter().fold(0.0, |size: f64, value| size.max(value.abs()));
    // Differences in the last bits are none.
    if size <= 1e-12 * mean.abs() || size == 0.0 {
        return None;
    }
    let all = [1.0; GROUPS];
    let chance = idle.iter().map(|input| Parts::new(input, &ranked, &centred).delta(&all)).sum::<f64>()
        / idle.len().max(1) as f64;
    let over_chance = |delta: f64| (delta * delta - chance * chance).max(0.0).sqrt();
    let interval = |value: f64, spread: f64, floor: f64| Interval {
        value: value.max(floor),
        low: (value - TWO_SIDED_95 * spread).clamp(floor, 1.0),
        high: (value + TWO_SIDED_95 * spread).clamp(floor, 1.0),
    };
    let spread_of_delta = |parts: &Parts| {
        let fewer = &resamples[..resamples.len().min(RESAMPLES_OF_DELTA)];
        deviation(&fewer.iter().map(|weights| parts.delta(weights)).collect::<Vec<f64>>())
    };
    let driver = |input: &Ranked| {
        let parts = Parts::new(input, &ranked, &centred);
        let spread = |statistic: &dyn Fn(&[f64; GROUPS]) -> f64| {
            deviation(&resamples.iter().map(statistic).collect::<Vec<f64>>())
        };
        let (low, high) = parts.ends();
        Driver {
            rank_correlation: interval(
                parts.rank_correlation(&all),
                spread(&|weights| parts.rank_correlation(weights)),
                -1.0,
            ),
            first_order: interval(
                parts.first_order(&all),
                spread(&|weights| parts.first_order(weights)),
                0.0,
            ),
            delta: interval(over_chance(parts.delta(&all)), spread_of_delta(&parts), 0.0),
            mean_if_low: mean + low,
            mean_if_high: mean + high,
        }
    };
    Some(inputs.iter().map(driver).collect())
}

/// The standard deviation of some numbers.
fn deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0)).sqrt()
}

/// What every statistic of an input and an outcome is made of, group by group.
struct Parts {
    /// Σ of squares and of products of centred ranks: input, outcome, both.
    ranks: [[f64; 3]; GROUPS],
    /// By class of the input: replications, and Σ y.
    count: [[f64; CLASSES]; GROUPS],
    sum: [[f64; CLASSES]; GROUPS],
    /// Σ y².
    squares: [f64; GROUPS],
    /// Replications by tier of the input and tier of the outcome.
    cells: Vec<[f64; TIERS * TIERS]>,
}

impl Parts {
    fn new(input: &Ranked, outcome: &Ranked, centred: &[f64]) -> Parts {
        let mut parts = Parts {
            ranks: [[0.0; 3]; GROUPS],
            count: [[0.0; CLASSES]; GROUPS],
            sum: [[0.0; CLASSES]; GROUPS],
            squares: [0.0; GROUPS],
            cells: vec![[0.0; TIERS * TIERS]; GROUPS],
        };
        let middle = 0.5 * (centred.len() as f64 - 1.0);
        for (replication, &y) in centred.iter().enumerate() {
            let group = replication % GROUPS;
            let (a, b) = (input.ranks[replication], outcome.ranks[replication]);
            let (x, r) = (f64::from(a) - middle, f64::from(b) - middle);
            let class = input.class(a);
            let products = &mut parts.ranks[group];
            products[0] += x * x;
            products[1] += r * r;
            products[2] += x * r;
            parts.count[group][class] += 1.0;
            parts.sum[group][class] += y;
            parts.squares[group] += y * y;
            parts.cells[group][input.tier(a) * TIERS + outcome.tier(b)] += 1.0;
        }
        parts
    }

    fn rank_correlation(&self, weights: &[f64; GROUPS]) -> f64 {
        let mut total = [0.0; 3];
        for (products, weight) in self.ranks.iter().zip(weights) {
            total.iter_mut().zip(products).for_each(|(total, product)| *total += weight * product);
        }
        total[2] / (total[0] * total[1]).sqrt()
    }

    /// Sums over the groups: by class replications and Σ y, and Σ y² of all.
    fn classes(&self, weights: &[f64; GROUPS]) -> ([f64; CLASSES], [f64; CLASSES], f64) {
        let (mut count, mut sum, mut squares) = ([0.0; CLASSES], [0.0; CLASSES], 0.0);
        for (group, &weight) in weights.iter().enumerate() {
            for class in 0..CLASSES {
                count[class] += weight * self.count[group][class];
                sum[class] += weight * self.sum[group][class];
            }
            squares += weight * self.squares[group];
        }
        (count, sum, squares)
    }

    fn first_order(&self, weights: &[f64; GROUPS]) -> f64 {
        let (count, sum, squares) = self.classes(weights);
        let n: f64 = count.iter().sum();
        let total = squares - sum.iter().sum::<f64>() * sum.iter().sum::<f64>() / n;
        let mut used = 0.0;
        let mut explained = 0.0;
        for (count, sum) in count.iter().zip(&sum).filter(|(count, _)| **count > 0.0) {
            used += 1.0;
            explained += sum * sum / count;
        }
        let within = squares - explained;
        1.0 - (within / (n - used).max(1.0)) / (total / (n - 1.0))
    }

    fn delta(&self, weights: &[f64; GROUPS]) -> f64 {
        let mut cells = [0.0; TIERS * TIERS];
        for (of_group, &weight) in self.cells.iter().zip(weights) {
            cells.iter_mut().zip(of_group).for_each(|(cell, of_group)| *cell += weight * of_group);
        }
        let mut coarse = [0.0; TIERS * TIERS / 4];
        for (at, cell) in cells.iter().enumerate() {
            coarse[at / TIERS / 2 * (TIERS / 2) + at % TIERS / 2] += cell;
        }
        2.0 * apart(&cells, TIERS) - apart(&coarse, TIERS / 2)
    }

    /// Mean of y, centred, in the lowest and the highest fifth of the input.
    fn ends(&self) -> (f64, f64) {
        let (count, sum, _) = self.classes(&[1.0; GROUPS]);
        let fifth = CLASSES / 5;
        let mean = |classes: std::ops::Range<usize>| {
            sum[classes.clone()].iter().sum::<f64>() / count[classes].iter().sum::<f64>().max(1.0)
        };
        (mean(0..fifth), mean(CLASSES - fifth..CLASSES))
    }
}

/// ½ Σ over classes of X, with their probability, of the distance between the distribution of Y there and of Y.
fn apart(cells: &[f64], tiers: usize) -> f64 {
    let n: f64 = cells.iter().sum();
    let of_outcome: Vec<f64> =
        (0..tiers).map(|tier| cells.iter().skip(tier).step_by(tiers).sum::<f64>() / n).collect();
    let distance = |of_class: &[f64]| {
        let here: f64 = of_class.iter().sum();
        let size = |(cell, all): (&f64, &f64)| {
            let off = cell - here * all;
            // A count's variance is the count: so much of the square is chance.
            (off * off - cell).max(0.0).sqrt()
        };
        of_class.iter().zip(&of_outcome).map(size).sum::<f64>()
    };
    0.5 * cells.chunks_exact(tiers).map(distance).sum::<f64>() / n
}
