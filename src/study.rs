//! A study from scenario to findings: the five lines that are the program.

use rayon::prelude::*;

use crate::analysis::{Findings, Observed, Sensitivity, Watch};
use crate::backtest::TrackRecord;
use crate::calibration::{self, Names};
use crate::preparation::{self, Market};
use crate::report::attribution as attribution_report;
use crate::report::backtest::track_record;
use crate::report::csv_file::csv;
use crate::report::draws::RawDraws;
use crate::report::figures;
use crate::report::parquet_file::parquet;
use crate::report::run_folder::File;
use crate::report::sensitivity as sensitivity_report;
use crate::report::table::Table;
use crate::report::{Past, inputs, manifest, page, record, sources, tables, workbook};
use crate::scenario::tables::TOTAL;
use crate::scenario::{Problems, Scenario};
use crate::simulation::saved::Unfit;
use crate::simulation::{
    self, After, Experiment, Kept, Precision, Progress, RegionFit, Request, Shared, Work,
};
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
    /// Which inputs drive the differences, if there are any.
    pub sensitivity: Option<Sensitivity>,
    /// What is drawn, in the order of the design; empty if it has none.
    pub design_order: Vec<String>,
    /// Raw draws, if they were asked for.
    pub draws: Option<RawDraws>,
    /// How precisely a difference is known, if a precision was asked for.
    pub precision: Option<Precision>,
}

/// The tables that a study may have.
pub const TABLES: [&str; 9] = [
    "shares",
    "outcomes",
    "comparison",
    "calibration",
    "inputs",
    "sources",
    "attribution",
    "sensitivity",
    "draws",
];

/// Files that are written on request only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// `report.xlsx`.
    pub workbook: bool,
    /// The tables once more, as Parquet files.
    pub parquet: bool,
    /// How raw draws are written, where they were kept.
    pub draws: DrawsFormat,
}

/// How raw draws are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DrawsFormat {
    #[default]
    Csv,
    Parquet,
}

/// A scenario that can be simulated.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub experiment: Experiment,
    /// What is simulated; everything, unless a caller asks for less.
    pub request: Request,
    pub names: Names,
    /// The base year of the central run, by region.
    pub fits: Vec<RegionFit>,
    /// Combinations of channels, if the scenario asks for an attribution.
    pub attribution: Vec<PreparedAttribution>,
    /// Columns of the outcomes whose raw draws are kept; none, unless a caller asks.
    pub draws: Option<Vec<usize>>,
    /// When enough has been drawn, if the scenario says so.
    pub precision: Option<Precision>,
}

impl Prepared {
    /// Replications of everything that is simulated here.
    pub fn replications(&self, work: &Work) -> u64 {
        let of_attribution: u64 = self.attribution.iter().map(|prepared| prepared.replications(work)).sum();
        work.replications(&self.request.replications) + of_attribution
    }

    /// An upper bound of the memory that the run takes, bytes: simulating, and the tables as text.
    pub fn memory(&self) -> u64 {
        // A row's labels and eleven figures; differences under three conditions.
        const ROW: usize = 250;
        let rows = self.request.outcomes.n_columns() * 4 * self.request.worlds().len();
        simulation::memory(&self.experiment, &self.request) + (rows * ROW) as u64
    }
}

/// Calibrates a scenario; refuses one whose base year no market could produce.
pub fn prepare(scenario: &Scenario) -> Result<Prepared, Problems> {
    let Market { experiment, names, fits } = preparation::market(scenario)?;
    let attribution = variants::prepare(scenario)?;
    let request = Request::everything(&experiment, 0..scenario.replications);
    let precision = preparation::precision(scenario, &experiment, &request, &names)?;
    Ok(Prepared { experiment, request, names, fits, attribution, draws: None, precision })
}

/// Simulates and compares all worlds of a scenario.
pub fn run(scenario: &Scenario, prepared: Prepared, progress: &dyn Progress) -> Study {
    let study = run_in(&mut Work::Whole, scenario, prepared, progress);
    study.expect("nothing is taken in").expect("a whole run")
}

