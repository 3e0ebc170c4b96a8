//! Number types and the few numerical tools that everything else stands on. No economics.

mod real;

pub use real::{Mask, Real};
