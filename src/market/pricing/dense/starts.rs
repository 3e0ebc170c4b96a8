//! Where the search for a root may start: at the given prices; at costs plus ¼, 1, 2 and 5 times the markup
//! asked for there; at the given prices × 2 and × 5; and at fixed pseudo-random multiples of the markup.

use super::super::{Market, PriceResponse};
use super::conditions::Conditions;

/// Every start the solver may use, in order; the first is `given`.
pub fn starts(market: &Market<f64>, given: &[f64]) -> Vec<Vec<f64>> {
    let n = market.n_offers();
    let usable = given.len() == n && given.iter().all(|p| p.is_finite());
    let typical = typical_markups(market, given, usable);
    let above_cost =
        |factor: f64| -> Vec<f64> { (0..n).map(|j| market.cost[j] + factor * typical[j]).collect() };
    let mut starts = Vec::with_capacity(13);
    if usable {
        starts.push(given.to_vec());
    }
    starts.push(above_cost(1.0));
    starts.push(above_cost(0.25));
    starts.push(above_cost(2.0));
    if usable {
        starts.push(given.iter().map(|p| 2.0 * p).collect());
    }
    starts.push(above_cost(5.0));
    if usable {
        starts.push(given.iter().map(|p| 5.0 * p).collect());
    }
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    // A market with many offers and types gets fewer: each start costs J² I per Newton step.
    let big = n * n * market.n_types() > 300_000;
    for _ in 0..if big { 1 } else { 6 } {
        starts.push((0..n).map(|j| market.cost[j] + 4.0 * uniform(&mut state) * typical[j]).collect());
    }
    starts.into_iter().map(|start| admissible(market, start)).collect()
}

/// The markup asked for at the given prices where it makes sense, else the lone-offer markup.
fn typical_markups(market: &Market<f64>, given: &[f64], usable: bool) -> Vec<f64> {
    let n = market.n_offers();
    let price: Vec<f64> =
        if usable { given.to_vec() } else { (0..n).map(|j| market.cost[j].abs().max(1e-6) * 1.3).collect() };
    let price = admissible(market, price);
    let at = Conditions::at(market, &price);
    (0..n)
        .map(|j| {
            let lone = 1.0 / (market.types.alpha.iter().copied().fold(0.0, f64::max) * at.choice.slope[j]);
            if at.zeta[j] > 0.0 && at.zeta[j].is_finite() {
                at.zeta[j].min(10.0 * price[j].abs().max(lone))
            } else {
                lone
            }
        })
        .collect()
}

/// Keeps the buyer's price positive, as log price needs.
fn admissible(market: &Market<f64>, mut price: Vec<f64>) -> Vec<f64> {
    for (j, p) in price.iter_mut().enumerate() {
        if market.response == PriceResponse::Log && market.buyer_price(j, *p) <= 0.0 {
            *p = market.maker_price(j, 0.1 * market.cost[j].abs().max(1e-6));
        }
    }
    price
}

/// A uniform number in (0, 1) by splitmix64 (Steele, Lea & Flood 2014).
fn uniform(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}
