//! From observed prices and units to price sensitivity, mean utilities and marginal costs (one type).
//!
//! With σ_j the share of all units sold, s_j = (1 − s_0) σ_j, and f_j = −(∂V_j/∂ ln p_j)/α, which is
//! p_j(1+tax_j) for linear price and p_j(1+tax_j)/b_j for log price:
//!   own elasticity   |η| = Σ σ_j α f_j [1/(1−ρ) − ρ/(1−ρ) s_{j|g} − s_j] = α [A − (1 − s_0) B]
//!   market elasticity |ε| = α s_0 C,  C = Σ σ_j f_j,  B = Σ σ_j² f_j
//! hence s_0 = |ε|(A − B)/(|η| C − |ε| B) and α = |ε|/(s_0 C) (model section 4).
//! Utilities (Berry 1994): V_j = ln s_j − ln s_0 − ρ ln s_{j|g} − (1−ρ) ln available_j, δ_j = V_j + α f(b_j).
//! Costs: c_j = p_j/(1−o_j) − (1−ρ)/h_j − A_a; the conditions are linear in A at given prices.

use super::terms::or;
use super::workspace::Workspace;
use super::{Market, PriceResponse};
use crate::numeric::{Mask, Real, linear};

/// Utility without price of an offer that sold nothing: its weight is zero for all purposes.
const NO_SALES: f64 = -1e4;

/// What is seen of a market: prices and units. Its own utilities, costs and price sensitivity are ignored,
/// fixed prices too: every price is taken as chosen.
#[derive(Clone, Copy, Debug)]
pub struct Observation<'a, R> {
    pub market: &'a Market<R>,
    /// What the maker receives, p_j.
    pub price: &'a [R],
    /// Units sold, in any unit of count.
    pub units: &'a [R],
}

/// Price sensitivity and outside share that reproduce two elasticities.
#[derive(Clone, Copy, Debug)]
pub struct Sensitivity<R: Real> {
    /// α > 0: per money unit with linear price, a pure number with log price.
    pub alpha: R,
    /// s_0, fraction of potential buyers.
    pub outside_share: R,
    /// 0 < s_0 < 1, α > 0 and, with log price, α > 1.
    pub feasible: R::Mask,
}

/// Which recovered costs make sense.
#[derive(Clone, Copy, Debug)]
pub struct CostSigns<R: Real> {
    /// Every offer that sells has a cost above zero.
    pub cost_positive: R::Mask,
    /// Every offer that sells has a price above cost.
    pub markup_positive: R::Mask,
}

impl<R: Real> Observation<'_, R> {
    /// What the buyer pays, p(1+tax) − credit.
    #[inline(always)]
    fn paid(&self, token: R::Token, j: usize) -> R {
        self.price[j] * self.gross(token, j) - or(&self.market.credit, j, R::zero(token))
    }
    #[inline(always)]
    fn gross(&self, token: R::Token, j: usize) -> R {
        or(&self.market.tax, j, R::zero(token)) + 1.0
    }
    #[inline(always)]
    fn total_units(&self, token: R::Token) -> R {
        self.units.iter().fold(R::zero(token), |sum, &units| sum + units)
    }
    /// Units of nest `g`, and one over them (0 if none were sold).
    #[inline(always)]
    fn nest_units(&self, token: R::Token, g: usize) -> (R, R) {
        let mut sum = R::zero(token);
        for a in self.market.layout.nests[g].clone() {
            for j in self.market.layout.groups[a].offers.clone() {
                sum += self.units[j];
            }
        }
        let inverse = R::select(R::zero(token).lt(sum), R::one(token) / sum, R::zero(token));
        (sum, inverse)
    }
}

