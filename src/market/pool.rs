//! What an alliance changes: ramps, break-up, and the four kinds of cost pool (model section 6).
//!
//! Ramp, compatibility and realised fraction multiply the *logarithm* of a pool's cost effect, so a
//! negative realised fraction raises cost by what a positive one of the same size would cut.

use super::cost::{effective_volume, log_experience, scale};
use crate::numeric::{Mask, Real};

/// Shortest ramp or fade, years: a step.
const INSTANT: f64 = 1e-6;

/// Mean over calendar year [t, t+1) of the S-shaped ramp 3x² − 2x³, x = (time − start) / years.
#[inline(always)]
pub fn ramp_over_year<R: Real>(year: f64, start: R, years: R) -> R {
    ramp_until(year, start, years, R::splat(start.token(), f64::INFINITY))
}

/// The same of a ramp that goes no further after `end` (calendar time).
#[inline(always)]
pub fn ramp_until<R: Real>(year: f64, start: R, years: R, end: R) -> R {
    let token = start.token();
    let years = years.max(R::splat(token, INSTANT));
    let (zero, one) = (R::zero(token), R::one(token));
    let reached = |time: R| ((time - start) / years).max(zero).min(one);
    // ∫₀ˣ 3u² − 2u³ du = x³ − x⁴/2 up to x = 1, then it grows by x − 1.
    let integral = |time: R| {
        let inside = reached(time);
        inside * inside * inside * (-inside * 0.5 + 1.0) + ((time - start) / years - 1.0).max(zero)
    };
    let stop = end.min(R::splat(token, year + 1.0));
    let from = stop.min(R::splat(token, year));
    let x = reached(stop);
    let after = (-stop.max(R::splat(token, year)) + (year + 1.0)) * (x * x * (-x * 2.0 + 3.0));
    ((integral(stop) - integral(from)) * years + after).max(zero).min(one)
}

/// What remains of an effect in the middle of a year after it ended at `end` (calendar time).
#[inline(always)]
pub fn fade<R: Real>(year: f64, end: R, fade_years: R) -> R {
    let token = end.token();
    let since = (-end + (year + 0.5)) / fade_years.max(R::splat(token, INSTANT));
    (-since + 1.0).max(R::zero(token)).min(R::one(token))
}

/// Calendar time of the break-up for a uniform draw: (1 − hazard)^(T − start) = 1 − draw. Never at a hazard of
/// 0, at once at a hazard of 1.
#[inline(always)]
pub fn breakup_time<R: Real>(start: R, hazard: R, draw: R) -> R {
    let token = hazard.token();
    let never = R::splat(token, f64::INFINITY);
    let at_once = R::one(token).le(hazard);
    let rate = -R::select(at_once, R::splat(token, 0.5), -hazard + 1.0).ln();
    let lasts = R::select(at_once, R::zero(token), -(-draw + 1.0).ln() / rate);
    R::select(R::zero(token).lt(hazard), start + lasts, never)
}

/// Log cost effect of an experience pool: experience grows from `before` to `with`.
#[inline(always)]
pub fn experience_effect<R: Real>(learning_exponent: R, with: R, before: R, realised: R) -> R {
    -learning_exponent * log_experience(with, before) * realised
}

/// Log cost effect of a purchasing pool: the scale term moves from the member's old pool to the new one.
/// A member whose old pool is the larger one goes on buying there: sharing is no reason to pay more.
#[inline(always)]
pub fn purchasing_effect<R: Real>(elasticity: R, new: R, old: R, saturation: R, strength: R) -> R {
    let zero = R::zero(new.token());
    let gain = (scale(effective_volume(new, old), saturation) - scale(old, saturation)).max(zero);
    R::select(zero.lt(old), -elasticity * gain * strength, zero)
}

/// A part is bought once: of several purchasing pools a member has the effect of the best, so one more adds
/// only what it is better than those `before`. A pool that raises cost raises it in full.
#[inline(always)]
pub fn added_to<R: Real>(before: R, effect: R) -> R {
    let zero = R::zero(effect.token());
    R::select(effect.lt(zero), (effect - before.min(zero)).min(zero), effect)
}

/// How far a partner is in the pool for a member, by the ramp or by what remains of both: as far as the member
/// itself, or less. What the member's own strength says already is not counted again.
#[inline(always)]
pub fn partner_weight<R: Real>(of_partner: R, own: R) -> R {
    let token = own.token();
    let tiny = R::splat(token, f64::MIN_POSITIVE);
    (of_partner / own.max(tiny)).min(R::one(token))
}

