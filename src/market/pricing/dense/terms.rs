//! The terms of one market in plain double precision, offers in any order.
//!
//! The same description as [`Market`], with every vector present and κ as a full matrix; the slow,
//! careful solver and the diagnostics work on it.

use super::super::{Closure, Market, PriceResponse};
use super::arithmetic::ln;

/// One market: everything that prices depend on.
///
/// Symbols: utility V_ij = δ_j + μ_ij − α_i b_j (or − α_i ln b_j), buyer's price b_j = p_j (1 + τ_j) − credit_j,
/// p_j what the maker receives.
#[derive(Clone, Debug, PartialEq)]
pub struct DenseMarket {
    pub response: PriceResponse,
    /// w_i: share of buyers of each type; sums to one.
    pub weight: Vec<f64>,
    /// α_i > 0: price sensitivity of each type.
    pub alpha: Vec<f64>,
    /// μ_ij: taste deviations, types × offers, row by row; empty if none.
    pub taste: Vec<f64>,
    /// Firm of each offer.
    pub firm: Vec<usize>,
    /// Nest of each offer.
    pub nest: Vec<usize>,
    /// ρ in [0, 1) of each nest.
    pub rho: Vec<f64>,
    /// δ_j: utility without price.
    pub utility: Vec<f64>,
    /// c_j: marginal cost, money per unit.
    pub cost: Vec<f64>,
    /// τ_j: ad valorem tax on the maker's price.
    pub tax: Vec<f64>,
    /// Credit per unit off what the buyer pays.
    pub credit: Vec<f64>,
    /// o_j: discount overhang, p = (1 − o)(c + ζ).
    pub overhang: Vec<f64>,
    /// ln of the part of the year the offer is on sale; −∞ if it is not on sale at all.
    pub log_available: Vec<f64>,
    /// Price held fixed; NaN where the firm sets it.
    pub fixed_price: Vec<f64>,
    /// κ, firms × firms, row by row: row = who sets the price; diagonal 1.
    pub kappa: Vec<f64>,
    /// Firms that stand for many small makers (their own markup terms are 0).
    pub fringe: Vec<bool>,
    /// Given nest shares (utility shifts implied), or `None` for the usual outside good.
    pub nest_share: Option<Vec<f64>>,
}

impl DenseMarket {
    /// A nested-logit market with one buyer type and standard ownership: no tax, credit, overhang or
    /// fixed price. Change the public fields for anything else.
    pub fn nested(
        response: PriceResponse,
        alpha: f64,
        rho: Vec<f64>,
        firm: Vec<usize>,
        nest: Vec<usize>,
        utility: Vec<f64>,
        cost: Vec<f64>,
    ) -> DenseMarket {
        let n = firm.len();
        let n_firms = firm.iter().max().map_or(0, |f| f + 1);
        let mut kappa = vec![0.0; n_firms * n_firms];
        (0..n_firms).for_each(|f| kappa[f * n_firms + f] = 1.0);
        DenseMarket {
            response,
            weight: vec![1.0],
            alpha: vec![alpha],
            taste: Vec::new(),
            firm,
            nest,
            rho,
            utility,
            cost,
            tax: vec![0.0; n],
            credit: vec![0.0; n],
            overhang: vec![0.0; n],
            log_available: vec![0.0; n],
            fixed_price: vec![f64::NAN; n],
            kappa,
            fringe: vec![false; n_firms],
            nest_share: None,
        }
    }

    pub fn n_offers(&self) -> usize {
        self.firm.len()
    }

    pub fn n_types(&self) -> usize {
        self.weight.len()
    }

    pub fn n_firms(&self) -> usize {
        self.fringe.len()
    }

    pub fn n_nests(&self) -> usize {
        self.rho.len()
    }

    /// ρ of the offer's nest.
    #[inline]
    pub fn rho_of(&self, offer: usize) -> f64 {
        self.rho[self.nest[offer]]
    }

    #[inline]
    pub fn kappa(&self, row: usize, column: usize) -> f64 {
        self.kappa[row * self.fringe.len() + column]
    }

    /// H_jk: the weight of offer k's profit in the objective of the firm that prices offer j.
    #[inline]
    pub fn profit_weight(&self, j: usize, k: usize) -> f64 {
        self.kappa(self.firm[j], self.firm[k])
    }

    #[inline]
    pub fn taste_of(&self, buyer: usize, offer: usize) -> f64 {
        if self.taste.is_empty() { 0.0 } else { self.taste[buyer * self.firm.len() + offer] }
    }

    #[inline]
    pub fn is_free(&self, offer: usize) -> bool {
        self.fixed_price[offer].is_nan()
    }

    /// Offers whose price the firm sets.
    pub fn free_offers(&self) -> Vec<usize> {
        (0..self.n_offers()).filter(|&j| self.is_free(j)).collect()
    }

    /// b_j: what the buyer pays.
    #[inline]
    pub fn buyer_price(&self, offer: usize, price: f64) -> f64 {
        price * (1.0 + self.tax[offer]) - self.credit[offer]
    }

    /// φ_j = −∂V_ij/∂p_j / α_i: 1 + τ (linear) or (1 + τ)/b (log).
    #[inline]
    pub fn price_slope(&self, offer: usize, price: f64) -> f64 {
        match self.response {
            PriceResponse::Linear => 1.0 + self.tax[offer],
            PriceResponse::Log => (1.0 + self.tax[offer]) / self.buyer_price(offer, price),
        }
    }

    /// Sets κ to "each firm its own profit only".
    pub fn standard_conduct(&mut self) {
        let n = self.n_firms();
        for f in 0..n {
            for g in 0..n {
                self.kappa[f * n + g] = if f == g { 1.0 } else { 0.0 };
            }
        }
    }
}

impl From<&Market<'_, f64>> for DenseMarket {
    fn from(market: &Market<'_, f64>) -> DenseMarket {
        let n = market.layout.n_offers();
        let or = |values: &[f64], default: f64| {
            if values.is_empty() { vec![default; n] } else { values.to_vec() }
        };
        let n_firms = market.layout.fringe.len();
        let mut kappa = vec![0.0; n_firms * n_firms];
        (0..n_firms).for_each(|f| kappa[f * n_firms + f] = 1.0);
        let conduct = &market.conduct;
        for ((&row, &column), &weight) in conduct.row.iter().zip(conduct.column).zip(conduct.weight) {
            if row != column {
                kappa[row * n_firms + column] = weight;
            }
        }
        let log_available = or(market.available, 1.0)
            .into_iter()
            .map(|part| if part > 0.0 { ln(part) } else { f64::NEG_INFINITY })
            .collect();
        DenseMarket {
            response: market.response,
            weight: market.types.weight.to_vec(),
            alpha: market.types.alpha.to_vec(),
            taste: market.types.taste.to_vec(),
            firm: market.layout.firm_of.clone(),
            nest: market.layout.nest_of.clone(),
            rho: market.rho.to_vec(),
            utility: market.utility.to_vec(),
            cost: market.cost.to_vec(),
            tax: or(market.tax, 0.0),
            credit: or(market.credit, 0.0),
            overhang: or(market.overhang, 0.0),
            log_available,
            fixed_price: or(market.fixed_price, f64::NAN),
            kappa,
            fringe: market.layout.fringe.clone(),
            nest_share: match market.closure {
                Closure::OutsideGood => None,
                Closure::NestShares(given) => Some(given.to_vec()),
            },
        }
    }
}
