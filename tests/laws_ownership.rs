//! Who owns whom: stakes, control and mergers, and what they do to prices.

use crate::support::draft::{Draft, markets};
use crate::support::lab::{Lab, assert_near, largest_gap};
use proptest::prelude::*;

/// Three makers of one product in one region, log price.
fn three() -> Draft {
    Draft::of(&[(300_000.0, 30_000.0), (200_000.0, 26_000.0), (400_000.0, 35_000.0)])
}

fn stake(share: f64, control: &str, from: &str) -> String {
    format!(
        "[stakes.a-in-b]\nactive = false\nholder = \"A\"\ntarget = \"B\"\nshare = {share:?}\n\
         control = \"{control}\"\nfrom = {from}"
    )
}

fn merger(from: &str) -> String {
    format!("[mergers.ab]\nactive = false\nmembers = [\"A\", \"B\"]\nfrom = {from}")
}

/// The largest difference between two worlds of a lab in the central run.
fn gap(lab: &Lab, one: &str, other: &str) -> (f64, String) {
    let central = &lab.findings.ensemble.central;
    let pairs = central[lab.world(one)].iter().zip(&central[lab.world(other)]).enumerate();
    let gaps = pairs.map(|(column, (a, b))| {
        let apart =
            if a.is_nan() && b.is_nan() { 0.0 } else { (a - b).abs() / a.abs().max(b.abs()).max(1e-6) };
        (apart, format!("{}: {a} against {b}", lab.label(column)))
    });
    gaps.fold(
        (0.0, String::new()),
        |worst, next| if next.0 > worst.0 || next.0.is_nan() { next } else { worst },
    )
}

/// A stake of nothing gives nobody a reason to price otherwise, whatever it lets its holder decide.
#[test]
fn a_stake_of_zero_is_no_stake() {
    for control in ["silent", "proportional", "total"] {
        let draft =
            three().sections(&stake(0.0, control, "2025-01-01")).world("held", "stakes.a-in-b.active = true");
        let (gap, what) = gap(&draft.central(), "base", "held");
        assert_eq!(gap, 0.0, "{control}: {what}");
    }
}

/// Owning all of a firm and deciding for it is a merger.
#[test]
fn all_of_a_firm_under_total_control_is_a_merger() {
    for (stake_from, merger_from) in [("2025-01-01", "2025-01-01"), ("2026-07-02", "2026-07-02")] {
        let draft = three()
            .sections(&stake(1.0, "total", stake_from))
            .sections(&merger(merger_from))
            .world("held", "stakes.a-in-b.active = true")
            .world("merged", "mergers.ab.active = true");
        let lab = draft.central();
        let (gap, what) = gap(&lab, "held", "merged");
        assert!(gap <= 1e-9, "from {stake_from}: {what}");
        let price = |world| lab.central(world, "price A Home", 2028);
        assert!(price("merged") > price("base") * 1.001);
    }
}

/// A controlling stake in force for a short part of a year counts for that part only.
#[test]
fn control_for_a_month_moves_prices_less_than_control_for_a_year() {
    let lab = three()
        .sections(&stake(0.3, "total", "2025-12-01"))
        .world("held", "stakes.a-in-b.active = true")
        .central();
    let moved = |maker: &str, year: i32| {
        let price = |world| lab.central(world, &format!("price {maker} Home"), year);
        price("held") / price("base") - 1.0
    };
    for maker in ["A", "B"] {
        let (month, year) = (moved(maker, 2025), moved(maker, 2026));
        assert!(month > 0.0 && year > 0.0, "{maker}: {month} {year}");
        assert!(month < 0.2 * year, "{maker}: a month moves its price by {month:e}, a year by {year:e}");
    }
}

/// A stake that was there in the base year and stays is part of the calibration: nothing moves.
#[test]
fn a_standing_stake_moves_nothing() {
    let lab = three()
        .sections("[stakes.a-in-b]\nholder = \"A\"\ntarget = \"B\"\nshare = 0.4\ncontrol = \"proportional\"")
        .central();
    for maker in ["A", "B", "C"] {
        let price = |year| lab.central("base", &format!("price {maker} Home"), year);
        assert_near(price(2028), price(2024), 1e-9, maker);
    }
}

