//! exp and ln for this room, in one place.

/// e to the power of `x`.
#[allow(clippy::disallowed_methods)]
pub(super) fn exp(x: f64) -> f64 {
    x.exp()
}

/// Natural logarithm of a positive number.
#[allow(clippy::disallowed_methods)]
pub(super) fn ln(x: f64) -> f64 {
    x.ln()
}
