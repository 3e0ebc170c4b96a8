//! `Estimate`: a region's spread, carry-over and newcomer growth in closed form, from changes up to a year.
//!
//! Each is a weighted mean of an assumed value ([`Constants`]) and the region's own. With d a yearly change
//! of log share, s the share a year before, g(s) the size law and x(s) the room to grow:
//!
//! * growth κ = Σ x d / Σ x² over newcomers; expected change μ(s) = κ x(s) for them, 0 for others;
//! * surprise e = d − μ, in units of the size law u = e / g(s);
//! * carry-over ρ = Σ u' u / Σ u'², u' the surprise a year before;
//! * scale L² = mean w² over mature makers, w = u − ρ u'; newcomers' scale v² = mean (w / L)².
//!
//! What is extreme is cut, so that one take-over or start-up does not set a region's numbers.

use super::constants::Constants;
use super::past::Change;
use crate::numeric::Real;

/// A yearly change counts no more than this, log points.
const LARGEST_CHANGE: f64 = 0.7;
/// Cuts of surprises, in assumed scales: of last year's and this year's in pairs, and of what is left.
const LARGEST_BEFORE: f64 = 2.5;
const LARGEST: f64 = 4.0;
/// Bounds of the growth and the carry-over of a region.
const MOST_GROWTH: f64 = 0.3;
const MOST_CARRY: f64 = 0.6;

/// The changes of one maker, by year.
pub type Series = Vec<Change>;

/// What a region's past says about how shares move there.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// L: yearly scale of log share at a share of 5 %, log points. The sd is √(5/3) times it.
    pub scale: f64,
    /// ρ: part of last year's surprise that goes on for one year.
    pub carry: f64,
    /// κ: growth of newcomers per unit of room, log points a year.
    pub growth: f64,
    /// v: spread of a newcomer against a mature maker of its size.
    pub newcomer_scale: f64,
    /// Changes of mature makers and of newcomers, and pairs of consecutive changes.
    pub mature_changes: usize,
    pub newcomer_changes: usize,
    pub pairs: usize,
}

impl Constants {
    /// g(s): the spread at a share against that at the reference share.
    pub fn size_law(&self, share: f64) -> f64 {
        Real::exp(-self.size_exponent * Real::ln(share.max(self.size_floor) / self.size_reference))
    }

    /// x(s): how far a newcomer is from the share where growth ends, log points.
    pub fn room_to_grow(&self, share: f64) -> f64 {
        Real::ln(self.room / share.max(self.size_floor)).max(0.0)
    }
}

impl Estimate {
    /// μ(s): expected change of a maker's log share in a year.
    pub fn expected_growth(&self, constants: &Constants, share: f64, new: bool) -> f64 {
        if new { self.growth * constants.room_to_grow(share) } else { 0.0 }
    }

    /// e: what of a change was not expected, log points.
    pub fn surprise(&self, constants: &Constants, change: &Change) -> f64 {
        cut(change.log, LARGEST_CHANGE) - self.expected_growth(constants, change.before, change.new)
    }
}

/// Estimates a region's numbers from its makers' changes.
pub fn estimate(makers: &[Series], constants: &Constants) -> Estimate {
    let c = constants;
    let all = || makers.iter().flatten();
    let mut estimate = Estimate {
        scale: c.scale,
        carry: 0.0,
        growth: growth(all(), c),
        newcomer_scale: c.newcomer_scale,
        mature_changes: all().filter(|change| !change.new).count(),
        newcomer_changes: all().filter(|change| change.new).count(),
        pairs: 0,
    };
    let surprise = |change: &Change| estimate.surprise(c, change) / c.size_law(change.before);
    // This year's surprise, and last year's where there is one.
    let surprises: Vec<(bool, f64, Option<f64>)> = makers
        .iter()
        .flat_map(|series| {
            series.iter().enumerate().map(|(index, change)| {
                let before = index.checked_sub(1).map(|earlier| &series[earlier]);
                let before = before.filter(|before| before.year == change.year - 1);
                (change.new, surprise(change), before.map(surprise))
            })
        })
        .collect();
    let pairs: Vec<(f64, f64)> =
        surprises.iter().filter_map(|(_, u, before)| Some((*u, (*before)?))).collect();
    estimate.pairs = pairs.len();
    if c.carries {
        estimate.carry = carry(&pairs, c);
    }
    let rest = |new: bool| {
        surprises
            .iter()
            .filter(move |surprise| surprise.0 == new)
            .map(|(_, u, before)| u - estimate.carry * before.unwrap_or(0.0))
    };
    let cap = LARGEST * LARGEST;
    let assumed = c.scale * c.scale;
    let (squares, n) = squares(rest(false), cap * assumed);
    let scale = ((c.scale_weight * assumed + squares) / (c.scale_weight + n)).sqrt();
    let assumed = c.newcomer_scale * c.newcomer_scale;
    let (squares, n) = self::squares(rest(true).map(|w| w / scale), cap * assumed);
    estimate.newcomer_scale = ((c.newcomer_weight * assumed + squares) / (c.newcomer_weight + n)).sqrt();
    estimate.scale = scale;
    estimate
}

