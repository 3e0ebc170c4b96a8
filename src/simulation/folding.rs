//! `Folding`: samples by column, folded batch by batch into statistics of constant size.
//!
//! The first batch is the pilot: a run that is no longer is summarised exactly from it, a longer one sets
//! every sample's bins by it. Columns are folded in parallel, each by one thread in the order of
//! replications: no result depends on the number of threads.

use rayon::prelude::*;

use super::batch::Batch;
use super::summary::{ColumnSummary, Estimate};

/// The statistics of all columns so far; a column may have several samples.
pub(super) enum Folding {
    Nothing,
    /// Of a run that ends with its pilot.
    Exact(Vec<Vec<Estimate>>),
    Summaries(Vec<Vec<ColumnSummary>>),
}

impl Folding {
    /// Takes a batch of a run of so many replications. `samples(column, fold, each)` calls `each` with the
    /// samples of a column in a fold, always in the same order.
    pub fn take(
        &mut self,
        batch: &Batch,
        replications: u64,
        samples: impl Fn(usize, usize, &mut dyn FnMut(&[f64])) + Sync,
    ) {
        let columns = (0..batch.request.outcomes.n_columns()).into_par_iter();
        match self {
            Folding::Nothing if replications > batch.size as u64 => {
                let pilot = columns.map(|column| {
                    let mut summaries = Vec::new();
                    samples(column, 0, &mut |values| {
                        summaries.push(ColumnSummary::of_pilot(values, replications));
                    });
                    summaries
                });
                *self = Folding::Summaries(pilot.collect());
            }
            Folding::Nothing => {
                let exact = columns.map(|column| {
                    let mut estimates = Vec::new();
                    samples(column, 0, &mut |values| estimates.push(Estimate::of(values)));
                    estimates
                });
                *self = Folding::Exact(exact.collect());
            }
            Folding::Summaries(summaries) => {
                summaries.par_iter_mut().enumerate().for_each(|(column, summaries)| {
                    for fold in 0..batch.folds() {
                        let mut summaries = summaries.iter_mut();
                        samples(column, fold, &mut |values| {
                            summaries.next().expect("as many samples as in the pilot").fold(values);
                        });
                    }
                });
            }
            Folding::Exact(_) => unreachable!("a run of one batch"),
        }
    }

    /// Per column, per sample.
    pub fn estimates(&self) -> Vec<Vec<Estimate>> {
        match self {
            Folding::Nothing => Vec::new(),
            Folding::Exact(estimates) => estimates.clone(),
            Folding::Summaries(columns) => {
                columns.par_iter().map(|of| of.iter().map(ColumnSummary::estimate).collect()).collect()
            }
        }
    }
}