/// α and the outside share from the units-weighted mean own-price elasticity and the elasticity of
/// the whole market (both may be given with or without their minus sign).
#[inline(always)]
pub fn sensitivity<R: Real>(
    token: R::Token,
    seen: &Observation<R>,
    own_elasticity: R,
    market_elasticity: R,
) -> Sensitivity<R> {
    let (zero, one) = (R::zero(token), R::one(token));
    let (own, market) = (own_elasticity.abs(), market_elasticity.abs());
    let per_unit = one / seen.total_units(token);
    let (mut a, mut b, mut c) = (zero, zero, zero);
    for g in 0..seen.market.layout.nests.len() {
        let rho = seen.market.rho[g];
        let inverse_keep = one / (one - rho);
        let (_, per_nest_unit) = seen.nest_units(token, g);
        for group in seen.market.layout.nests[g].clone() {
            for j in seen.market.layout.groups[group].offers.clone() {
                let mut factor = seen.price[j] * seen.gross(token, j);
                if seen.market.response == PriceResponse::Log {
                    factor = factor / seen.paid(token, j);
                }
                let share = seen.units[j] * per_unit;
                let within = seen.units[j] * per_nest_unit;
                let weighted = share * factor;
                a += weighted * (one - rho * within) * inverse_keep;
                b += weighted * share;
                c += weighted;
            }
        }
    }
    let outside_share = market * (a - b) / (own * c - market * b);
    let alpha = market / (outside_share * c);
    let least = if seen.market.response == PriceResponse::Log { one } else { zero };
    let proper = zero.lt(outside_share).and(outside_share.lt(one));
    let feasible = proper.and(least.lt(alpha)).and(alpha.lt(R::splat(token, f64::INFINITY)));
    Sensitivity { alpha, outside_share, feasible }
}

/// Mean utilities δ (without price) that reproduce the units at the observed prices.
#[inline(always)]
pub fn utilities<R: Real>(
    token: R::Token,
    seen: &Observation<R>,
    alpha: R,
    outside_share: R,
    utility: &mut [R],
) {
    let (zero, one) = (R::zero(token), R::one(token));
    let log_outside = outside_share.ln();
    let per_unit = (one - outside_share) / seen.total_units(token);
    for g in 0..seen.market.layout.nests.len() {
        let rho = seen.market.rho[g];
        let (nest_units, per_nest_unit) = seen.nest_units(token, g);
        // ln s_g − ln s_0: the offer adds (1−ρ) ln s_{j|g}.
        let nest = (nest_units * per_unit).ln() - log_outside;
        for group in seen.market.layout.nests[g].clone() {
            for j in seen.market.layout.groups[group].offers.clone() {
                let mut within = seen.units[j] * per_nest_unit;
                if !seen.market.available.is_empty() {
                    within = within / seen.market.available[j];
                }
                let paid = seen.paid(token, j);
                let of_price = if seen.market.response == PriceResponse::Log { paid.ln() } else { paid };
                let value = nest + (one - rho) * within.ln() + alpha * of_price;
                let sold = zero.lt(seen.units[j]).and(within.lt(R::splat(token, f64::INFINITY)));
                utility[j] = R::select(sold, value, R::splat(token, NO_SALES));
            }
        }
    }
}

/// Marginal costs at which the observed prices satisfy the first-order conditions.
///
/// `work` must belong to the same layout; its markup terms are left at the observed equilibrium, so
/// that a solve may begin with `Start::Previous`.
#[inline(always)]
pub fn costs<R: Real>(
    token: R::Token,
    seen: &Observation<R>,
    alpha: R,
    outside_share: R,
    work: &mut Workspace<R>,
    cost: &mut [R],
) -> CostSigns<R> {
    let (zero, one) = (R::zero(token), R::one(token));
    let per_unit = (one - outside_share) / seen.total_units(token);
    for g in 0..seen.market.layout.nests.len() {
        let (nest_units, per_nest_unit) = seen.nest_units(token, g);
        let keep = one - seen.market.rho[g];
        let theta = keep / alpha;
        work.nest.keep[g] = keep;
        work.nest_share[g] = nest_units * per_unit;
        for a in seen.market.layout.nests[g].clone() {
            let (mut sum, mut profit) = (zero, zero);
            for j in seen.market.layout.groups[a].offers.clone() {
                // Margin at A = 0: m_j = p_j − p_j/(1−o_j) + (1−ρ)/h_j + A_a.
                let mut own = theta / seen.gross(token, j);
                if seen.market.response == PriceResponse::Log {
                    own *= seen.paid(token, j);
                }
                cost[j] = undiscounted(token, seen, j) - own;
                let within = seen.units[j] * per_nest_unit;
                sum += within;
                profit += within * (seen.price[j] - cost[j]);
            }
            // Reused columns: weight sums S_a and profits U_a at A = 0.
            work.group.profit_slope[a] = sum;
            work.group.profit[a] = profit;
        }
    }
    markups_at_given_prices(token, seen, work);
    let mut signs =
        CostSigns::<R> { cost_positive: R::mask(token, true), markup_positive: R::mask(token, true) };
    for (a, group) in seen.market.layout.groups.iter().enumerate() {
        for j in group.offers.clone() {
            cost[j] -= work.markup[a];
            let idle = zero.lt(seen.units[j]).not();
            signs.cost_positive = signs.cost_positive.and(zero.lt(cost[j]).or(idle));
            signs.markup_positive = signs.markup_positive.and(cost[j].lt(seen.price[j]).or(idle));
        }
    }
    signs
}

