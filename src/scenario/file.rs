//! The scenario file as a user types it, one section per struct. Field docs become the JSON Schema.
//!
//! Everything that is absent is switched off or neutral, so that the smallest scenario is a heading,
//! a region with three numbers, its offers and the worlds to compare.

use schemars::JsonSchema;
use serde::Deserialize;

use super::alliance::{Alliance, BasePool, Merger, Stake};
use super::quantity::{Quantity, one, zero};
use super::tables::{Offer, Tables};

pub use super::sections::{
    Accounts, Correlation, Currency, Entry, Exit, Origin, Overhang, Quality, Report, Shocks, Trends, World,
};

pub use super::named::Named;

/// A whole scenario file, or what a world makes of it after its patch.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioFile {
    /// Another scenario file that this one builds on: only what differs is stated here.
    #[serde(default)]
    pub extends: Option<String>,
    pub scenario: Heading,
    #[serde(default)]
    pub tables: Tables,
    /// Offers written here instead of in a CSV table (small scenarios).
    #[serde(default)]
    pub offers: Vec<Offer>,
    #[serde(default)]
    pub demand: Demand,
    pub regions: Named<Region>,
    /// The nests in which offers compete; the first one is the remainder of the given paths.
    #[serde(default)]
    pub powertrains: Named<Powertrain>,
    /// What a unit's cost is made of; absent: one component without learning or scale.
    #[serde(default)]
    pub components: Named<Component>,
    #[serde(default)]
    pub costs: Costs,
    #[serde(default)]
    pub quality: Quality,
    #[serde(default)]
    pub trends: Trends,
    #[serde(default)]
    pub shocks: Shocks,
    #[serde(default)]
    pub accounts: Accounts,
    /// Places of production outside a region, with their currency and dutiable share.
    #[serde(default)]
    pub origins: Named<Origin>,
    #[serde(default)]
    pub currencies: Named<Currency>,
    #[serde(default)]
    pub stakes: Named<Stake>,
    #[serde(default)]
    pub mergers: Named<Merger>,
    /// Purchasing pools already in force in the base year.
    #[serde(default)]
    pub base_pools: Named<BasePool>,
    #[serde(default)]
    pub alliances: Named<Alliance>,
    #[serde(default)]
    pub overhangs: Named<Overhang>,
    #[serde(default)]
    pub entries: Named<Entry>,
    #[serde(default)]
    pub exits: Named<Exit>,
    pub worlds: Named<World>,
    #[serde(default)]
    pub report: Report,
}

/// What the scenario is and how long it runs.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Heading {
    pub title: String,
    #[serde(default)]
    pub question: String,
    /// The observed year that every replication starts from.
    pub base_year: i32,
    /// The last simulated year.
    pub last_year: i32,
    #[serde(default = "default_replications")]
    pub replications: u64,
    #[serde(default = "default_seed")]
    pub seed: u64,
    /// The source line under charts.
    #[serde(default)]
    pub source: String,
}

fn default_replications() -> u64 {
    10_000
}
fn default_seed() -> u64 {
    1
}

/// How buyers respond to price, in all regions.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    #[serde(default)]
    pub price_response: PriceResponse,
}

/// `log`: about the same percentage margin on every offer; `linear`: about the same money margin.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum PriceResponse {
    #[default]
    Log,
    Linear,
}

/// A market with its own buyers, prices and policies.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Name for people, such as "United States".
    #[serde(default)]
    pub name: Option<String>,
    /// Units-weighted mean own-price elasticity of the offers, negative.
    pub own_price_elasticity: Quantity,
    /// Elasticity of all sales to all prices, negative, nearer to zero than the own one.
    pub market_price_elasticity: Quantity,
    /// Nesting parameter ρ in [0, 1): how much closer substitutes the offers of one powertrain are.
    #[serde(default = "zero")]
    pub nest_rho: Quantity,
    /// λ: log points of within-powertrain share per log point of relative installed base.
    #[serde(default = "zero")]
    pub loyalty: Quantity,
    /// Part of the units in use that is scrapped in a year.
    #[serde(default = "scrappage")]
    pub scrappage: Quantity,
    /// γ per powertrain: log points of within-powertrain share per log point of relative knowledge.
    #[serde(default)]
    pub knowledge_effect: Named<Quantity>,
    #[serde(default)]
    pub volume: Volume,
    /// Given share of a powertrain in sales, by year; one uniform moves the whole path.
    #[serde(default)]
    pub powertrain_share: Named<Named<Quantity>>,
    /// Yearly standard deviation of a maker's log share; absent: estimated from history.
    #[serde(default)]
    pub volatility: Option<Quantity>,
}

/// Industry volume: given years, then growth, with AR(1) shocks around the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// Volumes known by year (units); such years carry no shock.
    #[serde(default)]
    pub given: Named<Quantity>,
    /// Log change a year after the last given year.
    #[serde(default = "zero")]
    pub growth: Quantity,
    /// Standard deviation of the yearly shock to log volume.
    #[serde(default = "zero")]
    pub shock_sd: Quantity,
    /// Part of last year's deviation from the path that remains.
    #[serde(default = "zero")]
    pub persistence: Quantity,
}

/// A nest of offers that are close substitutes.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Powertrain {
    #[serde(default)]
    pub name: Option<String>,
    /// Part of the log gap between a maker's share in this powertrain and its whole base-year share
    /// in the region that closes in a year; 0 switches it off.
    #[serde(default = "zero")]
    pub catch_up: Quantity,
}

/// A part of unit cost with its own learning.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Share of base-year marginal cost by region (or `all`) and powertrain (or `all`).
    #[serde(default)]
    pub weight: Named<Named<Quantity>>,
    /// Takes whatever weight the other components leave; exactly one component does.
    #[serde(default)]
    pub remainder: bool,
    /// Cost cut per doubling of cumulative units (Wright's law).
    #[serde(default = "zero")]
    pub learning_rate: Quantity,
    /// Cumulative units at the start of the base year, in multiples of that year's units.
    #[serde(default = "experience_years")]
    pub experience_years: Quantity,
    /// Scale elasticity e at small volume; absent: that of `[costs]`.
    #[serde(default)]
    pub scale_elasticity: Option<Quantity>,
    /// Exogenous log change of cost a year.
    #[serde(default = "zero")]
    pub trend: Quantity,
}

/// Learning, scale, duties and exchange rates, common to all components.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Costs {
    /// Part of other makers' cumulative units that counts as own experience.
    #[serde(default = "zero")]
    pub spillover: Quantity,
    /// Elasticity of unit cost to annual volume at small volume, as a positive number.
    #[serde(default = "zero")]
    pub scale_elasticity: Quantity,
    /// V*: the annual volume at which the scale elasticity has halved (units).
    #[serde(default = "scale_saturation")]
    pub scale_saturation: Quantity,
    /// Part of a change in duty or exchange rate since the base year that enters the priced cost.
    #[serde(default = "one")]
    pub pass_through: Quantity,
    /// Log change a year of units and revenue outside the modelled regions.
    #[serde(default = "zero")]
    pub outside_growth: Quantity,
}

fn experience_years() -> Quantity {
    10.0.into()
}
fn scrappage() -> Quantity {
    0.05.into()
}
fn scale_saturation() -> Quantity {
    2.5e6.into()
}

/// A section that is left out is one in which every key is left out.
macro_rules! default_when_absent {
    ($($section:ty),*) => {
        $(impl Default for $section {
            fn default() -> $section {
                toml::Table::new().try_into().expect("every key of the section has a default")
            }
        })*
    };
}

default_when_absent!(Volume, Costs, Quality, Trends, Shocks, Accounts);
