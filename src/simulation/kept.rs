//! `Kept`: the sink that keeps every draw of a few outcomes, or sums of them, for questions about several at once.

use super::batch::{Batch, FOLD, Sink};
use super::request::Request;

/// All draws of weighted sums of a request's outcomes, in memory: 8 bytes each.
pub struct Kept {
    /// Columns of the request's outcomes and their weights.
    sums: Vec<Vec<(usize, f64)>>,
    /// By world and sum, per replication.
    values: Vec<Vec<f64>>,
    /// By world, per replication: when an alliance that the world proposes breaks up first, and whether all go ahead.
    breakup: Vec<Vec<f64>>,
    goes_ahead: Vec<Vec<bool>>,
    /// Replications that are kept, from the first on.
    most: usize,
    /// Replications that failed.
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
        Kept { values: values.collect(), sums, breakup, goes_ahead, most, failed: 0 }
    }

    /// What came out per replication, NaN where it failed: of a world by its place in [`Request::worlds`], of a sum by
    /// its place (that of its column, where each outcome is kept by itself).
    pub fn draws(&self, world: usize, sum: usize) -> &[f64] {
        &self.values[world * self.sums.len() + sum]
    }

    /// Calendar time at which an alliance that a world proposes breaks up first, per replication; infinite if none does.
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
        for fold in 0..batch.folds() {
            for (at, values) in self.values.iter_mut().enumerate() {
                let (world, sum) = (at / self.sums.len(), &self.sums[at % self.sums.len()]);
                if values.len() == self.most {
                    continue;
                }
                let mut total = [0.0; FOLD];
                for &(column, weight) in sum {
                    let column = batch.column(world, column, fold);
                    total.iter_mut().zip(&column).for_each(|(total, value)| *total += weight * value);
                }
                let room = self.most - values.len();
                values.extend_from_slice(&total[..batch.in_fold(fold).min(room)]);
            }
        }
        for world in 0..self.breakup.len() {
            let room = batch.size.min(self.most - self.breakup[world].len());
            self.breakup[world].extend_from_slice(&batch.breakup(world)[..room]);
            self.goes_ahead[world].extend_from_slice(&batch.goes_ahead(world)[..room]);
        }
        self.failed += (0..batch.size).filter(|&r| batch.failure(r).is_some()).count() as u64;
    }
}
