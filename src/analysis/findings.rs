//! `Findings`: an ensemble with the names of its parts.

use std::collections::BTreeMap;

use crate::calibration::Names;
use crate::simulation::outcomes::{Key, Who};
use crate::simulation::summary::Estimate;
use crate::simulation::{Cause, Condition, Ensemble, Failure};

use super::labels::{self, Labels};

/// Everything that reports are made from.
#[derive(Clone, Debug)]
pub struct Findings {
    pub names: Names,
    /// World whose differences are zero.
    pub reference: usize,
    pub base_year: i32,
    pub ensemble: Ensemble,
}

impl Findings {
    pub fn last_year(&self) -> i32 {
        self.base_year + self.ensemble.outcomes.n_years as i32 - 1
    }

    /// A level in a world, if it is recorded.
    pub fn level(&self, world: usize, key: &Key) -> Option<&Estimate> {
        self.ensemble.levels[world].get(self.ensemble.outcomes.column(key)?)
    }

    /// A world minus the reference, if it is recorded.
    pub fn difference(&self, world: usize, condition: Condition, key: &Key) -> Option<&Estimate> {
        let comparison = self.ensemble.comparisons.iter().find(|comparison| comparison.world == world)?;
        comparison.conditions[condition as usize].get(self.ensemble.outcomes.column(key)?)
    }

    pub fn labels(&self, key: &Key) -> Labels {
        Labels::of(&self.names, key)
    }

    /// A maker's name, `alliance:<name>`, or nothing for everyone together.
    pub fn who(&self, who: Who) -> String {
        labels::who(&self.names, who)
    }

    /// Why and where replications failed, the most frequent first: `30 in merger, US, 2031: no price equilibrium …`
    pub fn failures(&self) -> Vec<String> {
        let mut times: BTreeMap<&Failure, u64> = BTreeMap::new();
        self.ensemble.failures.values().for_each(|failure| *times.entry(failure).or_default() += 1);
        let mut failures: Vec<(&Failure, u64)> = times.into_iter().collect();
        failures.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
        failures.iter().map(|(failure, times)| format!("{times} in {}", self.failure(failure))).collect()
    }

    fn failure(&self, failure: &Failure) -> String {
        let names = &self.names;
        let (world, region) = (&names.worlds[failure.world], &names.regions[failure.region]);
        format!("{world}, {region}, {}: {}", failure.year, cause(failure.cause))
    }
}

/// What it means that something failed.
pub fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::NoDemand => "no demand has the drawn elasticities",
        Cause::NoCost => "no positive cost below the price explains a price of the base year",
        Cause::NoOffers => "nothing is offered any more",
        Cause::NoEquilibrium => "no price equilibrium was found",
    }
}
