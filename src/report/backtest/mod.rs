//! What a backtest looks like: tables, manifest, charts and words.

mod charts;
mod manifest;
mod tables;
mod words;

pub use charts::charts;
pub use manifest::{Made, manifest};
pub use tables::{forecasts, pit, scores, skipped, track_record};
pub use words::{json, sentence, table};
