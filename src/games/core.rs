//! The core, the least core and the nucleolus of a game, by linear programmes.
//!
//! * Core (Gillies 1959): x(N) = v(N), x(S) ≥ v(S) for every coalition S: nobody is better off apart.
//! * Least core (Maschler, Peleg & Shapley 1979): the smallest ε with x(S) ≥ v(S) − ε. The core is empty
//!   where ε > 0.
//! * Nucleolus (Schmeidler 1969): among those, the allocation that treats the worst-off coalition as well as
//!   possible, then the next, …: a sequence of least cores, coalitions that cannot do better being fixed.

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

use super::{Coalition, grand, players};

/// What a linear programme may miss by, in parts of the largest value.
const TOLERANCE: f64 = 1e-6;

/// A way to divide what the grand coalition is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Allocation {
    /// ε of the least core: what the worst-off coalition lacks; below zero, what it has to spare.
    pub least_core: f64,
    /// Whether some allocation leaves no coalition better off apart.
    pub has_core: bool,
    /// Per player.
    pub nucleolus: Vec<f64>,
}

/// Least core and nucleolus of two players or more; `None` if a linear programme fails.
///
/// `values`: by coalition mask, 2ⁿ of them, the empty coalition's being 0.
pub fn core(n_players: usize, values: &[f64]) -> Option<Allocation> {
    let (mut game, scale) = Game::of(n_players, values);
    let (least_core, mut allocation) = game.least_core()?;
    let mut epsilon = least_core;
    while !game.demands.is_empty() {
        game.fix_what_cannot_do_better(epsilon)?;
        (epsilon, allocation) = game.least_core()?;
    }
    // The programme's tolerance is shared out, so that the parts add up.
    let missing = (game.total - allocation.iter().sum::<f64>()) / n_players as f64;
    Some(Allocation {
        least_core: scale * least_core,
        has_core: least_core <= TOLERANCE,
        nucleolus: allocation.iter().map(|part| scale * (part + missing)).collect(),
    })
}

/// Whether some allocation leaves no coalition better off apart: [`Allocation::has_core`] without the nucleolus.
pub fn has_core(n_players: usize, values: &[f64]) -> Option<bool> {
    let (least_core, _) = Game::of(n_players, values).0.least_core()?;
    Some(least_core <= TOLERANCE)
}

/// A game in parts of its largest value, with what of it is settled.
struct Game {
    n_players: usize,
    total: f64,
    /// Coalitions that may still do better, with their values.
    demands: Vec<(Coalition, f64)>,
    /// Coalitions that cannot, with the least they get.
    fixed: Vec<(Coalition, f64)>,
}

impl Game {
    /// With nothing settled; and its largest value.
    fn of(n_players: usize, values: &[f64]) -> (Game, f64) {
        let scale = values.iter().fold(f64::MIN_POSITIVE, |largest, value| largest.max(value.abs()));
        let all = grand(n_players);
        let game = Game {
            n_players,
            total: values[all as usize] / scale,
            demands: (1..all).map(|coalition| (coalition, values[coalition as usize] / scale)).collect(),
            fixed: Vec::new(),
        };
        (game, scale)
    }

    /// A programme over allocations of the total in which fixed coalitions get what they must.
    fn programme(
        &self,
        aim: OptimizationDirection,
        of_player: impl Fn(usize) -> f64,
    ) -> (Problem, Vec<Variable>) {
        let mut programme = Problem::new(aim);
        let free = (f64::NEG_INFINITY, f64::INFINITY);
        let parts: Vec<Variable> =
            (0..self.n_players).map(|player| programme.add_var(of_player(player), free)).collect();
        programme.add_constraint(parts.iter().map(|&part| (part, 1.0)), ComparisonOp::Eq, self.total);
        for &(coalition, least) in &self.fixed {
            programme.add_constraint(sum(&parts, coalition), ComparisonOp::Ge, least);
        }
        (programme, parts)
    }

    /// The smallest ε that every demand lets through, and an allocation at which it does.
    fn least_core(&self) -> Option<(f64, Vec<f64>)> {
        let (mut programme, parts) = self.programme(OptimizationDirection::Minimize, |_| 0.0);
        // Where nothing is left to be settled ε is without meaning.
        let lowest = if self.demands.is_empty() { 0.0 } else { f64::NEG_INFINITY };
        let epsilon = programme.add_var(1.0, (lowest, f64::INFINITY));
        for &(coalition, value) in &self.demands {
            let demand = sum(&parts, coalition).chain([(epsilon, 1.0)]);
            programme.add_constraint(demand, ComparisonOp::Ge, value);
        }
        let solution = programme.solve().ok()?.into_solution().ok()?;
        Some((solution.var_value(epsilon), parts.iter().map(|&part| solution.var_value(part)).collect()))
    }

