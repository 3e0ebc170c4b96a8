//! The special functions that quantiles of gamma, beta and Student t distributions need.
//!
//! Only with the project's own logarithm and exponential, so that draws have the same bits on every machine.

use crate::numeric::Real;

/// Lanczos' coefficients for g = 7, nine terms: relative error of Γ below 1e-14 (C. Lanczos, SIAM Journal on
/// Numerical Analysis B 1, 1964; computed anew to 16 figures by P. Godfrey, 2001).
const LANCZOS: [f64; 9] = [
    0.999_999_999_999_809_9,
    676.520_368_121_885_1,
    -1_259.139_216_722_402_8,
    771.323_428_777_653_1,
    -176.615_029_162_140_6,
    12.507_343_278_686_905,
    -0.138_571_095_265_720_12,
    9.984_369_578_019_572e-6,
    1.505_632_735_149_311_6e-7,
];
/// ln √(2π).
const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_7;
/// Ends continued fractions and series.
const SMALL: f64 = 1e-17;
const MOST_TERMS: u32 = 100_000;

fn ln(x: f64) -> f64 {
    Real::ln(x)
}

fn exp(x: f64) -> f64 {
    Real::exp(x)
}

/// ln Γ(x), x > 0.
pub(super) fn ln_gamma(x: f64) -> f64 {
    if x < 0.5 {
        return ln_gamma(x + 1.0) - ln(x);
    }
    let z = x - 1.0;
    let sum: f64 = (1..9).map(|k| LANCZOS[k] / (z + k as f64)).sum::<f64>() + LANCZOS[0];
    let t = z + 7.5;
    HALF_LN_TWO_PI + (z + 0.5) * ln(t) - t + ln(sum)
}

/// ln B(a, b).
pub(super) fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}

/// The logarithm of Γ(a, 0…x)/Γ(a), the part of a gamma distribution below x > 0: a series (DLMF 8.11.4).
pub(super) fn ln_lower_gamma(a: f64, x: f64) -> f64 {
    if x > a + 1.0 {
        return ln(1.0 - f64::min(exp(ln_upper_gamma(a, x)), 1.0));
    }
    let (mut term, mut sum) = (1.0 / a, 1.0 / a);
    for n in 1..MOST_TERMS {
        term *= x / (a + f64::from(n));
        sum += term;
        if term < SMALL * sum {
            break;
        }
    }
    a * ln(x) - x - ln_gamma(a) + ln(sum)
}

/// The logarithm of Γ(a, x…∞)/Γ(a): Legendre's continued fraction (DLMF 8.9.2).
pub(super) fn ln_upper_gamma(a: f64, x: f64) -> f64 {
    if x <= a + 1.0 {
        return ln(1.0 - f64::min(exp(ln_lower_gamma(a, x)), 1.0));
    }
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (f64::MAX, 1.0 / b);
    let mut fraction = d;
    for n in 1..MOST_TERMS {
        let n = f64::from(n);
        let an = n * (a - n);
        b += 2.0;
        d = 1.0 / away_from_zero(an * d + b);
        c = away_from_zero(b + an / c);
        fraction *= c * d;
        if (c * d - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    a * ln(x) - x - ln_gamma(a) + ln(fraction)
}

/// The regularised incomplete beta function I(x), as its logarithm, 0 < x < 1: the continued fraction of DLMF 8.17.22
/// on the side where it converges fast.
pub(super) fn ln_lower_beta(a: f64, b: f64, ln_beta: f64, x: f64) -> f64 {
    let power = a * ln(x) + b * ln(1.0 - x) - ln_beta;
    if x < (a + 1.0) / (a + b + 2.0) {
        power + ln(beta_fraction(a, b, x) / a)
    } else {
        ln(1.0 - f64::min(exp(power) * beta_fraction(b, a, 1.0 - x) / b, 1.0))
    }
}

/// By Lentz's method.
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..MOST_TERMS {
        let m = f64::from(m);
        for numerator in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / away_from_zero(1.0 + numerator * d);
            c = away_from_zero(1.0 + numerator / c);
            fraction *= c * d;
        }
        if (c * d - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    fraction
}

fn away_from_zero(x: f64) -> f64 {
    if x.abs() < 1e-300 { 1e-300 } else { x }
}

/// The y between `low` and `high` where `value` is 0, by Newton's steps that never leave the bracket. `value` gives
/// the function and its slope, and has the sign of `slope` to the right of the root.
pub(super) fn root(low: f64, high: f64, value: impl Fn(f64) -> (f64, f64)) -> f64 {
    let (mut low, mut high) = (low, high);
    let mut y = low;
    for _ in 0..200 {
        let (at, slope) = value(y);
        if at == 0.0 || high <= low {
            break;
        }
        if (at > 0.0) == (slope > 0.0) {
            high = high.min(y)
        } else {
            low = low.max(y)
        }
        let newton = y - at / slope;
        let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
        let is_near = (next - y).abs() <= 2.0 * f64::EPSILON * y.abs().max(1.0);
        y = next;
        if is_near {
            break;
        }
    }
    y
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        // Γ(1/2) = √π, Γ(5) = 24, Γ(0.1) from any table.
        for (x, gamma) in [(0.5, std::f64::consts::PI.sqrt()), (5.0, 24.0), (0.1, 9.513_507_698_668_732)] {
            assert!((ln_gamma(x) - ln(gamma)).abs() < 2e-15 * 10.0, "{x}");
        }
        // Exponential and uniform distributions.
        assert!((ln_upper_gamma(1.0, 3.0) + 3.0).abs() < 1e-14);
        assert!((ln_lower_gamma(1.0, 1e-9) - ln(1e-9)).abs() < 1e-8);
        assert!((exp(ln_lower_beta(1.0, 1.0, 0.0, 0.3)) - 0.3).abs() < 1e-15);
    }
}
