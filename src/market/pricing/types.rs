//! Sums over consumer types: shares, own-price slopes and cross terms of every offer at given prices.
//!
//! S_j = Σ_i w_i s_ij, F_j = Σ_i w_i α_i s_ij, C_j = Σ_i w_i α_i s_ij A_ia, with s_ij = s_i(g) s_i(j|g) and
//! A_i(f,g) = Σ_h κ_fh [(1−ρ_g) Σ_g' s_i(g') X_i(h,g') + ρ_g X_i(h,g)], X_ia = Σ_{j∈a} m_j s_i(j|g), the markup
//! term of type i as if it were alone (model section 3).
//!
//! exp(V/(1−ρ)) is computed in full only at a reference price vector. Each lane does what its prices ask
//! for: near the reference, exp(x) of the change x is a short Taylor sum; farther off the reference moves,
//! by a factor that the types share times exp of their small differences; only from afar is it renewed.
//! So late iterations, with tiny steps, cost half. Types are taken four at a time: enough independent work
//! to hide the latency of the nest shares, little enough to stay in the first cache. Utilities are scaled by
//! log₂ e, so that 2^x serves as exp.

use super::Market;
use super::workspace::{Workspace, or};
use crate::numeric::{Mask, Real};
use std::ops::Range;

/// Types at a time.
const PANEL: usize = 4;
/// Largest |x| for which exp(x) is taken as its Taylor sum up to x⁵ (error below 5e-18).
const NEAR: f64 = 1.0 / 256.0;
/// Largest change of a log weight over all moves of the reference together: keeps the weights of order 1.
const FARTHEST: f64 = 16.0;
const VERY_NEGATIVE: f64 = -1e300;
/// Largest log₂ weight above the best offer on sale that an offer not on sale is given.
const ABOVE_BEST: f64 = 400.0;

/// Sums over types and scratch for four of them.
#[derive(Clone, Debug)]
pub(super) struct TypeSums<R> {
    /// What enters utility: b or ln b.
    pub of_price: Vec<R>,
    /// S_j, F_j and C_j.
    pub share: Vec<R>,
    pub fall: Vec<R>,
    pub cross: Vec<R>,
    pub outside: R,
    /// p_j − c_j.
    pub margin: Vec<R>,
    /// Whether there is a reference; what entered utility there, the weights exp(V/(1−ρ)) of all types
    /// and the largest log₂ of them, types × nests.
    has_reference: bool,
    reference_price: Vec<R>,
    reference_weight: Vec<R>,
    reference_top: Vec<R>,
    /// Weight of the outside good at the reference in lanes that are plain logit, else 0.
    outside_weight: Vec<R>,
    /// Change of what enters utility since the reference, over −(1−ρ).
    change: Vec<R>,
    /// The same in lanes whose reference moves, else 0; what it does to the weights of a middling type; how
    /// far the reference has moved since it was renewed.
    shift: Vec<R>,
    common: Vec<R>,
    moved: R,
    /// exp(V/(1−ρ)), four types.
    weight: Vec<R>,
    /// Per group, four types each: X_a, then A_a.
    profit: Vec<[R; PANEL]>,
    markup: Vec<[R; PANEL]>,
    /// Per firm: P_f.
    firm_profit: Vec<[R; PANEL]>,
    /// Per nest: one over the sum of weights, the sum and then the log-sum (1−ρ) ln D, the share.
    inverse_total: Vec<[R; PANEL]>,
    inclusive: Vec<[R; PANEL]>,
    nest_share: Vec<[R; PANEL]>,
    outside_of_panel: [R; PANEL],
}

impl<R: Real> TypeSums<R> {
    pub(super) fn new(token: R::Token, work: &Workspace<R>) -> TypeSums<R> {
        let zero = R::zero(token);
        let (offers, groups) = (work.price.len(), work.markup.len());
        let (nests, firms) = (work.nest_share.len(), work.firm.profit.len());
        let panels = |n: usize| vec![[zero; PANEL]; n];
        TypeSums {
            of_price: vec![zero; offers],
            share: vec![zero; offers],
            fall: vec![zero; offers],
            cross: vec![zero; offers],
            outside: zero,
            margin: vec![zero; offers],
            has_reference: false,
            reference_price: vec![zero; offers],
            // Sized on first use, when the number of types is known.
            reference_weight: Vec::new(),
            reference_top: Vec::new(),
            outside_weight: Vec::new(),
            change: vec![zero; offers],
            shift: vec![zero; offers],
            common: vec![zero; offers],
            moved: zero,
            weight: vec![zero; PANEL * offers],
            profit: panels(groups),
            markup: panels(groups),
            firm_profit: panels(firms),
            inverse_total: panels(nests),
            inclusive: panels(nests),
            nest_share: panels(nests),
            outside_of_panel: [zero; PANEL],
        }
    }
}

