//! Quality in log points of within-powertrain share: makers so small that their prices do not answer show
//! each term of the bracket by itself, whatever the nesting.

use crate::support::draft::Draft;
use crate::support::lab::{Lab, assert_near};
use keiretsu::numeric::Real;

/// Two makers of a few cars beside two of millions.
fn tiny(rho: f64) -> Draft {
    let mut draft = Draft::of(&[(30.0, 30_000.0), (10.0, 26_000.0), (2e6, 35_000.0), (3e6, 28_000.0)]);
    draft.demand[2] = format!("{rho:?}");
    draft
}

/// ln of `A`'s units over `B`'s, less its value in the base year; in the only draw.
fn lead(lab: &Lab, world: &str, year: i32) -> f64 {
    let log = |maker, year| Real::ln(lab.level(world, &format!("units {maker} Home"), year).mean);
    log("A", year) - log("B", year) - (log("A", 2024) - log("B", 2024))
}

/// Small against 1, large against what a maker of 30 cars in five millions moves.
const SMALL: f64 = 1e-4;

/// Shocks are a random walk with a part common to all regions and a part of each region's own.
#[test]
fn shocks_move_log_shares_one_for_one() {
    let (sd, common) = (0.2, 0.3);
    for (seed, rho) in [(1, 0.0), (2, 0.5)] {
        let lab = tiny(rho)
            .region_keys(&format!("volatility = {sd}"))
            .sections(&format!("[shocks]\nquality = true\ncommon_share = {common}"))
            .run(1, seed);
        let step = |maker: &str, year: i32| {
            let everywhere = lab.drawn(&format!("luck.quality.{maker}.{year}"));
            let here = lab.drawn(&format!("luck.quality-in.Home.{maker}.{year}"));
            sd * (common.sqrt() * everywhere + (1.0 - common).sqrt() * here)
        };
        let mut walk = 0.0;
        for year in 2025..=2028 {
            walk += step("A", year) - step("B", year);
            let gap = (lead(&lab, "base", year) - walk).abs();
            assert!(gap < SMALL, "ρ = {rho}, {year}: {} against {walk}", lead(&lab, "base", year));
        }
    }
}

/// A young maker's shocks are larger, and its excess falls geometrically with age.
#[test]
fn young_makers_have_larger_shocks() {
    let (grown, young, decay) = (0.1, 0.4, 0.7);
    let lab = tiny(0.4)
        .region_keys(&format!("volatility = {grown}"))
        .sections(&format!("[shocks]\nquality = true\nyoung_volatility = {young}\nyoung_decay = {decay}"))
        .table("manufacturers", "manufacturer,region,figure,value\nA,Home,first_sale,2021")
        .run(1, 4);
    let mut walk = 0.0;
    for (age, year) in (2025..=2028).enumerate().map(|(k, year)| (4.0 + k as f64, year)) {
        let sd = grown + (young - grown) * Real::powf(decay, age);
        walk += sd * lab.drawn(&format!("luck.quality-in.Home.A.{year}"))
            - grown * lab.drawn(&format!("luck.quality-in.Home.B.{year}"));
        assert!((lead(&lab, "base", year) - walk).abs() < SMALL, "{year}");
    }
}

/// A trend adds up, damped from year to year.
#[test]
fn trends_are_damped() {
    let damping = 0.8;
    let history: String = (2018..=2024)
        .map(|year| {
            let past = f64::from(2024 - year);
            let (a, b) = (30.0 * Real::exp(-0.10 * past), 10.0 * Real::exp(0.05 * past));
            format!("\nHome,A,{year},{a:?}\nHome,B,{year},{b:?}\nHome,TOTAL,{year},5000040")
        })
        .collect();
    let lab = tiny(0.5)
        .table("history", &format!("region,manufacturer,year,units{history}"))
        .sections(&format!("[trends]\nestimate = true\ndamping = {damping}\nprior_sd = 0.1"))
        .run(1, 3);
    let trend = lab.drawn("luck.trend.Home.A") - lab.drawn("luck.trend.Home.B");
    assert!((trend - 0.15).abs() < 0.02, "history without noise is hardly shrunken: {trend}");
    let mut sum = 0.0;
    for year in 2025..=2028 {
        sum = sum * damping + trend;
        assert!(
            (lead(&lab, "base", year) - sum).abs() < 10.0 * SMALL,
            "{year}: {} against {sum}",
            lead(&lab, "base", year)
        );
    }
}

/// Knowledge: γ log points of share per log point of knowledge, against the region's mean.
#[test]
fn knowledge_moves_log_shares_by_gamma() {
    let gamma = 0.4;
    let lab = tiny(0.5)
        .region_keys(&format!("knowledge_effect.all = {gamma}"))
        .sections(
            "[alliances.club]\nactive = false\nmembers.A.from = 2025-01-01\nmembers.C.from = 2025-01-01",
        )
        .sections("pools.know = { kind = \"technology\", start = 2025, ramp_years = 0 }")
        .world("allied", "alliances.club.active = true")
        .central();
    for year in [2026, 2027, 2028] {
        let knowledge = lab.central("allied", "knowledge A", year);
        assert!(knowledge > 1.1);
        // The outcome is the stock at the start of the year, which quality uses.
        let want = gamma * Real::ln(knowledge / lab.central("allied", "knowledge B", year));
        assert!(
            (lead(&lab, "allied", year) - want).abs() < SMALL,
            "{year}: {} against {want}",
            lead(&lab, "allied", year)
        );
    }
    assert!(lead(&lab, "base", 2028).abs() < SMALL);
}

