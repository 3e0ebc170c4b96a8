//! The question to be answered: one checked market and its counterfactuals, in indices.

use crate::market::conduct::Conduct;
use crate::market::pricing::Market;
use crate::market::pricing::dense::calibration::Target;
use crate::scenario::Place;

/// Who owns what and how much firms care about each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Ownership {
    pub firms: Vec<String>,
    /// Firm of each offer.
    pub firm: Vec<usize>,
    pub kappa: Conduct<f64>,
    pub fringe: Vec<bool>,
    /// Whether κ was given (else each firm counts its own profit only).
    pub weighted: bool,
}

/// How α, ρ and the outside share are found.
#[derive(Clone, Debug, PartialEq)]
pub enum Calibration {
    /// α is in the market already.
    Given,
    /// α from one target.
    Sensitivity(Target),
    /// α and a common ρ from two targets.
    SensitivityAndRho([Target; 2]),
    /// α and the outside share from two targets; `share` holds shares among buyers.
    SensitivityAndOutside([Target; 2]),
}

/// A cost rule; later rules act on the result of earlier ones.
#[derive(Clone, Debug, PartialEq)]
pub enum CostRule {
    Levels(Vec<f64>),
    /// c + percent/100 · |c| + amount.
    Change {
        offers: Vec<usize>,
        percent: f64,
        amount: f64,
    },
}

/// An offer that did not exist in the base situation.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub name: String,
    pub firm: usize,
    pub nest: usize,
    pub like: usize,
    /// Log points of share within its nest that it is better by than `like` at the same price.
    pub quality: f64,
    pub cost: Option<f64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    pub id: String,
    pub description: String,
    /// Ownership of the base offers; entries name their firm.
    pub ownership: Ownership,
    pub costs: Vec<CostRule>,
    /// Ad valorem tax and credit of the base offers after the change.
    pub tax: Vec<f64>,
    pub credit: Vec<f64>,
    /// Whether the scenario names tax rates, be they 0.
    pub taxed: bool,
    /// Buyer's price held fixed, NaN where free.
    pub fixed: Vec<f64>,
    pub removed: Vec<usize>,
    pub entries: Vec<Entry>,
}

/// The calibration's targets in the market file: the place of the first, and their keys.
#[derive(Clone, Debug)]
pub struct Targets {
    pub place: Place,
    pub keys: Vec<&'static str>,
}

#[derive(Clone, Debug)]
pub struct Question {
    pub id: String,
    pub title: String,
    pub price_unit: String,
    pub offers: Vec<String>,
    pub ownership: Ownership,
    /// What firms receive and what buyers pay, per unit; shares of potential buyers (or among buyers, if the outside share is sought).
    pub received: Vec<f64>,
    pub price: Vec<f64>,
    pub share: Vec<f64>,
    /// Demand and conduct; utilities and costs are not filled yet.
    pub market: Market<f64>,
    pub calibration: Calibration,
    /// Where the targets stand, should they be out of reach.
    pub targets: Targets,
    /// Mean price sensitivity that counts in `delta` (0 where the types carry all of it).
    pub mean_sensitivity: f64,
    /// Number of potential buyers, where units were given.
    pub potential_buyers: Option<f64>,
    /// Total units sold, where units were given.
    pub units: Option<f64>,
    pub scenarios: Vec<Scenario>,
    pub warnings: Vec<String>,
}
