//! The methods that are scored, each as a course for every maker: where its log share goes and how it spreads.

use crate::numeric::Real;
use crate::share_process::{Change, Constants, Estimate, Maker, Region, estimate, outlook};

use super::course::Course;
use super::{damped_trends, smoothing};

/// A way to forecast shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// A random walk with one spread per region.
    PersistenceWalk,
    /// Shares stay, with the region's own past errors of the same horizon, made symmetric.
    PersistenceErrors,
    /// Shares stay, with the spread of the share process: the one that is hard to beat.
    PersistenceSize,
    /// Each maker's own mean change goes on.
    Drift,
    /// Exponential smoothing with a damped trend.
    Smoothing,
    /// Shrunken, damped trends: the rule of version 0.1.
    DampedTrends,
    /// The share process.
    Process,
    /// The share process with constants that were chosen without the region's panel.
    ProcessElsewhere,
}

impl Method {
    /// All, the share process last.
    pub const ALL: [Method; 8] = [
        Method::PersistenceWalk,
        Method::PersistenceErrors,
        Method::PersistenceSize,
        Method::Drift,
        Method::Smoothing,
        Method::DampedTrends,
        Method::Process,
        Method::ProcessElsewhere,
    ];

    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            Method::PersistenceWalk => "persistence-rw",
            Method::PersistenceErrors => "persistence-emp",
            Method::PersistenceSize => "persistence-size",
            Method::Drift => "drift",
            Method::Smoothing => "ets",
            Method::DampedTrends => "damped-trends",
            Method::Process => "process",
            Method::ProcessElsewhere => "process-elsewhere",
        }
    }
}

/// Assumed yearly sd of log share where there is no past, and its weight in changes.
const ASSUMED_SD: f64 = 0.15;
const ASSUMED_WEIGHT: f64 = 10.0;

/// The rules of a region at an origin, estimated from what was known there.
pub struct Rules<'a> {
    known: &'a Region,
    origin: i32,
    years: usize,
    changes: Vec<Vec<Change>>,
    constants: Constants,
    /// Constants chosen without this region, and what they say.
    elsewhere: Option<(Constants, Estimate)>,
    pub process: Estimate,
    stays: Estimate,
    walk_sd: f64,
    errors: Vec<Vec<f64>>,
    smoothing: smoothing::Rule,
    trends: damped_trends::Rule,
}

impl<'a> Rules<'a> {
    pub fn estimate(known: &'a Region, origin: i32, years: usize, constants: &Constants) -> Rules<'a> {
        let c = constants;
        let changes = known.changes(c);
        let elsewhere = Constants::chosen_without(&known.name);
        // Growth with all weight on none.
        let without_direction = Constants { carries: false, growth: 0.0, growth_weight: 1e12, ..c.clone() };
        let all = || changes.iter().flatten();
        let squares: f64 = all().map(|change| change.log * change.log).sum();
        let n = all().count() as f64;
        let assumed = ASSUMED_WEIGHT * ASSUMED_SD * ASSUMED_SD;
        Rules {
            origin,
            years,
            process: estimate(&changes, c),
            elsewhere: elsewhere.map(|c| (c.clone(), estimate(&changes, &c))),
            stays: Estimate {
                growth: 0.0,
                carry: 0.0,
                newcomer_scale: 1.0,
                ..estimate(&changes, &without_direction)
            },
            walk_sd: ((assumed + squares) / (ASSUMED_WEIGHT + n)).sqrt(),
            errors: (1..=years).map(|h| past_errors(known, h as i32, c.least_share)).collect(),
            smoothing: smoothing::Rule::fit(known, origin),
            trends: damped_trends::Rule::fit(&changes),
            known,
            changes,
            constants: c.clone(),
        }
    }

    /// Degrees of freedom of a method's draws in scale; `None` where it has nothing to say here.
    pub fn freedom(&self, method: Method) -> Option<f64> {
        match method {
            Method::ProcessElsewhere => self.elsewhere.as_ref().map(|(constants, _)| constants.freedom),
            _ => Some(self.constants.freedom),
        }
    }

    /// The course of a maker, by its place in the region, or of the rest of the market.
    pub fn course(&self, method: Method, maker: Option<usize>, share: f64) -> Course {
        let years = self.years;
        let known = maker.map(|maker| (&self.known.makers[maker], &self.changes[maker]));
        let changes: &[Change] = known.map_or(&[], |(_, changes)| changes);
        let new = known.is_some_and(|(maker, _)| self.is_new(maker));
        let last = changes.last().filter(|change| change.year == self.origin);
        let process = |estimate: &Estimate, constants: &Constants| {
            Course::of(outlook(estimate, constants, share, new, last, years), constants.growth_damping)
        };
        match method {
            Method::PersistenceWalk => Course::walk(self.walk_sd, years),
            Method::PersistenceErrors => {
                let enough = self.errors.iter().all(|errors| errors.len() >= 10);
                let errors = if enough { self.errors.clone() } else { Vec::new() };
                Course { errors, ..Course::walk(self.walk_sd, years) }
            }
            Method::PersistenceSize => {
                Course { lean: vec![0.0; years], ..process(&self.stays, &self.constants) }
            }
            Method::Drift => {
                let n = changes.len() as f64;
                let mut course = Course::walk(self.walk_sd, years);
                if n > 0.0 {
                    let mean = changes.iter().map(|change| change.log).sum::<f64>() / n;
                    let error = self.walk_sd / n.sqrt();
                    course.centre = (1..=years).map(|t| mean * t as f64).collect();
                    course.lean = (1..=years).map(|t| error * t as f64).collect();
                }
                course
            }
            Method::Smoothing => match known {
                Some((maker, _)) => self.smoothing.course(maker, years),
                None => Course::walk(self.smoothing.sd, years),
            },
            Method::DampedTrends => {
                let age = known.and_then(|(maker, _)| maker.first_sale).map(|first| self.origin - first);
                self.trends.course(changes, age.filter(|_| new), years, known.is_some())
            }
            Method::Process => process(&self.process, &self.constants),
            Method::ProcessElsewhere => {
                let (constants, estimate) = self.elsewhere.as_ref().expect("asked only where there is one");
                process(estimate, constants)
            }
        }
    }

    pub fn is_new(&self, maker: &Maker) -> bool {
        maker.is_new(self.origin, self.constants.new_for_years)
    }
}

/// Errors of "the share stays" over a horizon in the past, and the same with the other sign, sorted.
fn past_errors(known: &Region, horizon: i32, least_share: f64) -> Vec<f64> {
    let mut errors: Vec<f64> = known
        .makers
        .iter()
        .flat_map(|maker| {
            let mut years: Vec<i32> = maker.points.iter().map(|point| point.year).collect();
            years.dedup();
            years.into_iter().filter_map(move |year| maker.comparable(year, year + horizon))
        })
        .filter(|(before, _)| *before >= least_share)
        .map(|(before, after)| Real::ln(after / before))
        .flat_map(|error| [error, -error])
        .collect();
    errors.sort_by(f64::total_cmp);
    errors
}
