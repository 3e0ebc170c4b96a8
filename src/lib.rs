//! keiretsu: what happens to market shares, prices and profits when manufacturers share costs.

pub mod market;
pub mod numeric;
pub mod report;
pub mod simulation;
pub mod uncertainty;
