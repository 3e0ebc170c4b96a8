//! `ColumnSummary`: one outcome over all replications, folded block by block into statistics whose
//! size does not grow with the replications and whose merge is exact.
//!
//! *How to use it.* A run of at most [`PILOT`] replications is summarised exactly by [`Estimate::of`]. A longer
//! one makes a summary of its pilot, the first [`PILOT`] replications, and folds the rest into it. A block is a
//! fixed set of replications, folded whole and once. Blocks may come in any order, be folded into different
//! copies ([`empty_copy`]) and merged in any order: the estimate is the same to the last bit.
//!
//! *What is kept.* The pilot picks one of two forms:
//! - `bins`: a histogram of about 1,550 bins for the quantiles, exact counts of gains, losses and
//!   ties, and fixed-point sums for mean and sd. A quantile is within 0.1 % of the p05–p95 range.
//! - `rare`: for a column that is (nearly) always the same or hardly ever defined: one value, and
//!   how many others lie in each narrow interval around it.
//!
//! NaN and infinite values are undefined in that replication and left out.
//!
//! [`empty_copy`]: ColumnSummary::empty_copy

mod bins;
mod counts;
mod estimate;
mod moments;
mod rare;
mod sorted;

pub use estimate::Estimate;

use serde::{Deserialize, Serialize};

use bins::{Binned, Layout};
use rare::Rare;

/// Replications that a longer run's columns are laid out by.
pub const PILOT: usize = 512;

/// The statistics of one outcome column.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ColumnSummary(Form);

#[derive(Clone, Debug, Serialize, Deserialize)]
enum Form {
    Binned(Box<Binned>),
    Rare(Box<Rare>),
}

impl ColumnSummary {
    /// A column that begins with the values of a pilot (NaN where the outcome is undefined) and will see about
    /// so many replications in all.
    pub fn of_pilot(pilot: &[f64], replications: u64) -> Self {
        let sorted = sorted::sorted(pilot);
        Self(match Layout::from_pilot(&sorted) {
            Some(layout) => {
                let mut binned = Binned::new(layout, replications);
                sorted.chunks(PILOT / 2).for_each(|part| binned.fold(part));
                Form::Binned(Box::new(binned))
            }
            None => {
                let mut rare = Rare::new(sorted::most_frequent(&sorted).map_or(0.0, |(value, _)| value));
                rare.fold(&sorted);
                Form::Rare(Box::new(rare))
            }
        })
    }

    /// Takes in the values of one block of replications; NaN where the outcome is undefined.
    pub fn fold(&mut self, block: &[f64]) {
        match &mut self.0 {
            Form::Binned(binned) => binned.fold(block),
            Form::Rare(rare) => rare.fold(block),
        }
    }

    /// A column without values that can be merged into this one, for another share of the replications.
    pub fn empty_copy(&self) -> Self {
        Self(match &self.0 {
            Form::Binned(binned) => Form::Binned(Box::new(binned.empty_copy())),
            Form::Rare(rare) => Form::Rare(Box::new(Rare::new(rare.usual()))),
        })
    }

    /// Whether the counts can be those of so many values at most: of what was saved and read again, this is not certain.
    pub fn is_possible(&self, most: u64) -> bool {
        match &self.0 {
            Form::Binned(binned) => binned.is_possible(most),
            Form::Rare(rare) => rare.is_possible(most),
        }
    }

    /// Whether the two began with the same pilot and can be merged.
    pub fn is_like(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Form::Binned(a), Form::Binned(b)) => a.is_like(b),
            (Form::Rare(a), Form::Rare(b)) => a.is_like(b),
            _ => false,
        }
    }

    /// Adds the replications of `other`, an [`empty_copy`](Self::empty_copy) that has seen others.
    ///
    /// # Panics
    /// If the two began with different pilots.
    pub fn merge(&mut self, other: &Self) {
        match (&mut self.0, &other.0) {
            (Form::Binned(a), Form::Binned(b)) => a.merge(b),
            (Form::Rare(a), Form::Rare(b)) => a.merge(b),
            _ => panic!("columns of different pilots cannot be merged"),
        }
    }

    /// The statistics of all that was folded.
    pub fn estimate(&self) -> Estimate {
        match &self.0 {
            Form::Binned(binned) => binned.estimate(),
            Form::Rare(rare) => rare.estimate(),
        }
    }

    /// Memory held, in bytes.
    pub fn bytes(&self) -> usize {
        size_of::<Self>()
            + match &self.0 {
                Form::Binned(binned) => binned.bytes(),
                Form::Rare(rare) => rare.bytes(),
            }
    }
}

/// What a column takes in a run of so many replications, bytes; one that hardly varies takes far less.
pub fn most_bytes(replications: u64) -> usize {
    size_of::<ColumnSummary>() + Binned::usual_bytes(replications)
}

#[cfg(test)]
mod tests;
