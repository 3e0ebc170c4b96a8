//! Shares at given markup terms, and the markup terms the first-order conditions ask for there.
//!
//! With m_j = p_j − c_j, X_a = Σ_{j∈a} m_j s_{j|g} per group a = (firm f, nest g) and
//! P_f = Σ_g s_g X_(f,g): A_(f,g) = (1−ρ_g) Σ_h κ_fh P_h + ρ_g Σ_h κ_fh X_(h,g), κ_ff = 1
//! (model section 3); 0 for a fringe firm.

use super::terms::or;
use super::workspace::Workspace;
use super::{Closure, Market, PriceResponse};
use crate::numeric::Real;

const VERY_NEGATIVE: f64 = -1e300;

/// Evaluates the market at the markup terms in `work`.
#[inline(always)]
pub(super) fn evaluate<R: Real>(token: R::Token, market: &Market<R>, work: &mut Workspace<R>) {
    for g in 0..market.layout.nests.len() {
        let top = utilities(token, market, work, g);
        weights(token, market, work, g, top);
    }
    nest_shares(token, market, work);
    targets(token, market, work);
}

/// V/(1−ρ) of every offer of a nest; returns the largest among those on sale.
#[inline(always)]
fn utilities<R: Real>(token: R::Token, market: &Market<R>, work: &mut Workspace<R>, g: usize) -> R {
    let zero = R::zero(token);
    let very_negative = R::splat(token, VERY_NEGATIVE);
    let sensitivity = market.types.alpha[0] * work.nest.inverse_keep[g];
    let offer = &mut work.offer;
    let mut top = very_negative;
    for a in market.layout.nests[g].clone() {
        let markup = work.markup[a];
        let offers = market.layout.groups[a].offers.clone();
        match market.response {
            PriceResponse::Linear => {
                for j in offers.clone() {
                    offer.weight[j] = offer.level[j] - offer.slope[j] * markup;
                }
            }
            PriceResponse::Log => {
                let mut steepest = zero;
                for j in offers.clone() {
                    let paid = offer.paid_at_zero[j] + offer.slope[j] * markup;
                    let fall = sensitivity * offer.slope[j] / paid;
                    offer.fall[j] = fall;
                    steepest = steepest.max(fall);
                    offer.weight[j] = offer.level[j] - sensitivity * paid.ln();
                }
                work.group.steepest[a] = steepest;
            }
        }
        if market.available.is_empty() {
            for j in offers {
                top = top.max(offer.weight[j]);
            }
        } else {
            for j in offers {
                let on_sale = zero.lt(market.available[j]);
                top = top.max(R::select(on_sale, offer.weight[j], very_negative));
            }
        }
    }
    top
}

/// Weights exp(V/(1−ρ)) of a nest, its log-sum and the sums of its groups.
#[inline(always)]
fn weights<R: Real>(token: R::Token, market: &Market<R>, work: &mut Workspace<R>, g: usize, top: R) {
    let (zero, one) = (R::zero(token), R::one(token));
    let offer = &mut work.offer;
    let mut total = zero;
    for a in market.layout.nests[g].clone() {
        let markup = work.markup[a];
        let (mut sum, mut profit, mut fall, mut slope) = (zero, zero, zero, zero);
        for j in market.layout.groups[a].offers.clone() {
            let weight = (offer.weight[j] - top).exp() * or(&market.available, j, one);
            offer.weight[j] = weight;
            let margin = offer.margin_at_zero[j] + offer.response[j] * markup;
            let falling = weight * offer.fall[j];
            sum += weight;
            profit += weight * margin;
            fall += falling;
            slope += weight * offer.response[j] - falling * margin;
        }
        total += sum;
        work.group.profit[a] = profit;
        work.group.fall[a] = fall;
        work.group.profit_slope[a] = slope;
    }
    let on_sale = zero.lt(total);
    let total = R::select(on_sale, total, one);
    let inverse = one / total;
    for a in market.layout.nests[g].clone() {
        work.group.profit[a] *= inverse;
        work.group.fall[a] *= inverse;
        work.group.profit_slope[a] *= inverse;
    }
    work.nest.inverse_total[g] = inverse;
    work.log_sum[g] = R::select(on_sale, top + total.ln(), R::splat(token, VERY_NEGATIVE));
    work.nest.inclusive[g] = work.nest.keep[g] * work.log_sum[g];
}

/// s_g and s_0.
#[inline(always)]
fn nest_shares<R: Real>(token: R::Token, market: &Market<R>, work: &mut Workspace<R>) {
    let zero = R::zero(token);
    match &market.closure {
        Closure::NestShares(shares) => {
            let mut outside = R::one(token);
            for (nest_share, &share) in work.nest_share.iter_mut().zip(shares) {
                *nest_share = share;
                outside -= share;
            }
            work.outside_share[0] = outside;
        }
        Closure::OutsideGood => {
            let mut top = zero;
            for &inclusive in &work.nest.inclusive {
                top = top.max(inclusive);
            }
            let outside = (zero - top).exp();
            let mut total = outside;
            for (share, &inclusive) in work.nest_share.iter_mut().zip(&work.nest.inclusive) {
                *share = (inclusive - top).exp();
                total += *share;
            }
            let inverse = R::one(token) / total;
            for share in &mut work.nest_share {
                *share *= inverse;
            }
            work.outside_share[0] = outside * inverse;
        }
    }
}

/// The markup term each group's first-order conditions ask for.
#[inline(always)]
fn targets<R: Real>(token: R::Token, market: &Market<R>, work: &mut Workspace<R>) {
    let layout = &market.layout;
    let group = &mut work.group;
    work.firm.profit.fill(R::zero(token));
    for (a, at) in layout.groups.iter().enumerate() {
        work.firm.profit[at.firm] += work.nest_share[at.nest] * group.profit[a];
    }
    for (a, at) in layout.groups.iter().enumerate() {
        let keep = work.nest.keep[at.nest];
        group.target[a] = keep * work.firm.profit[at.firm] + market.rho[at.nest] * group.profit[a];
    }
    let conduct = &market.conduct;
    for (k, &weight) in conduct.weight.iter().enumerate() {
        let (firm, other) = (conduct.row[k], conduct.column[k]);
        let across = weight * work.firm.profit[other];
        for &a in &layout.firms[firm] {
            let nest = layout.groups[a].nest;
            group.target[a] += work.nest.keep[nest] * across;
            if let Some(theirs) = layout.group_at(other, nest) {
                group.target[a] += market.rho[nest] * weight * group.profit[theirs];
            }
        }
    }
    for (firm, groups) in layout.firms.iter().enumerate() {
        if layout.fringe[firm] {
            for &a in groups {
                group.target[a] = R::zero(token);
            }
        }
    }
}
