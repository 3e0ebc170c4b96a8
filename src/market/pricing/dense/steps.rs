//! From one start towards a root of the first-order conditions: accelerated ζ steps, damped ζ steps,
//! and Newton with a line search.
//!
//! ζ iteration p ← (1−o)(c + ζ(p)) with Anderson acceleration (depth 5; Walker & Ni 2011) until the
//! residual is small or stops falling (a cycle), then Newton on F with the analytic Jacobian and
//! backtracking on |F| measured at the scale of the start. A line search that fails falls back to damped
//! ζ steps, which average cycles away.

use super::arithmetic::{exp, ln};
use super::conditions::Conditions;
use super::linear::{Lu, Matrix, solve};
use super::slopes::newton_matrix;
use super::terms::DenseMarket;
use crate::market::pricing::PriceResponse;

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
const DEPTH: usize = 5;
/// Undamped steps before acceleration.
const PLAIN_STEPS: usize = 150;

struct Walk<'a> {
    market: &'a DenseMarket,
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
pub fn descend(market: &DenseMarket, start: &[f64], bounds: Bounds) -> Descent {
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
            let keep = 1.0 - market.overhang[j];
            let markup = self.price[j] / keep - market.cost[j];
            if markup > 0.0 {
                lowest = keep * (market.cost[j] + 0.05 * markup);
            }
        }
        if market.response == PriceResponse::Log {
            let floor = 0.2 * market.buyer_price(j, self.price[j]);
            lowest = lowest.max((floor + market.credit[j]) / (1.0 + market.tax[j]));
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
        let mut past: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
        let ones = vec![1.0; self.free.len()];
        let mut logs = false;
        let mut best = f64::INFINITY;
        let mut since_best = 0;
        for _ in 0..limit {
            if self.residual <= NEWTON_RANGE || !self.residual.is_finite() {
                return;
            }
            // Far from the root prices may march steadily; a residual that neither falls nor marches is a cycle.
            let marching = past.len() > 1 && steady(&past[past.len() - 2].1, &past[past.len() - 1].1);
            if self.residual < 0.7 * best {
                best = self.residual;
                since_best = 0;
            } else if !marching {
                since_best += 1;
                if since_best >= 8 {
                    return;
                }
            }
            let (mut current, mut asked) = (self.current(), self.asked());
            // With log price the map is close to linear in ln p, also where prices grow tenfold.
            let in_logs =
                self.market.response == PriceResponse::Log && current.iter().chain(&asked).all(|p| *p > 0.0);
            if in_logs != logs {
                past.clear();
                logs = in_logs;
            }
            if in_logs {
                current.iter_mut().chain(&mut asked).for_each(|p| *p = ln(*p));
            }
            let reach = 10.0 * asked.iter().zip(&current).map(|(a, p)| (a - p).abs()).fold(0.0, f64::max);
            let gap: Vec<f64> = asked.iter().zip(&current).map(|(a, p)| a - p).collect();
            past.push((current.clone(), gap));
            if past.len() > DEPTH {
                past.remove(0);
            }
            let weights = if in_logs { &ones } else { &self.scale };
            let mut candidate = anderson(&past, weights).unwrap_or_else(|| asked.clone());
            // An extrapolation far beyond the plain step is not trusted, but a steady march is sped up.
            if candidate.iter().zip(&current).any(|(x, p)| (x - p).abs() > reach || !x.is_finite()) {
                let length = if marching { 5.0 } else { 1.0 };
                candidate = asked.iter().zip(&current).map(|(a, p)| p + length * (a - p)).collect();
            }
            if in_logs {
                candidate.iter_mut().for_each(|p| *p = exp(*p));
            }
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

/// The Anderson mix of past points and gaps, least squares over differences by normal equations.
fn anderson(past: &[(Vec<f64>, Vec<f64>)], scale: &[f64]) -> Option<Vec<f64>> {
    let depth = past.len() - 1;
    let (point, gap) = past.last()?;
    if depth == 0 {
        return None;
    }
    let difference = |k: usize, j: usize| gap[j] - past[k].1[j];
    let mut normal = Matrix::zeros(depth, depth);
    let mut right = vec![0.0; depth];
    for a in 0..depth {
        for j in 0..gap.len() {
            let weighted = difference(a, j) / (scale[j] * scale[j]);
            right[a] += weighted * gap[j];
            for b in 0..depth {
                normal[(a, b)] += weighted * difference(b, j);
            }
        }
    }
    for a in 0..depth {
        normal[(a, a)] *= 1.0 + 1e-10;
    }
    let mix = solve(&normal, &right)?;
    Some(
        (0..gap.len())
            .map(|j| {
                let back: f64 =
                    (0..depth).map(|k| mix[k] * (point[j] - past[k].0[j] + difference(k, j))).sum();
                point[j] + gap[j] - back
            })
            .collect(),
    )
}
