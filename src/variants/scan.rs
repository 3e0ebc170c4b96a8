//! Scan: the same comparison, on the same draws, while settings take other values.

use super::usual::usual_outcomes;
use super::values::Values;
use crate::analysis::{self, Findings};
use crate::preparation::{self, Market};
use crate::scenario::{Problem, Problems, Scenario};
use crate::simulation::outcomes::{Key, Outcomes, Wanted};
use crate::simulation::saved::Unfit;
use crate::simulation::{self, After, Progress, Request, Work};

/// Reads the scenario with further settings, each as `--set` has it.
pub type Load<'a> = dyn Fn(&[String]) -> Result<Scenario, Problems> + Sync + 'a;

/// Most points of a grid.
pub const MOST_POINTS: usize = 1000;
/// Replications per point, unless a caller or the scenario asks for fewer.
pub const REPLICATIONS: u64 = 2000;

/// What came out at every point of a grid.
pub struct Scan {
    pub axes: Vec<Values>,
    /// In the order of the values, the last setting changing fastest.
    pub points: Vec<Point>,
    /// The scenario at the first point that has a market: names for people.
    pub scenario: Scenario,
    pub replications: u64,
}

/// One value per setting, and what came out: outcomes that were asked for, or why there is no market.
pub struct Point {
    pub values: Vec<String>,
    pub found: Result<Findings, String>,
}

/// A market and what is asked of it, or why there is none.
type Calibrated = Result<(Market, Request), String>;

/// A grid whose points are calibrated.
pub struct PreparedScan {
    axes: Vec<Values>,
    points: Vec<(Vec<String>, Calibrated)>,
    scenario: Scenario,
    replications: u64,
}

/// Reads and calibrates the scenario at every point; refuses values that the format does not have and outcomes that
/// there are not. Points without a market are kept as such, unless there is no other.
pub fn prepare(
    load: &Load,
    axes: Vec<Values>,
    outcomes: &[String],
    replications: Option<u64>,
) -> Result<PreparedScan, Problems> {
    let mut problems = Problems::default();
    for (at, axis) in axes.iter().enumerate() {
        if axes[..at].iter().any(|other| other.key == axis.key) {
            problems.push(
                Problem::new(format!("--over {} is there twice", axis.key)).fix("name each setting once"),
            );
        }
    }
    let n_points = axes.iter().try_fold(1_usize, |n, axis| n.checked_mul(axis.values.len()));
    if n_points.is_none_or(|n| n > MOST_POINTS) {
        let what = format!("the grid has more than {MOST_POINTS} points");
        problems.push(Problem::new(what).fix("scan fewer values or fewer settings at once"));
    }
    problems.into_result(())?;

    let mut scenarios = Vec::new();
    let mut problems = Problems::default();
    for values in grid(&axes) {
        match load(&settings(&axes, &values)) {
            Ok(scenario) => scenarios.push((values, scenario)),
            // What is wrong at several points in the same way is said once.
            Err(wrong) => wrong.0.into_iter().for_each(|problem| {
                if !problems.0.iter().any(|known| known.what == problem.what) {
                    problems.push(problem);
                }
            }),
        }
    }
    let scenarios = problems.into_result(scenarios)?;
    let replications = replications.unwrap_or(scenarios[0].1.replications.min(REPLICATIONS));

    let (mut points, mut wrong, mut unknown) = (Vec::new(), Problems::default(), Problems::default());
    let mut first = None;
    for (values, scenario) in scenarios {
        let point = match preparation::market(&scenario) {
            Ok(market) => {
                let request = request(&scenario, &market, outcomes, replications);
                request.map(|request| (market, request)).map_err(|problems| unknown.extend(problems)).ok()
            }
            Err(problems) => {
                let why = problems.0.first().map_or_else(String::new, |problem| problem.what.clone());
                wrong.extend(problems);
                points.push((values, Err(why)));
                continue;
            }
        };
        if let Some(point) = point {
            first.get_or_insert(scenario);
            points.push((values, Ok(point)));
        }
    }
    unknown.into_result(())?;
    match first {
        Some(scenario) => Ok(PreparedScan { axes, points, scenario, replications }),
        None => Err(wrong),
    }
}

/// Every combination of values, the last setting changing fastest.
fn grid(axes: &[Values]) -> Vec<Vec<String>> {
    axes.iter().fold(vec![Vec::new()], |points, axis| {
        let longer = |point: &Vec<String>| -> Vec<Vec<String>> {
            axis.values.iter().map(|value| point.iter().chain([value]).cloned().collect()).collect()
        };
        points.iter().flat_map(longer).collect()
    })
}

fn settings(axes: &[Values], values: &[String]) -> Vec<String> {
    axes.iter().zip(values).map(|(axis, value)| format!("{}={value}", axis.key)).collect()
}

/// All worlds; the outcomes that lines ask for, else the usual ones.
fn request(
    scenario: &Scenario,
    market: &Market,
    lines: &[String],
    replications: u64,
) -> Result<Request, Problems> {
    let experiment = &market.experiment;
    let worlds: Vec<usize> = (0..experiment.models.len()).collect();
    let all = Outcomes::of(&experiment.models, &Wanted::All).expect("all that there is");
    let mut keys: Vec<Key> = Vec::new();
    let mut problems = Problems::default();
    for line in lines {
        match analysis::find(&market.names, &all, line) {
            Ok(found) => keys.extend(found),
            Err(wrong) => problems.push(Problem::new(wrong).fix(
                "write an outcome, a maker or alliance:<name>, a region and a year, as in `share alliance:hnm US 2035`",
            )),
        }
    }
    if lines.is_empty() {
        let compared = worlds.iter().filter(|&&world| world != scenario.reference);
        keys = compared.flat_map(|&world| usual_outcomes(scenario, world, &market.names, &all)).collect();
    }
    problems.into_result(())?;
    let wanted = Wanted::Only(keys);
    Ok(Request::new(experiment, &worlds, &wanted, 0..replications)
        .expect("worlds and outcomes that there are"))
}

impl PreparedScan {
    /// The scenario at the first point that has a market.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    pub fn replications_per_point(&self) -> u64 {
        self.replications
    }

    /// Replications of all points together that are simulated here.
    pub fn replications(&self, work: &Work) -> u64 {
        let points = self.points.iter().filter(|(_, point)| point.is_ok()).count();
        points as u64 * work.replications(&(0..self.replications))
    }

    /// Simulates point after point; `progress` is called with the replications done so far. Of a shard nothing is said.
    pub fn run(self, work: &mut Work, progress: &dyn Progress) -> Result<Option<Scan>, Unfit> {
        let (mut done, mut replications) = (0, 0);
        let mut points = Vec::new();
        for (values, point) in self.points {
            let found = match point {
                Ok((market, request)) => {
                    let experiment = &market.experiment;
                    let ensemble = simulation::run_in(
                        work,
                        experiment,
                        &request,
                        &mut [],
                        None,
                        &After(done, progress),
                    )?;
                    done += work.replications(&request.replications);
                    let Some(ensemble) = ensemble else { continue };
                    replications = ensemble.replications;
                    Ok(Findings {
                        names: market.names,
                        reference: market.experiment.reference,
                        base_year: market.experiment.base_year(),
                        ensemble,
                    })
                }
                Err(why) => Err(why),
            };
            points.push(Point { values, found });
        }
        let scan = Scan { points, axes: self.axes, scenario: self.scenario, replications };
        Ok(work.is_complete().then_some(scan))
    }
}
