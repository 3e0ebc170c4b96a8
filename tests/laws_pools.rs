//! Cost pools against closed forms, and what no pool may ever do.

use crate::support::draft::Draft;
use crate::support::lab::{Lab, assert_near};
use keiretsu::numeric::Real;
use proptest::prelude::*;

/// The alliance of `A` and `B` (and more, where there are) with one pool at full effect from 2025.
fn allied(draft: Draft, members: &[&str], alliance: &str, pool: &str) -> Draft {
    let joined: String =
        members.iter().map(|member| format!("members.{member}.from = 2025-01-01\n")).collect();
    draft
        .sections(&format!("[alliances.club]\nactive = false\n{joined}{alliance}"))
        .sections(&format!("pools.pool = {{ start = 2025, ramp_years = 0, {pool} }}"))
        .world("allied", "alliances.club.active = true")
}

fn cost(lab: &Lab, world: &str, maker: &str, year: i32) -> f64 {
    lab.central(world, &format!("marginal_cost {maker} Home all"), year)
}

/// Log cost effect of the alliance in a year.
fn effect(lab: &Lab, maker: &str, year: i32) -> f64 {
    Real::ln(cost(lab, "allied", maker, year) / cost(lab, "base", maker, year))
}

fn saving(lab: &Lab, maker: &str, year: i32) -> f64 {
    lab.central("allied", &format!("saving {maker}"), year)
}

fn per_car(lab: &Lab, maker: &str, year: i32) -> f64 {
    lab.central("allied", &format!("saving_per_car {maker}"), year)
}

/// S(V), the scale term.
fn s(volume: f64, v_star: f64) -> f64 {
    Real::ln(volume / (1.0 + volume / v_star))
}

fn costs(e: f64, v_star: f64) -> String {
    format!("[costs]\nscale_elasticity = {e:?}\nscale_saturation = {v_star:?}")
}

/// Joining is at once, but for the millionth of a year that a step takes.
const STEP: f64 = 2e-6;

/// Purchasing moves the scale term from the own volume to the joint one.
#[test]
fn a_purchasing_pool_moves_the_scale_term() {
    let (e, v_star) = (0.04, 1.5e6);
    let draft = Draft::of(&[(800_000.0, 30_000.0), (400_000.0, 24_000.0), (600_000.0, 28_000.0)]);
    let lab = allied(
        draft.sections(&costs(e, v_star)),
        &["A", "B"],
        "realised_fraction = 0.7",
        "kind = \"purchasing\", compatibility = 0.6",
    )
    .central();
    for (maker, own) in [("A", 8e5), ("B", 4e5)] {
        let want = -e * 0.7 * 0.6 * (s(1.2e6, v_star) - s(own, v_star));
        assert_near(effect(&lab, maker, 2025), want, STEP, maker);
        let units = lab.central("allied", &format!("units {maker}"), 2025);
        let spared = units * cost(&lab, "allied", maker, 2025) * (Real::exp(-want) - 1.0);
        assert_near(saving(&lab, maker, 2025) * 1e9, spared, 10.0 * STEP, "saving");
        assert_near(per_car(&lab, maker, 2025), spared / units, 10.0 * STEP, "saving per car");
    }
    assert_eq!(effect(&lab, "C", 2025), 0.0);
}

/// A pool in force in the base year is in the base-year cost: only what comes on top counts.
#[test]
fn an_old_pool_leaves_less_to_gain() {
    let (e, v_star) = (0.04, 1.5e6);
    let draft = Draft::of(&[(800_000.0, 30_000.0), (400_000.0, 24_000.0), (600_000.0, 28_000.0)])
        .sections(&costs(e, v_star))
        .sections("[base_pools.old]\nmembers = [\"B\", \"C\"]");
    let lab = allied(draft, &["A", "B", "C"], "", "kind = \"purchasing\"").central();
    for (maker, old) in [("A", 8e5), ("B", 1e6), ("C", 1e6)] {
        assert_near(effect(&lab, maker, 2025), -e * (s(1.8e6, v_star) - s(old, v_star)), STEP, maker);
    }
}

