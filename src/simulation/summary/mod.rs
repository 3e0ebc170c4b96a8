//! `ColumnSummary`: one outcome over all replications, folded block by block into statistics whose
//! size does not grow with the replications and whose merge is exact.
//!
//! *How to use it.* Fold the first [`PILOT`] replications; if more are to come, [`settle`] the column;
//! fold the rest. A block is a fixed set of replications, folded whole and once. Blocks may come in any
//! order, be folded into different copies ([`empty_copy`]) and merged in any order: the estimate is the
//! same to the last bit.
//!
//! *What is kept.* Before settling, every value: the estimate is exact. Settling looks at what has come
//! so far, the pilot, and picks one of two forms:
//! - `bins`: a histogram of about 1,550 bins for the quantiles, exact counts of gains, losses and
//!   ties, and fixed-point sums for mean and sd. A quantile is within 0.1 % of the p05–p95 range.
//! - `rare`: for a column that is (nearly) always the same or hardly ever defined: one value, and
//!   how many others lie in each narrow interval around it.
//!
//! NaN and infinite values are undefined in that replication and left out.
//!
//! [`settle`]: ColumnSummary::settle
//! [`empty_copy`]: ColumnSummary::empty_copy

mod bins;
mod estimate;
mod moments;
mod rare;
mod raw;

pub use estimate::Estimate;

use bins::{Binned, Layout};
use rare::Rare;
use raw::Raw;

/// Replications after which a longer run settles its columns.
pub const PILOT: usize = 512;

/// The statistics of one outcome column.
#[derive(Clone, Debug)]
pub struct ColumnSummary(Form);

#[derive(Clone, Debug)]
enum Form {
    Raw(Raw),
    Binned(Box<Binned>),
    Rare(Box<Rare>),
}

impl Default for ColumnSummary {
    fn default() -> Self {
        Self::new()
    }
}

impl ColumnSummary {
    /// A column without values, of which all are kept until it is settled.
    pub fn new() -> Self {
        Self(Form::Raw(Raw::default()))
    }

    /// Takes in the values of one block of replications; NaN where the outcome is undefined.
    pub fn fold(&mut self, block: &[f64]) {
        match &mut self.0 {
            Form::Raw(raw) => raw.fold(block),
            Form::Binned(binned) => binned.fold(block),
            Form::Rare(rare) => rare.fold(block),
        }
    }

    /// Ends the pilot: from here on the size stays fixed. Does nothing to a settled column.
    pub fn settle(&mut self) {
        let Form::Raw(raw) = &self.0 else { return };
        let sorted = raw.sorted();
        self.0 = match Layout::from_pilot(&sorted) {
            Some(layout) => {
                let mut binned = Binned::new(layout);
                sorted.chunks(PILOT / 2).for_each(|part| binned.fold(part));
                Form::Binned(Box::new(binned))
            }
            None => {
                let mut rare = Rare::new(raw::most_frequent(&sorted).map_or(0.0, |(value, _)| value));
                rare.fold(&sorted);
                Form::Rare(Box::new(rare))
            }
        };
    }

    /// A column without values that can be merged into this one, for another share of the replications.
    pub fn empty_copy(&self) -> Self {
        Self(match &self.0 {
            Form::Raw(_) => Form::Raw(Raw::default()),
            Form::Binned(binned) => Form::Binned(Box::new(Binned::new(binned.layout().clone()))),
            Form::Rare(rare) => Form::Rare(Box::new(Rare::new(rare.usual()))),
        })
    }

    /// Adds the replications of `other`, an [`empty_copy`](Self::empty_copy) that has seen others.
    ///
    /// # Panics
    /// If the two were settled on different pilots.
    pub fn merge(&mut self, other: &Self) {
        match (&mut self.0, &other.0) {
            (Form::Raw(a), Form::Raw(b)) => a.merge(b),
            (Form::Binned(a), Form::Binned(b)) => a.merge(b),
            (Form::Rare(a), Form::Rare(b)) => a.merge(b),
            _ => panic!("columns that were settled apart cannot be merged"),
        }
    }

    /// The statistics of all that was folded.
    pub fn estimate(&self) -> Estimate {
        match &self.0 {
            Form::Raw(raw) => Estimate::exact(&raw.sorted()),
            Form::Binned(binned) => binned.estimate(),
            Form::Rare(rare) => rare.estimate(),
        }
    }

    /// Memory held, in bytes.
    pub fn bytes(&self) -> usize {
        size_of::<Self>()
            + match &self.0 {
                Form::Raw(raw) => raw.bytes(),
                Form::Binned(binned) => binned.bytes(),
                Form::Rare(rare) => rare.bytes(),
            }
    }
}

#[cfg(test)]
mod tests;
