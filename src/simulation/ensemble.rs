//! `Ensemble`: the statistics of a request.

use std::collections::BTreeMap;

use super::failure::{Failure, Solved};
use super::outcomes::Outcomes;
use super::summary::Estimate;

/// What a comparison is conditional on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// What the world proposes goes ahead.
    Proceeds,
    /// … and has not broken up by the end of the year.
    Survives,
    /// Weighted with the chance that it goes ahead.
    Unconditional,
}

impl Condition {
    pub const ALL: [Condition; 3] = [Condition::Proceeds, Condition::Survives, Condition::Unconditional];
}

/// The statistics of all worlds, by world of the experiment (empty where it was not simulated), then by
/// column of `outcomes`.
#[derive(Clone, Debug)]
pub struct Ensemble {
    pub outcomes: Outcomes,
    pub levels: Vec<Vec<Estimate>>,
    pub comparisons: Vec<Comparison>,
    /// The central run.
    pub central: Vec<Vec<f64>>,
    pub solved: Solved,
    pub replications: u64,
    /// Replications in which something failed in any world: in no statistic.
    pub failed: u64,
    /// What failed first in each of them, by number of the replication.
    pub failures: BTreeMap<u64, Failure>,
}

/// A world minus the reference, replication by replication.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub world: usize,
    /// In the order of [`Condition::ALL`].
    pub conditions: Vec<Vec<Estimate>>,
}