/// Experience: the partner's cumulative units count by what spillover had left out.
#[test]
fn an_experience_pool_adds_the_partners_units() {
    let (rate, spill, fit, realised) = (0.15, 0.3, 0.8, 0.9);
    let draft = Draft::of(&[(800_000.0, 30_000.0), (400_000.0, 24_000.0), (600_000.0, 28_000.0)])
        .sections(&format!(
            "[components.unit]\nremainder = true\nlearning_rate = {rate}\nexperience_years = 4"
        ))
        .sections(&format!("[costs]\nspillover = {spill}"));
    let lab = allied(
        draft,
        &["A", "B"],
        &format!("realised_fraction = {realised}"),
        &format!("kind = \"experience\", compatibility = {fit}"),
    )
    .central();
    let b = -Real::ln(1.0 - rate) / Real::ln(2.0_f64);
    let all = 5.0 * 1.8e6;
    for (maker, own, partner) in [("A", 8e5, 4e5), ("B", 4e5, 8e5)] {
        let (own, partner) = (5.0 * own, 5.0 * partner);
        let alone: f64 = own + spill * (all - own);
        let together = alone + (1.0 - spill) * fit * partner;
        assert_near(effect(&lab, maker, 2025), -b * realised * Real::ln(together / alone), STEP, maker);
    }
}

/// A platform: the largest programme plus overhead on the others, split by stand-alone cost.
#[test]
fn a_platform_saves_what_the_joint_programme_does_not_cost() {
    let draft = Draft::of(&[(800_000.0, 30_000.0), (400_000.0, 24_000.0), (600_000.0, 28_000.0)]);
    let lab = allied(
        draft,
        &["A", "B"],
        "reinvested_share = 0.25",
        "kind = \"platform\", overhead = 0.2, stand_alone_cost = { A = 0.03, B = 0.01 }",
    )
    .central();
    let joint = 0.03 + 0.2 * 0.01;
    for (maker, alone) in [("A", 0.03), ("B", 0.01)] {
        let want = alone * (1.0 - joint / 0.04);
        assert_near(saving(&lab, maker, 2025), want, STEP * 10.0, maker);
        assert_eq!(effect(&lab, maker, 2025), 0.0, "a fixed cost prices nothing");
        let change = |outcome| {
            lab.central("allied", &format!("{outcome} {maker}"), 2025)
                - lab.central("base", &format!("{outcome} {maker}"), 2025)
        };
        assert_near(change("rnd"), 0.25 * want, 1e-5, "reinvested");
        assert_near(change("operating_profit"), 0.75 * want, 1e-5, "kept");
    }
}

/// Technology: knowledge grows by what partners find and one can absorb.
#[test]
fn a_technology_pool_adds_the_partners_research() {
    let draft = Draft::of(&[(800_000.0, 30_000.0), (400_000.0, 24_000.0), (600_000.0, 28_000.0)])
        .table("manufacturers", "manufacturer,figure,value\nA,rnd,0.4\nB,rnd,0.1");
    let (field, duplication, fit, realised) = (0.5, 0.4, 0.8, 0.9);
    let terms = format!(
        "kind = \"technology\", field_share = {field}, duplication = {duplication}, compatibility = {fit}"
    );
    let lab = allied(draft, &["A", "B"], &format!("realised_fraction = {realised}"), &terms).central();
    for (maker, own, partner) in [("A", 0.4, 0.1), ("B", 0.1, 0.4_f64)] {
        let absorbed = (own / partner).min(1.0);
        let inflow = partner * field * (1.0 - duplication) * absorbed * fit * realised;
        let of = |world| lab.central(world, &format!("knowledge {maker}"), 2026);
        assert_near(of("allied") - of("base"), inflow / (own / 0.15), 1e-5, maker);
        assert_eq!(effect(&lab, maker, 2025), 0.0);
    }
}

