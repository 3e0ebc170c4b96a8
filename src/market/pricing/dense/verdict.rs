//! The verdict on a price vector.
//!
//! A root is accepted only if the residual max_j |p_j − (1−o)(c_j + ζ_j)| / p_j is at most 1e-10, every
//! free markup is positive and every firm's second-order condition holds. Anything else is a status of
//! its own, never a silent answer. Prices, costs: money per unit; residual: fraction of the price.

use super::super::Market;
use super::conditions::Conditions;
use super::slopes::second_order_holds;
use super::steps::{Descent, Method};

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

/// Judges a price vector: residual, markups, second-order conditions.
pub fn judge(market: &Market<f64>, descent: Descent, start: usize) -> DenseSolution {
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
pub fn verdict(market: &Market<f64>, price: &[f64]) -> DenseSolution {
    let still = Descent { price: price.to_vec(), residual: f64::NAN, iterations: 0, method: Method::Zeta };
    judge(market, still, 0)
}
