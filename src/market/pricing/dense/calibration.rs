//! Price sensitivity (and ρ) from what an economist knows: an own elasticity, a margin, the market's
//! elasticity.
//!
//! One buyer type, with e_j = φ_j p_j (b_j in linear price without tax; 1 in log price):
//!
//! ```text
//! own elasticity    E_jj  = −α e_j [1/(1−r) − r/(1−r) s_j|h − s_j]
//! market elasticity ε     = −α s_0 Σ_j s_j e_j / Σ_j s_j
//! margin            m_j   = [(I − K)^−1 q]_j,  q ∝ 1/α     (Lerner index = m_j / p_j)
//! ```
//!
//! so α is closed form given ρ; two targets give (α, ρ) by a root search in a common ρ. Several types:
//! the deviations α_i − ᾱ and all tastes stay fixed and the mean ᾱ is searched, with the share inversion
//! inside. Source: Berry (1994); Werden & Froeb (1994). Checked against PyBLP.

use super::super::Market;
use super::conditions::Conditions;
use super::demand;
use super::inversion::{self, InversionError};

/// One thing that is known about the base situation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// E_jj < 0 of one offer.
    OwnElasticity { offer: usize, value: f64 },
    /// The share-weighted mean of E_jj over all offers.
    MeanOwnElasticity { value: f64 },
    /// (p_j − c_j) / p_j of one offer, p the maker's price.
    Margin { offer: usize, value: f64 },
    /// ε < 0: response of all inside sales to a rise of all prices.
    MarketElasticity { value: f64 },
}

impl Target {
    fn value(self) -> f64 {
        match self {
            Target::OwnElasticity { value, .. }
            | Target::MeanOwnElasticity { value }
            | Target::Margin { value, .. }
            | Target::MarketElasticity { value } => value,
        }
    }
}

/// Why there is no such α.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CalibrationError {
    /// The target would need α ≤ 0.
    WrongSign,
    /// No α (or ρ) in the range searched meets the target.
    OutOfReach,
    Inversion(InversionError),
}

impl From<InversionError> for CalibrationError {
    fn from(error: InversionError) -> CalibrationError {
        CalibrationError::Inversion(error)
    }
}

/// What the market implies for a target at its present α and ρ, with δ inverted from `share`.
pub fn implied(
    market: &Market<f64>,
    price: &[f64],
    share: &[f64],
    target: Target,
) -> Result<f64, CalibrationError> {
    let mut trial = market.clone();
    trial.utility = inversion::mean_utilities(market, price, share)?;
    if let Target::Margin { offer, .. } = target {
        let cost = inversion::marginal_costs(&trial, price)?;
        return Ok((price[offer] - cost[offer]) / price[offer]);
    }
    let at = Conditions::at(&trial, price);
    Ok(match target {
        Target::OwnElasticity { offer, .. } => demand::own_elasticities(&trial, &at, price)[offer],
        Target::MeanOwnElasticity { .. } => {
            let elasticity = demand::own_elasticities(&trial, &at, price);
            let weighted: f64 = (0..share.len()).map(|j| share[j] * elasticity[j]).sum();
            weighted / share.iter().sum::<f64>()
        }
        _ => demand::market_elasticity(&trial, &at, price),
    })
}

/// α of each type such that the target holds; ρ as given.
pub fn price_sensitivity(
    market: &Market<f64>,
    price: &[f64],
    share: &[f64],
    target: Target,
) -> Result<Vec<f64>, CalibrationError> {
    if market.n_types() == 1 {
        return one_type(market, price, share, target).map(|alpha| vec![alpha]);
    }
    let mean: f64 = market.types.weight.iter().zip(&market.types.alpha).map(|(w, a)| w * a).sum();
    let lowest = market.types.alpha.iter().copied().fold(f64::INFINITY, f64::min);
    // ᾱ must stay above mean − lowest so that every α_i is positive.
    let floor = mean - lowest;
    let shifted = |shift: f64| -> Vec<f64> { market.types.alpha.iter().map(|a| a - mean + shift).collect() };
    let gap = |shift: f64| -> Option<f64> {
        let mut trial = market.clone();
        trial.types.alpha = shifted(shift);
        implied(&trial, price, share, target).ok().map(|value| value - target.value())
    };
    let spread = lowest.max(0.2 * mean.abs()).max(1e-12);
    let grid: Vec<f64> = (0..60).map(|k| floor + spread * 1e-3 * growth(k)).collect();
    let shift = search(&gap, &grid, mean).ok_or(CalibrationError::OutOfReach)?;
    Ok(shifted(shift))
}

/// 1.3^k.
fn growth(k: usize) -> f64 {
    (0..k).fold(1.0, |value, _| value * 1.3)
}

