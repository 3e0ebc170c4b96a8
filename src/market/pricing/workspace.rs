//! What a price solver writes: prices, shares and markups, and its scratch, allocated once per layout.

use super::Layout;
use super::types::TypeSums;
use crate::numeric::{Anderson, Real};

/// When a price vector is accepted, and how long the solver tries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// The residual the iteration aims for; one Newton step usually overshoots it by far.
    pub target: f64,
    /// The residual up to which a lane counts as converged (model section 3).
    pub accept: f64,
    /// Price evaluations before a lane is given up.
    pub max_iterations: u32,
}

impl Default for Options {
    fn default() -> Options {
        Options { target: 1e-12, accept: 1e-10, max_iterations: 60 }
    }
}

/// Where the iteration starts.
#[derive(Clone, Copy, Debug)]
pub enum Start<'a, R> {
    /// At markup terms of zero: every firm prices as if it were small.
    Cold,
    /// At given prices.
    Prices(&'a [R]),
    /// At given markup terms A, one per group of the layout.
    Markups(&'a [R]),
    /// At what the workspace holds from its last solve.
    Previous,
}

/// The outcome of a solve, lane by lane; the prices themselves are in the [`Workspace`].
#[derive(Clone, Copy, Debug)]
pub struct Solution<R: Real> {
    /// The residual is at most [`Options::accept`].
    pub converged: R::Mask,
    /// Every offer on sale whose price is not fixed has price above cost.
    pub markup_positive: R::Mask,
    /// max_j |p_j − (1 − o_j)(c_j + ζ_j(p))| / p_j; NaN or infinite if the iteration broke down.
    pub residual: R,
    /// Price evaluations used.
    pub iterations: R,
}

/// Results and scratch of the price solvers for one layout; nothing is allocated while solving.
#[derive(Clone, Debug)]
pub struct Workspace<R> {
    /// What the maker receives, p_j, money per unit.
    pub price: Vec<R>,
    /// Fraction of potential buyers, s_j.
    pub share: Vec<R>,
    /// Share within the offer's nest, s_{j|g}.
    pub within_nest: Vec<R>,
    /// p_j − c_j, money per unit.
    pub margin: Vec<R>,
    /// ln D_g, D_g = Σ_{k∈g} exp(V_k/(1−ρ_g)), one per nest; very negative for a nest without offers on sale.
    pub log_sum: Vec<R>,
    /// s_g, one per nest.
    pub nest_share: Vec<R>,
    /// s_0 (one element).
    pub outside_share: Vec<R>,
    /// Utility shift of each nest that `Closure::NestShares` implies: ln(s_g/s_0) − (1−ρ_g) ln D_g;
    /// 0 with `Closure::OutsideGood`.
    pub nest_shift: Vec<R>,
    /// The markup terms A, one per group.
    pub markup: Vec<R>,
    pub(super) offer: OfferScratch<R>,
    pub(super) group: GroupScratch<R>,
    pub(super) nest: NestScratch<R>,
    pub(super) firm: FirmScratch<R>,
    /// Groups × groups, only for costs under stakes; empty until then.
    pub(super) group_matrix: Vec<R>,
    /// Only for several types; made on first use.
    pub(super) mixed: Option<Box<MixedScratch<R>>>,
}

/// Per offer. The prices of a group move along a line: p_j = intercept + response · A.
#[derive(Clone, Debug)]
pub(super) struct OfferScratch<R> {
    pub intercept: Vec<R>,
    pub response: Vec<R>,
    /// p_j − c_j at A = 0.
    pub margin_at_zero: Vec<R>,
    /// Linear: V/(1−ρ) at A = 0. Log: δ/(1−ρ).
    pub level: Vec<R>,
    /// Log price: what the buyer pays at A = 0.
    pub paid_at_zero: Vec<R>,
    /// Linear: −d(V/(1−ρ))/dA. Log: d(what the buyer pays)/dA.
    pub slope: Vec<R>,
    /// V/(1−ρ), then exp of it.
    pub weight: Vec<R>,
    /// −d(V/(1−ρ))/dA at the current prices.
    pub fall: Vec<R>,
}

/// Per group a = (firm, nest); sums are over its offers with weights s_{j|g}.
#[derive(Clone, Debug)]
pub(super) struct GroupScratch<R> {
    /// X_a = Σ m_j s_{j|g}, money per unit.
    pub profit: Vec<R>,
    /// Σ s_{j|g} · (−d(V_j/(1−ρ))/dA).
    pub fall: Vec<R>,
    /// Y_a = ∂X_a/∂A_a at fixed D_g.
    pub profit_slope: Vec<R>,
    /// The markup term that the first-order conditions ask for.
    pub target: Vec<R>,
    pub step: Vec<R>,
    /// Markup terms and targets before the last step, to take it back.
    pub last_markup: Vec<R>,
    pub last_target: Vec<R>,
    /// Right-hand side of the Newton system: target − A, plus cross terms.
    pub gap: Vec<R>,
    /// k = 1/(1 − ρ Y), 0 for fringe firms.
    pub own_gain: Vec<R>,
    /// n k: what a push on A_a takes off ln D_g.
    pub pull: Vec<R>,
    /// s_g Y k: what a push on A_a adds to P_f.
    pub firm_push: Vec<R>,
    /// What a rise of ln D_g takes off P_f through this group.
    pub firm_fall: Vec<R>,
    /// Smallest c-like intercept and price factor: p_j/(1−o_j) ≥ factor · (intercept + A).
    pub least_intercept: Vec<R>,
    pub least_factor: Vec<R>,
    /// Largest −d(V/(1−ρ))/dA in the group.
    pub steepest: Vec<R>,
}

#[derive(Clone, Debug)]
pub(super) struct NestScratch<R> {
    /// 1 − ρ_g.
    pub keep: Vec<R>,
    /// 1/(1 − ρ_g).
    pub inverse_keep: Vec<R>,
    /// One over the largest change of V/(1−ρ) allowed in one step.
    pub inverse_limit: Vec<R>,
    /// Log-sum within the nest, (1 − ρ_g) ln D_g.
    pub inclusive: Vec<R>,
    /// One over the sum of the nest's weights.
    pub inverse_total: Vec<R>,
    /// d ln D_g of the Newton step.
    pub step: Vec<R>,
    /// The nest-by-nest Newton matrix.
    pub matrix: Vec<R>,
}

#[derive(Clone, Debug)]
pub(super) struct FirmScratch<R> {
    /// P_f = Σ_g s_g X_(f,g), profit per potential buyer.
    pub profit: Vec<R>,
    /// Factor of the firm's own feedback through P_f.
    pub gain: Vec<R>,
    /// dP_f of the Newton step.
    pub step: Vec<R>,
}

impl<R: Real> Workspace<R> {
    /// # Panics
    /// If the offers are not sorted by nest, then firm.
    pub fn new(token: R::Token, layout: &Layout) -> Workspace<R> {
        assert!(layout.is_sorted(), "the block solver takes offers sorted by nest, then firm");
        let (offers, groups) = (layout.n_offers(), layout.groups.len());
        let (nests, firms) = (layout.nests.len(), layout.firms.len());
        let zeros = |n: usize| vec![R::zero(token); n];
        Workspace {
            price: zeros(offers),
            share: zeros(offers),
            within_nest: zeros(offers),
            margin: zeros(offers),
            log_sum: zeros(nests),
            nest_share: zeros(nests),
            outside_share: zeros(1),
            nest_shift: zeros(nests),
            markup: zeros(groups),
            offer: OfferScratch {
                intercept: zeros(offers),
                response: zeros(offers),
                margin_at_zero: zeros(offers),
                level: zeros(offers),
                paid_at_zero: zeros(offers),
                slope: zeros(offers),
                weight: zeros(offers),
                fall: zeros(offers),
            },
            group: GroupScratch {
                profit: zeros(groups),
                fall: zeros(groups),
                profit_slope: zeros(groups),
                target: zeros(groups),
                step: zeros(groups),
                last_markup: zeros(groups),
                last_target: zeros(groups),
                gap: zeros(groups),
                own_gain: zeros(groups),
                pull: zeros(groups),
                firm_push: zeros(groups),
                firm_fall: zeros(groups),
                least_intercept: zeros(groups),
                least_factor: zeros(groups),
                steepest: zeros(groups),
            },
            nest: NestScratch {
                keep: zeros(nests),
                inverse_keep: zeros(nests),
                inverse_limit: zeros(nests),
                inclusive: zeros(nests),
                inverse_total: zeros(nests),
                step: zeros(nests),
                matrix: zeros(nests * nests),
            },
            firm: FirmScratch { profit: zeros(firms), gain: zeros(firms), step: zeros(firms) },
            group_matrix: Vec::new(),
            mixed: None,
        }
    }
}

/// Per offer, for several types.
#[derive(Clone, Debug)]
pub(super) struct MixedScratch<R> {
    pub memory: Anderson<R>,
    pub sums: TypeSums<R>,
    pub image: Vec<R>,
    pub residual: Vec<R>,
    pub best_price: Vec<R>,
    pub best_image: Vec<R>,
}

impl<R: Real> MixedScratch<R> {
    pub fn new(token: R::Token, layout: &Layout) -> MixedScratch<R> {
        let offers = layout.n_offers();
        let zeros = || vec![R::zero(token); offers];
        MixedScratch {
            memory: Anderson::new(token, offers),
            sums: TypeSums::new(token, layout),
            image: zeros(),
            residual: zeros(),
            best_price: zeros(),
            best_image: zeros(),
        }
    }
}
