//! One-type markets by the block solver: unknowns collapsed to one markup term per firm and nest.
//!
//! The same kernel that solves replications in lanes, in one lane; the dense conditions judge what it
//! returns.

use super::super::{Market, Options, Start, Workspace, solve_nested};
use super::steps::{Descent, Method};

/// Runs the block solver from the maker's prices (`None`: from markup terms of zero). `None` if the
/// market has several buyer types.
pub fn descend_collapsed(market: &Market<f64>, start: Option<&[f64]>) -> Option<Descent> {
    if market.n_types() != 1 {
        return None;
    }
    let (mut sorted, order) = market.sorted();
    // The one type's tastes are utility.
    let taste = std::mem::take(&mut sorted.types.taste);
    sorted.utility.iter_mut().zip(&taste).for_each(|(utility, taste)| *utility += taste);
    let from: Option<Vec<f64>> = start.map(|prices| order.iter().map(|&j| prices[j]).collect());
    let start = from.as_ref().map_or(Start::Cold, |prices| Start::Prices(prices));
    let mut work = Workspace::new((), &sorted.layout);
    let options = Options { max_iterations: 300, ..Options::default() };
    let solution = solve_nested((), &sorted, &mut work, start, options);
    let mut price = vec![0.0; order.len()];
    for (position, &j) in order.iter().enumerate() {
        price[j] = work.price[position];
    }
    let iterations = solution.iterations as usize;
    Some(Descent { price, residual: solution.residual, iterations, method: Method::Collapsed })
}
