//! From a checked scenario to a market that can be simulated, or to why no market has such a base year.

use crate::analysis::{self, cause};
use crate::calibration::{self, Names};
use crate::scenario::file::{Design as StatedDesign, PriceResponse};
use crate::scenario::{Problem, Problems, Scenario};
use crate::simulation::outcomes::Wanted;
use crate::simulation::{self, Cause, Experiment, Precision, RegionFit, Request};
use crate::uncertainty::Design;

/// All worlds of a scenario, calibrated, and solved once with every input at its median.
pub struct Market {
    pub experiment: Experiment,
    pub names: Names,
    /// The base year of the central run, by region.
    pub fits: Vec<RegionFit>,
}

/// Calibrates a scenario; refuses one whose base year no market could produce.
pub fn market(scenario: &Scenario) -> Result<Market, Problems> {
    calibration::same_structure(scenario).into_result(())?;
    let calibration::Calibrated { names, space, models } = calibration::calibrate(scenario);
    let mut problems = calibration::correlations(scenario, &space);
    problems.extend(calibration::feasibility(scenario, &names, &models, &space));
    let experiment =
        Experiment::new(models, scenario.reference, space, scenario.seed).with_design(design(scenario));
    let fits = simulation::fit(&experiment);
    if problems.0.is_empty() {
        problems.extend(impossible_costs(scenario, &names, &fits));
    }
    if problems.0.is_empty() {
        problems.extend(impossible_corners(scenario, &names, &experiment));
    }
    if problems.0.is_empty() {
        problems.extend(no_central_run(scenario, &names, &experiment));
    }
    problems.into_result(Market { experiment, names, fits })
}

/// The scenario's design, for as many replications as it asks for.
pub fn design(scenario: &Scenario) -> Design {
    match scenario.design {
        StatedDesign::MonteCarlo => Design::MonteCarlo,
        StatedDesign::LatinHypercube => Design::LatinHypercube { size: scenario.replications },
        StatedDesign::Sobol => Design::Sobol { size: scenario.replications },
    }
}

/// The difference that is watched until it is known precisely enough, if the scenario names one; refused where there is
/// no such outcome.
pub fn precision(
    scenario: &Scenario,
    experiment: &Experiment,
    request: &Request,
    names: &Names,
) -> Result<Option<Precision>, Problems> {
    let Some(asked) = &scenario.precision else { return Ok(None) };
    let refuse = |what: String, remedy: &str| {
        let place = scenario.sources.place_of(None, "scenario.precision");
        let mut problems = Problems::default();
        problems.push(Problem::new(what).fix(remedy).at(place));
        problems
    };
    let found = analysis::find(names, &request.outcomes, &asked.words());
    let keys = found.map_err(|wrong| refuse(wrong, "name an outcome as outcomes.csv does"))?;
    let [key] = keys.as_slice() else {
        let what = format!("`{}` is several outcomes", asked.words());
        return Err(refuse(what, "name one: `manufacturer` and `region` where they apply"));
    };
    let world = match &asked.world {
        Some(name) => names.worlds.iter().position(|world| world == name),
        None => (0..names.worlds.len()).find(|world| *world != experiment.reference),
    };
    let places = world
        .filter(|world| *world != experiment.reference)
        .and_then(|world| Some([request.place(world)?, request.place(experiment.reference)?]));
    let (Some(places), Some(column)) = (places, request.outcomes.column(key)) else {
        let what = "no world of this name is compared with the reference".to_owned();
        return Err(refuse(what, "name a world other than the reference in `world`"));
    };
    Ok(Some(Precision::new(places, column, asked.half_width)))
}

/// Offers whose price no positive cost explains.
fn impossible_costs(scenario: &Scenario, names: &Names, fits: &[RegionFit]) -> Problems {
    let mut problems = Problems::default();
    for offer in fits.iter().flat_map(|fit| &fit.offers) {
        if offer.marginal_cost > 0.0 && offer.margin > 0.0 {
            continue;
        }
        let region = &names.regions[offer.region];
        let what = format!(
            "{} {} in {region} would have a marginal cost of {:.0} at a price of {:.0}",
            names.makers[offer.maker], names.powertrains[offer.powertrain], offer.marginal_cost, offer.price
        );
        let remedy = format!(
            "look at its price and at regions.{region}.own_price_elasticity{}",
            linear_hint(scenario)
        );
        let key = format!("regions.{region}.own_price_elasticity");
        problems.push(
            Problem::at_key(&scenario.sources, &key, what, remedy)
                .because(format!("its margin would be {:.0} % of its price", offer.margin * 100.0)),
        );
    }
    problems
}

fn linear_hint(scenario: &Scenario) -> &'static str {
    match scenario.worlds[scenario.reference].file.demand.price_response {
        PriceResponse::Linear => {
            ": with linear price all offers earn about the same money margin, which cheap ones cannot; \
             price_response = \"log\" may fit better"
        }
        PriceResponse::Log => "",
    }
}

/// Offers whose price no positive cost explains in some draws.
fn impossible_corners(scenario: &Scenario, names: &Names, experiment: &Experiment) -> Problems {
    let mut problems = Problems::default();
    for offer in simulation::impossible_costs(experiment) {
        let (region, [own, market, rho]) = (&names.regions[offer.region], offer.corner);
        let what = format!(
            "{} {} in {region} would have a marginal cost of {:.0} at a price of {:.0} in draws near own elasticity \
             {own}, market elasticity {market}, nesting ρ {rho}",
            names.makers[offer.maker], names.powertrains[offer.powertrain], offer.marginal_cost, offer.price
        );
        let key = format!("regions.{region}.own_price_elasticity");
        let remedy =
            format!("narrow the range of {key}: nearer to zero, markups are larger{}", linear_hint(scenario));
        let world = Some(names.worlds[offer.world].as_str()).filter(|_| offer.world != scenario.reference);
        problems.push(
            Problem::in_world(&scenario.sources, world, &key, what, remedy)
                .because("no positive cost below the price explains the base year there"),
        );
    }
    problems
}

/// What fails with every input at its median fails in about every draw.
fn no_central_run(scenario: &Scenario, names: &Names, experiment: &Experiment) -> Problems {
    let mut problems = Problems::default();
    let worlds: Vec<usize> = (0..experiment.models.len()).collect();
    let nothing = Wanted::Only(Vec::new());
    let request = Request::new(experiment, &worlds, &nothing, 0..0).expect("worlds that there are");
    if let (_, Some(failure)) = simulation::central(experiment, &request) {
        let world = &names.worlds[failure.world];
        let what = format!(
            "with every input at its median, {} in world {world}, {}, {}",
            cause(failure.cause),
            names.regions[failure.region],
            failure.year
        );
        let remedy = match failure.cause {
            Cause::NoOffers => "look at the bans, exits and entries up to that year",
            _ => {
                "look for inputs of an odd size (volumes, units, prices, elasticities, depreciation), and for makers \
                 left alone by bans and exits: with a market elasticity of less than 1 in size they have no best price"
            }
        };
        let key = format!("regions.{}", names.regions[failure.region]);
        problems.push(Problem::in_world(&scenario.sources, Some(world), &key, what, remedy));
    }
    problems
}
