//! From an ensemble to answers: small tables in, smaller tables out.

mod coverage;
mod findings;
mod headline;
mod labels;

pub use coverage::{Coverage, Observed, coverage};
pub use findings::{Findings, cause};
pub use headline::{Headline, Move, headlines};
pub use labels::{Labels, find, text};
