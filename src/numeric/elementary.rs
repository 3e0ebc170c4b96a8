//! e^x and ln x, written once for both number types, without tables, branches or fused multiply-add.
//!
//! exp: x = n ln 2 + r with |r| ≤ ln 2 / 2, e^x = 2^n (1 + r + r² q(r)); q is the degree-9 minimax
//! polynomial of (e^r − 1 − r)/r², relative error 3.6e-18.
//! 2^x: x = n + f with |f| ≤ ½ exactly, 2^x = 2^n (1 + f Q(f)), Q of degree 10, error 3.4e-18.
//! ln: x = 2^k m with m in [√½, √2), f = m − 1, s = f/(2 + f), ln m = 2 artanh s
//! = f − (f²/2 − s (f²/2 + R)), R = s² P(s²) with P the degree-6 minimax polynomial of
//! (2 artanh s − 2s)/s³, error 2.5e-18 (the arrangement is that of fdlibm's `e_log.c`).
//! All polynomials: own Remez exchange in 60-digit arithmetic. ln 2 is split in two parts so that
//! n times the first is exact.

use super::Real;

const LOG2_E: f64 = std::f64::consts::LOG2_E;
/// The first 33 bits of ln 2, and the rest.
const LN2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LN2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);
/// 1.5·2^52: adding it rounds to an integer, which then sits in the low mantissa bits.
const TO_INTEGER: f64 = 6_755_399_441_055_744.0;
/// Where e^x is still a normal number.
const EXP_RANGE: (f64, f64) = (-708.0, 709.0);
/// Where 2^x is still a normal number.
const EXP2_RANGE: (f64, f64) = (-1021.0, 1023.0);

const EXP: [f64; 10] = [
    0.5000000000000011,
    0.16666666666666413,
    0.041666666666530155,
    0.008333333333494465,
    0.0013888888943630203,
    0.0001984126950656992,
    2.4801493098807193e-05,
    2.7557586382096293e-06,
    2.763024841517786e-07,
    2.5000058878116688e-08,
];

const EXP2: [f64; 11] = [
    std::f64::consts::LN_2,
    0.24022650695910133,
    0.05550410866482174,
    0.009618129107593335,
    0.0013333558146379073,
    0.00015403530458078798,
    1.525273386750297e-05,
    1.3215434816592219e-06,
    1.0178046477764671e-07,
    7.073860334832278e-09,
    4.457384716157587e-10,
];

const LN: [f64; 7] = [
    0.6666666666666734,
    0.3999999999941455,
    0.2857142874243235,
    0.2222219856734602,
    0.18183564684834824,
    0.15314040122383074,
    0.14796065432711325,
];

#[inline(always)]
pub(super) fn exp<R: Real>(x: R) -> R {
    let token = x.token();
    // The bound comes first: max and min then hand a NaN on.
    let x = R::splat(token, EXP_RANGE.0).max(x);
    let x = R::splat(token, EXP_RANGE.1).min(x);
    let shifted = x * LOG2_E + TO_INTEGER;
    let n = shifted - TO_INTEGER;
    let r = x - n * LN2_HIGH - n * LN2_LOW;
    exp_small(r).times_power_of_two(shifted)
}

/// e^r for |r| up to ln 2 / 2.
#[inline(always)]
pub(super) fn exp_small<R: Real>(r: R) -> R {
    // Estrin's scheme: short chains of dependent operations.
    let r2 = r * r;
    let r4 = r2 * r2;
    let [a, b, c, d, e, f, g, h, i, j] = EXP;
    let low = (r * b + a) + r2 * (r * d + c);
    let middle = (r * f + e) + r2 * (r * h + g);
    let q = low + r4 * (middle + r4 * (r * j + i));
    (r + r2 * q) + 1.0
}

#[inline(always)]
pub(super) fn exp2<R: Real>(x: R) -> R {
    let token = x.token();
    let x = R::splat(token, EXP2_RANGE.0).max(x);
    let x = R::splat(token, EXP2_RANGE.1).min(x);
    let shifted = x + TO_INTEGER;
    let f = x - (shifted - TO_INTEGER);
    let f2 = f * f;
    let f4 = f2 * f2;
    let [a, b, c, d, e, g, h, i, j, k, l] = EXP2;
    let low = (f * b + a) + f2 * (f * d + c);
    let middle = (f * g + e) + f2 * (f * i + h);
    let high = (f * k + j) + f2 * l;
    let q = low + f4 * (middle + f4 * high);
    let p = f * q + 1.0;
    p.times_power_of_two(shifted)
}