/// Cost of a joint programme: the largest stand-alone cost plus `overhead` of each other one.
#[inline(always)]
pub fn joint_programme<R: Real>(token: R::Token, stand_alone: &[R], overhead: R) -> R {
    let zero = R::zero(token);
    let (mut sum, mut largest) = (zero, zero);
    for &cost in stand_alone {
        sum += cost;
        largest = largest.max(cost);
    }
    largest + overhead * (sum - largest)
}

/// Turns the parts of a joint programme's cost (in `charges`: any non-negative weights) into what each
/// member pays. No member pays more than standing alone as long as the programme costs no more than
/// all of them alone: what a rule would charge beyond that is spread over the room the others have.
#[inline(always)]
pub fn split_joint_cost<R: Real>(token: R::Token, stand_alone: &[R], joint: R, charges: &mut [R]) {
    let zero = R::zero(token);
    let tiny = R::splat(token, f64::MIN_POSITIVE);
    let mut weights = zero;
    for &weight in charges.iter() {
        weights += weight;
    }
    let scale = joint / weights.max(tiny);
    let (mut excess, mut room) = (zero, zero);
    for (charge, &alone) in charges.iter_mut().zip(stand_alone) {
        let asked = *charge * scale;
        *charge = asked.min(alone);
        excess += asked - *charge;
        room += alone - *charge;
    }
    let fill = (excess / room.max(tiny)).min(R::one(token));
    for (charge, &alone) in charges.iter_mut().zip(stand_alone) {
        *charge += (alone - *charge) * fill;
    }
    // A programme dearer than all of them alone: what is left is shared by stand-alone cost.
    let left = (excess - room).max(zero);
    let mut sum = zero;
    for &alone in stand_alone {
        sum += alone;
    }
    for (charge, &alone) in charges.iter_mut().zip(stand_alone) {
        *charge += left * alone / sum.max(tiny);
    }
}

/// What a member saves on a platform in a year: stand-alone cost F · (1 − (charge/F)^strength).
#[inline(always)]
pub fn platform_saving<R: Real>(stand_alone: R, charge: R, strength: R) -> R {
    let token = stand_alone.token();
    let zero = R::zero(token);
    let tiny = R::splat(token, f64::MIN_POSITIVE);
    let pays = zero.lt(stand_alone).and(zero.lt(charge));
    let ratio = R::select(pays, charge.max(tiny) / stand_alone.max(tiny), R::one(token));
    stand_alone * (-ratio.powf(strength) + 1.0)
}

/// The part of an integration cost that falls into calendar year [t, t+1): evenly over `years` from `start`
/// (calendar time), until it is paid or membership ends at `end`.
#[inline(always)]
pub fn paid_in_year<R: Real>(year: f64, start: R, years: R, end: R) -> R {
    let token = start.token();
    let years = years.max(R::splat(token, INSTANT));
    let from = start.max(R::splat(token, year));
    let until = (start + years).min(end).min(R::splat(token, year + 1.0));
    ((until - from) / years).max(R::zero(token))
}

