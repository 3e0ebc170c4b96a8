//! From a market as typed to a checked question: names become indices, every problem is reported.

use super::check_conduct::{ownership, suggest};
use super::check_demand::{buyers, calibration};
use super::check_scenarios::scenarios;
use super::draft::*;
use super::problem::{EquilibriumError, Place, Problems};
use super::question::{Calibration, Question, Targets};
use crate::market::pricing::{Layout, Market, PriceResponse, Types};

/// Checks everything and turns names into indices.
pub fn check(draft: &Draft) -> Result<Question, EquilibriumError> {
    let mut problems = Problems::continued(&draft.main, draft.found.clone());
    let mut warnings = Vec::new();
    offers(draft, &mut problems);
    let (share, potential_buyers, seeks_outside) = shares(draft, &mut problems);
    let (nests, nest, rho, seeks_rho) = nesting(draft, &mut problems);
    let base = ownership(draft, &mut problems);
    let (weight, alpha, taste) = buyers(draft, &mut problems);
    let calibration = calibration(draft, seeks_rho, seeks_outside, &mut problems);
    let n_offers = draft.offers.len();
    let layout = Layout::of_nests(base.firm.clone(), nest, base.fringe.clone(), rho.len());
    let mut market = Market::new((), layout, draft.response);
    market.rho = rho;
    market.types = Types { weight, alpha, taste };
    market.conduct = base.kappa.clone();
    market.tax = draft.offers.iter().map(|o| o.tax).collect();
    market.credit = draft.offers.iter().map(|o| o.credit).collect();
    if draft.response == PriceResponse::Log {
        let low = market.types.alpha.iter().copied().fold(f64::INFINITY, f64::min);
        if calibration == Calibration::Given && low <= 1.0 {
            warnings.push(format!(
                "With log price a price sensitivity of {low} (at most 1) lets a price grow without bound at a profit: there may be no equilibrium."
            ));
        }
    }
    let units: Vec<f64> = draft.offers.iter().filter_map(|o| o.units).collect();
    let scenarios = scenarios(draft, &base, &nests, &market.layout.nest_of, &mut problems);
    problems.into_result()?;
    Ok(Question {
        id: draft.id.clone(),
        title: draft.title.clone(),
        price_unit: draft.price_unit.clone(),
        offers: draft.offers.iter().map(|o| o.name.clone()).collect(),
        ownership: base,
        price: draft.offers.iter().map(|o| o.price.unwrap_or(f64::NAN)).collect(),
        share,
        market,
        calibration,
        targets: Targets {
            file: draft.main.clone(),
            keys: draft.targets.iter().map(DraftTarget::key).collect(),
        },
        mean_sensitivity: draft.sensitivity.unwrap_or(0.0),
        potential_buyers,
        units: (units.len() == n_offers).then(|| units.iter().sum()),
        scenarios,
        warnings,
    })
}

/// Adds a problem where an offer's figure was typed.
pub fn at_offer(
    draft: &Draft,
    problems: &mut Problems,
    offer: usize,
    json: &str,
    message: String,
    remedy: &str,
) {
    match (&draft.offers[offer].typed, &draft.offers_file) {
        (Typed::Row(line), Some(file)) => problems.add(Place::Line(file, *line), message, remedy),
        (Typed::Json(j), _) => problems.add(Place::Path(&format!("{json}[{j}]")), message, remedy),
        _ => problems.add(Place::Nowhere, message, remedy),
    }
}

