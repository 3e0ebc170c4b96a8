//! Best unilateral deviation: does any firm gain by moving alone, however far?
//!
//! First- and second-order conditions are local. Here each free price is searched alone over
//! [0.35, 8] times its value (log grid, then golden section), and each firm with several offers
//! re-optimises all of them from several starts, the other prices given. The gain is relative to the
//! firm's objective Σ_g κ_fg π_g with π_g = Σ_{k∈g} (p_k − c_k) s_k.
//!
//! One price: with x = e^u, u = −α φ-change/(1−r), the odds factor of offer j and, per type,
//! d = 1 + s_j|h (x − 1), n = 1 + s_h (d^(1−r) − 1): s_j' = s_j x d^(−r)/n, others in the nest
//! s_k d^(−r)/n, other nests s_k / n. So a grid point costs O(types), not O(types × offers).
//! All in logarithms: an offer alone in its nest has d = x, far below 1 at a high price.

use super::super::{Market, PriceResponse};
use super::arithmetic::{exp, exp_minus_one, ln, log_mix};
use super::choice::Choice;
use super::collapsed::descend_collapsed;
use super::steps::{Bounds, descend};

/// The best move found for any one firm.
#[derive(Clone, Debug, PartialEq)]
pub struct Deviation {
    /// Relative gain in the firm's objective; 0 if no move helps.
    pub gain: f64,
    pub firm: usize,
    /// The offer whose price moves alone, or `None` if the firm moves all its prices.
    pub offer: Option<usize>,
    /// All prices after the move.
    pub prices: Vec<f64>,
}

const LOWEST: f64 = 0.35;
const HIGHEST: f64 = 8.0;
const GRID: usize = 48;
/// Part of today's objective that a start must keep for a joint search from there.
const PROMISING: f64 = 0.3;
/// Residual at which a joint search counts as having arrived.
const REACHED: f64 = 1e-8;

/// The best unilateral move from `price`, over all firms.
pub fn best_deviation(market: &Market<f64>, price: &[f64]) -> Deviation {
    let choice = Choice::at(market, price);
    let mut best = Deviation { gain: 0.0, firm: 0, offer: None, prices: price.to_vec() };
    for firm in (0..market.n_firms()).filter(|&f| !market.is_fringe(f)) {
        let weights = market.weights_of(firm);
        let offers = movable(market, firm);
        let scale = objective(market, &choice, price, firm).abs().max(f64::MIN_POSITIVE);
        for &offer in &offers {
            let (at, rise) = best_single_price(market, &choice, price, offer, &weights);
            let gain = rise / scale;
            if gain > best.gain {
                let mut prices = price.to_vec();
                prices[offer] = at;
                best = Deviation { gain, firm, offer: Some(offer), prices };
            }
        }
        if offers.len() > 1 {
            let (prices, rise) = best_joint_move(market, price, firm, &weights);
            let gain = rise / scale;
            if gain > best.gain {
                best = Deviation { gain, firm, offer: None, prices };
            }
        }
    }
    best
}

/// Offers on sale whose price the firm sets.
fn movable(market: &Market<f64>, firm: usize) -> Vec<usize> {
    let groups = market.layout.firms[firm].iter();
    let offers = groups.flat_map(|&a| market.layout.offers_of(a).iter().copied());
    let mut offers: Vec<usize> = offers.filter(|&j| market.is_free(j) && market.on_sale(j)).collect();
    offers.sort_unstable();
    offers
}

/// Every price that its firm would move alone is moved to where that firm wants it, judged against the
/// offer's own profit so that offers with tiny shares count: a way out of a root that is no maximum.
pub fn local_escape(market: &Market<f64>, price: &[f64]) -> Vec<f64> {
    let choice = Choice::at(market, price);
    let mut moved = price.to_vec();
    for j in market.free_offers() {
        if market.is_fringe(market.firm(j)) || choice.share[j] == 0.0 {
            continue;
        }
        let (at, rise) = best_single_price(market, &choice, price, j, &market.weights_of(market.firm(j)));
        if rise > 1e-9 * ((price[j] - market.cost[j]) * choice.share[j]).abs() {
            moved[j] = at;
        }
    }
    moved
}

