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

use super::super::PriceResponse;
use super::arithmetic::{exp, exp_minus_one, ln, log_mix};
use super::choice::Choice;
use super::steps::{Bounds, descend};
use super::terms::DenseMarket;

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

/// The best unilateral move from `price`, over all firms.
pub fn best_deviation(market: &DenseMarket, price: &[f64]) -> Deviation {
    let choice = Choice::at(market, price);
    let mut best = Deviation { gain: 0.0, firm: 0, offer: None, prices: price.to_vec() };
    for firm in (0..market.n_firms()).filter(|&f| !market.fringe[f]) {
        let offers: Vec<usize> = market
            .free_offers()
            .into_iter()
            .filter(|&j| market.firm[j] == firm && market.log_available[j] > f64::NEG_INFINITY)
            .collect();
        let now = objective(market, &choice, price, firm);
        let scale = now.abs().max(f64::MIN_POSITIVE);
        for &offer in &offers {
            let (at, rise) = best_single_price(market, &choice, price, offer);
            let gain = rise / scale;
            if gain > best.gain {
                let mut prices = price.to_vec();
                prices[offer] = at;
                best = Deviation { gain, firm, offer: Some(offer), prices };
            }
        }
        if offers.len() > 1 {
            let (prices, value) = best_joint_move(market, price, firm, &offers);
            let gain = (value - now) / scale;
            if gain > best.gain {
                best = Deviation { gain, firm, offer: None, prices };
            }
        }
    }
    best
}

/// Every price that its firm would move alone is moved to where that firm wants it, judged against the
/// offer's own profit so that offers with tiny shares count: a way out of a root that is no maximum.
pub fn local_escape(market: &DenseMarket, price: &[f64]) -> Vec<f64> {
    let choice = Choice::at(market, price);
    let mut moved = price.to_vec();
    for j in market.free_offers() {
        if market.fringe[market.firm[j]] || choice.share[j] == 0.0 {
            continue;
        }
        let (at, rise) = best_single_price(market, &choice, price, j);
        if rise > 1e-9 * ((price[j] - market.cost[j]) * choice.share[j]).abs() {
            moved[j] = at;
        }
    }
    moved
}

/// Rounds of best replies, one price after the other: reaches equilibria that no Newton path finds (a
/// monopolist's optimum always exists), and goes round in circles where none exists in pure strategies.
pub fn best_replies(market: &DenseMarket, start: &[f64], rounds: usize) -> Vec<f64> {
    let mut price = start.to_vec();
    for _ in 0..rounds {
        let mut largest: f64 = 0.0;
        for j in market.free_offers() {
            if market.fringe[market.firm[j]] || market.log_available[j] == f64::NEG_INFINITY {
                continue;
            }
            let choice = Choice::at(market, &price);
            let (at, rise) = best_single_price(market, &choice, &price, j);
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
pub fn objective(market: &DenseMarket, choice: &Choice, price: &[f64], firm: usize) -> f64 {
    (0..price.len())
        .map(|k| market.kappa(firm, market.firm[k]) * (price[k] - market.cost[k]) * choice.share[k])
        .sum()
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

fn best_single_price(market: &DenseMarket, choice: &Choice, price: &[f64], j: usize) -> (f64, f64) {
    let n = market.n_offers();
    let (h, r, firm) = (market.nest[j], market.rho_of(j), market.firm[j]);
    let terms: Vec<TypeTerms> = (0..market.n_types())
        .map(|i| {
            let mut type_terms = TypeTerms {
                weight: market.weight[i],
                alpha: market.alpha[i],
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
                let profit = market.kappa(firm, market.firm[k]) * (p - market.cost[k]) * share;
                if market.nest[k] == h {
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
    let burden = |p: f64| match market.response {
        PriceResponse::Linear => market.buyer_price(j, p),
        PriceResponse::Log => ln(market.buyer_price(j, p).max(f64::MIN_POSITIVE)),
    };
    let base = burden(price[j]);
    // The change in the objective, summed without cancellation: an offer may be tiny.
    let before = price[j] - market.cost[j];
    let rise = |p: f64| -> f64 {
        let change = burden(p) - base;
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

/// The firm's best objective when it re-optimises all its prices from several starts.
fn best_joint_move(market: &DenseMarket, price: &[f64], firm: usize, offers: &[usize]) -> (Vec<f64>, f64) {
    let mut alone = market.clone();
    for (j, &held) in price.iter().enumerate().filter(|(j, _)| market.firm[*j] != firm) {
        alone.fixed_price[j] = held;
    }
    let mut best = (price.to_vec(), f64::NEG_INFINITY);
    let worth = |start: &[f64]| objective(market, &Choice::at(market, start), start, firm);
    let now = worth(price);
    for factor in [0.3, 2.0, 3.0, 8.0] {
        let mut start = price.to_vec();
        for &j in offers {
            start[j] = market.cost[j] + factor * (price[j] - market.cost[j]);
        }
        // A start that throws most of the profit away leads to no better place.
        if worth(&start) < PROMISING * now {
            continue;
        }
        let end = descend(&alone, &start, Bounds::PositiveMarkups);
        let value = objective(market, &Choice::at(market, &end.price), &end.price, firm);
        if value > best.1 && end.residual <= 1e-8 {
            best = (end.price, value);
        }
    }
    best
}
