//! Number types and the few numerical tools that everything else stands on. No economics.

mod anderson;
mod dispatch;
mod elementary;
mod lanes;
pub mod linear;
pub mod matrix;
mod real;
mod scalar;

pub use anderson::Anderson;
#[cfg(test)]
pub(crate) use dispatch::on_every_level;
pub use dispatch::{Kernel, instruction_set, on_best_lanes};
pub use lanes::Lanes;
pub use real::{Mask, Real};

/// Added to the bits of a number, carries into the exponent field from √½ on.
const SQRT_HALF_TO_ONE: u64 = ONE_BITS - 0x3fe6_a09e_667f_3bcd;
const ONE_BITS: u64 = 0x3ff0_0000_0000_0000;
/// A small integer in the low mantissa bits of 2^52 is that integer above 2^52.
const TWO_52_BITS: u64 = 0x4330_0000_0000_0000;
const TWO_52_AND_BIAS: f64 = 4_503_599_627_370_496.0 + 1_023.0;
