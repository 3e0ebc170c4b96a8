//! Bertrand–Nash prices of nested logit, a block of replications at a time.
//!
//! The unknowns are the markup terms A of model section 3, one per firm and nest; each iteration
//! evaluates the market (one exp per offer) and takes an exact Newton step. A lane whose residual does not
//! fall takes a few damped fixed-point steps (ζ of Morrow and Skerlos 2011, in its collapsed form)
//! before Newton tries again. A lane that is done is frozen, so its result depends on nothing but its
//! own numbers.

use super::evaluate::evaluate;
use super::line::{begin, is_free, prepare};
use super::mixed::solve_mixed;
use super::newton::newton_step;
use super::terms::or;
use super::workspace::{Options, Solution, Start, Workspace};
use super::{Closure, Market};
use crate::numeric::{Mask, Real};

/// A residual counts as falling if it falls below this part of the last one.
const FALLING: f64 = 0.9;
/// Damped steps after one that did not help, and their damping.
const DAMPED_STEPS: f64 = 4.0;
const DAMPING: f64 = 0.5;

/// Solves one market; results are left in `work`.
///
/// One consumer type: nested logit with either closure. Several types: mixed logit, with
/// `Closure::OutsideGood` only; `log_sum`, `nest_shift` and `markup` then carry no meaning.
#[inline(always)]
pub fn solve<R: Real>(
    token: R::Token,
    market: &Market<R>,
    work: &mut Workspace<R>,
    start: Start<R>,
    options: Options,
) -> Solution<R> {
    if market.types.weight.len() == 1 {
        solve_nested(token, market, work, start, options)
    } else {
        R::outlined(
            token,
            #[inline(always)]
            || solve_mixed(token, market, work, start, options),
        )
    }
}

/// Solves one market with one consumer type.
#[inline(always)]
pub fn solve_nested<R: Real>(
    token: R::Token,
    market: &Market<R>,
    work: &mut Workspace<R>,
    start: Start<R>,
    options: Options,
) -> Solution<R> {
    R::outlined(
        token,
        #[inline(always)]
        || {
            prepare(token, market, work, market.types.alpha[0]);
            begin(token, market, work, start);
            let iterations = iterate(token, market, work, options);
            finish(token, market, work, iterations, options)
        },
    )
}

#[inline(always)]
fn iterate<R: Real>(token: R::Token, market: &Market<R>, work: &mut Workspace<R>, options: Options) -> R {
    let (zero, one) = (R::zero(token), R::one(token));
    let mut active = R::mask(token, true);
    let mut last_gap = R::splat(token, f64::INFINITY);
    let mut damped = zero;
    let mut iterations = zero;
    for iteration in 1..=options.max_iterations {
        evaluate(token, market, work);
        iterations += R::select(active, one, zero);
        let gap = compare(token, work, options);
        let falling = gap.largest.lt(last_gap * FALLING);
        // Good enough, and rounding keeps it from getting better.
        let stalled = gap.acceptable.and(falling.not());
        active = active.and(gap.on_target.or(stalled).not());
        if iteration == options.max_iterations || !active.any() {
            break;
        }
        newton_step(token, market, work);
        let scale = step_scale(token, market, work);
        // A Newton step that made things worse is taken back; damped steps need not improve at once.
        let take_back = falling.not().and(damped.le(zero));
        damped = R::select(take_back, R::splat(token, DAMPED_STEPS), zero.max(damped - 1.0));
        last_gap = R::select(take_back, last_gap, gap.largest);
        // A Newton step that is not a number falls back too.
        let newton = damped.le(zero).and(zero.lt(scale));
        for a in 0..work.markup.len() {
            let from = R::select(take_back, work.group.last_markup[a], work.markup[a]);
            let target = R::select(take_back, work.group.last_target[a], work.group.target[a]);
            work.group.last_markup[a] = from;
            work.group.last_target[a] = target;
            let least = from.min(target);
            let floor = R::select(zero.lt(least), least * 0.5, least * 1.5);
            let stepped = floor.max(from + work.group.step[a] * scale);
            let next = R::select(newton, stepped, from + (target - from) * DAMPING);
            work.markup[a] = R::select(active, next, work.markup[a]);
        }
    }
    iterations
}

struct Gap<R: Real> {
    /// Largest |target − A|, money per unit.
    largest: R,
    on_target: R::Mask,
    acceptable: R::Mask,
}

/// How far the markup terms are from what the first-order conditions ask for.
#[inline(always)]
fn compare<R: Real>(token: R::Token, work: &Workspace<R>, options: Options) -> Gap<R> {
    let mut largest = R::zero(token);
    let mut on_target = R::mask(token, true);
    let mut acceptable = R::mask(token, true);
    for a in 0..work.markup.len() {
        let gap = (work.group.target[a] - work.markup[a]).abs();
        let least = work.group.least_factor[a] * (work.group.least_intercept[a] + work.markup[a]);
        on_target = on_target.and(gap.le(least * options.target));
        acceptable = acceptable.and(gap.le(least * options.accept));
        largest = largest.max(gap);
    }
    Gap { largest, on_target, acceptable }
}

/// The part of the Newton step that may be taken; not positive if it is not a number.
#[inline(always)]
fn step_scale<R: Real>(token: R::Token, market: &Market<R>, work: &Workspace<R>) -> R {
    let (zero, one) = (R::zero(token), R::one(token));
    let mut excess = one;
    let mut sane = R::mask(token, true);
    for (a, at) in market.layout.groups.iter().enumerate() {
        let change = work.group.step[a].abs() * work.group.steepest[a];
        sane = sane.and(change.le(R::splat(token, f64::MAX)));
        excess = excess.max(change * work.nest.inverse_limit[at.nest]);
    }
    R::select(sane, one / excess, zero)
}

/// Prices, shares and margins from the last evaluation, and the residual of model section 3.
#[inline(always)]
fn finish<R: Real>(
    token: R::Token,
    market: &Market<R>,
    work: &mut Workspace<R>,
    iterations: R,
    options: Options,
) -> Solution<R> {
    let (zero, one) = (R::zero(token), R::one(token));
    let mut residual = zero;
    let mut markup_positive = R::mask(token, true);
    let mut sane = R::mask(token, true);
    for (a, at) in market.layout.groups.iter().enumerate() {
        let g = at.nest;
        let gap = (work.group.target[a] - work.markup[a]).abs();
        for j in at.offers.clone() {
            let price = work.offer.intercept[j] + work.offer.response[j] * work.markup[a];
            let within = work.offer.weight[j] * work.nest.inverse_total[g];
            work.price[j] = price;
            work.margin[j] = price - market.cost[j];
            work.within_nest[j] = within;
            work.share[j] = within * work.nest_share[g];
            let free = is_free(token, market, j);
            let on_sale = zero.lt(or(&market.available, j, one));
            let above = zero.lt(work.margin[j]).or(free.and(on_sale).not());
            markup_positive = markup_positive.and(above);
            let kept = one - or(&market.overhang, j, zero);
            let off = R::select(free, kept * gap / price, zero);
            sane = sane.and(zero.le(off));
            residual = residual.max(off);
        }
    }
    let residual = R::select(sane, residual, R::splat(token, f64::INFINITY));
    for g in 0..work.nest_shift.len() {
        work.nest_shift[g] = match &market.closure {
            Closure::OutsideGood => zero,
            Closure::NestShares(_) => {
                (work.nest_share[g] / work.outside_share[0]).ln() - work.nest.inclusive[g]
            }
        };
    }
    let converged = residual.le(R::splat(token, options.accept));
    Solution { converged, markup_positive, residual, iterations }
}
