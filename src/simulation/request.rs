//! `Request`: which worlds, which outcomes, which replications are simulated. What is not asked for is
//! neither recorded nor folded.

use std::ops::Range;

use super::Experiment;
use super::outcomes::{Key, Outcomes, Wanted};

/// What is asked of an experiment.
#[derive(Clone, Debug)]
pub struct Request {
    worlds: Vec<usize>,
    pub outcomes: Outcomes,
    /// A part of a larger run begins at a multiple of [`FOLD`](super::FOLD).
    pub replications: Range<u64>,
}

/// What an experiment does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    Worlds(Vec<usize>),
    Outcomes(Vec<Key>),
}

impl Request {
    /// All outcomes of all worlds.
    pub fn everything(experiment: &Experiment, replications: Range<u64>) -> Request {
        let outcomes = Outcomes::of(&experiment.models, &Wanted::All).expect("all that there is");
        Request { worlds: (0..experiment.models.len()).collect(), outcomes, replications }
    }

    /// Some outcomes of some worlds. To these come the reference, and the worlds that stand in where what a
    /// world proposes does not go ahead: without them nothing can be compared.
    pub fn new(
        experiment: &Experiment,
        worlds: &[usize],
        wanted: &Wanted,
        replications: Range<u64>,
    ) -> Result<Request, Unknown> {
        let none: Vec<usize> =
            worlds.iter().copied().filter(|&world| world >= experiment.models.len()).collect();
        if !none.is_empty() {
            return Err(Unknown::Worlds(none));
        }
        let mut simulated = vec![experiment.reference];
        for &world in worlds {
            simulated.push(world);
            simulated.extend(experiment.without[world]);
        }
        simulated.sort_unstable();
        simulated.dedup();
        let outcomes = Outcomes::of(&experiment.models, wanted).map_err(Unknown::Outcomes)?;
        Ok(Request { worlds: simulated, outcomes, replications })
    }

    /// The worlds that are simulated, rising.
    pub fn worlds(&self) -> &[usize] {
        &self.worlds
    }

    /// The place of a world among those that are simulated.
    pub fn place(&self, world: usize) -> Option<usize> {
        self.worlds.binary_search(&world).ok()
    }

    pub fn n_replications(&self) -> u64 {
        self.replications.end.saturating_sub(self.replications.start)
    }
}
