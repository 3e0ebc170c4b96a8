//! The mean utilities that reproduce given shares when buyers differ.
//!
//! Newton on ln s_j(δ) = ln s_j with
//! G_jk = ∂ln s_j/∂δ_k = Σ_i (w_i s_ij/s_j) [1{j=k}/(1−r) − r/(1−r) s_ik|h − s_ik]
//! is fast and loses nothing at shares of 1e-20, but far away it may find no step: where some types buy
//! inside for certain and others not at all, shares hardly move with δ. Then steps that always lead
//! downhill on the potential
//!
//! ```text
//! f(δ) = Σ_i w_i ln(1 + W_i(δ)) − Σ_j s_j δ_j,     ∂f/∂δ_j = s_j(δ) − s_j,
//! ```
//!
//! which is strictly convex with its minimum at the answer, so there is exactly one and every valid
//! market is solved: first (G + μI)⁻¹ (s_j/s_j(δ) − 1), between Newton on f and its gradient (Levenberg
//! 1944; Marquardt 1963), last the contraction δ ← δ + (1−r)(ln s − ln s(δ)) (Berry, Levinsohn & Pakes
//! 1995; Grigolon & Verboven 2014).

use super::super::{Market, PriceResponse};
use super::arithmetic::{exp, exp_minus_one, ln, ln_one_plus};
use super::choice::Choice;
use super::demand::log_slopes;
use crate::numeric::matrix::solve;

/// Largest |ln s − ln s(δ)| that is always good enough.
const TOLERANCE: f64 = 1e-13;
/// Largest one accepted where rounding stops the search.
const ROUNDING: f64 = 1e-11;
const STEPS: usize = 2_000;
/// μ of the steps down the potential, from Newton to gradient.
const DAMPING: [f64; 8] = [0.0, 1e-12, 1e-9, 1e-6, 1e-4, 1e-2, 0.1, 1.0];

/// Moves the market's `utility` until its shares at `price` are `share`; else the largest gap left in
/// ln s, with the utility that came closest.
pub fn reproduce(market: &mut Market<f64>, price: &[f64], share: &[f64]) -> Result<(), f64> {
    let search =
        Search { price, share, target: share.iter().map(|&s| ln(s)).collect(), reach: reach(market, price) };
    let mut here = search.at(market);
    let mut best = (here.size, market.utility.clone());
    for _ in 0..STEPS {
        if here.size <= TOLERANCE {
            return Ok(());
        }
        // Against the best so far, not against `here`: that can happen only so often, so the potential
        // falls in all other steps and the search cannot go round in circles.
        match search.newton(market, &here, best.0) {
            Some(next) => here = next,
            None if best.0 <= ROUNDING => break,
            None => here = search.downhill(market, &here),
        }
        if here.size < best.0 {
            best = (here.size, market.utility.clone());
        }
    }
    market.utility = best.1;
    if best.0 <= ROUNDING { Ok(()) } else { Err(best.0) }
}

/// A tenth of how far the types' utilities of one offer lie apart, at least 10 log points.
fn reach(market: &Market<f64>, price: &[f64]) -> f64 {
    let (low, high) =
        market.types.alpha.iter().fold((f64::INFINITY, 0.0), |(low, high), &a| (a.min(low), a.max(high)));
    let burden = (0..price.len())
        .map(|j| match market.response {
            PriceResponse::Linear => market.buyer_price(j, price[j]).abs(),
            PriceResponse::Log => ln(market.buyer_price(j, price[j])).abs(),
        })
        .fold(0.0, f64::max);
    let taste = market.types.taste.iter().fold(0.0, |most: f64, taste| most.max(taste.abs()));
    (0.1 * ((high - low) * burden + 2.0 * taste)).max(10.0)
}

struct Search<'a> {
    price: &'a [f64],
    share: &'a [f64],
    /// ln s_j.
    target: Vec<f64>,
    /// Longest step in any utility: on a plateau Newton leaps 1e8 away, where nothing leads back.
    reach: f64,
}

