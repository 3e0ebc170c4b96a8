//! From market models to an ensemble of worlds, and from their outcomes to statistics.

mod accounts;
mod base;
mod batch;
mod block;
mod contrasts;
mod control;
mod ensemble;
mod examine;
mod failure;
mod fit;
mod folding;
mod kept;
mod lane;
mod ledger;
mod offers;
pub mod outcomes;
mod paths;
mod precision;
mod prices;
mod progress;
mod record;
mod region_year;
mod request;
mod run;
pub mod saved;
mod sharing;
mod state;
mod summaries;
pub mod summary;
mod walk;
mod work;
mod world;

pub use batch::{Batch, Batches, FOLD, Sink};
pub use contrasts::{Contrast, Contrasts};
pub use ensemble::{Comparison, Condition, Ensemble};
pub use examine::{Examined, examine};
pub use failure::{Cause, Failure, Solved};
pub use fit::{ImpossibleCost, OfferFit, RegionFit, fit, impossible_costs};
pub use kept::Kept;
pub use precision::{Precision, TWO_SIDED_95};
pub use progress::{After, Progress};
pub use request::{Request, Unknown};
pub use run::{central, memory, run, run_in, run_with};
pub use summaries::Summaries;
pub use work::{Parts, Shard, Shared, Work, simulate};

use crate::market::model::MarketModel;
use crate::uncertainty::{Design, Draws, ParameterSpace};

/// The worlds to simulate and the inputs they draw from.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// One per world; all share their structure.
    pub models: Vec<MarketModel>,
    /// Index into `models`.
    pub reference: usize,
    pub space: ParameterSpace,
    pub seed: u64,
    pub design: Design,
    /// Per world: the alliances it proposes, active here but not in the reference.
    pub proposed: Vec<Vec<usize>>,
    /// Per world: the world that is left where its alliances and mergers do not go ahead; none if that one is
    /// not simulated.
    pub without: Vec<Option<usize>>,
    /// Per world: whether its base year is calibrated from the reference's inputs.
    same_base: Vec<bool>,
}

impl Experiment {
    pub fn new(models: Vec<MarketModel>, reference: usize, space: ParameterSpace, seed: u64) -> Experiment {
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
        let design = Design::default();
        Experiment { models, reference, space, seed, design, proposed, without, same_base }
    }

    /// The same worlds and inputs, drawn by another design.
    pub fn with_design(self, design: Design) -> Experiment {
        Experiment { design, ..self }
    }

    /// The same worlds and inputs, drawn from another seed.
    pub fn with_seed(self, seed: u64) -> Experiment {
        Experiment { seed, ..self }
    }

    /// What is drawn, in the order of the design; empty if it has none.
    pub fn design_order(&self) -> Vec<&str> {
        if self.design.has_order() { self.space.order() } else { Vec::new() }
    }

    /// What is drawn, for any replications.
    pub fn draws(&self) -> Draws {
        Draws::new(&self.space, self.seed, self.design)
    }

    pub fn base_year(&self) -> i32 {
        self.models[self.reference].base_year
    }
}
