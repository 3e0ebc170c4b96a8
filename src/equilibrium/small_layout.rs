//! The keys of the small TOML format.
//!
//! ```toml
//! title = "…"                      # also: id
//! offers = "offers.csv"            # offer,firm,price and share or units; optional nest,tax,credit
//! types = "types.csv"              # optional: weight,price_sensitivity and a taste per characteristic
//! price_unit = "USD"
//! price_response = "linear"        # or "log" (default)
//! fringe = ["Other"]               # firms that stand for many small makers
//! potential_buyers = 2.1e7         # with units: this, or outside_share, or both elasticities below
//!
//! [demand]
//! rho = 0.5                        # or a number per nest: { small = 0.4, large = 0.6 }
//! price_sensitivity = 0.1          # α > 0, or as many of the following as there are unknowns
//! own_elasticity = -4.4            # share-weighted mean; or { offer = "…", value = -4.4 }
//! market_elasticity = -0.6
//! margin = { offer = "…", value = 0.24 }
//!
//! [[stakes]]                       # who holds what in the base situation; or [profit_weights]
//! holder = "Nissan"                # an owner that sells nothing is allowed
//! target = "Mitsubishi"
//! share = 0.3407
//! control = "silent"               # "proportional" (with rest_blocks), "total", "joint", or a control right
//!
//! [[scenarios]]
//! id = "merger"
//! merge = ["A", "B"]               # or [["A", "B"], ["C", "D"]]
//! stakes = []                      # replaces the base stakes; or profit_weights = { firms, kappa }
//! owners = { "offer" = "firm" }    # single offers that change hands
//! costs = [{ firm = "A", percent = -5 }]             # or amount; offer, firm, nest or none (all)
//! taxes = [{ nest = "small", rate = 0.1 }]           # ad valorem, replaces the base rate
//! credits = [{ offer = "…", amount = 7500 }]         # per unit off the buyer's price; negative: a tax
//! fixed_prices = [{ firm = "B" }]                    # at the observed price, or price = …
//! remove = ["offer"]
//! enter = [{ offer = "new", firm = "A", like = "offer", quality = 0.0 }]   # log points of share in its nest; also nest, cost
//! ```

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scenario::file::PriceResponse;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub id: Option<String>,
    pub title: Option<String>,
    /// CSV of offers, beside this file.
    pub offers: String,
    /// CSV of buyer types, beside this file.
    pub types: Option<String>,
    pub price_unit: Option<String>,
    pub price_response: Option<PriceResponse>,
    #[serde(default)]
    pub fringe: Vec<String>,
    pub potential_buyers: Option<f64>,
    pub outside_share: Option<f64>,
    #[serde(default)]
    pub demand: Demand,
    #[serde(default)]
    pub stakes: Vec<Stake>,
    pub profit_weights: Option<Weights>,
    #[serde(default)]
    pub scenarios: Vec<Scenario>,
}

#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    /// α > 0.
    pub price_sensitivity: Option<f64>,
    pub rho: Option<Rho>,
    pub own_elasticity: Option<OfOffer>,
    pub market_elasticity: Option<f64>,
    pub margin: Option<OfOffer>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a number, or one per nest: { small = 0.4, large = 0.6 }")]
pub enum Rho {
    One(f64),
    PerNest(std::collections::BTreeMap<String, f64>),
}

/// A mean over offers, or the figure of one offer.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a number, or { offer = \"NAME\", value = NUMBER }")]
pub enum OfOffer {
    Mean(f64),
    One { offer: String, value: f64 },
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stake {
    pub holder: String,
    pub target: String,
    pub share: f64,
    pub control: Option<TypedControl>,
    /// Blocks that hold the rest under proportional control; 0 = dispersed.
    pub rest_blocks: Option<u32>,
    /// Where the figure comes from; not used in the computation.
    #[serde(rename = "source")]
    pub _source: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected \"silent\", \"proportional\", \"total\", \"joint\", or a control right between 0 and 1"
)]
pub enum TypedControl {
    Right(f64),
    Named(ControlName),
}

#[derive(Deserialize, JsonSchema, Clone, Copy)]
#[serde(rename_all = "lowercase")]
pub enum ControlName {
    Silent,
    Proportional,
    Total,
    Joint,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    pub firms: Vec<String>,
    pub kappa: Vec<Vec<f64>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected firms, [\"A\", \"B\"], or groups of firms, [[\"A\", \"B\"], [\"C\", \"D\"]]"
)]
pub enum Merge {
    One(Vec<String>),
    Several(Vec<Vec<String>>),
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub id: String,
    pub description: Option<String>,
    pub merge: Option<Merge>,
    #[serde(default)]
    pub owners: std::collections::BTreeMap<String, String>,
    pub stakes: Option<Vec<Stake>>,
    pub profit_weights: Option<Weights>,
    #[serde(default)]
    pub costs: Vec<Cost>,
    #[serde(default)]
    pub taxes: Vec<Rate>,
    #[serde(default)]
    pub credits: Vec<Amount>,
    #[serde(default)]
    pub fixed_prices: Vec<Fixed>,
    #[serde(default)]
    pub remove: Vec<String>,
    #[serde(default)]
    pub enter: Vec<Entry>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    pub offer: Option<String>,
    pub firm: Option<String>,
    pub nest: Option<String>,
    pub percent: Option<f64>,
    pub amount: Option<f64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    pub offer: Option<String>,
    pub firm: Option<String>,
    pub nest: Option<String>,
    pub rate: f64,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    pub offer: Option<String>,
    pub firm: Option<String>,
    pub nest: Option<String>,
    pub amount: f64,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fixed {
    pub offer: Option<String>,
    pub firm: Option<String>,
    pub nest: Option<String>,
    pub price: Option<f64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub offer: String,
    pub firm: String,
    pub nest: Option<String>,
    pub like: String,
    #[serde(default)]
    pub quality: f64,
    pub cost: Option<f64>,
}
