//! Demand slopes as economists read them: ∂s/∂p, elasticities, diversion, the market's elasticity.
//!
//! ```text
//! ∂s_k/∂p_j = Λ_j 1{j=k} − Γ_kj,   Γ_kj = −φ_j Σ_i w_i α_i s_ij [s_ik + r/(1−r) s_ik|h 1{same nest}]
//! E_jk = ∂s_j/∂p_k · p_k / s_j     D_jk = −(∂s_k/∂p_j) / (∂s_j/∂p_j),  D_jj = diversion to nothing bought
//! market elasticity = Σ_jk ∂s_j/∂p_k p_k / Σ_j s_j
//! ```
//!
//! Prices are the maker's; with an ad valorem tax the elasticities are the same for the buyer's.
//! Everything is divided by s_j before it is summed, so tiny shares lose no digits.

use super::super::Market;
use super::choice::Choice;
use super::conditions::Conditions;
use super::slopes::{own_response_ratio, reach};
use crate::numeric::matrix::Matrix;

/// E_jk: percent change of j's share when k's price rises by one percent.
pub fn elasticities(market: &Market<f64>, at: &Conditions, price: &[f64]) -> Matrix {
    let n = market.n_offers();
    let mut elasticity = log_slopes(market, &at.choice, |i| market.types.alpha[i]);
    let step: Vec<f64> = (0..n).map(|k| -at.choice.slope[k] * price[k]).collect();
    for j in 0..n {
        elasticity.row_mut(j).iter_mut().zip(&step).for_each(|(entry, step)| *entry *= step);
    }
    elasticity
}

/// Σ_i (w_i s_ij/s_j) x_i [1{j=k}/(1−r) − r/(1−r) s_ik|h 1{same nest} − s_ik]: how ln s_j answers to k, with
/// `reaction` x_i: 1 for utility, α_i for −price.
pub fn log_slopes(market: &Market<f64>, choice: &Choice, reaction: impl Fn(usize) -> f64) -> Matrix {
    let n = market.n_offers();
    let mut slopes = Matrix::zeros(n, n);
    let parts = buyer_parts(market, choice);
    for i in 0..market.n_types() {
        let (chosen, within) = (&choice.chosen[i * n..(i + 1) * n], &choice.within[i * n..(i + 1) * n]);
        for j in 0..n {
            let (part, r) = (parts[i * n + j] * reaction(i), market.rho_of(j));
            let row = slopes.row_mut(j);
            // 1 − … summed without cancellation where a share is close to one.
            let own = row[j] + part * ((1.0 - r) * (1.0 - chosen[j]) + r * (1.0 - within[j])) / (1.0 - r);
            row.iter_mut().zip(chosen).for_each(|(entry, s)| *entry -= part * s);
            if r > 0.0 {
                for a in market.layout.nests[market.nest(j)].clone() {
                    market
                        .layout
                        .offers_of(a)
                        .iter()
                        .for_each(|&k| row[k] -= part * r / (1.0 - r) * within[k]);
                }
            }
            row[j] = own;
        }
    }
    slopes
}

/// E_jj of every offer.
pub fn own_elasticities(market: &Market<f64>, at: &Conditions, price: &[f64]) -> Vec<f64> {
    let (n, choice) = (market.n_offers(), &at.choice);
    let parts = buyer_parts(market, choice);
    let own = |j: usize| {
        let r = market.rho_of(j);
        let of_type = |i: usize| {
            let (s, within) = (choice.chosen[i * n + j], choice.within[i * n + j]);
            parts[i * n + j] * market.types.alpha[i] * ((1.0 - r) * (1.0 - s) + r * (1.0 - within))
        };
        let sum: f64 = (0..market.n_types()).map(of_type).sum();
        -choice.slope[j] * price[j] * sum / (1.0 - r)
    };
    (0..n).map(own).collect()
}

/// w_i s_ij / s_j, type i's part of j's buyers (types × offers), from t_ij: t_ij/α_i normalised.
fn buyer_parts(market: &Market<f64>, choice: &Choice) -> Vec<f64> {
    let n = market.n_offers().max(1);
    let mut parts = choice.pull.clone();
    if market.n_types() > 1 {
        let mut total = vec![0.0; n];
        for (row, alpha) in parts.chunks_mut(n).zip(&market.types.alpha) {
            row.iter_mut().zip(&mut total).for_each(|(part, total)| {
                *part /= alpha;
                *total += *part;
            });
        }
        for row in parts.chunks_mut(n) {
            row.iter_mut().zip(&total).for_each(|(part, total)| *part /= total);
        }
    }
    parts
}

/// D_jk; the diagonal holds diversion to the outside good.
pub fn diversion(market: &Market<f64>, at: &Conditions) -> Matrix {
    let (n, choice) = (market.n_offers(), &at.choice);
    let mut diversion = reach(market, choice);
    for j in 0..n {
        let own = own_response_ratio(market, at, j);
        // Loss to the outside good: (1 − r) Σ_i t_ij s_i0.
        let lost: f64 = (0..market.n_types()).map(|i| choice.pull[i * n + j] * choice.outside[i]).sum();
        diversion[(j, j)] = (1.0 - market.rho_of(j)) * lost;
        diversion.row_mut(j).iter_mut().for_each(|part| *part /= own);
    }
    diversion
}

/// Percent change of all inside sales when every price rises by one percent:
/// −Σ_i w_i α_i s_i0 Σ_k φ_k p_k s_ik / Σ_j s_j.
pub fn market_elasticity(market: &Market<f64>, at: &Conditions, price: &[f64]) -> f64 {
    let n = market.n_offers();
    let lost: f64 = (0..market.n_types())
        .map(|i| {
            let burden: f64 =
                (0..n).map(|k| at.choice.slope[k] * price[k] * at.choice.chosen[i * n + k]).sum();
            market.types.weight[i] * market.types.alpha[i] * at.choice.outside[i] * burden
        })
        .sum();
    -lost / at.choice.share.iter().sum::<f64>()
}
