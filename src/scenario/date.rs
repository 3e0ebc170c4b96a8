//! Calendar dates, and which part of a year a dated thing is in force.

/// A day of the Gregorian calendar, written 2024-11-08.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    pub year: i32,
    pub month: u8,
    pub day: u8,
}
