//! The scenario file as a user types it, one section per struct. Field docs become the JSON Schema.
//!
//! Everything that is absent is switched off or neutral, so that the smallest scenario is a heading,
//! a region with three numbers, its offers and the worlds to compare.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::alliance::{Alliance, BasePool, Merger, Stake};
use super::attribution::Attribution;
use super::limits::Limits;
use super::quantity::{Quantity, one, zero};
use super::tables::{Offer, Tables};
use super::unit_words::UnitWords;

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
    /// Heading: what the scenario is and how long it runs.
    pub scenario: Heading,
    #[serde(default)]
    pub tables: Tables,
    /// Offers written here instead of in a CSV table (small scenarios).
    #[serde(default)]
    pub offers: Vec<Offer>,
    #[serde(default)]
    pub demand: Demand,
    /// Regions and buyers.
    pub regions: Named<Region>,
    /// Powertrains: the nests in which offers compete; the first one is the remainder of the given paths.
    #[serde(default)]
    pub powertrains: Named<Powertrain>,
    /// Components of cost; absent: one component without learning or scale.
    #[serde(default)]
    pub components: Named<Component>,
    /// Learning, scale, duties.
    #[serde(default = "absent::<Costs>")]
    pub costs: Costs,
    /// Quality.
    #[serde(default = "absent::<Quality>")]
    pub quality: Quality,
    /// Trends.
    #[serde(default = "absent::<Trends>")]
    pub trends: Trends,
    /// Shocks.
    #[serde(default = "absent::<Shocks>")]
    pub shocks: Shocks,
    /// Accounts.
    #[serde(default = "absent::<Accounts>")]
    pub accounts: Accounts,
    /// Places of production: those outside a region, with their currency and dutiable share.
    #[serde(default)]
    pub origins: Named<Origin>,
    /// Currencies.
    #[serde(default)]
    pub currencies: Named<Currency>,
    /// Ownership.
    #[serde(default)]
    pub stakes: Named<Stake>,
    /// Mergers.
    #[serde(default)]
    pub mergers: Named<Merger>,
    /// Purchasing pools already in force in the base year.
    #[serde(default)]
    pub base_pools: Named<BasePool>,
    /// Alliances.
    #[serde(default)]
    pub alliances: Named<Alliance>,
    /// Discounts of makers in distress.
    #[serde(default)]
    pub overhangs: Named<Overhang>,
    /// Entry.
    #[serde(default)]
    pub entries: Named<Entry>,
    /// Exit.
    #[serde(default)]
    pub exits: Named<Exit>,
    /// Correlations between uncertain inputs, and between yearly shocks.
    #[serde(default)]
    pub correlations: Vec<Correlation>,
    /// Worlds to compare.
    pub worlds: Named<World>,
    #[serde(default)]
    pub report: Report,
    /// Which worlds' differences are taken apart into channels.
    #[serde(default)]
    pub attribution: Option<Attribution>,
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
    #[serde(default)]
    pub design: Design,
    /// Stop as soon as a difference is known so precisely; `replications` is then the most that are made.
    #[serde(default)]
    pub precision: Option<Precision>,
    /// The source line under charts.
    #[serde(default)]
    pub source: String,
    /// What money is called in tables, charts and words, such as `USD`.
    #[serde(default)]
    pub money: Option<String>,
    /// What one of the goods is called, such as `car`.
    #[serde(default)]
    pub unit: Option<String>,
    /// What several of them are called; absent: `unit` with an s.
    #[serde(default)]
    pub units: Option<String>,
}

/// How the replications are spread over what is uncertain.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Design {
    /// Every draw by itself.
    #[default]
    MonteCarlo,
    /// Latin hypercube: every uncertain number meets each of as many strata as there are replications once.
    LatinHypercube,
    /// Scrambled Sobol' points: as even in several uncertain numbers together.
    Sobol,
}

impl Design {
    pub fn name(self) -> &'static str {
        match self {
            Design::MonteCarlo => "monte-carlo",
            Design::LatinHypercube => "latin-hypercube",
            Design::Sobol => "sobol",
        }
    }
}

/// A difference between worlds and how precisely its mean is wanted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Precision {
    /// As `outcomes.csv` names it: `share`.
    pub outcome: String,
    /// A maker, or `alliance:<name>`; absent: all together.
    #[serde(default)]
    pub manufacturer: Option<String>,
    /// Absent: all together.
    #[serde(default)]
    pub region: Option<String>,
    pub year: i32,
    /// The world that is compared with the reference; absent: the first other one.
    #[serde(default)]
    pub world: Option<String>,
    /// Half the width of the 95 % confidence interval of the mean, in the unit of the outcome.
    pub half_width: f64,
}

impl Precision {
    /// The outcome in words, as it is looked up.
    pub fn words(&self) -> String {
        let parts = [Some(&self.outcome), self.manufacturer.as_ref(), self.region.as_ref()];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        format!("{} {}", parts.join(" "), self.year)
    }
}

