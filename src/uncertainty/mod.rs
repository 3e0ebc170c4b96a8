//! What is not known exactly: distributions, named streams of random numbers, and the list of uncertain
//! quantities of a study.
//!
//! Every draw is the quantile function of one uniform number, and that uniform depends only on the
//! seed, the quantity's name and the replication. So a draw is the same on every machine, in every
//! world, and whatever else is drawn beside it.

mod beta;
mod design;
mod distribution;
mod gamma;
mod normal;
mod pert;
mod quantile;
mod space;
mod special;
mod stream;

pub use design::Design;
pub use distribution::{Distribution, interval};
pub use quantile::QuantileFunction;
pub use space::{Draws, Parameter, ParameterSpace, Provenance, Role};
pub use stream::Stream;