/// To be called when anything but prices has changed.
#[inline(always)]
pub(super) fn begin<R: Real>(token: R::Token, market: &Market<R>, sums: &mut TypeSums<R>) {
    let types = market.types.weight.len();
    sums.has_reference = false;
    sums.reference_weight.resize(types * market.layout.n_offers(), R::zero(token));
    sums.reference_top.resize(types * market.layout.nests.len(), R::zero(token));
    sums.outside_weight.clear();
    sums.outside_weight.resize(types, R::zero(token));
}

/// Fills `sums`; `sums.of_price` and `sums.margin` must be set.
#[inline(always)]
pub(super) fn add_up<R: Real>(
    token: R::Token,
    market: &Market<R>,
    work: &Workspace<R>,
    sums: &mut TypeSums<R>,
) {
    let zero = R::zero(token);
    sums.share.fill(zero);
    sums.fall.fill(zero);
    sums.cross.fill(zero);
    sums.outside = zero;
    let (middle, spread) = middle_and_spread(market);
    let (near, renew) = follow_prices(token, market, work, sums, middle, spread);
    let moves = near.or(renew).not().any();
    let types = market.types.weight.len();
    for first in (0..types).step_by(PANEL) {
        // Beyond the last type the panel repeats it with weight zero.
        let panel = [0, 1, 2, 3].map(|t| (first + t).min(types - 1));
        for g in 0..market.layout.nests.len() {
            for (t, &i) in panel.iter().enumerate() {
                if first + t < types {
                    if moves {
                        move_reference(market, sums, i, g, market.types.alpha[i] - middle);
                    }
                    if renew.any() {
                        renew_reference(token, market, work, sums, renew, (i, t), g);
                    }
                }
                // Where nothing has changed the Taylor sum is exactly 1.
                if !near.any() {
                    weigh(
                        market,
                        sums,
                        i,
                        t,
                        g,
                        #[inline(always)]
                        |_, reference| reference,
                    );
                } else {
                    let alpha = market.types.alpha[i];
                    weigh(
                        market,
                        sums,
                        i,
                        t,
                        g,
                        #[inline(always)]
                        |change, reference| reference * exp_near(alpha * change),
                    );
                }
            }
        }
        nest_shares(token, market, work, sums, panel);
        markups(token, market, work, sums);
        accumulate(token, market, sums, first);
    }
}

/// Follows the prices: what has changed since the reference, and where the reference becomes the current
/// prices. Returns the lanes that stay near their reference, and those that need new weights; the weights
/// of all others move.
#[inline(always)]
fn follow_prices<R: Real>(
    token: R::Token,
    market: &Market<R>,
    work: &Workspace<R>,
    sums: &mut TypeSums<R>,
    middle: R,
    spread: R,
) -> (R::Mask, R::Mask) {
    let zero = R::zero(token);
    let (mut largest, mut all) = (zero, zero);
    for (g, groups) in market.layout.nests.iter().enumerate() {
        for j in groups.clone().flat_map(|a| market.layout.groups[a].offers.clone()) {
            let change = (sums.reference_price[j] - sums.of_price[j]) * work.nest.inverse_keep[g];
            sums.change[j] = change;
            largest = largest.max(change.abs());
            all += change;
        }
    }
    // A maximum passes over what is not a number, a sum does not.
    let known = R::mask(token, sums.has_reference).and(all.abs().le(R::splat(token, f64::MAX)));
    let near = known.and(((middle + spread) * largest).le(R::splat(token, NEAR)));
    let moved = sums.moved + middle * largest;
    let small = (spread * largest).le(R::splat(token, R::SMALL));
    let moves = known.and(near.not()).and(small).and(moved.le(R::splat(token, FARTHEST)));
    let renew = near.or(moves).not();
    sums.moved = R::select(renew, zero, R::select(moves, moved, sums.moved));
    for j in 0..sums.change.len() {
        sums.shift[j] = R::select(moves, sums.change[j], zero);
        sums.change[j] = R::select(near, sums.change[j], zero);
        sums.reference_price[j] = R::select(near, sums.reference_price[j], sums.of_price[j]);
    }
    if moves.any() {
        for j in 0..sums.shift.len() {
            sums.common[j] = (middle * sums.shift[j]).exp();
        }
    }
    sums.has_reference = true;
    (near, renew)
}

