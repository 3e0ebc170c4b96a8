//! From a market as typed to a checked question: names become indices, every problem is reported.

use super::check_conduct::ownership;
use super::check_demand::{buyers, calibration};
use super::check_scenarios::scenarios;
use super::draft::*;
use super::look::Look;
use super::question::{Calibration, Question, Targets};
use crate::market::pricing::{Layout, Market, PriceResponse, Types};
use crate::scenario::key::segments;
use crate::scenario::{Limits, Problems, offer_figure, unfit_name, unfit_text};

/// The part of potential buyers who buy nothing: below this it is rounding, and next to nothing below that.
const LEAST_OUTSIDE: f64 = 1e-12;
const SMALL_OUTSIDE: f64 = 1e-6;

/// Checks everything and turns names into indices.
pub fn check(draft: &Draft, problems: Problems) -> Result<Question, Problems> {
    let look = &mut Look { draft, problems };
    let mut warnings = Vec::new();
    texts(look);
    if draft.offers.is_empty() && !draft.complete {
        return Err(std::mem::take(&mut look.problems));
    }
    offers(look);
    let (share, potential_buyers, seeks_outside) = shares(look, &mut warnings);
    let (nests, nest, rho, seeks_rho) = nesting(look);
    let base = ownership(look);
    let (weight, alpha, taste) = buyers(look);
    let calibration = calibration(look, seeks_rho, seeks_outside);
    let n_offers = draft.offers.len();
    let response = match draft.response {
        crate::scenario::file::PriceResponse::Linear => PriceResponse::Linear,
        crate::scenario::file::PriceResponse::Log => PriceResponse::Log,
    };
    let layout = Layout::of_nests(base.firm.clone(), nest, base.fringe.clone(), rho.len());
    let mut market = Market::new((), layout, response);
    market.rho = rho;
    market.types = Types { weight, alpha, taste };
    market.conduct = base.kappa.clone();
    market.tax = draft.offers.iter().map(|o| o.tax).collect();
    market.credit = draft.offers.iter().map(|o| o.credit).collect();
    if response == PriceResponse::Log {
        let low = market.types.alpha.iter().copied().fold(f64::INFINITY, f64::min);
        if calibration == Calibration::Given && low <= 1.0 {
            warnings.push(format!(
                "With log price a price sensitivity of {low} (at most 1) lets a price grow without bound at a profit: there may be no equilibrium."
            ));
        }
    }
    let units: Vec<f64> = draft.offers.iter().filter_map(|o| o.units).collect();
    let scenarios = scenarios(look, &base, &nests, &market.layout.nest_of);
    let keys: Vec<&str> = draft.targets.iter().map(DraftTarget::key).collect();
    let received: Vec<f64> = draft.offers.iter().map(|o| o.price.unwrap_or(f64::NAN)).collect();
    let price = draft.offers.iter().map(DraftOffer::paid).collect();
    let question = Question {
        id: draft.id.clone(),
        title: draft.title.clone(),
        price_unit: draft.price_unit.clone(),
        offers: draft.offers.iter().map(|o| o.name().to_owned()).collect(),
        ownership: base,
        received,
        price,
        share,
        market,
        calibration,
        targets: Targets {
            place: draft.main.place(&segments(keys.first().unwrap_or(&"demand")), false),
            keys,
        },
        mean_sensitivity: draft.sensitivity.unwrap_or(0.0),
        potential_buyers,
        units: (units.len() == n_offers).then(|| units.iter().sum()),
        scenarios,
        warnings,
    };
    std::mem::take(&mut look.problems).into_result(question)
}

/// Names that are fit for tables, and texts that are fit for a terminal. Those of tables are looked at as they
/// are read.
fn texts(look: &mut Look) {
    let draft = look.draft;
    for (path, text) in [("id", &draft.id), ("title", &draft.title), ("price_unit", &draft.price_unit)] {
        look.fit(path, unfit_text(text));
    }
    if draft.offers_table.is_none() {
        for (j, offer) in draft.offers.iter().enumerate() {
            let nest = offer.nest.as_deref().unwrap_or("");
            for (list, name) in [("ids", offer.name()), ("firm_ids", offer.firm()), ("nest_ids", nest)] {
                look.fit(&format!("products.{list}.{j}"), unfit_name(name));
            }
        }
    }
    for typed in &draft.scenarios {
        look.fit(&format!("{}.id", typed.path), unfit_name(&typed.id));
        look.fit(&format!("{}.description", typed.path), unfit_text(&typed.description));
        for (k, name) in typed.firm_ids.iter().flatten().enumerate() {
            look.fit(&format!("{}.firm_ids.{k}", typed.path), unfit_name(name));
        }
        for (offer, owner) in &typed.owners {
            look.fit(&format!("{}.owners.\"{offer}\"", typed.path), unfit_name(owner));
        }
        for entry in &typed.entries {
            look.fit(&format!("{}.offer", entry.path), unfit_name(&entry.offer));
            look.fit(&format!("{}.firm", entry.path), unfit_name(&entry.firm));
        }
    }
}

