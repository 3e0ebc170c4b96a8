//! `Binned`: a column as a histogram, with exact counts and sums.
//!
//! The pilot fixes equal bins of width w ≈ 0.09 % of its p05–p95 range R, from its 2.1 % to its 97.9 %
//! quantile: the final p05 and p95 lie within, unless the pilot's are more than three standard errors
//! off (about 1 column in 400). Beyond either end follow tail bins that double in width every eight, so
//! that even then a quantile is found within an eighth of its distance from the end. The smallest and
//! the largest value, the values equal to 0 and the values equal to the pilot's most frequent value are
//! known exactly. An order statistic is placed within its bin by its rank, so that the error is below w
//! (and, for a smooth density, far below).
//!
//! If more than 90 % of the pilot are one value, so that R = 0, a third of the span of the others
//! stands in for R.

use serde::{Deserialize, Serialize};

use super::counts::{Counts, Low};
use super::estimate::Estimate;
use super::moments::{Moments, Reference};
use super::sorted::most_frequent;
use crate::numeric::{Kernel, Real, on_best_lanes};

/// Tail bins on either side, and how many of them double the width.
const TAIL: usize = 64;
const PER_DOUBLING: usize = 8;
const DOUBLING_SHIFT: u32 = 52 - 3;
/// The most equal bins a column gets, however long its tails are.
const MOST_BINS: f64 = 4600.0;
/// Fewer pilot values than this say too little about the range.
const FEWEST_VALUES: usize = 16;

/// Where the bins lie.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Layout {
    reference: Reference,
    low: f64,
    width: f64,
    inverse_width: f64,
    /// Equal bins.
    bins: usize,
}

impl Layout {
    /// The layout for a rising pilot; none if it is (nearly) constant or too short to tell.
    pub(super) fn from_pilot(sorted: &[f64]) -> Option<Self> {
        let (frequent, times) = most_frequent(sorted)?;
        if sorted.len() < FEWEST_VALUES {
            return None;
        }
        let (mut low, mut high, mut range) = span(sorted);
        if range == 0.0 {
            let others: Vec<f64> = sorted.iter().copied().filter(|&x| x != frequent).collect();
            if others.len() < FEWEST_VALUES {
                return None;
            }
            let (others_low, others_high, _) = span(&others);
            (low, high) = (others_low.min(frequent), others_high.max(frequent));
            range = (high - low) / 3.0;
        }
        // The pilot's range has a relative standard error of about 0.9/√n; allow for four of them.
        let width = range / (1000.0 * (1.0 + 3.4 / (sorted.len() as f64).sqrt()));
        let reach = sorted[sorted.len() - 1] - sorted[0];
        if !(width > 1e-280 && reach < 1e280) {
            return None;
        }
        let wanted = ((high - low) / width).ceil();
        if wanted > MOST_BINS {
            let p05 = type_7(sorted, 0.05);
            low = low.max(p05 - 0.4 * (MOST_BINS * width - range));
        }
        let tie = if times * 50 >= sorted.len() { frequent } else { 0.0 };
        Some(Self {
            reference: Reference::new(sorted, tie),
            low,
            width,
            inverse_width: 1.0 / width,
            bins: wanted.clamp(1.0, MOST_BINS) as usize,
        })
    }

    /// The lower end of a place in the list of all bins, tails included.
    fn edge(&self, place: usize) -> f64 {
        let tail = |j: usize| {
            let doubled = (1_u64 << (j / PER_DOUBLING)) as f64;
            PER_DOUBLING as f64 * (doubled * (1.0 + (j % PER_DOUBLING) as f64 / PER_DOUBLING as f64) - 1.0)
        };
        let widths = if place < TAIL {
            -tail(TAIL - place)
        } else if place <= TAIL + self.bins {
            (place - TAIL) as f64
        } else {
            self.bins as f64 + tail(place - TAIL - self.bins)
        };
        self.low + self.width * widths
    }

