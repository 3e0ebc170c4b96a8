//! From what is observed to what is not: shares → mean utilities, prices → marginal costs.
//!
//! Mean utility δ_j (without price): with one buyer type closed form (Berry 1994),
//! δ_j = ln s_j − ln s_0 − ρ ln s_j|h − (1−ρ) ln a_j + α b_j. With several, Newton on
//! ln s_j(δ) = ln s_j with ∂ln s_j/∂δ_k = Σ_i (w_i s_ij/s_j) [1{j=k}/(1−r) − r/(1−r) s_ik|h − s_ik],
//! started and rescued by the contraction δ ← δ + (1−r)(ln s − ln s(δ)) (Berry, Levinsohn & Pakes 1995;
//! Grigolon & Verboven 2014).
//!
//! Costs: ζ = q + K m with q_j = Σ_i t_ij (1−r)/(α_i φ_j), so p = (1−o)(c + ζ) is linear in m = p − c:
//! (I − K) m = q − p o/(1−o). Every row is already divided by its share: nothing is lost at 1e-20.

use super::super::PriceResponse;
use super::arithmetic::ln;
use super::choice::Choice;
use super::conditions::Conditions;
use super::demand::buyer_part;
use super::linear::{Matrix, solve};
use super::slopes::markup_weights;
use super::terms::DenseMarket;

/// Why a market cannot be inverted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum InversionError {
    /// Newton and the contraction both stopped short; the largest gap in ln s.
    NotConverged { gap: f64 },
    /// The first-order conditions are singular at these prices.
    Singular,
}

/// Largest |ln s − ln s(δ)| accepted.
const TOLERANCE: f64 = 1e-13;

/// The δ that reproduces `share` at the maker's `price` (the market's own `utility` is ignored).
pub fn mean_utilities(
    market: &DenseMarket,
    price: &[f64],
    share: &[f64],
) -> Result<Vec<f64>, InversionError> {
    let mut trial = market.clone();
    trial.utility = closed_form(market, price, share);
    if market.n_types() == 1 {
        let taste = (0..share.len()).map(|j| market.taste_of(0, j));
        return Ok(trial.utility.iter().zip(taste).map(|(delta, mu)| delta - mu).collect());
    }
    let target: Vec<f64> = share.iter().map(|&s| ln(s)).collect();
    let mut gap = log_gap(&trial, price, &target);
    for _ in 0..200 {
        let size = norm(&gap);
        if size <= TOLERANCE {
            return Ok(trial.utility);
        }
        let (utility, next) = newton_or_contraction(&trial, price, &target, &gap);
        let stalled = norm(&next) >= size && size < 1e-11;
        trial.utility = utility;
        gap = next;
        if stalled {
            break;
        }
    }
    // Rounding in a sum of many types can stop just above the tolerance.
    if norm(&gap) <= 1e-11 {
        Ok(trial.utility)
    } else {
        Err(InversionError::NotConverged { gap: norm(&gap) })
    }
}

fn closed_form(market: &DenseMarket, price: &[f64], share: &[f64]) -> Vec<f64> {
    let outside = 1.0 - share.iter().sum::<f64>();
    let mut nest_total = vec![0.0; market.n_nests()];
    share.iter().zip(&market.nest).for_each(|(s, &h)| nest_total[h] += s);
    let alpha: f64 = market.weight.iter().zip(&market.alpha).map(|(w, a)| w * a).sum();
    (0..share.len())
        .map(|j| {
            let r = market.rho_of(j);
            let burden = match market.response {
                PriceResponse::Linear => market.buyer_price(j, price[j]),
                PriceResponse::Log => ln(market.buyer_price(j, price[j])),
            };
            ln(share[j])
                - ln(outside)
                - r * ln(share[j] / nest_total[market.nest[j]])
                - (1.0 - r) * market.log_available[j]
                + alpha * burden
        })
        .collect()
}

fn log_gap(market: &DenseMarket, price: &[f64], target: &[f64]) -> Vec<f64> {
    let choice = Choice::at(market, price);
    target.iter().zip(&choice.share).map(|(t, &s)| t - ln(s.max(f64::MIN_POSITIVE))).collect()
}

fn norm(gap: &[f64]) -> f64 {
    gap.iter().fold(0.0, |m, g| if g.is_nan() { f64::INFINITY } else { f64::max(m, g.abs()) })
}

/// One Newton step, halved until the largest gap falls; else three steps of the contraction.
fn newton_or_contraction(
    market: &DenseMarket,
    price: &[f64],
    target: &[f64],
    gap: &[f64],
) -> (Vec<f64>, Vec<f64>) {
    let mut trial = market.clone();
    let at = Conditions::at(market, price);
    if let Some(step) = solve(&log_share_slopes(market, &at), gap) {
        let mut length = 1.0;
        while length > 0.05 {
            for (j, change) in step.iter().enumerate() {
                trial.utility[j] = market.utility[j] + length * change;
            }
            let next = log_gap(&trial, price, target);
            if norm(&next) < (1.0 - 0.1 * length) * norm(gap) || norm(&next) <= TOLERANCE {
                return (trial.utility, next);
            }
            length *= 0.5;
        }
    }
    trial.utility.clone_from(&market.utility);
    let mut next = gap.to_vec();
    for _ in 0..3 {
        for (j, change) in next.iter().enumerate() {
            trial.utility[j] += (1.0 - market.rho_of(j)) * change;
        }
        next = log_gap(&trial, price, target);
    }
    (trial.utility, next)
}

/// ∂ln s_j/∂δ_k.
fn log_share_slopes(market: &DenseMarket, at: &Conditions) -> Matrix {
    let n = market.n_offers();
    let mut slopes = Matrix::zeros(n, n);
    for j in 0..n {
        for i in 0..market.n_types() {
            let part = buyer_part(market, at, i, j);
            for k in 0..n {
                let r = market.rho_of(k);
                let mut response = -at.choice.chosen[i * n + k];
                if market.nest[j] == market.nest[k] {
                    response -= r / (1.0 - r) * at.choice.within[i * n + k];
                }
                if j == k {
                    response += 1.0 / (1.0 - r);
                }
                slopes[(j, k)] += part * response;
            }
        }
    }
    slopes
}

/// q_j = Σ_i t_ij (1 − r) / (α_i φ_j): the markup of a small one-offer firm.
pub fn lone_markups(market: &DenseMarket, choice: &Choice) -> Vec<f64> {
    let n = market.n_offers();
    (0..n)
        .map(|j| {
            let sum: f64 = (0..market.n_types()).map(|i| choice.pull[i * n + j] / market.alpha[i]).sum();
            (1.0 - market.rho_of(j)) * sum / choice.slope[j]
        })
        .collect()
}

/// Marginal costs at which the maker's `price` is optimal under the market's κ, tax and overhang.
/// Every price is taken as chosen; the market's own `cost` is ignored.
pub fn marginal_costs(market: &DenseMarket, price: &[f64]) -> Result<Vec<f64>, InversionError> {
    let n = market.n_offers();
    let at = Conditions::with_markups(market, Choice::at(market, price), vec![0.0; n]);
    let weights = markup_weights(market, &at);
    let mut system = Matrix::identity(n);
    for j in 0..n {
        for k in 0..n {
            system[(j, k)] -= weights[(j, k)];
        }
    }
    let mut right = lone_markups(market, &at.choice);
    for j in 0..n {
        right[j] -= price[j] * market.overhang[j] / (1.0 - market.overhang[j]);
    }
    let markup = solve(&system, &right).ok_or(InversionError::Singular)?;
    Ok(price.iter().zip(&markup).map(|(p, m)| p - m).collect())
}
