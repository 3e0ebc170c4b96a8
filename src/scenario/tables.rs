//! The CSV tables beside a scenario file, one struct per row.

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;

use super::date::Date;
use super::limits::Limits;
use super::quantity::Quantity;

/// Paths of the CSV tables, relative to the scenario file.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tables {
    /// Base-year offers: `region,manufacturer,powertrain,units,price,...`.
    #[serde(default)]
    pub offers: Option<String>,
    /// Units by maker and year: `region,manufacturer,year,units,...`; `TOTAL` is the region.
    #[serde(default)]
    pub history: Option<String>,
    /// Share of a powertrain in sales by year: `region,year,powertrain,share,...`.
    #[serde(default)]
    pub powertrain_history: Option<String>,
    /// Figures per maker: `manufacturer,region,figure,value,...` or with a distribution.
    #[serde(default)]
    pub manufacturers: Option<String>,
    /// Dated duties, credits, taxes, bans: `date,region,kind,applies_to,value,...`.
    #[serde(default)]
    pub policies: Option<String>,
    /// Where units are built: `region,manufacturer,powertrain,origin,share,...`.
    #[serde(default)]
    pub origins: Option<String>,
}

/// What tells one offer of a market from another. A market of finer offers has more attributes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OfferId {
    /// Who sets its price.
    pub maker: String,
    /// Where it is sold; empty in a market without regions.
    pub region: String,
    /// What it is: its powertrain, or its name in a list of offers.
    pub attributes: Vec<String>,
}

impl fmt::Display for OfferId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [&self.region, &self.maker].into_iter().chain(&self.attributes);
        let named: Vec<&str> = parts.map(String::as_str).filter(|part| !part.is_empty()).collect();
        f.write_str(&named.join(" / "))
    }
}

/// One row of the offers table.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    pub region: String,
    pub manufacturer: String,
    #[serde(default = "only_powertrain")]
    pub powertrain: String,
    /// Sold in the base year.
    pub units: f64,
    /// What the maker receives per unit in the base year: before tax is added and a credit taken off.
    pub price: f64,
    /// Stands for many small makers that take prices around them as given.
    #[serde(default)]
    pub fringe: bool,
    #[serde(default)]
    pub quality: Option<String>,
    #[serde(default)]
    pub source: Option<String>,
    #[serde(default)]
    pub note: Option<String>,
}

impl Offer {
    pub fn id(&self) -> OfferId {
        OfferId {
            maker: self.manufacturer.clone(),
            region: self.region.clone(),
            attributes: vec![self.powertrain.clone()],
        }
    }
}

fn only_powertrain() -> String {
    "all".into()
}

/// The name under which a region's own units stand in its history.
pub const TOTAL: &str = "TOTAL";

/// One row of the history table.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryRow {
    pub region: String,
    /// A maker, or `TOTAL` for the whole region.
    pub manufacturer: String,
    pub year: i32,
    pub units: f64,
    /// What was counted; a change inside a series is a break, not a trend.
    pub basis: String,
}

/// One row of a table of first sales, beside a history table without a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct FirstSaleRow {
    pub region: String,
    pub manufacturer: String,
    pub year: i32,
}

/// One row of the powertrain history table.
#[derive(Clone, Debug, PartialEq)]
pub struct PowertrainShareRow {
    pub region: String,
    pub year: i32,
    pub powertrain: String,
    /// Fraction of the region's sales.
    pub share: f64,
}

/// A figure about a maker.
#[derive(Clone, Debug, PartialEq)]
pub struct MakerFigure {
    pub manufacturer: String,
    /// Empty where the figure is worldwide.
    pub region: String,
    /// Empty where the figure is for all powertrains.
    pub powertrain: String,
    pub figure: Figure,
    pub value: Quantity,
}

/// What a maker's figure measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Units sold worldwide in the base year.
    WorldUnits,
    /// Part of the units outside the modelled regions in a powertrain.
    OutsidePowertrainShare,
    /// Cumulative units at the start of the base year over that year's units, in a powertrain.
    ExperienceYears,
    /// Worldwide revenue, billions of money.
    Revenue,
    /// Worldwide operating profit, billions of money.
    OperatingProfit,
    /// R&D, billions of money a year.
    Rnd,
    /// First year of sales in a region.
    FirstSale,
    /// Published margin (gross or vehicle) over price, to compare the calibration with.
    PublishedMargin,
}

impl Figure {
    /// Whether a draw of it would change anything: the others are read once, before draws are made.
    pub fn is_drawn(self) -> bool {
        match self {
            Figure::WorldUnits | Figure::Revenue | Figure::FirstSale | Figure::PublishedMargin => false,
            Figure::OutsidePowertrainShare | Figure::ExperienceYears => true,
            Figure::OperatingProfit | Figure::Rnd => true,
        }
    }

    /// The limits and the unit of a figure.
    pub fn terms(self) -> (Limits, &'static str) {
        match self {
            Figure::WorldUnits => (Limits::NotNegative, "{units}"),
            Figure::OutsidePowertrainShare => (Limits::Fraction, "fraction of units"),
            Figure::ExperienceYears => (Limits::Positive, "years of base-year units"),
            Figure::Revenue => (Limits::NotNegative, "{money} bn"),
            Figure::OperatingProfit => (Limits::Any, "{money} bn"),
            Figure::Rnd => (Limits::NotNegative, "{money} bn a year"),
            Figure::FirstSale => (Limits::Year, "year"),
            Figure::PublishedMargin => (Limits::Rate, "fraction of price"),
        }
    }
}

/// One row of the policies table: a value in force from its date until the next row of its kind.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyRow {
    pub date: Date,
    pub region: String,
    pub kind: PolicyKind,
    /// An origin (duty), a powertrain (credit, tax), or a maker, optionally `maker/powertrain` (ban).
    pub applies_to: String,
    /// Ad valorem fraction (duty, tax), money per unit (credit), 1 or 0 (ban).
    pub value: Quantity,
}

/// What a policy row sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PolicyKind {
    Duty,
    Credit,
    Tax,
    Ban,
}

impl PolicyKind {
    /// The limits and the unit of a policy's value.
    pub fn terms(self) -> (Limits, &'static str) {
        match self {
            PolicyKind::Duty => (Limits::AdValorem, "fraction of cost"),
            PolicyKind::Tax => (Limits::AdValorem, "fraction of price"),
            PolicyKind::Credit => (Limits::NotNegative, "{money} per {unit}"),
            PolicyKind::Ban => (Limits::Fraction, "1 or 0"),
        }
    }
}

/// One row of the origins table.
#[derive(Clone, Debug, PartialEq)]
pub struct OriginRow {
    pub region: String,
    pub manufacturer: String,
    /// Empty: all powertrains.
    pub powertrain: String,
    /// A name in `[origins]`.
    pub origin: String,
    /// Part of the maker's units in the region that is built there.
    pub share: Quantity,
}
