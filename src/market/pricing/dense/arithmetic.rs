//! exp and ln of this room, in one place, with their accurate forms near 0 (Goldberg 1991; Kahan): the library's own, the same bits on every machine.

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

/// ln(1 + x) for x > −1, accurate for small x.
#[inline]
pub fn ln_one_plus(x: f64) -> f64 {
    let y = 1.0 + x;
    if y == 1.0 { x } else { ln(y.max(f64::MIN_POSITIVE)) * x / (y - 1.0) }
}

/// exp(x) − 1, accurate for small x.
#[inline]
pub fn exp_minus_one(x: f64) -> f64 {
    let y = exp(x);
    if y == 1.0 {
        x
    } else if (0.5..2.0).contains(&y) {
        (y - 1.0) * x / ln(y)
    } else {
        y - 1.0
    }
}
