//! Consumer surplus in money per potential buyer.
//!
//! Linear price: CS = Σ_i w_i ln(1 + W_i) / α_i, with W_i the sum of nest terms (the outside good's
//! term is 1). Log price has no such level; the gain over a base situation is base-year spending times
//! ln λ, λ the uniform price rise that would bring the buyers back to their old well-being,
//! ln λ_i = [ln W_i − ln W_i0] / α_i, summed over types (model section 9). Source: Small & Rosen (1981).

use super::super::{Market, PriceResponse};
use super::arithmetic::{exp, ln_one_plus};
use super::choice::Choice;

/// Σ_i w_i ln(1 + W_i) / α_i: the level with linear price, from an arbitrary zero.
pub fn log_sum(market: &Market<f64>, choice: &Choice) -> f64 {
    (0..market.n_types())
        .map(|i| {
            let inside = choice.log_inside[i];
            // ln(1 + W) without overflow; without cancellation where W is small.
            let value =
                if inside > 0.0 { inside + ln_one_plus(exp(-inside)) } else { ln_one_plus(exp(inside)) };
            market.types.weight[i] * value / market.types.alpha[i]
        })
        .sum()
}

/// One market at one price vector.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    pub market: &'a Market<f64>,
    pub choice: &'a Choice,
    /// The maker's prices.
    pub price: &'a [f64],
}

/// The gain in consumer surplus of `now` over `base` (the offers may differ, the buyers may not).
pub fn gain(base: Situation, now: Situation) -> f64 {
    match base.market.response {
        PriceResponse::Linear => log_sum(now.market, now.choice) - log_sum(base.market, base.choice),
        PriceResponse::Log => (0..base.market.n_types())
            .map(|i| {
                let rise =
                    (now.choice.log_inside[i] - base.choice.log_inside[i]) / base.market.types.alpha[i];
                base.market.types.weight[i] * spending(base, i) * rise
            })
            .sum(),
    }
}

/// What an average buyer of type i spends, money per potential buyer of the type.
fn spending(at: Situation, i: usize) -> f64 {
    let n = at.price.len();
    (0..n).map(|j| at.market.buyer_price(j, at.price[j]) * at.choice.chosen[i * n + j]).sum()
}
