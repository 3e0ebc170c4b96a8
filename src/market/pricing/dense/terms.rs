//! A market as the careful solver reads it: offer by offer, every column with its default.

use super::super::terms::or;
use super::super::{Closure, Layout, Market, PriceResponse, Types};
use super::arithmetic::ln;

impl Market<f64> {
    /// A nested-logit market with one buyer type and standard ownership, in the order given: no tax, credit,
    /// overhang or fixed price. Change the public fields for anything else.
    pub fn nested(
        response: PriceResponse,
        alpha: f64,
        rho: Vec<f64>,
        firm: Vec<usize>,
        nest: Vec<usize>,
        utility: Vec<f64>,
        cost: Vec<f64>,
    ) -> Market<f64> {
        let n_firms = firm.iter().max().map_or(0, |f| f + 1);
        let layout = Layout::of_nests(firm, nest, vec![false; n_firms], rho.len());
        let types = Types { weight: vec![1.0], alpha: vec![alpha], taste: Vec::new() };
        Market { types, rho, utility, cost, ..Market::new((), layout, response) }
    }

    pub fn n_offers(&self) -> usize {
        self.layout.n_offers()
    }

    pub fn n_types(&self) -> usize {
        self.types.weight.len()
    }

    pub fn n_firms(&self) -> usize {
        self.layout.fringe.len()
    }

    pub fn n_nests(&self) -> usize {
        self.rho.len()
    }

    #[inline]
    pub fn firm(&self, offer: usize) -> usize {
        self.layout.firm_of[offer]
    }

    #[inline]
    pub fn nest(&self, offer: usize) -> usize {
        self.layout.nest_of[offer]
    }

    #[inline]
    pub fn is_fringe(&self, firm: usize) -> bool {
        self.layout.fringe[firm]
    }

    /// ρ of the offer's nest.
    #[inline]
    pub fn rho_of(&self, offer: usize) -> f64 {
        self.rho[self.nest(offer)]
    }

    /// H_f·: the weight of every firm's profit in the objective of one.
    pub fn weights_of(&self, firm: usize) -> Vec<f64> {
        let mut row = vec![0.0; self.n_firms()];
        let conduct = &self.conduct;
        for ((&f, &g), &weight) in conduct.row.iter().zip(&conduct.column).zip(&conduct.weight) {
            if f == firm {
                row[g] = weight;
            }
        }
        row[firm] = 1.0;
        row
    }

    #[inline]
    pub fn taste_of(&self, buyer: usize, offer: usize) -> f64 {
        or(&self.types.taste, buyer * self.n_offers() + offer, 0.0)
    }

    /// o_j.
    #[inline]
    pub fn overhang_of(&self, offer: usize) -> f64 {
        or(&self.overhang, offer, 0.0)
    }

    /// Whether the offer can be bought at all.
    #[inline]
    pub fn on_sale(&self, offer: usize) -> bool {
        or(&self.available, offer, 1.0) > 0.0
    }

    /// ln of the part of the year the offer is on sale; −∞ if it is not on sale at all.
    pub fn log_available(&self, offer: usize) -> f64 {
        match or(&self.available, offer, 1.0) {
            1.0 => 0.0,
            part if part > 0.0 => ln(part),
            _ => f64::NEG_INFINITY,
        }
    }

    /// Whether the firm sets the offer's price.
    #[inline]
    pub fn is_free(&self, offer: usize) -> bool {
        or(&self.fixed_price, offer, f64::NAN).is_nan()
    }

    /// Offers whose price the firm sets.
    pub fn free_offers(&self) -> Vec<usize> {
        (0..self.n_offers()).filter(|&j| self.is_free(j)).collect()
    }

    /// 1 + τ_j.
    #[inline]
    pub fn gross(&self, offer: usize) -> f64 {
        1.0 + or(&self.tax, offer, 0.0)
    }

    /// What the buyer is given, money per unit.
    #[inline]
    pub fn credit_of(&self, offer: usize) -> f64 {
        or(&self.credit, offer, 0.0)
    }

    /// b_j: what the buyer pays.
    #[inline]
    pub fn buyer_price(&self, offer: usize, price: f64) -> f64 {
        price * self.gross(offer) - self.credit_of(offer)
    }

    /// What the maker receives where the buyer pays `paid`.
    #[inline]
    pub fn maker_price(&self, offer: usize, paid: f64) -> f64 {
        (paid + self.credit_of(offer)) / self.gross(offer)
    }

    /// φ_j = −∂V_ij/∂p_j / α_i: 1 + τ (linear) or (1 + τ)/b (log).
    #[inline]
    pub fn price_slope(&self, offer: usize, price: f64) -> f64 {
        match self.response {
            PriceResponse::Linear => self.gross(offer),
            PriceResponse::Log => self.gross(offer) / self.buyer_price(offer, price),
        }
    }

    /// The given nest shares, if the market is closed by them.
    pub fn nest_shares(&self) -> Option<&[f64]> {
        match &self.closure {
            Closure::OutsideGood => None,
            Closure::NestShares(given) => Some(given),
        }
    }
}
