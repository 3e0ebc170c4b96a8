//! Distinct stationary points from several starts.
//!
//! Mixed logit can have several roots of the first-order conditions (and a firm may prefer to leave one
//! for a distant price), so one root is not yet the equilibrium.

use super::super::Market;
use super::collapsed::descend_collapsed;
use super::deviation::{Deviation, best_deviation, local_escape};
use super::robust::solve;
use super::starts::starts;
use super::steps::{Bounds, descend};
use super::verdict::{DenseSolution, Status, TOLERANCE, judge};

/// A root of the first-order conditions with positive markups, and how firm it stands.
#[derive(Clone, Debug)]
pub struct StationaryPoint {
    pub solution: DenseSolution,
    /// The best move of one firm away from it, the others' prices given.
    pub deviation: Deviation,
}

/// Largest relative gain from moving one price alone that counts as none.
pub const DEVIATION_TOLERANCE: f64 = 1e-7;

/// Largest relative gain from re-setting all of a firm's prices at once that does not yet rule a root
/// out: such a far jump for less than 0.1 % of profit is reported, not preferred.
pub const JOINT_DEVIATION_TOLERANCE: f64 = 1e-3;

/// The gain that speaks against a root as the equilibrium: 0 if it is too small to count.
fn material_gain(deviation: &Deviation, tolerated: f64) -> f64 {
    let tolerance = if deviation.offer.is_some() { DEVIATION_TOLERANCE } else { JOINT_DEVIATION_TOLERANCE };
    if deviation.gain > tolerance.max(tolerated) { deviation.gain } else { 0.0 }
}

/// The equilibrium of a market with all that was learnt on the way.
#[derive(Clone, Debug)]
pub struct Search {
    /// The chosen root (or the best failure).
    pub solution: DenseSolution,
    /// Best unilateral deviation from it; `None` if there is no root.
    pub deviation: Option<Deviation>,
    /// Every distinct root with positive markups, in the order of the starts.
    pub points: Vec<StationaryPoint>,
}

/// Solves from every start and prefers the root that no firm wants to leave: the first such in the
/// order of the starts, so the one nearest the given prices.
pub fn search(market: &Market<f64>, given: &[f64]) -> Search {
    search_tolerating(market, given, 0.0)
}

/// As [`search`], but gains up to `tolerated` do not speak against a root: where the observed prices
/// themselves leave such a gain, it is a trait of the fitted demand (a few very rich buyers, say), and a
/// counterfactual should stay on the same branch.
pub fn search_tolerating(market: &Market<f64>, given: &[f64], tolerated: f64) -> Search {
    let mut points: Vec<StationaryPoint> = Vec::new();
    let keep = |solution: DenseSolution, points: &mut Vec<StationaryPoint>| {
        let is_root = matches!(solution.status, Status::Converged | Status::SecondOrderFails);
        if is_root && !points.iter().any(|known| same(&known.solution.prices, &solution.prices)) {
            let deviation = best_deviation(market, &solution.prices);
            points.push(StationaryPoint { solution, deviation });
        }
    };
    for (number, start) in starts(market, given).into_iter().enumerate() {
        keep(root_from(market, &start, number), &mut points);
    }
    // Where somebody wants to leave, look where the move leads.
    let mut looked_at = 0;
    while looked_at < points.len().min(8) {
        let point = &points[looked_at];
        looked_at += 1;
        if point.deviation.gain > DEVIATION_TOLERANCE || point.solution.status != Status::Converged {
            let start = point.solution.start;
            let moved = point.deviation.prices.clone();
            let local = local_escape(market, &point.solution.prices);
            for from in [moved, local] {
                keep(root_from(market, &from, start), &mut points);
            }
        }
    }
    let flaw = |point: &StationaryPoint| {
        let fails = point.solution.status != Status::Converged;
        (fails, material_gain(&point.deviation, tolerated))
    };
    let chosen =
        points.iter().min_by(|a, b| flaw(a).partial_cmp(&flaw(b)).unwrap_or(std::cmp::Ordering::Equal));
    match chosen {
        Some(point) => Search {
            solution: point.solution.clone(),
            deviation: Some(point.deviation.clone()),
            points: points.clone(),
        },
        None => {
            let solution = solve(market, given);
            keep(solution.clone(), &mut points);
            Search { solution, deviation: points.first().map(|point| point.deviation.clone()), points }
        }
    }
}

/// The root that a start leads to: by the block solver where buyers are of one type, else, or where that
/// ends badly, by the careful descent.
fn root_from(market: &Market<f64>, start: &[f64], number: usize) -> DenseSolution {
    let collapsed = descend_collapsed(market, Some(start)).filter(|end| end.residual <= TOLERANCE);
    let solution = collapsed.map(|end| judge(market, end, number));
    let accepted = solution.filter(|solution| solution.status == Status::Converged);
    accepted.unwrap_or_else(|| judge(market, descend(market, start, Bounds::PositiveMarkups), number))
}

/// Whether two price vectors are the same root.
fn same(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(x, y)| (x - y).abs() <= 1e-6 * x.abs().max(y.abs()))
}
