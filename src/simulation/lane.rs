//! One lane's market taken out of a block, for the careful solver: to rescue what the block solver could
//! not solve, and to look for further equilibria.

use super::Examined;
use crate::market::pricing::dense::{self, DenseMarket, roots};
use crate::market::pricing::{Closure, Conduct, Market, Options, Start, Types, Workspace, solve_nested};
use crate::numeric::Real;

/// The numbers of one lane's market.
struct Lane {
    alpha: Vec<f64>,
    rho: Vec<f64>,
    utility: Vec<f64>,
    cost: Vec<f64>,
    tax: Vec<f64>,
    credit: Vec<f64>,
    overhang: Vec<f64>,
    available: Vec<f64>,
    fixed_price: Vec<f64>,
    weight: Vec<f64>,
    nest_shares: Vec<f64>,
}

impl Lane {
    fn of<R: Real>(market: &Market<R>, lane: usize) -> Lane {
        let column = |values: &[R]| -> Vec<f64> { values.iter().map(|value| value.lane(lane)).collect() };
        Lane {
            alpha: column(market.types.alpha),
            rho: column(market.rho),
            utility: column(market.utility),
            cost: column(market.cost),
            tax: column(market.tax),
            credit: column(market.credit),
            overhang: column(market.overhang),
            available: column(market.available),
            fixed_price: column(market.fixed_price),
            weight: column(market.conduct.weight),
            nest_shares: match market.closure {
                Closure::OutsideGood => Vec::new(),
                Closure::NestShares(shares) => column(shares),
            },
        }
    }

    fn market<'a, R: Real>(&'a self, block: &Market<'a, R>) -> Market<'a, f64> {
        Market {
            layout: block.layout,
            response: block.response,
            types: Types { weight: block.types.weight, alpha: &self.alpha, taste: block.types.taste },
            rho: &self.rho,
            utility: &self.utility,
            cost: &self.cost,
            tax: &self.tax,
            credit: &self.credit,
            overhang: &self.overhang,
            available: &self.available,
            fixed_price: &self.fixed_price,
            conduct: Conduct { row: block.conduct.row, column: block.conduct.column, weight: &self.weight },
            closure: match block.closure {
                Closure::OutsideGood => Closure::OutsideGood,
                Closure::NestShares(_) => Closure::NestShares(&self.nest_shares),
            },
        }
    }
}

/// Solves the market of one lane anew and puts the answer into its place; the residual, or nothing if
/// there is no acceptable equilibrium.
#[cold]
#[inline(never)]
pub(super) fn rescue<R: Real>(market: &Market<R>, work: &mut Workspace<R>, lane: usize) -> Option<f64> {
    let alone = Lane::of(market, lane);
    let alone = alone.market(market);
    // The last iterate may be anything; cost with the markup of a small firm is a safe start.
    let start: Vec<f64> = alone.cost.iter().map(|cost| 1.3 * cost).collect();
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

/// Looks for further equilibria of one lane's market, and for a firm that would rather move away from
/// the one that was found.
#[cold]
#[inline(never)]
pub(super) fn examine<R: Real>(market: &Market<R>, work: &Workspace<R>, lane: usize) -> Examined {
    let alone = Lane::of(market, lane);
    let prices: Vec<f64> = work.price.iter().map(|price| price.lane(lane)).collect();
    let study = roots::study(&DenseMarket::from(&alone.market(market)), &prices);
    let gain = study.deviation.map_or(f64::INFINITY, |deviation| deviation.gain);
    Examined {
        markets: 1,
        several_roots: u64::from(study.points.len() > 1),
        not_best_replies: u64::from(gain > roots::DEVIATION_TOLERANCE),
        largest_gain: gain,
    }
}
