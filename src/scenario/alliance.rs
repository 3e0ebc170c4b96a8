//! Ownership and alliances as a user types them: stakes, mergers, members, pools.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::date::Date;
use super::limits::Limits;
use super::named::{Named, yes};
use super::quantity::{Quantity, one, zero};

/// Who holds what part of whom, and from when to when. The holder need not sell anything.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stake {
    #[serde(default = "yes")]
    pub active: bool,
    pub holder: String,
    pub target: String,
    /// Part of the target's profit that belongs to the holder, 0 to 1.
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "fraction"))]
    pub share: Quantity,
    /// What the stake lets the holder decide.
    #[serde(default)]
    pub control: Control,
    #[serde(default)]
    pub from: Option<Date>,
    /// The first day on which it is no longer in force.
    #[serde(default)]
    pub until: Option<Date>,
    /// The alliance whose break-up ends it too.
    #[serde(default)]
    pub alliance: Option<String>,
}

/// What a stake lets its holder decide.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Control {
    /// The holder counts its part of the target's profit; nothing comes back (O'Brien and Salop 2000).
    #[default]
    Silent,
    /// The target weighs its owners by their stakes; the rest is one other block.
    Proportional,
    /// The holder alone decides for the target.
    Total,
}

/// Firms that set prices as one from a date on, until their alliance breaks up.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Merger {
    #[serde(default = "yes")]
    pub active: bool,
    pub members: Vec<String>,
    pub from: Date,
    /// The alliance whose break-up ends it; if left out, the one in force that all its members belong to.
    #[serde(default)]
    pub alliance: Option<String>,
    /// It goes on when its members' alliance breaks up.
    #[serde(default)]
    pub permanent: bool,
}

/// A purchasing pool already in force in the base year.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BasePool {
    pub members: Vec<String>,
    /// Components bought together; empty: all.
    #[serde(default)]
    pub components: Vec<String>,
}

/// Members that share cost from a date on, and the chance that it goes ahead and lasts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alliance {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default = "yes")]
    pub active: bool,
    pub members: Named<Membership>,
    /// Chance that the alliance goes ahead: weighs the `unconditional` results.
    #[serde(default = "one")]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "probability"))]
    pub proceeds: Quantity,
    /// Chance of breaking up in a year, from the start of its first pool.
    #[serde(default = "zero")]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "probability a year"))]
    pub breakup_hazard: Quantity,
    /// Years in which the effects fade after a break-up.
    #[serde(default = "one")]
    #[schemars(extend("x-limits" = Limits::NotNegative, "x-unit" = "years"))]
    pub fade_years: Quantity,
    /// Realised over planned effect; below zero where sharing costs more than it saves.
    #[serde(default = "one")]
    #[schemars(extend("x-limits" = Limits::Multiple, "x-unit" = "fraction of plan"))]
    pub realised_fraction: Quantity,
    /// Part of the fixed cost saved that goes back into R&D; the rest is profit.
    #[serde(default = "zero")]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "fraction"))]
    pub reinvested_share: Quantity,
    /// One-off cost of setting up, in multiples of one year of full saving.
    #[serde(default = "zero")]
    #[schemars(extend("x-limits" = Limits::NotNegative, "x-unit" = "years of full saving"))]
    pub integration_cost: Quantity,
    /// Years over which it is paid, from a pool's start.
    #[serde(default = "integration_years")]
    #[schemars(extend("x-limits" = Limits::Positive, "x-unit" = "years"))]
    pub integration_years: Quantity,
    #[serde(default)]
    pub pools: Named<Pool>,
}

fn integration_years() -> Quantity {
    2.0.into()
}

/// When a maker joins and leaves.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Membership {
    pub from: Date,
    #[serde(default)]
    pub until: Option<Date>,
}

/// What members share.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    #[serde(default = "yes")]
    pub active: bool,
    pub kind: PoolKind,
    /// The cost components it touches (experience, purchasing); empty: all.
    #[serde(default)]
    pub components: Vec<String>,
    /// Members that take part; empty: all of the alliance.
    #[serde(default)]
    pub members: Vec<String>,
    /// Start, a calendar year (2029.5 is mid-2029).
    #[schemars(extend("x-limits" = Limits::Year, "x-unit" = "year"))]
    pub start: Quantity,
    /// Years from start to full effect, along an S-shaped ramp.
    #[serde(default = "one")]
    #[schemars(extend("x-limits" = Limits::NotNegative, "x-unit" = "years"))]
    pub ramp_years: Quantity,
    /// How well the members' parts fit together, 0 to 1.
    #[serde(default = "one")]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "fraction"))]
    pub compatibility: Quantity,
    /// Replaces the alliance's realised fraction for this pool.
    #[serde(default)]
    #[schemars(extend("x-limits" = Limits::Multiple, "x-unit" = "fraction of plan"))]
    pub realised_fraction: Option<Quantity>,
    /// Platform: part of each further member's stand-alone cost that the joint programme adds.
    #[serde(default = "zero")]
    #[schemars(extend("x-limits" = Limits::NotNegative, "x-unit" = "fraction of stand-alone cost"))]
    pub overhead: Quantity,
    /// Platform: how the joint programme's cost is split.
    #[serde(default)]
    pub split: Split,
    /// Platform: parts of the joint cost when `split = "stated"`.
    #[serde(default)]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "fraction of joint cost"))]
    pub parts: Named<Quantity>,
    /// Platform: what each member would pay alone, billions of money a year.
    #[serde(default)]
    #[schemars(extend("x-limits" = Limits::NotNegative, "x-unit" = "{money} bn a year"))]
    pub stand_alone_cost: Named<Quantity>,
    /// Technology: part of partners' work already done at home.
    #[serde(default = "zero")]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "fraction"))]
    pub duplication: Quantity,
    /// Technology: part of R&D that lies in the pool's field.
    #[serde(default = "one")]
    #[schemars(extend("x-limits" = Limits::Fraction, "x-unit" = "fraction of R&D"))]
    pub field_share: Quantity,
}

/// What kind of cost a pool shares.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum PoolKind {
    /// Members learn from each other's cumulative units.
    Experience,
    /// Members buy together, so that the scale term sees their joint volume.
    Purchasing,
    /// Members pay one joint programme instead of one each.
    Platform,
    /// Members' knowledge grows by their partners' R&D too.
    Technology,
}

/// How a joint programme's cost is split.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Split {
    #[default]
    StandAlone,
    Volume,
    Stated,
}
