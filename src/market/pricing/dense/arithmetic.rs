//! exp and ln of this room, in one place, with their accurate forms near 0 (Goldberg 1991; Kahan): the library's own, the same bits on every machine.

use crate::numeric::Real;

/// Below this e^x is no longer a normal number.
const LEAST_EXPONENT: f64 = -708.0;

/// e to the power x; 0 below −708, so that an offer priced out of the market sells exactly nothing and
/// no price, however high, turns it into profit; arguments above 709 count as 709.
#[inline]
pub fn exp(x: f64) -> f64 {
    if x < LEAST_EXPONENT { 0.0 } else { Real::exp(x) }
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

/// ln(a + b e^u) for a + b = 1: accurate near u = 0, and in both tails also where a or b is 0.
pub fn log_mix(a: f64, b: f64, u: f64) -> f64 {
    if b < f64::MIN_POSITIVE {
        0.0
    } else if a < f64::MIN_POSITIVE {
        u
    } else if u.abs() < 0.5 {
        ln_one_plus(b * exp_minus_one(u))
    } else if u < 0.0 {
        ln(a + b * exp(u))
    } else {
        u + ln(b + a * exp(-u))
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    #[test]
    fn far_below_one_nothing_is_left() {
        assert_eq!(exp(-709.0), 0.0);
        assert!(exp(-707.0) > 0.0 && exp(f64::NAN).is_nan());
    }

    #[test]
    fn a_mix_is_the_logarithm_of_a_weighted_mean_of_one_and_e_to_the_u() {
        for b in [0.0, 1e-9, 0.3, 0.7, 1.0 - 1e-9, 1.0] {
            for u in [-30.0, -2.0, -0.5, -1e-3, 0.0, 1e-7, 0.4, 0.6, 5.0, 30.0_f64] {
                let plain = (1.0 - b + b * u.exp()).ln();
                let got = log_mix(1.0 - b, b, u);
                assert!((got - plain).abs() <= 1e-13 + 1e-13 * plain.abs(), "{b} {u}: {got} {plain}");
            }
        }
        // Tails that a plain sum loses.
        assert_eq!(log_mix(0.0, 1.0, -900.0), -900.0);
        assert_eq!(log_mix(1.0, 0.0, 900.0), 0.0);
        assert!((log_mix(0.5, 0.5, 900.0) - (900.0 - 2.0_f64.ln())).abs() < 1e-12);
        assert!((log_mix(1e-200, 1.0, -900.0) - 1e-200_f64.ln()).abs() < 1e-12);
    }
}