impl Heading {
    pub fn words(&self) -> UnitWords {
        UnitWords::new(self.money.as_deref(), self.unit.as_deref(), self.units.as_deref())
    }
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
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
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
    #[schemars(extend("x-limits" = Limits::Negative, "x-unit" = "elasticity"))]
    pub own_price_elasticity: Quantity,
    /// Elasticity of all sales to all prices, negative, nearer to zero than the own one.
    #[schemars(extend("x-limits" = Limits::Negative, "x-unit" = "elasticity"))]
    pub market_price_elasticity: Quantity,
    /// Nesting parameter ρ in [0, 1): how much closer substitutes the offers of one powertrain are.
    #[serde(default = "zero")]
    #[schemars(extend("x-limits" = Limits::BelowOne, "x-unit" = "fraction"))]
    pub nest_rho: Quantity,
    /// λ: log points of within-powertrain share per log point of relative installed base.
    #[serde(default = "zero")]
    #[schemars(extend("x-limits" = Limits::BelowOne, "x-unit" = "log points per log point"))]
    pub loyalty: Quantity,
    /// Part of the units in use that is scrapped in a year.
    #[serde(default = "scrappage")]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "fraction a year"))]
    pub scrappage: Quantity,
    /// γ per powertrain: log points of within-powertrain share per log point of relative knowledge.
    #[serde(default)]
    #[schemars(extend("x-limits" = Limits::BelowOne, "x-unit" = "log points per log point"))]
    pub knowledge_effect: Named<Quantity>,
    #[serde(default = "absent::<Volume>")]
    pub volume: Volume,
    /// Given share of a powertrain in sales, by year; one uniform moves the whole path.
    #[serde(default)]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "fraction of sales"))]
    pub powertrain_share: Named<Named<Quantity>>,
    /// Yearly scale of the log share of a maker with 5 % of the market, smaller makers move more; absent: estimated from
    /// history.
    #[serde(default)]
    #[schemars(extend("x-limits" = Limits::BelowOne, "x-unit" = "log points a year"))]
    pub volatility: Option<Quantity>,
}

/// Industry volume: given years, then growth, with AR(1) shocks around the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// Volumes known by year (units); such years carry no shock.
    #[serde(default)]
    #[schemars(extend("x-limits" = Limits::Positive, "x-unit" = "{units}"))]
    pub given: Named<Quantity>,
    /// Log change a year after the last given year.
    #[serde(default = "zero")]
    #[schemars(extend("x-limits" = Limits::Rate, "x-unit" = "log change a year"))]
    pub growth: Quantity,
    /// Standard deviation of the yearly shock to log volume.
    #[serde(default = "zero")]
    #[schemars(extend("x-limits" = Limits::BelowOne, "x-unit" = "log points"))]
    pub shock_sd: Quantity,
    /// Part of last year's deviation from the path that remains.
    #[serde(default = "zero")]
    #[schemars(extend("x-limits" = Limits::BelowOne, "x-unit" = "fraction a year"))]
    pub persistence: Quantity,
}

/// A nest of offers that are close substitutes.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Powertrain {
    #[serde(default)]
    pub name: Option<String>,
    /// Part of the log gap that closes in a year between a maker's share in this powertrain and its whole base-year
    /// share in the region, where the former is smaller; drawn for each maker; 0 switches it off.
    #[serde(default = "zero")]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "fraction a year"))]
    pub catch_up: Quantity,
}

/// A part of unit cost with its own learning.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Share of base-year marginal cost by region (or `all`) and powertrain (or `all`).
    #[serde(default)]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "fraction of unit cost"))]
    pub weight: Named<Named<Quantity>>,
    /// Takes whatever weight the other components leave; exactly one component does.
    #[serde(default)]
    pub remainder: bool,
    /// Cost cut per doubling of cumulative units (Wright's law).
    #[serde(default = "zero")]
    #[schemars(extend("x-limits" = Limits::BelowOne, "x-unit" = "fraction per doubling"))]
    pub learning_rate: Quantity,
    /// Cumulative units at the start of the base year, in multiples of that year's units.
    #[serde(default = "experience_years")]
    #[schemars(extend("x-limits" = Limits::Positive, "x-unit" = "years of base-year units"))]
    pub experience_years: Quantity,
    /// Scale elasticity e at small volume; absent: that of `[costs]`.
    #[serde(default)]
    #[schemars(extend("x-limits" = Limits::BelowOne, "x-unit" = "elasticity"))]
    pub scale_elasticity: Option<Quantity>,
    /// Exogenous log change of cost a year.
    #[serde(default = "zero")]
    #[schemars(extend("x-limits" = Limits::Rate, "x-unit" = "log change a year"))]
    pub trend: Quantity,
}

/// Learning, scale, duties and exchange rates, common to all components.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Costs {
    /// Part of other makers' cumulative units that counts as own experience.
    #[serde(default = "zero")]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "fraction"))]
    pub spillover: Quantity,
    /// Elasticity of unit cost to annual volume at small volume, as a positive number.
    #[serde(default = "zero")]
    #[schemars(extend("x-limits" = Limits::BelowOne, "x-unit" = "elasticity"))]
    pub scale_elasticity: Quantity,
    /// V*: the annual volume at which the scale elasticity has halved (units).
    #[serde(default = "scale_saturation")]
    #[schemars(extend("x-limits" = Limits::Positive, "x-unit" = "{units} a year"))]
    pub scale_saturation: Quantity,
    /// Part of a change in duty or exchange rate since the base year that enters the priced cost.
    #[serde(default = "one")]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "fraction"))]
    pub pass_through: Quantity,
    /// Log change a year of units and revenue outside the modelled regions.
    #[serde(default = "zero")]
    #[schemars(extend("x-limits" = Limits::Rate, "x-unit" = "log change a year"))]
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
fn absent<T: DeserializeOwned>() -> T {
    toml::Table::new().try_into().expect("every key of the section has a default")
}
