//! Whether streams are uniform and independent, and draws have the means they should have.

use super::{Check, Size};
use crate::numeric::Real;
use crate::uncertainty::{
    Design, Distribution, Draws, Parameter, ParameterSpace, Provenance, Role, Stream, pearson_of_rank,
};

const STREAMS: usize = 100;
const BINS: usize = 50;

/// Uniformity and independence of the random numbers of differently named quantities.
pub(super) fn streams(size: Size) -> Vec<Check> {
    let n = size.draws;
    let all: Vec<Vec<f64>> = (0..STREAMS)
        .map(|name| {
            let mut values = vec![0.0; n];
            Stream::new(1, &format!("selftest.{name}")).uniforms(0, &mut values);
            values
        })
        .collect();
    let chi_squared: f64 = all.iter().map(|values| chi_squared(values)).sum();
    let freedom = (STREAMS * (BINS - 1)) as f64;
    // Of so many degrees of freedom χ² is about normal, with variance 2 per degree.
    let off = (chi_squared - freedom) / (2.0 * freedom).sqrt();
    let pairs = (0..STREAMS).flat_map(|a| (0..a).map(move |b| (a, b)));
    let largest = pairs.map(|(a, b)| correlation(&all[a], &all[b]).abs()).fold(0.0, f64::max);
    let serial =
        all.iter().map(|values| correlation(&values[1..], &values[..n - 1]).abs()).fold(0.0, f64::max);
    // 4,950 independent pairs reach five standard errors in one of 350 tries.
    let limit = 5.0 / (n as f64).sqrt();
    let uncorrelated = |about, found: f64| Check {
        about,
        found: format!("{found:.4}"),
        expected: format!("below {limit:.4}"),
        holds: found < limit,
    };
    vec![
        Check {
            about: "streams are uniform: χ² of 100 streams in 50 classes, in standard deviations from its mean",
            found: format!("{off:+.2}"),
            expected: "between -4 and 4".into(),
            holds: off.abs() < 4.0,
        },
        uncorrelated("streams are independent: largest correlation between any two of them", largest),
        uncorrelated(
            "replications are independent: largest correlation of a stream with itself, one later",
            serial,
        ),
    ]
}

fn chi_squared(uniforms: &[f64]) -> f64 {
    let mut counts = [0.0; BINS];
    uniforms.iter().for_each(|u| counts[(u * BINS as f64) as usize] += 1.0);
    let expected = uniforms.len() as f64 / BINS as f64;
    counts.iter().map(|count| (count - expected) * (count - expected) / expected).sum()
}

fn correlation(one: &[f64], other: &[f64]) -> f64 {
    let n = one.len() as f64;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / n;
    let (mean_one, mean_other) = (mean(one), mean(other));
    let product = |f: &dyn Fn(f64, f64) -> f64| {
        one.iter().zip(other).map(|(x, y)| f(x - mean_one, y - mean_other)).sum::<f64>()
    };
    product(&|x, y| x * y) / (product(&|x, _| x * x) * product(&|_, y| y * y)).sqrt()
}

