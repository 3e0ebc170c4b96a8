//! The standard normal distribution: its quantile function z(u) and its distribution function Φ(z).
//!
//! z(u) is algorithm AS 241 (PPND16) of M. J. Wichura, "The percentage points of the normal
//! distribution", Applied Statistics 37 (1988), 477–484: relative error about 1e-16.

use crate::numeric::Real;

/// 1/√(2π), the standard normal density at 0.
const DENSITY_AT_ZERO: f64 = 0.398_942_280_401_432_7;

/// The z with Φ(z) = `u`, for 0 < u < 1; exactly 0 at 0.5.
pub(super) fn quantile(u: f64) -> f64 {
    let q = u - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * ratio(r, &CENTRE);
    }
    let tail = if q < 0.0 { u } else { 1.0 - u };
    let r = (-Real::ln(tail)).sqrt();
    let z = if r <= 5.0 { ratio(r - 1.6, &MIDDLE) } else { ratio(r - 5.0, &FAR) };
    if q < 0.0 { -z } else { z }
}

/// Φ(z), the probability of a value below `z`, with small relative error in the lower tail too.
pub(super) fn distribution(z: f64) -> f64 {
    if z > 2.0 {
        return 1.0 - upper_tail(z);
    }
    if z < -2.0 {
        return upper_tail(-z);
    }
    // Φ(z) = 1/2 + φ(z) (z + z³/3 + z⁵/(3·5) + …)
    let (mut term, mut sum, mut odd) = (z, z, 1.0);
    while term.abs() > 1e-18 * sum.abs() {
        odd += 2.0;
        term = term * z * z / odd;
        sum += term;
    }
    0.5 + density(z) * sum
}

/// 1 − Φ(z) for z ≥ 2, by the continued fraction φ(z) / (z + 1/(z + 2/(z + 3/(z + …)))).
fn upper_tail(z: f64) -> f64 {
    let mut fraction = z;
    for k in (1..=160).rev() {
        fraction = z + f64::from(k) / fraction;
    }
    density(z) / fraction
}

fn density(z: f64) -> f64 {
    if z.abs() > 37.0 { 0.0 } else { DENSITY_AT_ZERO * Real::exp(-0.5 * z * z) }
}

/// Numerator and denominator of a rational approximation, constant term first.
type Rational = ([f64; 8], [f64; 8]);

fn ratio(r: f64, (above, below): &Rational) -> f64 {
    polynomial(r, above) / polynomial(r, below)
}

fn polynomial(r: f64, c: &[f64; 8]) -> f64 {
    ((((((c[7] * r + c[6]) * r + c[5]) * r + c[4]) * r + c[3]) * r + c[2]) * r + c[1]) * r + c[0]
}

/// For |u − 0.5| ≤ 0.425, in 0.425² − (u − 0.5)².
#[allow(clippy::excessive_precision)]
const CENTRE: Rational = (
    [
        3.387_132_872_796_366_608_0,
        1.331_416_678_917_843_774_5e2,
        1.971_590_950_306_551_442_7e3,
        1.373_169_376_550_946_112_5e4,
        4.592_195_393_154_987_145_7e4,
        6.726_577_092_700_870_085_3e4,
        3.343_057_558_358_812_810_5e4,
        2.509_080_928_730_122_672_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091_125_2e1,
        6.871_870_074_920_579_083_0e2,
        5.394_196_021_424_751_107_7e3,
        2.121_379_430_158_659_586_7e4,
        3.930_789_580_009_271_061_0e4,
        2.872_908_573_572_194_267_4e4,
        5.226_495_278_852_854_561_0e3,
    ],
);

/// For tails down to e⁻²⁵, in √(−ln tail) − 1.6.
#[allow(clippy::excessive_precision)]
const MIDDLE: Rational = (
    [
        1.423_437_110_749_683_577_34,
        4.630_337_846_156_545_295_90,
        5.769_497_221_460_691_405_50,
        3.647_848_324_763_204_605_04,
        1.270_458_252_452_368_382_58,
        2.417_807_251_774_506_117_70e-1,
        2.272_384_498_926_918_458_33e-2,
        7.745_450_142_783_414_076_40e-4,
    ],
    [
        1.0,
        2.053_191_626_637_758_821_87,
        1.676_384_830_183_803_849_40,
        6.897_673_349_851_000_045_50e-1,
        1.481_039_764_274_800_745_90e-1,
        1.519_866_656_361_645_719_66e-2,
        5.475_938_084_995_344_946_00e-4,
        1.050_750_071_644_416_843_24e-9,
    ],
);

/// For tails below e⁻²⁵, in √(−ln tail) − 5.
#[allow(clippy::excessive_precision)]
const FAR: Rational = (
    [
        6.657_904_643_501_103_777_20,
        5.463_784_911_164_114_369_90,
        1.784_826_539_917_291_335_80,
        2.965_605_718_285_048_912_30e-1,
        2.653_218_952_657_612_309_30e-2,
        1.242_660_947_388_078_438_60e-3,
        2.711_555_568_743_487_578_15e-5,
        2.010_334_399_292_288_132_65e-7,
    ],
    [
        1.0,
        5.998_322_065_558_879_376_90e-1,
        1.369_298_809_227_358_053_10e-1,
        1.487_536_129_085_061_485_25e-2,
        7.868_691_311_456_132_591_00e-4,
        1.846_318_317_510_054_681_80e-5,
        1.421_511_758_316_445_888_70e-7,
        2.044_263_103_389_939_785_64e-15,
    ],
);

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, Normal};

    #[test]
    fn quantile_agrees_with_statrs_and_with_its_own_inverse() {
        let reference = Normal::standard();
        for k in 1..4000 {
            let u = f64::from(k) / 4000.0;
            assert!((quantile(u) - reference.inverse_cdf(u)).abs() < 4e-15);
            assert!((distribution(quantile(u)) - u).abs() < 1e-15, "u = {u}");
        }
        for exponent in 2..300 {
            let u: f64 = format!("1e-{exponent}").parse().unwrap();
            let back = distribution(quantile(u));
            assert!((back / u - 1.0).abs() < 1e-12, "u = {u}: {back}");
        }
        assert_eq!(quantile(0.5), 0.0);
        // Percentage points to 16 figures, from any table: z(0.975) and z(1e-20).
        assert!((quantile(0.975) - 1.959_963_984_540_054).abs() < 5e-16);
        assert!((quantile(1e-20) + 9.262_340_089_798_408).abs() < 4e-15);
    }
}
