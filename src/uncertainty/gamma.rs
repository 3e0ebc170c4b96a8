//! Quantiles of the gamma distribution, solved in ln x from the end that is nearer.

use super::special::{ln_gamma, ln_lower_gamma, ln_upper_gamma, root};
use crate::numeric::Real;

/// Gamma with scale 1, made ready for drawing.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Gamma {
    shape: f64,
    ln_gamma: f64,
    /// The probability below x = shape.
    at_shape: f64,
}

impl Gamma {
    pub(super) fn new(shape: f64) -> Gamma {
        let at_shape = Real::exp(ln_lower_gamma(shape, shape));
        Gamma { shape, ln_gamma: ln_gamma(shape), at_shape }
    }

    /// The value that a draw stays below with probability `u`.
    pub(super) fn quantile(&self, u: f64) -> f64 {
        let a = self.shape;
        let middle: f64 = Real::ln(a);
        let density = |y: f64| a * y - Real::exp(y) - self.ln_gamma;
        if u <= self.at_shape {
            let ln_u: f64 = Real::ln(u);
            // e^(−t) is at most 1: so far left the probability is too small.
            let low = (ln_u + self.ln_gamma + Real::ln(a)) / a;
            let value = |y: f64| {
                let below = ln_lower_gamma(a, Real::exp(y));
                (below - ln_u, Real::exp(density(y) - below))
            };
            return Real::exp(root(low.min(middle), middle, value));
        }
        let ln_rest: f64 = Real::ln(1.0 - u);
        let value = |y: f64| {
            let above = ln_upper_gamma(a, Real::exp(y));
            (above - ln_rest, -f64::max(Real::exp(density(y) - above), f64::MIN_POSITIVE))
        };
        let mut high = middle + 1.0;
        while value(high).0 > 0.0 {
            high += 1.0;
        }
        Real::exp(root(middle, high, value))
    }
}
