//! `Kept`: the sink that keeps every draw of a few outcomes, for questions about several of them at once.

use super::batch::{Batch, Sink};
use super::request::Request;

/// All draws of all outcomes of a request, in memory: 8 bytes each.
pub struct Kept {
    n_columns: usize,
    /// By world and column, per replication.
    values: Vec<Vec<f64>>,
    /// Replications that failed.
    pub failed: u64,
}

impl Kept {
    pub fn new(request: &Request) -> Kept {
        let n_columns = request.outcomes.n_columns();
        let capacity = usize::try_from(request.n_replications()).expect("as many as fit into memory");
        let values = (0..n_columns * request.worlds().len()).map(|_| Vec::with_capacity(capacity));
        Kept { n_columns, values: values.collect(), failed: 0 }
    }

    /// What came out per replication, NaN where it failed: of a world by its place in [`Request::worlds`], of an
    /// outcome by its column.
    pub fn draws(&self, world: usize, column: usize) -> &[f64] {
        &self.values[world * self.n_columns + column]
    }
}

impl Sink for Kept {
    fn take(&mut self, batch: &Batch) {
        for fold in 0..batch.folds() {
            for (at, values) in self.values.iter_mut().enumerate() {
                let column = batch.column(at / self.n_columns, at % self.n_columns, fold);
                values.extend_from_slice(&column[..batch.in_fold(fold)]);
            }
        }
        self.failed += (0..batch.size).filter(|&r| batch.failure(r).is_some()).count() as u64;
    }
}
