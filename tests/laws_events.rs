//! Entry, exit, bans, fading discounts; and whether an alliance goes ahead and lasts.

use crate::support::draft::Draft;
use crate::support::lab::{Lab, assert_near, bits};
use keiretsu::numeric::Real;

fn three() -> Draft {
    Draft::of(&[(300_000.0, 30_000.0), (200_000.0, 26_000.0), (400_000.0, 35_000.0)])
}

fn units(lab: &Lab, world: &str, maker: &str, year: i32) -> f64 {
    lab.central(world, &format!("units {maker} Home"), year)
}

/// A newcomer like `B` sells nothing before its date, and then as much as `B`, which it is like.
#[test]
fn an_entrant_sells_from_its_date_on() {
    let entry = "[entries.new]\nactive = false\nregion = \"Home\"\nmanufacturer = \"Newcomer\"\npowertrain = \"all\"\n\
                 from = 2026-01-01\nlike = \"B\"\nquality = 0\ncost = 1\nramp_years = 0";
    let known = "manufacturer,figure,value\nNewcomer,world_units,100000";
    let lab = three()
        .sections(entry)
        .table("manufacturers", known)
        .world("entered", "entries.new.active = true")
        .central();
    for year in 2024..=2028 {
        assert_eq!(units(&lab, "base", "Newcomer", year), 0.0);
    }
    for year in 2024..=2025 {
        assert_eq!(units(&lab, "entered", "Newcomer", year), 0.0);
        let price = lab.level("entered", "price Newcomer Home", year);
        assert_eq!(price.n, 0, "a price without sales is undefined");
        let rival = lab.difference("entered", 0, "units A Home", year);
        assert_eq!((rival.p05, rival.p95), (0.0, 0.0), "what has not come changes nothing");
    }
    assert_near(units(&lab, "entered", "Newcomer", 2026), units(&lab, "entered", "B", 2026), 1e-5, "a twin");
    assert_near(units(&lab, "entered", "Newcomer", 2028), units(&lab, "entered", "B", 2028), 1e-5, "a twin");
    let surplus = |world| lab.central(world, "consumer_surplus Home", 2027);
    assert!(
        units(&lab, "entered", "B", 2027) < units(&lab, "base", "B", 2027)
            && surplus("entered") > surplus("base")
    );
}

/// Quality of a newcomer is log points of within-powertrain share against the offer it is like.
#[test]
fn an_entrants_quality_is_in_log_points_of_share() {
    let entry = "[entries.new]\nregion = \"Home\"\nmanufacturer = \"Newcomer\"\npowertrain = \"all\"\n\
                 from = 2025-01-01\nlike = \"B\"\nquality = -9\ncost = 1\nramp_years = 0";
    let mut draft = three();
    // So small a newcomer prices as a firm without size does, and so does a `B` of two cars.
    draft.offers[1].units = 2.0;
    draft.demand[2] = "0.5".into();
    let known = "manufacturer,figure,value\nNewcomer,world_units,100000";
    let lab = draft.sections(entry).table("manufacturers", known).central();
    let ratio = units(&lab, "base", "Newcomer", 2025) / units(&lab, "base", "B", 2025);
    assert_near(ratio, Real::exp(-9.0), 1e-3, "a quality of -9");
}

/// A chance of 1 is certain: the maker sells through its last year and never again.
#[test]
fn who_leaves_is_gone_for_good() {
    let exit = "[exits.b]\nregion = \"Home\"\nmanufacturers = [\"B\"]\nfrom = 2026-01-01\nyearly_chance = 1";
    let lab = three().sections(exit).central();
    assert!(units(&lab, "base", "B", 2026) > 0.0);
    for year in 2027..=2028 {
        assert_eq!(units(&lab, "base", "B", year), 0.0);
        assert!(lab.central("base", "price B Home", year).is_nan());
        assert_eq!(lab.central("base", "share B Home", year), 0.0);
        assert_eq!(lab.level("base", "price B Home all", year).n, 0);
        let shares = ["A", "C"].map(|maker| lab.central("base", &format!("share {maker} Home"), year));
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(units(&lab, "base", "A", year) > 300_000.0, "the others take over");
    }
}

