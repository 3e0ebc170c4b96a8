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

use super::super::PriceResponse;
use super::conditions::Conditions;
use super::linear::{Lu, Matrix};
use super::terms::DenseMarket;

/// Z_jl = ∂ζ_j/∂p_l for j and l among `offers`. `nests_held`: buyers' response with each nest's share
/// held fixed.
pub fn zeta_jacobian(market: &DenseMarket, at: &Conditions, nests_held: bool, offers: &[usize]) -> Matrix {
    let (n, types, size) = (market.n_offers(), market.n_types(), offers.len());
    let firms = market.n_firms();
    let choice = &at.choice;
    // Column by column (one l, all j), so that the inner loops run along memory.
    let mut columns = vec![0.0; size * size];
    let mut firm_slope = vec![0.0; firms];
    let mut nest_slope = vec![0.0; firms];
    let firm: Vec<usize> = offers.iter().map(|&j| market.firm[j]).collect();
    let mut own_weight = vec![0.0; size];
    let mut gap_weight = vec![0.0; size];
    for i in 0..types {
        for (a, &j) in offers.iter().enumerate() {
            let t = choice.pull[i * n + j];
            own_weight[a] = t * (1.0 - market.rho_of(j));
            gap_weight[a] = if types > 1 { t * (at.asked[i * n + j] - at.zeta[j]) } else { 0.0 };
        }
        for (b, &l) in offers.iter().enumerate() {
            let (h, r) = (market.nest[l], market.rho_of(l));
            let (s, within) = (choice.chosen[i * n + l], choice.within[i * n + l]);
            let u = -market.alpha[i] * choice.slope[l];
            term_slopes(market, at, i, l, nests_held, &mut firm_slope, &mut nest_slope);
            let column = &mut columns[b * size..(b + 1) * size];
            let reach = -u * s;
            for (a, entry) in column.iter_mut().enumerate() {
                *entry += own_weight[a] * firm_slope[firm[a]] + reach * gap_weight[a];
            }
            let within_reach = -u * r / (1.0 - r) * within;
            for (a, &j) in offers.iter().enumerate().filter(|(_, j)| market.nest[**j] == h) {
                let t = choice.pull[i * n + j];
                column[a] += t * r * nest_slope[firm[a]] + within_reach * gap_weight[a];
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
            let pull: f64 = (0..types).map(|i| choice.pull[i * n + j] / market.alpha[i]).sum();
            z[(a, a)] += (1.0 - market.rho_of(j)) * pull;
        }
    }
    z
}

/// ∂A_if/∂p_l and ∂B_ifh(l)/∂p_l of every firm f, for one type and one price; 0 for a fringe firm.
fn term_slopes(
    market: &DenseMarket,
    at: &Conditions,
    i: usize,
    l: usize,
    nests_held: bool,
    firm_slope: &mut [f64],
    nest_slope: &mut [f64],
) {
    let (n, firms, nests) = (market.n_offers(), market.n_firms(), market.n_nests());
    let (h, r) = (market.nest[l], market.rho_of(l));
    let (s, within) = (at.choice.chosen[i * n + l], at.choice.within[i * n + l]);
    let u = -market.alpha[i] * at.choice.slope[l];
    for f in (0..firms).filter(|&f| !market.fringe[f]) {
        let weight = market.kappa(f, market.firm[l]);
        let a = at.firm_term[i * firms + f];
        let b = at.nest_term[(i * firms + f) * nests + h];
        let m = weight * at.markup[l];
        let change = if nests_held { (m - b) / (1.0 - r) } else { (m - r * b) / (1.0 - r) - a };
        firm_slope[f] = weight * s + u * s * change;
        nest_slope[f] = weight * within + u / (1.0 - r) * within * (m - b);
    }
}

/// dF/dp restricted to the free offers, in the order of `free`: the Newton matrix.
pub fn newton_matrix(market: &DenseMarket, at: &Conditions, free: &[usize]) -> Matrix {
    let mut matrix = zeta_jacobian(market, at, market.nest_share.is_some(), free);
    for (a, &j) in free.iter().enumerate() {
        for b in 0..free.len() {
            let unit = if a == b { 1.0 } else { 0.0 };
            matrix[(a, b)] = unit - (1.0 - market.overhang[j]) * matrix[(a, b)];
        }
    }
    matrix
}

/// The Hessian of a firm's objective over its own free prices, scaled to D^−½ (−Hessian) D^−½ with
/// D_j = |∂s_j/∂p_j|: positive definite at a strict local maximum. Fringe offers are one block each.
pub fn curvature_blocks(market: &DenseMarket, at: &Conditions) -> Vec<(usize, Matrix)> {
    let n = market.n_offers();
    let on_sale = |j: usize| market.log_available[j] > f64::NEG_INFINITY;
    let own_ratio: Vec<f64> = (0..n).map(|j| own_response_ratio(market, at, j)).collect();
    let lambda: Vec<f64> = (0..n).map(|j| at.choice.lambda(market, j).abs()).collect();
    let mut blocks = Vec::new();
    for firm in 0..market.n_firms() {
        let offers: Vec<usize> =
            (0..n).filter(|&j| market.firm[j] == firm && market.is_free(j) && on_sale(j)).collect();
        if market.fringe[firm] {
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
pub fn own_response_ratio(market: &DenseMarket, at: &Conditions, j: usize) -> f64 {
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
fn fringe_curvature(market: &DenseMarket, at: &Conditions, j: usize) -> f64 {
    let (n, r) = (market.n_offers(), market.rho_of(j));
    let mut slope = 0.0;
    for i in 0..market.n_types() {
        let t = at.choice.pull[i * n + j];
        let u = -market.alpha[i] * at.choice.slope[j] / (1.0 - r);
        slope += t * u * (at.asked[i * n + j] - at.zeta[j]);
        if market.response == PriceResponse::Log {
            slope += (1.0 - r) * t / market.alpha[i];
        }
    }
    1.0 - slope
}

/// Whether every firm's objective has a strict local maximum in its own free prices.
pub fn second_order_holds(market: &DenseMarket, at: &Conditions) -> bool {
    curvature_blocks(market, at).iter().all(|(_, block)| block.is_positive_definite(1e-12))
}

/// Largest eigenvalue of each firm's scaled Hessian (negative: strict local maximum); 0 for a firm
/// without free prices.
pub fn second_order_eigenvalues(market: &DenseMarket, at: &Conditions) -> Vec<f64> {
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
pub fn markup_weights(market: &DenseMarket, at: &Conditions) -> Matrix {
    let (n, types) = (market.n_offers(), market.n_types());
    let mut k = Matrix::zeros(n, n);
    for j in 0..n {
        if market.fringe[market.firm[j]] {
            continue;
        }
        let r = market.rho_of(j);
        for l in 0..n {
            let weight = market.profit_weight(j, l);
            if weight == 0.0 {
                continue;
            }
            let same = market.nest[j] == market.nest[l];
            let reach: f64 = (0..types)
                .map(|i| {
                    let nest_part = if same { r * at.choice.within[i * n + l] } else { 0.0 };
                    at.choice.pull[i * n + j] * ((1.0 - r) * at.choice.chosen[i * n + l] + nest_part)
                })
                .sum();
            k[(j, l)] = weight * reach;
        }
    }
    k
}

/// Pass-through dp_j/dc_k at an equilibrium; `None` where the conditions are singular.
pub fn pass_through(market: &DenseMarket, at: &Conditions) -> Option<Matrix> {
    let free = market.free_offers();
    let n = market.n_offers();
    let lu = Lu::new(newton_matrix(market, at, &free))?;
    let k = markup_weights(market, at);
    let mut result = Matrix::zeros(n, n);
    for l in 0..n {
        let mut column: Vec<f64> = free
            .iter()
            .map(|&j| (1.0 - market.overhang[j]) * (if j == l { 1.0 } else { 0.0 } - k[(j, l)]))
            .collect();
        lu.solve(&mut column);
        free.iter().zip(&column).for_each(|(&j, &value)| result[(j, l)] = value);
    }
    Some(result)
}
