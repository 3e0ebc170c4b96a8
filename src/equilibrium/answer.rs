//! What comes out, in the field names of the reference markets; prices are what buyers pay.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::market::pricing::dense::Status;
use crate::scenario::Problems;

/// Figures by firm, written as a map in firm order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ByFirm(pub Vec<(String, f64)>);

impl Serialize for ByFirm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (firm, value) in &self.0 {
            map.serialize_entry(firm, value)?;
        }
        map.end()
    }
}

/// A root of the first-order conditions that some firm gains by leaving, with prices far from it.
pub const A_FIRM_WOULD_LEAVE: &str = "a firm would leave";

/// How far a price vector can be trusted.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Trust {
    pub status: &'static str,
    pub iterations: usize,
    /// max |p − c − ζ| / p.
    pub residual: f64,
    pub method: &'static str,
    /// Distinct roots of the first-order conditions with positive markups, from all starts.
    pub stationary_points: usize,
    /// Largest eigenvalue of any firm's scaled Hessian; below 0: strict local maxima.
    pub soc_max_eigenvalue: f64,
    /// Largest relative gain of any firm from moving alone, near or far.
    pub best_deviation_gain: f64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_stationary_points: Vec<OtherPoint>,
}

impl Trust {
    /// Whether there are prices to show: an equilibrium, or a root that a firm would leave.
    pub fn has_prices(&self) -> bool {
        [Status::Converged.name(), A_FIRM_WOULD_LEAVE].contains(&self.status)
    }
}

#[derive(Clone, Debug, serde::Serialize)]
pub struct OtherPoint {
    pub status: &'static str,
    pub prices: Vec<f64>,
    pub best_deviation_gain: f64,
}

/// The base situation.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Baseline {
    pub ids: Vec<String>,
    pub firm_ids: Vec<String>,
    /// What buyers pay, and what makers receive of it.
    pub prices: Vec<f64>,
    pub maker_prices: Vec<f64>,
    pub shares: Vec<f64>,
    /// Price coefficient of each type (negative).
    pub alpha: Vec<f64>,
    /// ρ of each nest.
    pub rho: Vec<f64>,
    pub delta: Vec<f64>,
    pub xi: Vec<f64>,
    pub outside_share: f64,
    pub costs: Vec<f64>,
    pub lerner: Vec<f64>,
    pub product_profits: Vec<f64>,
    pub firm_profits: ByFirm,
    /// Level with linear price; 0 with log price (which has changes only).
    pub consumer_surplus: f64,
    pub hhi: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mhhi: Option<f64>,
    pub own_elasticities: Vec<f64>,
    pub diversion_to_outside: Vec<f64>,
    pub market_elasticity: f64,
    pub elasticities: Vec<Vec<f64>>,
    pub diversion: Vec<Vec<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passthrough: Option<Vec<Vec<f64>>>,
    #[serde(flatten)]
    pub trust: Trust,
}

/// First looks at a merger of two firms, at today's prices.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Screens {
    pub merging: [String; 2],
    /// HHI before, and its rise at today's shares.
    pub hhi: f64,
    pub hhi_change: f64,
    pub upp: Vec<f64>,
    pub guppi: Vec<f64>,
    pub compensating_costs: Vec<f64>,
    pub cmcr: Vec<f64>,
}

/// A counterfactual equilibrium.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Results {
    #[serde(flatten)]
    pub trust: Trust,
    pub ids: Vec<String>,
    pub firm_ids: Vec<String>,
    pub prices: Vec<f64>,
    pub maker_prices: Vec<f64>,
    pub shares: Vec<f64>,
    pub outside_share: f64,
    pub costs: Vec<f64>,
    pub product_profits: Vec<f64>,
    pub firm_profits: ByFirm,
    pub consumer_surplus: f64,
    /// What buyers would have to be paid per potential buyer: minus the gain in surplus.
    pub compensating_variation: f64,
    pub hhi: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mhhi: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_revenue: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credits_paid: Option<f64>,
}

#[derive(Clone, Debug, serde::Serialize)]
pub struct ScenarioAnswer {
    pub id: String,
    pub description: String,
    pub results: Results,
}

#[derive(Clone, Debug, serde::Serialize)]
pub struct Answer {
    pub id: String,
    pub title: String,
    pub price_unit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub potential_buyers: Option<f64>,
    pub baseline: Baseline,
    pub screens: Option<Screens>,
    pub scenarios: Vec<ScenarioAnswer>,
    pub warnings: Vec<String>,
}

impl Answer {
    /// Whether there are prices for every counterfactual.
    pub fn complete(&self) -> bool {
        self.scenarios.iter().all(|scenario| scenario.results.trust.has_prices())
    }
}

/// Why a market has no answer.
#[derive(Debug)]
pub enum Unanswered {
    /// The market file is wrong.
    Input(Problems),
    /// The base situation cannot be computed.
    Numerics(String),
}

impl From<Problems> for Unanswered {
    fn from(problems: Problems) -> Unanswered {
        Unanswered::Input(problems)
    }
}
