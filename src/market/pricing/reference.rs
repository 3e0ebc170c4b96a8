//! exp(V/(1−ρ)) of every offer and consumer type, as cheaply as the step of the prices allows.
//!
//! It is computed in full at a reference price vector. From there each lane does what its prices ask for:
//! near the reference, exp(x) of the change x is a short Taylor sum; farther off the reference moves, by a
//! factor that the types share times exp of their small differences; only from afar is it renewed. So
//! late iterations, with tiny steps, cost a third of the first. Utilities are scaled by log₂ e, so that 2^x
//! serves as exp.

use super::{Layout, Market};
use crate::numeric::{Mask, Real};
use std::ops::Range;

/// Largest |x| for which exp(x) is taken as its Taylor sum up to x⁵ (error below 5e-18).
const NEAR: f64 = 1.0 / 256.0;
/// Largest change of a log weight over all moves of the reference together: keeps the weights of order 1.
const FARTHEST: f64 = 16.0;
/// Largest log₂ weight above the best offer on sale that an offer not on sale is given.
const ABOVE_BEST: f64 = 400.0;
pub(super) const VERY_NEGATIVE: f64 = -1e300;

/// The reference, and how the current prices differ from it.
#[derive(Clone, Debug)]
pub(super) struct Reference<R> {
    known: bool,
    /// 1/(1 − ρ), per nest.
    inverse_keep: Vec<R>,
    /// What entered utility: b or ln b.
    of_price: Vec<R>,
    /// exp(V/(1−ρ)) over 2^top, types × offers, and top, types × nests: log₂ of the largest when renewed.
    pub weight: Vec<R>,
    pub top: Vec<R>,
    /// Per type, the weight of the outside good in lanes that are plain logit, else 0.
    pub outside: Vec<R>,
    /// Change of what enters utility since the reference, over −(1−ρ).
    pub change: Vec<R>,
    /// The same in lanes whose reference moves, else 0; the factor it means for a type of middling price
    /// sensitivity; how far the reference has moved since it was renewed.
    shift: Vec<R>,
    factor: Vec<R>,
    moved: R,
    /// log₂ of the weights of one type.
    log_weight: Vec<R>,
}

/// What the lanes do at the current prices. The middle of the types' price sensitivities goes with it.
#[derive(Clone, Copy)]
pub(super) struct Step<R: Real> {
    /// Lanes that stay near their reference.
    pub near: R::Mask,
    renew: R::Mask,
    some_move: bool,
    middle: R,
}

impl<R: Real> Reference<R> {
    pub(super) fn new(token: R::Token, layout: &Layout) -> Reference<R> {
        let zeros = || vec![R::zero(token); layout.n_offers()];
        Reference {
            known: false,
            inverse_keep: vec![R::zero(token); layout.nests.len()],
            of_price: zeros(),
            // Sized on first use, when the number of types is known.
            weight: Vec::new(),
            top: Vec::new(),
            outside: Vec::new(),
            change: zeros(),
            shift: zeros(),
            factor: zeros(),
            moved: R::zero(token),
            log_weight: zeros(),
        }
    }

    /// Forgets the reference: anything but prices has changed.
    #[inline(always)]
    pub(super) fn begin(&mut self, token: R::Token, market: &Market<R>) {
        let types = market.types.weight.len();
        self.known = false;
        for (inverse, &rho) in self.inverse_keep.iter_mut().zip(&market.rho) {
            *inverse = R::one(token) / (R::one(token) - rho);
        }
        self.weight.resize(types * market.layout.n_offers(), R::zero(token));
        self.top.resize(types * market.layout.nests.len(), R::zero(token));
        self.outside.clear();
        self.outside.resize(types, R::zero(token));
    }

    /// Decides what the lanes do, sets `change`, and notes the prices of a reference that moves or is renewed.
    #[inline(always)]
    pub(super) fn follow(&mut self, token: R::Token, market: &Market<R>, of_price: &[R]) -> Step<R> {
        let zero = R::zero(token);
        let (middle, spread) = middle_and_spread(market);
        let (mut largest, mut sum) = (zero, zero);
        for g in 0..market.layout.nests.len() {
            for j in offers_of(market, g) {
                let change = (self.of_price[j] - of_price[j]) * self.inverse_keep[g];
                self.change[j] = change;
                largest = largest.max(change.abs());
                sum += change;
            }
        }
        // A maximum passes over what is not a number, a sum does not.
        let known = R::mask(token, self.known).and(sum.abs().le(R::splat(token, f64::MAX)));
        let near = known.and(((middle + spread) * largest).le(R::splat(token, NEAR)));
        let moved = self.moved + middle * largest;
        let alike = (spread * largest).le(R::splat(token, R::SMALL));
        let moves = known.and(near.not()).and(alike).and(moved.le(R::splat(token, FARTHEST)));
        let renew = near.or(moves).not();
        self.known = true;
        self.moved = R::select(renew, zero, R::select(moves, moved, self.moved));
        let some_move = moves.any();
        for (j, &price) in of_price.iter().enumerate() {
            self.shift[j] = R::select(moves, self.change[j], zero);
            self.change[j] = R::select(near, self.change[j], zero);
            self.of_price[j] = R::select(near, self.of_price[j], price);
            if some_move {
                self.factor[j] = (middle * self.shift[j]).exp();
            }
        }
        Step { near, renew, some_move, middle }
    }

