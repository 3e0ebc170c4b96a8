//! Coalitions: every subset of an alliance's members as an alliance, on the same draws; and makers that might join.
//!
//! What a coalition is worth to a maker is the present value of its operating profit's difference to nobody working
//! together, over the years simulated. Members outside stay alone or ally among themselves: the γ and the δ model of
//! Hart & Kurz (1983, Econometrica 51).

mod partners;
mod question;
mod structures;
mod values;

pub use partners::{Partner, Ranking};
pub use question::{PreparedCoalitions, Question, prepare};
pub use values::{Division, Rule, Stable, Valued};

use crate::calibration::Names;
use crate::games::Coalition;
use crate::simulation::outcomes::Key;

/// Most members whose subsets are simulated: 63 of them.
pub const MOST_MEMBERS: usize = 6;
/// Replications, unless a caller or the scenario asks for fewer.
pub const REPLICATIONS: u64 = 2000;

/// What the members outside a coalition do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outsiders {
    /// Each stays alone (the γ model).
    Alone,
    /// They form an alliance of their own on the same terms (the δ model).
    Together,
}

/// What every coalition of an alliance's members is worth, who would stay, and who might join.
#[derive(Clone, Debug)]
pub struct Coalitions {
    /// The alliance's key.
    pub alliance: String,
    /// Position of the world in the scenario.
    pub world: usize,
    /// In the order of the file; member *i* is bit *i* of a coalition.
    pub members: Vec<String>,
    pub outsiders: Outsiders,
    /// A year.
    pub discount_rate: f64,
    pub replications: u64,
    /// Replications in which a market failed; they are in no figure.
    pub failed: u64,
    /// What the indices of the outcomes stand for.
    pub names: Names,
    /// What was looked at beside present values.
    pub outcomes: Vec<Key>,
    /// Every coalition but the empty one, rising.
    pub coalitions: Vec<Valued>,
    /// Ways to divide what the whole alliance gains; none if a linear programme failed.
    pub division: Option<Division>,
    /// For the alliance, then for each member; empty where partners were not asked for.
    pub partners: Vec<Ranking>,
    /// Members that sell in no region that is modelled: what they gain themselves is not counted.
    pub unseen: Vec<String>,
    /// Makers that cannot join, and why.
    pub left_out: Vec<(String, String)>,
}

impl Coalitions {
    /// The members of a coalition.
    pub fn inside(&self, coalition: Coalition) -> Vec<&str> {
        crate::games::players(coalition)
            .take_while(|&member| member < self.members.len())
            .map(|member| self.members[member].as_str())
            .collect()
    }

    /// The coalition of all members.
    pub fn whole(&self) -> &Valued {
        self.coalitions.last().expect("an alliance has members")
    }
}
