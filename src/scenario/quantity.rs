//! A number as a user states it: fixed or uncertain, with its unit, source, date and quality.

use crate::uncertainty::Distribution;

/// A stated number or distribution with its provenance. In a file either a plain number, or a table:
/// `{ value = 0.15, source = "..." }` or `{ dist = "triangular", low = 0.3, mode = 0.5, high = 0.65 }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    pub distribution: Distribution,
    pub unit: Option<String>,
    pub source: Option<String>,
    pub as_of: Option<String>,
    pub quality: Option<String>,
    pub note: Option<String>,
}

impl From<f64> for Quantity {
    fn from(value: f64) -> Quantity {
        Quantity {
            distribution: Distribution::Fixed(value),
            unit: None,
            source: None,
            as_of: None,
            quality: None,
            note: None,
        }
    }
}
