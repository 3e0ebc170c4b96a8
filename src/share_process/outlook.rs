//! `Outlook`: what is expected of a maker's log share in the years after the origin, and how it spreads.

use super::constants::Constants;
use super::estimate::Estimate;
use super::past::Change;
use crate::numeric::Real;

/// A maker's log share after the origin, before shares are closed to one.
///
/// Its change up to year t is Σ step + Σ spread of steps · ζ + carry + k Σ sd z, with ζ and z standard
/// normal and k = √(ν/χ²_ν), all summed over the years up to t.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// Expected change in the first year from growth, log points; later years keep a constant part of it.
    pub step: f64,
    /// Sd of that step between makers.
    pub step_sd: f64,
    /// Part of last year's surprise that goes on in the first year.
    pub carry: f64,
    /// Scale of the yearly shock, from the first year on.
    pub sd: Vec<f64>,
}

/// A maker's outlook over some years, from its share at the origin and its last change, if that was in the
/// year of the origin.
pub fn outlook(
    estimate: &Estimate,
    constants: &Constants,
    share: f64,
    new: bool,
    last: Option<&Change>,
    years: usize,
) -> Outlook {
    let c = constants;
    let step = estimate.expected_growth(c, share, new);
    let (mut expected, mut next) = (0.0, step);
    let own = if new { estimate.newcomer_scale } else { 1.0 };
    let sd = (0..years)
        .map(|_| {
            let sd = estimate.scale * own * c.size_law(share * Real::exp(expected));
            expected += next;
            next *= c.growth_damping;
            sd
        })
        .collect();
    Outlook {
        step,
        step_sd: if new { c.growth_sd } else { 0.0 },
        carry: last.map_or(0.0, |last| estimate.carry * estimate.surprise(c, last)),
        sd,
    }
}

/// (χ²/ν)^(1/3) where the scale is five times the usual.
const LEAST_ROOT: f64 = 0.342;

/// √(ν/χ²_ν) at a standard normal draw, with χ² by E. B. Wilson and M. M. Hilferty (PNAS 17, 1931).
#[inline(always)]
pub fn heavy_factor<R: Real>(normal: R, freedom: f64) -> R {
    let spread = 2.0 / (9.0 * freedom);
    // No more than five times the usual scale, where the approximation ends; one draw in a thousand is cut.
    let root = (normal * spread.sqrt() + (1.0 - spread)).max(R::splat(normal.token(), LEAST_ROOT));
    R::splat(normal.token(), 1.0) / (root * root * root).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uncertainty::{Distribution, Stream};

    const C: Constants = Constants::CHOSEN;

    fn estimate() -> Estimate {
        Estimate {
            scale: 0.1,
            carry: 0.3,
            growth: 0.2,
            newcomer_scale: 1.5,
            mature_changes: 0,
            newcomer_changes: 0,
            pairs: 0,
        }
    }

    #[test]
    fn an_established_maker_is_expected_to_stay_but_for_last_years_surprise() {
        let last = Change { year: 2024, before: 0.1, log: 0.2, new: false };
        let outlook = outlook(&estimate(), &C, 0.05, false, Some(&last), 3);
        assert_eq!((outlook.step, outlook.step_sd), (0.0, 0.0));
        assert!((outlook.carry - 0.06).abs() < 1e-15);
        assert!(outlook.sd.iter().all(|sd| (sd - 0.1).abs() < 1e-15), "its size stays, so does its spread");
    }

    #[test]
    fn a_newcomer_grows_and_calms_down() {
        let outlook = outlook(&estimate(), &C, 0.003, true, None, 4);
        assert!((outlook.step - 0.2 * Real::ln(10.0)).abs() < 1e-12);
        assert!(outlook.sd.windows(2).all(|pair| pair[1] < pair[0]));
        let second = 0.1 * 1.5 * C.size_law(0.003 * Real::exp(outlook.step));
        assert!((outlook.sd[1] - second).abs() < 1e-12);
    }

    #[test]
    fn shocks_of_drawn_scale_are_students_t() {
        // Quantiles of t with 5 degrees of freedom: 2.015 at 95 %, 3.365 at 99 %.
        let normal = Distribution::Normal { mean: 0.0, sd: 1.0, low: None, high: None };
        let (shock, scale) = (Stream::new(1, "shock"), Stream::new(1, "scale"));
        let n = 200_000;
        let mut draws: Vec<f64> = (0..n)
            .map(|draw| {
                let factor = heavy_factor(normal.quantile(scale.uniform(draw)), 5.0);
                factor * normal.quantile(shock.uniform(draw))
            })
            .collect();
        draws.sort_by(f64::total_cmp);
        let quantile = |p: f64| draws[(p * n as f64) as usize];
        assert!((quantile(0.95) / 2.015 - 1.0).abs() < 0.02, "{}", quantile(0.95));
        assert!((quantile(0.99) / 3.365 - 1.0).abs() < 0.03, "{}", quantile(0.99));
    }
}
