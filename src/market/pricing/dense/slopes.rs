//! How the conditions move with prices: the Newton matrix, second-order conditions, pass-through.
//!
//! With L_ijl = ∂ln s_ij/∂p_l, u_il = −α_i φ_l and r the nest's ρ:
//!
//! ```text
//! L_ijl        = u_il [1{j=l}/(1−r) − r/(1−r) s_il|h 1{same nest} − s_il]
//! ∂A_if/∂p_l   = H_fl s_il   + u_il s_il {H_fl m_l/(1−r) − r/(1−r) B_ifh(l) − A_if}
//! ∂B_ifh/∂p_l  = H_fl s_il|h + u_il/(1−r) s_il|h {H_fl m_l − B_ifh}            (l in h)
//! Z_jl = ∂ζ_j/∂p_l = Σ_i t_ij [L_ijl (X_ij − ζ_j) + (1−r) ∂A_i/∂p_l + r ∂B_i/∂p_l]
//!                    + 1{j=l}(1−r) Σ_i t_ij/α_i   (log price only)
//! dF/dp = I − (1−o) Z          dp/dc = (dF/dp)^−1 (1−o)(I − K),   K_jl = −∂ζ_j/∂c_l
//! ```
//!
//! At a root dg/dp = diag(Λ)(I − Z) for the textbook condition g, so a firm's own block of
//! diag(Λ)(I − Z) is the Hessian of its objective: the second-order condition. With given nest shares
//! the buyers' total response holds each nest's share, firms still take the shift as given.
//! Derived here; checked against complex-step and finite differences.

use super::super::{Market, PriceResponse};
use super::choice::Choice;
use super::conditions::Conditions;
use crate::numeric::matrix::{Lu, Matrix};

/// Z_jl = ∂ζ_j/∂p_l for j and l among `offers`. `nests_held`: buyers' response with each nest's share
/// held fixed.
pub fn zeta_jacobian(market: &Market<f64>, at: &Conditions, nests_held: bool, offers: &[usize]) -> Matrix {
    let (n, types, size) = (market.n_offers(), market.n_types(), offers.len());
    let choice = &at.choice;
    // The firms among the offers, and each offer's place among them.
    let mut firms: Vec<usize> = offers.iter().map(|&j| market.firm(j)).collect();
    firms.sort_unstable();
    firms.dedup();
    let place: Vec<usize> = offers.iter().map(|&j| firms.partition_point(|&f| f < market.firm(j))).collect();
    let weights: Vec<Vec<f64>> = firms.iter().map(|&f| market.weights_of(f)).collect();
    // Column by column (one l, all j), so that the inner loops run along memory.
    let mut columns = vec![0.0; size * size];
    let mut firm_slope = vec![0.0; firms.len()];
    let mut nest_slope = vec![0.0; firms.len()];
    let mut own_weight = vec![0.0; size];
    let mut gap_weight = vec![0.0; size];
    let same_nest: Vec<Vec<usize>> =
        (0..market.n_nests()).map(|h| (0..size).filter(|&a| market.nest(offers[a]) == h).collect()).collect();
    for i in 0..types {
        for (a, &j) in offers.iter().enumerate() {
            let t = choice.pull[i * n + j];
            own_weight[a] = t * (1.0 - market.rho_of(j));
            gap_weight[a] = if types > 1 { t * (at.asked[i * n + j] - at.zeta[j]) } else { 0.0 };
        }
        for (b, &l) in offers.iter().enumerate() {
            let (h, r) = (market.nest(l), market.rho_of(l));
            let (s, within) = (choice.chosen[i * n + l], choice.within[i * n + l]);
            let u = -market.types.alpha[i] * choice.slope[l];
            for (k, &f) in firms.iter().enumerate() {
                let weight = weights[k][market.firm(l)];
                (firm_slope[k], nest_slope[k]) = term_slopes(market, at, (i, l, f), weight, nests_held);
            }
            let column = &mut columns[b * size..(b + 1) * size];
            let reach = -u * s;
            for (a, entry) in column.iter_mut().enumerate() {
                *entry += own_weight[a] * firm_slope[place[a]] + reach * gap_weight[a];
            }
            if r > 0.0 {
                let within_reach = -u * r / (1.0 - r) * within;
                for &a in &same_nest[h] {
                    let t = choice.pull[i * n + offers[a]];
                    column[a] += t * r * nest_slope[place[a]] + within_reach * gap_weight[a];
                }
            }
            column[b] += u / (1.0 - r) * gap_weight[b];
        }
    }
    let mut z = Matrix::zeros(size, size);
    for a in 0..size {
        for b in 0..size {
            z[(a, b)] = columns[b * size + a];
        }
    }
    if market.response == PriceResponse::Log {
        for (a, &j) in offers.iter().enumerate() {
            let pull: f64 = (0..types).map(|i| choice.pull[i * n + j] / market.types.alpha[i]).sum();
            z[(a, a)] += (1.0 - market.rho_of(j)) * pull;
        }
    }
    z
}

