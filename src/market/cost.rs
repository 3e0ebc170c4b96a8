//! Unit cost by component: learning, scale and trend (model section 5).
//!
//! I_k,t = (E_t / E_0)^(−b_k) · exp(−e_k [S(V_t) − S(V_0)] + trend_k · t), a factor on the base-year
//! cost of component k.
//!
//! | symbol | name | unit | source |
//! |---|---|---|---|
//! | E | experience: own cumulative units + spillover · everyone else's | units | Wright (1936) |
//! | b | learning exponent, −log2(1 − learning rate) | – | Wright (1936) |
//! | S(V) | scale term ln(V / (1 + V/V*)); its elasticity is 1/(1 + V/V*) | – | platform studies, model.md |
//! | e | scale elasticity at small volume | – | |
//! | V | annual units of the maker and those it buys with | units a year | |

use crate::numeric::Real;

const LN_2: f64 = std::f64::consts::LN_2;

/// Scale is lost no further than at this part of the base-year volume, so that a maker that stops
/// selling has a finite cost.
const LEAST_VOLUME: f64 = 0.01;

/// b from the cost cut per doubling of cumulative units.
#[inline(always)]
pub fn learning_exponent<R: Real>(learning_rate: R) -> R {
    -(-learning_rate + 1.0).ln() / LN_2
}

/// Experience of a maker whose own cumulative units are `own` of everyone's `total`.
#[inline(always)]
pub fn experience<R: Real>(own: R, total: R, spillover: R) -> R {
    own + spillover * (total - own)
}

/// The scale term S(V); 0 for a maker without any volume.
#[inline(always)]
pub fn scale<R: Real>(volume: R, saturation: R) -> R {
    let tiny = R::splat(volume.token(), f64::MIN_POSITIVE);
    let some = tiny.lt(volume);
    let value = (volume.max(tiny) * saturation / (volume + saturation)).ln();
    R::select(some, value, R::zero(volume.token()))
}

/// S(V) − S(V_0), given S(V_0); 0 where there was no volume in the base year to start from.
#[inline(always)]
pub fn scale_change<R: Real>(volume: R, base_volume: R, base_scale: R, saturation: R) -> R {
    let zero = R::zero(volume.token());
    R::select(zero.lt(base_volume), scale(volume, saturation) - base_scale, zero)
}

/// A volume as the scale term sees it: never below a small part of the base year's.
#[inline(always)]
pub fn effective_volume<R: Real>(volume: R, base_volume: R) -> R {
    volume.max(base_volume * LEAST_VOLUME)
}

/// ln(E_t / E_0); 0 where there is no experience to start from.
#[inline(always)]
pub fn log_experience<R: Real>(experience: R, base_experience: R) -> R {
    let zero = R::zero(experience.token());
    let some = zero.lt(base_experience);
    let one = R::one(experience.token());
    R::select(some, (experience / R::select(some, base_experience, one)).ln(), zero)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubling_cuts_cost_by_the_learning_rate() {
        let b = learning_exponent(0.18);
        assert!((Real::exp(-b * log_experience(2.0e6, 1.0e6)) - 0.82).abs() < 1e-15);
    }

    #[test]
    fn scale_elasticity_halves_at_saturation() {
        let (v_star, step) = (2.5e6, 1e-4);
        let slope =
            (scale(v_star * (1.0 + step), v_star) - scale(v_star * (1.0 - step), v_star)) / (2.0 * step);
        assert!((slope - 0.5).abs() < 1e-7);
        assert_eq!(scale(0.0, v_star), 0.0);
    }

    #[test]
    fn counting_in_another_unit_changes_nothing() {
        let in_cars = scale(3.0e6, 2.5e6) - scale(1.0e6, 2.5e6);
        let in_thousands = scale(3.0e3, 2.5e3) - scale(1.0e3, 2.5e3);
        assert!((in_cars - in_thousands).abs() < 1e-14);
    }
}