/// R&D of a partner that flows into a member's knowledge: the part of the pool's field that it does not
/// do itself, limited by what a smaller laboratory can absorb.
#[inline(always)]
pub fn shared_research<R: Real>(
    partner: R,
    field_share: R,
    duplication: R,
    own_base: R,
    partner_base: R,
) -> R {
    let token = partner.token();
    let tiny = R::splat(token, f64::MIN_POSITIVE);
    let absorbed = (own_base / partner_base.max(tiny)).min(R::one(token));
    partner * field_share * (-duplication + 1.0) * absorbed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_stays_where_it_ended() {
        // Half way after two of four years: 3/4 − 2/8.
        let x = 0.5_f64;
        let half = 3.0 * x * x - 2.0 * x * x * x;
        for year in [2030.0, 2031.0, 2040.0] {
            assert!((ramp_until(year, 2028.0, 4.0, 2030.0) - half).abs() < 1e-15);
        }
        // What has not begun does not begin.
        assert_eq!(ramp_until(2029.0, 2028.0, 4.0, 2027.5), 0.0);
        // In the year of the end: before it as ever, then flat.
        let steps = 100_000;
        let mean: f64 = (0..steps)
            .map(|i| {
                let time = (2029.0 + (f64::from(i) + 0.5) / f64::from(steps)).min(2029.4);
                let x = (time - 2028.0) / 4.0;
                (3.0 * x * x - 2.0 * x * x * x) / f64::from(steps)
            })
            .sum();
        assert!((ramp_until(2029.0, 2028.0, 4.0, 2029.4) - mean).abs() < 1e-9);
        assert_eq!(ramp_until(2029.0, f64::INFINITY, 4.0, 2029.4), 0.0);
    }

    #[test]
    fn the_ramp_is_zero_before_and_one_after() {
        assert_eq!(ramp_over_year(2026.0, 2027.0, 4.0), 0.0);
        assert!((ramp_over_year(2031.0, 2027.0, 4.0) - 1.0_f64).abs() < 1e-12);
        assert!((ramp_over_year(2027.0, 2027.5, 0.0) - 0.5_f64).abs() < INSTANT);
        // Point symmetric around the middle of the ramp.
        let (early, late) = (ramp_over_year(2027.0, 2027.0, 4.0), ramp_over_year(2030.0, 2027.0, 4.0));
        assert!((early + late - 1.0_f64).abs() < 1e-12);
    }

    #[test]
    fn half_have_broken_up_after_the_median_time() {
        let time: f64 = breakup_time(2024.0, 0.1, 0.5);
        assert!((time - 2024.0 - Real::ln(0.5) / Real::ln(0.9)).abs() < 1e-12);
        assert_eq!(breakup_time(2024.0, 0.0, 0.5), f64::INFINITY);
        assert_eq!(breakup_time(2024.25, 1.0, 0.9), 2024.25, "at once");
        let nearly: f64 = breakup_time(2024.25, 1.0 - 1e-15, 0.9);
        assert!((nearly - 2024.25).abs() < 0.1);
    }

    #[test]
    fn the_effect_fades_on_a_straight_line() {
        assert_eq!(fade(2030.0, f64::INFINITY, 2.0), 1.0);
        assert_eq!(fade(2030.0, 2029.5, 2.0), 0.5);
        assert_eq!(fade(2033.0, 2029.5, 2.0), 0.0);
    }

    #[test]
    fn no_member_pays_more_than_alone() {
        let alone = [1.3, 0.8, 0.15];
        for weights in [alone, [1.0, 1.0, 1.0], [0.1, 0.1, 5.0]] {
            for overhead in [0.0, 0.2, 0.999] {
                let joint = joint_programme((), &alone, overhead);
                let mut charges = weights;
                split_joint_cost((), &alone, joint, &mut charges);
                assert!((charges.iter().sum::<f64>() - joint).abs() < 1e-12);
                assert!(charges.iter().zip(alone).all(|(charge, f)| *charge <= f + 1e-12), "{charges:?}");
            }
        }
    }

    #[test]
    fn of_two_members_the_smaller_gains_more_from_buying_together() {
        let effect = |own: f64| purchasing_effect(0.03, 3.0e6, own, 2.5e6, 1.0);
        assert!(effect(1.0e6) < effect(2.0e6) && effect(2.0e6) < 0.0);
        assert!(purchasing_effect(0.03, 3.0e6, 1.0e6, 2.5e6, -0.2) > 0.0, "a failed pool costs");
    }

    #[test]
    fn integration_is_paid_once_and_no_longer_than_the_alliance_lasts() {
        let paid = |end: f64| (2024..2040).map(|year| paid_in_year(f64::from(year), 2027.5, 3.0, end)).sum();
        let (all, half, none): (f64, f64, f64) = (paid(f64::INFINITY), paid(2029.0), paid(2027.0));
        assert!((all - 1.0).abs() < 1e-12 && (half - 0.5).abs() < 1e-12 && none == 0.0);
    }

    #[test]
    fn a_platform_saves_all_that_it_does_not_charge() {
        assert!((platform_saving(2.0, 1.5, 1.0) - 0.5_f64).abs() < 1e-12);
        assert_eq!(platform_saving(2.0, 1.5, 0.0), 0.0);
        assert!(platform_saving(2.0, 1.5, -0.2_f64) < 0.0);
        assert_eq!(platform_saving(0.0, 0.0, 1.0), 0.0);
    }
}