fn offers(look: &mut Look) {
    let draft = look.draft;
    if draft.offers.is_empty() {
        look.of_table("offer", "ids", "the market has no offers", "list at least one offer");
    }
    for (j, offer) in draft.offers.iter().enumerate() {
        let name = offer.name();
        if name.is_empty() {
            look.offer(j, "offer", "an offer has no name", "give every offer a name of its own");
        } else if draft.offers[..j].iter().any(|o| o.name() == name) {
            let what = format!("offer {name} is listed twice");
            look.offer(j, "offer", what, "give every offer a name of its own");
        }
        if offer.firm().is_empty() {
            look.offer(j, "firm", format!("offer {name} has no firm"), "say which firm sets its price");
        }
        match offer.price {
            None => {
                let what = format!("the price of {name} is missing");
                look.offer(j, "price", what, "every offer needs an observed price");
            }
            Some(price) => look.found(j, "price", offer_figure("price", price)),
        }
        look.figure(j, "tax", offer.tax, Limits::AdValorem);
        look.figure(j, "credit", offer.credit, Limits::Any);
        if offer.price.is_some_and(|price| price > 0.0) && offer.paid() <= 0.0 {
            let what = format!("buyers would pay {} for {name}", offer.paid());
            look.offer(j, "credit", what, "a credit must be smaller than the price with tax");
        }
        if offer.x.iter().any(|x| !x.is_finite()) || offer.x.len() != draft.characteristics.len() {
            let what = format!("{name} lacks a characteristic that buyer types have a taste for");
            look.wrong(&format!("products.x.{j}"), what, "give a number for each characteristic");
        }
    }
}

/// Shares of potential buyers, or among buyers if the outside share is to be calibrated.
fn shares(look: &mut Look, warnings: &mut Vec<String>) -> (Vec<f64>, Option<f64>, bool) {
    let draft = look.draft;
    let n = draft.offers.len();
    let by_units =
        draft.offers.iter().all(|o| o.units.is_some()) && draft.offers.iter().any(|o| o.share.is_none());
    let mut values = Vec::with_capacity(n);
    for (j, offer) in draft.offers.iter().enumerate() {
        let (column, value) = if by_units { ("units", offer.units) } else { ("share", offer.share) };
        match value {
            Some(units) if by_units => look.found(j, column, offer_figure(column, units)),
            Some(share) => look.figure(j, column, share, Limits::Inside),
            None => {
                let what = format!("the {column} of {} is missing", offer.name());
                look.offer(j, column, what, "leave out an offer that nobody bought");
            }
        }
        values.push(value.unwrap_or(f64::NAN));
    }
    let total: f64 = values.iter().sum();
    if !by_units {
        if total > 1.0 - LEAST_OUTSIDE && values.iter().all(|share| *share < 1.0) {
            let what = format!("the shares sum to {total}, not to less than 1");
            let remedy = "shares are fractions of potential buyers; what is missing to 1 bought nothing";
            look.of_table("share", "shares", what, remedy);
        } else if total < 1.0 && total > 1.0 - SMALL_OUTSIDE {
            warnings.push(format!(
                "The shares leave {:e} of potential buyers who buy nothing: is the market that nearly covered, or are these shares of sales?",
                1.0 - total
            ));
        }
        beside_shares(look, total);
        return (values, draft.potential_buyers, false);
    }
    for (j, offer) in draft.offers.iter().enumerate().filter(|(_, o)| o.share.is_some()) {
        let what = format!("{} has a share, but other offers have units only", offer.name());
        look.offer(j, "share", what, "give the shares of all offers, or leave the column out");
    }
    let outside = match (draft.potential_buyers, draft.outside_share) {
        (Some(buyers), None) => 1.0 - total / buyers,
        (None, Some(share)) => share,
        (None, None) => {
            let inside = values.iter().map(|v| v / total).collect();
            return (inside, None, true);
        }
        (Some(_), Some(_)) => {
            look.wrong("outside_share", "potential_buyers is given too", "give one of the two");
            return (values, None, false);
        }
    };
    if !(outside > 0.0 && outside < 1.0) {
        let key = if draft.outside_share.is_some() { "outside_share" } else { "potential_buyers" };
        let what = format!("the share that buys nothing would be {outside}");
        look.wrong(key, what, "it must lie between 0 and 1, both excluded");
    }
    let share = values.iter().map(|v| v / total * (1.0 - outside)).collect();
    (share, Some(total / (1.0 - outside)), false)
}