fn offers(draft: &Draft, problems: &mut Problems) {
    if draft.offers.is_empty() {
        problems.add(Place::Nowhere, "the market has no offers", "List at least one offer.");
    }
    for (j, offer) in draft.offers.iter().enumerate() {
        let name = &offer.name;
        if name.is_empty() || draft.offers[..j].iter().any(|o| &o.name == name) {
            let message = if name.is_empty() {
                "an offer has no name".to_owned()
            } else {
                format!("offer {name} is listed twice")
            };
            at_offer(draft, problems, j, "products.ids", message, "Give every offer a name of its own.");
        }
        if offer.firm.is_empty() {
            let message = format!("offer {name} has no firm");
            at_offer(draft, problems, j, "products.firm_ids", message, "Say which firm sets its price.");
        }
        match offer.price {
            None => {
                let message = format!("the price of {name} is missing");
                at_offer(
                    draft,
                    problems,
                    j,
                    "products.prices",
                    message,
                    "Every offer needs an observed price.",
                );
            }
            Some(price) if !(price > 0.0 && price.is_finite()) => {
                let message = format!("the price of {name} is {price}");
                at_offer(draft, problems, j, "products.prices", message, "Prices must be positive.");
            }
            Some(_) => {}
        }
        if !(offer.tax > -1.0 && offer.tax.is_finite() && offer.credit.is_finite()) {
            let message = format!("the tax or credit of {name} is not possible");
            at_offer(draft, problems, j, "products", message, "A tax rate is a fraction above -1.");
        }
        if offer.x.iter().any(|x| !x.is_finite()) || offer.x.len() != draft.characteristics.len() {
            let message = format!("{name} lacks a characteristic that buyer types have a taste for");
            at_offer(draft, problems, j, "products.x", message, "Give a number for each characteristic.");
        }
    }
}

/// Shares of potential buyers, or among buyers if the outside share is to be calibrated.
fn shares(draft: &Draft, problems: &mut Problems) -> (Vec<f64>, Option<f64>, bool) {
    let n = draft.offers.len();
    let by_units =
        draft.offers.iter().all(|o| o.units.is_some()) && draft.offers.iter().any(|o| o.share.is_none());
    let mut values = Vec::with_capacity(n);
    for (j, offer) in draft.offers.iter().enumerate() {
        let (what, value) = if by_units { ("units", offer.units) } else { ("share", offer.share) };
        let good = value.is_some_and(|v| v > 0.0 && v.is_finite() && (by_units || v < 1.0));
        if !good {
            let shown = value.map_or("missing".to_owned(), |v| v.to_string());
            let message = format!("the {what} of {} is {shown}", offer.name);
            let remedy = if by_units {
                "Units must be positive; leave out an offer that nobody bought."
            } else {
                "Shares are fractions of potential buyers, between 0 and 1, both excluded; leave out an offer that nobody bought."
            };
            at_offer(draft, problems, j, "products.shares", message, remedy);
        }
        values.push(value.unwrap_or(f64::NAN));
    }
    let total: f64 = values.iter().sum();
    if !by_units {
        if total >= 1.0 {
            let remedy = "Shares are fractions of potential buyers; what is missing to 1 bought nothing.";
            problems.add(
                Place::Path("products.shares"),
                format!("the shares sum to {total}, not to less than 1"),
                remedy,
            );
        }
        beside_shares(draft, total, problems);
        return (values, draft.potential_buyers, false);
    }
    for (j, offer) in draft.offers.iter().enumerate().filter(|(_, o)| o.share.is_some()) {
        let message = format!("{} has a share, but other offers have units only", offer.name);
        let remedy = "Give the shares of all offers, or leave the column out.";
        at_offer(draft, problems, j, "products.shares", message, remedy);
    }
    let outside = match (draft.potential_buyers, draft.outside_share) {
        (Some(buyers), None) => 1.0 - total / buyers,
        (None, Some(share)) => share,
        (None, None) => {
            let inside = values.iter().map(|v| v / total).collect();
            return (inside, None, true);
        }
        (Some(_), Some(_)) => {
            let message = "both potential_buyers and outside_share are given";
            problems.add(Place::Path("outside_share"), message, "Give one of the two.");
            return (values, None, false);
        }
    };
    if !(outside > 0.0 && outside < 1.0) {
        let key = if draft.outside_share.is_some() { "outside_share" } else { "potential_buyers" };
        let message = format!("the share that buys nothing would be {outside}");
        problems.add(Place::Path(key), message, "It must lie between 0 and 1, both excluded.");
    }
    let share = values.iter().map(|v| v / total * (1.0 - outside)).collect();
    (share, Some(total / (1.0 - outside)), false)
}