/// What is stated as uncertain is drawn, or refused; never taken at its median without a word.
#[test]
fn an_uncertain_stake_is_not_passed_over() {
    let uncertain = "{ dist = \"uniform\", low = 0.1, high = 0.5 }";
    let draft = three().sections(&stake(0.3, "silent", "2025-01-01").replace("0.3", uncertain));
    let folder = tempfile::tempdir().unwrap();
    let path = draft.world("held", "stakes.a-in-b.active = true").write(folder.path());
    match Lab::try_run(&path, &[], 16, 1) {
        Ok(lab) => assert!(lab.level("held", "price A Home", 2026).sd > 0.0),
        Err(problems) => assert!(problems.to_string().contains("uncertain"), "{problems}"),
    }
}

/// A silent holder raises its own price; the firm it holds has no reason to raise its own first.
#[test]
fn a_silent_stake_raises_the_price_of_its_holder_most() {
    let lab = three()
        .sections(&stake(0.3, "silent", "2025-01-01"))
        .world("held", "stakes.a-in-b.active = true")
        .central();
    let change = |maker: &str| {
        let price = |world| lab.central(world, &format!("price {maker} Home"), 2025);
        price("held") / price("base") - 1.0
    };
    assert!(change("A") > 1e-3, "{}", change("A"));
    assert!(change("B").abs() < 0.5 * change("A") && change("C").abs() < 0.5 * change("A"));
}

/// An owner that sells nothing here and decides nothing changes no price.
#[test]
fn a_silent_owner_without_offers_changes_nothing() {
    let owner = stake(0.5, "silent", "2025-01-01").replace("\"A\"", "\"Elsewhere\"");
    let draft = three().sections(&owner).world("held", "stakes.a-in-b.active = true");
    let (gap, what) = gap(&draft.central(), "base", "held");
    assert_eq!(gap, 0.0, "{what}");
}

/// An owner that sells nothing but decides for two makers alike has them price as one.
#[test]
fn an_owner_without_offers_joins_the_makers_it_controls() {
    let half = |key: &str, target: &str| {
        format!(
            "[stakes.{key}]\nactive = false\nholder = \"A fund\"\ntarget = \"{target}\"\nshare = 0.5\n\
             control = \"total\"\nfrom = 2025-01-01"
        )
    };
    let lab = three()
        .sections(&[half("one", "A"), half("two", "B"), merger("2025-01-01")].join("\n"))
        .world("one", "stakes.one.active = true")
        .world("both", "stakes.one.active = true\nstakes.two.active = true")
        .world("merged", "mergers.ab.active = true")
        .central();
    let (apart, what) = gap(&lab, "both", "merged");
    assert!(apart <= 1e-9, "{what}");
    assert_eq!(gap(&lab, "base", "one").0, 0.0, "one maker has nobody to be joined with");
}

