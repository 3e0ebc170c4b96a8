//! `Kept`: the sink that keeps every draw of a few outcomes, or sums of them, for questions about several at once.

use std::ops::Range;

use super::batch::{Batch, FOLD, Sink};
use super::request::Request;
use super::saved::{Piece, Unfit, pack, unpack};
use super::work::Shared;

/// All draws of weighted sums of a request's outcomes, in memory: 8 bytes each.
pub struct Kept {
    /// Columns of the request's outcomes and their weights.
    sums: Vec<Vec<(usize, f64)>>,
    /// By world and sum, per replication.
    values: Vec<Vec<f64>>,
    /// By world, per replication: when an alliance that the world proposes breaks up first, and whether all go ahead.
    breakup: Vec<Vec<f64>>,
    goes_ahead: Vec<Vec<bool>>,
    /// The first replication of the request, and how many are kept from it on.
    start: u64,
    most: usize,
    /// Replications seen, and those of them that failed.
    pub replications: u64,
    pub failed: u64,
}

impl Kept {
    /// Each outcome by itself.
    pub fn new(request: &Request) -> Kept {
        let each = 0..request.outcomes.n_columns();
        Kept::sums(request, each.map(|column| vec![(column, 1.0)]).collect())
    }

    /// Sums of outcomes: their columns, each with its weight.
    pub fn sums(request: &Request, sums: Vec<Vec<(usize, f64)>>) -> Kept {
        Kept::first(request, sums, u64::MAX)
    }

    /// Sums of outcomes in the first so many replications.
    pub fn first(request: &Request, sums: Vec<Vec<(usize, f64)>>, most: u64) -> Kept {
        let most = usize::try_from(request.n_replications().min(most)).expect("as many as fit into memory");
        let values = (0..sums.len() * request.worlds().len()).map(|_| Vec::with_capacity(most));
        let worlds = request.worlds().len();
        let (breakup, goes_ahead) = (vec![Vec::new(); worlds], vec![Vec::new(); worlds]);
        let start = request.replications.start;
        Kept { values: values.collect(), sums, breakup, goes_ahead, start, most, replications: 0, failed: 0 }
    }

    /// What came out per replication, NaN where it failed or was not simulated: of a world by its place in [`Request::worlds`], of a sum by
    /// its place (that of its column, where each outcome is kept by itself).
    pub fn draws(&self, world: usize, sum: usize) -> &[f64] {
        &self.values[world * self.sums.len() + sum]
    }

    /// Calendar time at which an alliance that a world proposes breaks up first, per replication; infinite if none does,
    /// NaN in replications that were not simulated.
    pub fn breakup(&self, world: usize) -> &[f64] {
        &self.breakup[world]
    }

    /// Whether everything that a world proposes goes ahead, per replication.
    pub fn goes_ahead(&self, world: usize) -> &[bool] {
        &self.goes_ahead[world]
    }
}

impl Sink for Kept {
    fn take(&mut self, batch: &Batch) {
        let (start, most) = (self.start, self.most);
        // Of so many replications beginning with `first`, those that are kept.
        let room = |first: u64, size: usize| size.min(most.saturating_sub((first - start) as usize));
        for fold in 0..batch.folds() {
            for (at, values) in self.values.iter_mut().enumerate() {
                let (world, sum) = (at / self.sums.len(), &self.sums[at % self.sums.len()]);
                let first = batch.first + (fold * FOLD) as u64;
                let kept = room(first, batch.in_fold(fold));
                if kept == 0 {
                    continue;
                }
                let mut total = [0.0; FOLD];
                for &(column, weight) in sum {
                    let column = batch.column(world, column, fold);
                    total.iter_mut().zip(&column).for_each(|(total, value)| *total += weight * value);
                }
                values.extend_from_slice(&total[..kept]);
            }
        }
        for world in 0..self.breakup.len() {
            let kept = room(batch.first, batch.size);
            self.breakup[world].extend_from_slice(&batch.breakup(world)[..kept]);
            self.goes_ahead[world].extend_from_slice(&batch.goes_ahead(world)[..kept]);
        }
        self.replications += batch.size as u64;
        self.failed += (0..batch.size).filter(|&r| batch.failure(r).is_some()).count() as u64;
    }
}

impl Shared for Kept {
    fn save(&self) -> Vec<Piece> {
        let counts = pack(&(self.replications, self.failed));
        let values = self.values.iter().map(pack);
        let luck = self.breakup.iter().zip(&self.goes_ahead).map(|luck| pack(&luck));
        std::iter::once(counts).chain(values).chain(luck).collect()
    }

    fn merge(&mut self, saved: &[Piece], replications: Range<u64>) -> Result<(), Unfit> {
        let (n_values, n_luck) = (self.values.len(), self.breakup.len());
        let [counts, rest @ ..] = saved else { return Err(Unfit::Content) };
        let (n, failed): (u64, u64) = unpack(counts)?;
        let size = replications.end - replications.start;
        if rest.len() != n_values + n_luck || n != size || failed > n {
            return Err(Unfit::Content);
        }
        let before = ((replications.start - self.start) as usize).min(self.most);
        let kept = (size as usize).min(self.most - before);
        for (values, piece) in self.values.iter_mut().zip(rest) {
            append(values, f64::NAN, before, unpack(piece)?, kept)?;
        }
        for (world, piece) in rest[n_values..].iter().enumerate() {
            let (breakup, goes_ahead): (Vec<f64>, Vec<bool>) = unpack(piece)?;
            append(&mut self.breakup[world], f64::NAN, before, breakup, kept)?;
            append(&mut self.goes_ahead[world], true, before, goes_ahead, kept)?;
        }
        self.replications += n;
        self.failed += failed;
        Ok(())
    }
}

/// Adds the values of `kept` replications that come after `before` others; those in between were not simulated.
fn append<T: Copy>(
    all: &mut Vec<T>,
    absent: T,
    before: usize,
    more: Vec<T>,
    kept: usize,
) -> Result<(), Unfit> {
    if more.len() != kept {
        return Err(Unfit::Content);
    }
    all.resize(all.len().max(before), absent);
    all.extend(more);
    Ok(())
}
