//! Every origin: what was known, what each method said, what happened.

use rayon::prelude::*;

use super::course::Course;
use super::rivals::{Method, Rules};
use super::score::{Score, energy};
use super::simulate::{Shocks, simulate};
use crate::share_process::{Constants, Estimate, Region};

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub origins: Vec<i32>,
    /// Years ahead, in rising order.
    pub horizons: Vec<usize>,
    pub methods: Vec<Method>,
    pub draws: usize,
    pub seed: u64,
    pub constants: Constants,
}

/// Whether a maker was new at the origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Mature,
    Newcomer,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Mature => "mature",
            Kind::Newcomer => "newcomer",
        }
    }
}

/// One forecast and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    pub origin: i32,
    pub horizon: usize,
    pub region: String,
    pub manufacturer: String,
    pub kind: Kind,
    pub method: Method,
    pub share_origin: f64,
    pub actual: f64,
    pub score: Score,
}

/// The energy score of all makers of a region together.
#[derive(Clone, Debug, PartialEq)]
pub struct Joint {
    pub origin: i32,
    pub horizon: usize,
    pub region: String,
    pub method: Method,
    pub energy: f64,
}

/// A maker that was not scored, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Skipped {
    pub origin: i32,
    /// `None` where no horizon could be forecast.
    pub horizon: Option<usize>,
    pub region: String,
    pub manufacturer: String,
    pub reason: &'static str,
}

/// What a region's past said at an origin.
#[derive(Clone, Debug, PartialEq)]
pub struct AtOrigin {
    pub origin: i32,
    pub region: String,
    pub estimate: Estimate,
    /// Rows that were known.
    pub rows: usize,
    /// SHA-256 of all that was known.
    pub sha256: String,
}

/// All that was forecast.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rolled {
    pub forecasts: Vec<Forecast>,
    pub joint: Vec<Joint>,
    pub skipped: Vec<Skipped>,
    pub origins: Vec<AtOrigin>,
}

impl Rolled {
    /// First and last year that was forecast from and scored.
    pub fn span(&self) -> Option<(i32, i32)> {
        let origins = || self.forecasts.iter().map(|forecast| forecast.origin);
        origins().min().zip(origins().max())
    }
}

/// Forecasts every region from every origin.
pub fn roll(regions: &[Region], plan: &Plan) -> Rolled {
    let pairs: Vec<(&Region, i32)> =
        regions.iter().flat_map(|region| plan.origins.iter().map(move |origin| (region, *origin))).collect();
    let parts: Vec<Rolled> =
        pairs.par_iter().map(|(region, origin)| at_origin(region, *origin, plan)).collect();
    let mut all = Rolled::default();
    for part in parts {
        all.forecasts.extend(part.forecasts);
        all.joint.extend(part.joint);
        all.skipped.extend(part.skipped);
        all.origins.extend(part.origins);
    }
    all
}

/// A maker that is forecast.
struct Target<'a> {
    name: &'a str,
    kind: Kind,
    share: f64,
    /// Place among the makers known at the origin.
    known: usize,
}

fn at_origin(region: &Region, origin: i32, plan: &Plan) -> Rolled {
    let mut rolled = Rolled::default();
    let known = region.known_at(origin);
    let least = plan.constants.least_share;
    let skip = |horizon: Option<usize>, maker: &str, reason: &'static str| Skipped {
        origin,
        horizon,
        region: region.name.clone(),
        manufacturer: maker.to_owned(),
        reason,
    };
    let years = plan.horizons.iter().copied().max().unwrap_or(1);
    let rules = Rules::estimate(&known, origin, years, &plan.constants);
    let mut targets = Vec::new();
    for (place, maker) in known.makers.iter().enumerate() {
        let Some(share) = maker.share(origin) else {
            rolled.skipped.push(skip(None, &maker.name, "no share at the origin"));
            continue;
        };
        if share < least {
            rolled.skipped.push(skip(None, &maker.name, "share under 0.1 %"));
            continue;
        }
        let kind = if rules.is_new(maker) { Kind::Newcomer } else { Kind::Mature };
        targets.push(Target { name: &maker.name, kind, share, known: place });
    }
    if targets.is_empty() {
        return rolled;
    }
    rolled.origins.push(AtOrigin {
        origin,
        region: region.name.clone(),
        estimate: rules.process.clone(),
        rows: known.makers.iter().map(|maker| maker.points.len()).sum(),
        sha256: known.fingerprint(),
    });
    let mut shares: Vec<f64> = targets.iter().map(|target| target.share).collect();
    shares.push((1.0 - shares.iter().sum::<f64>()).max(0.0));
    let mut names: Vec<&str> = targets.iter().map(|target| target.name).collect();
    names.push("");
    let shocks = Shocks::new(plan.seed, &region.name, origin, &names, years, plan.draws);

    let mut actuals: Vec<Vec<Option<f64>>> = Vec::new();
    for &horizon in &plan.horizons {
        let year = origin + horizon as i32;
        actuals.push(
            targets
                .iter()
                .map(|target| {
                    let actual = actual(region, target.name, origin, year);
                    if let Err(reason) = actual {
                        rolled.skipped.push(skip(Some(horizon), target.name, reason));
                    }
                    actual.ok()
                })
                .collect(),
        );
    }
    for maker in region.makers.iter().filter(|maker| !known.makers.iter().any(|k| k.name == maker.name)) {
        let last = origin + years as i32;
        if maker.points.iter().any(|point| point.year <= last) {
            rolled.skipped.push(skip(None, &maker.name, "entered after the origin"));
        }
    }
    for &method in &plan.methods {
        let Some(freedom) = rules.freedom(method) else { continue };
        let courses: Vec<Course> = targets
            .iter()
            .map(|target| rules.course(method, Some(target.known), target.share))
            .chain([rules.course(method, None, shares[shares.len() - 1])])
            .collect();
        for (&horizon, actuals) in plan.horizons.iter().zip(&actuals) {
            if actuals.iter().all(Option::is_none) {
                continue;
            }
            let mut sample = simulate(&shocks, &shares, &courses, horizon, freedom);
            let seen: Vec<(usize, f64)> =
                actuals.iter().enumerate().filter_map(|(at, actual)| Some((at, (*actual)?))).collect();
            let parts: Vec<&[f64]> = seen.iter().map(|(at, _)| sample[*at].as_slice()).collect();
            let together: Vec<f64> = seen.iter().map(|(_, actual)| *actual).collect();
            rolled.joint.push(Joint {
                origin,
                horizon,
                region: region.name.clone(),
                method,
                energy: energy(&parts, &together),
            });
            for (at, actual) in seen {
                rolled.forecasts.push(Forecast {
                    origin,
                    horizon,
                    region: region.name.clone(),
                    manufacturer: targets[at].name.to_owned(),
                    kind: targets[at].kind,
                    method,
                    share_origin: targets[at].share,
                    actual,
                    score: Score::of(&mut sample[at], actual),
                });
            }
        }
    }
    rolled
}

/// The share that a maker turned out to have, counted as at the origin.
fn actual(region: &Region, maker: &str, origin: i32, year: i32) -> Result<f64, &'static str> {
    let maker = region.makers.iter().find(|other| other.name == maker).ok_or("no target")?;
    if let Some((_, actual)) = maker.comparable(origin, year) {
        return Ok(actual);
    }
    let last = region.years().map_or(origin, |(_, last)| last);
    Err(match maker.share(year) {
        Some(_) => "counted in another way in the target year",
        None if year > last => "the table ends before the target year",
        None if maker.points.iter().all(|point| point.year < year) => "no share from the target year on",
        None => "no share in the target year",
    })
}
