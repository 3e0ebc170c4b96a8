//! Tests of the inversion: it undoes the solver, and reproduces the elasticities it was given.
#![allow(clippy::disallowed_methods)]

use super::invert::{Observation, costs, sensitivity, utilities};
use super::specimen::{Specimen, worst_condition};
use super::*;
use crate::numeric::Real;

#[test]
fn inversion_undoes_the_solver() {
    for response in [PriceResponse::Linear, PriceResponse::Log] {
        for seed in 0..60 {
            let mut specimen = Specimen::rich(seed, response, 12, 5, 1 + seed as usize % 3);
            specimen.nest_shares.clear();
            specimen.fixed_price.clear();
            for (lane, outcome) in specimen.solve_one_by_one().iter().enumerate() {
                if !outcome.converged {
                    continue;
                }
                specimen.with_market::<f64, _>((), lane, |market| {
                    let units: Vec<f64> = outcome.share.iter().map(|s| s * 12_345.0).collect();
                    let seen = Observation { market, price: &outcome.price, units: &units };
                    let (mut cost, mut utility) = (vec![0.0; 12], vec![0.0; 12]);
                    let mut work = Workspace::new((), &market.layout);
                    let (alpha, outside) = (market.types.alpha[0], outcome.outside_share);
                    utilities((), &seen, alpha, outside, &mut utility);
                    costs((), &seen, alpha, outside, &mut work, &mut cost);
                    for j in 0..12 {
                        let near =
                            |a: f64, b: f64, tolerance: f64| (a - b).abs() < tolerance * (1.0 + b.abs());
                        assert!(near(cost[j], market.cost[j], 1e-11), "{response:?} {seed} cost {j}");
                        if outcome.share[j] > 1e-12 {
                            assert!(
                                near(utility[j], market.utility[j], 1e-10),
                                "{response:?} {seed} utility {j}"
                            );
                        }
                    }
                    // And back: the recovered market has the observed prices as its equilibrium.
                    let again = Market { utility, cost, ..market.clone() };
                    let solution = solve((), &again, &mut work, Start::Previous, Options::default());
                    assert!(solution.converged && solution.iterations <= 3.0);
                    for j in 0..12 {
                        assert!((work.price[j] - outcome.price[j]).abs() < 1e-9 * outcome.price[j]);
                    }
                });
            }
        }
    }
}

/// d ln s/d ln p by central differences of the solver's own shares at fixed prices.
fn share_at(market: &Market<f64>, prices: &[f64]) -> Vec<f64> {
    let mut work = Workspace::new((), &market.layout);
    let fixed = Market { fixed_price: prices.to_vec(), ..market.clone() };
    solve((), &fixed, &mut work, Start::Cold, Options::default());
    work.share
}

#[test]
fn elasticities_are_reproduced() {
    for response in [PriceResponse::Linear, PriceResponse::Log] {
        for seed in 0..30 {
            let mut specimen = Specimen::plain(seed, response, 10, 4, 2);
            specimen.rho.fill(0.4);
            specimen.credit = vec![0.1; specimen.cost.len()];
            specimen.tax = vec![0.2; specimen.cost.len()];
            let outcome = &specimen.solve_one_by_one()[0];
            specimen.with_market::<f64, _>((), 0, |market| {
                let seen = Observation { market, price: &outcome.price, units: &outcome.share };
                let (own, whole) = (-4.0, -0.8);
                let found = sensitivity((), &seen, own, whole);
                assert!(found.feasible, "{response:?} {seed}");
                let mut utility = vec![0.0; 10];
                utilities((), &seen, found.alpha, found.outside_share, &mut utility);
                let types = Types { weight: vec![1.0], alpha: vec![found.alpha], taste: Vec::new() };
                let again = Market { utility, types, ..market.clone() };
                let base = share_at(&again, &outcome.price);
                let inside: f64 = base.iter().sum();
                assert!((inside + found.outside_share - 1.0).abs() < 1e-12);
                let step = 1e-5;
                let change = |scale: &dyn Fn(usize) -> f64, j: Option<usize>| {
                    let at = |sign: f64| {
                        let prices: Vec<f64> =
                            (0..10).map(|k| outcome.price[k] * Real::exp(sign * scale(k))).collect();
                        let shares = share_at(&again, &prices);
                        j.map_or_else(|| shares.iter().sum::<f64>(), |j| shares[j])
                    };
                    (at(1.0).ln() - at(-1.0).ln()) / (2.0 * step)
                };
                let mean: f64 = (0..10)
                    .map(|j| change(&|k| if k == j { step } else { 0.0 }, Some(j)) * base[j] / inside)
                    .sum();
                assert!((mean - own).abs() < 1e-6, "{response:?}: own elasticity {mean}");
                let market_elasticity = change(&|_| step, None);
                assert!((market_elasticity - whole).abs() < 1e-6, "{response:?}: {market_elasticity}");
            });
        }
    }
}

#[test]
fn impossible_elasticities_are_refused() {
    let specimen = Specimen::plain(1, PriceResponse::Log, 10, 4, 2);
    let outcome = &specimen.solve_one_by_one()[0];
    specimen.with_market::<f64, _>((), 0, |market| {
        let seen = Observation { market, price: &outcome.price, units: &outcome.share };
        assert!(!sensitivity((), &seen, -2.0, -3.0).feasible, "the market cannot be more elastic than a car");
        assert!(!sensitivity((), &seen, -0.3, -0.2).feasible, "log price needs α > 1");
        assert!(!sensitivity((), &seen, f64::NAN, -0.5).feasible);
        assert!(sensitivity((), &seen, -5.0, -1.0).feasible);
        assert!(worst_condition(market, outcome) < 1e-11);
    });
}
