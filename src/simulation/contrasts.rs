//! `Contrasts`: the sink for weighted sums of differences between worlds, replication by replication.

use super::batch::{Batch, FOLD, Sink};
use super::folding::Folding;
use super::request::Request;
use super::summary::Estimate;

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
}

impl<'a> Contrasts<'a> {
    pub fn new(request: &'a Request, contrasts: Vec<Contrast>) -> Contrasts<'a> {
        Contrasts { request, contrasts, folding: Folding::Nothing }
    }

    /// Per column of the request's outcomes, per contrast.
    pub fn estimates(&self) -> Vec<Vec<Estimate>> {
        self.folding.estimates()
    }
}

impl Sink for Contrasts<'_> {
    fn take(&mut self, batch: &Batch) {
        let (request, contrasts) = (self.request, &self.contrasts);
        self.folding.take(batch, request.n_replications(), |column, fold, each| {
            let n = batch.in_fold(fold);
            let levels: Vec<[f64; FOLD]> =
                (0..request.worlds().len()).map(|world| batch.column(world, column, fold)).collect();
            let mut defined = [true; FOLD];
            let mut values = vec![[0.0; FOLD]; contrasts.len()];
            for (values, Contrast(terms)) in values.iter_mut().zip(contrasts) {
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
        });
    }
}
