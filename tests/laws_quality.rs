//! Quality in log points of within-powertrain share: makers so small that their prices do not answer show
//! each term of the bracket by itself, whatever the nesting.

use crate::support::draft::Draft;
use crate::support::lab::{Lab, assert_near};
use keiretsu::numeric::Real;
use keiretsu::share_process::{Constants, heavy_factor};

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

/// The size law at the smallest size: makers of 0.2 % and less move as one of 0.2 % does.
fn size_law() -> f64 {
    Real::powf(0.002 / 0.05, -1.0 / 3.0)
}

/// How wide a maker's shocks are against the usual.
fn tail(lab: &Lab, maker: &str) -> f64 {
    heavy_factor(lab.drawn(&format!("luck.spread.Home.{maker}")), 5.0)
}

/// Shocks are a random walk with a part common to all regions and a part of each region's own, larger for small
/// makers, in a scale that is drawn once for each maker.
#[test]
fn shocks_move_log_shares_one_for_one() {
    let (sd, common) = (0.1, 0.3);
    for (seed, rho) in [(1, 0.0), (2, 0.5)] {
        let lab = tiny(rho)
            .region_keys(&format!("volatility = {sd}"))
            .sections(&format!("[shocks]\nquality = true\ncommon_share = {common}"))
            .run(1, seed);
        let step = |maker: &str, year: i32| {
            let everywhere = lab.drawn(&format!("luck.quality.{maker}.{year}"));
            let here = lab.drawn(&format!("luck.quality-in.Home.{maker}.{year}"));
            let drawn = common.sqrt() * everywhere + (1.0 - common).sqrt() * here;
            sd * size_law() * tail(&lab, maker) * drawn
        };
        let mut walk = 0.0;
        for year in 2025..=2028 {
            walk += step("A", year) - step("B", year);
            let gap = (lead(&lab, "base", year) - walk).abs();
            assert!(gap < SMALL, "ρ = {rho}, {year}: {} against {walk}", lead(&lab, "base", year));
        }
    }
}

/// A newcomer's shocks are larger: without a history of newcomers by the assumed half.
#[test]
fn newcomers_have_larger_shocks() {
    let sd = 0.1;
    let lab = tiny(0.4)
        .region_keys(&format!("volatility = {sd}"))
        .sections("[shocks]\nquality = true")
        .table("manufacturers", "manufacturer,region,figure,value\nA,Home,first_sale,2021")
        .run(1, 4);
    let mut walk = 0.0;
    for year in 2025..=2028 {
        let step = |maker: &str| {
            size_law() * sd * tail(&lab, maker) * lab.drawn(&format!("luck.quality-in.Home.{maker}.{year}"))
        };
        walk += 1.5 * step("A") - step("B");
        let got = lead(&lab, "base", year);
        assert!((got - walk).abs() < 10.0 * SMALL, "{year}: {got} against {walk}");
    }
}

/// A newcomer grows, less from year to year.
#[test]
fn newcomers_grow() {
    let damping = 0.7;
    let lab = tiny(0.5)
        .table("history", "region,manufacturer,year,units\nHome,TOTAL,2024,5000040")
        .table("manufacturers", "manufacturer,region,figure,value\nA,Home,first_sale,2021")
        .sections(&format!("[trends]\nestimate = true\ndamping = {damping}"))
        .run(200, 3);
    let first = lab.drawn("luck.growth.Home.A");
    let expected = Constants::CHOSEN.growth * Real::ln(0.03 / 0.002);
    assert!((first - expected).abs() < 5.0 * Constants::CHOSEN.growth_sd, "{first} against {expected}");
    let lab = tiny(0.5)
        .table("history", "region,manufacturer,year,units\nHome,TOTAL,2024,5000040")
        .table("manufacturers", "manufacturer,region,figure,value\nA,Home,first_sale,2021")
        .sections(&format!("[trends]\nestimate = true\ndamping = {damping}"))
        .central();
    let (mut step, mut sum) = (expected, 0.0);
    for year in 2025..=2028 {
        sum += step;
        step *= damping;
        let lead = lab.central("base", "units A Home", year) / lab.central("base", "units B Home", year);
        let lead = Real::ln(lead / 3.0);
        assert!((lead - sum).abs() < 10.0 * SMALL, "{year}: {lead} against {sum}");
    }
}

/// What was a surprise in the base year goes on in the next by the region's estimate, once; a switch ends that.
#[test]
fn a_part_of_the_last_surprise_goes_on() {
    let rows: String = (2015..=2024)
        .map(|year| {
            let a = 500_000.0 * if year == 2024 { 1.3 } else { 1.0 };
            format!("\nHome,A,{year},{a:?}\nHome,B,{year},500000\nHome,TOTAL,{year},5000000")
        })
        .collect();
    let draft = |switch: &str| {
        tiny(0.5)
            .table("history", &format!("region,manufacturer,year,units{rows}"))
            .sections(&format!("[trends]\nestimate = true\n{switch}"))
            .central()
    };
    let lead = |lab: &Lab, year| {
        let ratio = lab.central("base", "units A Home", year) / lab.central("base", "units B Home", year);
        Real::ln(ratio / 3.0)
    };
    // One surprise after calm years: nothing but the assumed carry-over.
    let want = Constants::CHOSEN.carry * Real::ln(1.3);
    let (with, without) = (draft(""), draft("carry_over = false"));
    for year in [2025, 2028] {
        assert!((lead(&with, year) - want).abs() < SMALL, "{year}: {} against {want}", lead(&with, year));
        assert!(lead(&without, year).abs() < SMALL);
    }
}

/// A newcomer that sells only what the given path favours grows by its own step or by the path, not by both.
#[test]
fn growth_is_not_counted_twice() {
    let mut draft = tiny(0.5);
    for row in &mut draft.offers {
        row.powertrain = if row.maker == "A" { "new" } else { "old" };
    }
    let mut rival = draft.offers.iter().find(|row| row.maker == "C").unwrap().clone();
    (rival.powertrain, rival.units) = ("new", 1e6);
    draft.offers.push(rival);
    let step = Constants::CHOSEN.growth * Real::ln(0.03 / 0.002);
    let now = 1_000_030.0 / 6_000_040.0;
    for rise in [0.3, 1.0] {
        let lab = draft
            .clone()
            .table("history", "region,manufacturer,year,units\nHome,TOTAL,2024,5000040")
            .table("manufacturers", "manufacturer,region,figure,value\nA,Home,first_sale,2021")
            .region_keys(&format!("powertrain_share.new.2025 = {:?}", now * Real::exp(rise)))
            .sections("[trends]\nestimate = true\n[powertrains]\nold = {}\nnew = {}")
            .world("still", "trends.estimate = false")
            .central();
        let units = |world| lab.central(world, "units A Home", 2025);
        // What is left beyond the path, whatever prices make of that.
        let more = Real::ln(units("base") / units("still"));
        let want = f64::max(step - rise, 0.0);
        assert!((more - want).abs() < 10.0 * SMALL, "{more} against {want}");
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

/// Catch-up: each year a stated part of the log gap by which the share in a powertrain is below that in all.
#[test]
fn catch_up_closes_a_part_of_the_gap() {
    let rate = 0.06;
    let mut draft = tiny(0.5);
    for row in &mut draft.offers {
        row.powertrain = "old";
    }
    for (maker, units) in [("A", 2.0), ("C", 0.8e6), ("D", 1.2e6)] {
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
