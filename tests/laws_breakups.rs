//! What ends when an alliance breaks up or a member leaves: common prices at once, shared cost on a straight line.

use crate::support::draft::Draft;
use crate::support::lab::{Lab, assert_near, shipped};
use keiretsu::numeric::Real;
use keiretsu::simulation::Condition;

fn three() -> Draft {
    Draft::of(&[(800_000.0, 30_000.0), (400_000.0, 24_000.0), (600_000.0, 28_000.0)])
}

/// `A` and `B` in an alliance that breaks up with a yearly chance of `hazard` from the start of its only pool,
/// which does nothing.
fn club(hazard: f64, start: f64) -> String {
    format!(
        "[alliances.club]\nactive = false\nmembers.A.from = 2024-01-01\nmembers.B.from = 2024-01-01\n\
         breakup_hazard = {hazard:?}\nrealised_fraction = 0\n\
         pools.buy = {{ kind = \"purchasing\", start = {start:?} }}\n"
    )
}

fn merger(more: &str) -> String {
    format!("[mergers.ab]\nactive = false\nmembers = [\"A\", \"B\"]\nfrom = 2025-01-01\n{more}\n")
}

const MERGED: &str = "alliances.club.active = true\nmergers.ab.active = true";

/// By how much a world moves A's price, one replication.
fn moved(lab: &Lab, world: &str, year: i32) -> f64 {
    lab.difference(world, Condition::Proceeds as usize, "price A Home", year).mean
}

#[test]
fn a_merger_ends_with_its_alliance() {
    let lab = three()
        .sections(&(club(1.0, 2026.5) + &merger("")))
        .world("merged", MERGED)
        .world("for-good", &format!("{MERGED}\nmergers.ab.permanent = true"))
        .world("alone", "mergers.ab.active = true")
        .run(1, 1);
    let apart = |world, year| moved(&lab, world, year);
    assert_eq!(apart("merged", 2025), apart("alone", 2025), "until the break-up it is any merger");
    assert!(apart("merged", 2025) > 100.0);
    // Half of 2026 is priced together.
    let (half, year) = (apart("merged", 2026), apart("alone", 2026));
    assert!(0.3 * year < half && half < 0.7 * year, "{half} of {year}");
    for year in 2027..=2028 {
        assert_eq!(apart("merged", year), 0.0, "{year}: separate firms");
        assert_eq!(apart("for-good", year), apart("alone", year), "a permanent merger does not end");
    }
    // Consumers have lost what they have lost, and no more.
    let surplus = |world| lab.difference(world, 0, "consumer_surplus Home", 2028).mean;
    assert!(surplus("merged").abs() < 1e-9 && surplus("alone") < -0.1);
}

#[test]
fn without_a_break_up_a_tied_merger_is_any_merger() {
    let lab = three()
        .sections(&(club(0.0, 2025.0) + &merger("alliance = \"club\"")))
        .world("merged", MERGED)
        .world("alone", "mergers.ab.active = true")
        .run(3, 1);
    for year in lab.years() {
        assert_eq!(moved(&lab, "merged", year), moved(&lab, "alone", year));
    }
}

#[test]
fn an_alliance_that_shares_no_cost_breaks_up_from_the_day_of_its_merger() {
    let club = "[alliances.club]\nactive = false\nmembers.A.from = 2024-01-01\nmembers.B.from = 2024-01-01\n\
                breakup_hazard = 0.5\n";
    let draft = three().sections(&(club.to_owned() + &merger(""))).world("merged", MERGED);
    let mut broken = 0;
    for seed in 0..12 {
        let lab = draft.run(1, seed);
        let time = 2025.0 + Real::ln(1.0 - lab.drawn("luck.break-up.club")) / Real::ln(0.5);
        for year in 2025..=2028 {
            let over = time <= f64::from(year);
            assert_eq!(moved(&lab, "merged", year) == 0.0, over, "seed {seed}, {year}, breaks up {time}");
            broken += i32::from(over);
        }
    }
    assert!((8..40).contains(&broken), "{broken} of 48 maker-years");
}

#[test]
fn a_stake_ends_with_the_alliance_it_names() {
    let stake = "[stakes.held]\nactive = false\nholder = \"A\"\ntarget = \"B\"\nshare = 0.3\ncontrol = \"total\"\n\
                 from = 2025-01-01\n";
    let held = "alliances.club.active = true\nstakes.held.active = true";
    let lab = three()
        .sections(&(club(1.0, 2027.0) + stake))
        .world("kept", held)
        .world("ended", &format!("{held}\nstakes.held.alliance = \"club\""))
        .run(1, 1);
    for year in 2025..=2026 {
        assert_eq!(moved(&lab, "ended", year), moved(&lab, "kept", year));
    }
    for year in 2027..=2028 {
        assert_eq!(moved(&lab, "ended", year), 0.0);
        assert!(moved(&lab, "kept", year) > 1.0);
    }
}

/// Two mergers that share a member: what the break-up of one leaves is the other alone.
#[test]
fn each_of_two_mergers_ends_with_its_own_alliance() {
    let other = club(0.0, 2025.0).replace("club", "other").replace("members.A", "members.C");
    let bc = merger("").replace("mergers.ab", "mergers.bc").replace("\"A\"", "\"C\"");
    let lab = three()
        .sections(&(club(1.0, 2026.0) + &other + &merger("") + &bc))
        .world("both", &format!("{MERGED}\nalliances.other.active = true\nmergers.bc.active = true"))
        .world("one", "alliances.other.active = true\nmergers.bc.active = true")
        .run(1, 1);
    assert!(moved(&lab, "both", 2025) > 2.0 * moved(&lab, "one", 2025));
    for year in 2026..=2028 {
        let (both, one) = (moved(&lab, "both", year), moved(&lab, "one", year));
        assert_near(both, one, 1e-9, "after the first has broken up");
    }
}

