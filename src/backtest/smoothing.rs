//! A rival: exponential smoothing of log shares with an additive damped trend (E. S. Gardner and E. McKenzie,
//! Management Science 31, 1985), its three constants chosen per region by past one-year errors.

use crate::numeric::Real;
use crate::share_process::{Maker, Region};

use super::course::Course;

const LEVELS: [f64; 5] = [0.2, 0.4, 0.6, 0.8, 1.0];
const TRENDS: [f64; 4] = [0.0, 0.1, 0.3, 0.5];
const DAMPINGS: [f64; 3] = [0.7, 0.85, 0.98];
/// As in the random walk: assumed yearly sd and its weight.
const ASSUMED: (f64, f64) = (0.15, 10.0);

/// Constants of a region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    level: f64,
    trend: f64,
    damping: f64,
    /// Sd of one-year errors.
    pub sd: f64,
    origin: i32,
}

impl Rule {
    /// The constants with the smallest past errors up to the origin.
    pub fn fit(known: &Region, origin: i32) -> Rule {
        let runs: Vec<Vec<f64>> = known.makers.iter().flat_map(runs).map(|(_, values)| values).collect();
        let mut best: Option<(f64, Rule)> = None;
        for level in LEVELS {
            for trend in TRENDS {
                for damping in DAMPINGS {
                    let mut rule = Rule { level, trend, damping, sd: 0.0, origin };
                    let errors: Vec<f64> = runs.iter().flat_map(|run| rule.smooth(run).2).collect();
                    let sum: f64 = errors.iter().map(|error| error * error).sum();
                    let (assumed, weight) = ASSUMED;
                    rule.sd = ((weight * assumed * assumed + sum) / (weight + errors.len() as f64)).sqrt();
                    if best.is_none_or(|(least, _)| sum < least) {
                        best = Some((sum, rule));
                    }
                }
            }
        }
        best.expect("there are constants to choose from").1
    }

    /// Level and trend at the end of a run, and its one-year errors.
    fn smooth(&self, run: &[f64]) -> (f64, f64, Vec<f64>) {
        let (mut level, mut trend) = (run[0], 0.0);
        let mut errors = Vec::new();
        for value in &run[1..] {
            let expected = level + self.damping * trend;
            let error = value - expected;
            errors.push(error);
            level = expected + self.level * error;
            trend = self.damping * trend + self.level * self.trend * error;
        }
        (level, trend, errors)
    }

    /// The course of a maker after the origin, seen from its share there.
    pub fn course(&self, maker: &Maker, years: usize) -> Course {
        let run = runs(maker).into_iter().rfind(|(last, _)| *last == self.origin);
        let (level, trend, now) = run.map_or((0.0, 0.0, 0.0), |(_, run)| {
            let (level, trend, _) = self.smooth(&run);
            (level, trend, run[run.len() - 1])
        });
        let mut course = Course::default();
        let (mut damped, mut sum, mut weight) = (1.0, 0.0, 1.0);
        for _ in 0..years {
            damped *= self.damping;
            sum += damped;
            course.centre.push(level + trend * sum - now);
            course.lean.push(0.0);
            // An error moves the level by `level` and the later trend by what is left of it.
            course.sd.push(self.sd * weight);
            weight = self.level * (1.0 + self.trend * sum);
        }
        course
    }
}

/// Log shares of consecutive years on one basis, with their last year.
fn runs(maker: &Maker) -> Vec<(i32, Vec<f64>)> {
    let mut runs: Vec<(i32, Vec<f64>)> = Vec::new();
    for point in &maker.points {
        let value = Real::ln(point.share);
        match runs.last_mut() {
            Some((last, _)) if *last == point.year => {}
            Some((last, run))
                if *last == point.year - 1 && maker.comparable(point.year - 1, point.year).is_some() =>
            {
                *last = point.year;
                run.push(value);
            }
            _ => runs.push((point.year, vec![value])),
        }
    }
    runs
}
