//! What cannot be simulated is refused before the run, or told after it: what failed, where, how often.

use crate::support::draft::Draft;
use crate::support::lab::{Lab, shipped};
use keiretsu::simulation::Cause;

fn three() -> Draft {
    let mut draft = Draft::of(&[(800_000.0, 30_000.0), (400_000.0, 24_000.0), (600_000.0, 28_000.0)]);
    // Elastic enough for a maker that is left alone to have a best price.
    draft.demand[1] = "-1.5".into();
    draft
}

fn refusal(draft: &Draft) -> String {
    let folder = tempfile::tempdir().unwrap();
    match Lab::try_run(&draft.write(folder.path()), &[], 4, 1) {
        Ok(lab) => panic!("{} of 4 replications failed", lab.findings.ensemble.failed),
        Err(problems) => {
            problems.to_string().replace('│', "").split_whitespace().collect::<Vec<_>>().join(" ")
        }
    }
}

#[test]
fn equilibria_are_those_of_replications_worlds_regions_and_years() {
    for (replications, seed) in [(1, 1), (13, 2)] {
        let lab = Lab::run(&shipped("honda-nissan-mitsubishi.toml"), &[], replications, seed);
        let solved = lab.findings.ensemble.solved;
        assert_eq!((solved.equilibria, solved.failed), (replications * 3 * 2 * 12, 0));
    }
}

#[test]
fn elasticities_that_leave_no_positive_cost_are_refused_before_the_run() {
    let mut draft = Draft::of(&[(500_000.0, 30_000.0), (300_000.0, 20_000.0)]);
    draft.linear = true;
    draft.demand =
        ["{ dist = \"triangular\", low = -4, mode = -2, high = -0.4 }".into(), "-0.1".into(), "0".into()];
    let told = refusal(&draft);
    assert!(told.contains("marginal cost of -") && told.contains("own elasticity -0.4"), "{told}");
    draft.demand[0] = "{ dist = \"triangular\", low = -4, mode = -3, high = -2.5 }".into();
    assert_eq!(draft.run(200, 1).findings.ensemble.failed, 0);
}

#[test]
fn what_fails_at_the_medians_is_refused_with_world_region_and_year() {
    let ban = |world: Draft| {
        world.table(
            "policies",
            "region,kind,applies_to,date,value\nHome,ban,A,2026-01-01,1\nHome,ban,B,2026-01-01,1\nHome,ban,C,2027-01-01,1",
        )
    };
    let told = refusal(&ban(three()));
    assert!(told.contains("nothing is offered") && told.contains("world base, Home, 2027"), "{told}");
    // With a market elasticity below 1 in size, one maker alone has no best price at the given volume.
    let mut inelastic = ban(three());
    inelastic.demand[1] = "-0.8".into();
    let told = refusal(&inelastic);
    assert!(told.contains("no price equilibrium") && told.contains("world base, Home, 2026"), "{told}");
    let exits = "[exits.all]\nregion = \"Home\"\nmanufacturers = [\"A\", \"B\", \"C\"]\nyearly_chance = 0.6";
    let told = refusal(&three().sections(exits).world("calm", "exits.all.active = false"));
    assert!(told.contains("nothing is offered") && told.contains("world base, Home, 2025"), "{told}");
}

/// Sizes that no market has: refused somewhere, never a run in which every draw fails.
#[test]
fn odd_sizes_are_refused_or_simulated() {
    let huge = Draft::of(&[(1e15, 30_000.0), (4e14, 24_000.0)]);
    let drafts = [
        three().sections("[quality]\nknowledge_depreciation = 1e-300\nrnd_growth = 0"),
        three().region_keys("volume.given.2026 = 1e308"),
        three().region_keys("volume.growth = 300"),
        huge,
    ];
    for draft in drafts {
        let folder = tempfile::tempdir().unwrap();
        if let Ok(lab) = Lab::try_run(&draft.write(folder.path()), &[], 4, 1) {
            assert_eq!(lab.findings.ensemble.failed, 0, "{:?}", lab.findings.failures());
        }
    }
}

#[test]
fn draws_that_fail_say_what_failed_and_where() {
    // In some draws everybody leaves.
    let exits = "[exits.all]\nregion = \"Home\"\nmanufacturers = [\"A\", \"B\", \"C\"]\nyearly_chance = 0.3";
    let lab = three().sections(exits).world("calm", "exits.all.active = false").run(400, 1);
    let ensemble = &lab.findings.ensemble;
    assert!((20..380).contains(&ensemble.failed), "{}", ensemble.failed);
    assert_eq!(ensemble.failures.len() as u64, ensemble.failed);
    for failure in ensemble.failures.values() {
        assert_eq!((failure.cause, failure.world, failure.region), (Cause::NoOffers, lab.world("base"), 0));
        assert!((2025..=2028).contains(&failure.year));
    }
    let told = lab.findings.failures().join("\n");
    assert!(told.contains(" in base, Home, 2028: nothing is offered any more"), "{told}");
    // A failed replication is in no statistic of any world.
    assert_eq!(lab.level("calm", "price A Home", 2025).n, 400 - ensemble.failed);
}
