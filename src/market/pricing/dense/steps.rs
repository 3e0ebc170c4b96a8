//! From one start towards a root of the first-order conditions: accelerated ζ steps, damped ζ steps,
//! and Newton with a line search.
//!
//! ζ iteration p ← (1−o)(c + ζ(p)) with Anderson acceleration (Walker & Ni 2011) until the
//! residual is small or stops falling (a cycle), then Newton on F with the analytic Jacobian and
//! backtracking on |F| measured at the scale of the start. A line search that fails falls back to damped
//! ζ steps, which average cycles away.

use super::super::{Market, PriceResponse};
use super::arithmetic::{exp, ln};
use super::conditions::Conditions;
use super::slopes::newton_matrix;
use crate::numeric::Anderson;
use crate::numeric::matrix::Lu;

/// What led to the root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Newton on one markup term per firm and nest (the block solver).
    Collapsed,
    /// Accelerated ζ steps alone.
    Zeta,
    /// ζ steps, then Newton.
    Newton,
    /// ζ steps, damping after a cycle or a failed line search, then Newton.
    DampedNewton,
    /// Rounds of best replies, then Newton.
    BestReplies,
}

impl Method {
    pub fn name(self) -> &'static str {
        match self {
            Method::Collapsed => "collapsed-newton",
            Method::Zeta => "zeta",
            Method::Newton => "zeta-newton",
            Method::DampedNewton => "damped-zeta-newton",
            Method::BestReplies => "best-replies-newton",
        }
    }
}

/// Where a descent stopped.
#[derive(Clone, Debug)]
pub struct Descent {
    pub price: Vec<f64>,
    pub residual: f64,
    pub iterations: usize,
    pub method: Method,
}

/// Residual at which the descent is as good as rounding allows.
const ENOUGH: f64 = 1e-14;
/// Below this residual Newton takes over.
const NEWTON_RANGE: f64 = 1e-3;
/// Undamped steps before acceleration.
const PLAIN_STEPS: usize = 150;

struct Walk<'a> {
    market: &'a Market<f64>,
    bounds: Bounds,
    free: Vec<usize>,
    /// Scale of each free price in the merit function.
    scale: Vec<f64>,
    price: Vec<f64>,
    at: Conditions,
    residual: f64,
    iterations: usize,
}

/// Where a descent may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounds {
    /// Markups stay positive: only such roots can be an equilibrium.
    PositiveMarkups,
    /// Anywhere that utility is defined: to see whether there is a root with a markup ≤ 0.
    Anywhere,
}

/// Follows the conditions from `start` until the residual is at rounding or the work runs out.
pub fn descend(market: &Market<f64>, start: &[f64], bounds: Bounds) -> Descent {
    let mut price = start.to_vec();
    for (p, &fixed) in price.iter_mut().zip(&market.fixed_price).filter(|(_, fixed)| !fixed.is_nan()) {
        *p = fixed;
    }
    let free = market.free_offers();
    let at = Conditions::at(market, &price);
    let residual = at.residual(market, &price);
    let scale = free.iter().map(|&j| price[j].abs().max(at.markup[j].abs()).max(1e-300)).collect();
    let mut walk = Walk { market, bounds, free, scale, price, at, residual, iterations: 0 };
    if walk.free.is_empty() {
        walk.residual = 0.0;
        return walk.stop(Method::Zeta);
    }
    if market.n_types() > 1 {
        // Where there are several roots, the plain iteration leads to the one that belongs to the start;
        // extrapolation might jump to another.
        walk.plain(PLAIN_STEPS);
    }
    walk.accelerated(80);
    if walk.residual <= ENOUGH {
        return walk.stop(Method::Zeta);
    }
    let mut method = Method::Newton;
    for round in 0..4 {
        if walk.newton(40) || !walk.residual.is_finite() {
            break;
        }
        method = Method::DampedNewton;
        let (count, damping) = [(20, 0.5), (40, 0.25), (80, 0.1), (0, 0.5)][round];
        walk.damped(count, damping);
    }
    walk.stop(method)
}

