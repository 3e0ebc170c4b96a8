//! Cooperative games on bare numbers: who brings what, and who would stay.
//!
//! A coalition is a bit mask over players; a game gives each coalition a value. The attribution of a
//! difference to channels and the stability of alliances are both read off such values.

mod core;
mod shapley;
mod stability;

pub use core::{Allocation, core, has_core};
pub use shapley::{Marginals, Orders};
pub use stability::Stability;

/// A set of players: player *i* is in it where bit *i* is set.
pub type Coalition = u64;

/// Everybody.
pub fn grand(players: usize) -> Coalition {
    if players == 0 { 0 } else { u64::MAX >> (64 - players) }
}

/// Whether a player is in a coalition.
pub fn has(coalition: Coalition, player: usize) -> bool {
    coalition >> player & 1 == 1
}

/// The players of a coalition.
pub fn players(coalition: Coalition) -> impl Iterator<Item = usize> {
    (0..64).filter(move |&player| has(coalition, player))
}
