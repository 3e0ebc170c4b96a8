//! exp and ln of this room, in one place.

/// e to the power x.
#[inline]
#[allow(clippy::disallowed_methods)]
pub fn exp(x: f64) -> f64 {
    x.clamp(-708.0, 709.0).exp()
}

/// Natural logarithm of a positive number.
#[inline]
#[allow(clippy::disallowed_methods)]
pub fn ln(x: f64) -> f64 {
    x.ln()
}