/// ∂A_if/∂p_l and ∂B_ifh(l)/∂p_l of firm f, which counts `weight` of the profit of l's firm; 0 for a fringe
/// firm.
fn term_slopes(
    market: &Market<f64>,
    at: &Conditions,
    (i, l, f): (usize, usize, usize),
    weight: f64,
    nests_held: bool,
) -> (f64, f64) {
    if market.is_fringe(f) {
        return (0.0, 0.0);
    }
    let (n, firms, nests) = (market.n_offers(), market.n_firms(), market.n_nests());
    let (h, r) = (market.nest(l), market.rho_of(l));
    let (s, within) = (at.choice.chosen[i * n + l], at.choice.within[i * n + l]);
    let u = -market.types.alpha[i] * at.choice.slope[l];
    let m = weight * at.markup[l];
    let a = at.firm_term[i * firms + f];
    let b = at.nest_term[(i * firms + f) * nests + h];
    let change = if nests_held { (m - b) / (1.0 - r) } else { (m - r * b) / (1.0 - r) - a };
    (weight * s + u * s * change, weight * within + u / (1.0 - r) * within * (m - b))
}

/// dF/dp restricted to the free offers, in the order of `free`: the Newton matrix.
pub fn newton_matrix(market: &Market<f64>, at: &Conditions, free: &[usize]) -> Matrix {
    let mut matrix = zeta_jacobian(market, at, market.nest_shares().is_some(), free);
    for (a, &j) in free.iter().enumerate() {
        for b in 0..free.len() {
            let unit = if a == b { 1.0 } else { 0.0 };
            matrix[(a, b)] = unit - (1.0 - market.overhang_of(j)) * matrix[(a, b)];
        }
    }
    matrix
}

/// The Hessian of a firm's objective over its own free prices, scaled to D^−½ (−Hessian) D^−½ with
/// D_j = |∂s_j/∂p_j|: positive definite at a strict local maximum. Fringe offers are one block each.
pub fn curvature_blocks(market: &Market<f64>, at: &Conditions) -> Vec<(usize, Matrix)> {
    let n = market.n_offers();
    let own_ratio: Vec<f64> = (0..n).map(|j| own_response_ratio(market, at, j)).collect();
    let lambda: Vec<f64> = (0..n).map(|j| at.choice.lambda(market, j).abs()).collect();
    let mut blocks = Vec::new();
    for firm in 0..market.n_firms() {
        let offers: Vec<usize> =
            (0..n).filter(|&j| market.firm(j) == firm && market.is_free(j) && market.on_sale(j)).collect();
        if market.is_fringe(firm) {
            for &j in &offers {
                let mut block = Matrix::zeros(1, 1);
                block[(0, 0)] = fringe_curvature(market, at, j);
                blocks.push((firm, block));
            }
        } else if !offers.is_empty() {
            let z = zeta_jacobian(market, at, false, &offers);
            let mut block = Matrix::zeros(offers.len(), offers.len());
            for (a, &j) in offers.iter().enumerate() {
                for (b, &l) in offers.iter().enumerate() {
                    // Symmetric at a root; the row of the smaller share loses no digits to the scaling.
                    let entry = if a == b {
                        1.0 - z[(a, a)]
                    } else if lambda[j] == 0.0 || lambda[l] == 0.0 {
                        0.0
                    } else if lambda[j] <= lambda[l] {
                        -z[(a, b)] * (lambda[j] / lambda[l]).sqrt()
                    } else {
                        -z[(b, a)] * (lambda[l] / lambda[j]).sqrt()
                    };
                    block[(a, b)] = entry / (own_ratio[j] * own_ratio[l]).sqrt();
                }
            }
            blocks.push((firm, block));
        }
    }
    blocks
}

/// (∂s_j/∂p_j) / Λ_j = 1 − Σ_i t_ij [(1−r) s_ij + r s_ij|h], between 0 and 1.
pub fn own_response_ratio(market: &Market<f64>, at: &Conditions, j: usize) -> f64 {
    let (n, r) = (market.n_offers(), market.rho_of(j));
    // 1 − … summed without cancellation where a share is close to one.
    (0..market.n_types())
        .map(|i| {
            let (s, within) = (at.choice.chosen[i * n + j], at.choice.within[i * n + j]);
            at.choice.pull[i * n + j] * ((1.0 - r) * (1.0 - s) + r * (1.0 - within))
        })
        .sum::<f64>()
        .max(f64::MIN_POSITIVE)
}

