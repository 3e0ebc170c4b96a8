//! `Rare`: a column that is one value nearly always, or that is hardly ever defined.
//!
//! The usual value is counted. Every other value is counted in an interval of its distance d from the
//! usual one: the leading 11 bits of d's mantissa, its exponent and its sign. The bits left out are
//! summed as integers, so that counts and sums are exact in any order. The mean is exact. A quantile is
//! exact if it is the usual value or alone in its interval, and within |d|/1024 otherwise; the sd is
//! within 1e-6 of itself. Memory grows with the number of intervals in use: 1,024 per doubling of |d|
//! and side at the very most.

use super::estimate::{Estimate, Signs};
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Mantissa bits that are not part of an interval's name.
const REST_BITS: u32 = 42;
const REST: u64 = (1 << REST_BITS) - 1;

/// The values in one interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Interval {
    n: u64,
    /// Sum of the mantissas' last bits.
    rest: u64,
}

/// A settled column that hardly varies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Rare {
    usual: f64,
    usual_n: u64,
    signs: Signs,
    /// By distance from the usual value, negative ones first.
    others: BTreeMap<i32, Interval>,
}

impl Rare {
    pub(super) fn new(usual: f64) -> Self {
        Self { usual, usual_n: 0, signs: Signs::default(), others: BTreeMap::new() }
    }

    pub(super) fn usual(&self) -> f64 {
        self.usual
    }

    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>() + self.others.len() * (size_of::<(i32, Interval)>() + 12)
    }

    pub(super) fn fold(&mut self, block: &[f64]) {
        // The common case first, in a loop without branches.
        let same = block.iter().filter(|&&x| x == self.usual).count();
        self.usual_n += same as u64;
        if same == block.len() {
            self.count_signs(self.usual, same as u64);
            return;
        }
        for &x in block.iter().filter(|x| x.is_finite()) {
            self.count_signs(x, 1);
            let bits = (x - self.usual).to_bits();
            if x != self.usual {
                let size = ((bits & !(1 << 63)) >> REST_BITS) as i32;
                let name = if bits >> 63 == 1 { -1 - size } else { size };
                let interval = self.others.entry(name).or_default();
                interval.n += 1;
                interval.rest = interval.rest.saturating_add(bits & REST);
            }
        }
    }

    fn count_signs(&mut self, x: f64, times: u64) {
        self.signs.losses += if x < 0.0 { times } else { 0 };
        self.signs.gains += if x > 0.0 { times } else { 0 };
    }

    /// Whether the counts can be those of so many values at most.
    pub(super) fn is_possible(&self, most: u64) -> bool {
        let mut counts = self.others.values().map(|interval| interval.n);
        let others = counts.try_fold(0_u64, |sum, n| if n == 0 { None } else { sum.checked_add(n) });
        let n = others.and_then(|others| others.checked_add(self.usual_n));
        let signs = self.signs.losses.checked_add(self.signs.gains);
        n.zip(signs).is_some_and(|(n, signs)| n <= most && signs <= n)
    }

    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.usual.to_bits() == other.usual.to_bits()
    }

    pub(super) fn merge(&mut self, other: &Self) {
        assert!(self.is_like(other), "settled on different pilots");
        self.usual_n += other.usual_n;
        self.signs.losses += other.signs.losses;
        self.signs.gains += other.signs.gains;
        for (&name, more) in &other.others {
            let interval = self.others.entry(name).or_default();
            interval.n += more.n;
            interval.rest = interval.rest.saturating_add(more.rest);
        }
    }

    pub(super) fn estimate(&self) -> Estimate {
        let others: Vec<(f64, u64)> =
            self.others.iter().map(|(&name, i)| (mean_distance(name, i), i.n)).collect();
        let n = self.usual_n + others.iter().map(|other| other.1).sum::<u64>();
        let d = others.iter().map(|&(d, times)| d * times as f64).sum::<f64>() / n as f64;
        let around_mean = |distance: f64| (distance - d) * (distance - d);
        let squares = self.usual_n as f64 * around_mean(0.0)
            + others.iter().map(|&(distance, times)| around_mean(distance) * times as f64).sum::<f64>();
        let usual = [(0.0, self.usual_n)];
        let (lower, upper) = others.split_at(others.partition_point(|other| other.0 < 0.0));
        let order_statistic = |k: u64| {
            let mut below = 0;
            for &(distance, times) in lower.iter().chain(&usual).chain(upper) {
                below += times;
                if k < below {
                    return self.usual + distance;
                }
            }
            unreachable!("k is below n")
        };
        Estimate::assemble(n, self.usual + d, squares / (n as f64 - 1.0), self.signs, order_statistic)
    }
}

/// The mean distance from the usual value of the values in an interval.
fn mean_distance(name: i32, interval: &Interval) -> f64 {
    let size = if name < 0 { -1 - name } else { name };
    let mean_rest = interval.rest / interval.n;
    let distance = f64::from_bits(((size as u64) << REST_BITS) | mean_rest);
    if name < 0 { -distance } else { distance }
}
