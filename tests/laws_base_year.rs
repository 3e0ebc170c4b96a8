//! The base year was observed: whatever a scenario says happens in it or before it, its units, prices and
//! profits come out as they were, or the scenario is refused with a reason.

use crate::support::draft::Draft;
use crate::support::lab::{Lab, near};

fn three() -> Draft {
    Draft::of(&[(300_000.0, 30_000.0), (200_000.0, 26_000.0), (400_000.0, 35_000.0)])
        .sections("[costs]\nscale_elasticity = 0.05")
}

/// Simulates if the scenario is not refused; the base year must then be as observed in every world.
#[track_caller]
fn reproduced_or_refused(draft: &Draft) -> Option<Lab> {
    let folder = tempfile::tempdir().unwrap();
    let lab = Lab::try_run(&draft.write(folder.path()), &[], 8, 2).ok()?;
    for world in lab.worlds() {
        for row in &draft.offers {
            for (outcome, observed) in [("units", row.units), ("price", row.price)] {
                let key = &format!("{outcome} {} {} {}", &row.maker, row.region, row.powertrain);
                let (level, central) = (lab.level(world, key, 2024), lab.central(world, key, 2024));
                let as_observed =
                    level.n == 8 && near(level.mean, observed, 1e-9) && near(central, observed, 1e-9);
                assert!(as_observed, "{world} {key:?}: {central}, mean {}, observed {observed}", level.mean);
            }
        }
    }
    for comparison in &lab.findings.ensemble.comparisons {
        for (column, e) in comparison.conditions[0].iter().enumerate() {
            if lab.findings.ensemble.outcomes.keys[column].year == 2024 && e.n > 0 {
                assert_eq!((e.p05, e.p95), (0.0, 0.0), "{}", lab.label(column));
            }
        }
    }
    Some(lab)
}

/// A pool that started before the base year, in the base year, and as it began.
#[test]
fn pools_that_start_early() {
    for (from, start) in
        [("2020-01-01", 2021.0), ("2020-01-01", 2024.0), ("2024-03-01", 2023.0), ("2024-01-01", 2024.5)]
    {
        for kind in ["purchasing", "experience", "technology"] {
            let draft = three()
                .sections("[components.unit]\nremainder = true\nlearning_rate = 0.1")
                .sections("[alliances.club]\nactive = false\nintegration_cost = 1")
                .sections(&format!("members.A.from = {from}\nmembers.B.from = {from}"))
                .sections(&format!("pools.pool = {{ kind = \"{kind}\", start = {start:?}, ramp_years = 2 }}"))
                .world("allied", "alliances.club.active = true");
            reproduced_or_refused(&draft);
        }
    }
}

/// A newcomer that is said to come in the base year, whose table of offers has nothing of it.
#[test]
fn entries_in_the_base_year() {
    for from in ["2023-01-01", "2024-01-01", "2024-07-01"] {
        let entry = format!(
            "[entries.new]\nactive = false\nregion = \"Home\"\nmanufacturer = \"Newcomer\"\npowertrain = \"all\"\n\
             from = {from}\nlike = \"B\"\nquality = 0\ncost = 1\nramp_years = 0"
        );
        let draft = three()
            .sections(&entry)
            .table("manufacturers", "manufacturer,figure,value\nNewcomer,world_units,100000")
            .world("entered", "entries.new.active = true");
        reproduced_or_refused(&draft);
    }
}

/// A ban in force while the units were sold: all of the base year, a part of it, or until it began.
#[test]
fn bans_in_the_base_year() {
    for rows in [
        "2020-01-01,Home,ban,B,1",
        "2024-07-01,Home,ban,B,1",
        "2020-01-01,Home,ban,B,1\n2024-03-01,Home,ban,B,0",
    ] {
        let draft = three().table("policies", &format!("date,region,kind,applies_to,value\n{rows}"));
        reproduced_or_refused(&draft);
    }
    let over = "2020-01-01,Home,ban,B,1\n2024-01-01,Home,ban,B,0";
    let draft = three().table("policies", &format!("date,region,kind,applies_to,value\n{over}"));
    assert!(reproduced_or_refused(&draft).is_some(), "a ban that was over is none");
}

/// Duties, credits, taxes, stakes, mergers and discounts of the base year are in what was observed.
#[test]
fn terms_of_the_base_year() {
    for linear in [false, true] {
        let mut draft = three()
            .sections("[origins.Abroad]")
            .sections("[overhangs.a]\nregion = \"Home\"\nmanufacturer = \"A\"\nshare = 0.05\nfade_years = 3")
            .sections("[stakes.a-in-b]\nholder = \"A\"\ntarget = \"B\"\nshare = 0.3\ncontrol = \"proportional\"")
            .sections("[mergers.ac]\nactive = false\nmembers = [\"A\", \"C\"]\nfrom = 2025-02-01")
            .table("origins", "region,manufacturer,origin,share\nHome,A,Abroad,0.5")
            .table(
                "policies",
                "date,region,kind,applies_to,value\n2024-01-01,Home,duty,Abroad,0.1\n2024-05-01,Home,credit,all,1000\n\
                 2023-01-01,Home,tax,all,0.08\n2024-08-01,Home,tax,all,0.1",
            )
            .world("merged", "mergers.ac.active = true");
        draft.linear = linear;
        assert!(reproduced_or_refused(&draft).is_some());
    }
}

/// Exits count loss years from the base year on, and nobody leaves before it is over.
#[test]
fn exits_from_the_base_year() {
    let draft = three().sections(
        "[exits.b]\nregion = \"Home\"\nmanufacturers = [\"B\"]\nfrom = 2020-01-01\nyearly_chance = 1",
    );
    let lab = reproduced_or_refused(&draft).expect("a chance from the base year on makes sense");
    assert_eq!(lab.central("base", "units B Home", 2025), 0.0);
}
