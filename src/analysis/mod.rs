//! From an ensemble to answers: small tables in, smaller tables out.

mod coverage;
mod findings;
mod headline;
mod labels;
mod wording;

pub use coverage::{Coverage, Observed, coverage};
pub use findings::{Findings, cause};
pub use headline::{Headline, Move, headlines};
pub use labels::{Labels, find, text, title};
pub use wording::{Wording, ambiguous, choose_with_year, no_year};
