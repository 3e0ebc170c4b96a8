//! The careful price solver: one market at a time, double precision, every model of
//! [`super::Market`], with the analytic derivatives, diagnostics and inversions that an economist asks for.
//!
//! Order of reading: [`terms`] (the market), [`choice`] (shares), [`conditions`] (ζ and the residual),
//! [`slopes`] (their derivatives), [`verdict`] (what is accepted), [`robust`] (the solver), then what stands
//! on them.

mod arithmetic;
pub mod calibration;
pub mod choice;
mod collapsed;
pub mod conditions;
pub mod demand;
pub mod deviation;
pub mod inversion;
pub mod linear;
pub mod robust;
pub mod roots;
mod shares;
pub mod slopes;
mod starts;
mod steps;
pub mod surplus;
pub mod terms;
pub mod verdict;

pub use choice::Choice;
pub use conditions::{Conditions, residual};
pub use linear::Matrix;
pub use robust::{rescue, solve};
pub use steps::Method;
pub use terms::DenseMarket;
pub use verdict::{DenseSolution, Status};