/// The middle of the types' price sensitivities, and how far the outermost lie from it.
#[inline(always)]
fn middle_and_spread<R: Real>(market: &Market<R>) -> (R, R) {
    let (mut steepest, mut flattest) = (market.types.alpha[0], market.types.alpha[0]);
    for &alpha in market.types.alpha {
        steepest = steepest.max(alpha);
        flattest = flattest.min(alpha);
    }
    ((steepest + flattest) * 0.5, (steepest - flattest) * 0.5)
}

/// Lanes that are plain logit: one nest, ρ = 0. There the outside good is one offer more in the nest.
#[inline(always)]
fn plain_logit<R: Real>(token: R::Token, market: &Market<R>) -> R::Mask {
    R::mask(token, market.layout.nests.len() == 1).and(market.rho[0].le(R::zero(token)))
}

/// The offers of nest `g`.
#[inline(always)]
fn offers_of<R: Real>(market: &Market<R>, g: usize) -> Range<usize> {
    let (groups, all) = (&market.layout.nests[g], &market.layout.groups);
    if groups.is_empty() { 0..0 } else { all[groups.start].offers.start..all[groups.end - 1].offers.end }
}

/// Weights of type `i` in nest `g` where the reference moves; `from_middle` is how much steeper the type is
/// than the middling one.
#[inline(always)]
fn move_reference<R: Real>(market: &Market<R>, sums: &mut TypeSums<R>, i: usize, g: usize, from_middle: R) {
    let n = market.layout.n_offers();
    let reference = &mut sums.reference_weight[i * n..(i + 1) * n];
    let (shift, common) = (&sums.shift[..n], &sums.common[..n]);
    for j in offers_of(market, g) {
        reference[j] = reference[j] * (common[j] * (from_middle * shift[j]).exp_small());
    }
}

/// Weights of type `i` in nest `g` at the reference, in the lanes of `renew`; place `t` of the panel is scratch.
#[inline(always)]
fn renew_reference<R: Real>(
    token: R::Token,
    market: &Market<R>,
    work: &Workspace<R>,
    sums: &mut TypeSums<R>,
    renew: R::Mask,
    (i, t): (usize, usize),
    g: usize,
) {
    let very_negative = R::splat(token, VERY_NEGATIVE);
    let (n, nests) = (market.layout.n_offers(), market.layout.nests.len());
    let offers = offers_of(market, g);
    let alpha = market.types.alpha[i];
    let scale = work.nest.inverse_keep[g] * std::f64::consts::LOG2_E;
    // Slices of one known length spare the inner loops their bounds checks.
    let (raw, reference) =
        (&mut sums.weight[t * n..(t + 1) * n], &mut sums.reference_weight[i * n..(i + 1) * n]);
    let (utility, of_price) = (&market.utility[..n], &sums.of_price[..n]);
    let mut top = very_negative;
    if market.types.taste.is_empty() {
        for j in offers.clone() {
            raw[j] = (utility[j] - alpha * of_price[j]) * scale;
            top = top.max(raw[j]);
        }
    } else {
        let taste = &market.types.taste[i * n..(i + 1) * n];
        for j in offers.clone() {
            raw[j] = (utility[j] - alpha * of_price[j] + taste[j]) * scale;
            top = top.max(raw[j]);
        }
    }
    if market.available.is_empty() {
        for j in offers {
            reference[j] = R::select(renew, (raw[j] - top).exp2(), reference[j]);
        }
    } else {
        top = very_negative;
        for j in offers.clone() {
            let on_sale = R::zero(token).lt(market.available[j]);
            top = top.max(R::select(on_sale, raw[j], very_negative));
        }
        for j in offers {
            // What an offer not on sale would sell still decides its price.
            let weight = (raw[j] - top).min(R::splat(token, ABOVE_BEST)).exp2();
            reference[j] = R::select(renew, weight, reference[j]);
        }
    }
    let kept = &mut sums.reference_top[i * nests + g];
    *kept = R::select(renew, top, *kept);
    let plain = plain_logit(token, market);
    if plain.any() {
        let zero = R::zero(token);
        let outside = R::select(plain, (zero - top).exp2(), zero);
        sums.outside_weight[i] = R::select(renew, outside, sums.outside_weight[i]);
    }
}

