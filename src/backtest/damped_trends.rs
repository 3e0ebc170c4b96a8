//! A rival: the rule of version 0.1. A maker's mean change is shrunken towards none (empirical Bayes), goes on
//! with damping, and the yearly spread is one number per region, larger for young makers.

use crate::numeric::Real;
use crate::share_process::Change;

use super::course::Course;

const LARGEST_CHANGE: f64 = 0.5;
const LEAST_PRIOR_SD: f64 = 0.01;
const DAMPING: f64 = 0.8;
/// Yearly sd in the first year of sales, and how much of its excess a year leaves.
const YOUNG_SD: f64 = 0.35;
const YOUNG_DECAY: f64 = 0.7;

/// The rule of a region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    sd: f64,
    prior_sd: f64,
}

impl Rule {
    /// Spread around each maker's mean, and the spread of true means.
    pub fn fit(changes: &[Vec<Change>]) -> Rule {
        let (mut squares, mut freedom) = (0.0, 0.0);
        for series in changes.iter().filter(|series| series.len() >= 2) {
            let mean = mean(series);
            squares += series.iter().map(|change| (cut(change) - mean) * (cut(change) - mean)).sum::<f64>();
            freedom += series.len() as f64 - 1.0;
        }
        let sd = if freedom > 0.0 { (squares / freedom).sqrt() } else { 0.0 };
        let raw: Vec<(f64, f64)> = changes
            .iter()
            .filter(|series| !series.is_empty())
            .map(|series| (mean(series), sd * sd / series.len() as f64))
            .collect();
        let n = raw.len() as f64;
        let prior_sd = if n < 2.0 {
            LEAST_PRIOR_SD
        } else {
            let centre = raw.iter().map(|r| r.0).sum::<f64>() / n;
            let variance = raw.iter().map(|r| (r.0 - centre) * (r.0 - centre)).sum::<f64>() / (n - 1.0);
            let noise = raw.iter().map(|r| r.1).sum::<f64>() / n;
            (variance - noise).max(LEAST_PRIOR_SD * LEAST_PRIOR_SD).sqrt()
        };
        Rule { sd, prior_sd }
    }

    /// A maker's course; `age` in years for a young one. The rest of the market has no trend.
    pub fn course(&self, changes: &[Change], age: Option<i32>, years: usize, is_maker: bool) -> Course {
        let prior = self.prior_sd * self.prior_sd;
        let (trend, trend_sd) = match (changes.len(), is_maker) {
            (_, false) => (0.0, 0.0),
            (0, true) => (0.0, self.prior_sd),
            (n, true) => {
                let noise = self.sd * self.sd / n as f64;
                let weight = prior / (prior + noise);
                (weight * mean(changes), (weight * noise).sqrt())
            }
        };
        let mut course = Course::default();
        let (mut kept, mut sum) = (1.0, 0.0);
        for year in 1..=years {
            sum += kept;
            kept *= DAMPING;
            course.centre.push(trend * sum);
            course.lean.push(trend_sd * sum);
            let excess = age.map_or(0.0, |age| {
                let remains = Real::exp(Real::ln(YOUNG_DECAY) * (f64::from(age) + year as f64));
                (YOUNG_SD - self.sd).max(0.0) * remains
            });
            course.sd.push(self.sd + excess);
        }
        course
    }
}

fn mean(changes: &[Change]) -> f64 {
    changes.iter().map(cut).sum::<f64>() / changes.len() as f64
}

fn cut(change: &Change) -> f64 {
    change.log.clamp(-LARGEST_CHANGE, LARGEST_CHANGE)
}
