//! First-order conditions of the price setters, in markup (ζ) form and price units.
//!
//! With m = p − c, H_jk = κ[firm j][firm k], f = firm of j, h = nest of j, r = ρ_h:
//!
//! ```text
//! A_if   = Σ_k H_fk s_ik m_k           B_ifh = Σ_{k∈h} H_fk s_ik|h m_k
//! X_ij   = (1 − r) / (α_i φ_j) + (1 − r) A_if + r B_ifh
//! ζ_j    = Σ_i t_ij X_ij               (the markup the first-order condition asks for)
//! F_j(p) = p_j − (1 − o_j)(c_j + ζ_j(p)) = 0
//! ```
//!
//! The usual form s_j + Σ_k H_jk m_k ∂s_k/∂p_j equals Λ_j (m_j − ζ_j): dividing by Λ_j keeps every
//! row of order one, however small the share. A fringe firm has A = B = 0. Source: Morrow & Skerlos
//! (2011), "Fixed-point approaches to computing Bertrand–Nash equilibrium prices"; model section 3.

use super::super::Market;
use super::choice::Choice;

/// What the conditions need at one price vector.
#[derive(Clone, Debug)]
pub struct Conditions {
    pub choice: Choice,
    /// m_j = p_j − c_j.
    pub markup: Vec<f64>,
    /// A_if, types × firms.
    pub(super) firm_term: Vec<f64>,
    /// B_ifh, types × firms × nests.
    pub(super) nest_term: Vec<f64>,
    /// X_ij, types × offers.
    pub(super) asked: Vec<f64>,
    /// ζ_j.
    pub zeta: Vec<f64>,
}

impl Conditions {
    /// Evaluates the conditions at the maker's prices.
    pub fn at(market: &Market<f64>, price: &[f64]) -> Conditions {
        let markup: Vec<f64> = price.iter().zip(&market.cost).map(|(p, c)| p - c).collect();
        Conditions::with_markups(market, Choice::at(market, price), markup)
    }

    /// Evaluates ζ for given choices and markups.
    pub fn with_markups(market: &Market<f64>, choice: Choice, markup: Vec<f64>) -> Conditions {
        let (n, types) = (market.n_offers(), market.n_types());
        let (firms, nests) = (market.n_firms(), market.n_nests());
        let mut firm_term = vec![0.0; types * firms];
        let mut nest_term = vec![0.0; types * firms * nests];
        let mut own_firm = vec![0.0; firms];
        let mut own_nest = vec![0.0; firms * nests];
        for i in 0..types {
            own_firm.fill(0.0);
            own_nest.fill(0.0);
            for j in 0..n {
                let f = market.firm(j);
                own_firm[f] += choice.chosen[i * n + j] * markup[j];
                own_nest[f * nests + market.nest(j)] += choice.within[i * n + j] * markup[j];
            }
            let of_firm = &mut firm_term[i * firms..(i + 1) * firms];
            let of_nest = &mut nest_term[i * firms * nests..(i + 1) * firms * nests];
            of_firm.copy_from_slice(&own_firm);
            of_nest.copy_from_slice(&own_nest);
            for (f, g, weight) in market.conduct.entries() {
                of_firm[f] += weight * own_firm[g];
                let of_g = &own_nest[g * nests..(g + 1) * nests];
                of_nest[f * nests..(f + 1) * nests]
                    .iter_mut()
                    .zip(of_g)
                    .for_each(|(sum, own)| *sum += weight * own);
            }
            for f in (0..firms).filter(|&f| market.is_fringe(f)) {
                of_firm[f] = 0.0;
                of_nest[f * nests..(f + 1) * nests].fill(0.0);
            }
        }
        let mut asked = vec![0.0; types * n];
        let mut zeta = vec![0.0; n];
        for i in 0..types {
            for j in 0..n {
                let (f, r) = (market.firm(j), market.rho_of(j));
                let x = (1.0 - r) / (market.types.alpha[i] * choice.slope[j])
                    + (1.0 - r) * firm_term[i * firms + f]
                    + r * nest_term[(i * firms + f) * nests + market.nest(j)];
                asked[i * n + j] = x;
                zeta[j] += choice.pull[i * n + j] * x;
            }
        }
        Conditions { choice, markup, firm_term, nest_term, asked, zeta }
    }

    /// The price each first-order condition asks for: (1 − o)(c + ζ); fixed prices stay.
    pub fn asked_price(&self, market: &Market<f64>, j: usize) -> f64 {
        if market.is_free(j) {
            (1.0 - market.overhang_of(j)) * (market.cost[j] + self.zeta[j])
        } else {
            market.fixed_price[j]
        }
    }

    /// max_j |F_j| / p_j over offers whose price is free.
    pub fn residual(&self, market: &Market<f64>, price: &[f64]) -> f64 {
        (0..price.len())
            .filter(|&j| market.is_free(j))
            .map(|j| relative_gap(price[j], self.asked_price(market, j), self.markup[j]))
            .fold(0.0, |worst, gap| if gap.is_nan() || worst < gap { gap } else { worst })
    }

    /// The smallest markup p_j − c_j of an offer on sale whose price is free.
    pub fn smallest_markup(&self, market: &Market<f64>) -> f64 {
        (0..self.markup.len())
            .filter(|&j| market.is_free(j) && market.on_sale(j))
            .map(|j| self.markup[j])
            .fold(f64::INFINITY, |least, m| if m.is_nan() { m } else { least.min(m) })
    }

    /// Whether every free markup is positive.
    pub fn markups_are_positive(&self, market: &Market<f64>) -> bool {
        self.smallest_markup(market) > 0.0
    }
}

/// |p − asked| / p; where a negative cost brings the price near zero, relative to the markup's size.
fn relative_gap(price: f64, asked: f64, markup: f64) -> f64 {
    (price - asked).abs() / price.abs().max(1e-6 * markup.abs())
}

/// The residual of the first-order conditions at the maker's prices: max_j |p_j − (1−o_j)(c_j + ζ_j)| / p_j.
pub fn residual(market: &Market<f64>, price: &[f64]) -> f64 {
    Conditions::at(market, price).residual(market, price)
}
