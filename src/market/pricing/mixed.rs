//! Bertrand–Nash prices with several consumer types (mixed logit, with or without nests).
//!
//! The unknowns are the prices. ζ-markup of offer j (Morrow and Skerlos 2011), summed type by type
//! (`types`): ζ_j = [(1−ρ) S_j/t_j + C_j]/F_j, t_j = 1 + tax_j (linear) or (1 + tax_j)/b_j (log): cost types × offers
//! instead of types × offers². With log price the own-price part θ_j b_j/(1+tax_j), θ_j = (1−ρ) S_j/F_j, is
//! solved for p_j in closed form. The fixed point is accelerated (Anderson); a lane that gets worse
//! returns to its best prices, forgets and takes damped steps.

use super::line::{begin, prepare};
use super::terms::or;
use super::types::{self, TypeSums, add_up, sold};
use super::workspace::{MixedScratch, Options, Solution, Start, Workspace};
use super::{Market, PriceResponse};
use crate::numeric::{Mask, Real};

/// Below this an offer's share carries no information about its buyers.
const NO_SHARE: f64 = 1e-280;
/// A residual this much larger than the best one is a setback.
const SETBACK: f64 = 2.0;
const DAMPED_STEPS: f64 = 4.0;
const DAMPING: f64 = 0.5;
/// No price changes by more than this part in one step.
const STEP_LIMIT: f64 = 0.5;

/// Solves one market with several consumer types; results are left in `work`.
#[inline(always)]
pub(super) fn solve_mixed<R: Real>(
    token: R::Token,
    market: &Market<R>,
    work: &mut Workspace<R>,
    start: Start<R>,
    options: Options,
) -> Solution<R> {
    // Taken out and put back, so that it can be borrowed beside the rest.
    let mut mixed = match work.mixed.take() {
        Some(mixed) => mixed,
        None => Box::new(MixedScratch::new(token, &market.layout)),
    };
    first_prices(token, market, work, start);
    let solution = iterate(token, market, work, &mut mixed, options);
    work.mixed = Some(mixed);
    solution
}

#[inline(always)]
fn first_prices<R: Real>(token: R::Token, market: &Market<R>, work: &mut Workspace<R>, start: Start<R>) {
    let mut mean = R::zero(token);
    for (&alpha, &weight) in market.types.alpha.iter().zip(&market.types.weight) {
        mean += alpha * weight;
    }
    prepare(token, market, work, mean);
    if let Start::Previous = start {
    } else {
        begin(token, market, work, start);
        for j in 0..work.price.len() {
            let markup = work.markup[market.layout.group_of[j]];
            let on_line = work.offer.intercept[j] + work.offer.response[j] * markup;
            work.price[j] = if let Start::Prices(prices) = start { prices[j] } else { on_line };
        }
    }
    // Fixed prices are where they are.
    for j in 0..work.price.len() {
        let free = R::zero(token).lt(work.offer.response[j]);
        work.price[j] = R::select(free, work.price[j], work.offer.intercept[j]);
    }
}

#[inline(always)]
fn iterate<R: Real>(
    token: R::Token,
    market: &Market<R>,
    work: &mut Workspace<R>,
    mixed: &mut MixedScratch<R>,
    options: Options,
) -> Solution<R> {
    let (zero, one) = (R::zero(token), R::one(token));
    let offers = work.price.len();
    let mut active = R::mask(token, true);
    let mut best = R::splat(token, f64::INFINITY);
    let mut damped = zero;
    let mut iterations = zero;
    mixed.memory.restart();
    types::begin(token, market, &mut mixed.sums);
    let mut residual = zero;
    for iteration in 1..=options.max_iterations {
        take_prices(token, market, work, mixed);
        add_up(token, market, &mut mixed.sums);
        residual = respond(token, market, work, mixed);
        iterations += R::select(active, one, zero);
        let improved = residual.lt(best);
        let acceptable = residual.le(R::splat(token, options.accept));
        let done = residual.le(R::splat(token, options.target)).or(acceptable.and(improved.not()));
        active = active.and(done.not());
        if iteration == options.max_iterations || !active.any() {
            break;
        }
        let setback = residual.lt(best * SETBACK).not().and(damped.le(zero));
        damped = R::select(setback, R::splat(token, DAMPED_STEPS), zero.max(damped - 1.0));
        best = R::select(improved, residual, best);
        for j in 0..offers {
            let (price, image) = (work.price[j], mixed.image[j]);
            mixed.best_price[j] = R::select(improved, price, mixed.best_price[j]);
            mixed.best_image[j] = R::select(improved, image, mixed.best_image[j]);
            mixed.residual[j] = image - price;
        }
        mixed.memory.forget(token, setback);
        mixed.memory.next(token, &mut mixed.image, &mixed.residual);
        let plain = zero.lt(damped);
        for j in 0..offers {
            let price = work.price[j];
            let from = R::select(setback, mixed.best_price[j], price);
            let to = R::select(setback, mixed.best_image[j], price + mixed.residual[j]);
            let room = from.abs() * STEP_LIMIT;
            // At least half the smaller markup of where it is and where the plain step goes: keeps away
            // from roots with negative markups.
            let least = from.min(to) - market.cost[j];
            let floor = market.cost[j] + R::select(zero.lt(least), least * 0.5, least * 1.5);
            let leap = floor.max(mixed.image[j].min(from + room));
            let next = R::select(plain, from + (to - from) * DAMPING, leap);
            work.price[j] = R::select(active, next, price);
        }
    }
    finish(token, market, work, &mixed.sums, residual, iterations, options)
}