/// As [`run`], however the work is shared; of a shard there is no study.
pub fn run_in(
    work: &mut Work,
    scenario: &Scenario,
    prepared: Prepared,
    progress: &dyn Progress,
) -> Result<Option<Study>, Unfit> {
    let Prepared { experiment, request, names, fits, attribution, draws, mut precision } = prepared;
    let mut watch = Watch::new(&request, sensitivity_report::watched(scenario, &names, &request.outcomes));
    let each = |columns: &Vec<usize>| columns.iter().map(|&column| vec![(column, 1.0)]).collect();
    let mut kept = draws.as_ref().map(|columns| Kept::sums(&request, each(columns)));
    let mut sinks: Vec<&mut dyn Shared> = vec![watch.sink()];
    sinks.extend(kept.as_mut().map(|kept| kept as &mut dyn Shared));
    let ensemble = simulation::run_in(work, &experiment, &request, &mut sinks, precision.as_mut(), progress)?;
    let mut done = work.replications(&request.replications);
    let mut attributed = Vec::new();
    for prepared in &attribution {
        attributed.extend(prepared.run(work, &After(done, progress))?);
        done += prepared.replications(work);
    }
    let Some(ensemble) = ensemble else { return Ok(None) };
    let draws = draws.zip(kept);
    let draws = draws.map(|(columns, kept)| RawDraws::of(scenario, &experiment, &request, &columns, kept));
    let sensitivity = Sensitivity::of(&experiment, &request, &watch);
    let attribution = (!attributed.is_empty()).then_some(Attribution { worlds: attributed });
    let past = Past { observed: observed(scenario, &names), record: record(scenario) };
    let findings = Findings { names, reference: scenario.reference, base_year: scenario.base_year, ensemble };
    let design_order = experiment.design_order().into_iter().map(str::to_owned).collect();
    Ok(Some(Study { findings, fits, past, attribution, sensitivity, design_order, draws, precision }))
}

impl Study {
    /// All files of the run folder, except the timings.
    pub fn files(&self, scenario: &Scenario, extras: Extras) -> Vec<File> {
        let findings = &self.findings;
        let (mut files, charts) = rayon::join(
            || self.tables(extras),
            || {
                rayon::join(
                    || page::page(scenario, findings, &self.fits, &self.past, self.asked()),
                    || self.charts(scenario),
                )
            },
        );
        let (page, charts) = charts;
        for name in ["attribution", "sensitivity", "sources", "inputs"] {
            files.extend(
                self.table(scenario, name).map(|table| File::new(&format!("{name}.csv"), csv(&table))),
            );
        }
        if let Some(table) = self.table(scenario, "draws") {
            files.push(match extras.draws {
                DrawsFormat::Csv => File::new("draws.csv", csv(&table)),
                DrawsFormat::Parquet => File::new("draws.parquet", parquet(&table)),
            });
        }
        if let Some(page) = record::page(scenario, findings, &self.past, &[]) {
            files.push(File::new("record.md", page.into_bytes()));
        }
        files.push(File::new("report.html", page));
        if extras.workbook {
            let workbook = workbook::workbook(scenario, findings, &self.past, self.asked());
            files.push(File::new("report.xlsx", workbook));
        }
        files.extend(charts);
        let mut names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        names.extend(["manifest.json", "timing.json"]);
        let manifest = manifest::manifest(scenario, findings, &self.fits, &self.design_order, &names);
        files.push(File::new("manifest.json", manifest));
        files
    }

    /// All charts, as SVG and PNG files.
    pub fn charts(&self, scenario: &Scenario) -> Vec<File> {
        figures::files(scenario, &self.findings, &self.fits, &self.past.observed, self.asked())
    }

    /// A table by its name, the names being [`TABLES`]; none if nobody asked for what it holds.
    pub fn table<'a>(&'a self, scenario: &'a Scenario, name: &str) -> Option<Table<'a>> {
        let findings = &self.findings;
        match name {
            "attribution" => {
                self.attribution.as_ref().map(|parts| attribution_report::table(findings, parts))
            }
            "sensitivity" => {
                self.sensitivity.as_ref().map(|driven| sensitivity_report::table(findings, driven))
            }
            "draws" => self.draws.as_ref().map(|draws| draws.table(&findings.names)),
            "inputs" => Some(inputs::table(scenario)),
            "sources" => Some(sources::table(scenario, findings)),
            "calibration" => Some(tables::calibration(&findings.names, &self.fits)),
            _ => tables::NAMED.iter().find(|(known, _)| *known == name).map(|(_, table)| table(findings)),
        }
    }

    /// What a report may tell beside the findings.
    pub fn asked(&self) -> figures::Asked<'_> {
        figures::Asked { attribution: self.attribution.as_ref(), sensitivity: self.sensitivity.as_ref() }
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