/// Where the search stands.
struct Place {
    choice: Choice,
    /// ln s_j − ln s_j(δ), and the largest in size.
    gap: Vec<f64>,
    size: f64,
}

impl Search<'_> {
    fn at(&self, market: &Market<f64>) -> Place {
        let choice = Choice::at(market, self.price);
        let gap: Vec<f64> = self
            .target
            .iter()
            .zip(&choice.share)
            .map(|(t, &s)| t - ln(if s < f64::MIN_POSITIVE { f64::MIN_POSITIVE } else { s }))
            .collect();
        let size = gap.iter().fold(0.0, |m, g| if g.is_nan() { f64::INFINITY } else { f64::max(m, g.abs()) });
        Place { choice, gap, size }
    }

    /// f(δ).
    fn potential(&self, market: &Market<f64>, choice: &Choice) -> f64 {
        let surplus: f64 = market
            .types
            .weight
            .iter()
            .zip(&choice.log_inside)
            .map(|(w, &inside)| w * (inside.max(0.0) + ln_one_plus(exp(-inside.abs()))))
            .sum();
        surplus - self.share.iter().zip(&market.utility).map(|(s, delta)| s * delta).sum::<f64>()
    }

    fn shorten(&self, step: &mut [f64]) {
        let longest = step.iter().fold(0.0, |most: f64, change| most.max(change.abs()));
        if longest > self.reach {
            step.iter_mut().for_each(|change| *change *= self.reach / longest);
        }
    }

    /// One Newton step on ln s, halved until the largest gap is well below `best`; `None`, and the market
    /// as it was, if it never is. The potential may not rise: a leap from one plateau of the shares to
    /// the next may fit better by chance, and end 1e15 away.
    fn newton(&self, market: &mut Market<f64>, here: &Place, best: f64) -> Option<Place> {
        let mut step = solve(&log_slopes(market, &here.choice, |_| 1.0), &here.gap)?;
        self.shorten(&mut step);
        let from = market.utility.clone();
        let now = self.potential(market, &here.choice);
        let size = self.share.iter().zip(&from).map(|(s, delta)| s * delta.abs()).sum::<f64>();
        let highest = now + 1e-13 * (1.0 + size);
        for length in [1.0, 0.5, 0.25, 0.125, 0.0625] {
            move_by(market, &from, &step, length);
            let next = self.at(market);
            let closer = next.size < (1.0 - 0.1 * length) * best || next.size <= TOLERANCE;
            if closer && self.potential(market, &next.choice) <= highest {
                return Some(next);
            }
        }
        market.utility = from;
        None
    }

    /// The first damped Newton step that lowers the potential by enough, else a step of the contraction.
    fn downhill(&self, market: &mut Market<f64>, here: &Place) -> Place {
        let from = market.utility.clone();
        let now = self.potential(market, &here.choice);
        // A share that is far too small would ask for an endless step: the contraction is quick there.
        if here.gap.iter().all(|&g| g < 5.0) {
            let slopes = log_slopes(market, &here.choice, |_| 1.0);
            let ask: Vec<f64> = here.gap.iter().map(|&g| exp_minus_one(g)).collect();
            for damping in DAMPING {
                let mut damped = slopes.clone();
                (0..ask.len()).for_each(|j| damped[(j, j)] += damping);
                let Some(mut step) = solve(&damped, &ask) else { continue };
                self.shorten(&mut step);
                let fall: f64 =
                    step.iter().zip(self.share).zip(&here.choice.share).map(|((d, t), s)| d * (t - s)).sum();
                move_by(market, &from, &step, 1.0);
                let next = self.at(market);
                if self.potential(market, &next.choice) < now - 0.1 * fall.abs() {
                    return next;
                }
            }
        }
        let step: Vec<f64> = here.gap.iter().enumerate().map(|(j, g)| (1.0 - market.rho_of(j)) * g).collect();
        move_by(market, &from, &step, 1.0);
        self.at(market)
    }
}

fn move_by(market: &mut Market<f64>, from: &[f64], step: &[f64], length: f64) {
    for ((utility, from), step) in market.utility.iter_mut().zip(from).zip(step) {
        *utility = from + length * step;
    }
}
