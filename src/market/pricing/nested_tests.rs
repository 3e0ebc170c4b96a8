//! Tests of the nested-logit block solver.
#![allow(clippy::disallowed_methods)]

use super::specimen::{BLOCK, Outcome, Random, Solve, Specimen, worst_condition};
use super::*;
use crate::numeric::on_every_level;
use proptest::prelude::*;

fn check_all(specimen: &Specimen, bound: f64) -> Vec<Outcome> {
    let outcomes = specimen.solve_one_by_one();
    for (lane, outcome) in outcomes.iter().enumerate() {
        assert!(outcome.converged, "lane {lane}: residual {:e}", outcome.residual);
        let worst = specimen.with_market::<f64, _>((), lane, |market| worst_condition(market, outcome));
        assert!(worst < bound, "lane {lane}: first-order condition {worst:e}");
    }
    outcomes
}

fn responses() -> [PriceResponse; 2] {
    [PriceResponse::Linear, PriceResponse::Log]
}

#[test]
fn first_order_conditions_hold() {
    for response in responses() {
        for seed in 0..40 {
            let nests = 1 + seed as usize % 4;
            check_all(&Specimen::plain(seed, response, 12, 5, nests), 1e-11);
        }
    }
}

#[test]
fn first_order_conditions_hold_with_taxes_credits_overhang_fixed_prices_and_stakes() {
    let (mut solved, mut all) = (0, 0);
    for response in responses() {
        for seed in 0..120 {
            let mut specimen = Specimen::rich(seed, response, 12, 5, 1 + seed as usize % 4);
            // With given nest shares the conditions are those at fixed s_g only: tested elsewhere.
            specimen.nest_shares.clear();
            for (lane, outcome) in specimen.solve_one_by_one().iter().enumerate() {
                all += 1;
                if outcome.converged {
                    solved += 1;
                    let worst =
                        specimen.with_market::<f64, _>((), lane, |market| worst_condition(market, outcome));
                    assert!(worst < 1e-10, "{response:?} {seed} lane {lane}: {worst:e}");
                }
            }
        }
    }
    // Some of these markets have fixed prices or an overhang below cost: left to the dense solver.
    assert!(solved * 1000 >= all * 995, "only {solved} of {all} solved");
}

#[test]
fn given_nest_shares_are_met_by_the_utility_shift_that_is_reported() {
    for response in responses() {
        for seed in 0..20 {
            let mut specimen = Specimen::plain(seed, response, 12, 5, 2);
            specimen.nest_shares = Random(seed + 3).columns(2, 0.1, 0.4);
            let path = check_all(&specimen, 1e-11);
            // The same market with the shift in its utilities gives the same prices without the closure.
            for (lane, outcome) in path.iter().enumerate() {
                for j in 0..12 {
                    let g = specimen.layout.nest_of[j];
                    specimen.utility[j * BLOCK + lane] += outcome.nest_shift[g];
                }
            }
            specimen.nest_shares.clear();
            for (usual, given) in specimen.solve_one_by_one().iter().zip(&path) {
                for j in 0..12 {
                    assert!((usual.price[j] - given.price[j]).abs() < 1e-11 * given.price[j]);
                    assert!((usual.share[j] - given.share[j]).abs() < 1e-11);
                }
            }
        }
    }
}

#[test]
fn newton_needs_few_evaluations() {
    for response in responses() {
        let (mut cold, mut warm) = (0.0_f64, 0.0_f64);
        for seed in 0..50 {
            let mut specimen = Specimen::plain(seed, response, 12, 5, 1 + seed as usize % 3);
            let outcomes = specimen.solve_one_by_one();
            cold = outcomes.iter().fold(cold, |most, outcome| most.max(outcome.iterations));
            let mut random = Random(seed);
            let start = (0..12).flat_map(|j| outcomes.iter().map(move |outcome| outcome.price[j]));
            specimen.start = Some(start.map(|p| p * random.within(0.999, 1.001)).collect());
            for again in specimen.solve_one_by_one() {
                warm = warm.max(again.iterations);
            }
        }
        assert!(cold <= 24.0, "{response:?}: {cold} evaluations from a cold start");
        assert!(warm <= 6.0, "{response:?}: {warm} evaluations from prices 0.1 % off");
    }
}

/// Lambert W for positive arguments, by Newton.
fn lambert_w(x: f64) -> f64 {
    let mut w = (1.0 + x).ln();
    for _ in 0..50 {
        w -= (w * w.exp() - x) / (w.exp() * (1.0 + w));
    }
    w
}