/// Margins, and what enters utility, at the current prices.
#[inline(always)]
fn take_prices<R: Real>(
    token: R::Token,
    market: &Market<R>,
    work: &mut Workspace<R>,
    mixed: &mut MixedScratch<R>,
) {
    let zero = R::zero(token);
    for j in 0..work.price.len() {
        let gross = or(&market.tax, j, zero) + 1.0;
        let paid = work.price[j] * gross - or(&market.credit, j, zero);
        mixed.sums.of_price[j] = if market.response == PriceResponse::Log { paid.ln() } else { paid };
        work.margin[j] = work.price[j] - market.cost[j];
        mixed.sums.margin[j] = work.margin[j];
    }
}

/// The prices that the first-order conditions ask for, to `mixed.image`; returns the residual.
#[inline(always)]
fn respond<R: Real>(
    token: R::Token,
    market: &Market<R>,
    work: &Workspace<R>,
    mixed: &mut MixedScratch<R>,
) -> R {
    let (zero, one) = (R::zero(token), R::one(token));
    let mut residual = zero;
    let mut sane = R::mask(token, true);
    for j in 0..work.price.len() {
        let g = market.layout.nest_of[j];
        let (price, cost) = (work.price[j], market.cost[j]);
        let sells = R::splat(token, NO_SHARE).lt(mixed.sums.fall[j]);
        // One division serves both reciprocals.
        let of_both = one / (mixed.sums.fall[j] * price);
        let (inverse, per_price) = (of_both * price, of_both * mixed.sums.fall[j]);
        let per_price = if sells.all() { per_price } else { R::select(sells, per_price, one / price) };
        let theta =
            work.nest.keep[g] * R::select(sells, mixed.sums.share[j] * inverse, one / market.types.alpha[0]);
        let across = R::select(sells, mixed.sums.cross[j] * inverse, zero);
        let kept = one - or(&market.overhang, j, zero);
        let theta_net = if market.tax.is_empty() { theta } else { theta / (market.tax[j] + 1.0) };
        let (asked, image) = match market.response {
            PriceResponse::Linear => {
                let asked = kept * (cost + theta_net + across);
                (asked, asked)
            }
            PriceResponse::Log => {
                let base = cost + across - theta_net * or(&market.credit, j, zero);
                (kept * (base + theta * price), kept * base / (one - kept * theta))
            }
        };
        let free = zero.lt(work.offer.response[j]);
        mixed.image[j] = R::select(free, image, price);
        let off = R::select(free, (asked - price).abs() * per_price, zero);
        sane = sane.and(zero.le(off));
        residual = residual.max(off);
    }
    R::select(sane, residual, R::splat(token, f64::INFINITY))
}

/// What remains to be written: shares of nests and within nests, and the checks.
#[inline(always)]
fn finish<R: Real>(
    token: R::Token,
    market: &Market<R>,
    work: &mut Workspace<R>,
    sums: &TypeSums<R>,
    residual: R,
    iterations: R,
    options: Options,
) -> Solution<R> {
    let (zero, one) = (R::zero(token), R::one(token));
    let mut markup_positive = R::mask(token, true);
    for (g, groups) in market.layout.nests.iter().enumerate() {
        let mut sum = zero;
        for a in groups.clone() {
            for j in market.layout.groups[a].offers.clone() {
                work.share[j] = sold(token, market, sums, j);
                sum += work.share[j];
                let available = or(&market.available, j, one);
                let chosen = zero.lt(work.offer.response[j]).and(zero.lt(available));
                markup_positive = markup_positive.and(zero.lt(work.margin[j]).or(chosen.not()));
            }
        }
        let inverse = R::select(zero.lt(sum), one / sum, zero);
        for a in groups.clone() {
            for j in market.layout.groups[a].offers.clone() {
                work.within_nest[j] = work.share[j] * inverse;
            }
        }
        work.nest_share[g] = sum;
        work.nest_shift[g] = zero;
    }
    work.outside_share[0] = sums.outside;
    let converged = residual.le(R::splat(token, options.accept));
    Solution { converged, markup_positive, residual, iterations }
}