/// exp(x) for |x| up to `NEAR`.
#[inline(always)]
fn exp_near<R: Real>(x: R) -> R {
    let square = x * x;
    let tail = (x * (1.0 / 6.0) + 0.5) + square * (x * (1.0 / 120.0) + 1.0 / 24.0);
    (x + square * tail) + 1.0
}

/// Weights of type `i` (in place `t` of the panel) in nest `g`, given the change since the reference and the
/// weight there; their sum, and X of the nest's groups.
#[inline(always)]
fn weigh<R: Real>(
    market: &Market<R>,
    sums: &mut TypeSums<R>,
    i: usize,
    t: usize,
    g: usize,
    moved: impl Fn(R, R) -> R,
) {
    let token = sums.outside.token();
    let (zero, one) = (R::zero(token), R::one(token));
    let n = market.layout.n_offers();
    let (weight, change) = (&mut sums.weight[t * n..(t + 1) * n], &sums.change[..n]);
    let (reference, margin) = (&sums.reference_weight[i * n..(i + 1) * n], &sums.margin[..n]);
    let mut total = sums.outside_weight[i];
    for a in market.layout.nests[g].clone() {
        let (mut sum, mut profit) = (zero, zero);
        for j in market.layout.groups[a].offers.clone() {
            weight[j] = moved(change[j], reference[j]);
            let counted = weight[j] * or(market.available, j, one);
            sum += counted;
            profit += counted * margin[j];
        }
        total += sum;
        sums.profit[a][t] = profit;
    }
    // Nothing on sale: one over the sum is 0 and marks the nest as empty.
    sums.inverse_total[g][t] = R::select(zero.lt(total), one / total, zero);
    sums.inclusive[g][t] = total;
}

/// s_i(g) and s_i(0) of the panel's types.
#[inline(always)]
fn nest_shares<R: Real>(
    token: R::Token,
    market: &Market<R>,
    work: &Workspace<R>,
    sums: &mut TypeSums<R>,
    panel: [usize; PANEL],
) {
    let (zero, one) = (R::zero(token), R::one(token));
    let nests = market.layout.nests.len();
    let plain = plain_logit(token, market);
    if plain.all() {
        return plain_shares(token, sums, panel);
    }
    let mut top = [zero; PANEL];
    for g in 0..nests {
        for t in 0..PANEL {
            let on_sale = zero.lt(sums.inverse_total[g][t]);
            let total = R::select(on_sale, sums.inclusive[g][t], one);
            let log_sum = sums.reference_top[panel[t] * nests + g] * std::f64::consts::LN_2 + total.ln();
            let inclusive = R::select(on_sale, work.nest.keep[g] * log_sum, R::splat(token, VERY_NEGATIVE));
            sums.inclusive[g][t] = inclusive;
            top[t] = top[t].max(inclusive);
        }
    }
    if nests == 1 {
        for t in 0..PANEL {
            let outside = (zero - sums.inclusive[0][t]).exp();
            sums.nest_share[0][t] = one / (outside + one);
            sums.outside_of_panel[t] = outside * sums.nest_share[0][t];
        }
        if plain.any() {
            let (share, outside) = (sums.nest_share[0], sums.outside_of_panel);
            plain_shares(token, sums, panel);
            for t in 0..PANEL {
                sums.nest_share[0][t] = R::select(plain, sums.nest_share[0][t], share[t]);
                sums.outside_of_panel[t] = R::select(plain, sums.outside_of_panel[t], outside[t]);
            }
        }
        return;
    }
    let mut total = top;
    for t in 0..PANEL {
        total[t] = (zero - top[t]).exp();
    }
    let outside = total;
    for g in 0..nests {
        for t in 0..PANEL {
            sums.nest_share[g][t] = (sums.inclusive[g][t] - top[t]).exp();
            total[t] += sums.nest_share[g][t];
        }
    }
    for t in 0..PANEL {
        top[t] = outside[t] / total[t];
        total[t] = one / total[t];
    }
    for share in &mut sums.nest_share {
        for t in 0..PANEL {
            share[t] *= total[t];
        }
    }
    sums.outside_of_panel = top;
}