impl Walk<'_> {
    fn stop(self, method: Method) -> Descent {
        Descent { price: self.price, residual: self.residual, iterations: self.iterations, method }
    }

    /// Moves to new free prices; keeps buyers' log prices defined.
    fn evaluate(&self, candidate: &[f64]) -> (Vec<f64>, Conditions, f64) {
        let mut price = self.price.clone();
        for (&j, &value) in self.free.iter().zip(candidate) {
            price[j] = self.admissible(j, value);
        }
        let at = Conditions::at(self.market, &price);
        let residual = at.residual(self.market, &price);
        (price, at, residual)
    }

    /// Holds one step back: a positive markup before discount, p/(1−o) − c, falls by at most 95 %, and
    /// with log price the buyer's price by at most 80 %.
    fn admissible(&self, j: usize, value: f64) -> f64 {
        let market = self.market;
        let mut lowest = f64::NEG_INFINITY;
        if self.bounds == Bounds::PositiveMarkups {
            let keep = 1.0 - market.overhang_of(j);
            let markup = self.price[j] / keep - market.cost[j];
            if markup > 0.0 {
                lowest = keep * (market.cost[j] + 0.05 * markup);
            }
        }
        if market.response == PriceResponse::Log {
            let floor = 0.2 * market.buyer_price(j, self.price[j]);
            lowest = lowest.max(market.maker_price(j, floor));
        }
        if value > lowest { value } else { lowest }
    }

    fn accept(&mut self, (price, at, residual): (Vec<f64>, Conditions, f64)) {
        self.price = price;
        self.at = at;
        self.residual = residual;
        self.iterations += 1;
    }

    fn current(&self) -> Vec<f64> {
        self.free.iter().map(|&j| self.price[j]).collect()
    }

    fn asked(&self) -> Vec<f64> {
        self.free.iter().map(|&j| self.at.asked_price(self.market, j)).collect()
    }

    /// Anderson-accelerated ζ steps; stops in Newton's range, at a cycle, or when far off.
    fn accelerated(&mut self, limit: usize) {
        let mut memory = Anderson::new((), self.free.len());
        let mut last: [Vec<f64>; 2] = Default::default();
        let mut logs = false;
        let mut best = f64::INFINITY;
        let mut since_best = 0;
        for _ in 0..limit {
            if self.residual <= NEWTON_RANGE || !self.residual.is_finite() {
                return;
            }
            // Far from the root prices may march steadily; a residual that neither falls nor marches is a cycle.
            let marching = !last[0].is_empty() && steady(&last[0], &last[1]);
            if self.residual < 0.7 * best {
                best = self.residual;
                since_best = 0;
            } else if !marching {
                since_best += 1;
                if since_best >= 8 {
                    return;
                }
            }
            let (current, asked) = (self.current(), self.asked());
            // With log price the map is close to linear in ln p, also where prices grow tenfold.
            let in_logs =
                self.market.response == PriceResponse::Log && current.iter().chain(&asked).all(|p| *p > 0.0);
            if in_logs != logs {
                memory.restart();
                last = Default::default();
                logs = in_logs;
            }
            let scaled = |values: &[f64]| -> Vec<f64> {
                let pairs = values.iter().zip(&self.scale);
                pairs.map(|(p, scale)| if in_logs { ln(*p) } else { p / scale }).collect()
            };
            let (from, to) = (scaled(&current), scaled(&asked));
            let gap: Vec<f64> = to.iter().zip(&from).map(|(a, p)| a - p).collect();
            let reach = 10.0 * gap.iter().fold(0.0, |most: f64, gap| most.max(gap.abs()));
            let mut next = to.clone();
            memory.next((), &mut next, &gap);
            // An extrapolation far beyond the plain step is not trusted, but a steady march is sped up.
            if next.iter().zip(&from).any(|(x, p)| (x - p).abs() > reach || !x.is_finite()) {
                let length = if marching { 5.0 } else { 1.0 };
                next = gap.iter().zip(&from).map(|(gap, p)| p + length * gap).collect();
            }
            let back = next.iter().zip(&self.scale);
            let candidate: Vec<f64> =
                back.map(|(x, scale)| if in_logs { exp(*x) } else { x * scale }).collect();
            last = [std::mem::take(&mut last[1]), gap];
            let next = self.evaluate(&candidate);
            self.accept(next);
        }
    }

    /// Undamped ζ steps as long as the residual falls.
    fn plain(&mut self, limit: usize) {
        let mut best = f64::INFINITY;
        let mut since_best = 0;
        for _ in 0..limit {
            since_best = if self.residual < 0.98 * best { 0 } else { since_best + 1 };
            best = best.min(self.residual);
            if self.residual <= NEWTON_RANGE || !self.residual.is_finite() || since_best > 6 {
                return;
            }
            let next = self.evaluate(&self.asked());
            self.accept(next);
        }
    }

    /// Damped ζ steps.
    fn damped(&mut self, count: usize, damping: f64) {
        for _ in 0..count {
            if self.residual <= NEWTON_RANGE || !self.residual.is_finite() {
                return;
            }
            let candidate: Vec<f64> =
                self.asked().iter().zip(self.current()).map(|(a, p)| p + damping * (a - p)).collect();
            let next = self.evaluate(&candidate);
            self.accept(next);
        }
    }

    /// ½ Σ (F_j / scale_j)²; with log price relative to the present price.
    fn merit(&self, at: &Conditions, price: &[f64]) -> f64 {
        let sum: f64 = self
            .free
            .iter()
            .zip(&self.scale)
            .map(|(&j, &scale)| {
                let size = if self.market.response == PriceResponse::Log { price[j].abs() } else { scale };
                (price[j] - at.asked_price(self.market, j)) / size
            })
            .map(|gap| gap * gap)
            .sum();
        if sum.is_finite() { 0.5 * sum } else { f64::INFINITY }
    }

    /// Newton with backtracking; true when the residual is at rounding.
    fn newton(&mut self, limit: usize) -> bool {
        for _ in 0..limit {
            if self.residual <= ENOUGH {
                return true;
            }
            let matrix = newton_matrix(self.market, &self.at, &self.free);
            let Some(lu) = Lu::new(matrix) else { return false };
            let current = self.current();
            let mut step: Vec<f64> = self.asked().iter().zip(&current).map(|(a, p)| a - p).collect();
            lu.solve(&mut step);
            if step.iter().any(|s| !s.is_finite()) {
                return false;
            }
            let merit = self.merit(&self.at, &self.price);
            let mut length = 1.0;
            loop {
                let candidate: Vec<f64> = current.iter().zip(&step).map(|(p, s)| p + length * s).collect();
                let next = self.evaluate(&candidate);
                let next_merit = self.merit(&next.1, &next.0);
                if next_merit <= (1.0 - 1e-4 * length) * merit {
                    self.accept(next);
                    break;
                }
                if self.residual <= 1e-12 {
                    // At rounding: one last full step if it helps at all, then done.
                    if next.2 < self.residual {
                        self.accept(next);
                    }
                    return true;
                }
                length *= 0.5;
                if length < 1e-6 {
                    return false;
                }
            }
        }
        self.residual <= 1e-12
    }
}

/// Whether two successive gaps point the same way with about the same length.
fn steady(before: &[f64], now: &[f64]) -> bool {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let (old, new, cross) = (dot(before, before), dot(now, now), dot(before, now));
    cross > 0.0 && cross * cross > 0.8 * old * new && new > 0.5 * old
}
