//! Further sections of the scenario file: quality, trends, shocks, accounts, trade, entry and exit,
//! worlds, report.

use schemars::JsonSchema;
use serde::Deserialize;

use super::date::Date;
use super::limits::Limits;
use super::named::yes;
use super::quantity::{Quantity, one, zero};

/// Knowledge stocks from R&D.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quality {
    /// Part of the knowledge stock lost in a year.
    #[serde(default = "knowledge_depreciation")]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "fraction a year"))]
    pub knowledge_depreciation: Quantity,
    /// Long-run growth of R&D behind the base-year stock, log change a year.
    #[serde(default = "zero")]
    #[schemars(extend("x-limits" = Limits::Rate, "x-unit" = "log change a year"))]
    pub rnd_growth: Quantity,
}

/// How shares are expected to move by themselves (docs/share-process.md).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trends {
    /// Whether newcomers grow, and last year's surprise goes on, as the history table says.
    #[serde(default)]
    pub estimate: bool,
    /// Whether a part of the base year's surprise goes on in the first year.
    #[serde(default = "yes")]
    pub carry_over: bool,
    /// Part of a newcomer's growth that remains from one year to the next.
    #[serde(default = "damping")]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "fraction a year"))]
    pub damping: Quantity,
}

/// Yearly shocks.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shocks {
    /// Whether shares are shocked each year (their size from `regions.*.volatility` or history).
    #[serde(default)]
    pub quality: bool,
    /// Part of the variance of a maker's quality shock that is common to all regions.
    #[serde(default = "zero")]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "fraction"))]
    pub common_share: Quantity,
}

/// A correlation between two uncertain inputs, or between two yearly shocks.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Correlation {
    /// Keys of inputs; or shocks, named `volume.<region>` and `currency.<name>`.
    pub between: [String; 2],
    /// Spearman's rank correlation.
    #[serde(default)]
    pub rank: Option<f64>,
    /// Correlation of the normal numbers behind them: for yearly shocks that of the shocks themselves.
    #[serde(default)]
    pub pearson: Option<f64>,
}

/// Makers' accounts where the manufacturers table gives no figure.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    /// Operating profit over revenue.
    #[serde(default = "operating_margin")]
    #[schemars(extend("x-limits" = Limits::Rate, "x-unit" = "fraction of revenue"))]
    pub default_operating_margin: Quantity,
    /// R&D over revenue.
    #[serde(default = "rnd_intensity")]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "fraction of revenue"))]
    pub default_rnd_intensity: Quantity,
    /// By how much fixed cost follows units sold worldwide: its change in percent per percent of theirs.
    #[serde(default = "zero")]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "% per %"))]
    pub fixed_cost_elasticity: Quantity,
    /// Part of the way from its last volume to the new one that a maker's plants and staff go in a year.
    #[serde(default = "half")]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "fraction a year"))]
    pub fixed_cost_adjustment: Quantity,
}

/// A place of production outside a region.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Currency of its costs; absent: the region's own.
    #[serde(default)]
    pub currency: Option<String>,
    /// Part of an import's cost that pays duty.
    #[serde(default = "one")]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "fraction of cost"))]
    pub dutiable: Quantity,
}

/// A currency whose rate against the scenario's money moves: AR(1) in log level, 0 in the base year.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Currency {
    /// Yearly standard deviation of its log rate.
    #[schemars(extend("x-limits" = Limits::BelowOne, "x-unit" = "log points a year"))]
    pub shock_sd: Quantity,
    /// Part of a deviation of the log rate that remains after a year.
    #[serde(default = "fx_persistence")]
    #[schemars(extend("x-limits" = Limits::BelowOne, "x-unit" = "fraction a year"))]
    pub persistence: Quantity,
}

/// A maker that sells below its Nash price in the base year: p = (1 − o)(c + ζ(p)).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Overhang {
    pub region: String,
    pub manufacturer: String,
    /// o: part of the price given away beyond the profit-maximising one.
    #[schemars(extend("x-limits" = Limits::BelowOne, "x-unit" = "fraction of price"))]
    pub share: Quantity,
    /// Years until it is gone, linearly.
    #[schemars(extend("x-limits" = Limits::NotNegative, "x-unit" = "years"))]
    pub fade_years: Quantity,
}

/// A maker that starts to sell in a region.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    #[serde(default = "yes")]
    pub active: bool,
    pub region: String,
    pub manufacturer: String,
    pub powertrain: String,
    pub from: Date,
    /// The maker whose base-year offer in the same region and powertrain the newcomer is measured by.
    pub like: String,
    /// Quality relative to that offer, log points of within-powertrain share.
    #[schemars(extend("x-limits" = Limits::Any, "x-unit" = "log points"))]
    pub quality: Quantity,
    /// Marginal cost before duty relative to that offer's.
    #[schemars(extend("x-limits" = Limits::Positive, "x-unit" = "multiple"))]
    pub cost: Quantity,
    /// Where its units are built (a name in `[origins]`); absent: in the region.
    #[serde(default)]
    pub origin: Option<String>,
    /// Years until it is on sale everywhere.
    #[serde(default = "one")]
    #[schemars(extend("x-limits" = Limits::NotNegative, "x-unit" = "years"))]
    pub ramp_years: Quantity,
}

/// Makers that may leave a region.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exit {
    #[serde(default = "yes")]
    pub active: bool,
    pub region: String,
    pub manufacturers: Vec<String>,
    /// First year in which it can happen.
    #[serde(default)]
    pub from: Option<Date>,
    /// Leaves after this many loss-making years in a row.
    #[serde(default)]
    pub after_loss_years: Option<u32>,
    /// Part of the base-year R&D and fixed cost, shared out by revenue, that a region must earn.
    #[serde(default = "one")]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "fraction"))]
    pub avoidable_fixed_share: Quantity,
    /// Chance of leaving in a year.
    #[serde(default = "zero")]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "probability a year"))]
    pub yearly_chance: Quantity,
}

/// One consistent set of assumptions: the scenario plus a patch.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct World {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub description: String,
    /// Whether the world is simulated; a scenario that extends another may leave worlds of it out.
    #[serde(default = "yes")]
    pub active: bool,
    /// The world that all others are compared with; exactly one.
    #[serde(default)]
    pub reference: bool,
    /// The patch: the same tables and keys as the scenario, only what differs.
    #[serde(default)]
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    pub set: toml::Table,
}

/// What the charts and the answer are about.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Makers to draw, in order; absent: the alliance's members and the largest others.
    #[serde(default)]
    pub makers: Vec<String>,
    /// The alliance whose combined share is the story; absent: the first.
    #[serde(default)]
    pub alliance: Option<String>,
    /// Years to quote in the answer; absent: the middle and the last one.
    #[serde(default)]
    pub years: Vec<i32>,
}

fn knowledge_depreciation() -> Quantity {
    0.15.into()
}
fn half() -> Quantity {
    0.5.into()
}
fn damping() -> Quantity {
    0.8.into()
}
fn operating_margin() -> Quantity {
    0.05.into()
}
fn rnd_intensity() -> Quantity {
    0.05.into()
}
fn fx_persistence() -> Quantity {
    0.8.into()
}