/// What cannot be is refused by one rule for all stretches of days and all worlds, with words and without a panic.
#[test]
fn stakes_that_do_not_fit_together_are_refused() {
    let stake = |key: &str, holder: &str, target: &str, share: f64, more: &str| {
        format!("[stakes.{key}]\nholder = \"{holder}\"\ntarget = \"{target}\"\nshare = {share:?}\n{more}\n")
    };
    let total = "control = \"total\"";
    let told = |sections: &[String], world: &str| {
        let mut draft = three().sections(&sections.concat());
        if !world.is_empty() {
            draft = draft.world("other", world);
        }
        let folder = tempfile::tempdir().unwrap();
        keiretsu::scenario::load(&draft.write(folder.path()), &[]).map_err(|problems| problems.to_string())
    };
    let refused = |sections: &[String], world: &str, words: &[&str]| {
        let told = told(sections, world).expect_err("stakes that cannot be");
        for word in words {
            assert!(told.contains(word), "{word} is not in\n{told}");
        }
        told
    };
    let a_and_c = [stake("one", "A", "B", 0.4, total), stake("two", "C", "B", 0.4, total)];
    refused(&a_and_c, "", &["both A and C have total control of B", "draft.toml", "share = 0.4"]);
    let funds = [stake("one", "A fund", "B", 0.4, total), stake("two", "A bank", "B", 0.4, total)];
    refused(&funds, "", &["both A fund and A bank have total control of B"]);
    let both_ways = [stake("one", "A", "B", 1.0, ""), stake("two", "B", "A", 1.0, "")];
    refused(&both_ways, "", &["A and B are in a ring of makers that own each other entirely"]);
    let ring = [stake("x", "A", "B", 1.0, ""), stake("y", "B", "C", 1.0, ""), stake("z", "C", "A", 1.0, "")];
    refused(&ring, "", &["in a ring of makers"]);
    // Only on some days: from the first of them on, and told once.
    let dated = [
        stake("one", "A", "B", 0.4, &format!("{total}\nuntil = 2026-03-01")),
        stake("two", "C", "B", 0.4, &format!("{total}\nfrom = 2026-01-01")),
        stake("three", "C", "A", 0.1, "from = 2026-02-01"),
    ];
    let words = refused(&dated, "", &["total control of B on 2026-01-01"]);
    assert_eq!(words.matches("total control").count(), 1, "{words}");
    // Only in one world.
    let off = stake("two", "C", "B", 0.4, &format!("{total}\nactive = false"));
    let sections = [a_and_c[0].clone(), off];
    assert!(told(&sections, "").is_ok());
    refused(&sections, "stakes.two.active = true", &["both A and C have total control of B"]);
    // Ends on the day the other begins: nothing overlaps.
    let after = [
        stake("one", "A", "B", 1.0, &format!("{total}\nuntil = 2026-03-01")),
        stake("two", "C", "B", 1.0, &format!("{total}\nfrom = 2026-03-01")),
    ];
    assert!(told(&after, "").is_ok());
}

/// A merger does not set free a firm that one of its members controls: its price does not fall.
#[test]
fn a_merger_keeps_what_its_members_control() {
    for control in ["proportional", "total"] {
        let lab = three()
            .sections(&format!(
                "[stakes.a-in-c]\nholder = \"A\"\ntarget = \"C\"\nshare = 0.4\ncontrol = \"{control}\""
            ))
            .sections(&merger("2025-01-01"))
            .world("merged", "mergers.ab.active = true")
            .central();
        for maker in ["A", "B", "C"] {
            let price = |world| lab.central(world, &format!("price {maker} Home"), 2025);
            let change = price("merged") / price("base") - 1.0;
            assert!(change > 0.0, "{control}: {maker}'s price changes by {change:e}");
        }
    }
}

/// An alliance that shares cost does not set prices together: what a merger adds, it does not have.
#[test]
fn an_alliance_prices_as_rivals_do() {
    let lab = three()
        .sections("[alliances.ab]\nactive = false\nmembers.A.from = 2025-01-01\nmembers.B.from = 2025-01-01")
        .world("allied", "alliances.ab.active = true")
        .central();
    let (gap, what) = gap(&lab, "base", "allied");
    assert_eq!(gap, 0.0, "{what}");
}

