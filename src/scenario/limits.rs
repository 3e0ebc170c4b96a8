//! Where a number has a meaning: a fraction, a negative elasticity, a year. Every field that holds a
//! quantity names one of these.

use serde::{Deserialize, Serialize};

use super::number_text::hundredth;
use crate::uncertainty::Distribution;

/// The values that have a meaning for a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limits {
    Any,
    Fraction,
    /// A fraction, neither 0 nor 1.
    Inside,
    BelowOne,
    Positive,
    NotNegative,
    Negative,
    PriceCoefficient,
    AdValorem,
    Percentage,
    Rate,
    Multiple,
    Year,
}

/// The ends of an interval of meaningful values.
pub struct Interval {
    pub low: f64,
    pub high: f64,
    pub low_included: bool,
    pub high_included: bool,
    /// What a value inside is, to complete "12 is not …".
    pub meaning: &'static str,
}

impl Limits {
    pub fn interval(self) -> Interval {
        const INF: f64 = f64::INFINITY;
        let (low, high, low_included, high_included, meaning) = match self {
            Limits::Any => (-INF, INF, true, true, "a number"),
            Limits::Fraction => (0.0, 1.0, true, true, "a fraction between 0 and 1"),
            Limits::Inside => (0.0, 1.0, false, false, "a fraction above 0 and below 1"),
            Limits::BelowOne => (0.0, 1.0, true, false, "a fraction from 0 to below 1"),
            Limits::Positive => (0.0, INF, false, true, "above 0"),
            Limits::NotNegative => (0.0, INF, true, true, "0 or more"),
            Limits::Negative => (-INF, 0.0, true, false, "below 0, as an elasticity of demand is"),
            Limits::PriceCoefficient => (-INF, 0.0, true, false, "below 0, as utility falls in price"),
            Limits::Percentage => (-100.0, 1000.0, true, true, "a percentage between -100 and 1000"),
            Limits::AdValorem => (0.0, 3.0, true, true, "a duty or tax as a fraction (0.25 is 25 %)"),
            Limits::Rate => (-1.0, 1.0, false, false, "a fraction (0.05 is 5 %)"),
            Limits::Multiple => (-3.0, 3.0, true, true, "a fraction (1 is the whole)"),
            Limits::Year => (1800.0, 2300.0, true, true, "a calendar year"),
        };
        Interval { low, high, low_included, high_included, meaning }
    }

    /// Whether no draw at all may leave the interval; else 99.8 % of them must stay inside.
    pub fn hold_everywhere(self) -> bool {
        !matches!(self, Limits::Rate | Limits::Multiple | Limits::Year)
    }

    /// Whether a value has a meaning; an unbounded end is only allowed where the interval is unbounded.
    pub fn allow(self, value: f64) -> bool {
        let Interval { low, high, low_included, high_included, .. } = self.interval();
        let above = if low_included { value >= low } else { value > low };
        let below = if high_included { value <= high } else { value < high };
        above && below
    }

    /// What to do about a range that leaves the interval.
    pub fn remedy(self, distribution: &Distribution, low: f64, high: f64) -> String {
        let Interval { high: most, meaning, .. } = self.interval();
        let of_fractions = most <= 3.0 && most > 0.0;
        let stated = [low, high].into_iter().filter(|value| value.is_finite());
        let worst =
            stated.fold(0.0_f64, |worst, value| if value.abs() > worst.abs() { value } else { worst });
        if of_fractions && worst > most && worst <= 100.0 * most {
            return format!("did you mean {}?", hundredth(worst));
        }
        if most == 0.0 && low > 0.0 {
            return format!("did you mean -{}?", if low == high { low } else { worst });
        }
        match distribution {
            _ if low.is_finite() && high.is_finite() => {
                format!("write a value or a range that is {meaning}")
            }
            Distribution::Normal { .. } => {
                format!("cut the distribution off with `low` and `high` so that it stays {meaning}")
            }
            _ => format!("choose a distribution that stays {meaning}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_in_or_out() {
        assert!(Limits::Fraction.allow(1.0) && !Limits::BelowOne.allow(1.0));
        assert!(Limits::NotNegative.allow(0.0) && !Limits::Positive.allow(0.0));
        assert!(!Limits::Fraction.allow(f64::INFINITY) && Limits::Positive.allow(f64::INFINITY));
    }
}