/// −(second derivative of one small maker's profit) / |Λ|, with every aggregate given.
fn fringe_curvature(market: &Market<f64>, at: &Conditions, j: usize) -> f64 {
    let (n, r) = (market.n_offers(), market.rho_of(j));
    let mut slope = 0.0;
    for i in 0..market.n_types() {
        let t = at.choice.pull[i * n + j];
        let u = -market.types.alpha[i] * at.choice.slope[j] / (1.0 - r);
        slope += t * u * (at.asked[i * n + j] - at.zeta[j]);
        if market.response == PriceResponse::Log {
            slope += (1.0 - r) * t / market.types.alpha[i];
        }
    }
    1.0 - slope
}

/// Whether every firm's objective has a strict local maximum in its own free prices.
pub fn second_order_holds(market: &Market<f64>, at: &Conditions) -> bool {
    curvature_blocks(market, at).iter().all(|(_, block)| block.is_positive_definite(1e-12))
}

/// Largest eigenvalue of each firm's scaled Hessian (negative: strict local maximum); 0 for a firm
/// without free prices.
pub fn second_order_eigenvalues(market: &Market<f64>, at: &Conditions) -> Vec<f64> {
    let mut largest = vec![f64::NEG_INFINITY; market.n_firms()];
    for (firm, mut block) in curvature_blocks(market, at) {
        for j in 0..block.rows() {
            for k in 0..block.columns() {
                block[(j, k)] = -block[(j, k)];
            }
        }
        largest[firm] = largest[firm].max(block.largest_eigenvalue());
    }
    largest.into_iter().map(|value| if value == f64::NEG_INFINITY { 0.0 } else { value }).collect()
}

/// K_jl = Σ_i t_ij H_jl [(1−r) s_il + r s_il|h 1{same nest}]: ζ = q + K m, with q free of markups.
pub fn markup_weights(market: &Market<f64>, choice: &Choice) -> Matrix {
    let n = market.n_offers();
    let mut k = reach(market, choice);
    for firm in 0..market.n_firms() {
        let weights =
            if market.is_fringe(firm) { vec![0.0; market.n_firms()] } else { market.weights_of(firm) };
        for j in (0..n).filter(|&j| market.firm(j) == firm) {
            let row = k.row_mut(j).iter_mut().zip(&market.layout.firm_of);
            row.for_each(|(entry, &other)| *entry *= weights[other]);
        }
    }
    k
}

/// Γ_kj / |Λ_j| = Σ_i t_ij [(1−r_j) s_ik + r_j s_ik|h 1{same nest}], row j: of the sales that j loses (before
/// it wins some back itself), the part that goes to k.
pub fn reach(market: &Market<f64>, choice: &Choice) -> Matrix {
    let n = market.n_offers();
    let mut reach = Matrix::zeros(n, n);
    for i in 0..market.n_types() {
        let (chosen, within) = (&choice.chosen[i * n..(i + 1) * n], &choice.within[i * n..(i + 1) * n]);
        for j in 0..n {
            let (t, r) = (choice.pull[i * n + j], market.rho_of(j));
            let row = reach.row_mut(j);
            row.iter_mut().zip(chosen).for_each(|(entry, s)| *entry += t * (1.0 - r) * s);
            if r > 0.0 {
                for a in market.layout.nests[market.nest(j)].clone() {
                    market.layout.offers_of(a).iter().for_each(|&k| row[k] += t * r * within[k]);
                }
            }
        }
    }
    reach
}

/// Pass-through dp_j/dc_k at an equilibrium; `None` where the conditions are singular.
pub fn pass_through(market: &Market<f64>, at: &Conditions) -> Option<Matrix> {
    let free = market.free_offers();
    let n = market.n_offers();
    let lu = Lu::new(newton_matrix(market, at, &free))?;
    let k = markup_weights(market, &at.choice);
    let mut result = Matrix::zeros(n, n);
    for l in 0..n {
        let mut column: Vec<f64> = free
            .iter()
            .map(|&j| (1.0 - market.overhang_of(j)) * (if j == l { 1.0 } else { 0.0 } - k[(j, l)]))
            .collect();
        lu.solve(&mut column);
        free.iter().zip(&column).for_each(|(&j, &value)| result[(j, l)] = value);
    }
    Some(result)
}
