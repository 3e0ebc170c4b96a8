//! Replications in batches: blocks simulated in parallel, then handed on in the order of replications.

use std::ops::Range;

use rayon::prelude::*;

use super::Experiment;
use super::block::{Block, BlockOutput, LANES};
use super::failure::{Failure, Solved};
use super::progress::Progress;
use super::request::Request;
use crate::numeric::on_best_lanes;
use crate::uncertainty::Draws;

/// Replications folded as one; a fixed set of them, so that sums do not depend on the batch. A multiple of
/// the block.
pub const FOLD: usize = 512;
const _: () = assert!(FOLD.is_multiple_of(LANES));

/// Memory for the outcomes of a batch, bytes, where one fold does not already take more.
const BATCH_MEMORY: usize = 64 << 20;

/// Whatever is made of a simulation: statistics, tables of draws, sensitivities. Batches come in the order of
/// their replications, each once.
pub trait Sink {
    fn take(&mut self, batch: &Batch);
}

/// The batches of a request, one after the other, in the same memory.
pub struct Batches<'a> {
    experiment: &'a Experiment,
    request: &'a Request,
    draws: Draws,
    blocks: Vec<BlockOutput>,
    /// Those not yet simulated.
    left: Range<u64>,
    /// Replications in the next batch: the first one is a single fold.
    next_size: u64,
    /// Replications in a batch; a multiple of [`FOLD`].
    most: u64,
}

impl<'a> Batches<'a> {
    /// Of those replications of a request; they begin with a whole fold.
    pub fn new(experiment: &'a Experiment, request: &'a Request, replications: Range<u64>) -> Batches<'a> {
        let folds = (BATCH_MEMORY / fold_bytes(request).max(1)).max(1) as u64;
        let n = replications.end.saturating_sub(replications.start);
        let most = folds.min(n.div_ceil(FOLD as u64)) * FOLD as u64;
        Batches {
            experiment,
            request,
            draws: experiment.draws(),
            blocks: vec![BlockOutput::new(request); most as usize / LANES],
            left: replications,
            next_size: FOLD as u64,
            most,
        }
    }

    /// Simulates the next batch, in parallel over blocks, up to a replication at most. The first one is a single fold.
    /// None if there are no more, or no more are wanted.
    pub fn simulate(&mut self, up_to: u64, progress: &dyn Progress) -> Option<Batch<'_>> {
        let Range { start: first, end } = self.left;
        let end = end.min(up_to);
        if first >= end {
            return None;
        }
        let size = (end - first).min(self.next_size) as usize;
        self.left.start += size as u64;
        self.next_size = self.most;
        let (experiment, request, draws) = (self.experiment, self.request, &self.draws);
        let blocks = &mut self.blocks[..size.div_ceil(LANES)];
        let scratch = || vec![0.0; experiment.space.len() * LANES];
        blocks.par_iter_mut().enumerate().for_each_init(scratch, |values, (block, output)| {
            if progress.is_stopped() {
                return;
            }
            let before = block * LANES;
            draws.evaluate_block(first + before as u64, LANES, values);
            let lanes = (size - before).min(LANES);
            on_best_lanes(Block {
                experiment,
                request,
                values,
                lanes,
                central: false,
                examine: false,
                output,
            });
        });
        if progress.is_stopped() {
            return None;
        }
        let worlds = 0..request.worlds().len();
        let blocks = &self.blocks[..size.div_ceil(LANES)];
        let breakup = worlds.clone().map(|w| blocks.iter().flat_map(|b| b.breakup[w]).collect()).collect();
        let goes_ahead = worlds.map(|w| blocks.iter().flat_map(|b| b.goes_ahead[w]).collect()).collect();
        Some(Batch { experiment, request, draws, first, size, blocks, breakup, goes_ahead })
    }
}

/// Memory that the outcomes of one fold take, bytes.
pub(super) fn fold_bytes(request: &Request) -> usize {
    request.outcomes.n_columns() * request.worlds().len() * FOLD * size_of::<f64>()
}

/// Some consecutive replications. Worlds go by their place in [`Request::worlds`].
pub struct Batch<'a> {
    pub experiment: &'a Experiment,
    pub request: &'a Request,
    /// Number of the first replication.
    pub first: u64,
    /// Replications in it.
    pub size: usize,
    draws: &'a Draws,
    blocks: &'a [BlockOutput],
    breakup: Vec<Vec<f64>>,
    goes_ahead: Vec<Vec<bool>>,
}

impl Batch<'_> {
    /// A world's column over the replications of a fold; NaN where a replication failed or is not in the batch.
    pub fn column(&self, world: usize, column: usize, fold: usize) -> [f64; FOLD] {
        let mut values = [f64::NAN; FOLD];
        let blocks = self.blocks.iter().skip(fold * FOLD / LANES);
        for (values, block) in values.chunks_exact_mut(LANES).zip(blocks) {
            values.copy_from_slice(&block.columns[world][column * LANES..][..LANES]);
            if block.failed {
                for (value, failure) in values.iter_mut().zip(&block.failures) {
                    *value = if failure.is_some() { f64::NAN } else { *value };
                }
            }
        }
        values[self.in_fold(fold)..].fill(f64::NAN);
        values
    }

    /// The folds of the batch.
    pub fn folds(&self) -> usize {
        self.size.div_ceil(FOLD)
    }

    /// Replications of a fold; only the last one may hold fewer than [`FOLD`].
    pub fn in_fold(&self, fold: usize) -> usize {
        (self.size - fold * FOLD).min(FOLD)
    }

    /// Per replication: calendar time of the first break-up of an alliance that the world proposes.
    pub fn breakup(&self, world: usize) -> &[f64] {
        &self.breakup[world][..self.size]
    }

    /// Per replication: whether everything that the world proposes goes ahead.
    pub fn goes_ahead(&self, world: usize) -> &[bool] {
        &self.goes_ahead[world][..self.size]
    }

    /// What failed in a replication, if anything did.
    pub fn failure(&self, replication: usize) -> Option<Failure> {
        self.blocks[replication / LANES].failures[replication % LANES]
    }

    /// What was drawn for a parameter, per replication.
    pub fn drawn(&self, parameter: usize) -> Vec<f64> {
        let mut values = vec![0.0; self.size];
        self.draws.evaluate_parameter(parameter, self.first, &mut values);
        values
    }

    pub fn solved(&self) -> Solved {
        let mut all = Solved::default();
        self.blocks.iter().for_each(|block| all.merge(&block.solved));
        all
    }
}
