//! keiretsu: what happens to market shares, prices and profits when manufacturers share costs.
//!
//! A scenario is checked, calibrated into a market model, simulated in every world on the same draws,
//! compared, and reported: [`scenario`] → [`calibration`] → [`simulation`] → [`analysis`] → [`report`],
//! on the sciences [`market`] and [`uncertainty`] and the floor [`numeric`]. [`study`] is the whole of it.

// Output goes through `cli`, where a stream that cannot be written is no panic.
#![warn(clippy::print_stderr, clippy::print_stdout)]

pub mod analysis;
pub mod backtest;
pub mod calibration;
pub mod cli;
pub mod comparison;
pub mod equilibrium;
pub mod games;
pub mod market;
pub mod numeric;
pub mod parts;
pub mod preparation;
#[cfg(feature = "python")]
mod python;
pub mod report;
pub mod scenario;
pub mod selftest;
pub mod share_process;
pub mod simulation;
pub mod study;
pub mod uncertainty;
pub mod variants;
