//! `Folding`: samples by column, folded batch by batch into statistics of constant size.
//!
//! The first batch is the pilot: a run that is no longer is summarised exactly from it, a longer one sets
//! every sample's bins by it. Columns are folded in parallel, each by one thread in the order of
//! replications: no result depends on the number of threads.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::batch::Batch;
use super::saved::{Piece, Unfit, pack, unpack};
use super::summary::{ColumnSummary, Estimate};

/// Columns that are saved in one piece.
const COLUMNS_PER_PIECE: usize = 64;

/// The statistics of all columns so far; a column may have several samples.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) enum Folding {
    #[default]
    Nothing,
    /// Of a run that ends with its pilot.
    Exact(Vec<Vec<Estimate>>),
    Summaries(Vec<Vec<ColumnSummary>>),
}

impl Folding {
    /// The statistics of a pilot.
    fn of_pilot(
        batch: &Batch,
        replications: u64,
        samples: impl Fn(usize, usize, &mut dyn FnMut(&[f64])) + Sync,
    ) -> Folding {
        let columns = (0..batch.request.outcomes.n_columns()).into_par_iter();
        let pilot = columns.map(|column| {
            let mut summaries = Vec::new();
            samples(column, 0, &mut |values| summaries.push(ColumnSummary::of_pilot(values, replications)));
            summaries
        });
        Folding::Summaries(pilot.collect())
    }

    /// Nothing yet, in bins set by a pilot whose replications are counted elsewhere.
    pub fn laid_out(
        pilot: &Batch,
        replications: u64,
        samples: impl Fn(usize, usize, &mut dyn FnMut(&[f64])) + Sync,
    ) -> Folding {
        let mut folding = Folding::of_pilot(pilot, replications, samples);
        if let Folding::Summaries(columns) = &mut folding {
            columns.par_iter_mut().flatten().for_each(|summary| *summary = summary.empty_copy());
        }
        folding
    }

    /// What was folded, some columns a piece.
    pub fn save(&self) -> Vec<Piece> {
        match self {
            Folding::Nothing => Vec::new(),
            Folding::Exact(columns) => vec![pack(&Folding::Exact(columns.clone()))],
            Folding::Summaries(columns) => {
                let pieces = columns.par_chunks(COLUMNS_PER_PIECE);
                pieces.map(|columns| pack(&Folding::Summaries(columns.to_vec()))).collect()
            }
        }
    }

    /// Takes in what was saved of so many columns with so many samples each, after `replications` others.
    pub fn merge(&mut self, saved: &[Piece], shape: (usize, usize), replications: u64) -> Result<(), Unfit> {
        if replications == 0 && saved.is_empty() {
            return Ok(());
        }
        let (n_columns, n_samples) = shape;
        let pieces: Vec<Folding> = saved.par_iter().map(|piece| unpack(piece)).collect::<Result<_, _>>()?;
        let mut columns: Vec<Vec<ColumnSummary>> = Vec::with_capacity(n_columns);
        for piece in pieces {
            match (&self, piece) {
                (_, Folding::Summaries(more)) => columns.extend(more),
                (Folding::Nothing, Folding::Exact(exact)) if saved.len() == 1 => {
                    let fits = exact.len() == n_columns && exact.iter().all(|of| of.len() == n_samples);
                    *self = Folding::Exact(exact);
                    return if fits { Ok(()) } else { Err(Unfit::Content) };
                }
                _ => return Err(Unfit::Content),
            }
        }
        let fits = |of: &Vec<ColumnSummary>| {
            of.len() == n_samples && of.iter().all(|summary| summary.is_possible(replications))
        };
        if columns.len() != n_columns || !columns.par_iter().all(fits) {
            return Err(Unfit::Content);
        }
        match self {
            Folding::Nothing => *self = Folding::Summaries(columns),
            Folding::Exact(_) => return Err(Unfit::Content),
            Folding::Summaries(known) => {
                let merge = |(known, more): (&mut Vec<ColumnSummary>, &Vec<ColumnSummary>)| {
                    known.iter_mut().zip(more).try_for_each(|(known, more)| {
                        known.is_like(more).then(|| known.merge(more)).ok_or(Unfit::Bins)
                    })
                };
                known.par_iter_mut().zip(&columns).try_for_each(merge)?;
            }
        }
        Ok(())
    }

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
                *self = Folding::of_pilot(batch, replications, samples);
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
