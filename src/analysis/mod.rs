//! From an ensemble to answers: small tables in, smaller tables out.

mod classes;
mod coverage;
mod drivers;
mod findings;
mod headline;
mod labels;
mod sensitivity;
mod wording;

pub use classes::Ranked;
pub use coverage::{Coverage, Observed, coverage};
pub use drivers::{Driver, GROUPS, Interval, drivers};
pub use findings::{Findings, cause};
pub use headline::{Headline, Move, headlines};
pub use labels::{Labels, find, text, title};
pub use sensitivity::{BREAK_UP, Driven, Sensitivity, Watch};
pub use wording::{Wording, ambiguous, choose_with_year, no_year};
