//! What a price equilibrium is computed from: the terms of demand, cost and conduct of one market.
//!
//! Utility of offer j for buyer type i: V_ij = δ_j + μ_ij − α_i b_j (linear) or − α_i ln b_j (log),
//! with b_j = p_j (1 + tax_j) − credit_j what the buyer pays and p_j what the maker receives.

use super::Layout;

/// How utility falls in price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceResponse {
    Linear,
    Log,
}

/// Consumer types: one type is nested logit, several are mixed logit.
#[derive(Clone, Copy, Debug)]
pub struct Types<'a, R> {
    /// Share of buyers of each type; sums to one.
    pub weight: &'a [f64],
    /// Price sensitivity α_i > 0 of each type.
    pub alpha: &'a [R],
    /// Taste deviation μ_ij, type by type (row-major, types × offers); empty if none.
    pub taste: &'a [f64],
}

/// Profit weights κ off the diagonal (the diagonal is 1): firm `row` counts `weight` of firm
/// `column`'s profit. Row = who sets the price.
#[derive(Clone, Copy, Debug)]
pub struct Conduct<'a, R> {
    pub row: &'a [usize],
    pub column: &'a [usize],
    pub weight: &'a [R],
}

/// What closes the market.
#[derive(Clone, Copy, Debug)]
pub enum Closure<'a, R> {
    /// The outside good has utility 0: the usual model.
    OutsideGood,
    /// The share of every nest (a fraction of potential buyers) is given, and a utility shift per
    /// nest that brings it about is implied: the reference world's path (model section 8).
    /// One consumer type only.
    NestShares(&'a [R]),
}

/// One market, everything that prices depend on; offers in the order of `layout`.
#[derive(Clone, Copy, Debug)]
pub struct Market<'a, R> {
    pub layout: &'a Layout,
    pub response: PriceResponse,
    pub types: Types<'a, R>,
    /// Nesting parameter ρ in [0, 1) per nest; plain logit is one nest with ρ = 0.
    pub rho: &'a [R],
    /// Utility without price, δ_j.
    pub utility: &'a [R],
    /// Marginal cost c_j, money per unit.
    pub cost: &'a [R],
    /// Ad valorem tax on the maker's price; empty if none.
    pub tax: &'a [R],
    /// Credit per unit off what the buyer pays; empty if none.
    pub credit: &'a [R],
    /// Discount overhang o_j: p = (1 − o)(c + ζ(p)); empty if none.
    pub overhang: &'a [R],
    /// Part of the year the offer is on sale, 0 to 1, a factor on exp(V/(1−ρ)); empty if all are.
    pub available: &'a [R],
    /// Prices that are held fixed (NaN where free); empty if none.
    pub fixed_price: &'a [R],
    pub conduct: Conduct<'a, R>,
    pub closure: Closure<'a, R>,
}

/// Element `j` of a column that is empty where nothing deviates from `default`.
#[inline(always)]
pub(super) fn or<R: Copy>(column: &[R], j: usize, default: R) -> R {
    if column.is_empty() { default } else { column[j] }
}