    /// Takes coalitions that get no more than their value less ε in any allocation of this ε out of the
    /// demands: there is at least one.
    fn fix_what_cannot_do_better(&mut self, epsilon: f64) -> Option<()> {
        let mut best = Vec::new();
        for &(coalition, value) in &self.demands {
            best.push(self.most(coalition, epsilon)? - (value - epsilon));
        }
        let least = best.iter().copied().fold(f64::INFINITY, f64::min);
        let mut surplus = best.iter();
        let fixed = self
            .demands
            .extract_if(.., |_| surplus.next().is_some_and(|&surplus| surplus <= least.max(0.0) + TOLERANCE));
        // A little less than they get, so that rounding leaves an allocation.
        self.fixed.extend(fixed.map(|(coalition, value)| (coalition, value - epsilon - 0.5 * TOLERANCE)));
        Some(())
    }

    /// The most that a coalition can get while every demand is met to within ε.
    fn most(&self, coalition: Coalition, epsilon: f64) -> Option<f64> {
        let inside = |player| if super::has(coalition, player) { 1.0 } else { 0.0 };
        let (mut programme, parts) = self.programme(OptimizationDirection::Maximize, inside);
        for &(coalition, value) in &self.demands {
            programme.add_constraint(
                sum(&parts, coalition),
                ComparisonOp::Ge,
                value - epsilon - 0.5 * TOLERANCE,
            );
        }
        Some(programme.solve().ok()?.into_solution().ok()?.objective())
    }
}

fn sum(parts: &[Variable], coalition: Coalition) -> impl Iterator<Item = (Variable, f64)> {
    players(coalition).map(|player| (parts[player], 1.0))
}

#[cfg(test)]
mod tests {
    use super::super::has;
    use super::*;

    fn game(n: usize, value: impl Fn(Coalition) -> f64) -> Vec<f64> {
        (0..=grand(n)).map(value).collect()
    }

    fn close(found: &[f64], expected: &[f64]) {
        let near = found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-4 * (1.0 + b.abs()));
        assert!(near, "{found:?} for {expected:?}");
    }

    /// Majority of three: any two can take everything, so nobody can be kept (core empty, ε = 1/3).
    #[test]
    fn majority_has_no_core() {
        let values = game(3, |coalition| if coalition.count_ones() >= 2 { 1.0 } else { 0.0 });
        let found = core(3, &values).unwrap();
        assert_eq!(has_core(3, &values), Some(false));
        assert!(!found.has_core && (found.least_core - 1.0 / 3.0).abs() < 1e-5);
        close(&found.nucleolus, &[1.0 / 3.0; 3]);
    }

    /// Bankruptcy of the Talmud (Aumann & Maschler 1985): the nucleolus is the division written there.
    #[test]
    fn the_talmud_divides_by_the_nucleolus() {
        let claims = [100.0, 200.0, 300.0];
        for (estate, expected) in
            [(100.0, [100.0 / 3.0; 3]), (200.0, [50.0, 75.0, 75.0]), (300.0, [50.0, 100.0, 150.0])]
        {
            let value = |coalition: Coalition| {
                let others: f64 = (0..3).filter(|&p| !has(coalition, p)).map(|p| claims[p]).sum();
                (estate - others).max(0.0)
            };
            let found = core(3, &game(3, value)).unwrap();
            assert!(found.has_core);
            close(&found.nucleolus, &expected);
        }
    }

    /// A convex game on five players: its core holds the nucleolus, checked against every coalition.
    #[test]
    fn nobody_is_better_off_apart_in_a_convex_game() {
        let worth = [1.0, 2.5, 0.25, 4.0, 3.0];
        let value = |coalition| {
            let sum: f64 = players(coalition).map(|p| worth[p]).sum();
            sum * sum
        };
        let values = game(5, value);
        let found = core(5, &values).unwrap();
        assert!(found.has_core && found.least_core <= 0.0);
        let total: f64 = found.nucleolus.iter().sum();
        assert!((total - values[31]).abs() < 1e-9 * values[31]);
        for coalition in 1..31 {
            let gets: f64 = players(coalition).map(|p| found.nucleolus[p]).sum();
            assert!(gets >= values[coalition as usize] - 1e-4 * values[31]);
        }
    }

    #[test]
    fn a_game_worth_nothing_divides_nothing() {
        let found = core(2, &[0.0; 4]).unwrap();
        assert!(found.has_core);
        assert_eq!(found.nucleolus, [0.0, 0.0]);
    }
}