/// The same for plain logit, where all buyers are in the nest.
#[inline(always)]
fn plain_shares<R: Real>(token: R::Token, sums: &mut TypeSums<R>, panel: [usize; PANEL]) {
    sums.nest_share[0] = [R::one(token); PANEL];
    for t in 0..PANEL {
        sums.outside_of_panel[t] = sums.outside_weight[panel[t]] * sums.inverse_total[0][t];
    }
}

/// A_ia of the panel's types.
#[inline(always)]
fn markups<R: Real>(token: R::Token, market: &Market<R>, work: &Workspace<R>, sums: &mut TypeSums<R>) {
    let zero = R::zero(token);
    let layout = market.layout;
    sums.firm_profit.fill([zero; PANEL]);
    for (a, at) in layout.groups.iter().enumerate() {
        for t in 0..PANEL {
            let profit = sums.profit[a][t] * sums.inverse_total[at.nest][t];
            sums.profit[a][t] = profit;
            sums.firm_profit[at.firm][t] += sums.nest_share[at.nest][t] * profit;
        }
    }
    for (a, at) in layout.groups.iter().enumerate() {
        let (keep, rho) = (work.nest.keep[at.nest], market.rho[at.nest]);
        for t in 0..PANEL {
            let own = keep * sums.firm_profit[at.firm][t] + rho * sums.profit[a][t];
            sums.markup[a][t] = if layout.fringe[at.firm] { zero } else { own };
        }
    }
    let conduct = &market.conduct;
    for (k, &weight) in conduct.weight.iter().enumerate() {
        let (firm, other) = (conduct.row[k], conduct.column[k]);
        if layout.fringe[firm] {
            continue;
        }
        for &a in &layout.firms[firm] {
            let nest = layout.groups[a].nest;
            let theirs = work.group_at[other * layout.nests.len() + nest];
            for t in 0..PANEL {
                let mut across = work.nest.keep[nest] * sums.firm_profit[other][t];
                if theirs != usize::MAX {
                    across += market.rho[nest] * sums.profit[theirs][t];
                }
                sums.markup[a][t] += weight * across;
            }
        }
    }
}

/// Adds the panel's types to S, F and C.
#[inline(always)]
fn accumulate<R: Real>(token: R::Token, market: &Market<R>, sums: &mut TypeSums<R>, first: usize) {
    let layout = market.layout;
    let n = layout.n_offers();
    let (mut weight, mut alpha) = ([R::zero(token); PANEL], [R::zero(token); PANEL]);
    for t in 0..PANEL.min(market.types.weight.len() - first) {
        weight[t] = R::splat(token, market.types.weight[first + t]);
        alpha[t] = market.types.alpha[first + t];
        sums.outside += weight[t] * sums.outside_of_panel[t];
    }
    let (share, fall, cross) = (&mut sums.share[..n], &mut sums.fall[..n], &mut sums.cross[..n]);
    let (one, rest) = sums.weight.split_at(n);
    let (two, rest) = rest.split_at(n);
    let (three, four) = rest.split_at(n);
    let four = &four[..n];
    for (a, at) in layout.groups.iter().enumerate() {
        let mut scale = weight;
        let mut scale_alpha = weight;
        for t in 0..PANEL {
            scale[t] = weight[t] * sums.inverse_total[at.nest][t] * sums.nest_share[at.nest][t];
            scale_alpha[t] = scale[t] * alpha[t];
        }
        let markup = sums.markup[a];
        for j in at.offers.clone() {
            let own = [one[j], two[j], three[j], four[j]];
            let falling = [0, 1, 2, 3].map(|t: usize| own[t] * scale_alpha[t]);
            share[j] += (own[0] * scale[0] + own[1] * scale[1]) + (own[2] * scale[2] + own[3] * scale[3]);
            fall[j] += (falling[0] + falling[1]) + (falling[2] + falling[3]);
            cross[j] += (falling[0] * markup[0] + falling[1] * markup[1])
                + (falling[2] * markup[2] + falling[3] * markup[3]);
        }
    }
}

/// Turns what offers would sell if on sale into what they sell.
#[inline(always)]
pub(super) fn sold<R: Real>(token: R::Token, market: &Market<R>, sums: &TypeSums<R>, j: usize) -> R {
    sums.share[j] * or(market.available, j, R::one(token))
}