/// Chances are drawn by year: who has left stays away, in every replication.
#[test]
fn exits_by_chance_are_for_ever() {
    let exit =
        "[exits.b]\nregion = \"Home\"\nmanufacturers = [\"B\"]\nfrom = 2025-01-01\nyearly_chance = 0.3";
    let draft = three().sections(exit);
    let lab = draft.run(400, 6);
    let mut before = 400;
    for year in 2025..=2028 {
        let sells = lab.level("base", "price B Home", year).n;
        let expected = 400.0 * [1.0, 0.7, 0.49, 0.343][(year - 2025) as usize];
        assert!(sells <= before, "nobody comes back");
        assert!((sells as f64 - expected).abs() <= 45.0, "{year}: {sells} of about {expected}");
        before = sells;
    }
    for seed in 0..10 {
        let lab = draft.run(1, seed);
        let path: Vec<f64> = lab.years().map(|year| lab.level("base", "units B Home", year).mean).collect();
        assert!(path.windows(2).all(|pair| pair[0] > 0.0 || pair[1] == 0.0), "{path:?}");
    }
}

/// Loss years in a row count; a region that must earn nothing has none.
#[test]
fn a_maker_leaves_after_its_loss_years() {
    let exit = |share: f64| {
        three()
            .sections(&format!("[exits.b]\nregion = \"Home\"\nmanufacturers = [\"B\"]\nafter_loss_years = 2\navoidable_fixed_share = {share:?}"))
            // Half the revenue in profit cannot be earned: fixed cost is negative; a loss makes it large.
            .table("manufacturers", "manufacturer,figure,value\nB,operating_profit,-0.5")
            .central()
    };
    let leaves = exit(1.0);
    let stays = exit(0.0);
    for year in 2024..=2028 {
        assert!(units(&stays, "base", "B", year) > 0.0);
        assert_eq!(units(&leaves, "base", "B", year) > 0.0, year < 2026, "{year}: losses in 2024 and 2025");
    }
}

/// Who has left a region no longer pays the fixed cost that it could avoid there.
#[test]
fn leaving_saves_the_avoidable_fixed_cost() {
    let profit = |share: f64| {
        let exit = format!(
            "[exits.b]\nregion = \"Home\"\nmanufacturers = [\"B\"]\nfrom = 2025-01-01\nyearly_chance = 1\n\
             avoidable_fixed_share = {share:?}"
        );
        let known = "manufacturer,figure,value\nB,operating_profit,-0.1\nB,rnd,0.2";
        let lab = three().sections(&exit).table("manufacturers", known).central();
        assert_eq!(units(&lab, "base", "B", 2026), 0.0);
        lab.central("base", "operating_profit B", 2027)
    };
    // B sells nowhere else: with all of it avoidable nothing is left.
    assert!(profit(1.0).abs() < 1e-12);
    assert!(profit(0.0) < -0.1);
    assert_near(profit(0.25), 0.75 * profit(0.0), 1e-9, "a quarter of it");
}

/// An entrant has no price before its first duty, so all of that is in its price; a later change is passed
/// through in part like anybody's.
#[test]
fn an_entrant_prices_its_first_duty_in_full() {
    let entry = "[costs]\npass_through = 0.5\n[origins.Abroad]\n\
                 [entries.new]\nregion = \"Home\"\nmanufacturer = \"Newcomer\"\npowertrain = \"all\"\n\
                 from = 2026-01-01\nlike = \"B\"\nquality = 0\ncost = 1\nramp_years = 0\norigin = \"Abroad\"";
    let lab = three()
        .sections(entry)
        .table("manufacturers", "manufacturer,figure,value\nNewcomer,world_units,100000")
        .table(
            "policies",
            "date,region,kind,applies_to,value\n2024-01-01,Home,duty,Abroad,0.1\n\
             2025-01-01,Home,duty,Abroad,0.4\n2028-01-01,Home,duty,Abroad,0.6",
        )
        .central();
    let cost = |maker: &str, year| lab.central("base", &format!("marginal_cost {maker} Home all"), year);
    for (year, duty) in [(2026, 0.4), (2027, 0.4), (2028, 0.5)] {
        assert_near(cost("Newcomer", year), cost("B", year) * (1.0 + duty), 1e-9, "cost with duty");
    }
}

/// Where there was no volume in the base year, scale has nothing to start from: a new kind of product costs
/// what it was said to cost.
#[test]
fn a_component_without_base_year_volume_has_no_scale_effect() {
    let mut draft = three().sections("[costs]\nscale_elasticity = 0.05\nscale_saturation = 1e6");
    draft = draft.sections(
        "[entries.new]\nregion = \"Home\"\nmanufacturer = \"Newcomer\"\npowertrain = \"all\"\n\
         from = 2025-01-01\nlike = \"B\"\nquality = 0\ncost = 1\nramp_years = 0",
    );
    let lab = draft.table("manufacturers", "manufacturer,figure,value\nNewcomer,rnd,0.1").central();
    let cost = |year| lab.central("base", "marginal_cost Newcomer Home all", year);
    let base = lab.central("base", "marginal_cost B Home all", 2024);
    for year in 2025..=2028 {
        assert_near(cost(year), base, 1e-9, "as in the base year");
    }
}

