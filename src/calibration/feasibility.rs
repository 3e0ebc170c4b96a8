//! Whether every draw of a region's elasticities can be met by some demand.
//!
//! Price sensitivity and outside share follow from two elasticities and ρ (model section 4); they exist
//! only if the market's elasticity is small enough against the own one. The bound is monotone in each of
//! the three, so the corners of their ranges tell.

use super::Names;
use crate::market::model::{Input, MarketModel, RegionModel};
use crate::market::pricing::invert::{Observation, sensitivity};
use crate::market::pricing::{Market, PriceResponse};
use crate::scenario::file::Named;
use crate::scenario::{Problem, Problems, Scenario};
use crate::uncertainty::ParameterSpace;

/// Regions and worlds whose elasticity ranges some draw cannot satisfy.
pub fn feasibility(
    scenario: &Scenario,
    names: &Names,
    models: &[MarketModel],
    space: &ParameterSpace,
) -> Problems {
    let mut problems = Problems::default();
    for (world, model) in scenario.worlds.iter().zip(models) {
        for (name, region) in names.regions.iter().zip(&model.regions) {
            let Some([own, market, rho]) = infeasible_corner(region, model.response, space) else { continue };
            let what = format!(
                "no demand has the elasticities that some draws ask for in {name}: own {own}, market {market}, \
                 nesting ρ {rho}"
            );
            // The only offer is the market: its own elasticity and the market's are one number.
            let remedy = match region.offers.iter().filter(|offer| offer.units > 0.0).count() {
                1 => {
                    "a single offer has no other to be told from: add an offer for its rivals (with \
                     fringe = true if they are many), or take the region out"
                }
                _ => {
                    "narrow the ranges: the market's elasticity must stay below about (1 − ρ) times the own \
                     one; with log price the own one must also be clearly above 1"
                }
            };
            let key = &world.file.regions[name].market_price_elasticity.key;
            let problem = Problem::in_world(&scenario.sources, Some(&world.key), key, what, remedy);
            problems.push(problem.because("step 1 of the calibration has no solution there"));
        }
    }
    problems
}

/// Parts that every world must state, switched on or not, so that all have the same offers to compare.
pub fn same_structure(scenario: &Scenario) -> Problems {
    let mut problems = Problems::default();
    let reference = &scenario.worlds[scenario.reference];
    for world in &scenario.worlds {
        let parts = [
            ("entries", names_of(&world.file.entries), names_of(&reference.file.entries)),
            ("regions", names_of(&world.file.regions), names_of(&reference.file.regions)),
            ("components", names_of(&world.file.components), names_of(&reference.file.components)),
            ("powertrains", names_of(&world.file.powertrains), names_of(&reference.file.powertrains)),
            ("currencies", names_of(&world.file.currencies), names_of(&reference.file.currencies)),
        ];
        for (part, here, there) in parts {
            if here == there {
                continue;
            }
            let what = format!("world `{}` has other {part} than the reference world", world.key);
            let remedy = match part {
                "entries" => {
                    "state the entry in the scenario with active = false and switch it on in the world"
                }
                _ => "state it in the scenario itself, not in one world",
            };
            problems.push(Problem::in_world(&scenario.sources, Some(&world.key), part, what, remedy));
        }
    }
    problems
}

fn names_of<T>(named: &Named<T>) -> Vec<&String> {
    named.keys().collect()
}

/// A corner of the ranges at which the calibration has no solution: own, market, ρ.
fn infeasible_corner(
    region: &RegionModel,
    response: PriceResponse,
    space: &ParameterSpace,
) -> Option<[f64; 3]> {
    let ends = |input: Input| {
        let (low, high) = space.parameters()[input.0].distribution.range();
        [low, high]
    };
    let price: Vec<f64> = region.offers.iter().map(|offer| offer.price.max(f64::MIN_POSITIVE)).collect();
    let units: Vec<f64> = region.offers.iter().map(|offer| offer.units).collect();
    for own in ends(region.own_elasticity) {
        for market in ends(region.market_elasticity) {
            for rho in ends(region.rho) {
                let mut terms = Market::new((), region.layout.clone(), response);
                terms.rho.fill(rho);
                let seen = Observation { market: &terms, price: &price, units: &units };
                if !sensitivity((), &seen, own, market).feasible {
                    return Some([own, market, rho]);
                }
            }
        }
    }
    None
}
