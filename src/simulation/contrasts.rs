//! `Contrasts`: the sink for weighted sums of differences between worlds, replication by replication.

use std::ops::Range;

use super::batch::{Batch, FOLD, Sink};
use super::folding::Folding;
use super::request::Request;
use super::saved::{Piece, Unfit};
use super::summary::Estimate;
use super::work::Shared;

/// A weighted sum of differences between two worlds: places among the simulated ones of the world added and
/// of the one taken away, and the weight.
#[derive(Clone, Debug, PartialEq)]
pub struct Contrast(pub Vec<(usize, usize, f64)>);

/// Statistics of contrasts of every outcome. A replication counts where all of an outcome's contrasts are
/// defined, so that their means add up as the contrasts do.
pub struct Contrasts<'a> {
    request: &'a Request,
    contrasts: Vec<Contrast>,
    folding: Folding,
    /// Seen so far.
    pub replications: u64,
}

impl<'a> Contrasts<'a> {
    pub fn new(request: &'a Request, contrasts: Vec<Contrast>) -> Contrasts<'a> {
        Contrasts { request, contrasts, folding: Folding::Nothing, replications: 0 }
    }

    /// Per column of the request's outcomes, per contrast.
    pub fn estimates(&self) -> Vec<Vec<Estimate>> {
        self.folding.estimates()
    }

    /// Calls `each` with every contrast of a column in a fold.
    fn samples(&self, batch: &Batch, column: usize, fold: usize, each: &mut dyn FnMut(&[f64])) {
        let n = batch.in_fold(fold);
        let levels: Vec<[f64; FOLD]> =
            (0..self.request.worlds().len()).map(|world| batch.column(world, column, fold)).collect();
        let mut defined = [true; FOLD];
        let mut values = vec![[0.0; FOLD]; self.contrasts.len()];
        for (values, Contrast(terms)) in values.iter_mut().zip(&self.contrasts) {
            for &(plus, minus, weight) in terms {
                for ((value, plus), minus) in values.iter_mut().zip(&levels[plus]).zip(&levels[minus]) {
                    *value += weight * (plus - minus);
                }
            }
            defined.iter_mut().zip(&*values).for_each(|(defined, value)| *defined &= !value.is_nan());
        }
        for values in &mut values {
            let undefined = defined.iter().zip(values.iter_mut()).filter(|(defined, _)| !**defined);
            undefined.for_each(|(_, value)| *value = f64::NAN);
            each(&values[..n]);
        }
    }
}

impl Sink for Contrasts<'_> {
    fn take(&mut self, batch: &Batch) {
        let mut folding = std::mem::take(&mut self.folding);
        folding.take(batch, self.request.n_replications(), |column, fold, each| {
            self.samples(batch, column, fold, each);
        });
        self.folding = folding;
        self.replications += batch.size as u64;
    }
}

impl Shared for Contrasts<'_> {
    fn pilot(&mut self, batch: &Batch) {
        let samples = |column, fold, each: &mut dyn FnMut(&[f64])| self.samples(batch, column, fold, each);
        self.folding = Folding::laid_out(batch, self.request.n_replications(), samples);
    }

    fn save(&self) -> Vec<Piece> {
        self.folding.save()
    }

    fn merge(&mut self, saved: &[Piece], replications: Range<u64>) -> Result<(), Unfit> {
        let shape = (self.request.outcomes.n_columns(), self.contrasts.len());
        let n = replications.end - replications.start;
        self.replications += n;
        self.folding.merge(saved, shape, n)
    }
}
