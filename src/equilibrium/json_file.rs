//! Reads a market in the layout of the reference markets: `products`, `firms`, `demand`,
//! `profit_weights`, `scenarios`; expected results in the file are ignored.
//!
//! Price coefficients are negative in this layout and positive from here on.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;

use super::draft::*;
use super::look::at_key;
use crate::scenario::file::PriceResponse;
use crate::scenario::{Layer, OfferId, Place, Problem, Problems};

#[derive(Deserialize)]
#[serde(expecting = "an object with `products` and `demand`")]
struct File {
    id: Option<String>,
    title: Option<String>,
    units: Option<Units>,
    price_response: Option<PriceResponse>,
    products: Products,
    firms: Option<Vec<String>>,
    demand: Demand,
    profit_weights: Option<Weights>,
    scenarios: Option<Vec<Scenario>>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object such as {\"price\": \"USD\"}")]
struct Units {
    price: Option<String>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with `firm_ids`, `prices` and `shares`")]
struct Products {
    ids: Option<Vec<String>>,
    firm_ids: Vec<String>,
    nest_ids: Option<Vec<String>>,
    prices: Vec<Option<f64>>,
    shares: Vec<Option<f64>>,
    x_names: Option<Vec<String>>,
    x: Option<Vec<Vec<f64>>>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a number, or an object with a number for each nest")]
enum Rho {
    One(f64),
    PerNest(BTreeMap<String, f64>),
}

#[derive(Deserialize)]
#[serde(expecting = "an object with `alpha` or `agents`")]
struct Demand {
    alpha: Option<f64>,
    rho: Option<Rho>,
    agents: Option<Agents>,
    price_response: Option<PriceResponse>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with `weights` and `alpha`")]
struct Agents {
    weights: Vec<f64>,
    alpha: Vec<f64>,
    beta: Option<Vec<Vec<f64>>>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with `firms` and `kappa`")]
struct Weights {
    firms: Vec<String>,
    kappa: Vec<Vec<Option<f64>>>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with an `id`")]
struct Scenario {
    id: String,
    description: Option<String>,
    firm_ids: Option<Vec<String>>,
    profit_weights: Option<Weights>,
    costs: Option<Vec<Option<f64>>>,
    ad_valorem_tax: Option<Vec<Option<f64>>>,
    /// Money per unit on top of the maker's price.
    unit_tax: Option<Vec<Option<f64>>>,
    /// Buyer's prices held fixed; null where the firm sets them.
    fixed_prices: Option<Vec<Option<f64>>>,
}

const LAYOUT: &str =
    "the layout is `products`, `firms`, `demand`, `profit_weights`, `scenarios`; see docs/equilibrium.md";

/// Reads the file as typed. `None` if nothing can be made of it.
pub fn read(path: &Path, text: String, problems: &mut Problems) -> Option<Draft> {
    let text: Arc<str> = text.into();
    let main = Layer::json(path, &text);
    let mut refuse = |line: usize, what: &str, remedy: &str| {
        let start = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let place = Place::new(&main.shown, &text, start..text.len());
        problems.push(Problem::new(what).fix(remedy).at(Some(place)));
        None
    };
    // Said before reading: to the reader a list would be an object without its keys.
    if text.trim_start().chars().next().is_some_and(|first| first != '{') {
        let before = text.len() - text.trim_start().len();
        let line = 1 + text[..before].matches('\n').count();
        return refuse(line, "a JSON market is one object: it begins with `{`", LAYOUT);
    }
    let mut reader = serde_json::Deserializer::from_str(&text);
    let file: File = match serde_path_to_error::deserialize(&mut reader) {
        Ok(file) => file,
        Err(error) => {
            let path = error.path().to_string().replace('[', ".").replace(']', "");
            let inner = error.into_inner();
            let message = inner.to_string();
            // The reader's line is where it gave up; the path says where the fault is.
            if inner.is_data() && path != "." {
                let cause = message.rsplit_once(" at line ").map_or(message.as_str(), |(cause, _)| cause);
                problems.push(at_key(&main, &path, cause, LAYOUT));
                return None;
            }
            return refuse(inner.line(), &format!("this is not JSON: {message}"), LAYOUT);
        }
    };
    if let Err(error) = reader.end() {
        let remedy = "give one market per file: end the file with the `}` that closes it";
        return refuse(error.line(), "something follows after the market", remedy);
    }
    Some(draft(main, file, problems))
}

fn draft(main: Layer, file: File, problems: &mut Problems) -> Draft {
    let response = file.price_response.or(file.demand.price_response);
    let products = file.products;
    let n = products.firm_ids.len();
    let ids = products.ids.unwrap_or_else(|| (0..n).map(|j| format!("p{j}")).collect());
    let mut same_length = |path: &str, length: usize| {
        if length != n {
            let remedy = format!("give {n} entries, one per product of products.firm_ids");
            problems.push(at_key(&main, path, &format!("{length} entries for {n} products"), &remedy));
        }
    };
    same_length("products.ids", ids.len());
    same_length("products.prices", products.prices.len());
    same_length("products.shares", products.shares.len());
    if let Some(nests) = &products.nest_ids {
        same_length("products.nest_ids", nests.len());
    }
    let x = products.x.unwrap_or_default();
    if !x.is_empty() {
        same_length("products.x", x.len());
    }
    let width = x.first().map_or(0, Vec::len);
    let names = products.x_names.unwrap_or_default();
    if !names.is_empty() && names.len() != width {
        let message = format!("{} names for {width} characteristics", names.len());
        let remedy = "give one name per column of products.x, or leave the names out";
        problems.push(at_key(&main, "products.x_names", &message, remedy));
    }
    let characteristics: Vec<String> =
        (0..width).map(|l| names.get(l).cloned().unwrap_or_else(|| format!("x{l}"))).collect();
    let offers = (0..n)
        .map(|j| DraftOffer {
            id: OfferId {
                maker: products.firm_ids[j].clone(),
                region: String::new(),
                attributes: vec![ids.get(j).cloned().unwrap_or_default()],
            },
            nest: products.nest_ids.as_ref().and_then(|nests| nests.get(j).cloned()),
            price: products.prices.get(j).copied().flatten(),
            share: products.shares.get(j).copied().flatten(),
            units: None,
            tax: 0.0,
            credit: 0.0,
            x: x.get(j).cloned().unwrap_or_default(),
        })
        .collect();
    let types = file.demand.agents.map(|agents| {
        let typed = agents.beta.filter(|rows| !rows.is_empty());
        let rows = typed.unwrap_or_else(|| vec![Vec::new(); agents.weights.len()]);
        DraftTypes {
            sensitivity: agents.alpha.iter().map(|a| -a).collect(),
            weight: agents.weights,
            taste: rows,
        }
    });
    let conduct = |weights: Option<Weights>, path: String| match weights {
        None => DraftConduct::Standard,
        Some(weights) => DraftConduct::Weights { firms: weights.firms, kappa: weights.kappa, path },
    };
    let scenarios = file.scenarios.unwrap_or_default().into_iter().enumerate().map(|(number, scenario)| {
        let path = format!("scenarios.{number}");
        DraftScenario {
            id: scenario.id,
            description: scenario.description.unwrap_or_default(),
            firm_ids: scenario.firm_ids,
            conduct: Some(conduct(scenario.profit_weights, format!("{path}.profit_weights"))),
            costs: scenario.costs.into_iter().map(CostChange::Levels).collect(),
            tax_levels: scenario.ad_valorem_tax,
            unit_tax_levels: scenario.unit_tax,
            fixed_levels: scenario.fixed_prices,
            path,
            ..DraftScenario::default()
        }
    });
    Draft {
        offers_table: None,
        types_table: None,
        complete: true,
        id: file.id.unwrap_or_else(|| "market".to_owned()),
        title: file.title.unwrap_or_default(),
        price_unit: file.units.and_then(|u| u.price).unwrap_or_default(),
        // The layout's own default, whatever that of scenarios.
        response: response.unwrap_or(PriceResponse::Linear),
        offers,
        firms: file.firms.unwrap_or_default(),
        fringe: Vec::new(),
        characteristics,
        rho: match file.demand.rho {
            None => DraftRho::None,
            Some(Rho::One(rho)) => DraftRho::One(rho),
            Some(Rho::PerNest(map)) => DraftRho::PerNest(map.into_iter().collect()),
        },
        sensitivity: file.demand.alpha.map(|a| -a),
        types,
        targets: Vec::new(),
        potential_buyers: None,
        outside_share: None,
        scenarios: scenarios.collect(),
        conduct: conduct(file.profit_weights, "profit_weights".to_owned()),
        main,
    }
}
