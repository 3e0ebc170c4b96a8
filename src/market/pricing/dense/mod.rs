//! The careful price solver: one [`super::Market`] at a time, its offers in any order, with the analytic derivatives, diagnostics and inversions that an economist asks for.
//!
//! Order of reading: `terms` (how it reads a market), [`choice`] (shares), [`conditions`] (ζ and the residual),
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
pub mod robust;
pub mod roots;
mod shares;
pub mod slopes;
mod starts;
mod steps;
pub mod surplus;
mod terms;
pub mod verdict;

pub use choice::Choice;
pub use conditions::{Conditions, residual};
pub use robust::solve;
pub use steps::Method;
pub use verdict::{DenseSolution, Status};
