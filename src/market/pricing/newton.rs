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

/// The gains of groups and firms, and the matrix between nests.
#[inline(always)]
fn eliminate_firms<R: Real>(token: R::Token, market: &Market<R>, work: &mut Workspace<R>) {
    let (zero, one) = (R::zero(token), R::one(token));
    let layout = &market.layout;
    let nests = layout.nests.len();
    let outside_good = matches!(market.closure, Closure::OutsideGood);
    let group = &mut work.group;
    work.firm.gain.fill(one);
    for (a, at) in layout.groups.iter().enumerate() {
        let (rho, keep) = (market.rho[at.nest], work.nest.keep[at.nest]);
        let (slope, profit, share) = (group.profit_slope[a], group.profit[a], work.nest_share[at.nest]);
        let gain = if layout.fringe[at.firm] { zero } else { one / (one - rho * slope) };
        let own = slope * gain;
        let weighted = share * own;
        group.own_gain[a] = gain;
        group.pull[a] = group.fall[a] * gain;
        group.firm_push[a] = weighted;
        // X_a falls with D_g directly and through A_a; given nest shares do not make up for it.
        group.firm_fall[a] = share * profit * if outside_good { rho * (own + 1.0) } else { rho * own + 1.0 };
        work.firm.gain[at.firm] -= keep * weighted;
    }
    for gain in &mut work.firm.gain {
        *gain = one / *gain;
    }
    work.nest.matrix.fill(zero);
    for g in 0..nests {
        let row = &mut work.nest.matrix[g * nests..(g + 1) * nests];
        let (rho, keep) = (market.rho[g], work.nest.keep[g]);
        let (mut own, mut outward) = (one, zero);
        for a in layout.nests[g].clone() {
            let firm = layout.groups[a].firm;
            let through_firm = keep * group.pull[a] * work.firm.gain[firm];
            own -= rho * group.pull[a] * group.profit[a];
            outward += through_firm * work.firm.profit[firm];
            for &b in &layout.firms[firm] {
                row[layout.groups[b].nest] -= through_firm * group.firm_fall[b];
            }
        }
        row[g] += own;
        if outside_good {
            for (h, cell) in row.iter_mut().enumerate() {
                *cell -= outward * (work.nest_share[h] * work.nest.keep[h]);
            }
        }
    }
}

/// Solves for λ, dP and dA at the right-hand side `gap`.
#[inline(always)]
fn solve<R: Real>(token: R::Token, market: &Market<R>, work: &mut Workspace<R>) {
    let zero = R::zero(token);
    let layout = &market.layout;
    let nests = layout.nests.len();
    let group = &mut work.group;
    // dP_f at λ = 0.
    work.firm.step.fill(zero);
    for (a, at) in layout.groups.iter().enumerate() {
        work.firm.step[at.firm] += group.firm_push[a] * group.gap[a];
    }
    for (step, &gain) in work.firm.step.iter_mut().zip(&work.firm.gain) {
        *step *= gain;
    }
    for g in 0..nests {
        let mut right = zero;
        for a in layout.nests[g].clone() {
            let push = group.gap[a] + work.nest.keep[g] * work.firm.step[layout.groups[a].firm];
            right -= group.pull[a] * push;
        }
        work.nest.step[g] = right;
    }
    linear::substitute(&work.nest.matrix, &mut work.nest.step, nests);
    let mut outward = zero;
    if let Closure::OutsideGood = &market.closure {
        for g in 0..nests {
            outward += work.nest_share[g] * work.nest.keep[g] * work.nest.step[g];
        }
    }
    for (firm, groups) in layout.firms.iter().enumerate() {
        let mut fall = work.firm.profit[firm] * outward;
        for &a in groups {
            fall += group.firm_fall[a] * work.nest.step[layout.groups[a].nest];
        }
        work.firm.step[firm] -= work.firm.gain[firm] * fall;
    }
    for (a, at) in layout.groups.iter().enumerate() {
        let g = at.nest;
        let push = group.gap[a] + work.nest.keep[g] * work.firm.step[at.firm]
            - market.rho[g] * group.profit[a] * work.nest.step[g];
        group.step[a] = group.own_gain[a] * push;
    }
}

/// gap = target − A + what the last step changes through other firms' profits.
#[inline(always)]
fn add_cross_terms<R: Real>(market: &Market<R>, work: &mut Workspace<R>) {
    let layout = &market.layout;
    for a in 0..work.group.gap.len() {
        work.group.gap[a] = work.group.target[a] - work.markup[a];
    }
    let conduct = &market.conduct;
    for (k, &weight) in conduct.weight.iter().enumerate() {
        let (firm, other) = (conduct.row[k], conduct.column[k]);
        for &a in &layout.firms[firm] {
            let g = layout.groups[a].nest;
            let mut change = work.nest.keep[g] * work.firm.step[other];
            if let Some(b) = layout.group_at(other, g) {
                let theirs = work.group.profit_slope[b] * work.group.step[b]
                    - work.group.profit[b] * work.nest.step[g];
                change += market.rho[g] * theirs;
            }
            work.group.gap[a] += weight * change;
        }
    }
}
