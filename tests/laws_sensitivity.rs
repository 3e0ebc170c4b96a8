//! Which input drives a difference: against functions whose indices are known, and in whole runs.
#![allow(clippy::disallowed_methods)]

use std::f64::consts::PI;

use keiretsu::analysis::{Driver, GROUPS, Ranked, drivers};
use keiretsu::uncertainty::Stream;

use crate::support::binary::{Csv, MINIMAL, altered, assert_done, keiretsu, scenario, stdout, temporary};

const DRAWS: usize = 16_384;

fn uniforms(name: &str) -> Vec<f64> {
    let mut values = vec![0.0; DRAWS];
    Stream::new(2, name).uniforms(0, &mut values);
    values
}

/// The drivers of a function of independent uniforms.
fn of(n: usize, function: impl Fn(&[f64]) -> f64) -> Vec<Driver> {
    let inputs: Vec<Vec<f64>> = (0..n).map(|k| uniforms(&format!("x{k}"))).collect();
    let outcome: Vec<f64> =
        (0..DRAWS).map(|r| function(&inputs.iter().map(|input| input[r]).collect::<Vec<_>>())).collect();
    let ranked: Vec<Ranked> = inputs.iter().map(|input| Ranked::new(input)).collect();
    let idle: Vec<Ranked> = ["a", "b", "c"].map(|name| Ranked::new(&uniforms(name))).into();
    let weights: Vec<[f64; GROUPS]> = (0..100)
        .map(|sample| {
            let mut times = [0.0; GROUPS];
            let mut draws = [0.0; GROUPS];
            Stream::new(9, "resamples").uniforms(sample * GROUPS as u64, &mut draws);
            draws.iter().for_each(|u| times[(u * GROUPS as f64) as usize] += 1.0);
            times
        })
        .collect();
    drivers(&ranked, &idle, &outcome, &weights).expect("it varies")
}

/// T. Ishigami & T. Homma, ISUMA 1990: a = 7, b = 0.1.
#[test]
fn first_order_indices_of_ishigami_are_the_analytic_ones() {
    let (a, b) = (7.0, 0.1);
    let found = of(4, |u| {
        let x: Vec<f64> = u.iter().map(|u| PI * (2.0 * u - 1.0)).collect();
        x[0].sin() + a * x[1].sin().powi(2) + b * x[2].powi(4) * x[0].sin()
    });
    let first = 0.5 * (1.0 + b * PI.powi(4) / 5.0).powi(2);
    let variance = a * a / 8.0 + b * PI.powi(4) / 5.0 + b * b * PI.powi(8) / 18.0 + 0.5;
    for (driver, expected) in found.iter().zip([first / variance, a * a / 8.0 / variance, 0.0, 0.0]) {
        let index = driver.first_order;
        assert!((index.value - expected).abs() < 0.012, "{index:?}, expected {expected}");
        assert!(
            index.low - 0.01 <= expected && expected <= index.high + 0.01,
            "{index:?}, expected {expected}"
        );
    }
    // The third acts through the first alone: no first order, but it moves the distribution.
    assert!(found[2].delta.value > 0.1 && found[3].delta.value < 0.03, "{:?}", found[3].delta);
}

/// A. Saltelli & I. M. Sobol', 1995: Π (|4 u − 2| + a)/(1 + a).
#[test]
fn first_order_indices_of_the_g_function_are_the_analytic_ones() {
    let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0];
    let found = of(6, |u| u.iter().zip(a).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product());
    let parts = a.map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a)));
    let variance: f64 = parts.iter().map(|part| 1.0 + part).product::<f64>() - 1.0;
    for (driver, part) in found.iter().zip(parts) {
        assert!(
            (driver.first_order.value - part / variance).abs() < 0.012,
            "{:?}, {}",
            driver,
            part / variance
        );
        // Symmetric about the middle: ranks see nothing.
        assert!(driver.rank_correlation.value.abs() < 0.03);
    }
}

