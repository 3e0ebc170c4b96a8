//! The robust price solver: several starts, several methods, and a verdict on every root.

use super::super::{Market, PriceResponse};
use super::collapsed::descend_collapsed;
use super::deviation::{best_replies, local_escape};
use super::starts::starts;
use super::steps::{Bounds, Descent, Method, descend};
use super::verdict::{DenseSolution, Status, judge, verdict};

/// Solves for Bertrand–Nash prices from `start_prices` (observed prices, usually), then from other
/// starts until a root is accepted.
pub fn solve(market: &Market<f64>, start_prices: &[f64]) -> DenseSolution {
    let mut iterations = 0;
    let mut best: Option<DenseSolution> = None;
    for start in [Some(start_prices), None] {
        if let Some(descent) = descend_collapsed(market, start) {
            iterations += descent.iterations;
            let mut solution = judge(market, descent, 0);
            solution.iterations = iterations;
            if solution.status == Status::Converged {
                return solution;
            }
        }
    }
    let starts = starts(market, start_prices);
    let bounded = starts.iter().enumerate().map(|(number, start)| (number, start, Bounds::PositiveMarkups));
    // The last resort: best replies from the first start.
    let replies = starts.first();
    // Only to tell "no positive markups" from "not converged".
    let anywhere = starts.iter().enumerate().take(3).map(|(number, start)| (number, start, Bounds::Anywhere));
    for (number, start, bounds) in bounded.chain(anywhere) {
        let mut from = start.clone();
        for _ in 0..4 {
            let descent = descend(market, &from, bounds);
            iterations += descent.iterations;
            let mut solution = judge(market, descent, number);
            solution.iterations = iterations;
            match solution.status {
                Status::Converged => return solution,
                Status::SecondOrderFails => from = local_escape(market, &solution.prices),
                _ => from.clear(),
            }
            let stuck = from.is_empty() || from == solution.prices;
            if best.as_ref().is_none_or(|held| rank(&solution) < rank(held)) {
                best = Some(solution);
            }
            if stuck {
                break;
            }
        }
    }
    if let Some(start) = replies {
        for factor in [1.0, 4.0] {
            let from: Vec<f64> =
                start.iter().zip(&market.cost).map(|(p, c)| c + factor * (p - c).abs()).collect();
            let descent = descend(market, &best_replies(market, &from, 40), Bounds::PositiveMarkups);
            iterations += descent.iterations;
            let mut solution = judge(market, Descent { method: Method::BestReplies, ..descent }, 0);
            solution.iterations = iterations;
            if solution.status == Status::Converged {
                return solution;
            }
        }
    }
    let mut solution = best.unwrap_or_else(|| no_start(market, start_prices));
    solution.iterations = iterations;
    if solution.status == Status::NotConverged && has_no_finite_price(market) {
        solution.status = Status::NoPositiveMarkups;
    }
    solution
}

/// Which failure says most: a root with a flaw before no root.
fn rank(solution: &DenseSolution) -> (u8, f64) {
    let order = match solution.status {
        Status::Converged => 0,
        Status::SecondOrderFails => 1,
        Status::NoPositiveMarkups => 2,
        Status::NotConverged => 3,
    };
    let residual = if solution.residual.is_nan() { f64::INFINITY } else { solution.residual };
    (order, if order == 3 { residual } else { 0.0 })
}

/// With log price and a buyer type whose α ≤ 1, a price can grow without bound at a profit.
fn has_no_finite_price(market: &Market<f64>) -> bool {
    market.response == PriceResponse::Log && market.types.alpha.iter().any(|&a| a <= 1.0)
}

fn no_start(market: &Market<f64>, price: &[f64]) -> DenseSolution {
    verdict(market, price)
}
