//! Calendar dates, and which part of a year a dated thing is in force.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

/// A day of the Gregorian calendar, written 2024-11-08.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    pub year: i32,
    pub month: u8,
    pub day: u8,
}

const DAYS_BEFORE_MONTH: [u32; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days in a year, 365 or 366.
pub fn days_in_year(year: i32) -> u32 {
    365 + u32::from(is_leap(year))
}

/// Fraction of a year's days in `[from, until)`; an absent end is open.
pub fn fraction_in_force(year: i32, from: Option<Date>, until: Option<Date>) -> f64 {
    let starts = from.map_or(1.0, |date| date.weight_in_year(year));
    let ends = until.map_or(0.0, |date| date.weight_in_year(year));
    (starts - ends).max(0.0)
}

impl Date {
    /// The day, if there is one.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Date> {
        let length = match month {
            2 => 28 + u8::from(is_leap(year)),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (1..=length).contains(&day).then_some(Date { year, month, day })
    }

    /// The first of January.
    pub fn new_year(year: i32) -> Date {
        Date { year, month: 1, day: 1 }
    }

    /// Days of the year before this one: 0 on the first of January.
    pub fn days_before(self) -> u32 {
        let leap_day = u32::from(self.month > 2 && is_leap(self.year));
        DAYS_BEFORE_MONTH[usize::from(self.month) - 1] + leap_day + u32::from(self.day) - 1
    }

    /// Fraction of a year's days on or after this day: the weight of what begins on it.
    pub fn weight_in_year(self, year: i32) -> f64 {
        match self.year.cmp(&year) {
            std::cmp::Ordering::Less => 1.0,
            std::cmp::Ordering::Greater => 0.0,
            std::cmp::Ordering::Equal => {
                let days = days_in_year(year);
                f64::from(days - self.days_before()) / f64::from(days)
            }
        }
    }

    /// The day as a number on the calendar-year axis: 2024-07-02 is 2024.5.
    pub fn as_year(self) -> f64 {
        f64::from(self.year) + f64::from(self.days_before()) / f64::from(days_in_year(self.year))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Date, String> {
        let wrong = || format!("`{text}` is not a date; write year-month-day, such as 2024-11-08");
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts[..] else { return Err(wrong()) };
        if (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return Err(wrong());
        }
        let year = year.parse().map_err(|_| wrong())?;
        let month = month.parse().map_err(|_| wrong())?;
        let day = day.parse().map_err(|_| wrong())?;
        Date::new(year, month, day).ok_or_else(|| format!("there is no day {text} in the calendar"))
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        struct Written;
        impl<'de> Visitor<'de> for Written {
            type Value = Date;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date such as 2024-11-08")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Date, E> {
                text.parse().map_err(E::custom)
            }

            // TOML's own dates arrive as a map with one private key.
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Date, A::Error> {
                match map.next_entry::<String, String>()? {
                    Some((_, text)) => text.parse().map_err(A::Error::custom),
                    None => Err(A::Error::custom("expected a date such as 2024-11-08")),
                }
            }
        }
        deserializer.deserialize_any(Written)
    }
}

impl schemars::JsonSchema for Date {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A day, such as 2024-11-08 (with or without quotes).",
            "type": "string",
            "format": "date"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a date")
    }

    #[test]
    fn a_year_is_split_by_days() {
        assert_eq!(day("2024-01-01").weight_in_year(2024), 1.0);
        assert_eq!(day("2024-12-31").weight_in_year(2024), 1.0 / 366.0);
        assert_eq!(day("2025-12-31").weight_in_year(2025), 1.0 / 365.0);
        assert_eq!(day("2025-03-01").weight_in_year(2024), 0.0);
        assert_eq!(day("2023-03-01").weight_in_year(2024), 1.0);
        // 8 November to the end of a leap year: 23 + 31 days.
        assert_eq!(day("2024-11-08").weight_in_year(2024), 54.0 / 366.0);
        let half = fraction_in_force(2025, Some(day("2025-04-03")), Some(day("2025-09-16")));
        assert!((half - 166.0 / 365.0).abs() < 1e-15);
        assert_eq!(fraction_in_force(2025, None, None), 1.0);
        assert_eq!(fraction_in_force(2026, None, Some(day("2025-09-16"))), 0.0);
    }

    #[test]
    fn only_days_of_the_calendar_are_dates() {
        assert_eq!(day("2024-02-29").to_string(), "2024-02-29");
        for wrong in ["2025-02-29", "2024-13-01", "2024-00-10", "2024-1-1", "yesterday", "2024-11"] {
            assert!(wrong.parse::<Date>().is_err(), "{wrong}");
        }
        assert_eq!(day("2024-07-02").as_year(), 2024.5);
    }
}