/// Rounds of best replies, one price after the other: reaches equilibria that no Newton path finds (a
/// monopolist's optimum always exists), and goes round in circles where none exists in pure strategies.
pub fn best_replies(market: &Market<f64>, start: &[f64], rounds: usize) -> Vec<f64> {
    let mut price = start.to_vec();
    for _ in 0..rounds {
        let mut largest: f64 = 0.0;
        for j in market.free_offers() {
            if market.is_fringe(market.firm(j)) || !market.on_sale(j) {
                continue;
            }
            let choice = Choice::at(market, &price);
            let weights = market.weights_of(market.firm(j));
            let (at, rise) = best_single_price(market, &choice, &price, j, &weights);
            if rise > 0.0 {
                largest = largest.max((at / price[j] - 1.0).abs());
                price[j] = at;
            }
        }
        if largest < 1e-5 {
            break;
        }
    }
    price
}

/// Σ_g κ_fg π_g, money per potential buyer.
pub fn objective(market: &Market<f64>, choice: &Choice, price: &[f64], firm: usize) -> f64 {
    let weights = market.weights_of(firm);
    (0..price.len()).map(|k| weights[market.firm(k)] * (price[k] - market.cost[k]) * choice.share[k]).sum()
}

/// What one price needs to know of one buyer type.
struct TypeTerms {
    weight: f64,
    alpha: f64,
    /// κ-weighted profit on other nests, on the rest of the nest.
    elsewhere: f64,
    nest_rest: f64,
    own_share: f64,
    own_within: f64,
    /// Shares that do not move with the offer, each summed directly: 1 − s would lose them where s is
    /// near one.
    others_within: f64,
    nest_share: f64,
    outside_nest: f64,
}

impl TypeTerms {
    /// The change in the type's part of the objective when the offer's log odds within the nest move by
    /// `u` and its markup goes from `before` to `after`.
    fn rise(&self, r: f64, u: f64, before: f64, after: f64) -> f64 {
        let log_d = log_mix(self.others_within, self.own_within, u);
        let log_n = log_mix(self.outside_nest, self.nest_share, (1.0 - r) * log_d);
        let own = self.own_share * (after * exp(u - r * log_d - log_n) - before);
        let rest = self.nest_rest * exp_minus_one(-r * log_d - log_n);
        self.weight * (own + rest + self.elsewhere * exp_minus_one(-log_n))
    }
}

/// Where the firm would set the price of offer j, all others given, and by how much its objective rises.
/// `weights`: what the firm counts of every firm's profit.
fn best_single_price(
    market: &Market<f64>,
    choice: &Choice,
    price: &[f64],
    j: usize,
    weights: &[f64],
) -> (f64, f64) {
    let n = market.n_offers();
    let (h, r) = (market.nest(j), market.rho_of(j));
    let terms: Vec<TypeTerms> = (0..market.n_types())
        .map(|i| {
            let mut type_terms = TypeTerms {
                weight: market.types.weight[i],
                alpha: market.types.alpha[i],
                elsewhere: 0.0,
                nest_rest: 0.0,
                own_share: choice.chosen[i * n + j],
                own_within: choice.within[i * n + j],
                others_within: 0.0,
                nest_share: 0.0,
                outside_nest: choice.outside[i],
            };
            for (k, &p) in price.iter().enumerate() {
                let share = choice.chosen[i * n + k];
                let profit = weights[market.firm(k)] * (p - market.cost[k]) * share;
                if market.nest(k) == h {
                    type_terms.nest_share += share;
                    if k != j {
                        type_terms.nest_rest += profit;
                        type_terms.others_within += choice.within[i * n + k];
                    }
                } else {
                    type_terms.elsewhere += profit;
                    type_terms.outside_nest += share;
                }
            }
            type_terms
        })
        .collect();
    let base = burden(market, j, price[j]);
    // The change in the objective, summed without cancellation: an offer may be tiny.
    let before = price[j] - market.cost[j];
    let rise = |p: f64| -> f64 {
        let change = burden(market, j, p) - base;
        let after = p - market.cost[j];
        terms.iter().map(|i| i.rise(r, -i.alpha * change / (1.0 - r), before, after)).sum()
    };
    let step = ln(HIGHEST / LOWEST) / (GRID - 1) as f64;
    let point = |g: usize| price[j] * LOWEST * exp(step * g as f64);
    let (mut at, mut top) = (0, f64::NEG_INFINITY);
    for g in 0..GRID {
        let v = rise(point(g));
        if v > top {
            (at, top) = (g, v);
        }
    }
    golden_section(&rise, point(at.saturating_sub(1)), point((at + 1).min(GRID - 1)))
}