/// p/(1 − o).
#[inline(always)]
fn undiscounted<R: Real>(token: R::Token, seen: &Observation<R>, j: usize) -> R {
    if seen.market.overhang.is_empty() {
        seen.price[j]
    } else {
        seen.price[j] / (R::one(token) - seen.market.overhang[j])
    }
}

/// A from the linear conditions A_(f,g) = Σ_h κ_fh [(1−ρ_g) Σ_g' s_g' X_(h,g') + ρ_g X_(h,g)],
/// X_a = U_a + S_a A_a.
#[inline(always)]
fn markups_at_given_prices<R: Real>(token: R::Token, seen: &Observation<R>, work: &mut Workspace<R>) {
    let (zero, one) = (R::zero(token), R::one(token));
    let layout = &seen.market.layout;
    if !seen.market.conduct.weight.is_empty() {
        return markups_with_stakes(token, seen, work);
    }
    for (firm, groups) in layout.firms.iter().enumerate() {
        let (mut profit, mut feedback) = (zero, one);
        for &a in groups {
            let g = layout.groups[a].nest;
            let sum = work.group.profit_slope[a];
            let gain = one / (one - seen.market.rho[g] * sum);
            work.group.own_gain[a] = gain;
            let base = work.group.profit[a] * (one + sum * gain * seen.market.rho[g]);
            profit += work.nest_share[g] * base;
            feedback -= work.nest_share[g] * sum * gain * work.nest.keep[g];
        }
        let profit = profit / feedback;
        for &a in groups {
            let g = layout.groups[a].nest;
            let push = work.nest.keep[g] * profit + seen.market.rho[g] * work.group.profit[a];
            work.markup[a] = if layout.fringe[firm] { zero } else { work.group.own_gain[a] * push };
        }
    }
}

/// The same with profit weights across firms: one dense linear system over the groups.
#[inline(always)]
fn markups_with_stakes<R: Real>(token: R::Token, seen: &Observation<R>, work: &mut Workspace<R>) {
    let (zero, one) = (R::zero(token), R::one(token));
    let layout = &seen.market.layout;
    let n = layout.groups.len();
    // Sized on first use: most markets have no stakes in the base year.
    work.group_matrix.resize(n * n, zero);
    work.group_matrix.fill(zero);
    work.markup.fill(zero);
    for a in 0..n {
        work.group_matrix[a * n + a] = one;
    }
    let conduct = &seen.market.conduct;
    let own = (0..layout.firms.len()).map(|firm| (firm, firm, one));
    let across = (0..conduct.weight.len()).map(|k| (conduct.row[k], conduct.column[k], conduct.weight[k]));
    for (firm, other, weight) in own.chain(across) {
        if layout.fringe[firm] {
            continue;
        }
        for &a in &layout.firms[firm] {
            let g = layout.groups[a].nest;
            for &b in &layout.firms[other] {
                let h = layout.groups[b].nest;
                let mut part = work.nest.keep[g] * work.nest_share[h];
                if g == h {
                    part += seen.market.rho[g];
                }
                let part = weight * part;
                work.markup[a] += part * work.group.profit[b];
                work.group_matrix[a * n + b] -= part * work.group.profit_slope[b];
            }
        }
    }
    linear::factor(&mut work.group_matrix, n);
    linear::substitute(&work.group_matrix, &mut work.markup, n);
}