/// After a member has left and the effect has faded, nobody saves anything.
#[test]
fn a_pool_of_one_saves_nothing() {
    let draft = Draft::of(&[(800_000.0, 30_000.0), (400_000.0, 24_000.0)]).sections(&costs(0.04, 1e6));
    let draft =
        allied(draft, &["A", "B"], "members.B.until = 2027-01-01\nfade_years = 0", "kind = \"purchasing\"");
    let lab = draft.central();
    for maker in ["A", "B"] {
        assert!(saving(&lab, maker, 2026) > 0.0, "{maker}");
        assert_eq!(saving(&lab, maker, 2028), 0.0, "{maker}");
    }
}

/// A maker in two alliances saves in both.
#[test]
fn a_maker_can_be_in_several_alliances() {
    let draft = Draft::of(&[(800_000.0, 30_000.0), (400_000.0, 24_000.0), (600_000.0, 28_000.0)]);
    let lab = allied(
        draft,
        &["A", "B"],
        "",
        "kind = \"platform\", stand_alone_cost = { A = 0.03, B = 0.01 }",
    )
    .sections("[alliances.other]\nactive = false\nmembers.B.from = 2025-01-01\nmembers.C.from = 2025-01-01")
    .sections(
        "pools.elsewhere = { kind = \"platform\", start = 2025, stand_alone_cost = { B = 0.02, C = 0.02 } }",
    )
    .world("both", "alliances.club.active = true\nalliances.other.active = true")
    .central();
    let of = |pool: &str| lab.central("both", &format!("{pool} B"), 2027);
    assert_near(of("saving"), of("saving:pool") + of("saving:elsewhere"), 1e-12, "sum over pools");
    assert_near(of("saving:elsewhere"), 0.01, 1e-9, "half of a common programme");
}

/// A part is bought once: in two purchasing pools a maker gains what the better one brings, not both.
#[test]
fn two_purchasing_pools_are_no_better_than_the_best() {
    let draft = || {
        Draft::of(&[(800_000.0, 30_000.0), (400_000.0, 24_000.0), (600_000.0, 28_000.0)])
            .sections(&costs(0.04, 1.5e6))
    };
    let pool = "kind = \"purchasing\"";
    let one = |partner| allied(draft(), &["A", partner], "", pool).central();
    let both = allied(draft(), &["A", "B"], "", pool)
        .sections(
            "[alliances.other]\nactive = false\nmembers.A.from = 2025-01-01\nmembers.C.from = 2025-01-01",
        )
        .sections("pools.elsewhere = { kind = \"purchasing\", start = 2025, ramp_years = 0 }")
        .world("both", "alliances.club.active = true\nalliances.other.active = true")
        .central();
    let effect_of_both = Real::ln(cost(&both, "both", "A", 2025) / cost(&both, "base", "A", 2025));
    let (smaller, larger) = (effect(&one("B"), "A", 2025), effect(&one("C"), "A", 2025));
    assert!(larger < smaller);
    assert_near(effect_of_both, larger, 1e-9, "the better of the two");
    let savings =
        ["saving:pool", "saving:elsewhere"].map(|pool| both.central("both", &format!("{pool} A"), 2025));
    let all = both.central("both", "saving A", 2025);
    assert_near(all, savings.iter().sum(), 1e-12, "sum over pools");
}

