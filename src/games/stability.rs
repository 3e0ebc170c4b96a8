//! Who would leave, and who would join (d'Aspremont, Jacquemin, Gabszewicz & Weymark 1983).

use super::{Coalition, has};

/// Whether an alliance holds together, given what each player gets under each alliance.
#[derive(Clone, Debug, PartialEq)]
pub struct Stability {
    /// Members that would get more outside: none where the alliance is internally stable.
    pub leave: Vec<usize>,
    /// Outsiders that would get more inside: none where it is externally stable.
    pub join: Vec<usize>,
}

impl Stability {
    /// `payoff(player, alliance)`: what the player gets while exactly `alliance` is in force. An alliance
    /// of one is none. A player moves for more than `worth_it`.
    pub fn of(
        n_players: usize,
        alliance: Coalition,
        worth_it: f64,
        payoff: impl Fn(usize, Coalition) -> f64,
    ) -> Stability {
        let moves =
            |player: &usize| payoff(*player, alliance ^ 1 << *player) - payoff(*player, alliance) > worth_it;
        let (inside, outside): (Vec<usize>, Vec<usize>) =
            (0..n_players).partition(|&player| has(alliance, player));
        Stability {
            leave: inside.into_iter().filter(moves).collect(),
            join: outside.into_iter().filter(moves).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cartel in which outsiders gain most: the free-rider problem, by hand.
    #[test]
    fn free_riders_leave_and_losers_by_exclusion_join() {
        let free_ride = |player: usize, alliance: Coalition| {
            let size = f64::from(alliance.count_ones());
            if has(alliance, player) { size } else { 2.0 * size }
        };
        let all = Stability::of(3, 0b111, 0.0, free_ride);
        // Outside of two a leaver gets 4 > 3.
        assert_eq!(all, Stability { leave: vec![0, 1, 2], join: vec![] });
        let pair = Stability::of(3, 0b011, 0.0, free_ride);
        // Outside of one: 2, no more than inside; the third gets 4 outside, 3 inside.
        assert_eq!(pair, Stability { leave: vec![], join: vec![] });
        let club = |player: usize, alliance: Coalition| {
            if has(alliance, player) { f64::from(alliance.count_ones()) } else { 0.0 }
        };
        assert_eq!(Stability::of(3, 0b011, 0.0, club), Stability { leave: vec![], join: vec![2] });
        assert_eq!(Stability::of(3, 0b011, 3.0, club), Stability { leave: vec![], join: vec![] });
    }
}