/// κ: the slope of newcomers' changes on their room to grow.
fn growth<'a>(changes: impl Iterator<Item = &'a Change>, c: &Constants) -> f64 {
    let (mut above, mut below) = (c.growth_weight * c.growth, c.growth_weight);
    for change in changes.filter(|change| change.new) {
        let room = c.room_to_grow(change.before);
        above += room * cut(change.log, LARGEST_CHANGE);
        below += room * room;
    }
    (above / below).clamp(0.0, MOST_GROWTH)
}

/// ρ: the slope of this year's surprises on last year's.
fn carry(pairs: &[(f64, f64)], c: &Constants) -> f64 {
    let weight = c.carry_weight * c.scale * c.scale;
    let (mut above, mut below) = (weight * c.carry, weight);
    for (now, before) in pairs {
        let before = cut(*before, LARGEST_BEFORE * c.scale);
        above += before * cut(*now, LARGEST * c.scale);
        below += before * before;
    }
    (above / below).clamp(0.0, MOST_CARRY)
}

/// Sum of squares, each no larger than `cap`, and their number.
fn squares(values: impl Iterator<Item = f64>, cap: f64) -> (f64, f64) {
    values.fold((0.0, 0.0), |(sum, n), value| (sum + (value * value).min(cap), n + 1.0))
}

fn cut(value: f64, most: f64) -> f64 {
    value.clamp(-most, most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uncertainty::{Distribution, Stream};

    const C: Constants = Constants::CHOSEN;

    /// Makers whose surprises have an sd and a carry-over, from years of normal draws.
    fn history(makers: usize, years: usize, sd: f64, carry: f64, new: bool, growth: f64) -> Vec<Series> {
        let normal = Distribution::Normal { mean: 0.0, sd: 1.0, low: None, high: None };
        (0..makers)
            .map(|maker| {
                let share: f64 = if new { 0.005 } else { 0.05 };
                let stream = Stream::new(1, &format!("maker {maker}"));
                let mut before = 0.0;
                (0..years)
                    .map(|year| {
                        let shock = sd * normal.quantile(stream.uniform(year as u64));
                        before = carry * before + shock;
                        let expected = growth * C.room_to_grow(share);
                        let log = expected + before * C.size_law(share);
                        Change { year: year as i32, before: share, log, new }
                    })
                    .collect()
            })
            .collect()
    }

    #[test]
    fn without_a_past_the_constants_hold() {
        let none = estimate(&[], &C);
        assert_eq!((none.scale, none.growth, none.newcomer_scale), (C.scale, C.growth, C.newcomer_scale));
        assert_eq!(none.carry, C.carry);
    }

    #[test]
    fn a_long_past_outweighs_them() {
        let mature = estimate(&history(40, 60, 0.05, 0.4, false, 0.0), &C);
        assert!((mature.scale - 0.05).abs() < 0.003, "{}", mature.scale);
        assert!((mature.carry - 0.4).abs() < 0.05, "{}", mature.carry);
        let new = estimate(&history(40, 60, 0.05, 0.0, true, 0.12), &C);
        assert!((new.growth - 0.12).abs() < 0.005, "{}", new.growth);
        assert!((new.newcomer_scale * new.scale - 0.05).abs() < 0.005);
        assert_eq!((new.mature_changes, new.newcomer_changes, new.pairs), (0, 2400, 2360));
    }

    #[test]
    fn what_is_extreme_is_cut() {
        let calm = history(10, 20, 0.05, 0.0, false, 0.0);
        let mut wild = calm.clone();
        wild[0][5].log = 9.0;
        let (calm, wild) = (estimate(&calm, &C), estimate(&wild, &C));
        assert!(wild.scale > calm.scale && wild.scale < 1.2 * calm.scale, "{} {}", calm.scale, wild.scale);
    }

    #[test]
    fn the_switch_turns_the_carry_over_off() {
        let off = estimate(&history(40, 20, 0.05, 0.5, false, 0.0), &Constants { carries: false, ..C });
        assert_eq!(off.carry, 0.0);
        assert_eq!(off.surprise(&C, &Change { year: 1, before: 0.1, log: 3.0, new: false }), LARGEST_CHANGE);
    }

    #[test]
    fn small_makers_move_more_and_only_small_newcomers_grow() {
        assert!((C.size_law(0.05) - 1.0).abs() < 1e-12);
        assert!((C.size_law(0.4) - 0.5).abs() < 1e-12 && (C.size_law(0.00625) - 2.0).abs() < 1e-12);
        assert_eq!(C.size_law(0.0001), C.size_law(0.002));
        assert_eq!(C.room_to_grow(0.05), 0.0);
        assert!((C.room_to_grow(0.01) - Real::ln(3.0)).abs() < 1e-12);
    }
}