/// What else is said about the number of buyers must agree with shares that are given.
fn beside_shares(draft: &Draft, total: f64, problems: &mut Problems) {
    // As far apart as rounded figures may be.
    let agree = |a: f64, b: f64| (a - b).abs() <= 0.01 * b.abs();
    if let Some(outside) = draft.outside_share
        && !agree(outside, 1.0 - total)
    {
        let message = format!(
            "outside_share is {outside}, but the shares of the offers leave {:.6} who buy nothing",
            1.0 - total
        );
        let remedy = "With shares it is known: leave it out, or give units instead of shares.";
        problems.add(Place::Path("outside_share"), message, remedy);
    }
    let Some(buyers) = draft.potential_buyers else { return };
    let place = Place::Path("potential_buyers");
    if !(buyers > 0.0 && buyers.is_finite()) {
        let message = format!("the number of potential buyers is {buyers}");
        problems.add(place, message, "Give a positive number, or leave it out.");
        return;
    }
    let differs = |o: &&DraftOffer| match (o.units, o.share) {
        (Some(units), Some(share)) => !agree(units / buyers, share),
        _ => false,
    };
    if let Some(offer) = draft.offers.iter().find(differs) {
        let message = format!(
            "with {buyers} potential buyers the units of {} would be a share of {:.6}, not the one given",
            offer.name,
            offer.units.unwrap_or(f64::NAN) / buyers
        );
        problems.add(place, message, "Give shares or units, not both, or make them agree.");
    }
}

/// Nest names, nest of each offer, ρ per nest, and whether ρ is to be calibrated.
fn nesting(draft: &Draft, problems: &mut Problems) -> (Vec<String>, Vec<usize>, Vec<f64>, bool) {
    let n = draft.offers.len();
    let named = draft.offers.iter().filter(|o| o.nest.is_some()).count();
    if named == 0 {
        let message = match draft.rho {
            DraftRho::One(rho) if rho != 0.0 => Some(format!("rho is {rho} but no offer has a nest")),
            DraftRho::PerNest(_) => Some("rho is given per nest but no offer has a nest".to_owned()),
            DraftRho::One(_) | DraftRho::None => None,
        };
        if let Some(message) = message {
            let remedy = "Name the nest of each offer, or leave rho out.";
            problems.add(Place::Path("demand.rho"), message, remedy);
        }
        return (vec!["all".to_owned()], vec![0; n], vec![0.0], false);
    }
    let mut nests: Vec<String> = Vec::new();
    let mut nest = Vec::with_capacity(n);
    for (j, offer) in draft.offers.iter().enumerate() {
        let Some(name) = &offer.nest else {
            let message = format!("offer {} has no nest while others have", offer.name);
            at_offer(draft, problems, j, "products.nest_ids", message, "Name the nest of every offer.");
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
                    let message = format!("no rho is given for nest {name}");
                    problems.add(Place::Path("demand.rho"), message, "Give rho for every nest.");
                    0.0
                }
            },
            DraftRho::None => {
                seeks = true;
                0.5
            }
        })
        .collect();
    let mut within = |path: &str, name: &str, rho: f64| {
        if !(0.0..1.0).contains(&rho) {
            let remedy =
                "The nesting parameter lies in [0, 1): 0 is plain logit, near 1 offers of a nest are alike.";
            problems.add(Place::Path(path), format!("rho of nest {name} is {rho}"), remedy);
        }
    };
    match &draft.rho {
        DraftRho::None => {}
        DraftRho::One(rho) => within("demand.rho", &nests[0], *rho),
        DraftRho::PerNest(list) => {
            list.iter().for_each(|(name, rho)| within(&format!("demand.rho.{name}"), name, *rho));
            for (name, _) in list.iter().filter(|(name, _)| !nests.contains(name)) {
                let path = format!("demand.rho.{name}");
                problems.add(
                    Place::Path(&path),
                    format!("no offer is in a nest {name}"),
                    suggest(name, &nests),
                );
            }
        }
    }
    (nests, nest, rho, seeks)
}