/// A ban gives exactly no units and no price; half a year gives part of a year.
#[test]
fn a_ban_is_exactly_zero() {
    let lab = three()
        .table(
            "policies",
            "date,region,kind,applies_to,value\n2025-07-02,Home,ban,B,1\n2027-01-01,Home,ban,B,0",
        )
        .central();
    assert!(
        units(&lab, "base", "B", 2025) > 0.0
            && units(&lab, "base", "B", 2025) < units(&lab, "base", "B", 2024)
    );
    assert_eq!(units(&lab, "base", "B", 2026), 0.0);
    assert!(lab.central("base", "price B Home all", 2026).is_nan());
    assert!(lab.central("base", "margin B Home all", 2026).is_nan());
    assert!(units(&lab, "base", "B", 2027) > 0.0, "the ban is over");
}

/// A discount beyond the profit-maximising one goes away: with next to no market share, to p/(1 − o).
#[test]
fn a_distress_discount_fades() {
    let o = 0.1;
    let mut draft = three();
    draft.offers[1].units = 1.0;
    draft.last_year = 2030;
    let plain = draft.central();
    let lab = draft
        .sections(&format!(
            "[overhangs.b]\nregion = \"Home\"\nmanufacturer = \"B\"\nshare = {o}\nfade_years = 4"
        ))
        .central();
    let price = |year| lab.central("base", "price B Home", year);
    assert_near(price(2024), 26_000.0, 1e-9, "the base year is as observed");
    for year in 2024..2028 {
        assert!(price(year + 1) > price(year), "{year}");
    }
    assert_near(price(2030), price(2028), 1e-5, "gone after four years");
    // c = p/(1−o) − kp with k the margin of a maker without size; then p' = c/(1−k).
    let k = plain.central("base", "margin B Home all", 2024);
    assert_near(price(2028) / price(2024), (1.0 / (1.0 - o) - k) / (1.0 - k), 1e-4, "the Nash price");
}

fn risky(proceeds: &str, hazard: f64, fade: f64) -> Draft {
    three()
        .sections("[costs]\nscale_elasticity = 0.05")
        .sections(
            "[alliances.club]\nactive = false\nmembers.A.from = 2025-01-01\nmembers.B.from = 2025-01-01",
        )
        .sections(&format!("proceeds = {proceeds}\nbreakup_hazard = {hazard:?}\nfade_years = {fade:?}"))
        .sections("pools.buy = { kind = \"purchasing\", start = 2025, ramp_years = 0 }")
        .world("allied", "alliances.club.active = true")
}

const SHARE: &str = "share alliance:club Home";

/// The unconditional difference is the difference where the alliance goes ahead and zero where it does not.
#[test]
fn unconditional_is_goes_ahead_times_the_difference() {
    let draft = risky("{ dist = \"uniform\", low = 0.2, high = 0.9 }", 0.1, 1.0);
    let mut ahead = 0;
    for seed in 0..24 {
        let lab = draft.run(1, seed);
        let goes = lab.drawn("luck.goes-ahead.club") < lab.drawn("alliances.club.proceeds");
        ahead += i32::from(goes);
        for year in lab.years() {
            let given = lab.difference("allied", 0, SHARE, year).mean;
            let want = if goes { given } else { 0.0 };
            assert_eq!(lab.difference("allied", 2, SHARE, year).mean, want, "seed {seed}, {year}");
        }
    }
    assert!((6..=20).contains(&ahead), "{ahead} of 24");
}

/// Where the alliance does not go ahead, what else the world changes still holds.
#[test]
fn without_its_alliance_a_world_is_the_one_beside_it() {
    let draft = risky("0", 0.0, 1.0)
        .sections(
            "[entries.new]\nactive = false\nregion = \"Home\"\nmanufacturer = \"Newcomer\"\npowertrain = \"all\"\n\
             from = 2026-01-01\nlike = \"B\"\nquality = 0\ncost = 1\nramp_years = 0",
        )
        .table("manufacturers", "manufacturer,figure,value\nNewcomer,world_units,100000")
        .world("open", "entries.new.active = true")
        .world("both", "entries.new.active = true\nalliances.club.active = true")
        .world("odd", "entries.new.active = true\ncosts.scale_elasticity = 0.03\nalliances.club.active = true");
    let lab = draft.run(8, 1);
    for year in lab.years() {
        let of = |world, condition| lab.difference(world, condition, "share A Home", year);
        assert_eq!(bits(of("both", 2)), bits(of("open", 0)), "{year}");
        // Without such a world there is nothing to say.
        assert_eq!(of("odd", 2).n, 0);
    }
    let apart = |world| lab.difference(world, 0, "share A Home", 2028).mean;
    assert!(apart("both") != apart("open") && apart("open") != 0.0);
}

