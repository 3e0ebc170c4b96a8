//! Shapley values (Shapley 1953; as a decomposition by channel, Shorrocks 2013).
//!
//! φ_i = Σ_{S ∌ i} |S|! (n − |S| − 1)! / n! · [v(S ∪ i) − v(S)]
//!
//! Exactly over all 2ⁿ coalitions, or over sampled orders in which players join (Castro, Gómez & Tejada
//! 2009). Both are weighted sums of the differences that a player makes, so that one who makes none
//! anywhere gets exactly 0.

use std::collections::BTreeMap;

use super::{Coalition, grand};

/// Most players for which all coalitions are valued: 1,024 of them.
pub const MOST_EXACT: usize = 10;

/// How the orders are chosen in which players join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orders {
    /// Every order counts, through all coalitions.
    All,
    /// So many orders, drawn at random.
    Sampled(usize),
}

/// Which coalitions must be valued, and what each player's Shapley value is made of.
#[derive(Clone, Debug)]
pub struct Marginals {
    /// Coalitions to be valued, ascending; the empty one is the first.
    pub coalitions: Vec<Coalition>,
    /// Per player: (position with it, position without it, weight); weights of a player sum to 1.
    marginals: Vec<Vec<(usize, usize, f64)>>,
    pub orders: Orders,
}

impl Marginals {
    /// All coalitions; `None` above `MOST_EXACT` players.
    pub fn exact(players: usize) -> Option<Marginals> {
        if players > MOST_EXACT {
            return None;
        }
        let coalitions: Vec<Coalition> = (0..1 << players).collect();
        let marginals = (0..players)
            .map(|player| {
                let without = coalitions.iter().filter(|&&coalition| !super::has(coalition, player));
                without
                    .map(|&coalition| {
                        let with = coalition | 1 << player;
                        (with as usize, coalition as usize, weight(players, coalition.count_ones() as usize))
                    })
                    .collect()
            })
            .collect();
        Some(Marginals { coalitions, marginals, orders: Orders::All })
    }

    /// The coalitions met when players join in the given orders (each a permutation of all players).
    pub fn along(players: usize, orders: &[Vec<usize>]) -> Marginals {
        let mut position = BTreeMap::from([(0, 0), (grand(players), 0)]);
        for order in orders {
            let mut coalition: Coalition = 0;
            for player in order {
                coalition |= 1 << player;
                position.insert(coalition, 0);
            }
        }
        for (index, at) in position.values_mut().enumerate() {
            *at = index;
        }
        // Orders that share a step share its difference.
        let mut steps = vec![BTreeMap::<(usize, usize), usize>::new(); players];
        for order in orders {
            let mut coalition: Coalition = 0;
            for &player in order {
                let without = position[&coalition];
                coalition |= 1 << player;
                *steps[player].entry((position[&coalition], without)).or_default() += 1;
            }
        }
        let share = |count: usize| count as f64 / orders.len() as f64;
        let marginals = steps.iter().map(|steps| {
            steps.iter().map(|(&(with, without), &count)| (with, without, share(count))).collect()
        });
        Marginals {
            marginals: marginals.collect(),
            coalitions: position.into_keys().collect(),
            orders: Orders::Sampled(orders.len()),
        }
    }

    /// Whose differences, with which weights, make up a player's value.
    pub fn terms(&self, player: usize) -> &[(usize, usize, f64)] {
        &self.marginals[player]
    }

    pub fn n_players(&self) -> usize {
        self.marginals.len()
    }

    /// A player's Shapley value from the values of [`Marginals::coalitions`].
    pub fn value(&self, player: usize, values: &[f64]) -> f64 {
        self.marginals[player]
            .iter()
            .map(|&(with, without, weight)| weight * (values[with] - values[without]))
            .sum()
    }

    /// Standard error of [`Marginals::value`] that comes from sampling orders; 0 where all count.
    ///
    /// The differences a player makes along the orders are independent draws (Castro et al. 2009).
    pub fn order_error(&self, player: usize, values: &[f64]) -> f64 {
        let Orders::Sampled(orders) = self.orders else { return 0.0 };
        if orders < 2 {
            return f64::NAN;
        }
        let mean = self.value(player, values);
        let squares: f64 = self.marginals[player]
            .iter()
            .map(|&(with, without, weight)| {
                weight * {
                    let off = values[with] - values[without] - mean;
                    off * off
                }
            })
            .sum();
        (squares / (orders - 1) as f64).sqrt()
    }
}