/// Whether a maker has most of a nest. Such a rival answers the prices of others by so much that it may
/// gain where all others lose.
fn dominates(draft: &Draft, region: &str, maker: &str) -> bool {
    ["old", "new"].into_iter().any(|powertrain| {
        let nest = draft.offers.iter().filter(|row| (row.region, row.powertrain) == (region, powertrain));
        nest.map(|row| if row.maker == maker { row.units } else { -row.units }).sum::<f64>() > 0.0
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Substitutes under one owner get dearer and earn more, their share falls, rivals gain (except one that
    /// dominates), buyers lose.
    #[test]
    fn joint_ownership_raises_prices(draft in markets()) {
        let draft = draft.sections(&merger("2025-01-01")).world("merged", "mergers.ab.active = true");
        let lab = draft.central();
        for region in ["Here", "There"] {
            for powertrain in ["old", "new"] {
                for maker in ["A", "B"] {
                    let price = |world| lab.central(world, &format!("price {maker} {region} {powertrain}"), 2025);
                    prop_assert!(price("merged") > price("base") * (1.0 + 1e-12), "{maker} {region} {powertrain}");
                }
            }
            let share = |world, maker| lab.central(world, &format!("share {maker} {region}"), 2025);
            prop_assert!(share("merged", "A") + share("merged", "B") < share("base", "A") + share("base", "B"));
            prop_assert!(share("merged", "C") > share("base", "C") || dominates(&draft, region, "C"));
            let surplus = |world| lab.central(world, &format!("consumer_surplus {region}"), 2025);
            prop_assert!(surplus("merged") < surplus("base"));
            let profit = |world| {
                ["A", "B"].map(|maker| lab.central(world, &format!("variable_profit {maker} {region}"), 2025)).iter().sum::<f64>()
            };
            prop_assert!(profit("merged") > profit("base"));
        }
    }

    /// The same cost cut on everything a maker sells raises its share and lowers its prices, taken
    /// together: a cheap car beside a much dearer one may get dearer, so as not to take its buyers. Its
    /// rivals lose, except one that dominates. Of a maker with most of a market none of it is certain.
    #[test]
    fn a_cost_cut_raises_the_share_and_lowers_the_price(draft in markets(), fitness in 0.2..1.0_f64) {
        let mut draft = draft
            .sections("[costs]\nscale_elasticity = 0.05\nscale_saturation = 200_000")
            .sections("[alliances.ae]\nactive = false\nmembers.A.from = 2025-01-01\nmembers.Supplier.from = 2025-01-01")
            .table("manufacturers", "manufacturer,figure,value\nSupplier,world_units,400000")
            .world("cheaper", "alliances.ae.active = true");
        draft.sections += &format!("pools.buy = {{ kind = \"purchasing\", start = 2025, ramp_years = 0, compatibility = {fitness:?} }}\n");
        let lab = draft.central();
        for region in ["Here", "There"] {
            let share = |world| lab.central(world, &format!("share A {region}"), 2025);
            if share("base") > 0.5 {
                continue;
            }
            prop_assert!(share("cheaper") > share("base"));
            let of = |world, outcome, powertrain| lab.central(world, &format!("{outcome} A {region} {powertrain}"), 2025);
            let basket = |world| -> f64 {
                ["old", "new"].map(|p| of("base", "units", p) * of(world, "price", p)).iter().sum()
            };
            prop_assert!(basket("cheaper") < basket("base"));
            for powertrain in ["old", "new"] {
                prop_assert!(of("cheaper", "marginal_cost", powertrain) < of("base", "marginal_cost", powertrain));
            }
            for rival in ["B", "C"] {
                let share = |world| lab.central(world, &format!("share {rival} {region}"), 2025);
                prop_assert!(share("cheaper") < share("base") || dominates(&draft, region, rival), "{rival}");
            }
        }
    }

    /// The order in which two stakes are written does not matter.
    #[test]
    fn the_order_of_stakes_does_not_matter(draft in markets(), first in 0.0..0.5_f64, second in 0.0..0.5_f64) {
        let one = format!("[stakes.one]\nholder = \"A\"\ntarget = \"B\"\nshare = {first:?}\nfrom = 2025-03-01");
        let two = format!("[stakes.two]\nholder = \"C\"\ntarget = \"A\"\nshare = {second:?}\nfrom = 2025-09-01\ncontrol = \"proportional\"");
        let forward = draft.clone().sections(&one).sections(&two).central();
        let backward = draft.sections(&two).sections(&one).central();
        let (gap, what) = largest_gap(&forward, &backward, "base", |_| true);
        prop_assert!(gap <= 1e-9, "{what}");
    }
}
