//! What is not known exactly: distributions, named streams of random numbers, and the list of uncertain
//! quantities of a study.
//!
//! Every draw is the quantile function of one uniform number, and that uniform depends only on the
//! seed, the quantity's name and the replication (and on those it is correlated with). So a draw is the same on every
//! machine, in every world, and whatever else is drawn beside it; only Sobol' points depend on what else is drawn.

mod beta;
mod copula;
pub mod correlation_matrix;
mod design;
mod distribution;
mod draws;
mod gamma;
mod normal;
mod pert;
mod quantile;
mod sobol;
mod space;
mod special;
mod stream;

pub use copula::{pearson_of_rank, rank_of_pearson};
pub use design::Design;
pub use distribution::{Distribution, interval};
pub use draws::Draws;
pub use quantile::QuantileFunction;
pub use space::{Parameter, ParameterSpace, Provenance, Role};
pub use stream::Stream;