    /// The place of a value outside the equal bins.
    #[cold]
    fn tail_place(&self, x: f64) -> usize {
        let widths = (x - self.low) * self.inverse_width;
        let upper = widths > 0.5 * self.bins as f64;
        let beyond = if upper { widths - self.bins as f64 } else { -widths };
        let grown = (1.0 + beyond / PER_DOUBLING as f64).max(1.0);
        let j = ((grown.to_bits() >> DOUBLING_SHIFT) - (1.0_f64.to_bits() >> DOUBLING_SHIFT)) as usize;
        let j = j.min(TAIL - 1);
        if upper { TAIL + self.bins + j } else { TAIL - 1 - j }
    }

    /// The width of the bin that holds `x`; the last tail bin has none.
    #[cfg(test)]
    pub(super) fn bin_width(&self, x: f64) -> f64 {
        if (self.low..=self.low + self.width * self.bins as f64).contains(&x) {
            return self.width;
        }
        let place = self.tail_place(x);
        let last = [0, self.bins + 2 * TAIL - 1].contains(&place);
        if last { f64::INFINITY } else { self.edge(place + 1) - self.edge(place) }
    }
}

/// The quantiles of a rising list that lie three standard errors outside p05 and p95, and p95 − p05. A
/// list too short to have such quantiles is continued by up to half of that range on either side.
fn span(sorted: &[f64]) -> (f64, f64, f64) {
    let margin = 3.0 * (0.05 * 0.95 / sorted.len() as f64).sqrt();
    let outer = (0.05 - margin).max(0.0);
    let range = type_7(sorted, 0.95) - type_7(sorted, 0.05);
    let beyond = 0.5 * range * (1.0 - 0.05 / margin).max(0.0);
    (type_7(sorted, outer) - beyond, type_7(sorted, 1.0 - outer) + beyond, range)
}

fn type_7(sorted: &[f64], p: f64) -> f64 {
    let position = (sorted.len() - 1) as f64 * p;
    let k = position as usize;
    let above = sorted[(k + 1).min(sorted.len() - 1)];
    sorted[k] + (position - k as f64) * (above - sorted[k])
}

/// A settled column that varies.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Binned {
    layout: Layout,
    moments: Moments,
    counts: Counts,
}

impl Binned {
    pub(super) fn new(layout: Layout, replications: u64) -> Self {
        let counts = Counts::new(layout.bins + 2 * TAIL, replications);
        Self { layout, moments: Moments::new(), counts }
    }

    pub(super) fn empty_copy(&self) -> Self {
        let (layout, counts) = (self.layout.clone(), self.counts.empty_copy());
        Self { layout, moments: Moments::new(), counts }
    }

