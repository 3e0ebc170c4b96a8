//! Worlds made from a scenario's own by changing settings, and the questions that they answer.
//!
//! *Attribution*: which channel a world's difference to the reference comes from.

mod attribution;
mod channels;

pub use attribution::{Attributed, Attribution, PreparedAttribution, prepare};
pub use channels::{Channel, Channels};