/// |S|! (n − |S| − 1)! / n!, without large factorials: 1/n divided by the number of coalitions of that size
/// among the others.
fn weight(players: usize, size: usize) -> f64 {
    let others = players - 1;
    let choose = (0..size).fold(1.0, |product, k| product * (others - k) as f64 / (k + 1) as f64);
    1.0 / (players as f64 * choose)
}

#[cfg(test)]
mod tests {
    use super::super::players;
    use super::*;

    fn values_of(marginals: &Marginals, game: impl Fn(Coalition) -> f64) -> Vec<f64> {
        let values: Vec<f64> = marginals.coalitions.iter().map(|&coalition| game(coalition)).collect();
        (0..marginals.n_players()).map(|player| marginals.value(player, &values)).collect()
    }

    /// An arbitrary game: value by hashing the mask.
    fn arbitrary(coalition: Coalition) -> f64 {
        if coalition == 0 { 0.0 } else { (coalition.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as f64 }
    }

    #[test]
    fn additive_games_give_each_its_own_and_a_null_player_exactly_nothing() {
        let worth = [3.0, 0.0, -0.7, 11.25];
        let additive = |coalition| players(coalition).map(|player| worth[player]).sum();
        let shapley = values_of(&Marginals::exact(4).unwrap(), additive);
        for (value, worth) in shapley.iter().zip(worth) {
            assert!((value - worth).abs() < 1e-12);
        }
        let without_second = |coalition: Coalition| arbitrary(coalition & !2);
        assert_eq!(values_of(&Marginals::exact(4).unwrap(), without_second)[1], 0.0);
    }

    /// Airport game (Littlechild & Owen 1973): cost = the longest runway needed; each stretch is shared by
    /// those who need it.
    #[test]
    fn the_airport_game_has_its_known_values() {
        let length = [1.0, 2.0, 4.0, 4.5];
        let cost = |coalition| players(coalition).map(|player| length[player]).fold(0.0, f64::max);
        let shapley = values_of(&Marginals::exact(4).unwrap(), cost);
        let mut expected = [0.0; 4];
        let mut before = 0.0;
        for (first, &reach) in length.iter().enumerate() {
            let part = (reach - before) / (4 - first) as f64;
            expected[first..].iter_mut().for_each(|value| *value += part);
            before = reach;
        }
        for (value, expected) in shapley.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-12, "{shapley:?}");
        }
    }

    #[test]
    fn values_add_up_and_all_orders_equal_the_formula() {
        for n in 1..=5 {
            let exact = values_of(&Marginals::exact(n).unwrap(), arbitrary);
            let total = arbitrary(grand(n));
            assert!((exact.iter().sum::<f64>() - total).abs() < 1e-9 * total.abs());
            let along = values_of(&Marginals::along(n, &permutations(n)), arbitrary);
            for (a, b) in exact.iter().zip(&along) {
                assert!((a - b).abs() < 1e-9 * total.abs());
            }
        }
        assert!(Marginals::exact(MOST_EXACT + 1).is_none());
    }

    #[test]
    fn sampled_orders_add_up_and_know_their_error() {
        let orders: Vec<Vec<usize>> = permutations(5).into_iter().step_by(7).collect();
        let sampled = Marginals::along(5, &orders);
        let values: Vec<f64> = sampled.coalitions.iter().map(|&c| arbitrary(c)).collect();
        let sum: f64 = (0..5).map(|player| sampled.value(player, &values)).sum();
        assert!((sum - arbitrary(grand(5))).abs() < 1e-6);
        let exact = values_of(&Marginals::exact(5).unwrap(), arbitrary);
        for (player, exact) in exact.iter().enumerate() {
            let error = sampled.order_error(player, &values);
            assert!(error > 0.0 && (sampled.value(player, &values) - exact).abs() < 5.0 * error);
        }
    }

    fn permutations(n: usize) -> Vec<Vec<usize>> {
        if n == 0 {
            return vec![Vec::new()];
        }
        let shorter = permutations(n - 1);
        let insert = |order: &Vec<usize>, at| {
            let mut order = order.clone();
            order.insert(at, n - 1);
            order
        };
        shorter.iter().flat_map(|order| (0..n).map(move |at| insert(order, at))).collect()
    }
}