#[inline(always)]
pub(super) fn ln<R: Real>(x: R) -> R {
    let token = x.token();
    let (m, k) = x.mantissa_and_exponent();
    let f = m - 1.0;
    let s = f / (f + 2.0);
    let z = s * s;
    let z2 = z * z;
    let [a, b, c, d, e, g, h] = LN;
    let p = (z * b + a) + z2 * ((z * d + c) + z2 * ((z * g + e) + z2 * h));
    let half_square = f * f * 0.5;
    let tail = s * (half_square + z * p) + k * LN2_LOW;
    let value = k * LN2_HIGH - ((half_square - tail) - f);
    R::select(R::zero(token).lt(x), value, R::splat(token, f64::NAN))
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::Real;

    /// Distance in units in the last place.
    fn ulps(a: f64, b: f64) -> u64 {
        a.to_bits().abs_diff(b.to_bits())
    }

    fn grid(low: f64, high: f64, n: usize) -> impl Iterator<Item = f64> {
        // An irrational step avoids round numbers.
        (0..n).map(move |i| low + (high - low) * ((i as f64 * 0.618_033_988_749_894_9) % 1.0))
    }

    #[test]
    fn exp_is_within_one_ulp_of_the_standard_library() {
        // std is within one ulp itself, and almost always correctly rounded.
        let far = grid(-708.0, 709.0, 400_000).chain(grid(-20.0, 5.0, 400_000));
        let mut off = 0;
        for x in far {
            let distance = ulps(Real::exp(x), f64::exp(x));
            assert!(distance <= 1, "exp({x:e}) is {distance} ulp off");
            off += distance;
        }
        assert!(off < 200_000, "{off} of 800000 differ");
    }

    #[test]

    fn exp_small_is_exp_without_reduction() {
        for x in grid(-f64::SMALL, f64::SMALL, 400_000) {
            assert_eq!(Real::exp_small(x), Real::exp(x), "{x:e}");
        }
    }

    #[test]
    fn exp2_is_within_two_ulp_of_the_standard_library() {
        for x in grid(-1021.0, 1023.0, 400_000).chain(grid(-20.0, 5.0, 400_000)) {
            let distance = ulps(Real::exp2(x), f64::exp2(x));
            assert!(distance <= 2, "2^{x:e} is {distance} ulp off");
        }
        assert_eq!((Real::exp2(10.0_f64), Real::exp2(-1021.0_f64)), (1024.0, 2.0_f64.powi(-1021)));
        assert!(Real::exp2(f64::NAN).is_nan());
    }

    #[test]
    fn ln_is_within_one_ulp_of_the_standard_library() {
        let near = grid(0.5, 2.0, 400_000).chain(grid(1.0 - 1e-6, 1.0 + 1e-6, 10_000));
        for x in near.chain(grid(-708.0, 709.0, 400_000).map(f64::exp)) {
            let distance = ulps(Real::ln(x), f64::ln(x));
            assert!(distance <= 1, "ln({x:e}) is {distance} ulp off");
        }
    }

    #[test]
    fn special_arguments() {
        assert_eq!(Real::exp(0.0_f64), 1.0);
        assert_eq!(Real::exp(-1e9_f64), Real::exp(-708.0_f64));
        assert_eq!(Real::exp(f64::INFINITY), Real::exp(709.0_f64));
        assert!(Real::exp(f64::NAN).is_nan());
        assert_eq!(Real::ln(1.0_f64), 0.0);
        assert!(Real::ln(f64::NAN).is_nan());
        assert!(Real::ln(-1.0_f64).is_nan());
        assert!(Real::ln(0.0_f64).is_nan());
        assert!((Real::powf(2.0_f64, 0.5) - 2.0_f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn both_rise_with_their_argument() {
        for start in [-700.0, -3.0, -1e-3, 0.3465, 12.0, 650.0] {
            let mut x: f64 = start;
            for _ in 0..2_000 {
                let next = x + 4.0 * (x.next_up() - x).abs().max(f64::EPSILON);
                assert!(Real::exp(x) <= Real::exp(next), "exp falls at {x}");
                let (y, z) = (Real::exp(x), Real::exp(next));
                assert!(Real::ln(y) <= Real::ln(z), "ln falls at {y}");
                x = next;
            }
        }
    }
}
