//! Prices as straight lines in the markup terms: what the solver computes once per solve.
//!
//! First-order condition of offer j in group a: p_j = (1 − o_j)(c_j + (1−ρ)/h_j + A_a) with
//! h_j = −∂V_j/∂p_j. Linear price: h_j = α(1+tax_j). Log price: h_j = α(1+tax_j)/b_j with
//! b_j = p_j(1+tax_j) − credit_j, so that (1−ρ)/h_j = θ(p_j − credit_j/(1+tax_j)), θ = (1−ρ)/α.
//! Both are affine in A_a: p_j = (1 − o_j) y_j (x_j + A_a), with
//! linear: x = c + θ/(1+tax), y = 1; log: x = c − θ credit/(1+tax), y = 1/(1 − (1−o)θ).

use super::terms::or;
use super::workspace::Workspace;
use super::{Market, PriceResponse, Start};
use crate::numeric::{Mask, Real};

/// Largest change of V/(1−ρ) of any offer in one step.
const STEP_LIMIT: f64 = 2.0;
/// Larger than any price.
const NO_PRICE: f64 = 1e200;

/// Fills the per-offer lines of `work` for price sensitivity `alpha`.
#[inline(always)]
pub(super) fn prepare<R: Real>(token: R::Token, market: &Market<R>, work: &mut Workspace<R>, alpha: R) {
    let one = R::one(token);
    let zero = R::zero(token);
    let log = market.response == PriceResponse::Log;
    for g in 0..market.layout.nests.len() {
        let keep = one - market.rho[g];
        work.nest.keep[g] = keep;
        work.nest.inverse_keep[g] = one / keep;
        let mut limit = R::splat(token, STEP_LIMIT);
        if log {
            // At most half of what the buyer pays.
            limit = limit.min(alpha * work.nest.inverse_keep[g] * 0.5);
        }
        work.nest.inverse_limit[g] = one / limit;
    }
    for (a, group) in market.layout.groups.iter().enumerate() {
        let g = group.nest;
        let inverse_keep = work.nest.inverse_keep[g];
        let theta = work.nest.keep[g] / alpha;
        let plain_factor = if log { one / (one - theta) } else { one };
        let mut least_intercept = R::splat(token, NO_PRICE);
        let mut least_factor = R::splat(token, NO_PRICE);
        let mut steepest = zero;
        for j in group.offers.clone() {
            let cost = market.cost[j];
            let kept = one - or(&market.overhang, j, zero);
            let credit = or(&market.credit, j, zero);
            let (gross, theta_net) = if market.tax.is_empty() {
                (one, theta)
            } else {
                let gross = one + market.tax[j];
                (gross, theta / gross)
            };
            let (mut x, mut y) = (cost + theta_net, one);
            if log {
                x = cost - theta_net * credit;
                y = if market.overhang.is_empty() { plain_factor } else { one / (one - kept * theta) };
            }
            let mut response = kept * y;
            let mut intercept = response * x;
            if !market.fixed_price.is_empty() {
                let fixed = market.fixed_price[j];
                let is_fixed = fixed.le(fixed);
                intercept = R::select(is_fixed, fixed, intercept);
                response = R::select(is_fixed, zero, response);
                x = R::select(is_fixed, R::splat(token, NO_PRICE), x);
                y = R::select(is_fixed, R::splat(token, NO_PRICE), y);
            }
            least_intercept = least_intercept.min(x);
            least_factor = least_factor.min(y);
            let paid = intercept * gross - credit;
            let utility = market.utility[j] * inverse_keep;
            let offer = &mut work.offer;
            offer.intercept[j] = intercept;
            offer.response[j] = response;
            offer.margin_at_zero[j] = intercept - cost;
            if log {
                offer.level[j] = utility;
                offer.paid_at_zero[j] = paid;
                offer.slope[j] = response * gross;
            } else {
                let sensitivity = alpha * inverse_keep;
                offer.level[j] = utility - sensitivity * paid;
                offer.slope[j] = sensitivity * gross * response;
                offer.fall[j] = offer.slope[j];
                steepest = steepest.max(offer.slope[j]);
            }
        }
        work.group.least_intercept[a] = least_intercept;
        work.group.least_factor[a] = least_factor;
        work.group.steepest[a] = steepest;
    }
}

/// Sets the markup terms at which the iteration starts.
#[inline(always)]
pub(super) fn begin<R: Real>(token: R::Token, market: &Market<R>, work: &mut Workspace<R>, start: Start<R>) {
    let zero = R::zero(token);
    match start {
        Start::Cold => work.markup.fill(zero),
        Start::Previous => {}
        Start::Markups(markups) => work.markup.copy_from_slice(markups),
        Start::Prices(prices) => {
            for (a, group) in market.layout.groups.iter().enumerate() {
                let (mut distance, mut response) = (zero, zero);
                for j in group.offers.clone() {
                    let free = zero.lt(work.offer.response[j]);
                    distance += R::select(free, prices[j] - work.offer.intercept[j], zero);
                    response += work.offer.response[j];
                }
                work.markup[a] = R::select(zero.lt(response), distance / response, zero);
            }
        }
    }
    for (a, group) in market.layout.groups.iter().enumerate() {
        if market.layout.fringe[group.firm] {
            work.markup[a] = zero;
        }
    }
}

/// True where the offer's price is chosen, not fixed.
#[inline(always)]
pub(super) fn is_free<R: Real>(token: R::Token, market: &Market<R>, j: usize) -> R::Mask {
    if market.fixed_price.is_empty() {
        R::mask(token, true)
    } else {
        market.fixed_price[j].le(market.fixed_price[j]).not()
    }
}