/// Who joins later pays for integration from then on, and its volume comes in along its own ramp.
#[test]
fn a_late_joiner_comes_in_slowly_and_pays_from_then_on() {
    let joins = |year: i32| {
        Draft::of(&[(800_000.0, 30_000.0), (400_000.0, 24_000.0), (600_000.0, 28_000.0)])
            .sections(&costs(0.04, 1.5e6))
            .sections("[alliances.club]\nactive = false\nintegration_cost = 1\nintegration_years = 1")
            .sections("members.A.from = 2025-01-01\nmembers.B.from = 2025-01-01")
            .sections(&format!("members.C.from = {year}-01-01"))
            .sections("pools.pool = { start = 2025, ramp_years = 2, kind = \"purchasing\" }")
            .world("allied", "alliances.club.active = true")
            .central()
    };
    let (with, without) = (joins(2027), joins(2030));
    let profit = |world, year| with.central(world, "operating_profit C", year);
    for year in 2024..=2026 {
        // Nothing but what rivals' prices do to it.
        assert!((profit("allied", year) / profit("base", year) - 1.0).abs() < 0.2, "{year}");
        assert_eq!(effect(&with, "A", year), effect(&without, "A", year), "{year}");
    }
    let paid = profit("allied", 2026) - profit("allied", 2027);
    assert!(paid > 0.0, "C pays in 2027: {paid}");
    let more = |year| effect(&without, "A", year) - effect(&with, "A", year);
    assert!(0.0 < more(2027) && more(2027) < 0.5 * more(2028), "{} {}", more(2027), more(2028));
}

/// Profits add up from the year after the base year; an alliance's are its members'. Makers outside have none.
#[test]
fn profits_add_up_over_the_years() {
    let draft = Draft::of(&[(800_000.0, 30_000.0), (400_000.0, 24_000.0), (600_000.0, 28_000.0)]);
    let lab = allied(draft, &["A", "B"], "integration_cost = 1", KINDS[0]).central();
    for world in ["base", "allied"] {
        for who in ["A", "B", "alliance:club"] {
            let mut sum = 0.0;
            for year in lab.years() {
                sum += if year == 2024 {
                    0.0
                } else {
                    lab.central(world, &format!("operating_profit {who}"), year)
                };
                let found = lab.central(world, &format!("cumulated_profit {who}"), year);
                assert_near(found, sum, 1e-12, who);
            }
        }
    }
    let scopes = lab.scopes("cumulated_profit");
    assert!(scopes.len() == 3 && scopes.iter().all(|scope| scope[1] != "C"), "{scopes:?}");
}

/// One pool of each kind, with terms for members of equal size.
const KINDS: [&str; 4] = [
    "kind = \"purchasing\"",
    "kind = \"experience\"",
    "kind = \"platform\", overhead = 0.3, stand_alone_cost = { A = 0.02, B = 0.02, C = 0.02 }",
    "kind = \"technology\", field_share = 0.5",
];

fn learning() -> &'static str {
    "[components.unit]\nremainder = true\nlearning_rate = 0.1\n[costs]\nscale_elasticity = 0.04\n\
     spillover = 0.2\nscale_saturation = 800_000"
}

