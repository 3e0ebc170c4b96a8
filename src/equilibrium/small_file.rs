//! Reads the small TOML format for people, with its CSV tables of offers and buyer types.
//!
//! ```toml
//! title = "…"                      # also: id
//! offers = "offers.csv"            # offer,firm,price and share or units; optional nest,tax,credit
//! types = "types.csv"              # optional: weight,price_sensitivity and a taste per characteristic
//! price_unit = "USD"
//! price_response = "log"           # or "linear" (default)
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
//! enter = [{ offer = "new", firm = "A", like = "offer", quality = 0.0 }]   # also nest, cost
//! ```

use std::path::Path;

use serde::Deserialize;

use super::draft::*;
use super::json_file::Response;
use super::problem::{EquilibriumError, Problems, Source};
use super::tables_in::{read_offers, read_types};
use crate::market::conduct::Control;
use crate::market::pricing::PriceResponse;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    title: Option<String>,
    /// CSV of offers, beside this file.
    offers: String,
    /// CSV of buyer types, beside this file.
    #[serde(default)]
    types: Option<String>,
    #[serde(default)]
    price_unit: Option<String>,
    #[serde(default)]
    price_response: Option<Response>,
    #[serde(default)]
    fringe: Vec<String>,
    #[serde(default)]
    potential_buyers: Option<f64>,
    #[serde(default)]
    outside_share: Option<f64>,
    #[serde(default)]
    demand: Demand,
    #[serde(default)]
    stakes: Vec<Stake>,
    #[serde(default)]
    profit_weights: Option<Weights>,
    #[serde(default)]
    scenarios: Vec<Scenario>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Demand {
    /// α > 0.
    #[serde(default)]
    price_sensitivity: Option<f64>,
    #[serde(default)]
    rho: Option<Rho>,
    #[serde(default)]
    own_elasticity: Option<OfOffer>,
    #[serde(default)]
    market_elasticity: Option<f64>,
    #[serde(default)]
    margin: Option<OfOffer>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Rho {
    One(f64),
    PerNest(std::collections::BTreeMap<String, f64>),
}

/// A mean over offers, or the figure of one offer.
#[derive(Deserialize)]
#[serde(untagged)]
enum OfOffer {
    Mean(f64),
    One { offer: String, value: f64 },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stake {
    holder: String,
    target: String,
    share: f64,
    #[serde(default)]
    control: Option<TypedControl>,
    /// Blocks that hold the rest under proportional control; 0 = dispersed.
    #[serde(default)]
    rest_blocks: Option<u32>,
    /// Where the figure comes from; not used in the computation.
    #[serde(default, rename = "source")]
    _source: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TypedControl {
    Right(f64),
    Named(ControlName),
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum ControlName {
    Silent,
    Proportional,
    Total,
    Joint,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Weights {
    firms: Vec<String>,
    kappa: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Merge {
    One(Vec<String>),
    Several(Vec<Vec<String>>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    id: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    merge: Option<Merge>,
    #[serde(default)]
    owners: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    stakes: Option<Vec<Stake>>,
    #[serde(default)]
    profit_weights: Option<Weights>,
    #[serde(default)]
    costs: Vec<Cost>,
    #[serde(default)]
    taxes: Vec<Rate>,
    #[serde(default)]
    credits: Vec<Amount>,
    #[serde(default)]
    fixed_prices: Vec<Fixed>,
    #[serde(default)]
    remove: Vec<String>,
    #[serde(default)]
    enter: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cost {
    #[serde(default)]
    offer: Option<String>,
    #[serde(default)]
    firm: Option<String>,
    #[serde(default)]
    nest: Option<String>,
    #[serde(default)]
    percent: Option<f64>,
    #[serde(default)]
    amount: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rate {
    #[serde(default)]
    offer: Option<String>,
    #[serde(default)]
    firm: Option<String>,
    #[serde(default)]
    nest: Option<String>,
    rate: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Amount {
    #[serde(default)]
    offer: Option<String>,
    #[serde(default)]
    firm: Option<String>,
    #[serde(default)]
    nest: Option<String>,
    amount: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixed {
    #[serde(default)]
    offer: Option<String>,
    #[serde(default)]
    firm: Option<String>,
    #[serde(default)]
    nest: Option<String>,
    #[serde(default)]
    price: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    offer: String,
    firm: String,
    #[serde(default)]
    nest: Option<String>,
    like: String,
    #[serde(default)]
    quality: f64,
    #[serde(default)]
    cost: Option<f64>,
}

/// Reads the file and the tables beside it, as typed.
pub fn read(source: Source, folder: &Path) -> Result<Draft, EquilibriumError> {
    let file: File = toml::from_str(&source.text).map_err(|error| {
        let mut problems = Problems::of(&source);
        let span = error.span().map(|s| (s.start, s.end - s.start).into());
        problems.add_at(span, error.message(), remedy(error.message()));
        problems.into_result().err().unwrap_or_else(|| EquilibriumError::input(error.to_string(), ""))
    })?;
    let mut problems = Problems::of(&source);
    let offers = read_offers(&folder.join(&file.offers), &mut problems)?;
    let types = match &file.types {
        Some(name) => Some(read_types(&folder.join(name), &mut problems)?),
        None => None,
    };
    let mut draft = draft(&source, file, offers, types);
    draft.found = problems.into_list();
    Ok(draft)
}

fn draft(
    source: &Source,
    file: File,
    offers: super::tables_in::OffersTable,
    types: Option<super::tables_in::TypesTable>,
) -> Draft {
    // Only the characteristics that a type has a taste for are used.
    let characteristics = types.as_ref().map_or(Vec::new(), |t| t.characteristics.clone());
    let demand = file.demand;
    let mut targets = Vec::new();
    match demand.own_elasticity {
        Some(OfOffer::Mean(value)) => targets.push(DraftTarget::MeanOwnElasticity(value)),
        Some(OfOffer::One { offer, value }) => targets.push(DraftTarget::OwnElasticity { offer, value }),
        None => {}
    }
    match demand.margin {
        Some(OfOffer::One { offer, value }) => targets.push(DraftTarget::Margin { offer, value }),
        // Without an offer it cannot be placed; reported with the offers' names by the check.
        Some(OfOffer::Mean(value)) => targets.push(DraftTarget::Margin { offer: String::new(), value }),
        None => {}
    }
    targets.extend(demand.market_elasticity.map(DraftTarget::MarketElasticity));
    Draft {
        found: Vec::new(),
        id: file.id.unwrap_or_else(|| stem(&source.name)),
        title: file.title.unwrap_or_default(),
        price_unit: file.price_unit.unwrap_or_default(),
        response: file.price_response.map_or(PriceResponse::Linear, PriceResponse::from),
        offers: offers.rows(&characteristics),
        offers_file: Some(offers.source),
        types_file: types.as_ref().map(|t| t.source.clone()),
        types: types.map(|t| t.types),
        firms: Vec::new(),
        fringe: file.fringe,
        characteristics,
        rho: match demand.rho {
            None => DraftRho::None,
            Some(Rho::One(rho)) => DraftRho::One(rho),
            Some(Rho::PerNest(map)) => DraftRho::PerNest(map.into_iter().collect()),
        },
        sensitivity: demand.price_sensitivity,
        targets,
        potential_buyers: file.potential_buyers,
        outside_share: file.outside_share,
        conduct: conduct(file.profit_weights, file.stakes, "").unwrap_or(DraftConduct::Standard),
        scenarios: file.scenarios.into_iter().enumerate().map(|(k, s)| scenario(s, k)).collect(),
        main: source.clone(),
    }
}

/// For an unknown key, the nearest known one.
fn remedy(message: &str) -> String {
    let quoted: Vec<String> = message.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    match quoted.split_first() {
        Some((typed, known)) if message.starts_with("unknown") && !known.is_empty() => {
            super::check_conduct::suggest(typed, known)
        }
        _ => "See scenarios/merger.toml for a complete example.".to_owned(),
    }
}

fn stem(name: &str) -> String {
    Path::new(name).file_stem().map_or_else(|| "market".to_owned(), |s| s.to_string_lossy().into_owned())
}

fn conduct(weights: Option<Weights>, stakes: Vec<Stake>, prefix: &str) -> Option<DraftConduct> {
    if let Some(weights) = weights {
        let kappa = weights.kappa.into_iter().map(|row| row.into_iter().map(Some).collect()).collect();
        let path = format!("{prefix}profit_weights");
        return Some(DraftConduct::Weights { firms: weights.firms, kappa, path });
    }
    if stakes.is_empty() {
        return None;
    }
    let typed = stakes.into_iter().enumerate().map(|(k, stake)| DraftStake {
        holder: stake.holder,
        target: stake.target,
        share: stake.share,
        control: match stake.control {
            None | Some(TypedControl::Named(ControlName::Silent)) => Control::Silent,
            Some(TypedControl::Named(ControlName::Total)) => Control::Total,
            Some(TypedControl::Named(ControlName::Joint)) => Control::Joint,
            Some(TypedControl::Named(ControlName::Proportional)) => Control::Proportional {
                rest_blocks: match stake.rest_blocks {
                    Some(0) => f64::INFINITY,
                    Some(blocks) => f64::from(blocks),
                    None => 1.0,
                },
            },
            Some(TypedControl::Right(right)) => Control::Right(right),
        },
        path: format!("{prefix}stakes[{k}]"),
    });
    Some(DraftConduct::Stakes(typed.collect()))
}

fn scenario(typed: Scenario, number: usize) -> DraftScenario {
    let path = format!("scenarios[{number}]");
    let at = |list: &str, k: usize| format!("{path}.{list}[{k}]");
    let select = |offer, firm, nest, path| Selector { offer, firm, nest, path };
    let prefix = format!("{path}.");
    let emptied = typed.stakes.as_ref().is_some_and(Vec::is_empty);
    let mut of_scenario = conduct(typed.profit_weights, typed.stakes.unwrap_or_default(), &prefix);
    if emptied && of_scenario.is_none() {
        of_scenario = Some(DraftConduct::Standard);
    }
    DraftScenario {
        id: typed.id,
        description: typed.description.unwrap_or_default(),
        firm_ids: None,
        owners: typed.owners.into_iter().collect(),
        merge: match typed.merge {
            None => Vec::new(),
            Some(Merge::One(firms)) => vec![firms],
            Some(Merge::Several(groups)) => groups,
        },
        conduct: of_scenario,
        costs: (typed.costs.into_iter().enumerate())
            .map(|(k, c)| CostChange::Change {
                offers: select(c.offer, c.firm, c.nest, at("costs", k)),
                percent: c.percent.unwrap_or(0.0),
                amount: c.amount.unwrap_or(0.0),
            })
            .collect(),
        tax_levels: None,
        unit_tax_levels: None,
        fixed_levels: None,
        taxes: (typed.taxes.into_iter().enumerate())
            .map(|(k, t)| (select(t.offer, t.firm, t.nest, at("taxes", k)), t.rate))
            .collect(),
        credits: (typed.credits.into_iter().enumerate())
            .map(|(k, c)| (select(c.offer, c.firm, c.nest, at("credits", k)), c.amount))
            .collect(),
        fixed: (typed.fixed_prices.into_iter().enumerate())
            .map(|(k, f)| (select(f.offer, f.firm, f.nest, at("fixed_prices", k)), f.price))
            .collect(),
        removed: typed.remove,
        entries: (typed.enter.into_iter().enumerate())
            .map(|(k, e)| DraftEntry {
                offer: e.offer,
                firm: e.firm,
                nest: e.nest,
                like: e.like,
                quality: e.quality,
                cost: e.cost,
                path: at("enter", k),
            })
            .collect(),
        path,
    }
}
