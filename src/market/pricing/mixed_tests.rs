//! Tests of the block solver with several consumer types.
#![allow(clippy::disallowed_methods)]

use super::PriceResponse;
use super::specimen::{BLOCK, Random, Solve, Specimen, worst_condition};
use crate::numeric::on_every_level;
use proptest::prelude::*;

fn responses() -> [PriceResponse; 2] {
    [PriceResponse::Linear, PriceResponse::Log]
}

/// Every other replication with ρ = 0: plain logit where there is one nest.
fn half_plain(mut specimen: Specimen) -> Specimen {
    specimen.rho.iter_mut().step_by(2).for_each(|rho| *rho = 0.0);
    specimen
}

#[test]
fn first_order_conditions_hold() {
    let (mut solved, mut all) = (0, 0);
    for response in responses() {
        for seed in 0..60 {
            let specimen = Specimen::rich(seed, response, 10, 5, 1 + seed as usize % 3);
            let specimen = half_plain(specimen.with_types(seed, 2 + seed as usize % 5));
            for (lane, outcome) in specimen.solve_one_by_one().iter().enumerate() {
                all += 1;
                if outcome.converged {
                    solved += 1;
                    let worst =
                        specimen.with_market::<f64, _>((), lane, |market| worst_condition(market, outcome));
                    assert!(worst < 1e-9, "{response:?} {seed} lane {lane}: {worst:e}");
                }
            }
        }
    }
    assert!(solved * 100 >= all * 99, "only {solved} of {all} solved");
}

#[test]
fn equal_types_are_one_type() {
    for response in responses() {
        for seed in 0..20 {
            let one = Specimen::rich(seed, response, 10, 4, 2);
            let mut many = one.clone().with_types(seed, 3);
            many.alpha = [one.alpha.clone(), one.alpha.clone(), one.alpha.clone()].concat();
            many.taste.clear();
            let one = Specimen { nest_shares: vec![], ..one };
            for (a, b) in one.solve_one_by_one().iter().zip(many.solve_one_by_one()) {
                if a.converged && b.converged && a.markup_positive && b.markup_positive {
                    for j in 0..10 {
                        assert!(
                            (a.price[j] - b.price[j]).abs() < 1e-9 * a.price[j].abs(),
                            "{response:?} {seed}"
                        );
                        assert!((a.share[j] - b.share[j]).abs() < 1e-9);
                    }
                }
            }
        }
    }
}

#[test]
fn shares_close_to_one_and_offers_not_on_sale_sell_nothing() {
    let mut specimen = Specimen::plain(4, PriceResponse::Log, 12, 4, 2).with_types(4, 5);
    specimen.available = vec![1.0; 12 * BLOCK];
    specimen.available[3 * BLOCK..4 * BLOCK].fill(0.0);
    specimen.utility[3 * BLOCK..4 * BLOCK].fill(5_000.0);
    for outcome in specimen.solve_one_by_one() {
        assert!(outcome.converged);
        let inside: f64 = outcome.share.iter().sum();
        assert!((inside + outcome.outside_share - 1.0).abs() < 1e-13);
        assert!(outcome.share[3] == 0.0 && outcome.price[3].is_finite());
    }
}

/// From starts so far off that weights are moved, renewed and moved again.
#[test]
fn the_start_does_not_matter() {
    for response in responses() {
        for seed in 0..20 {
            let mut specimen = half_plain(Specimen::plain(seed, response, 10, 5, 1).with_types(seed, 4));
            let usual = specimen.solve_one_by_one();
            for (low, high) in [(1.5, 2.0), (2.0, 6.0), (30.0, 100.0)] {
                specimen.start = Some(Random(seed ^ 7).columns(10, low, high));
                for (a, b) in usual.iter().zip(specimen.solve_one_by_one()) {
                    assert!(a.converged && b.converged, "{response:?} {seed} from {low}");
                    for (p, q) in a.price.iter().zip(&b.price) {
                        assert!((p - q).abs() < 1e-9 * p, "{response:?} {seed} from {low}: {p} {q}");
                    }
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn a_lane_is_the_same_bits_alone_and_in_company(seed in 0_u64..1 << 40, log: bool, nests in 1_usize..4, near: bool) {
        let response = if log { PriceResponse::Log } else { PriceResponse::Linear };
        let mut specimen = half_plain(Specimen::rich(seed, response, 11, 5, nests).with_types(seed, 3));
        if near {
            specimen.start = Some(Random(seed ^ 5).columns(11, 1.0, 3.0));
        }
        let answers = on_every_level(Solve(&specimen));
        for (level, outcomes) in &answers[1..] {
            for (lane, (one, many)) in answers[0].1.iter().zip(outcomes).enumerate() {
                prop_assert_eq!(one.bits(), many.bits(), "{} lane {}", level, lane);
            }
        }
    }
}
