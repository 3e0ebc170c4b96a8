//! One-type markets by the block solver: unknowns collapsed to one markup term per firm and nest.
//!
//! The same kernel that solves replications in lanes, in one lane; the dense conditions judge what it
//! returns.

use super::super::{Closure, Conduct, Layout, Market, Options, Start, Types, Workspace, solve};
use super::arithmetic::exp;
use super::steps::{Descent, Method};
use super::terms::DenseMarket;

/// Runs the block solver from the maker's prices (`None`: from markup terms of zero). `None` if the
/// market has several buyer types.
pub fn descend_collapsed(market: &DenseMarket, start: Option<&[f64]>) -> Option<Descent> {
    if market.n_types() != 1 {
        return None;
    }
    let order = Layout::order(&market.firm, &market.nest);
    let pick = |values: &[f64]| -> Vec<f64> { order.iter().map(|&j| values[j]).collect() };
    let firm = order.iter().map(|&j| market.firm[j]).collect();
    let nest = order.iter().map(|&j| market.nest[j]).collect();
    let layout = Layout::new(firm, nest, market.fringe.clone());
    let utility: Vec<f64> = order.iter().map(|&j| market.utility[j] + market.taste_of(0, j)).collect();
    let available: Vec<f64> = order
        .iter()
        .map(|&j| market.log_available[j])
        .map(|log| if log == f64::NEG_INFINITY { 0.0 } else { exp(log) })
        .collect();
    let n_firms = market.n_firms();
    let (mut row, mut column, mut weight) = (Vec::new(), Vec::new(), Vec::new());
    for f in 0..n_firms {
        for g in (0..n_firms).filter(|&g| g != f && market.kappa(f, g) != 0.0) {
            row.push(f);
            column.push(g);
            weight.push(market.kappa(f, g));
        }
    }
    let (cost, tax, credit) = (pick(&market.cost), pick(&market.tax), pick(&market.credit));
    let (overhang, fixed_price) = (pick(&market.overhang), pick(&market.fixed_price));
    let description = Market {
        layout: &layout,
        response: market.response,
        types: Types { weight: &[1.0], alpha: &market.alpha, taste: &[] },
        rho: &market.rho,
        utility: &utility,
        cost: &cost,
        tax: &tax,
        credit: &credit,
        overhang: &overhang,
        available: &available,
        fixed_price: &fixed_price,
        conduct: Conduct { row: &row, column: &column, weight: &weight },
        closure: market.nest_share.as_ref().map_or(Closure::OutsideGood, |given| Closure::NestShares(given)),
    };
    let from = start.map(pick);
    let start = from.as_ref().map_or(Start::Cold, |prices| Start::Prices(prices));
    let mut work = Workspace::new((), &layout);
    let options = Options { max_iterations: 300, ..Options::default() };
    let solution = solve((), &description, &mut work, start, options);
    let mut price = vec![0.0; order.len()];
    for (position, &j) in order.iter().enumerate() {
        price[j] = work.price[position];
    }
    let iterations = solution.iterations as usize;
    Some(Descent { price, residual: solution.residual, iterations, method: Method::Collapsed })
}
