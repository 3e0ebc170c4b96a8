//! Scans and break-even values against runs of the same scenario, one by one.

use crate::support::draft::Draft;
use crate::support::lab::{Lab, bits};
use keiretsu::analysis;
use keiretsu::scenario::load_with;
use keiretsu::simulation::{Condition, Work};
use keiretsu::variants::breakeven::{Breakeven, POINTS, Question};
use keiretsu::variants::goal::Goal;
use keiretsu::variants::scan;
use keiretsu::variants::values::Values;

const DRAWS: u64 = 300;
const SEED: u64 = 5;

/// A and B buy together for as long as it lasts, and pay for it at the start; C looks on.
fn alliance() -> Draft {
    Draft::of(&[(800_000.0, 30_000.0), (400_000.0, 24_000.0), (600_000.0, 28_000.0)])
        .sections("[costs]\nscale_elasticity = { dist = \"uniform\", low = 0.02, high = 0.06 }")
        .sections(
            "[alliances.club]\nactive = false\nmembers.A.from = 2025-01-01\nmembers.B.from = 2025-01-01",
        )
        .sections("realised_fraction = { dist = \"uniform\", low = 0.0, high = 1.0 }\nintegration_cost = 0.2")
        .sections("integration_years = 5\npools.buying = { kind = \"purchasing\", start = 2025 }")
        .world("allied", "alliances.club.active = true")
}

fn breakeven(draft: &Draft, input: &str, range: (f64, f64), goal: &str, confidence: f64) -> Breakeven {
    let folder = tempfile::tempdir().expect("a folder");
    let path = draft.write(folder.path());
    let load = |settings: &[String]| load_with(&path, settings, Some(DRAWS), Some(SEED));
    let question = Question {
        load: &load,
        input: input.to_owned(),
        range,
        goal: Goal::parse(goal).expect("a goal"),
        confidence,
        world: "allied".to_owned(),
        replications: DRAWS,
    };
    question.answer(&[], &|| {}).unwrap_or_else(|problems| panic!("{problems}"))
}

/// A whole run with one setting more.
fn run_with(draft: &Draft, setting: &str) -> Lab {
    let folder = tempfile::tempdir().expect("a folder");
    Lab::run(&draft.write(folder.path()), &[setting], DRAWS, SEED)
}

#[test]
fn a_point_of_a_scan_is_the_run_with_that_setting() {
    let draft = alliance();
    let folder = tempfile::tempdir().expect("a folder");
    let path = draft.write(folder.path());
    let load = |settings: &[String]| load_with(&path, settings, Some(DRAWS), Some(SEED));
    let axis = Values::parse("costs.scale_elasticity=0.01,0.07").unwrap();
    let outcomes = ["share A Home 2028".to_owned(), "operating_profit A".to_owned()];
    let prepared = scan::prepare(&load, vec![axis], &outcomes, None).unwrap_or_else(|p| panic!("{p}"));
    let scan = prepared.run(&mut Work::Whole, &|_| {}).unwrap().expect("a whole scan");
    assert_eq!(scan.points.len(), 2);
    for point in &scan.points {
        let found = point.found.as_ref().expect("a market");
        let lab = run_with(&draft, &format!("costs.scale_elasticity={}", point.values[0]));
        assert!(found.ensemble.outcomes.keys.len() > 5);
        for key in &found.ensemble.outcomes.keys {
            let text = analysis::text(&found.names, key);
            let (of, year) = text.rsplit_once(' ').unwrap();
            let change = found.difference(1, Condition::Proceeds, key).unwrap();
            let whole = lab.difference("allied", 0, of, year.parse().unwrap());
            assert_eq!(bits(change), bits(whole), "{text} at {:?}", point.values);
        }
    }
}

/// The chance that B’s profit is higher falls in what the integration costs; a run tells it as `prob_gain`.
#[test]
fn break_even_agrees_with_a_grid_by_brute_force() {
    let (draft, confidence) = (alliance(), 0.7);
    let found = breakeven(
        &draft,
        "alliances.club.integration_cost",
        (0.0, 1.6),
        "operating_profit B 2026 > 0",
        confidence,
    );
    let [crossing] = found.crossings[..] else { panic!("{found:?}") };
    assert!(
        !crossing.rising && crossing.low.unwrap() < crossing.value && crossing.value < crossing.high.unwrap()
    );
    let chance = |cost: f64| {
        let lab = run_with(&draft, &format!("alliances.club.integration_cost={cost}"));
        lab.difference("allied", 0, "operating_profit B", 2026).prob_gain
    };
    let mut changes = 0;
    let mut before = chance(0.0);
    for k in 1..=40 {
        let cost = 0.04 * f64::from(k);
        let now = chance(cost);
        if (before >= confidence) != (now >= confidence) {
            changes += 1;
            assert!((cost - 0.04..=cost).contains(&crossing.value), "{} is not near {cost}", crossing.value);
        }
        before = now;
    }
    assert_eq!(changes, 1);
    // What was looked at is what a run says there.
    for at in found.curve.iter().step_by(5) {
        assert_eq!(at.chance.unwrap().part(), chance(at.value), "at {}", at.value);
    }
}

/// The sampling interval holds the levels that it stands for.
#[test]
fn the_interval_of_a_break_even_value_is_where_the_chance_differs_by_its_error() {
    let found = breakeven(
        &alliance(),
        "alliances.club.integration_cost",
        (0.0, 1.6),
        "operating_profit B 2026 > 0",
        0.6,
    );
    let [crossing] = found.crossings[..] else { panic!("{found:?}") };
    let error = 1.96 * (0.6_f64 * 0.4 / DRAWS as f64).sqrt();
    for (end, level) in [(crossing.low.unwrap(), 0.6 + error), (crossing.high.unwrap(), 0.6 - error)] {
        let before = found.curve.iter().rfind(|at| at.value <= end).unwrap().chance.unwrap().part();
        let after = found.curve.iter().find(|at| at.value >= end).unwrap().chance.unwrap().part();
        assert!(before >= level - 0.02 && after <= level + 0.02, "{level}: {before} {after} at {end}");
    }
}

/// Between two bounds a goal may hold in the middle only: two break-even values; a bound out of reach: none.
#[test]
fn several_crossings_and_none_are_told_apart() {
    let input = "alliances.club.realised_fraction";
    let between = "share B Home 2028 > 0.4 % and share B Home 2028 < 1.2 %";
    let found = breakeven(&alliance(), input, (0.0, 1.5), between, 0.4);
    let rising: Vec<bool> = found.crossings.iter().map(|crossing| crossing.rising).collect();
    assert_eq!(rising, [true, false], "{found:?}");
    let found = breakeven(&alliance(), input, (0.0, 1.5), "share B Home 2028 > 50 %", 0.4);
    assert!(found.crossings.is_empty() && found.curve.len() == POINTS);
    assert!(found.curve.iter().all(|at| at.chance.unwrap().held == 0));
    // A level is no difference: B has a fifth of the market without doing anything.
    let found = breakeven(&alliance(), input, (0.0, 1.0), "level share B Home 2028 > 15 %", 0.4);
    assert!(found.crossings.is_empty() && found.curve.iter().all(|at| at.chance.unwrap().part() > 0.9));
}