#[test]
fn what_a_merger_ends_with_must_be_clear() {
    let told = |sections: String| {
        let folder = tempfile::tempdir().unwrap();
        let draft = three().sections(&sections).world("merged", MERGED);
        Lab::try_run(&draft.write(folder.path()), &[], 1, 1).err().map_or(String::new(), |p| p.to_string())
    };
    let unknown = told(club(0.1, 2026.0) + &merger("alliance = \"clup\""));
    assert!(unknown.contains("clup") && unknown.contains("did you mean `club`?"), "{unknown}");
    let both = told(club(0.1, 2026.0) + &merger("alliance = \"club\"\npermanent = true"));
    assert!(both.contains("permanent and ends"), "{both}");
    let second = club(0.1, 2026.0).replace("club", "second").replace("active = false", "active = true");
    let two = told(club(0.1, 2026.0) + &second + &merger(""));
    assert!(two.contains("club and second") && two.contains("permanent = true"), "{two}");
}

/// The merger of the main scenario, broken up as soon as it can be: prices are those of separate firms again.
#[test]
fn the_main_scenario_s_merger_leaves_no_common_price_behind() {
    let main = shipped("honda-nissan-mitsubishi.toml");
    let with = |hazard: &str| {
        let hazard = format!("worlds.merger.set.alliances.hnm.breakup_hazard={hazard}");
        Lab::run(&main, &[&hazard, "alliances.hnm.realised_fraction=0"], 16, 1)
    };
    let (lasting, broken) = (with("0"), with("1"));
    let price = |lab: &Lab| lab.difference("merger", 0, "price Nissan US", 2035).mean;
    let surplus = |lab: &Lab| lab.difference("merger", 0, "consumer_surplus US", 2035).mean;
    assert!(price(&lasting) > 500.0 && surplus(&lasting) < -0.8, "{} {}", price(&lasting), surplus(&lasting));
    assert!(price(&broken).abs() < 10.0 && surplus(&broken).abs() < 0.03, "{}", price(&broken));
}

/// After all have left, a purchasing pool's log effect and a platform's exponent fall on the same straight line.
#[test]
fn what_is_left_falls_on_a_straight_line_once() {
    let (e, v_star, fade) = (0.04, 1.5e6, 4.0);
    let club = |pool: &str| {
        three()
            .sections(&format!("[costs]\nscale_elasticity = {e:?}\nscale_saturation = {v_star:?}"))
            .sections(&format!("[alliances.club]\nactive = false\nfade_years = {fade:?}"))
            .sections("members.A = { from = 2024-01-01, until = 2026-01-01 }")
            .sections("members.B = { from = 2024-01-01, until = 2026-01-01 }")
            .sections(&format!("pools.pool = {{ start = 2025, ramp_years = 0, {pool} }}"))
            .world("allied", "alliances.club.active = true")
            .central()
    };
    let remains = |year: i32| 1.0 - (f64::from(year) + 0.5 - 2026.0) / fade;
    let platform = club("kind = \"platform\", overhead = 0.2, stand_alone_cost = { A = 1, B = 1 }");
    let purchasing = club("kind = \"purchasing\"");
    let s = |volume: f64| Real::ln(volume / (1.0 + volume / v_star));
    for year in 2026..=2028 {
        // The joint programme costs 1.2, half of it each.
        let want = 1.0 - Real::powf(0.6, remains(year));
        assert_near(platform.central("allied", "saving A", year), want, 1e-4, &format!("platform {year}"));
        for (maker, other) in [("A", "B"), ("B", "A")] {
            let of = |world, what: &str| purchasing.central(world, what, year);
            let cost = |world| of(world, &format!("marginal_cost {maker} Home all"));
            let sold = |world, maker| purchasing.central(world, &format!("units {maker}"), year - 1);
            // Of the change of cost, what the own volume does is no effect of the pool.
            let own = e * (s(sold("allied", maker)) - s(sold("base", maker)));
            let effect = Real::ln(cost("allied") / cost("base")) + own;
            let joint = sold("allied", maker) + sold("allied", other);
            let want = -e * (s(joint) - s(sold("allied", maker))) * remains(year);
            assert_near(effect, want, 1e-4, &format!("purchasing {maker} {year}"));
        }
    }
}

/// The main scenario's pools after all members have left on 2032-01-01: strength 3/4 in the middle of 2032 and
/// 1/4 in the middle of 2033 of what would be there without the end.
#[test]
fn savings_of_the_main_scenario_fade_as_documented() {
    let main = shipped("honda-nissan-mitsubishi.toml");
    let until: Vec<String> = ["Honda", "Nissan", "Mitsubishi"]
        .iter()
        .map(|maker| format!("alliances.hnm.members.{maker}.until=2032-01-01"))
        .collect();
    let overrides: Vec<&str> = until.iter().map(String::as_str).collect();
    let left = Lab::run(&main, &overrides, 1, 1);
    let saving =
        |pool: &str, maker: &str, year| left.central("partnership", &format!("saving:{pool} {maker}"), year);
    let seen: Vec<(f64, f64)> = vec![
        (saving("software", "Honda", 2032), 0.1379),
        (saving("software", "Honda", 2033), 0.0615),
        (saving("purchasing", "Mitsubishi", 2032), 0.3097),
    ];
    for (found, want) in &seen {
        assert!((found - want).abs() < 0.02 * want, "{seen:?}");
    }
    assert_eq!(saving("software", "Honda", 2034), 0.0);
}
