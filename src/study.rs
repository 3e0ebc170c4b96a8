//! A study from scenario to findings: the five lines that are the program.

use rayon::prelude::*;

use crate::analysis::{Findings, Observed, cause};
use crate::backtest::TrackRecord;
use crate::calibration::{self, Names};
use crate::report::attribution as attribution_report;
use crate::report::backtest::track_record;
use crate::report::csv_file::csv;
use crate::report::parquet_file::parquet;
use crate::report::run_folder::File;
use crate::report::{Past, figures, manifest, page, tables, workbook};
use crate::scenario::file::PriceResponse;
use crate::scenario::tables::TOTAL;
use crate::scenario::{Problem, Problems, Scenario};
use crate::simulation::outcomes::Wanted;
use crate::simulation::{self, Cause, Experiment, RegionFit, Request};
use crate::variants::{self, Attribution, PreparedAttribution};

/// What a study found.
pub struct Study {
    pub findings: Findings,
    /// The base year of the central run, by region.
    pub fits: Vec<RegionFit>,
    /// Shares since the base year, and how such forecasts would have done.
    pub past: Past,
    /// What the differences are made of, if the scenario asks.
    pub attribution: Option<Attribution>,
}

/// Files that are written on request only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// `report.xlsx`.
    pub workbook: bool,
    /// The tables once more, as Parquet files.
    pub parquet: bool,
}

/// A scenario that can be simulated.
pub struct Prepared {
    pub experiment: Experiment,
    /// What is simulated; everything, unless a caller asks for less.
    pub request: Request,
    pub names: Names,
    /// The base year of the central run, by region.
    pub fits: Vec<RegionFit>,
    /// Combinations of channels, if the scenario asks for an attribution.
    pub attribution: Vec<PreparedAttribution>,
}

impl Prepared {
    /// Replications of everything that is simulated.
    pub fn replications(&self) -> u64 {
        let of_attribution: u64 = self.attribution.iter().map(PreparedAttribution::replications).sum();
        self.request.n_replications() + of_attribution
    }
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
    if problems.0.is_empty() {
        problems.extend(impossible_corners(scenario, &names, &experiment));
    }
    if problems.0.is_empty() {
        problems.extend(no_central_run(scenario, &names, &experiment));
    }
    let mut attribution = Vec::new();
    if problems.0.is_empty() {
        match variants::prepare(scenario) {
            Ok(prepared) => attribution = prepared,
            Err(wrong) => problems.extend(wrong),
        }
    }
    let request = Request::everything(&experiment, 0..scenario.replications);
    problems.into_result(Prepared { experiment, request, names, fits, attribution })
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

/// Simulates and compares all worlds of a scenario.
pub fn run(scenario: &Scenario, prepared: Prepared, progress: &(dyn Fn(u64) + Sync)) -> Study {
    let Prepared { experiment, request, names, fits, attribution } = prepared;
    let ensemble = simulation::run(&experiment, &request, progress);
    let mut done = request.n_replications();
    let attributed = attribution.iter().map(|prepared| {
        let attributed = prepared.run(&|replications| progress(done + replications));
        done += prepared.replications();
        attributed
    });
    let attributed: Vec<_> = attributed.collect();
    let attribution = (!attributed.is_empty())
        .then(|| Attribution { replications: attribution[0].replications(), worlds: attributed });
    let past = Past { observed: observed(scenario, &names), record: record(scenario) };
    let findings = Findings { names, reference: scenario.reference, base_year: scenario.base_year, ensemble };
    Study { findings, fits, past, attribution }
}

impl Study {
    /// All files of the run folder, except the timings.
    pub fn files(&self, scenario: &Scenario, extras: Extras) -> Vec<File> {
        let findings = &self.findings;
        let (mut files, charts) = rayon::join(
            || self.tables(extras),
            || {
                rayon::join(
                    || page::page(scenario, findings, &self.fits, &self.past),
                    || figures::files(scenario, findings, &self.past.observed, self.attribution.as_ref()),
                )
            },
        );
        let (page, charts) = charts;
        if let Some(attribution) = &self.attribution {
            files.push(File::new("attribution.csv", csv(&attribution_report::table(findings, attribution))));
        }
        files.push(File::new("report.html", page));
        if extras.workbook {
            let workbook = workbook::workbook(scenario, findings, &self.past);
            files.push(File::new("report.xlsx", workbook));
        }
        files.extend(charts);
        let mut names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        names.extend(["manifest.json", "timing.json"]);
        let manifest = manifest::manifest(scenario, findings, &self.fits, &names);
        files.push(File::new("manifest.json", manifest));
        files
    }

    /// The tables as CSV files, and as Parquet files where they are asked for.
    fn tables(&self, extras: Extras) -> Vec<File> {
        let findings = &self.findings;
        let files = tables::NAMED.par_iter().flat_map_iter(|(name, table)| {
            let table = table(findings);
            let parquet = || File::new(&format!("{name}.parquet"), parquet(&table));
            let parquet = extras.parquet.then(parquet);
            [File::new(&format!("{name}.csv"), csv(&table))].into_iter().chain(parquet)
        });
        let mut files: Vec<File> = files.collect();
        files.push(File::new("track-record.csv", track_record(&self.past.record)));
        files.push(File::new("calibration.csv", csv(&tables::calibration(&findings.names, &self.fits))));
        files
    }
}

/// How the share process would have done in the regions whose shocks it sizes.
fn record(scenario: &Scenario) -> TrackRecord {
    let world = &scenario.worlds[scenario.reference];
    if !world.file.shocks.quality {
        return TrackRecord::default();
    }
    let mut regions = calibration::past(world);
    regions.retain(|region| world.file.regions[&region.name].volatility.is_none());
    TrackRecord::of(&regions, scenario.base_year, &calibration::share_constants(world), scenario.seed)
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
