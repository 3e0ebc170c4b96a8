//! What a price equilibrium is computed from: the terms of demand, cost and conduct of one market.
//!
//! Utility of offer j for buyer type i: V_ij = δ_j + μ_ij − α_i b_j (linear) or − α_i ln b_j (log),
//! with b_j = p_j (1 + tax_j) − credit_j what the buyer pays and p_j what the maker receives.

use super::Layout;
use crate::market::conduct::Conduct;
use crate::numeric::Real;

/// How utility falls in price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceResponse {
    Linear,
    Log,
}

/// Consumer types: one type is nested logit, several are mixed logit.
#[derive(Clone, Debug, PartialEq)]
pub struct Types<R> {
    /// w_i: share of buyers of each type; sums to one.
    pub weight: Vec<f64>,
    /// α_i > 0: price sensitivity of each type, per money unit with linear price, a pure number with log price.
    pub alpha: Vec<R>,
    /// μ_ij: taste deviations, type by type (row-major, types × offers); empty if none.
    pub taste: Vec<f64>,
}

/// What closes the market.
#[derive(Clone, Debug, PartialEq)]
pub enum Closure<R> {
    /// The outside good has utility 0: the usual model.
    OutsideGood,
    /// The share of every nest (a fraction of potential buyers) is given, and a utility shift per
    /// nest that brings it about is implied: the reference world's path (model section 8).
    /// One consumer type only.
    NestShares(Vec<R>),
}

/// One market, everything that prices depend on: in one replication (`f64`) or in several side by side.
/// The block solver, the careful solver and the inversions all start from it. Columns have one number per
/// offer, in the order of `layout`.
#[derive(Clone, Debug, PartialEq)]
pub struct Market<R> {
    pub layout: Layout,
    pub response: PriceResponse,
    pub types: Types<R>,
    /// Nesting parameter ρ in [0, 1) per nest; plain logit is one nest with ρ = 0.
    pub rho: Vec<R>,
    /// δ_j: utility without price.
    pub utility: Vec<R>,
    /// c_j: marginal cost, money per unit.
    pub cost: Vec<R>,
    /// τ_j: ad valorem tax on the maker's price; empty if none.
    pub tax: Vec<R>,
    /// Credit per unit off what the buyer pays, money; empty if none.
    pub credit: Vec<R>,
    /// o_j: discount overhang, p = (1 − o)(c + ζ(p)); empty if none.
    pub overhang: Vec<R>,
    /// Part of the year the offer is on sale, 0 to 1, a factor on exp(V/(1−ρ)); empty if all are.
    pub available: Vec<R>,
    /// Prices that are held fixed (NaN where the firm sets it); empty if none.
    pub fixed_price: Vec<R>,
    pub conduct: Conduct<R>,
    pub closure: Closure<R>,
}

impl<R: Real> Market<R> {
    /// A market of one buyer type in which α is 1, all else 0, and every firm counts its own profit only.
    pub fn new(token: R::Token, layout: Layout, response: PriceResponse) -> Market<R> {
        let zeros = |n: usize| vec![R::zero(token); n];
        let n = layout.n_offers();
        Market {
            response,
            types: Types { weight: vec![1.0], alpha: vec![R::one(token)], taste: Vec::new() },
            rho: zeros(layout.nests.len()),
            utility: zeros(n),
            cost: zeros(n),
            tax: Vec::new(),
            credit: Vec::new(),
            overhang: Vec::new(),
            available: Vec::new(),
            fixed_price: Vec::new(),
            conduct: Conduct { row: Vec::new(), column: Vec::new(), weight: Vec::new() },
            closure: Closure::OutsideGood,
            layout,
        }
    }

    /// The market of one of the replications side by side.
    pub fn lane(&self, lane: usize) -> Market<f64> {
        let column = |values: &[R]| -> Vec<f64> { values.iter().map(|value| value.lane(lane)).collect() };
        Market {
            layout: self.layout.clone(),
            response: self.response,
            types: Types {
                weight: self.types.weight.clone(),
                alpha: column(&self.types.alpha),
                taste: self.types.taste.clone(),
            },
            rho: column(&self.rho),
            utility: column(&self.utility),
            cost: column(&self.cost),
            tax: column(&self.tax),
            credit: column(&self.credit),
            overhang: column(&self.overhang),
            available: column(&self.available),
            fixed_price: column(&self.fixed_price),
            conduct: Conduct {
                row: self.conduct.row.clone(),
                column: self.conduct.column.clone(),
                weight: column(&self.conduct.weight),
            },
            closure: match &self.closure {
                Closure::OutsideGood => Closure::OutsideGood,
                Closure::NestShares(shares) => Closure::NestShares(column(shares)),
            },
        }
    }
}

impl Market<f64> {
    /// The same market with its offers sorted as the block solver wants them, and where each stood before.
    pub fn sorted(&self) -> (Market<f64>, Vec<usize>) {
        let order = self.layout.order().to_vec();
        (self.picked(&order), order)
    }

    /// The market of these offers, in this order.
    pub fn picked(&self, offers: &[usize]) -> Market<f64> {
        let pick = |values: &[f64]| -> Vec<f64> {
            if values.is_empty() { Vec::new() } else { offers.iter().map(|&j| values[j]).collect() }
        };
        let index = |values: &[usize]| offers.iter().map(|&j| values[j]).collect();
        let taste = self.types.taste.chunks(self.layout.n_offers().max(1));
        let nests = self.rho.len();
        Market {
            layout: Layout::of_nests(
                index(&self.layout.firm_of),
                index(&self.layout.nest_of),
                self.layout.fringe.clone(),
                nests,
            ),
            response: self.response,
            types: Types {
                weight: self.types.weight.clone(),
                alpha: self.types.alpha.clone(),
                taste: taste.flat_map(pick).collect(),
            },
            rho: self.rho.clone(),
            utility: pick(&self.utility),
            cost: pick(&self.cost),
            tax: pick(&self.tax),
            credit: pick(&self.credit),
            overhang: pick(&self.overhang),
            available: pick(&self.available),
            fixed_price: pick(&self.fixed_price),
            conduct: self.conduct.clone(),
            closure: self.closure.clone(),
        }
    }
}

/// Element `j` of a column that is empty where nothing deviates from `default`.
#[inline(always)]
pub(super) fn or<R: Copy>(column: &[R], j: usize, default: R) -> R {
    if column.is_empty() { default } else { column[j] }
}