/// Loyalty: λ log points of share per log point of installed base, against one of constant shares.
#[test]
fn loyalty_follows_the_installed_base() {
    let (loyalty, scrappage) = (0.3, 0.1);
    let draft = |loyalty: f64| {
        tiny(0.5)
            .region_keys(&format!("loyalty = {loyalty:?}\nscrappage = {scrappage:?}"))
            .sections("[overhangs.a]\nregion = \"Home\"\nmanufacturer = \"A\"\nshare = 0.1\nfade_years = 1")
            .central()
    };
    let (with, without) = (draft(loyalty), draft(0.0));
    let units = |lab: &Lab, year| lab.central("base", "units A Home", year);
    assert_near(units(&with, 2025), units(&without, 2025), 1e-9, "the base is still what it was");
    assert!(units(&with, 2025) < 0.8 * 30.0, "the discount is gone");
    // Steady sales had built units / scrappage; constant shares would keep it.
    let (mut base, steady) = (30.0 / scrappage, 30.0 / scrappage);
    for year in 2026..=2028 {
        base = (1.0 - scrappage) * base + units(&with, year - 1);
        let got = Real::ln(units(&with, year) / units(&without, year));
        let want = loyalty * Real::ln(base / steady);
        assert!(want < -0.005 && (got - want).abs() < SMALL, "{year}: {got} against {want}");
    }
}

/// Catch-up: each year a stated part of the log gap between the share in a powertrain and in all.
#[test]
fn catch_up_closes_a_part_of_the_gap() {
    let rate = 0.06;
    let mut draft = tiny(0.5);
    for row in &mut draft.offers {
        row.powertrain = "old";
    }
    for (maker, units) in [("A", 2.0), ("C", 1e6), ("D", 1e6)] {
        let mut row = draft.offers.iter().find(|row| row.maker == maker).unwrap().clone();
        (row.powertrain, row.units) = ("new", units);
        draft.offers.push(row);
    }
    let lab = draft
        .sections(&format!("[powertrains]\nold = {{}}\nnew = {{ catch_up = {rate} }}"))
        .world("without", "powertrains.new.catch_up = 0")
        .central();
    let whole = 32.0 / 7_000_042.0;
    let units = |world, maker, year| lab.central(world, &format!("units {maker} Home new"), year);
    let inside = |year| {
        units("base", "A", year) / ["A", "C", "D"].map(|maker| units("base", maker, year)).iter().sum::<f64>()
    };
    // Quality of the newcomers to the nest: what the gaps so far add up to, for A and for the whole nest.
    let mut sum = 0.0;
    for year in 2025..=2028 {
        sum += rate * Real::ln(whole / inside(year - 1));
        let moved = Real::ln(inside(year) / inside(2024));
        let rivals = Real::ln(units("base", "C", year) / units("base", "C", 2024));
        assert!(
            moved > 0.0 && (moved - sum).abs() < 0.02 * sum + rivals.abs(),
            "{year}: {moved} against {sum}"
        );
    }
    assert!(units("without", "A", 2028) < units("base", "A", 2028));
}

/// Industry volume: given years are met as drawn; later ones grow and deviate as an AR(1).
#[test]
fn volume_grows_and_deviates() {
    let (growth, sd, persistence) = (0.02, 0.05, 0.6);
    let lab = tiny(0.2)
        .region_keys(&format!("volume = {{ given = {{ 2025 = 6_000_000 }}, growth = {growth}, shock_sd = {sd}, persistence = {persistence} }}"))
        .run(1, 5);
    let units = |year| lab.level("base", "units Home", year).mean;
    assert_near(units(2025), 6e6, 1e-12, "given");
    let mut deviation = 0.0;
    for (steps, year) in (2026..=2028).enumerate() {
        deviation = persistence * deviation + sd * lab.drawn(&format!("luck.volume.Home.{year}"));
        let want = 6e6 * Real::exp(growth * (steps + 1) as f64 + deviation);
        assert_near(units(year), want, 1e-9, &format!("{year}"));
    }
}

/// One uniform moves a whole path; between given years the path is straight, after the last it stays.
#[test]
fn one_uniform_moves_a_whole_path() {
    let mut draft = Draft::of(&[(3e5, 30_000.0), (2e5, 26_000.0), (1e5, 28_000.0)]);
    draft.offers[2].powertrain = "new";
    draft.last_year = 2029;
    let draft = draft.region_keys(
        "powertrain_share.new = { 2026 = { dist = \"uniform\", low = 0.2, high = 0.3 }, \
         2028 = { dist = \"uniform\", low = 0.3, high = 0.6 } }",
    );
    let draft = draft.sections("[powertrains]\nall = {}\nnew = {}");
    let mut seen = Vec::new();
    for seed in 0..5 {
        let lab = draft.run(1, seed);
        let share = |year| lab.level("base", "new_share Home", year).mean;
        let uniform = (share(2026) - 0.2) / 0.1;
        assert!((0.0..=1.0).contains(&uniform));
        assert_near(share(2024), 1.0 / 6.0, 1e-9, "base year");
        assert_near(share(2028), 0.3 + 0.3 * uniform, 1e-9, "2028");
        assert_near(share(2029), share(2028), 1e-9, "2029");
        assert_near(share(2027), 0.25 + 0.2 * uniform, 1e-9, "2027");
        seen.push(uniform);
    }
    assert!(seen.windows(2).any(|pair| (pair[0] - pair[1]).abs() > 0.1), "{seen:?}");
}
