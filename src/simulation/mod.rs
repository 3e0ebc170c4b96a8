//! From market models to an ensemble of worlds, and from their outcomes to statistics.

mod accounts;
mod base;
mod block;
mod ensemble;
mod examine;
mod fit;
mod lane;
mod ledger;
pub mod outcomes;
mod paths;
mod record;
mod region_year;
mod sharing;
mod state;
pub mod summary;
mod terms;
mod walk;
mod world;

pub use ensemble::{Batch, Columns, FOLD, run};
pub use examine::{Examined, examine};
pub use fit::{OfferFit, RegionFit, fit};
pub use world::Solved;

use crate::market::model::MarketModel;
use crate::uncertainty::ParameterSpace;
use outcomes::Outcomes;
use summary::Estimate;

/// The worlds to simulate and the inputs they draw from.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// One per world; all share their structure.
    pub models: Vec<MarketModel>,
    /// Index into `models`.
    pub reference: usize,
    pub space: ParameterSpace,
    pub replications: u64,
    pub seed: u64,
    /// Per world: the alliances it proposes, active here but not in the reference.
    pub proposed: Vec<Vec<usize>>,
    /// Per world: the world that is left where its alliances and mergers do not go ahead; none if that one is
    /// not simulated.
    pub without: Vec<Option<usize>>,
    /// Per world: whether its base year is calibrated from the reference's inputs.
    same_base: Vec<bool>,
}

impl Experiment {
    pub fn new(
        models: Vec<MarketModel>,
        reference: usize,
        space: ParameterSpace,
        replications: u64,
        seed: u64,
    ) -> Experiment {
        let already: Vec<bool> = models[reference].alliances.iter().map(|alliance| alliance.active).collect();
        let proposed: Vec<Vec<usize>> = models
            .iter()
            .map(|model| {
                let alliances = model.alliances.iter().enumerate();
                alliances.filter(|(a, alliance)| alliance.active && !already[*a]).map(|(a, _)| a).collect()
            })
            .collect();
        let tied: Vec<MarketModel> = models.iter().map(|model| model.with_ties_of(model)).collect();
        let without = models
            .iter()
            .map(|model| {
                let without = model.with_ties_of(&models[reference]);
                std::iter::once(reference).chain(0..models.len()).find(|&world| tied[world] == without)
            })
            .collect();
        let base = models[reference].base_year_only();
        let same_base = models.iter().map(|model| model.base_year_only() == base).collect();
        Experiment { models, reference, space, replications, seed, proposed, without, same_base }
    }

    pub fn base_year(&self) -> i32 {
        self.models[self.reference].base_year
    }
}

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

/// The statistics of all worlds; per column of `outcomes`.
#[derive(Clone, Debug)]
pub struct Ensemble {
    pub outcomes: Outcomes,
    /// Per world.
    pub levels: Vec<Vec<Estimate>>,
    pub comparisons: Vec<Comparison>,
    /// Per world: the central run.
    pub central: Vec<Vec<f64>>,
    pub solved: Solved,
    pub replications: u64,
    /// Replications with a failed equilibrium in any world: in no statistic.
    pub failed: u64,
}

/// A world minus the reference, replication by replication.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub world: usize,
    /// In the order of [`Condition::ALL`].
    pub conditions: Vec<Vec<Estimate>>,
}
