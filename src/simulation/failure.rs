//! Why and where a replication failed.

use serde::{Deserialize, Serialize};

/// What could not be found.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// No demand has the drawn elasticities.
    NoDemand,
    /// No positive cost below the price explains a price of the base year.
    NoCost,
    /// Nobody sells there any more.
    NoOffers,
    /// No acceptable price equilibrium was found.
    NoEquilibrium,
}

/// The first thing that failed in a replication.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    pub cause: Cause,
    pub world: usize,
    pub region: usize,
    /// Calendar year.
    pub year: i32,
}

/// How the equilibria of a simulation turned out.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq)]
pub struct Solved {
    /// Looked for, one for each replication, world, region and year.
    pub equilibria: u64,
    pub failed: u64,
    pub worst_residual: f64,
}

impl Solved {
    /// Sums and maxima do not depend on the order of merging.
    pub fn merge(&mut self, other: &Solved) {
        self.equilibria = self.equilibria.saturating_add(other.equilibria);
        self.failed = self.failed.saturating_add(other.failed);
        self.worst_residual = self.worst_residual.max(other.worst_residual);
    }
}
