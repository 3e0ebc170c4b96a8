//! Quantiles of the beta and the Student t distribution.
//!
//! Solved in ln x from the end that is nearer, so that small probabilities keep their digits.

use super::special::{ln_beta, ln_lower_beta, root};
use crate::numeric::Real;

/// Beta(a, b) made ready for drawing.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Beta {
    a: f64,
    b: f64,
    ln_beta: f64,
    /// I(1/2).
    at_half: f64,
}

impl Beta {
    pub(super) fn new(a: f64, b: f64) -> Beta {
        let ln_beta = ln_beta(a, b);
        Beta { a, b, ln_beta, at_half: Real::exp(ln_lower_beta(a, b, ln_beta, 0.5)) }
    }

    /// The value that a draw stays below with probability `u`, and what is missing to 1.
    pub(super) fn quantile(&self, u: f64) -> (f64, f64) {
        if u <= self.at_half {
            let x = near_zero(self.a, self.b, self.ln_beta, u);
            (x, 1.0 - x)
        } else {
            let x = near_zero(self.b, self.a, self.ln_beta, 1.0 - u);
            (1.0 - x, x)
        }
    }
}

/// The quantile where it is at most 1/2.
fn near_zero(a: f64, b: f64, ln_beta: f64, u: f64) -> f64 {
    let ln_u: f64 = Real::ln(u);
    let high: f64 = Real::ln(0.5);
    // (1 − t)^(b−1) is at most 1, or 2^(1−b) where b < 1: so far left the probability is too small.
    let low = (ln_u + Real::ln(a) + ln_beta - (1.0 - b).max(0.0) * std::f64::consts::LN_2) / a;
    let value = |y: f64| {
        let x: f64 = Real::exp(y);
        let below = ln_lower_beta(a, b, ln_beta, x);
        let density = a * y + (b - 1.0) * f64::min(Real::ln(1.0 - x), 0.0) - ln_beta;
        (below - ln_u, Real::exp(density - below))
    };
    Real::exp(root(low.min(high), high, value))
}

/// Student's t around 0, made ready for drawing: t² = ν (1 − x)/x with x from Beta(ν/2, 1/2).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StudentT {
    freedom: f64,
    beta: Beta,
}

impl StudentT {
    pub(super) fn new(freedom: f64) -> StudentT {
        StudentT { freedom, beta: Beta::new(0.5 * freedom, 0.5) }
    }

    pub(super) fn quantile(&self, u: f64) -> f64 {
        let tail = u.min(1.0 - u);
        if tail == 0.5 {
            return 0.0;
        }
        let (x, rest) = self.beta.quantile(2.0 * tail);
        let t = (self.freedom * rest / x).sqrt();
        if u < 0.5 { -t } else { t }
    }
}
