//! exp and ln of this room, in one place: the library's own, the same bits on every machine.

use crate::numeric::Real;

/// e to the power x; arguments are clamped to [−708, 709].
#[inline]
pub fn exp(x: f64) -> f64 {
    Real::exp(x)
}

/// Natural logarithm of a positive number.
#[inline]
pub fn ln(x: f64) -> f64 {
    Real::ln(x)
}
