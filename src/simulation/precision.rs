//! `Precision`: when enough has been drawn. The mean of one difference is known precisely enough once half the width of
//! its 95 % confidence interval is what was asked for.
//!
//! It is looked at after 1,024 replications and whenever they have doubled, not after each batch: an interval that may
//! stop at any time would be too narrow more often than it says.

use super::batch::{Batch, FOLD, Sink};

/// The first look; a multiple of [`FOLD`], as all later ones are.
const FIRST_LOOK: u64 = 1024;
const _: () = assert!(FIRST_LOOK.is_multiple_of(FOLD as u64));
/// z(0.975): a mean and so many standard errors to each side hold the true mean in 95 of 100 runs.
pub const TWO_SIDED_95: f64 = 1.959_963_984_540_054;

/// A difference that is watched, and what was asked of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Precision {
    /// Places of a world and of the reference in the request.
    worlds: [usize; 2],
    /// Of the request's outcomes.
    column: usize,
    /// Asked for, in the unit of the outcome.
    pub half_width: f64,
    next_look: u64,
    n: f64,
    mean: f64,
    squares: f64,
    /// Half the width at the last look.
    pub reached: Option<f64>,
}

impl Precision {
    /// `worlds`: places in the request of a world and of the reference.
    pub fn new(worlds: [usize; 2], column: usize, half_width: f64) -> Precision {
        let (n, mean, squares) = (0.0, 0.0, 0.0);
        Precision { worlds, column, half_width, next_look: FIRST_LOOK, n, mean, squares, reached: None }
    }

    /// Replications after which it is looked at next.
    pub(super) fn next_look(&self) -> u64 {
        self.next_look
    }

    /// Half the width of the 95 % confidence interval of the mean so far.
    pub fn half_width_now(&self) -> f64 {
        TWO_SIDED_95 * (self.squares / (self.n - 1.0) / self.n).sqrt()
    }

    /// Whether it is enough after so many replications.
    pub(super) fn is_met(&mut self, done: u64) -> bool {
        self.reached = Some(self.half_width_now());
        if done < self.next_look {
            return false;
        }
        self.next_look *= 2;
        self.reached.is_some_and(|reached| reached <= self.half_width)
    }
}

impl Sink for Precision {
    fn take(&mut self, batch: &Batch) {
        let [world, reference] = self.worlds;
        for fold in 0..batch.folds() {
            let with = batch.column(world, self.column, fold);
            let without = batch.column(reference, self.column, fold);
            for (with, without) in with.iter().zip(&without) {
                let value = with - without;
                if value.is_nan() {
                    continue;
                }
                // Welford, Technometrics 4 (1962).
                self.n += 1.0;
                let off = value - self.mean;
                self.mean += off / self.n;
                self.squares += off * (value - self.mean);
            }
        }
    }
}