    #[cfg(test)]
    pub(super) fn layout(&self) -> &Layout {
        &self.layout
    }

    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>() + self.counts.bytes()
    }

    /// With the usual number of bins.
    pub(super) fn usual_bytes(replications: u64) -> usize {
        size_of::<Self>() + Counts::usual_bytes(1550 + 2 * TAIL, replications)
    }

    pub(super) fn fold(&mut self, block: &[f64]) {
        on_best_lanes(Fold { column: self, block });
    }

    /// Whether the counts can be those of so many values at most, each in one bin.
    pub(super) fn is_possible(&self, most: u64) -> bool {
        let bins = self.layout.bins.checked_add(2 * TAIL);
        let fits = bins == Some(self.counts.bins()) && self.layout.bins > 0;
        let mut counts = (0..self.counts.bins()).map(|bin| self.counts.get(bin));
        let counted = counts.try_fold(0_u64, |sum, count| sum.checked_add(count));
        fits && counted == Some(self.moments.n) && self.moments.are_possible(most)
    }

    /// Whether the bins are the same.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.layout == other.layout && self.counts.is_like(&other.counts)
    }

    pub(super) fn merge(&mut self, other: &Self) {
        assert!(self.is_like(other), "columns that were settled apart cannot be merged");
        self.moments.merge(&other.moments);
        self.counts.merge(&other.counts);
    }

    pub(super) fn estimate(&self) -> Estimate {
        let moments = &self.moments;
        let (mean, variance) = moments.mean_and_variance(&self.layout.reference);
        let mut below = vec![0];
        for place in 0..self.layout.bins + 2 * TAIL {
            below.push(below[place] + self.counts.get(place));
        }
        let order_statistic = |k: u64| self.order_statistic(k, &below);
        Estimate::assemble(moments.n, mean, variance, moments.signs, order_statistic)
    }

    /// The k-th smallest value, with the number of values below each place: placed by its rank between the
    /// nearest of the bin's edges, the extremes, and the values that are known exactly. So the k-th is never
    /// above the next one.
    fn order_statistic(&self, k: u64, below: &[u64]) -> f64 {
        let (moments, tie) = (&self.moments, self.layout.reference.tie);
        if k == 0 {
            return moments.min;
        }
        if k == moments.n - 1 {
            return moments.max;
        }
        let place = below.partition_point(|&count| count <= k) - 1;
        let last = self.layout.bins + 2 * TAIL - 1;
        let from = if place == 0 { moments.min } else { self.layout.edge(place).max(moments.min) };
        let to = if place == last { moments.max } else { self.layout.edge(place + 1).min(moments.max) };
        let (mut from, mut to) = ((below[place], from), (below[place + 1], to));
        let known = [
            (0.0, moments.signs.losses, moments.n - moments.signs.gains),
            (tie, moments.below_tie, moments.n - moments.above_tie),
        ];
        for (value, first, end) in known {
            if (first..end).contains(&k) {
                return value;
            }
            // A value lies in the bin of its rank, or is off by rounding: what is known exactly wins.
            if end <= k && value >= from.1 {
                from = (end.max(from.0), value);
                to.1 = to.1.max(value);
            }
            if k < first && value <= to.1 {
                to = (first.min(to.0), value);
                from.1 = from.1.min(value);
            }
        }
        from.1 + (to.1 - from.1) * (((k - from.0) as f64 + 0.5) / (to.0 - from.0) as f64)
    }
}

/// One block going into one column; plain loops that the compiler turns into vector instructions.
struct Fold<'a> {
    column: &'a mut Binned,
    block: &'a [f64],
}

impl Kernel for Fold<'_> {
    type Output = ();
    #[inline(always)]
    fn run<R: Real>(self, _: R::Token) {
        let Binned { layout, moments, counts } = self.column;
        moments.fold(self.block, &layout.reference);
        let Counts { low, again } = counts;
        match low {
            Low::Byte(counts) => count(
                layout,
                self.block,
                #[inline(always)]
                |bin| {
                    counts[bin] = counts[bin].wrapping_add(1);
                    if counts[bin] == 0 {
                        again.add(bin, 1);
                    }
                },
            ),
            Low::Word(counts) => count(
                layout,
                self.block,
                #[inline(always)]
                |bin| {
                    counts[bin] = counts[bin].wrapping_add(1);
                    if counts[bin] == 0 {
                        again.add(bin, 1);
                    }
                },
            ),
        }
    }
}

/// Adds each value of a block to its bin.
#[inline(always)]
fn count(layout: &Layout, block: &[f64], mut add_one: impl FnMut(usize)) {
    const TO_INTEGER: f64 = 6_755_399_441_055_744.0; // 1.5 · 2⁵²: the sum's low bits are the integer
    let bins = layout.bins as f64;
    let mut places = [0_i32; 64];
    for part in block.chunks(places.len()) {
        for (place, &x) in places.iter_mut().zip(part) {
            let widths = (x - layout.low) * layout.inverse_width - 0.5;
            let widths = if widths > -1.0 { widths } else { -1.0 }; // NaN too
            let widths = if widths < bins { widths } else { bins };
            *place = (widths + TO_INTEGER).to_bits() as i32;
        }
        for (&place, &x) in places.iter().zip(part) {
            if (place as u32) < layout.bins as u32 {
                add_one(TAIL + place as usize);
            } else if x.is_finite() {
                add_one(layout.tail_place(x));
            }
        }
    }
}
