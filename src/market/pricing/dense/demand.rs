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

use super::conditions::Conditions;
use super::linear::Matrix;
use super::slopes::own_response_ratio;
use super::terms::DenseMarket;

/// Γ_kj / |Λ_j| = Σ_i t_ij [(1−r_j) s_ik + r_j s_ik|h 1{same nest}]: the part of the sales that j
/// loses (before it wins some back itself) that goes to k.
fn reach(market: &DenseMarket, at: &Conditions, j: usize, k: usize) -> f64 {
    let (n, r) = (market.n_offers(), market.rho_of(j));
    let same = market.nest[j] == market.nest[k];
    (0..market.n_types())
        .map(|i| {
            let nest_part = if same { r * at.choice.within[i * n + k] } else { 0.0 };
            at.choice.pull[i * n + j] * ((1.0 - r) * at.choice.chosen[i * n + k] + nest_part)
        })
        .sum()
}

/// ∂s_k/∂p_j, row j = whose price moves.
pub fn share_slopes(market: &DenseMarket, at: &Conditions) -> Matrix {
    let n = market.n_offers();
    let mut slopes = Matrix::zeros(n, n);
    for j in 0..n {
        let lambda = at.choice.lambda(market, j);
        for k in 0..n {
            slopes[(j, k)] = if j == k {
                lambda * own_response_ratio(market, at, j)
            } else {
                -lambda * reach(market, at, j, k)
            };
        }
    }
    slopes
}

/// E_jk: percent change of j's share when k's price rises by one percent.
pub fn elasticities(market: &DenseMarket, at: &Conditions, price: &[f64]) -> Matrix {
    let n = market.n_offers();
    let mut elasticity = Matrix::zeros(n, n);
    for j in 0..n {
        // Type i's part of j's buyers times its price sensitivity.
        let reaction: Vec<f64> =
            (0..market.n_types()).map(|i| buyer_part(market, at, i, j) * market.alpha[i]).collect();
        for k in 0..n {
            let step = at.choice.slope[k] * price[k];
            // ∂ln s_j/∂p_k = Σ_i (w_i s_ij/s_j) u_ik [1{j=k}/(1−r) − r/(1−r) s_ik|h same − s_ik].
            let (same, r) = (market.nest[j] == market.nest[k], market.rho_of(k));
            let sum: f64 = (0..market.n_types())
                .map(|i| {
                    let (s, within) = (at.choice.chosen[i * n + k], at.choice.within[i * n + k]);
                    let response = if j == k {
                        ((1.0 - r) * (1.0 - s) + r * (1.0 - within)) / (1.0 - r)
                    } else if same {
                        -s - r / (1.0 - r) * within
                    } else {
                        -s
                    };
                    reaction[i] * response
                })
                .sum();
            elasticity[(j, k)] = -step * sum;
        }
    }
    elasticity
}

/// w_i s_ij / s_j, type i's part of j's buyers, from t_ij: t_ij/α_i normalised.
pub fn buyer_part(market: &DenseMarket, at: &Conditions, i: usize, j: usize) -> f64 {
    let n = market.n_offers();
    if market.n_types() == 1 {
        return 1.0;
    }
    let total: f64 = (0..market.n_types()).map(|l| at.choice.pull[l * n + j] / market.alpha[l]).sum();
    at.choice.pull[i * n + j] / market.alpha[i] / total
}

/// D_jk; the diagonal holds diversion to the outside good.
pub fn diversion(market: &DenseMarket, at: &Conditions) -> Matrix {
    let n = market.n_offers();
    let mut diversion = Matrix::zeros(n, n);
    for j in 0..n {
        let own = own_response_ratio(market, at, j);
        for k in 0..n {
            let part = if j == k {
                // Loss to the outside good: (1 − r) Σ_i t_ij s_i0.
                let lost: f64 =
                    (0..market.n_types()).map(|i| at.choice.pull[i * n + j] * at.choice.outside[i]).sum();
                (1.0 - market.rho_of(j)) * lost
            } else {
                reach(market, at, j, k)
            };
            diversion[(j, k)] = part / own;
        }
    }
    diversion
}

/// Percent change of all inside sales when every price rises by one percent:
/// −Σ_i w_i α_i s_i0 Σ_k φ_k p_k s_ik / Σ_j s_j.
pub fn market_elasticity(market: &DenseMarket, at: &Conditions, price: &[f64]) -> f64 {
    let n = market.n_offers();
    let lost: f64 = (0..market.n_types())
        .map(|i| {
            let burden: f64 =
                (0..n).map(|k| at.choice.slope[k] * price[k] * at.choice.chosen[i * n + k]).sum();
            market.weight[i] * market.alpha[i] * at.choice.outside[i] * burden
        })
        .sum();
    -lost / at.choice.share.iter().sum::<f64>()
}
