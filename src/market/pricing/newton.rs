//! One exact Newton step on the markup terms, without any exp and without a J × J matrix.
//!
//! With λ_g = d ln D_g, n_a = −Σ s_{j|g} d(V_j/(1−ρ))/dA, Y_a = ∂X_a/∂A_a at fixed D_g:
//! dX_a = Y_a dA_a − X_a λ_g, λ_g = −Σ_{a∈g} n_a dA_a, d ln s_g = (1−ρ_g)λ_g − ē with
//! ē = Σ_h s_h (1−ρ_h) λ_h (0 if nest shares are given). A firm's own terms are a diagonal plus rank one
//! (its dP_f) and are eliminated in closed form (Sherman–Morrison); what remains is one linear equation
//! per nest for λ. Terms across firms (κ off the diagonal) enter the right-hand side and are repeated
//! a few times, which costs no new shares. Derived for this solver; checked by finite differences.

use super::workspace::Workspace;
use super::{Closure, Market};
use crate::numeric::{Real, linear};

/// Passes over the terms across firms.
const CROSS_PASSES: usize = 4;

/// Writes the Newton step to `work.group.step`; needs an evaluation at the current markup terms.
#[inline(always)]
pub(super) fn newton_step<R: Real>(token: R::Token, market: &Market<R>, work: &mut Workspace<R>) {
    eliminate_firms(token, market, work);
    let nests = market.layout.nests.len();
    linear::factor(&mut work.nest.matrix, nests);
    for a in 0..work.group.gap.len() {
        work.group.gap[a] = work.group.target[a] - work.markup[a];
    }
    solve(token, market, work);
    if !market.conduct.weight.is_empty() {
        for _ in 1..CROSS_PASSES {
            add_cross_terms(market, work);
            solve(token, market, work);
        }
    }
}

/// ∂P_f/∂λ_g of group a apart from ē, divided by s_g: its X_a falls with D_g, directly and through A_a.
#[inline(always)]
fn profit_fall<R: Real>(market: &Market<R>, work: &Workspace<R>, a: usize) -> R {
    let rho = market.rho[market.layout.groups[a].nest];
    let (profit, own) = (work.group.profit[a], work.group.own_gain[a] * work.group.profit_slope[a]);
    match market.closure {
        Closure::OutsideGood => rho * profit * (own + 1.0),
        Closure::NestShares(_) => profit * (rho * own + 1.0),
    }
}

/// The gains of groups and firms, and the matrix between nests.
#[inline(always)]
fn eliminate_firms<R: Real>(token: R::Token, market: &Market<R>, work: &mut Workspace<R>) {
    let (zero, one) = (R::zero(token), R::one(token));
    let layout = market.layout;
    let nests = layout.nests.len();
    work.firm.gain.fill(one);
    for (a, at) in layout.groups.iter().enumerate() {
        let slope = work.group.profit_slope[a];
        let gain = if layout.fringe[at.firm] { zero } else { one / (one - market.rho[at.nest] * slope) };
        work.group.own_gain[a] = gain;
        work.firm.gain[at.firm] -= work.nest_share[at.nest] * work.nest.keep[at.nest] * slope * gain;
    }
    for gain in &mut work.firm.gain {
        *gain = one / *gain;
    }
    work.nest.matrix.fill(zero);
    for g in 0..nests {
        work.nest.matrix[g * nests + g] = one;
    }
    for (a, at) in layout.groups.iter().enumerate() {
        if layout.fringe[at.firm] {
            continue;
        }
        let g = at.nest;
        let pull = work.group.fall[a] * work.group.own_gain[a];
        work.nest.matrix[g * nests + g] -= market.rho[g] * pull * work.group.profit[a];
        let through_firm = work.nest.keep[g] * pull * work.firm.gain[at.firm];
        for &b in &layout.firms[at.firm] {
            let h = layout.groups[b].nest;
            let term = through_firm * work.nest_share[h] * profit_fall(market, work, b);
            work.nest.matrix[g * nests + h] -= term;
        }
        if let Closure::OutsideGood = market.closure {
            let profit = through_firm * work.firm.profit[at.firm];
            for h in 0..nests {
                let outward = work.nest_share[h] * work.nest.keep[h];
                work.nest.matrix[g * nests + h] -= profit * outward;
            }
        }
    }
}

/// Solves for λ, dP and dA at the right-hand side `gap`.
#[inline(always)]
fn solve<R: Real>(token: R::Token, market: &Market<R>, work: &mut Workspace<R>) {
    let zero = R::zero(token);
    let layout = market.layout;
    let nests = layout.nests.len();
    // dP_f at λ = 0.
    work.firm.step.fill(zero);
    for (a, at) in layout.groups.iter().enumerate() {
        let own = work.group.profit_slope[a] * work.group.own_gain[a];
        work.firm.step[at.firm] += work.nest_share[at.nest] * own * work.group.gap[a];
    }
    for (step, &gain) in work.firm.step.iter_mut().zip(&work.firm.gain) {
        *step *= gain;
    }
    work.nest.step.fill(zero);
    for (a, at) in layout.groups.iter().enumerate() {
        let pull = work.group.fall[a] * work.group.own_gain[a];
        let push = work.group.gap[a] + work.nest.keep[at.nest] * work.firm.step[at.firm];
        work.nest.step[at.nest] -= pull * push;
    }
    linear::substitute(&work.nest.matrix, &mut work.nest.step, nests);
    let mut outward = zero;
    if let Closure::OutsideGood = market.closure {
        for g in 0..nests {
            outward += work.nest_share[g] * work.nest.keep[g] * work.nest.step[g];
        }
    }
    for (firm, groups) in layout.firms.iter().enumerate() {
        let mut fall = work.firm.profit[firm] * outward;
        for &a in groups {
            let g = layout.groups[a].nest;
            fall += work.nest_share[g] * profit_fall(market, work, a) * work.nest.step[g];
        }
        work.firm.step[firm] -= work.firm.gain[firm] * fall;
    }
    for (a, at) in layout.groups.iter().enumerate() {
        let g = at.nest;
        let push = work.group.gap[a] + work.nest.keep[g] * work.firm.step[at.firm]
            - market.rho[g] * work.group.profit[a] * work.nest.step[g];
        work.group.step[a] = work.group.own_gain[a] * push;
    }
}

/// gap = target − A + what the last step changes through other firms' profits.
#[inline(always)]
fn add_cross_terms<R: Real>(market: &Market<R>, work: &mut Workspace<R>) {
    let layout = market.layout;
    let nests = layout.nests.len();
    for a in 0..work.group.gap.len() {
        work.group.gap[a] = work.group.target[a] - work.markup[a];
    }
    let conduct = &market.conduct;
    for (k, &weight) in conduct.weight.iter().enumerate() {
        let (firm, other) = (conduct.row[k], conduct.column[k]);
        for &a in &layout.firms[firm] {
            let g = layout.groups[a].nest;
            let mut change = work.nest.keep[g] * work.firm.step[other];
            let b = work.group_at[other * nests + g];
            if b != usize::MAX {
                let theirs = work.group.profit_slope[b] * work.group.step[b]
                    - work.group.profit[b] * work.nest.step[g];
                change += market.rho[g] * theirs;
            }
            work.group.gap[a] += weight * change;
        }
    }
}
