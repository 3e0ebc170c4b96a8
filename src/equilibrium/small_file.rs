//! Reads the small TOML format for people, with its CSV tables of offers and buyer types.

use std::path::Path;

use super::draft::*;
use super::look::at_key;
use super::small_layout::*;
use super::tables_in;
use crate::market::conduct::Control;
use crate::scenario::{
    Columns, CsvTable, Files, Layer, Problem, Problems, Role, Shape, parse_toml, read_csv, schema_of,
    schema_text,
};

/// The JSON Schema of the small TOML format.
pub fn schema() -> String {
    schema_text(&schema_of::<File>("keiretsu equilibrium", "One market, for `keiretsu equilibrium`."))
}

/// Reads the file and the tables beside it, as typed. `None` if nothing can be made of them.
pub fn read(files: &Files, path: &Path, text: String, problems: &mut Problems) -> Option<Draft> {
    let (main, mut table) = parse_toml(path, text, problems)?;
    for misfit in Shape::of::<File>().fit(&mut table, Role::Whole, None) {
        let place = main.place(&misfit.path, misfit.of_key);
        problems.push(Problem::new(misfit.what).fix(misfit.remedy).at(Some(place)));
    }
    let file: File = match serde_path_to_error::deserialize(toml::Value::Table(table)) {
        Ok(file) => file,
        Err(error) => {
            // What is missing or of the wrong type has been reported with its line.
            if problems.0.is_empty() {
                let key = error.path().to_string().replace('[', ".").replace(']', "");
                problems.push(at_key(&main, &key, error.inner().message(), "see docs/equilibrium.md"));
            }
            return None;
        }
    };
    let mut beside = |key: &str, name: &str, columns: &Columns| -> Option<CsvTable> {
        let stated = main.place(&[key.to_owned()], false);
        read_csv(files, &main.folder.join(name), Some(stated), columns, problems).map(|(table, _)| table)
    };
    let mut types = file.types.as_ref().map(|name| beside("types", name, &tables_in::TYPES));
    // Only the characteristics that a type has a taste for are used.
    let mut characteristics: Vec<String> = Vec::new();
    if let Some(Some(table)) = &types {
        characteristics.extend(table.columns_beside(&tables_in::TYPES).map(str::to_owned));
    }
    let required: Vec<&str> =
        tables_in::OFFERS.iter().copied().chain(characteristics.iter().map(String::as_str)).collect();
    let columns =
        Columns { required: &required, optional: &tables_in::OPTIONAL, quantity: None, open: false };
    let offers = beside("offers", &file.offers, &columns);
    let types = types.as_mut().map(|table| {
        table.as_mut().map(|table| tables_in::types(table, &characteristics, problems)).zip(table.take())
    });
    let mut offers_table = offers?;
    let offers = tables_in::offers(&mut offers_table, &characteristics, problems);
    let types = match types {
        None => None,
        Some(read) => Some(read?),
    };
    let complete = offers_table.is_complete() && types.as_ref().is_none_or(|(_, table)| table.is_complete());
    let (types, types_table) = types.unzip();
    Some(Draft {
        offers,
        types,
        characteristics,
        complete,
        offers_table: Some(offers_table.text),
        types_table: types_table.map(|table| table.text),
        ..draft(main, file, problems)
    })
}

/// The market without its tables.
fn draft(main: Layer, file: File, problems: &mut Problems) -> Draft {
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
    let conduct_typed = conduct(&main, file.profit_weights, file.stakes, "", problems);
    let scenarios =
        file.scenarios.into_iter().enumerate().map(|(k, s)| scenario(&main, s, k, problems)).collect();
    let stem = Path::new(&main.shown).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    Draft {
        id: file.id.or(stem).unwrap_or_default(),
        title: file.title.unwrap_or_default(),
        price_unit: file.price_unit.unwrap_or_default(),
        response: file.price_response.unwrap_or_default(),
        offers: Vec::new(),
        offers_table: None,
        types_table: None,
        types: None,
        complete: false,
        firms: Vec::new(),
        fringe: file.fringe,
        characteristics: Vec::new(),
        rho: match demand.rho {
            None => DraftRho::None,
            Some(Rho::One(rho)) => DraftRho::One(rho),
            Some(Rho::PerNest(map)) => DraftRho::PerNest(map.into_iter().collect()),
        },
        sensitivity: demand.price_sensitivity,
        targets,
        potential_buyers: file.potential_buyers,
        outside_share: file.outside_share,
        conduct: conduct_typed.unwrap_or(DraftConduct::Standard),
        scenarios,
        main,
    }
}

fn conduct(
    main: &Layer,
    weights: Option<Weights>,
    stakes: Vec<Stake>,
    prefix: &str,
    problems: &mut Problems,
) -> Option<DraftConduct> {
    if weights.is_some() && !stakes.is_empty() {
        problems.push(at_key(
            main,
            &format!("{prefix}profit_weights"),
            "both stakes and profit_weights are given",
            "give one of the two: profit weights already say what stakes lead to",
        ));
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
        path: format!("{prefix}stakes.{k}"),
    });
    Some(DraftConduct::Stakes(typed.collect()))
}

fn scenario(main: &Layer, typed: Scenario, number: usize, problems: &mut Problems) -> DraftScenario {
    let path = format!("scenarios.{number}");
    let at = |list: &str, k: usize| format!("{path}.{list}.{k}");
    let select = |offer, firm, nest, path| Selector { offer, firm, nest, path };
    let prefix = format!("{path}.");
    let emptied = typed.stakes.as_ref().is_some_and(Vec::is_empty);
    let mut of_scenario =
        conduct(main, typed.profit_weights, typed.stakes.unwrap_or_default(), &prefix, problems);
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
