//! From what is observed to what is not: shares → mean utilities, prices → marginal costs.
//!
//! Mean utility δ_j (without price): with one buyer type closed form (Berry 1994),
//! δ_j = ln s_j − ln s_0 − ρ ln s_j|h − (1−ρ) ln a_j + α b_j. With several, see shares.rs.
//!
//! Costs: ζ = q + K m with q_j = Σ_i t_ij (1−r)/(α_i φ_j), so p = (1−o)(c + ζ) is linear in m = p − c:
//! (I − K) m = q − p o/(1−o). Every row is already divided by its share: nothing is lost at 1e-20.

use super::super::{Market, PriceResponse, Workspace, invert};
use super::arithmetic::ln;
use super::choice::Choice;
use super::shares;
use super::slopes::markup_weights;
use crate::numeric::matrix::solve;

/// Why a market cannot be inverted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum InversionError {
    /// The search stopped short of the shares; the largest gap in ln s.
    NotConverged { gap: f64 },
    /// The first-order conditions are singular at these prices.
    Singular,
}

/// The δ that reproduces `share` at the maker's `price` (the market's own `utility` is ignored).
pub fn mean_utilities(
    market: &Market<f64>,
    price: &[f64],
    share: &[f64],
) -> Result<Vec<f64>, InversionError> {
    let mut trial = market.clone();
    trial.utility = closed_form(market, price, share);
    if market.n_types() == 1 {
        let taste = (0..share.len()).map(|j| market.taste_of(0, j));
        return Ok(trial.utility.iter().zip(taste).map(|(delta, mu)| delta - mu).collect());
    }
    shares::reproduce(&mut trial, price, share).map_err(|gap| InversionError::NotConverged { gap })?;
    Ok(trial.utility)
}

fn closed_form(market: &Market<f64>, price: &[f64], share: &[f64]) -> Vec<f64> {
    let outside = 1.0 - share.iter().sum::<f64>();
    let mut nest_total = vec![0.0; market.n_nests()];
    share.iter().zip(&market.layout.nest_of).for_each(|(s, &h)| nest_total[h] += s);
    let alpha: f64 = market.types.weight.iter().zip(&market.types.alpha).map(|(w, a)| w * a).sum();
    (0..share.len())
        .map(|j| {
            let r = market.rho_of(j);
            let burden = match market.response {
                PriceResponse::Linear => market.buyer_price(j, price[j]),
                PriceResponse::Log => ln(market.buyer_price(j, price[j])),
            };
            ln(share[j])
                - ln(outside)
                - r * ln(share[j] / nest_total[market.nest(j)])
                - (1.0 - r) * market.log_available(j)
                + alpha * burden
        })
        .collect()
}

/// q_j = Σ_i t_ij (1 − r) / (α_i φ_j): the markup of a small one-offer firm.
fn lone_markups(market: &Market<f64>, choice: &Choice) -> Vec<f64> {
    let n = market.n_offers();
    (0..n)
        .map(|j| {
            let sum: f64 =
                (0..market.n_types()).map(|i| choice.pull[i * n + j] / market.types.alpha[i]).sum();
            (1.0 - market.rho_of(j)) * sum / choice.slope[j]
        })
        .collect()
}

/// Marginal costs at which the maker's `price` is optimal under the market's κ, tax and overhang.
/// Every price is taken as chosen; the market's own `cost` is ignored.
pub fn marginal_costs(market: &Market<f64>, price: &[f64]) -> Result<Vec<f64>, InversionError> {
    let n = market.n_offers();
    let choice = Choice::at(market, price);
    if market.n_types() == 1 && market.conduct.weight.is_empty() {
        return collapsed_costs(market, price, &choice);
    }
    let mut system = markup_weights(market, &choice);
    for j in 0..n {
        for k in 0..n {
            system[(j, k)] = f64::from(u8::from(j == k)) - system[(j, k)];
        }
    }
    let mut right = lone_markups(market, &choice);
    for j in 0..n {
        right[j] -= price[j] * market.overhang_of(j) / (1.0 - market.overhang_of(j));
    }
    let markup = solve(&system, &right).ok_or(InversionError::Singular)?;
    Ok(price.iter().zip(&markup).map(|(p, m)| p - m).collect())
}

/// The same where firms count their own profit only and buyers are of one type: closed form, one markup term
/// per firm and nest.
fn collapsed_costs(market: &Market<f64>, price: &[f64], choice: &Choice) -> Result<Vec<f64>, InversionError> {
    let (sorted, order) = market.sorted();
    let pick = |values: &[f64]| -> Vec<f64> { order.iter().map(|&j| values[j]).collect() };
    let (price, units) = (pick(price), pick(&choice.share));
    let seen = invert::Observation { market: &sorted, price: &price, units: &units };
    let mut work = Workspace::new((), &sorted.layout);
    let mut costs = vec![0.0; units.len()];
    invert::costs((), &seen, sorted.types.alpha[0], choice.outside[0], &mut work, &mut costs);
    if costs.iter().any(|cost| !cost.is_finite()) {
        return Err(InversionError::Singular);
    }
    let mut cost = vec![0.0; units.len()];
    order.iter().zip(&costs).for_each(|(&j, &value)| cost[j] = value);
    Ok(cost)
}
