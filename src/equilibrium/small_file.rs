//! Reads the small TOML format for people, with its CSV tables of offers and buyer types.

use std::path::Path;

use super::draft::*;
use super::problem::{EquilibriumError, FORMATS, Place, Problems, Source};
use super::small_layout::*;
use super::tables_in::{read_offers, read_types};
use crate::market::conduct::Control;
use crate::market::pricing::PriceResponse;

/// Reads the file and the tables beside it, as typed.
pub fn read(source: Source, folder: &Path) -> Result<Draft, EquilibriumError> {
    let file: File = toml::from_str(&source.text).map_err(|error| {
        let mut problems = Problems::of(&source);
        let span = error.span().map(|s| (s.start, s.end - s.start).into());
        problems.add_at(span, error.message(), remedy(error.message()));
        problems.into_result().err().unwrap_or_else(|| EquilibriumError::input(error.to_string(), ""))
    })?;
    let mut problems = Problems::of(&source);
    let offers = beside(folder, "offers", &file.offers, &mut problems, read_offers);
    let types = file.types.as_ref().map(|name| beside(folder, "types", name, &mut problems, read_types));
    let (Some(offers), None | Some(Some(_))) = (offers, types.as_ref()) else {
        return Err(problems.into_result().err().unwrap_or_else(|| {
            EquilibriumError::input("a table cannot be read".to_owned(), "Check its path.")
        }));
    };
    let types = types.flatten();
    let mut draft = draft(&source, file, offers, types, &mut problems);
    draft.found = problems.into_list();
    Ok(draft)
}

/// Reads a table that the file names; one that cannot be read is a problem where it is named.
fn beside<T>(
    folder: &Path,
    key: &str,
    name: &str,
    problems: &mut Problems,
    read: impl Fn(&Path, &mut Problems) -> Result<T, EquilibriumError>,
) -> Option<T> {
    match read(&folder.join(name), problems) {
        Ok(table) => Some(table),
        Err(EquilibriumError::Input { problems: found, .. }) => {
            for problem in found {
                problems.add(Place::Path(key), problem.message, problem.remedy);
            }
            None
        }
        Err(other) => {
            problems.add(Place::Path(key), other.to_string(), "Check the path.");
            None
        }
    }
}

fn draft(
    source: &Source,
    file: File,
    offers: super::tables_in::OffersTable,
    types: Option<super::tables_in::TypesTable>,
    problems: &mut Problems,
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
        conduct: conduct(file.profit_weights, file.stakes, "", problems).unwrap_or(DraftConduct::Standard),
        scenarios: file.scenarios.into_iter().enumerate().map(|(k, s)| scenario(s, k, problems)).collect(),
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
        _ => FORMATS.to_owned(),
    }
}

fn stem(name: &str) -> String {
    Path::new(name).file_stem().map_or_else(|| "market".to_owned(), |s| s.to_string_lossy().into_owned())
}

fn conduct(
    weights: Option<Weights>,
    stakes: Vec<Stake>,
    prefix: &str,
    problems: &mut Problems,
) -> Option<DraftConduct> {
    if weights.is_some() && !stakes.is_empty() {
        problems.add(
            Place::Path(&format!("{prefix}profit_weights")),
            "both stakes and profit_weights are given",
            "Give one of the two: profit weights already say what stakes lead to.",
        );
    }
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

fn scenario(typed: Scenario, number: usize, problems: &mut Problems) -> DraftScenario {
    let path = format!("scenarios[{number}]");
    let at = |list: &str, k: usize| format!("{path}.{list}[{k}]");
    let select = |offer, firm, nest, path| Selector { offer, firm, nest, path };
    let prefix = format!("{path}.");
    let emptied = typed.stakes.as_ref().is_some_and(Vec::is_empty);
    let mut of_scenario = conduct(typed.profit_weights, typed.stakes.unwrap_or_default(), &prefix, problems);
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
