//! Designs of the draws: what they keep, and what they save.

use keiretsu::preparation;
use keiretsu::scenario::load_with;

use crate::support::lab::{Lab, shipped};

const SOBOL: &str = "scenario.design=\"sobol\"";
const LATIN: &str = "scenario.design=\"latin-hypercube\"";
const SHARE: &str = "share alliance:asahi-tsuki Home";

/// What is drawn for every parameter in the first replications, by key.
fn drawn(settings: &[&str]) -> Vec<(String, Vec<f64>)> {
    let settings: Vec<String> = settings.iter().map(|text| (*text).to_owned()).collect();
    let scenario = load_with(&shipped("minimal.toml"), &settings, Some(500), Some(3));
    let scenario = scenario.unwrap_or_else(|problems| panic!("{problems}"));
    let market = preparation::market(&scenario).unwrap_or_else(|problems| panic!("{problems}"));
    let experiment = market.experiment;
    let draws = experiment.draws();
    let parameters = experiment.space.parameters().iter().enumerate();
    parameters
        .filter(|(_, known)| !known.key.is_empty() && !known.distribution.is_fixed())
        .map(|(index, known)| {
            let mut values = vec![0.0; 64];
            draws.evaluate_parameter(index, 0, &mut values);
            (known.key.clone(), values)
        })
        .collect()
}

/// One more uncertain input changes no draw of the others, under either design; the designs differ.
#[test]
fn an_unrelated_input_changes_no_draw() {
    let more = "regions.Home.nest_rho={ dist = \"uniform\", low = 0.1, high = 0.2 }";
    for design in [&[][..], &[LATIN]] {
        let before = drawn(design);
        let after = drawn(&[design, &[more]].concat());
        assert_eq!(after.len(), before.len() + 1);
        for (key, values) in &before {
            let (_, again) = after.iter().find(|(known, _)| known == key).expect("still there");
            assert_eq!(values, again, "{key}");
        }
    }
    assert_ne!(drawn(&[]), drawn(&[LATIN]));
}

/// Under Sobol' points too an input that is set leaves the draws of all others as they were.
#[test]
fn a_set_input_changes_no_other_draw() {
    for design in [&[][..], &[LATIN], &[SOBOL]] {
        let before = drawn(design);
        let after = drawn(&[design, &["costs.scale_elasticity=0.03"]].concat());
        assert_eq!(after.len(), before.len() - 1);
        for (key, values) in &after {
            let (_, again) = before.iter().find(|(known, _)| known == key).expect("there before");
            assert_eq!(values, again, "{design:?}: {key}");
        }
    }
}

/// Means over a Latin hypercube and over Sobol' points scatter less from seed to seed, around the same value.
#[test]
fn designs_save_draws() {
    let mean = |design: &[&str], seed: u64| {
        let lab = Lab::run(&shipped("minimal.toml"), design, 256, seed);
        lab.difference("together", 0, SHARE, 2030).mean
    };
    let over_seeds = |design: &[&str]| {
        let means: Vec<f64> = (0..24).map(|seed| mean(design, seed)).collect();
        let middle = means.iter().sum::<f64>() / 24.0;
        let spread = (means.iter().map(|mean| (mean - middle) * (mean - middle)).sum::<f64>() / 23.0).sqrt();
        (middle, spread)
    };
    let (plain, plain_spread) = over_seeds(&[]);
    for (design, part) in [(LATIN, 0.5), (SOBOL, 0.3)] {
        let (middle, spread) = over_seeds(&[design]);
        assert!(spread < part * plain_spread, "{design}: {spread} against {plain_spread}");
        let error = (plain_spread * plain_spread / 24.0 + spread * spread / 24.0).sqrt();
        assert!((plain - middle).abs() < 4.0 * error, "{design}: {plain} against {middle}");
    }
}
