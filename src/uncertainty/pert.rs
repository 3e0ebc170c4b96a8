//! The PERT distribution's quantile function, through the incomplete beta function.
//!
//! PERT on [low, high] with mode m is low + (high − low) X with X ~ Beta(a, b),
//! a = 1 + 4 (m − low)/(high − low), b = 6 − a (D. G. Malcolm et al., Operations Research 7, 1959).
//! For x ≤ 1/2 the distribution function is the convergent series (DLMF 8.17.7)
//!
//! > I(x) = x^a / B(a, b) · Σ_n c_n xⁿ,  c_n = (1−b)(2−b)…(n−b) / (n! (a + n)),
//!
//! and for x > 1/2 the same with a and b exchanged and 1 − x. B(a, b) is what makes the two halves
//! add to one. The quantile solves I(x) = u by Halley's steps from a table in u^(1/a), in which x is
//! nearly linear at the end.

use crate::numeric::Real;

/// Terms of the series: the first one left out is below 1e-16 of the sum at x = 1/2.
const TERMS: usize = 48;
/// Intervals of the table of first guesses.
const INTERVALS: usize = 32;

/// Beta(a, 6 − a) seen from both ends.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pert {
    low: f64,
    high: f64,
    /// From the lower end up to x = 1/2, and from the upper end down to it.
    lower: HalfBeta,
    upper: HalfBeta,
    /// I(1/2), where the two halves meet.
    at_half: f64,
}

impl Pert {
    /// For low ≤ mode ≤ high and low < high.
    pub(super) fn new(low: f64, mode: f64, high: f64) -> Self {
        let width = high - low;
        let a = 1.0 + 4.0 * ((mode - low) / width);
        let b = 1.0 + 4.0 * ((high - mode) / width);
        let (mut lower, mut upper) = (HalfBeta::new(a, b), HalfBeta::new(b, a));
        let beta = lower.integral(0.5) + upper.integral(0.5);
        let at_half = lower.integral(0.5) / beta;
        lower.fill_guesses(beta, at_half);
        upper.fill_guesses(beta, 1.0 - at_half);
        Self { low, high, lower, upper, at_half }
    }

    /// The value that a share `u` of draws stays below, 0 < u < 1.
    pub(super) fn quantile(&self, u: f64) -> f64 {
        let width = self.high - self.low;
        if u <= self.at_half {
            (self.low + width * self.lower.quantile(u)).min(self.high)
        } else {
            (self.high - width * self.upper.quantile(1.0 - u)).max(self.low)
        }
    }
}

/// One half of a beta distribution, x in [0, 1/2] from the end where the density is x^(a−1).
#[derive(Clone, Debug, PartialEq)]
struct HalfBeta {
    a: f64,
    b: f64,
    /// B(a, b).
    beta: f64,
    coefficients: [f64; TERMS],
    /// x at equal steps of (u/u_half)^(1/a).
    guesses: [f64; INTERVALS + 1],
    /// Probability of this half.
    u_half: f64,
}

impl HalfBeta {
    fn new(a: f64, b: f64) -> Self {
        let mut coefficients = [0.0; TERMS];
        let mut rising = 1.0;
        for (n, c) in coefficients.iter_mut().enumerate() {
            let n = n as f64;
            *c = rising / (a + n);
            rising *= (n + 1.0 - b) / (n + 1.0);
        }
        Self { a, b, beta: 1.0, coefficients, guesses: [0.5; INTERVALS + 1], u_half: 1.0 }
    }

    fn fill_guesses(&mut self, beta: f64, u_half: f64) {
        self.beta = beta;
        self.u_half = u_half;
        // Newton from above on a convex-enough function: start at 1/2 and walk down the table.
        let mut x = 0.5;
        for k in (1..INTERVALS).rev() {
            let u = u_half * Real::exp(self.a * Real::ln(k as f64 / INTERVALS as f64));
            x = self.solve(u, x);
            self.guesses[k] = x;
        }
        self.guesses[0] = 0.0;
    }

    /// ∫₀ˣ t^(a−1) (1−t)^(b−1) dt.
    fn integral(&self, x: f64) -> f64 {
        Real::exp(self.a * Real::ln(x)) * self.series(x)
    }

    /// Σ c_n xⁿ, in four interleaved chains so that the processor need not wait.
    fn series(&self, x: f64) -> f64 {
        let (x2, x4) = (x * x, x * x * x * x);
        let mut chains = [0.0; 4];
        for four in self.coefficients.chunks_exact(4).rev() {
            for (chain, c) in chains.iter_mut().zip(four) {
                *chain = *chain * x4 + c;
            }
        }
        (chains[0] + chains[1] * x) + (chains[2] + chains[3] * x) * x2
    }

    fn quantile(&self, u: f64) -> f64 {
        let position = Real::exp(Real::ln(u / self.u_half) / self.a) * INTERVALS as f64;
        let k = (position as usize).min(INTERVALS - 1);
        let guess = self.guesses[k] + (self.guesses[k + 1] - self.guesses[k]) * (position - k as f64);
        self.solve(u, guess)
    }

    /// Halley's steps for I(x) = u; each step cubes the relative error.
    fn solve(&self, u: f64, guess: f64) -> f64 {
        let target = u * self.beta;
        let mut x = guess;
        for _ in 0..40 {
            let power = Real::exp(self.a * Real::ln(x));
            let density = power / x * Real::exp((self.b - 1.0) * Real::ln(1.0 - x));
            let newton = (power * self.series(x) - target) / density;
            let curvature = (self.a - 1.0) / x - (self.b - 1.0) / (1.0 - x);
            let step = newton / (1.0 - (0.5 * newton * curvature).clamp(-0.5, 0.5));
            x = (x - step).clamp(0.25 * x, 0.5);
            if step.abs() < 1e-5 * x {
                break;
            }
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{Beta, ContinuousCDF};

    #[test]
    fn quantile_inverts_an_independent_distribution_function() {
        for mode in [0.0, 1e-9, 0.02, 0.25, 0.4999, 0.5, 0.7, 0.95, 1.0] {
            let pert = Pert::new(0.0, mode, 1.0);
            let reference = Beta::new(1.0 + 4.0 * mode, 5.0 - 4.0 * mode).unwrap();
            for k in 1..2000 {
                let u = f64::from(k) / 2000.0;
                let x = pert.quantile(u);
                assert!((reference.cdf(x) - u).abs() < 2e-14, "mode {mode}, u {u}: {}", reference.cdf(x) - u);
            }
            for u in [1e-15, 1e-12, 1e-9, 1e-6, 1e-3] {
                let x = pert.quantile(u);
                assert!((reference.cdf(x) / u - 1.0).abs() < 1e-11, "mode {mode}, u {u}");
            }
        }
    }

    #[test]
    fn quantile_rises() {
        let pert = Pert::new(0.155, 0.18, 0.20);
        let values: Vec<f64> = (1..20_000).map(|k| pert.quantile(f64::from(k) / 20_000.0)).collect();
        assert!(values.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(0.155 <= values[0] && *values.last().unwrap() <= 0.20);
        // Across the joint at x = 1/2 too.
        let joint = pert.at_half;
        assert!(pert.quantile(joint - 1e-12) < pert.quantile(joint + 1e-12));
    }
}
