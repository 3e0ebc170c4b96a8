//! A study from scenario to findings: the five lines that are the program.

use crate::analysis::{Findings, Observed};
use crate::calibration::{self, Names};
use crate::report::run_folder::File;
use crate::report::{figures, manifest, tables};
use crate::scenario::file::PriceResponse;
use crate::scenario::tables::TOTAL;
use crate::scenario::{Problem, Problems, Scenario};
use crate::simulation::{self, Experiment, RegionFit, Request};

/// What a study found.
pub struct Study {
    pub findings: Findings,
    /// The base year of the central run, by region.
    pub fits: Vec<RegionFit>,
    /// Shares since the base year, which nothing was fitted to.
    pub observed: Vec<Observed>,
}

/// A scenario that can be simulated.
pub struct Prepared {
    pub experiment: Experiment,
    /// What is simulated; everything, unless a caller asks for less.
    pub request: Request,
    pub names: Names,
    /// The base year of the central run, by region.
    pub fits: Vec<RegionFit>,
}

/// Calibrates a scenario; refuses one whose base year no market could produce.
pub fn prepare(scenario: &Scenario) -> Result<Prepared, Problems> {
    calibration::same_structure(scenario).into_result(())?;
    let calibration::Study { names, space, models } = calibration::study(scenario);
    let mut problems = calibration::feasibility(scenario, &names, &models, &space);
    let experiment = Experiment::new(models, scenario.reference, space, scenario.seed);
    let fits = simulation::fit(&experiment);
    if problems.0.is_empty() {
        problems.extend(impossible_costs(scenario, &names, &fits));
    }
    let request = Request::everything(&experiment, 0..scenario.replications);
    problems.into_result(Prepared { experiment, request, names, fits })
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
        let linear = scenario.worlds[scenario.reference].file.demand.price_response == PriceResponse::Linear;
        let hint = match linear {
            true => {
                ": with linear price all offers earn about the same money margin, which cheap ones cannot; \
                 price_response = \"log\" may fit better"
            }
            false => "",
        };
        let remedy = format!("look at its price and at regions.{region}.own_price_elasticity{hint}");
        let key = format!("regions.{region}.own_price_elasticity");
        problems.push(
            Problem::at_key(&scenario.sources, &key, what, remedy)
                .because(format!("its margin would be {:.0} % of its price", offer.margin * 100.0)),
        );
    }
    problems
}

/// Simulates and compares all worlds of a scenario.
pub fn run(scenario: &Scenario, prepared: Prepared, progress: &(dyn Fn(u64) + Sync)) -> Study {
    let Prepared { experiment, request, names, fits } = prepared;
    let ensemble = simulation::run(&experiment, &request, progress);
    let observed = observed(scenario, &names);
    let findings = Findings { names, reference: scenario.reference, base_year: scenario.base_year, ensemble };
    Study { findings, fits, observed }
}

impl Study {
    /// All files of the run folder, except the timings.
    pub fn files(&self, scenario: &Scenario) -> Vec<File> {
        let findings = &self.findings;
        let (mut files, charts) = rayon::join(
            || {
                let (outcomes, comparison) =
                    rayon::join(|| tables::outcomes(findings), || tables::comparison(findings));
                vec![
                    File::new("shares.csv", tables::shares(findings)),
                    File::new("outcomes.csv", outcomes),
                    File::new("comparison.csv", comparison),
                    File::new("calibration.csv", tables::calibration(&findings.names, &self.fits)),
                ]
            },
            || figures::files(scenario, findings, &self.observed),
        );
        files.extend(charts);
        let mut names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        names.extend(["manifest.json", "timing.json"]);
        let manifest = manifest::manifest(scenario, findings, &self.fits, &names);
        files.push(File::new("manifest.json", manifest));
        files
    }
}

/// Shares in the history table after the base year: to compare with, never to fit to.
fn observed(scenario: &Scenario, names: &Names) -> Vec<Observed> {
    let world = &scenario.worlds[scenario.reference];
    let total = |region: &str, year: i32| {
        let mut rows = world.history.iter();
        rows.find(|row| row.region == region && row.manufacturer == TOTAL && row.year == year)
            .map(|row| row.units)
    };
    let offered = |region: &str, maker: &str| {
        world.offers.iter().any(|offer| offer.region == region && offer.manufacturer == maker)
    };
    let mut observed: Vec<Observed> = world
        .history
        .iter()
        .filter(|row| row.year > scenario.base_year && offered(&row.region, &row.manufacturer))
        .filter_map(|row| {
            Some(Observed {
                region: names.regions.iter().position(|region| *region == row.region)?,
                maker: names.makers.iter().position(|maker| *maker == row.manufacturer)?,
                year: row.year,
                share: row.units / total(&row.region, row.year)?,
            })
        })
        .collect();
    observed.sort_by_key(|seen| (seen.region, seen.year, seen.maker));
    observed
}
