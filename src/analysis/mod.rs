//! From an ensemble to answers: small tables in, smaller tables out.

mod coverage;
mod findings;
mod headline;

pub use coverage::{Coverage, Observed, coverage};
pub use findings::{Findings, Labels};
pub use headline::{Headline, Move, headlines};
