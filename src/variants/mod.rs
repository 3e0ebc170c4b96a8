//! Worlds made from a scenario's own by changing settings, and the questions that they answer.
//!
//! *Attribution*: which channel a world's difference to the reference comes from. *Scan*: what becomes of differences
//! while settings take other values. *Break-even*: the value of a setting from which a goal holds surely enough.

mod attribution;
pub mod breakeven;
mod channels;
pub mod coalitions;
pub mod goal;
pub mod scan;
mod usual;
pub mod values;

pub use attribution::{Attributed, Attribution, PreparedAttribution, prepare};
pub use channels::{Channel, Channels};
