//! One lane's market taken out of a block, for the careful solver: to rescue what the block solver could
//! not solve, and to look for further equilibria.

use super::Examined;
use crate::market::pricing::dense::{Status, roots, solve};
use crate::market::pricing::{Market, Options, Start, Workspace, solve_nested};
use crate::numeric::Real;

/// Solves the market of one lane anew and puts the answer into its place; the residual, or nothing if
/// there is no acceptable equilibrium.
#[cold]
#[inline(never)]
pub(super) fn rescue<R: Real>(market: &Market<R>, work: &mut Workspace<R>, lane: usize) -> Option<f64> {
    let alone = market.lane(lane);
    // The last iterate may be anything; cost with the markup of a small firm is a safe start.
    let start: Vec<f64> = alone.cost.iter().map(|cost| 1.3 * cost).collect();
    let found = solve(&alone, &start);
    if found.status != Status::Converged {
        return None;
    }
    let mut one = Workspace::new((), &alone.layout);
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

/// Looks for further equilibria of one lane's market, and for a firm that would rather move away from
/// the one that was found.
#[cold]
#[inline(never)]
pub(super) fn examine<R: Real>(market: &Market<R>, work: &Workspace<R>, lane: usize) -> Examined {
    let prices: Vec<f64> = work.price.iter().map(|price| price.lane(lane)).collect();
    let search = roots::search(&market.lane(lane), &prices);
    let gain = search.deviation.map_or(f64::INFINITY, |deviation| deviation.gain);
    Examined {
        markets: 1,
        several_roots: u64::from(search.points.len() > 1),
        not_best_replies: u64::from(gain > roots::DEVIATION_TOLERANCE),
        largest_gain: gain,
    }
}
