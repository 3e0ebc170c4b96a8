//! One lane's market that the block solver could not solve goes to the careful one.

use crate::market::pricing::{
    Closure, Conduct, Market, Options, Start, Types, Workspace, dense, solve_nested,
};
use crate::numeric::Real;

/// Solves the market of one lane anew and puts the answer into its place; the residual, or nothing if
/// there is no acceptable equilibrium.
#[cold]
#[inline(never)]
pub(super) fn rescue<R: Real>(market: &Market<R>, work: &mut Workspace<R>, lane: usize) -> Option<f64> {
    let column = |values: &[R]| -> Vec<f64> { values.iter().map(|value| value.lane(lane)).collect() };
    let alpha = column(market.types.alpha);
    let [rho, utility, cost] = [market.rho, market.utility, market.cost].map(column);
    let [tax, credit, overhang] = [market.tax, market.credit, market.overhang].map(column);
    let [available, fixed_price] = [market.available, market.fixed_price].map(column);
    let weight = column(market.conduct.weight);
    let nest_shares = match market.closure {
        Closure::OutsideGood => Vec::new(),
        Closure::NestShares(shares) => column(shares),
    };
    let alone = Market {
        layout: market.layout,
        response: market.response,
        types: Types { weight: market.types.weight, alpha: &alpha, taste: market.types.taste },
        rho: &rho,
        utility: &utility,
        cost: &cost,
        tax: &tax,
        credit: &credit,
        overhang: &overhang,
        available: &available,
        fixed_price: &fixed_price,
        conduct: Conduct { row: market.conduct.row, column: market.conduct.column, weight: &weight },
        closure: match market.closure {
            Closure::OutsideGood => Closure::OutsideGood,
            Closure::NestShares(_) => Closure::NestShares(&nest_shares),
        },
    };
    // The last iterate may be anything; cost with the markup of a small firm is a safe start.
    let start: Vec<f64> = cost.iter().map(|cost| 1.3 * cost).collect();
    let found = dense::rescue(&alone, &start);
    if found.status != dense::Status::Converged {
        return None;
    }
    let mut one = Workspace::new((), market.layout);
    let solution = solve_nested((), &alone, &mut one, Start::Prices(&found.prices), Options::default());
    if !(solution.converged && solution.markup_positive) {
        return None;
    }
    let results = [
        (&mut work.price, &one.price),
        (&mut work.share, &one.share),
        (&mut work.within_nest, &one.within_nest),
        (&mut work.margin, &one.margin),
        (&mut work.log_sum, &one.log_sum),
        (&mut work.nest_share, &one.nest_share),
        (&mut work.outside_share, &one.outside_share),
        (&mut work.nest_shift, &one.nest_shift),
        (&mut work.markup, &one.markup),
    ];
    for (lanes, values) in results {
        for (place, &value) in lanes.iter_mut().zip(values) {
            place.set_lane(lane, value);
        }
    }
    Some(solution.residual)
}
