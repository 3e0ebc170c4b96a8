//! From a market model to an ensemble of worlds, and from their outcomes to statistics.

pub mod summary;