/// A pool that has not begun when its member leaves never begins; one that has grows no more, and fades.
#[test]
fn nothing_grows_after_the_end() {
    let pools = [
        "kind = \"purchasing\"",
        "kind = \"experience\"",
        "kind = \"platform\", stand_alone_cost = { A = 0.02, B = 0.02 }",
    ];
    for pool in pools {
        for (start, until) in [(2027, "2026-01-01"), (2025, "2026-07-01")] {
            let lab = three()
                .sections("[costs]\nscale_elasticity = 0.05")
                .sections("[components.all]\nremainder = true\nlearning_rate = 0.1\nexperience_years = 3")
                .sections("[alliances.club]\nactive = false\nfade_years = 3\nmembers.A.from = 2025-01-01")
                .sections(&format!("members.B = {{ from = 2025-01-01, until = {until} }}"))
                .sections(&format!("pools.pool = {{ start = {start}, ramp_years = 4, {pool} }}"))
                .world("allied", "alliances.club.active = true")
                .central();
            for maker in ["A", "B"] {
                let saved = |year| lab.central("allied", &format!("saving {maker}"), year);
                if start == 2027 {
                    (2024..=2028).for_each(|year| assert_eq!(saved(year), 0.0, "{pool} {maker} {year}"));
                } else {
                    assert!(saved(2026) > 0.0, "{pool} {maker}");
                    (2027..=2028).for_each(|year| {
                        assert!(saved(year) < saved(year - 1), "{pool} {maker} {year}");
                    });
                }
            }
        }
    }
}

/// Certain or impossible: the conditional difference itself, or none at all.
#[test]
fn the_chance_of_going_ahead_has_its_limits() {
    let certain = risky("1", 0.0, 1.0).run(20, 1);
    let all =
        |lab: &Lab, condition| lab.differences("allied", condition).iter().map(bits).collect::<Vec<_>>();
    assert_eq!(all(&certain, 0), all(&certain, 2));
    assert_eq!(all(&certain, 0), all(&certain, 1), "without hazard all survive");
    let never = risky("0", 0.0, 1.0).run(20, 1);
    assert_eq!(
        all(&never, 0),
        all(&certain, 0),
        "what happens if it goes ahead does not depend on the chance"
    );
    assert!(never.differences("allied", 2).iter().all(|e| e.n == 0 || (e.mean, e.sd) == (0.0, 0.0)));
}

/// Break-ups come at the stated hazard, from the start of the first pool.
#[test]
fn alliances_break_up_at_their_hazard() {
    let (n, hazard) = (600, 0.2);
    let lab = risky("1", hazard, 1.0).run(n, 3);
    assert_eq!(lab.difference("allied", 1, SHARE, 2024).n, n);
    for (years, year) in (2025..=2028).enumerate() {
        let chance = (0..=years).fold(1.0, |chance, _| chance * (1.0 - hazard));
        let survived = lab.difference("allied", 1, SHARE, year).n as f64;
        let tolerance = 4.0 * (n as f64 * chance * (1.0 - chance)).sqrt();
        assert!((survived - n as f64 * chance).abs() <= tolerance, "{year}: {survived}");
        assert_eq!(lab.difference("allied", 0, SHARE, year).n, n, "whether it lasts or not");
    }
}

/// Draw by draw: full effect before the break-up, none once it has faded; survivors are undisturbed.
#[test]
fn effects_fade_after_a_breakup() {
    let lasting = risky("1", 0.0, 1.0).central();
    let (mut broken, mut lasted) = (0, 0);
    for seed in 0..16 {
        let lab = risky("1", 0.5, 0.5).run(1, seed);
        let time = 2025.0 + Real::ln(1.0 - lab.drawn("luck.break-up.club")) / Real::ln(0.5);
        for year in 2025..=2028 {
            let saving = lab.level("allied", "saving alliance:club", year).mean;
            let full = lasting.central("allied", "saving alliance:club", year);
            let survives = lab.difference("allied", 1, SHARE, year).n == 1;
            assert_eq!(survives, time >= f64::from(year + 1), "seed {seed}, {year}, breaks up {time}");
            if survives {
                lasted += 1;
                assert_near(saving, full, 1e-9, "as if nothing could happen");
            } else if time + 0.5 < f64::from(year) {
                broken += 1;
                assert_eq!(saving, 0.0, "seed {seed}, {year}, broken up {time}");
            }
        }
    }
    assert!(broken >= 5 && lasted >= 5, "{broken} and {lasted}");
}