/// In a market of identical firms every kind of pool helps every member by the same amount.
#[test]
fn identical_members_gain_the_same() {
    for kind in KINDS {
        let draft = Draft::of(&[(500_000.0, 30_000.0); 4]).sections(learning());
        let draft = draft.region_keys("knowledge_effect.all = 0.3\nloyalty = 0.1");
        let lab = allied(draft, &["A", "B", "C"], "reinvested_share = 0.5", kind).central();
        for outcome in ["units", "operating_profit", "rnd", "knowledge", "saving", "saving_per_car"] {
            let of = |maker| lab.central("allied", &format!("{outcome} {maker}"), 2028);
            assert_near(of("A"), of("B"), 1e-9, outcome);
            assert_near(of("A"), of("C"), 1e-9, outcome);
        }
        let gain = lab.central("allied", "operating_profit B", 2028)
            - lab.central("base", "operating_profit B", 2028);
        assert!(gain > 0.0, "{kind}: {gain}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Of two that stood alone, the one with twice the volume gains less per car. Later, when cheaper cars
    /// have moved volumes, the one that sold more the year before gains the smaller part of its cost.
    #[test]
    fn the_larger_member_gains_less_per_car(small in 50_000.0..2e6_f64, e in 0.005..0.1_f64, v_star in 2e5..8e6_f64) {
        let draft = Draft::of(&[(2.0 * small, 30_000.0), (small, 30_000.0), (1e6, 30_000.0)]);
        let lab = allied(draft.sections(&costs(e, v_star)), &["A", "B"], "", "kind = \"purchasing\"").central();
        prop_assert!(per_car(&lab, "A", 2025) < per_car(&lab, "B", 2025));
        for year in 2025..=2028 {
            let sold_before = |maker| lab.central("allied", &format!("units {maker}"), year - 1);
            let relative = |maker| per_car(&lab, maker, year) / cost(&lab, "allied", maker, year);
            prop_assert!(relative("A") > 0.0);
            let larger_is_a = sold_before("A") > sold_before("B");
            prop_assert_eq!(relative("A") < relative("B"), larger_is_a, "{}", year);
        }
    }

    /// Realised at all, a pool never raises what a car costs its members.
    #[test]
    fn a_pool_never_raises_unit_cost(
        sizes in prop::array::uniform3(30_000.0..3e6_f64),
        realised in 0.0..1.2_f64,
        fit in 0.0..1.0_f64,
        kind in 0..2_usize,
        supplier in 1_000.0..3e6_f64,
    ) {
        let draft = Draft::of(&sizes.map(|units| (units, 30_000.0)))
            .sections(learning())
            .sections("[base_pools.old]\nmembers = [\"B\", \"Supplier\"]")
            .table("manufacturers", &format!("manufacturer,figure,value\nSupplier,world_units,{supplier}"));
        let terms = format!("{}, compatibility = {fit:?}", KINDS[kind]);
        let lab = allied(draft, &["A", "B"], &format!("realised_fraction = {realised:?}"), &terms).central();
        for maker in ["A", "B"] {
            prop_assert!(effect(&lab, maker, 2025) <= 1e-12, "{maker}: {}", effect(&lab, maker, 2025));
            prop_assert!(saving(&lab, maker, 2025) >= -1e-12);
        }
    }

    /// As long as overhead is below one, no rule of splitting makes a platform dearer than standing alone.
    #[test]
    fn a_platform_never_costs_more_than_standing_alone(
        alone in prop::array::uniform3(0.0..0.05_f64),
        sizes in prop::array::uniform3(30_000.0..3e6_f64),
        parts in prop::array::uniform2(0.0..0.5_f64),
        overhead in 0.0..0.999_f64,
        realised in 0.0..1.2_f64,
        split in 0..3_usize,
    ) {
        let rest = 1.0 - parts[0] - parts[1];
        let split = [
            "split = \"stand-alone\"".to_owned(),
            "split = \"volume\"".to_owned(),
            format!("split = \"stated\", parts = {{ A = {:?}, B = {:?}, C = {rest:?} }}", parts[0], parts[1]),
        ][split].clone();
        let [a, b, c] = alone;
        let terms = format!("kind = \"platform\", overhead = {overhead:?}, {split}, stand_alone_cost = {{ A = {a:?}, B = {b:?}, C = {c:?} }}");
        let draft = Draft::of(&sizes.map(|units| (units, 30_000.0)));
        let lab = allied(draft, &["A", "B", "C"], &format!("realised_fraction = {realised:?}"), &terms).central();
        for year in 2025..=2028 {
            for (maker, alone) in ["A", "B", "C"].into_iter().zip(alone) {
                let saved = saving(&lab, maker, year);
                prop_assert!((-1e-12..=alone + 1e-12).contains(&saved), "{maker} {year}: {saved} of {alone}");
            }
            let joint = a.max(b).max(c) + overhead * (a + b + c - a.max(b).max(c));
            let all = saving(&lab, "alliance:club", year);
            prop_assert!(realised != 1.0 || (all - (a + b + c - joint)).abs() < 1e-9);
        }
    }
}
