//! How market shares move by themselves: estimates from a region's past, and what they say about the
//! years to come.
//!
//! A maker's yearly change of log share has a spread that falls with its size, heavy tails, and a direction
//! only where the maker is new or, for one year, where last year's surprise is known to go on. All
//! constants, and the panels on which they were chosen, are in docs/share-process.md.

mod constants;
mod estimate;
mod outlook;
mod past;

pub use constants::Constants;
pub use estimate::{Estimate, Series, estimate};
pub use outlook::{Outlook, heavy_factor, outlook};
pub use past::{Change, Maker, Point, Record, Region, regions};
