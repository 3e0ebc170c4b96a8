//! Sums over consumer types: shares, own-price slopes and cross terms of every offer at given prices.
//!
//! S_j = Σ_i w_i s_ij, F_j = Σ_i w_i α_i s_ij, C_j = Σ_i w_i α_i s_ij A_ia, with s_ij = s_i(g) s_i(j|g) and
//! A_i(f,g) = Σ_h κ_fh [(1−ρ_g) Σ_g' s_i(g') X_i(h,g') + ρ_g X_i(h,g)], X_ia = Σ_{j∈a} m_j s_i(j|g), the markup
//! term of type i as if it were alone (model section 3).
//!
//! Types are taken four at a time: enough independent work to hide the latency of the nest shares, little
//! enough to stay in the first cache.

use super::reference::{Reference, VERY_NEGATIVE, exp_near, plain_logit};
use super::terms::or;
use super::{Layout, Market};
use crate::numeric::{Mask, Real};

/// Types at a time.
const PANEL: usize = 4;
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
    reference: Reference<R>,
    /// 1 − ρ, per nest.
    keep: Vec<R>,
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
    pub(super) fn new(token: R::Token, layout: &Layout) -> TypeSums<R> {
        let zero = R::zero(token);
        let (offers, groups) = (layout.n_offers(), layout.groups.len());
        let (nests, firms) = (layout.nests.len(), layout.firms.len());
        let panels = |n: usize| vec![[zero; PANEL]; n];
        TypeSums {
            of_price: vec![zero; offers],
            share: vec![zero; offers],
            fall: vec![zero; offers],
            cross: vec![zero; offers],
            outside: zero,
            margin: vec![zero; offers],
            reference: Reference::new(token, layout),
            keep: vec![zero; nests],
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
    for (keep, &rho) in sums.keep.iter_mut().zip(&market.rho) {
        *keep = R::one(token) - rho;
    }
    sums.reference.begin(token, market);
}

/// Fills `sums`; `sums.of_price` and `sums.margin` must be set.
#[inline(always)]
pub(super) fn add_up<R: Real>(token: R::Token, market: &Market<R>, sums: &mut TypeSums<R>) {
    let zero = R::zero(token);
    sums.share.fill(zero);
    sums.fall.fill(zero);
    sums.cross.fill(zero);
    sums.outside = zero;
    let step = sums.reference.follow(token, market, &sums.of_price);
    let types = market.types.weight.len();
    for first in (0..types).step_by(PANEL) {
        // Beyond the last type the panel repeats it with weight zero.
        let panel = [0, 1, 2, 3].map(|t| (first + t).min(types - 1));
        for g in 0..market.layout.nests.len() {
            for (t, &i) in panel.iter().enumerate() {
                if first + t < types {
                    sums.reference.update(token, market, step, (i, g));
                }
                // At the reference exp(x) is exactly 1.
                if step.near.any() {
                    weigh(market, sums, (i, t, g), true);
                } else {
                    weigh(market, sums, (i, t, g), false);
                }
            }
        }
        nest_shares(token, market, sums, panel);
        markups(token, market, sums);
        accumulate(token, market, sums, first);
    }
}

/// Weights of type `i` (in place `t` of the panel) in nest `g`, their sum, and X of the nest's groups.
/// `near`: in some lanes prices are off the reference.
#[inline(always)]
fn weigh<R: Real>(market: &Market<R>, sums: &mut TypeSums<R>, (i, t, g): (usize, usize, usize), near: bool) {
    let token = sums.outside.token();
    let (zero, one) = (R::zero(token), R::one(token));
    let n = market.layout.n_offers();
    let alpha = market.types.alpha[i];
    // Slices of one known length spare the inner loops their bounds checks.
    let (weight, change) = (&mut sums.weight[t * n..(t + 1) * n], &sums.reference.change[..n]);
    let (reference, margin) = (&sums.reference.weight[i * n..(i + 1) * n], &sums.margin[..n]);
    let mut total = sums.reference.outside[i];
    for a in market.layout.nests[g].clone() {
        let (mut sum, mut profit) = (zero, zero);
        for j in market.layout.groups[a].offers.clone() {
            weight[j] = if near { reference[j] * exp_near(alpha * change[j]) } else { reference[j] };
            let counted = weight[j] * or(&market.available, j, one);
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
fn nest_shares<R: Real>(token: R::Token, market: &Market<R>, sums: &mut TypeSums<R>, panel: [usize; PANEL]) {
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
            let log_sum = sums.reference.top[panel[t] * nests + g] * std::f64::consts::LN_2 + total.ln();
            let inclusive = R::select(on_sale, sums.keep[g] * log_sum, R::splat(token, VERY_NEGATIVE));
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
    for (t, i) in panel.into_iter().enumerate() {
        sums.outside_of_panel[t] = sums.reference.outside[i] * sums.inverse_total[0][t];
    }
}

/// A_ia of the panel's types.
#[inline(always)]
fn markups<R: Real>(token: R::Token, market: &Market<R>, sums: &mut TypeSums<R>) {
    let zero = R::zero(token);
    let layout = &market.layout;
    sums.firm_profit.fill([zero; PANEL]);
    for (a, at) in layout.groups.iter().enumerate() {
        for t in 0..PANEL {
            let profit = sums.profit[a][t] * sums.inverse_total[at.nest][t];
            sums.profit[a][t] = profit;
            sums.firm_profit[at.firm][t] += sums.nest_share[at.nest][t] * profit;
        }
    }
    for (a, at) in layout.groups.iter().enumerate() {
        let (keep, rho) = (sums.keep[at.nest], market.rho[at.nest]);
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
            let theirs = layout.group_at(other, nest);
            for t in 0..PANEL {
                let mut across = sums.keep[nest] * sums.firm_profit[other][t];
                if let Some(theirs) = theirs {
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
    let layout = &market.layout;
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
    sums.share[j] * or(&market.available, j, R::one(token))
}
