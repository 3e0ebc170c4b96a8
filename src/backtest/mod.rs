//! How forecasts would have done: from every origin only what was known then, every method on the same draws,
//! scored against what happened.
//!
//! [`roll`](rolling::roll) makes the forecasts, [`rows`](summary::rows) scores them; tables, charts and words of it are in `report`.

mod course;
mod damped_trends;
pub mod paired;
pub mod panel;
pub mod rivals;
pub mod rolling;
pub mod score;
mod simulate;
mod smoothing;
pub mod summary;
mod track_record;

pub use track_record::{ENOUGH, TrackRecord, YEARS_BEFORE};