    /// The weights of type `i` in nest `g` where the reference moves or is renewed.
    #[inline(always)]
    pub(super) fn update(
        &mut self,
        token: R::Token,
        market: &Market<R>,
        step: Step<R>,
        (i, g): (usize, usize),
    ) {
        if step.some_move {
            let n = market.layout.n_offers();
            let weight = &mut self.weight[i * n..(i + 1) * n];
            let (shift, factor) = (&self.shift[..n], &self.factor[..n]);
            let steeper = market.types.alpha[i] - step.middle;
            for j in offers_of(market, g) {
                weight[j] *= factor[j] * (steeper * shift[j]).exp_small();
            }
        }
        if step.renew.any() {
            self.renew(token, market, step.renew, (i, g));
        }
    }

    #[inline(always)]
    fn renew(&mut self, token: R::Token, market: &Market<R>, renew: R::Mask, (i, g): (usize, usize)) {
        let (zero, very_negative) = (R::zero(token), R::splat(token, VERY_NEGATIVE));
        let (n, nests) = (market.layout.n_offers(), market.layout.nests.len());
        let offers = offers_of(market, g);
        let alpha = market.types.alpha[i];
        let scale = self.inverse_keep[g] * std::f64::consts::LOG2_E;
        // Slices of one known length spare the inner loops their bounds checks.
        let (log_weight, weight) = (&mut self.log_weight[..n], &mut self.weight[i * n..(i + 1) * n]);
        let (utility, of_price) = (&market.utility[..n], &self.of_price[..n]);
        let mut top = very_negative;
        if market.types.taste.is_empty() {
            for j in offers.clone() {
                log_weight[j] = (utility[j] - alpha * of_price[j]) * scale;
                top = top.max(log_weight[j]);
            }
        } else {
            let taste = &market.types.taste[i * n..(i + 1) * n];
            for j in offers.clone() {
                log_weight[j] = (utility[j] - alpha * of_price[j] + taste[j]) * scale;
                top = top.max(log_weight[j]);
            }
        }
        if market.available.is_empty() {
            for j in offers {
                weight[j] = R::select(renew, (log_weight[j] - top).exp2(), weight[j]);
            }
        } else {
            top = very_negative;
            for j in offers.clone() {
                let on_sale = zero.lt(market.available[j]);
                top = top.max(R::select(on_sale, log_weight[j], very_negative));
            }
            for j in offers {
                // What an offer not on sale would sell still decides its price.
                let new = (log_weight[j] - top).min(R::splat(token, ABOVE_BEST)).exp2();
                weight[j] = R::select(renew, new, weight[j]);
            }
        }
        let kept = &mut self.top[i * nests + g];
        *kept = R::select(renew, top, *kept);
        let plain = plain_logit(token, market);
        if plain.any() {
            let outside = R::select(plain, (zero - top).exp2(), zero);
            self.outside[i] = R::select(renew, outside, self.outside[i]);
        }
    }
}

/// exp(x) for |x| up to `NEAR`.
#[inline(always)]
pub(super) fn exp_near<R: Real>(x: R) -> R {
    let square = x * x;
    let tail = (x * (1.0 / 6.0) + 0.5) + square * (x * (1.0 / 120.0) + 1.0 / 24.0);
    (x + square * tail) + 1.0
}

/// Lanes that are plain logit: one nest, ρ = 0. There the outside good is one offer more in the nest.
#[inline(always)]
pub(super) fn plain_logit<R: Real>(token: R::Token, market: &Market<R>) -> R::Mask {
    R::mask(token, market.layout.nests.len() == 1).and(market.rho[0].le(R::zero(token)))
}

/// The middle of the types' price sensitivities, and how far the outermost lie from it.
#[inline(always)]
fn middle_and_spread<R: Real>(market: &Market<R>) -> (R, R) {
    let (mut steepest, mut flattest) = (market.types.alpha[0], market.types.alpha[0]);
    for &alpha in &market.types.alpha {
        steepest = steepest.max(alpha);
        flattest = flattest.min(alpha);
    }
    ((steepest + flattest) * 0.5, (steepest - flattest) * 0.5)
}

/// The offers of nest `g`.
#[inline(always)]
fn offers_of<R: Real>(market: &Market<R>, g: usize) -> Range<usize> {
    let (groups, all) = (&market.layout.nests[g], &market.layout.groups);
    if groups.is_empty() { 0..0 } else { all[groups.start].offers.start..all[groups.end - 1].offers.end }
}
