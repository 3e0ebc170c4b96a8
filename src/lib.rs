//! keiretsu: what happens to market shares, prices and profits when manufacturers share costs.

pub mod equilibrium;
pub mod market;
pub mod numeric;