/// α and a ρ common to all nests such that both targets hold (one buyer type).
pub fn sensitivity_and_rho(
    market: &Market<f64>,
    price: &[f64],
    share: &[f64],
    targets: [Target; 2],
) -> Result<(f64, f64), CalibrationError> {
    let with_rho = |rho: f64| -> Option<(f64, f64)> {
        let mut trial = market.clone();
        trial.rho.fill(rho);
        let alpha = one_type(&trial, price, share, targets[0]).ok()?;
        trial.types.alpha = vec![alpha];
        let second = implied(&trial, price, share, targets[1]).ok()?;
        Some((alpha, second - targets[1].value()))
    };
    let gap = |rho: f64| with_rho(rho).map(|(_, gap)| gap);
    let grid: Vec<f64> = (0..100).map(|k| 0.0099 * k as f64).chain([0.985, 0.99, 0.995, 0.999]).collect();
    let rho = search(&gap, &grid, 0.5).ok_or(CalibrationError::OutOfReach)?;
    let (alpha, _) = with_rho(rho).ok_or(CalibrationError::OutOfReach)?;
    Ok((alpha, rho))
}

/// α and the outside share s_0 such that both targets hold, from shares among buyers (which sum to
/// one): s_j = (1 − s_0) · `inside`. ρ as given.
pub fn sensitivity_and_outside(
    market: &Market<f64>,
    price: &[f64],
    inside: &[f64],
    targets: [Target; 2],
) -> Result<(Vec<f64>, f64), CalibrationError> {
    let shares = |outside: f64| -> Vec<f64> { inside.iter().map(|s| s * (1.0 - outside)).collect() };
    let with_outside = |outside: f64| -> Option<(Vec<f64>, f64)> {
        let share = shares(outside);
        let mut trial = market.clone();
        trial.types.alpha = price_sensitivity(market, price, &share, targets[0]).ok()?;
        let second = implied(&trial, price, &share, targets[1]).ok()?;
        Some((trial.types.alpha, second - targets[1].value()))
    };
    let gap = |outside: f64| with_outside(outside).map(|(_, gap)| gap);
    let grid: Vec<f64> = [1e-4, 1e-3, 0.01]
        .into_iter()
        .chain((1..39).map(|k| 0.025 * k as f64))
        .chain([0.98, 0.999])
        .collect();
    let outside = search(&gap, &grid, 0.3).ok_or(CalibrationError::OutOfReach)?;
    let (alpha, _) = with_outside(outside).ok_or(CalibrationError::OutOfReach)?;
    Ok((alpha, outside))
}

fn one_type(
    market: &Market<f64>,
    price: &[f64],
    share: &[f64],
    target: Target,
) -> Result<f64, CalibrationError> {
    // Every target is linear in α or in 1/α at fixed shares: evaluate at α = 1.
    let mut unit = market.clone();
    unit.types.alpha = vec![1.0];
    let alpha = match target {
        Target::Margin { offer, value } => unit_margin(&unit, price, share, offer, value)?,
        _ => target.value() / implied(&unit, price, share, target)?,
    };
    if alpha.is_finite() && alpha > 0.0 { Ok(alpha) } else { Err(CalibrationError::WrongSign) }
}

/// m = m_1/α + m_o with m_o the part that the discount overhang forces (0 without one).
fn unit_margin(
    unit: &Market<f64>,
    price: &[f64],
    share: &[f64],
    offer: usize,
    margin: f64,
) -> Result<f64, CalibrationError> {
    let at = |alpha: f64| -> Result<f64, CalibrationError> {
        let mut trial = unit.clone();
        trial.types.alpha = vec![alpha];
        implied(&trial, price, share, Target::Margin { offer, value: margin })
    };
    let (one, two) = (at(1.0)?, at(0.5)?);
    let per_inverse = two - one;
    Ok(per_inverse / (margin - (one - per_inverse)))
}

/// The sign change of `gap` nearest `near` on the grid, refined by bisection with secant steps.
fn search(gap: &impl Fn(f64) -> Option<f64>, grid: &[f64], near: f64) -> Option<f64> {
    let values: Vec<Option<f64>> = grid.iter().map(|&x| gap(x)).collect();
    // A target that the unknown does not move cannot identify it.
    if values.iter().flatten().all(|gap| gap.abs() <= 1e-13) {
        return None;
    }
    if let Some(k) = values.iter().position(|v| v.is_some_and(|gap: f64| gap.abs() <= 1e-13)) {
        return Some(grid[k]);
    }
    let distance = |k: usize| (0.5 * (grid[k] + grid[k + 1]) - near).abs();
    let bracket = (0..grid.len() - 1)
        .filter(|&k| matches!((values[k], values[k + 1]), (Some(a), Some(b)) if a * b < 0.0))
        .min_by(|&a, &b| distance(a).total_cmp(&distance(b)))?;
    let (mut low, mut high) = (grid[bracket], grid[bracket + 1]);
    let (mut at_low, mut at_high) = (values[bracket]?, values[bracket + 1]?);
    for step in 0..200 {
        // Secant on odd steps, bisection on even ones: fast near the root, never worse than halving.
        let secant = low - at_low * (high - low) / (at_high - at_low);
        let inside = secant > low && secant < high;
        let middle = if step % 3 != 2 && inside { secant } else { 0.5 * (low + high) };
        if middle <= low || middle >= high {
            break;
        }
        let value = gap(middle)?;
        if value == 0.0 {
            return Some(middle);
        }
        if (value < 0.0) == (at_low < 0.0) {
            (low, at_low) = (middle, value);
        } else {
            (high, at_high) = (middle, value);
        }
    }
    Some(if at_low.abs() < at_high.abs() { low } else { high })
}