/// Maximum of `value` on [low, high], by golden section.
fn golden_section(value: &impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> (f64, f64) {
    const RATIO: f64 = 0.618_033_988_749_894_9;
    let (mut a, mut b) = (high - RATIO * (high - low), low + RATIO * (high - low));
    let (mut va, mut vb) = (value(a), value(b));
    for _ in 0..40 {
        if va > vb {
            (high, b, vb) = (b, a, va);
            a = high - RATIO * (high - low);
            va = value(a);
        } else {
            (low, a, va) = (a, b, vb);
            b = low + RATIO * (high - low);
            vb = value(b);
        }
    }
    if va > vb { (a, va) } else { (b, vb) }
}

/// The firm's best prices when it re-sets all of them at once from several starts, and the rise in its
/// objective.
fn best_joint_move(market: &Market<f64>, price: &[f64], firm: usize, weights: &[f64]) -> (Vec<f64>, f64) {
    let (alone, kept, now) = seen_by(market, price, firm, weights);
    let own: Vec<usize> = (0..kept.len()).filter(|&k| market.firm(kept[k]) == firm).collect();
    let worth = |at: &[f64]| objective(&alone, &Choice::at(&alone, at), at, firm);
    let today = worth(&now);
    let mut best = (price.to_vec(), f64::NEG_INFINITY);
    for factor in [0.3, 2.0, 3.0, 8.0] {
        let mut start = now.clone();
        for &k in own.iter().filter(|&&k| alone.is_free(k)) {
            start[k] = alone.cost[k] + factor * (now[k] - alone.cost[k]);
        }
        // A start that throws most of the profit away leads to no better place.
        if worth(&start) < PROMISING * today {
            continue;
        }
        let collapsed = descend_collapsed(&alone, Some(&start)).filter(|end| end.residual <= REACHED);
        let end = collapsed.unwrap_or_else(|| descend(&alone, &start, Bounds::PositiveMarkups));
        let rise = worth(&end.price) - today;
        if rise > best.1 && end.residual <= REACHED {
            best.1 = rise;
            own.iter().for_each(|&k| best.0[kept[k]] = end.price[k]);
        }
    }
    best
}

/// The market as a firm sees it that moves alone: its own offers and those whose profit it counts, with the
/// place of each in the whole market, and in every nest one offer for all the others, which has their buyers
/// of every type; and the prices. Prices of others are fixed.
fn seen_by(
    market: &Market<f64>,
    price: &[f64],
    firm: usize,
    weights: &[f64],
) -> (Market<f64>, Vec<usize>, Vec<f64>) {
    let types = market.n_types();
    let counts = |j: usize| weights[market.firm(j)] != 0.0;
    let kept: Vec<usize> = (0..price.len()).filter(|&j| counts(j)).collect();
    let mut rest: Vec<Vec<usize>> = vec![Vec::new(); market.n_nests()];
    (0..price.len()).filter(|&j| !counts(j) && market.on_sale(j)).for_each(|j| rest[market.nest(j)].push(j));
    rest.retain(|others| !others.is_empty());
    // Each nest's first other offer stands for all of them.
    let places: Vec<usize> = kept.iter().copied().chain(rest.iter().map(|others| others[0])).collect();
    let mut alone = market.picked(&places);
    let now: Vec<f64> = places.iter().map(|&j| price[j]).collect();
    alone.fixed_price = places
        .iter()
        .zip(&now)
        .map(|(&j, &held)| if market.firm(j) == firm && market.is_free(j) { f64::NAN } else { held })
        .collect();
    alone.types.taste.resize(types * places.len(), 0.0);
    for (others, place) in rest.iter().zip(kept.len()..) {
        let r = market.rho_of(others[0]);
        for i in 0..types {
            let alpha = market.types.alpha[i];
            let level = |j: usize| market.taste_of(i, j) - alpha * burden(market, j, price[j]);
            let first = others[0];
            let logs: Vec<f64> = others
                .iter()
                .map(|&j| {
                    let apart = market.utility[j] - market.utility[first] + level(j) - level(first);
                    apart / (1.0 - r) + market.log_available(j) - market.log_available(first)
                })
                .collect();
            let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = logs.iter().map(|log| exp(log - top)).sum();
            alone.types.taste[i * places.len() + place] += (1.0 - r) * (top + ln(sum));
        }
    }
    (alone, kept, now)
}

/// What enters utility: b or ln b.
fn burden(market: &Market<f64>, j: usize, price: f64) -> f64 {
    match market.response {
        PriceResponse::Linear => market.buyer_price(j, price),
        PriceResponse::Log => ln(market.buyer_price(j, price).max(f64::MIN_POSITIVE)),
    }
}
