//! An alliance that does nothing changes nothing: not by one bit, in any outcome.

use crate::support::lab::{Lab, bits, shipped};

const MAIN: &str = "honda-nissan-mitsubishi.toml";
const WORLD: &str = "partnership";

/// Every difference of a world from the reference is exactly 0, under every condition.
#[track_caller]
fn assert_no_difference(lab: &Lab, world: &str, except: &[&str]) {
    for condition in 0..3 {
        for (column, difference) in lab.differences(world, condition).iter().enumerate() {
            let what = lab.label(column);
            if difference.n == 0 || except.iter().any(|outcome| what.starts_with(outcome)) {
                continue;
            }
            let e = difference;
            let figures = [e.mean, e.p05, e.p25, e.p50, e.p75, e.p95, e.prob_gain, e.prob_loss];
            assert!(figures.iter().all(|figure| *figure == 0.0), "{what}: {e:?}");
        }
    }
    let (reference, other) = (lab.scenario.reference, lab.world(world));
    let central = &lab.findings.ensemble.central;
    for (column, (a, b)) in central[reference].iter().zip(&central[other]).enumerate() {
        let what = lab.label(column);
        let same = a == b || (a.is_nan() && b.is_nan());
        assert!(same || except.iter().any(|outcome| what.starts_with(outcome)), "{what}: {a} against {b}");
    }
}

fn run(overrides: &[&str]) -> Lab {
    Lab::run(&shipped(MAIN), overrides, 24, 3)
}

const POOLS: [&str; 5] = ["software", "software-knowledge", "e-axle", "battery", "purchasing"];

/// Each pool switched off: members without anything to share.
#[test]
fn an_alliance_whose_pools_are_off_changes_nothing() {
    let off = POOLS.map(|pool| format!("alliances.hnm.pools.{pool}.active=false"));
    assert_no_difference(&run(&off.each_ref().map(String::as_str)), WORLD, &[]);
}

/// Nothing of what was planned is realised. Integration is paid for all the same, unless it is free.
#[test]
fn an_alliance_that_realises_nothing_costs_its_integration_and_changes_nothing_else() {
    let nothing = "alliances.hnm.realised_fraction=0";
    assert_no_difference(&run(&[nothing, "alliances.hnm.integration_cost=0"]), WORLD, &[]);
    let paid = run(&[nothing]);
    assert_no_difference(&paid, WORLD, &["operating_profit", "cumulated_profit"]);
    let spent = paid.difference(WORLD, 0, "operating_profit alliance:hnm", 2030);
    assert!(spent.prob_gain == 0.0 && spent.mean < 0.0, "{spent:?}");
    for year in paid.years() {
        let rival = paid.difference(WORLD, 0, "operating_profit Toyota", year);
        assert_eq!((rival.p05, rival.p95), (0.0, 0.0));
    }
}

/// Parts that do not fit together at all: nothing is shared and nothing is planned, so nothing is paid.
#[test]
fn an_alliance_without_compatibility_changes_nothing() {
    let none = POOLS.map(|pool| format!("alliances.hnm.pools.{pool}.compatibility=0"));
    assert_no_difference(&run(&none.each_ref().map(String::as_str)), WORLD, &[]);
}

/// Pools that start after the last year.
#[test]
fn an_alliance_that_starts_after_the_horizon_changes_nothing() {
    let late = POOLS.map(|pool| format!("alliances.hnm.pools.{pool}.start=2036"));
    assert_no_difference(&run(&late.each_ref().map(String::as_str)), WORLD, &[]);
}

/// An effect of one pool: before it starts the world is the reference, to the last bit.
#[test]
fn before_its_first_pool_a_world_is_the_reference() {
    let lab = run(&[]);
    for (column, difference) in lab.differences(WORLD, 0).iter().enumerate() {
        let year = lab.findings.ensemble.outcomes.keys[column].year;
        if year <= 2025 && difference.n > 0 {
            assert_eq!((difference.p05, difference.p95), (0.0, 0.0), "{}", lab.label(column));
        }
    }
    let moved = lab.difference(WORLD, 0, "share alliance:hnm US", 2035);
    assert!(moved.sd > 0.0, "the alliance must do something for these laws to mean anything");
}

/// A world more, a note more, an output more: no number of the others moves by one bit.
#[test]
fn worlds_and_notes_change_no_other_number() {
    let folder = tempfile::tempdir().unwrap();
    let minimal = std::fs::read_to_string(shipped("minimal.toml")).unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        Lab::run(&path, &[], 40, 1)
    };
    let plain = write("plain.toml", &minimal);
    let more = minimal
        .replace(
            "[worlds.together]",
            "[worlds.half]\nset.alliances.asahi-tsuki.realised_fraction = 0.5\n\n[worlds.together]",
        )
        .replace("units = 900_000,", "units = 900_000, note = \"a note\", source = \"a source\",")
        + "\n[report]\nmakers = [\"Tsuki\"]\nyears = [2027]\n";
    assert!(more.contains("worlds.half") && more.contains("a note"));
    let more = write("more.toml", &more);
    for world in ["apart", "together"] {
        let levels = |lab: &Lab| -> Vec<_> {
            let levels = &lab.findings.ensemble.levels[lab.world(world)];
            levels.iter().map(bits).collect()
        };
        assert!(!levels(&plain).is_empty() && levels(&plain) == levels(&more), "{world}");
    }
    for condition in 0..3 {
        let differences =
            |lab: &Lab| lab.differences("together", condition).iter().map(bits).collect::<Vec<_>>();
        assert_eq!(differences(&plain), differences(&more));
    }
}