/// What else is said about the number of buyers must agree with shares that are given.
fn beside_shares(look: &mut Look, total: f64) {
    let draft = look.draft;
    // As far apart as rounded figures may be.
    let agree = |a: f64, b: f64| (a - b).abs() <= 0.01 * b.abs();
    if let Some(outside) = draft.outside_share.filter(|outside| !agree(*outside, 1.0 - total))
        && draft.complete
    {
        let what = format!("it is {outside}, but the shares of the offers leave {:.6}", 1.0 - total);
        let remedy = "with shares it is known: leave it out, or give units instead of shares";
        look.wrong("outside_share", what, remedy);
    }
    let Some(buyers) = draft.potential_buyers else { return };
    if let Some((what, _)) = offer_figure("potential_buyers", buyers) {
        look.wrong("potential_buyers", what, "give a positive number, or leave it out");
        return;
    }
    let differs = |o: &&DraftOffer| match (o.units, o.share) {
        (Some(units), Some(share)) => !agree(units / buyers, share),
        _ => false,
    };
    if let Some(offer) = draft.offers.iter().find(differs) {
        let what = format!(
            "with {buyers} potential buyers the units of {} would be a share of {:.6}, not the one given",
            offer.name(),
            offer.units.unwrap_or(f64::NAN) / buyers
        );
        look.wrong("potential_buyers", what, "give shares or units, not both, or make them agree");
    }
}

/// Nest names, nest of each offer, ρ per nest, and whether ρ is to be calibrated.
fn nesting(look: &mut Look) -> (Vec<String>, Vec<usize>, Vec<f64>, bool) {
    let draft = look.draft;
    let n = draft.offers.len();
    let named = draft.offers.iter().filter(|o| o.nest.is_some()).count();
    if named == 0 {
        let message = match draft.rho {
            DraftRho::One(rho) if rho != 0.0 => Some(format!("rho is {rho} but no offer has a nest")),
            DraftRho::PerNest(_) => Some("rho is given per nest but no offer has a nest".to_owned()),
            DraftRho::One(_) | DraftRho::None => None,
        };
        if let Some(what) = message {
            look.wrong("demand.rho", what, "name the nest of each offer, or leave rho out");
        }
        return (vec!["all".to_owned()], vec![0; n], vec![0.0], false);
    }
    let mut nests: Vec<String> = Vec::new();
    let mut nest = Vec::with_capacity(n);
    for (j, offer) in draft.offers.iter().enumerate() {
        let Some(name) = &offer.nest else {
            let what = format!("offer {} has no nest while others have", offer.name());
            look.offer(j, "nest", what, "name the nest of every offer");
            nest.push(0);
            continue;
        };
        nest.push(nests.iter().position(|known| known == name).unwrap_or_else(|| {
            nests.push(name.clone());
            nests.len() - 1
        }));
    }
    let mut seeks = false;
    let rho: Vec<f64> = nests
        .iter()
        .map(|name| match &draft.rho {
            DraftRho::One(rho) => *rho,
            DraftRho::PerNest(list) => match list.iter().find(|(known, _)| known == name) {
                Some((_, rho)) => *rho,
                None => {
                    let what = format!("no rho is given for nest {name}");
                    look.wrong("demand.rho", what, "give rho for every nest");
                    0.0
                }
            },
            DraftRho::None => {
                seeks = true;
                0.5
            }
        })
        .collect();
    match &draft.rho {
        DraftRho::None => {}
        DraftRho::One(rho) => look.number("demand.rho", *rho, Limits::BelowOne),
        DraftRho::PerNest(list) => {
            for (name, rho) in list {
                let path = format!("demand.rho.\"{name}\"");
                look.number(&path, *rho, Limits::BelowOne);
                if !nests.contains(name) {
                    let what = format!("no offer is in a nest {name}");
                    look.unknown(&path, what, name, nests.iter().map(String::as_str));
                }
            }
        }
    }
    (nests, nest, rho, seeks)
}