#[test]
fn a_monopoly_with_one_offer_prices_by_lambert_w() {
    let mut specimen = Specimen::plain(1, PriceResponse::Linear, 1, 1, 1);
    specimen.rho.fill(0.0);
    for (lane, outcome) in specimen.solve_one_by_one().iter().enumerate() {
        let (alpha, cost, utility) = (specimen.alpha[lane], specimen.cost[lane], specimen.utility[lane]);
        let closed = cost + (1.0 + lambert_w((utility - alpha * cost - 1.0).exp())) / alpha;
        assert!((outcome.price[0] - closed).abs() < 1e-12 * closed);
    }
}

#[test]
fn logit_markups_are_uniform_within_a_firm() {
    let mut specimen = Specimen::plain(2, PriceResponse::Linear, 12, 4, 1);
    specimen.rho.fill(0.0);
    for (lane, outcome) in specimen.solve_one_by_one().iter().enumerate() {
        for groups in &specimen.layout.firms {
            let offers = specimen.layout.groups[groups[0]].offers.clone();
            let share: f64 = outcome.share[offers.clone()].iter().sum();
            for j in offers {
                let known = 1.0 / (specimen.alpha[lane] * (1.0 - share));
                assert!((outcome.margin[j] - known).abs() < 1e-13);
            }
        }
    }
}

#[test]
fn shares_close_to_one() {
    for outcome in Specimen::plain(5, PriceResponse::Log, 30, 7, 3).solve_one_by_one() {
        let inside: f64 = outcome.share.iter().sum();
        assert!((inside + outcome.outside_share - 1.0).abs() < 1e-14);
    }
}

#[test]
fn offers_not_on_sale_and_empty_nests_stay_finite() {
    for response in responses() {
        let mut specimen = Specimen::plain(9, response, 12, 4, 3);
        specimen.available = vec![1.0; 12 * BLOCK];
        for j in 0..12 {
            if specimen.layout.nest_of[j] == 1 || j % 5 == 0 {
                specimen.available[j * BLOCK..(j + 1) * BLOCK].fill(0.0);
                // A very attractive offer that is not on sale must not drown the others.
                specimen.utility[j * BLOCK..(j + 1) * BLOCK].fill(5_000.0);
            }
        }
        for outcome in check_all(&specimen, 1e-11) {
            for j in 0..12 {
                assert!(outcome.price[j].is_finite() && outcome.share[j].is_finite());
                assert!(specimen.available[j * BLOCK] > 0.0 || outcome.share[j] == 0.0);
            }
        }
    }
}

#[test]
fn a_market_without_equilibrium_is_reported() {
    // Log price with α < 1 − ρ: every firm wants an infinite price.
    let mut specimen = Specimen::plain(3, PriceResponse::Log, 4, 2, 1);
    specimen.alpha.fill(0.5);
    specimen.rho.fill(0.0);
    assert!(specimen.solve_one_by_one().iter().all(|outcome| !outcome.converged));
}

#[test]
fn a_merger_is_full_weight_both_ways() {
    for response in responses() {
        let mut weighted = Specimen::plain(11, response, 20, 5, 3);
        weighted.row = vec![0, 1];
        weighted.column = vec![1, 0];
        weighted.kappa = vec![1.0; 2 * BLOCK];
        let relabelled = {
            let mut specimen = weighted.clone();
            let merged: Vec<usize> =
                specimen.layout.firm_of.iter().map(|&f| if f == 1 { 0 } else { f }).collect();
            let layout = Layout::new(merged, specimen.layout.nest_of.clone(), vec![false; 5]);
            specimen.layout = layout;
            (specimen.row, specimen.column, specimen.kappa) = (vec![], vec![], vec![]);
            specimen
        };
        let pairs = weighted.solve_one_by_one().into_iter().zip(relabelled.solve_one_by_one());
        for (a, b) in pairs {
            assert!(
                a.converged && b.converged && a.iterations <= b.iterations + 2.0,
                "{} {}",
                a.iterations,
                b.iterations
            );
            for j in 0..20 {
                assert!((a.price[j] - b.price[j]).abs() < 1e-11 * a.price[j]);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn a_lane_is_the_same_bits_alone_and_in_company(seed in 0_u64..1 << 40, log: bool, nests in 1_usize..5, near: bool) {
        let response = if log { PriceResponse::Log } else { PriceResponse::Linear };
        let mut specimen = Specimen::rich(seed, response, 14, 5, nests);
        if near {
            specimen.start = Some(Random(seed ^ 5).columns(14, 1.0, 3.0));
        }
        let answers = on_every_level(Solve(&specimen));
        for (level, outcomes) in &answers[1..] {
            for (lane, (one, many)) in answers[0].1.iter().zip(outcomes).enumerate() {
                prop_assert_eq!(one.bits(), many.bits(), "{} lane {}", level, lane);
            }
        }
    }
}