/// A distribution with its mean and variance from theory.
fn with_moments() -> [(&'static str, Distribution, f64, f64); 10] {
    let exp = |x: f64| <f64 as Real>::exp(x);
    let normal = |low| Distribution::Normal { mean: 0.0, sd: 1.0, low, high: None };
    let half = 2.0 / std::f64::consts::PI;
    [
        ("uniform", Distribution::Uniform { low: 2.0, high: 6.0 }, 4.0, 16.0 / 12.0),
        ("triangular", Distribution::Triangular { low: 0.0, mode: 1.0, high: 3.0 }, 4.0 / 3.0, 7.0 / 18.0),
        ("PERT", Distribution::Pert { low: 0.0, mode: 1.0, high: 4.0 }, 4.0 / 3.0, 32.0 / 63.0),
        ("normal", normal(None), 0.0, 1.0),
        ("normal, half of it cut off", normal(Some(0.0)), half.sqrt(), 1.0 - half),
        (
            "lognormal",
            Distribution::LogNormal { median: 1.0, sd_log: 0.5, low: None, high: None },
            exp(0.125),
            exp(0.5) - exp(0.25),
        ),
        ("beta", Distribution::Beta { alpha: 2.0, beta: 3.0, low: 0.0, high: 1.0 }, 0.4, 0.04),
        ("Student t", Distribution::StudentT { median: 1.0, scale: 1.0, freedom: 5.0 }, 1.0, 5.0 / 3.0),
        ("gamma", Distribution::Gamma { shape: 3.0, scale: 2.0 }, 6.0, 12.0),
        (
            "discrete",
            Distribution::Discrete { values: vec![0.0, 1.0], weights: vec![3.0, 1.0] },
            0.25,
            0.1875,
        ),
    ]
}

/// Means of draws against theory, under every design.
pub(super) fn distributions(size: Size) -> Vec<Check> {
    let n = size.draws;
    let of_design = |about, design: Design, limit: f64| {
        let off = |(name, distribution, mean, variance): &(&'static str, Distribution, f64, f64)| {
            let space = space(&[(*name, distribution.clone())]);
            let mut values = vec![0.0; n];
            Draws::new(&space, 1, design).evaluate_parameter(0, 0, &mut values);
            let found = values.iter().sum::<f64>() / n as f64;
            (*name, (found - mean) / (variance / n as f64).sqrt())
        };
        let largest = with_moments().iter().map(off).max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
        let (name, off) = largest.expect("some distributions");
        Check {
            about,
            found: format!("{off:+.2} ({name})"),
            expected: format!("between -{limit} and {limit}"),
            holds: off.abs() < limit,
        }
    };
    let designed = n as u64;
    vec![
        of_design(
            "means of 10 distributions: the one farthest from theory, in standard errors",
            Design::MonteCarlo,
            4.0,
        ),
        of_design("… under a Latin hypercube", Design::LatinHypercube { size: designed }, 0.5),
        of_design("… with Sobol' points", Design::Sobol { size: designed }, 0.5),
    ]
}

/// Rank correlations that are met.
pub(super) fn correlations(size: Size) -> Vec<Check> {
    const ASKED: f64 = 0.7;
    let mut space = space(&[
        ("one", Distribution::Gamma { shape: 0.5, scale: 1.0 }),
        ("other", Distribution::Triangular { low: 0.0, mode: 0.0, high: 1.0 }),
    ]);
    space.correlate("one", "other", pearson_of_rank(ASKED));
    let draws = Draws::new(&space, 1, Design::MonteCarlo);
    // Ranks of the draws are ranks of their uniforms, which are uniform themselves: Spearman's is their correlation.
    let uniforms = |parameter| -> Vec<f64> {
        (0..size.draws as u64).map(|r| draws.uniform(parameter, r).expect("a draw")).collect()
    };
    let found = correlation(&uniforms(0), &uniforms(1));
    let limit = 4.0 / (size.draws as f64).sqrt();
    vec![Check {
        about: "correlated inputs: Spearman's correlation of two that are asked to have 0.7",
        found: format!("{found:.4}"),
        expected: format!("within {limit:.4}"),
        holds: (found - ASKED).abs() < limit,
    }]
}

fn space(inputs: &[(&str, Distribution)]) -> ParameterSpace {
    let mut space = ParameterSpace::new();
    for (name, distribution) in inputs {
        let (key, stream) = ((*name).to_owned(), (*name).to_owned());
        let (distribution, provenance) = (distribution.clone(), Provenance::default());
        space.add(Parameter { role: Role::Input, key, stream, distribution, provenance });
    }
    space
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that are not uniform, or not independent, are found.
    #[test]
    fn what_is_wrong_is_found() {
        let mut uniforms = vec![0.0; 10_000];
        Stream::new(1, "x").uniforms(0, &mut uniforms);
        let skewed: Vec<f64> = uniforms.iter().map(|u| u * (0.7 + 0.3 * u)).collect();
        assert!(chi_squared(&uniforms) < 100.0 && chi_squared(&skewed) > 200.0);
        assert!((correlation(&uniforms, &skewed) - 1.0).abs() < 0.05);
    }
}
