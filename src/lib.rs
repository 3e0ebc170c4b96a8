//! keiretsu: what happens to market shares, prices and profits when manufacturers share costs.

pub mod calibration;
pub mod market;
pub mod numeric;
pub mod report;
pub mod scenario;
pub mod simulation;
pub mod uncertainty;