/// Y = X₁ + X₂ of two uniforms: δ = E[(x² + (1 − x)²)/2] = 1/3, each explains half, and Spearman's correlation is
/// 6 E[…] − 3 = 7/10.
#[test]
fn a_sum_of_two_uniforms_in_closed_form() {
    let found = of(3, |u| u[0] + u[1]);
    for driver in &found[..2] {
        // Classes and chance leave it a little low.
        assert!((driver.delta.value - 1.0 / 3.0).abs() < 0.03, "{:?}", driver.delta);
        assert!((driver.first_order.value - 0.5).abs() < 0.015, "{:?}", driver.first_order);
        assert!((driver.rank_correlation.value - 0.7).abs() < 0.01, "{:?}", driver.rank_correlation);
        assert!((driver.mean_if_low - 0.6).abs() < 0.02 && (driver.mean_if_high - 1.4).abs() < 0.02);
        assert!(driver.first_order.low < 0.5 && driver.first_order.high > 0.5);
    }
    // What decides everything moves everything.
    let itself = &of(1, |u| u[0])[0];
    assert!(
        (itself.delta.value - 1.0).abs() < 2e-3 && (itself.first_order.value - 1.0).abs() < 1e-3,
        "{itself:?}"
    );
    let idle = &found[2];
    assert!(idle.delta.low == 0.0 && idle.delta.value < 0.03, "{:?}", idle.delta);
    assert!(idle.first_order.low == 0.0 && idle.first_order.value < 0.005, "{:?}", idle.first_order);
    assert!(idle.rank_correlation.low < 0.0 && idle.rank_correlation.high > 0.0);
}

/// Intervals hold the true value about as often as they say.
#[test]
fn intervals_cover() {
    let mut covered = 0;
    for trial in 0..200 {
        let draw = |name: &str| {
            let mut values = vec![0.0; 2_000];
            Stream::new(trial, name).uniforms(0, &mut values);
            values
        };
        let (x, z) = (draw("x"), draw("z"));
        let y: Vec<f64> = x.iter().zip(&z).map(|(x, z)| x + z).collect();
        let mut weights = vec![[0.0; GROUPS]; 100];
        for (sample, times) in weights.iter_mut().enumerate() {
            let mut draws = [0.0; GROUPS];
            Stream::new(trial, "resamples").uniforms((sample * GROUPS) as u64, &mut draws);
            draws.iter().for_each(|u| times[(u * GROUPS as f64) as usize] += 1.0);
        }
        let found =
            drivers(&[Ranked::new(&x)], &[Ranked::new(&draw("idle"))], &y, &weights).expect("it varies");
        let index = found[0].first_order;
        covered += usize::from(index.low <= 0.5 && 0.5 <= index.high);
    }
    assert!((180..=199).contains(&covered), "{covered} of 200");
}

/// In a run where one input alone decides the difference, the table says so; too few draws say nothing.
#[test]
fn a_run_tells_what_its_difference_depends_on() {
    let folder = temporary();
    let run = |path: &str, replications: &str, out: &str| {
        let output = keiretsu(folder.path(), &["run", path, "--replications", replications, "--out", out]);
        assert_done(&output);
        stdout(&output)
    };
    let text = run(&scenario(MINIMAL), "2000", "all");
    assert!(text.contains("What would change it:"), "{text}");
    let all = Csv::read(&folder.path().join("all"), "sensitivity.csv");
    let inputs = all.distinct("input");
    let named = |inputs: &[String]| inputs.iter().any(|input| input == "costs.scale_elasticity");
    assert!(named(&inputs), "{inputs:?}");
    let path = altered(folder.path(), "{ dist = \"uniform\", low = 0.02, high = 0.05 }", "0.035");
    run(&path, "2000", "one");
    let one = Csv::read(&folder.path().join("one"), "sensitivity.csv");
    assert!(!named(&one.distinct("input")));
    let is_share = |row: &&Vec<String>| {
        row[one.at("outcome")] == "share" && row[one.at("input")] == "alliances.asahi-tsuki.realised_fraction"
    };
    let shares: Vec<&Vec<String>> = one.rows.iter().filter(is_share).collect();
    assert!(!shares.is_empty());
    for row in shares {
        let number = |column: &str| one.number(row, column);
        assert!(number("first_order") > 0.8 && number("rank_correlation").abs() > 0.9, "{row:?}");
        assert!(
            (number("mean_if_high") > number("mean_if_low")) == (number("rank_correlation") > 0.0),
            "{row:?}"
        );
    }
    run(&scenario(MINIMAL), "100", "few");
    assert!(!folder.path().join("few/sensitivity.csv").exists());
}
