//! Choice probabilities of every buyer type at given prices.
//!
//! With V_ij the utility, r = ρ of j's nest h, a_j the part of the year the offer is on sale:
//!
//! ```text
//! D_ih   = Σ_{k∈h} a_k exp(V_ik / (1 − r_h))          W_i = Σ_h D_ih^(1−r_h)
//! s_ij|h = a_j exp(V_ij / (1 − r)) / D_ih             s_ij = s_ij|h · D_ih^(1−r) / (1 + W_i)
//! s_j    = Σ_i w_i s_ij                               (fraction of potential buyers)
//! t_ij   = w_i α_i s_ij / Σ_i w_i α_i s_ij            (type i's part in j's price response)
//! ```
//!
//! Exponents are shifted by their maximum twice (within the nest, over nests). With given nest
//! shares S_h (one type) s_j = S_h s_j|h instead. Source: McFadden (1978); Berry (1994).

use super::super::{Market, PriceResponse};
use super::arithmetic::{exp, ln};

/// Choice probabilities; matrices are types × offers, row by row.
#[derive(Clone, Debug)]
pub struct Choice {
    /// s_ij|h: share within the nest.
    pub within: Vec<f64>,
    /// s_ij: share among all buyers of the type.
    pub chosen: Vec<f64>,
    /// t_ij: weights of the types in the offer's price response; sum to one over types.
    pub pull: Vec<f64>,
    /// s_j: share among all potential buyers.
    pub share: Vec<f64>,
    /// Share of each type that buys nothing.
    pub outside: Vec<f64>,
    /// ln W_i: the logarithm of the sum of nest terms (the outside good's term is 1).
    pub log_inside: Vec<f64>,
    /// φ_j: slope of −V_ij/α_i in the maker's price.
    pub slope: Vec<f64>,
}

impl Choice {
    /// Probabilities at the maker's prices.
    pub fn at(market: &Market<f64>, price: &[f64]) -> Choice {
        let (n, types) = (market.n_offers(), market.n_types());
        let burden: Vec<f64> = (0..n)
            .map(|j| match market.response {
                PriceResponse::Linear => market.buyer_price(j, price[j]),
                PriceResponse::Log => match market.buyer_price(j, price[j]) {
                    paid if paid > 0.0 => ln(paid),
                    _ => f64::NAN,
                },
            })
            .collect();
        let mut choice = Choice {
            within: vec![0.0; types * n],
            chosen: vec![0.0; types * n],
            pull: vec![1.0; types * n],
            share: vec![0.0; n],
            outside: vec![0.0; types],
            log_inside: vec![0.0; types],
            slope: (0..n).map(|j| market.price_slope(j, price[j])).collect(),
        };
        let mut exponent = vec![0.0; n];
        let mut log_share = vec![0.0; if types > 1 { types * n } else { 0 }];
        for i in 0..types {
            for j in 0..n {
                let utility = market.utility[j] + market.taste_of(i, j) - market.types.alpha[i] * burden[j];
                exponent[j] = utility / (1.0 - market.rho_of(j));
            }
            choice.one_type(market, i, &exponent, &mut log_share);
        }
        for (weight, chosen) in market.types.weight.iter().zip(choice.chosen.chunks(n.max(1))) {
            choice.share.iter_mut().zip(chosen).for_each(|(share, chosen)| *share += weight * chosen);
        }
        if types > 1 {
            choice.weigh_types(market, &log_share);
        }
        choice
    }

    fn one_type(&mut self, market: &Market<f64>, i: usize, exponent: &[f64], log_share: &mut [f64]) {
        let (n, nests) = (market.n_offers(), market.n_nests());
        let row = i * n;
        let mut top = vec![f64::NEG_INFINITY; nests];
        for j in (0..n).filter(|&j| market.on_sale(j)) {
            let h = market.nest(j);
            top[h] = top[h].max(exponent[j] + market.log_available(j));
        }
        let mut sum = vec![0.0; nests];
        for j in (0..n).filter(|&j| market.on_sale(j)) {
            let term = exp(exponent[j] + market.log_available(j) - top[market.nest(j)]);
            self.within[row + j] = term;
            sum[market.nest(j)] += term;
        }
        // Inclusive value (1 − r) ln D of each nest; −∞ for a nest with nothing on sale.
        let inclusive: Vec<f64> = (0..nests)
            .map(|h| if sum[h] > 0.0 { (1.0 - market.rho[h]) * (top[h] + ln(sum[h])) } else { top[h] })
            .collect();
        let best = inclusive.iter().copied().fold(0.0, f64::max);
        let nest_term: Vec<f64> =
            inclusive.iter().map(|&v| if v == f64::NEG_INFINITY { 0.0 } else { exp(v - best) }).collect();
        let inside: f64 = nest_term.iter().sum();
        let total = exp(-best) + inside;
        self.outside[i] = exp(-best) / total;
        self.log_inside[i] = best + ln(inside.max(f64::MIN_POSITIVE));
        if let Some(given) = market.nest_shares() {
            self.outside[i] = 1.0 - given.iter().sum::<f64>();
        }
        for j in 0..n {
            let h = market.nest(j);
            if sum[h] > 0.0 {
                self.within[row + j] /= sum[h];
            }
            let of_nest = match market.nest_shares() {
                Some(given) => given[h],
                None => nest_term[h] / total,
            };
            self.chosen[row + j] = self.within[row + j] * of_nest;
            if !log_share.is_empty() {
                log_share[row + j] = if sum[h] > 0.0 {
                    exponent[j] - top[h] - ln(sum[h]) + inclusive[h] - best - ln(total)
                } else {
                    0.0
                };
            }
        }
    }

    /// t_ij; from the logarithms of s_ij where shares underflow.
    fn weigh_types(&mut self, market: &Market<f64>, log_share: &[f64]) {
        let (n, types) = (market.n_offers(), market.n_types());
        let direct: Vec<bool> = self.share.iter().map(|&share| share > 1e-250).collect();
        let mut top = vec![f64::NEG_INFINITY; n];
        for logs in log_share.chunks(n.max(1)) {
            top.iter_mut().zip(logs).for_each(|(top, &log)| *top = top.max(log));
        }
        let mut total = vec![0.0; n];
        for i in 0..types {
            let scale = market.types.weight[i] * market.types.alpha[i];
            for j in 0..n {
                let k = i * n + j;
                let chosen = if direct[j] { self.chosen[k] } else { exp(log_share[k] - top[j]) };
                self.pull[k] = scale * chosen;
                total[j] += self.pull[k];
            }
        }
        for pull in self.pull.chunks_mut(n.max(1)) {
            pull.iter_mut().zip(&total).for_each(|(pull, total)| *pull /= total);
        }
    }

    /// Share of potential buyers that buy nothing.
    pub fn outside_share(&self, market: &Market<f64>) -> f64 {
        self.outside.iter().zip(&market.types.weight).map(|(s, w)| s * w).sum()
    }

    /// Λ_j = −φ_j Σ_i w_i α_i s_ij / (1 − r): the own part of ∂s_j/∂p_j.
    pub fn lambda(&self, market: &Market<f64>, j: usize) -> f64 {
        let n = market.n_offers();
        let pull: f64 = (0..market.n_types())
            .map(|i| market.types.weight[i] * market.types.alpha[i] * self.chosen[i * n + j])
            .sum();
        -self.slope[j] * pull / (1.0 - market.rho_of(j))
    }
}
