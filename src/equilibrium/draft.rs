//! A market as typed, whatever the file format: names instead of indices, nothing checked yet.

use crate::market::conduct::Control;
use crate::scenario::file::PriceResponse;
use crate::scenario::{Layer, OfferId, TableText};

#[derive(Clone, Debug)]
pub struct DraftOffer {
    pub id: OfferId,
    pub nest: Option<String>,
    /// What the firm receives: before tax is added and a credit taken off.
    pub price: Option<f64>,
    /// Fraction of potential buyers.
    pub share: Option<f64>,
    /// Units sold.
    pub units: Option<f64>,
    pub tax: f64,
    pub credit: f64,
    /// Characteristics in the order of `Draft::characteristics`.
    pub x: Vec<f64>,
}

impl DraftOffer {
    pub fn name(&self) -> &str {
        self.id.attributes.first().map_or("", String::as_str)
    }

    pub fn firm(&self) -> &str {
        &self.id.maker
    }

    /// What the buyer pays.
    pub fn paid(&self) -> f64 {
        self.price.unwrap_or(f64::NAN) * (1.0 + self.tax) - self.credit
    }
}

#[derive(Clone, Debug)]
pub enum DraftRho {
    None,
    One(f64),
    PerNest(Vec<(String, f64)>),
}

/// Buyer types; price sensitivities are positive.
#[derive(Clone, Debug)]
pub struct DraftTypes {
    pub weight: Vec<f64>,
    pub sensitivity: Vec<f64>,
    /// Taste for each characteristic, type by type.
    pub taste: Vec<Vec<f64>>,
}

/// What the base situation is calibrated to.
#[derive(Clone, Debug)]
pub enum DraftTarget {
    MeanOwnElasticity(f64),
    OwnElasticity { offer: String, value: f64 },
    Margin { offer: String, value: f64 },
    MarketElasticity(f64),
}

impl DraftTarget {
    /// The key that it is typed under.
    pub fn key(&self) -> &'static str {
        match self {
            DraftTarget::MeanOwnElasticity(_) | DraftTarget::OwnElasticity { .. } => "demand.own_elasticity",
            DraftTarget::Margin { .. } => "demand.margin",
            DraftTarget::MarketElasticity(_) => "demand.market_elasticity",
        }
    }
}

#[derive(Clone, Debug)]
pub struct DraftStake {
    pub holder: String,
    pub target: String,
    pub share: f64,
    pub control: Control,
    pub path: String,
}

#[derive(Clone, Debug)]
pub enum DraftConduct {
    Standard,
    Weights { firms: Vec<String>, kappa: Vec<Vec<Option<f64>>>, path: String },
    Stakes(Vec<DraftStake>),
}

/// Which offers a change applies to; nothing given means all.
#[derive(Clone, Debug, Default)]
pub struct Selector {
    pub offer: Option<String>,
    pub firm: Option<String>,
    pub nest: Option<String>,
    pub path: String,
}

#[derive(Clone, Debug)]
pub enum CostChange {
    /// New costs, offer by offer.
    Levels(Vec<Option<f64>>),
    /// Percent of the absolute cost, and money per unit.
    Change { offers: Selector, percent: f64, amount: f64 },
}

#[derive(Clone, Debug)]
pub struct DraftEntry {
    pub offer: String,
    pub firm: String,
    pub nest: Option<String>,
    /// The offer whose mean utility and tastes it takes.
    pub like: String,
    /// Log points of share within its nest that it is better by.
    pub quality: f64,
    /// Marginal cost; that of `like` if missing.
    pub cost: Option<f64>,
    pub path: String,
}

#[derive(Clone, Debug, Default)]
pub struct DraftScenario {
    pub id: String,
    pub description: String,
    /// Owner of every offer after the change (JSON), or none.
    pub firm_ids: Option<Vec<String>>,
    /// Single offers that change hands.
    pub owners: Vec<(String, String)>,
    /// Groups of firms that merge into their first.
    pub merge: Vec<Vec<String>>,
    pub conduct: Option<DraftConduct>,
    pub costs: Vec<CostChange>,
    /// Ad valorem tax by offer (JSON) or selector.
    pub tax_levels: Option<Vec<Option<f64>>>,
    /// Per-unit tax by offer (JSON).
    pub unit_tax_levels: Option<Vec<Option<f64>>>,
    /// Buyer's prices held fixed by offer (JSON), none where free.
    pub fixed_levels: Option<Vec<Option<f64>>>,
    pub taxes: Vec<(Selector, f64)>,
    pub credits: Vec<(Selector, f64)>,
    /// Prices held fixed; the observed price if none is given.
    pub fixed: Vec<(Selector, Option<f64>)>,
    pub removed: Vec<String>,
    pub entries: Vec<DraftEntry>,
    pub path: String,
}

#[derive(Clone, Debug)]
pub struct Draft {
    /// The market file, to point into.
    pub main: Layer,
    /// The tables, where they are files of their own.
    pub offers_table: Option<TableText>,
    pub types_table: Option<TableText>,
    /// Whether every row of them was understood, so that the absence of a name means something.
    pub complete: bool,
    pub id: String,
    pub title: String,
    pub price_unit: String,
    pub response: PriceResponse,
    pub offers: Vec<DraftOffer>,
    /// Firm order; firms of offers that are missing here are an error if it is not empty.
    pub firms: Vec<String>,
    pub fringe: Vec<String>,
    pub characteristics: Vec<String>,
    pub rho: DraftRho,
    /// ᾱ > 0, the mean price sensitivity, if given.
    pub sensitivity: Option<f64>,
    pub types: Option<DraftTypes>,
    pub targets: Vec<DraftTarget>,
    pub potential_buyers: Option<f64>,
    pub outside_share: Option<f64>,
    pub conduct: DraftConduct,
    pub scenarios: Vec<DraftScenario>,
}
