//! `Moments`: sums of a column for its mean and variance, exact under merging.
//!
//! Within a block, d = (x − pivot)/scale and d² are summed as f64 in one fixed order. The block's two
//! sums are then added to 128-bit integers, in units of 2⁻⁸⁰ and 2⁻⁴⁸: integer addition is exact, so
//! the order of blocks cannot matter. Pivot and scale come from the pilot: the scale is a power of two
//! that no |x − pivot| of the pilot exceeds.
//!
//! Room: Σ d up to 2⁴⁷ and Σ d² up to 2⁷⁹, for instance a million replications that all lie 10⁸ scales
//! off, or one that lies 10¹² off in the variance and 10¹⁴ in the mean. Beyond, the sums saturate, and
//! the mean is infinite or the variance is: never wrong in silence.

use serde::{Deserialize, Serialize};

use super::estimate::Signs;

const SUM_UNIT: f64 = (1_u128 << 80) as f64;
const SQUARES_UNIT: f64 = (1_u128 << 48) as f64;

/// What moments and counts are taken around.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Reference {
    pub pivot: f64,
    /// 1/scale, a power of two.
    pub inverse_scale: f64,
    /// A value that may come up again and again, whose ties are counted exactly.
    pub tie: f64,
}

impl Reference {
    /// For a rising pilot that is not constant.
    pub(super) fn new(sorted: &[f64], tie: f64) -> Self {
        let pivot = sorted[sorted.len() / 2];
        let furthest = (sorted[sorted.len() - 1] - pivot).max(pivot - sorted[0]);
        // Clear the mantissa: the power of two at or below, then one more.
        let scale = 2.0 * f64::from_bits(furthest.to_bits() & 0x7ff0_0000_0000_0000);
        Self { pivot, inverse_scale: 1.0 / scale, tie }
    }
}

/// Sums, extremes and counts of the values so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Moments {
    pub n: u64,
    pub signs: Signs,
    pub below_tie: u64,
    pub above_tie: u64,
    pub min: f64,
    pub max: f64,
    sum: i128,
    squares: i128,
}

const LANES: usize = 8;

impl Moments {
    pub(super) fn new() -> Self {
        Self {
            n: 0,
            signs: Signs::default(),
            below_tie: 0,
            above_tie: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            sum: 0,
            squares: 0,
        }
    }

    /// Adds one block.
    #[inline(always)]
    pub(super) fn fold(&mut self, block: &[f64], reference: &Reference) {
        let mut lanes = RunningLanes::new();
        let (eights, rest) = block.as_chunks::<LANES>();
        for eight in eights {
            lanes.add(eight, reference);
        }
        if !rest.is_empty() {
            let mut eight = [f64::NAN; LANES];
            eight[..rest.len()].copy_from_slice(rest);
            lanes.add(&eight, reference);
        }
        self.n += total(lanes.n);
        self.signs.losses += total(lanes.losses);
        self.signs.gains += total(lanes.gains);
        self.below_tie += total(lanes.below_tie);
        self.above_tie += total(lanes.above_tie);
        self.min = lanes.min.into_iter().fold(self.min, f64::min);
        self.max = lanes.max.into_iter().fold(self.max, f64::max);
        // `as` saturates.
        self.sum = self.sum.saturating_add((combine(lanes.sum) * SUM_UNIT) as i128);
        self.squares = self.squares.saturating_add((combine(lanes.squares) * SQUARES_UNIT) as i128);
    }

    /// Whether the counts can be those of so many values at most; sums can be anything.
    pub(super) fn are_possible(&self, most: u64) -> bool {
        let (signs, ties) = (self.signs, self.below_tie.checked_add(self.above_tie));
        let within = |count: Option<u64>| count.is_some_and(|count| count <= self.n);
        self.n <= most && within(signs.losses.checked_add(signs.gains)) && within(ties)
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.signs.losses += other.signs.losses;
        self.signs.gains += other.signs.gains;
        self.below_tie += other.below_tie;
        self.above_tie += other.above_tie;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.sum = self.sum.saturating_add(other.sum);
        self.squares = self.squares.saturating_add(other.squares);
    }

    /// Mean, and variance with n − 1.
    pub(super) fn mean_and_variance(&self, reference: &Reference) -> (f64, f64) {
        let (n, scale) = (self.n as f64, 1.0 / reference.inverse_scale);
        let d = open_ended(self.sum) / SUM_UNIT / n;
        let squares = open_ended(self.squares) / SQUARES_UNIT;
        let variance = ((squares - n * d * d) / (n - 1.0)).max(0.0) * scale * scale;
        (reference.pivot + scale * d, variance)
    }
}

/// The sum, or infinity if it has reached the end of its room.
fn open_ended(sum: i128) -> f64 {
    match sum {
        i128::MAX => f64::INFINITY,
        i128::MIN => f64::NEG_INFINITY,
        _ => sum as f64,
    }
}

/// Eight partial results side by side.
struct RunningLanes {
    n: [u64; LANES],
    losses: [u64; LANES],
    gains: [u64; LANES],
    below_tie: [u64; LANES],
    above_tie: [u64; LANES],
    min: [f64; LANES],
    max: [f64; LANES],
    sum: [f64; LANES],
    squares: [f64; LANES],
}

impl RunningLanes {
    #[inline(always)]
    fn new() -> Self {
        Self {
            n: [0; LANES],
            losses: [0; LANES],
            gains: [0; LANES],
            below_tie: [0; LANES],
            above_tie: [0; LANES],
            min: [f64::INFINITY; LANES],
            max: [f64::NEG_INFINITY; LANES],
            sum: [0.0; LANES],
            squares: [0.0; LANES],
        }
    }

    #[inline(always)]
    fn add(&mut self, values: &[f64; LANES], reference: &Reference) {
        for (l, &value) in values.iter().enumerate() {
            let finite = value.abs() < f64::INFINITY;
            let x = if finite { value } else { f64::NAN };
            let d = if finite { (x - reference.pivot) * reference.inverse_scale } else { 0.0 };
            self.n[l] += u64::from(finite);
            self.losses[l] += u64::from(x < 0.0);
            self.gains[l] += u64::from(x > 0.0);
            self.below_tie[l] += u64::from(x < reference.tie);
            self.above_tie[l] += u64::from(x > reference.tie);
            self.min[l] = if x < self.min[l] { x } else { self.min[l] };
            self.max[l] = if x > self.max[l] { x } else { self.max[l] };
            self.sum[l] += d;
            self.squares[l] += d * d;
        }
    }
}

#[inline(always)]
fn combine(s: [f64; LANES]) -> f64 {
    ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
}

#[inline(always)]
fn total(counts: [u64; LANES]) -> u64 {
    counts.iter().sum()
}
