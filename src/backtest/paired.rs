//! Whether one method is better than another, or was lucky: tests on the differences by origin.

use crate::numeric::Real;
use crate::uncertainty::Stream;

/// Fewer origins allow no statement.
const FEWEST_ORIGINS: usize = 3;
const RESAMPLES: usize = 2000;

/// Mean difference by origin against none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Paired {
    /// Diebold–Mariano statistic with its p-value; `None` with too few origins.
    pub test: Option<(f64, f64)>,
    /// 5 % and 95 % of the mean over resampled blocks of origins.
    pub interval: Option<(f64, f64)>,
}

/// Tests differences (one per origin, in order) of forecasts `horizon` years ahead.
///
/// F. X. Diebold and R. S. Mariano (JBES 13, 1995) with Bartlett weights over horizon − 1 lags (W. K. Newey and
/// K. D. West, 1987) and the correction of D. Harvey, S. Leybourne and P. Newbold (IJF 13, 1997); t with n − 1
/// degrees of freedom. Interval: bootstrap over circular blocks of `horizon` origins.
pub fn paired(differences: &[f64], horizon: usize, stream: &Stream) -> Paired {
    Paired { test: diebold_mariano(differences, horizon), interval: interval(differences, horizon, stream) }
}

fn diebold_mariano(differences: &[f64], horizon: usize) -> Option<(f64, f64)> {
    let n = differences.len();
    if n < FEWEST_ORIGINS || n < horizon + 1 {
        return None;
    }
    let size = n as f64;
    let mean = differences.iter().sum::<f64>() / size;
    let covariance = |lag: usize| {
        let pairs = differences.iter().zip(&differences[lag..]);
        pairs.map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>() / size
    };
    let lags = (1..horizon).map(|lag| 2.0 * (1.0 - lag as f64 / horizon as f64) * covariance(lag));
    let variance = covariance(0) + lags.sum::<f64>();
    if variance <= 0.0 {
        return None;
    }
    let h = horizon as f64;
    let correction = ((size + 1.0 - 2.0 * h + h * (h - 1.0) / size) / size).max(0.0).sqrt();
    let t = correction * mean / (variance / size).sqrt();
    Some((t, two_sided(t, n - 1)))
}

/// P(|T| > |t|) of Student's t.
fn two_sided(t: f64, freedom: usize) -> f64 {
    // With u = t/√(n + t²) the density is proportional to (1 − u²)^(n/2 − 1); u = 1 − w² keeps it smooth.
    let n = freedom as f64;
    let density = |w: f64| {
        let u = 1.0 - w * w;
        let base = (1.0 - u * u).max(0.0);
        let body = if base > 0.0 { Real::exp((0.5 * n - 1.0) * Real::ln(base)) } else { f64::from(n == 2.0) };
        body * 2.0 * w
    };
    let integral = |to: f64| {
        let steps = 2000;
        let width = to / f64::from(steps);
        (0..steps).map(|step| density((f64::from(step) + 0.5) * width) * width).sum::<f64>()
    };
    let u = t.abs() / (n + t * t).sqrt();
    integral((1.0 - u).max(0.0).sqrt()) / integral(1.0)
}

fn interval(differences: &[f64], horizon: usize, stream: &Stream) -> Option<(f64, f64)> {
    let n = differences.len();
    if n < 2 {
        return None;
    }
    let block = horizon.min(n);
    let blocks = n.div_ceil(block);
    let mut uniforms = vec![0.0; RESAMPLES * blocks];
    stream.uniforms(0, &mut uniforms);
    let mut means: Vec<f64> = uniforms
        .chunks_exact(blocks)
        .map(|starts| {
            let places = starts.iter().flat_map(|start| {
                let start = (start * n as f64) as usize;
                (0..block).map(move |step| (start + step) % n)
            });
            places.take(n).map(|place| differences[place]).sum::<f64>() / n as f64
        })
        .collect();
    means.sort_by(f64::total_cmp);
    Some((super::score::quantile(&means, 0.05), super::score::quantile(&means, 0.95)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, StudentsT};

    #[test]
    fn p_values_are_those_of_students_t() {
        for freedom in [2, 3, 7, 10, 30] {
            let reference = StudentsT::new(0.0, 1.0, freedom as f64).unwrap();
            for t in [0.0, 0.5, 1.0, 2.0, 4.0] {
                let exact = 2.0 * (1.0 - reference.cdf(t));
                assert!((two_sided(t, freedom) - exact).abs() < 1e-5, "{freedom} {t}");
            }
        }
    }

    #[test]
    fn one_year_ahead_it_is_the_t_test_up_to_its_degrees_of_freedom() {
        let d = [0.1, 0.3, -0.1, 0.2, 0.25, 0.05];
        let n = d.len() as f64;
        let mean = d.iter().sum::<f64>() / n;
        let s2 = d.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
        let (t, _) = diebold_mariano(&d, 1).unwrap();
        assert!((t - mean / (s2 / n).sqrt()).abs() < 1e-12);
        assert_eq!(diebold_mariano(&d[..2], 1), None);
    }

    #[test]
    fn the_interval_holds_a_clear_difference_away_from_zero() {
        let d = [0.1, 0.3, 0.15, 0.2, 0.25, 0.05];
        let (low, high) = interval(&d, 2, &Stream::new(1, "bootstrap")).unwrap();
        let mean = d.iter().sum::<f64>() / 6.0;
        assert!(0.0 < low && low < mean && mean < high && high < 0.3);
    }
}
