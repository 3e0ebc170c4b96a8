//! A study from scenario to findings: the five lines that are the program.

use crate::analysis::{Findings, Observed};
use crate::calibration::{self, Names};
use crate::report::run_folder::File;
use crate::report::{figures, manifest, tables};
use crate::scenario::Scenario;
use crate::simulation::{self, Experiment, RegionFit};

/// What a study found.
pub struct Study {
    pub findings: Findings,
    /// The base year of the central run, by region.
    pub fits: Vec<RegionFit>,
    /// Shares since the base year, which nothing was fitted to.
    pub observed: Vec<Observed>,
}

/// The worlds of a scenario, ready to simulate, and what their parts are called.
pub fn experiment(scenario: &Scenario) -> (Experiment, Names) {
    let study = calibration::study(scenario);
    let experiment = Experiment::new(
        study.models,
        scenario.reference,
        study.space,
        scenario.replications,
        scenario.seed,
    );
    (experiment, study.names)
}

/// Simulates and compares all worlds of a scenario.
pub fn run(
    scenario: &Scenario,
    experiment: &Experiment,
    names: Names,
    progress: &(dyn Fn(u64) + Sync),
) -> Study {
    let ensemble = simulation::run(experiment, progress);
    let observed = observed(scenario, &names);
    let findings =
        Findings { names, reference: scenario.reference, base_year: scenario.base_year, ensemble };
    Study { findings, fits: simulation::fit(experiment), observed }
}

impl Study {
    /// All files of the run folder, except the timings.
    pub fn files(&self, scenario: &Scenario) -> Vec<File> {
        let findings = &self.findings;
        let mut files = vec![
            File::new("shares.csv", tables::shares(findings)),
            File::new("outcomes.csv", tables::outcomes(findings)),
            File::new("comparison.csv", tables::comparison(findings)),
            File::new("calibration.csv", tables::calibration(&findings.names, &self.fits)),
            File::new("manifest.json", manifest::manifest(scenario, findings, &self.fits)),
        ];
        files.extend(figures::files(scenario, findings, &self.observed));
        files
    }
}

/// Shares in the history table after the base year: to compare with, never to fit to.
fn observed(scenario: &Scenario, names: &Names) -> Vec<Observed> {
    let world = &scenario.worlds[scenario.reference];
    let total = |region: &str, year: i32| {
        let mut rows = world.history.iter();
        rows.find(|row| row.region == region && row.manufacturer == "TOTAL" && row.year == year)
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
