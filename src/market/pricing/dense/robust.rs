//! The robust price solver: several starts, several methods, and a verdict on every root.
//!
//! A root is accepted only if the residual max_j |p_j − (1−o)(c_j + ζ_j)| / p_j is at most 1e-10, every
//! free markup is positive and every firm's second-order condition holds. Anything else is a status of
//! its own, never a silent answer. Prices, costs: money per unit; residual: fraction of the price.

use super::super::Market;
use super::collapsed::descend_collapsed;
use super::conditions::Conditions;
use super::deviation::{best_replies, local_escape};
use super::slopes::second_order_holds;
use super::steps::{Bounds, Descent, descend};
use super::terms::DenseMarket;
use super::{inversion, roots};

/// Largest accepted residual of the first-order conditions, as a fraction of the price.
pub const TOLERANCE: f64 = 1e-10;

/// The verdict on a price vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// An equilibrium: residual, markups and second-order conditions all hold.
    Converged,
    /// The roots found have a markup ≤ 0, or prices grow without bound.
    NoPositiveMarkups,
    /// The roots found are not a maximum for some firm.
    SecondOrderFails,
    /// No root was reached.
    NotConverged,
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Status::Converged => "converged",
            Status::NoPositiveMarkups => "no equilibrium with positive markups",
            Status::SecondOrderFails => "second-order condition fails",
            Status::NotConverged => "not converged",
        }
    }
}

/// What led to the root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Newton on one markup term per firm and nest (the block solver).
    Collapsed,
    /// Accelerated ζ steps alone.
    Zeta,
    /// ζ steps, then Newton.
    Newton,
    /// ζ steps, damping after a cycle or a failed line search, then Newton.
    DampedNewton,
    /// Rounds of best replies, then Newton.
    BestReplies,
}

impl Method {
    pub fn name(self) -> &'static str {
        match self {
            Method::Collapsed => "collapsed-newton",
            Method::Zeta => "zeta",
            Method::Newton => "zeta-newton",
            Method::DampedNewton => "damped-zeta-newton",
            Method::BestReplies => "best-replies-newton",
        }
    }
}

/// Prices with everything one needs to trust them or not.
#[derive(Clone, Debug)]
pub struct DenseSolution {
    pub status: Status,
    /// The maker's prices (the last iterate if nothing was accepted).
    pub prices: Vec<f64>,
    /// p_j − c_j.
    pub markups: Vec<f64>,
    pub shares: Vec<f64>,
    pub outside_share: f64,
    pub residual: f64,
    /// Steps over all starts tried.
    pub iterations: usize,
    pub method: Method,
    /// Which start led there; 0 = the given prices.
    pub start: usize,
}

/// Solves for Bertrand–Nash prices from `start_prices` (observed prices, usually), then from other
/// starts until a root is accepted.
pub fn solve(market: &DenseMarket, start_prices: &[f64]) -> DenseSolution {
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
    let starts = roots::starts(market, start_prices);
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

/// Solves one market of the block kernel that the fast path could not.
pub fn rescue(market: &Market<'_, f64>, start_prices: &[f64]) -> DenseSolution {
    solve(&DenseMarket::from(market), start_prices)
}

/// Judges a price vector: residual, markups, second-order conditions.
pub fn judge(market: &DenseMarket, descent: Descent, start: usize) -> DenseSolution {
    let at = Conditions::at(market, &descent.price);
    let residual = at.residual(market, &descent.price);
    let status = if residual.is_nan() || residual > TOLERANCE {
        Status::NotConverged
    } else if !at.markups_are_positive(market) {
        Status::NoPositiveMarkups
    } else if !second_order_holds(market, &at) {
        Status::SecondOrderFails
    } else {
        Status::Converged
    };
    DenseSolution {
        status,
        outside_share: at.choice.outside_share(market),
        shares: at.choice.share,
        markups: at.markup,
        prices: descent.price,
        residual,
        iterations: descent.iterations,
        method: descent.method,
        start,
    }
}

/// Judges given prices without moving them.
pub fn verdict(market: &DenseMarket, price: &[f64]) -> DenseSolution {
    let still = Descent { price: price.to_vec(), residual: f64::NAN, iterations: 0, method: Method::Zeta };
    judge(market, still, 0)
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
fn has_no_finite_price(market: &DenseMarket) -> bool {
    market.response == super::super::PriceResponse::Log && market.alpha.iter().any(|&a| a <= 1.0)
}

fn no_start(market: &DenseMarket, price: &[f64]) -> DenseSolution {
    verdict(market, price)
}

/// Costs that make `price` optimal, put into the market; the usual way to calibrate a base year.
pub fn with_observed_costs(
    mut market: DenseMarket,
    price: &[f64],
) -> Result<DenseMarket, inversion::InversionError> {
    market.cost = inversion::marginal_costs(&market, price)?;
    Ok(market)
}
