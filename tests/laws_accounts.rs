//! What fixed cost does: it follows the units sold worldwide with a lag, and moves nothing but profits.
#![allow(clippy::disallowed_methods)]

use crate::support::draft::Draft;
use crate::support::lab::{Lab, assert_near};

/// A market that shrinks by a known part a year, with an elasticity of fixed cost and its yearly adjustment.
fn shrinking(elasticity: f64, adjustment: f64) -> Lab {
    let accounts = format!(
        "[accounts]\nfixed_cost_elasticity = {elasticity:?}\nfixed_cost_adjustment = {adjustment:?}\n"
    );
    Draft::of(&[(800_000.0, 30_000.0), (400_000.0, 24_000.0), (600_000.0, 28_000.0)])
        .region_keys("volume.growth = -0.1")
        .sections(&accounts)
        .central()
}

fn value(lab: &Lab, outcome: &str, year: i32) -> f64 {
    lab.central("base", &format!("{outcome} A"), year)
}

/// What of the profit is neither earned on sales nor R&D.
fn fixed_cost(lab: &Lab, year: i32) -> f64 {
    let variable = lab.central("base", "variable_profit A Home", year);
    variable - value(lab, "rnd", year) - value(lab, "operating_profit", year)
}

/// Each year the size that cost follows goes a part of the way to the year's volume; cost is that size to the power of
/// the elasticity, from the next year on.
#[test]
fn fixed_cost_follows_volume_with_a_lag() {
    for (elasticity, adjustment) in [(1.0, 1.0), (0.5, 1.0), (0.5, 0.4), (0.3, 0.0)] {
        let lab = shrinking(elasticity, adjustment);
        let base = value(&lab, "units", 2024);
        let mut size = 0.0;
        for year in 2024..=2028 {
            let expected = fixed_cost(&lab, 2024) * f64::exp(elasticity * size);
            assert_near(
                fixed_cost(&lab, year),
                expected,
                1e-9,
                &format!("{elasticity}, {adjustment}, {year}"),
            );
            size += adjustment * ((value(&lab, "units", year) / base).ln() - size);
        }
        assert!(value(&lab, "units", 2028) < 0.75 * base);
    }
}

/// Without elasticity nothing changes; with it only profits do, and a shrinking maker loses less.
#[test]
fn only_profits_depend_on_it() {
    let (rigid, flexible) = (shrinking(0.0, 0.5), shrinking(0.6, 0.5));
    for year in 2024..=2028 {
        assert_near(fixed_cost(&rigid, year), fixed_cost(&rigid, 2024), 1e-9, "rigid");
        for outcome in ["units", "rnd"] {
            assert_eq!(value(&rigid, outcome, year), value(&flexible, outcome, year), "{outcome} {year}");
        }
    }
    assert_eq!(value(&rigid, "operating_profit", 2025), value(&flexible, "operating_profit", 2025));
    assert!(value(&rigid, "operating_profit", 2028) < value(&flexible, "operating_profit", 2028));
}
