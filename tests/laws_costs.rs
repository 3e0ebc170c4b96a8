//! Unit cost, duties, exchange rates, credits and taxes against closed forms, on the smallest scenarios
//! in which they show. In the year after the base year, volumes and experience are still known by hand.

use crate::support::draft::Draft;
use crate::support::lab::{Lab, assert_near};
use keiretsu::numeric::Real;

fn two() -> Draft {
    Draft::of(&[(300_000.0, 30_000.0), (100_000.0, 25_000.0)])
}

fn cost(lab: &Lab, world: &str, maker: &str, year: i32) -> f64 {
    lab.central(world, &format!("marginal_cost {maker} Home all"), year)
}

fn of_maker(lab: &Lab, world: &str, outcome: &str, maker: &str, year: i32) -> f64 {
    lab.central(world, &format!("{outcome} {maker} Home"), year)
}

/// Wright's law: after a year of 300,000 on top of three years' worth, with others' units spilling over.
#[test]
fn cost_falls_with_cumulative_units() {
    let (rate, spill, years) = (0.2, 0.25, 3.0);
    let lab = two()
        .sections(&format!(
            "[components.unit]\nremainder = true\nlearning_rate = {rate}\nexperience_years = {years:?}"
        ))
        .sections(&format!("[costs]\nspillover = {spill}"))
        .central();
    let b = -Real::ln(1.0 - rate) / Real::ln(2.0_f64);
    for (maker, own, others) in [("A", 3e5, 1e5), ("B", 1e5, 3e5)] {
        let before = years * (own + spill * others);
        let after = (years + 1.0) * (own + spill * others);
        let want = Real::powf(after / before, -b);
        assert_near(cost(&lab, "base", maker, 2025) / cost(&lab, "base", maker, 2024), want, 1e-9, maker);
    }
}

/// A component of a stated weight learns, the rest does not; units outside the regions count too.
#[test]
fn only_the_weight_of_a_component_learns() {
    let lab = two()
        .sections("[components.cell]\nweight.all.all = 0.3\nlearning_rate = 0.2\nexperience_years = 1")
        .sections("[components.rest]\nremainder = true")
        .sections("[costs]\noutside_growth = 0.1")
        .table("manufacturers", "manufacturer,figure,value\nA,world_units,500000")
        .central();
    // 500,000 cumulative units and 500,000 more: a doubling, worldwide.
    let want = 0.3 * 0.8 + 0.7;
    assert_near(cost(&lab, "base", "A", 2025) / cost(&lab, "base", "A", 2024), want, 1e-9, "A");
    // Outside units of 2025 have grown by 10 %.
    let sold = lab.central("base", "units A", 2025) + 200_000.0 * Real::exp(0.1);
    let b = -Real::ln(0.8) / Real::ln(2.0_f64);
    let want = 0.3 * Real::powf((1e6 + sold) / 5e5, -b) + 0.7;
    assert_near(cost(&lab, "base", "A", 2026) / cost(&lab, "base", "A", 2024), want, 1e-9, "A in 2026");
}

/// Scale: the cost of 2026 follows the units of 2025, and the elasticity fades with size.
#[test]
fn cost_follows_last_years_volume() {
    let (e, v_star) = (0.05, 200_000.0);
    let lab = two()
        .sections(&format!("[costs]\nscale_elasticity = {e}\nscale_saturation = {v_star:?}"))
        .sections("[overhangs.a]\nregion = \"Home\"\nmanufacturer = \"A\"\nshare = 0.05\nfade_years = 1")
        .central();
    for (maker, start) in [("A", 3e5), ("B", 1e5)] {
        let now = lab.central("base", &format!("units {maker}"), 2025);
        assert!((now / start - 1.0).abs() > 0.01, "volumes must move for this to mean anything");
        let s = |v: f64| Real::ln(v / (1.0 + v / v_star));
        let want = Real::exp(-e * (s(now) - s(start)));
        assert_near(cost(&lab, "base", maker, 2025) / cost(&lab, "base", maker, 2024), 1.0, 1e-12, maker);
        assert_near(cost(&lab, "base", maker, 2026) / cost(&lab, "base", maker, 2024), want, 1e-9, maker);
    }
}

/// An exogenous trend is a log change a year.
#[test]
fn a_trend_is_a_log_change_a_year() {
    let lab = two().sections("[components.unit]\nremainder = true\ntrend = -0.02").central();
    assert_near(cost(&lab, "base", "B", 2027) / cost(&lab, "base", "B", 2024), Real::exp(-0.06), 1e-12, "B");
}

/// `A` imports 60 % of its cars; half of an import's value pays duty: 5 % in 2024, 30 % from 2025.
fn tariff(pass_through: f64) -> Lab {
    two()
        .sections("[origins.Abroad]\ndutiable = 0.5")
        .sections(&format!("[costs]\npass_through = {pass_through:?}"))
        .table("origins", "region,manufacturer,origin,share\nHome,A,Abroad,0.6")
        .table(
            "policies",
            "date,region,kind,applies_to,value\n2024-01-01,Home,duty,Abroad,0.05\n2025-01-01,Home,duty,Abroad,0.30",
        )
        .central()
}

/// Duty passed through in full: priced cost is cost before duty times one plus duty, the base year's not twice.
#[test]
fn a_duty_raises_priced_cost_by_its_share() {
    let lab = tariff(1.0);
    let want = (1.0 + 0.3 * 0.6 * 0.5) / (1.0 + 0.05 * 0.6 * 0.5);
    for year in [2025, 2028] {
        assert_near(cost(&lab, "base", "A", year) / cost(&lab, "base", "A", 2024), want, 1e-12, "A");
        assert_near(cost(&lab, "base", "B", year) / cost(&lab, "base", "B", 2024), 1.0, 1e-12, "B");
    }
    let half = tariff(0.5);
    let want = 1.0 + 0.5 * (want - 1.0);
    assert_near(cost(&half, "base", "A", 2025) / cost(&half, "base", "A", 2024), want, 1e-12, "half of it");
}

/// A duty that is not passed through leaves prices and shares as they are; the maker pays it.
#[test]
fn a_duty_that_the_maker_bears_leaves_prices_alone() {
    let lab = tariff(0.0);
    for (maker, outcome) in [("A", "price"), ("B", "price"), ("A", "share"), ("B", "share")] {
        let of = |year| of_maker(&lab, "base", outcome, maker, year);
        assert_near(of(2025), of(2024), 1e-9, outcome);
    }
    let before_duty = cost(&lab, "base", "A", 2024) / (1.0 + 0.05 * 0.6 * 0.5);
    let borne = 300_000.0 * before_duty * (0.30 - 0.05) * 0.6 * 0.5 / 1e9;
    let profit = |maker, year| lab.central("base", &format!("operating_profit {maker}"), year);
    assert_near(profit("A", 2024) - profit("A", 2025), borne, 1e-6, "borne duty");
    assert_near(profit("B", 2024), profit("B", 2025), 1e-9, "the other maker's profit");
}

/// A duty of half a year counts for half.
#[test]
fn a_policy_counts_for_the_days_it_is_in_force() {
    let lab = two()
        .sections("[origins.Abroad]")
        .table("origins", "region,manufacturer,origin,share\nHome,A,Abroad,1")
        .table("policies", "date,region,kind,applies_to,value\n2025-07-02,Home,duty,Abroad,0.2")
        .central();
    let duty = cost(&lab, "base", "A", 2025) / cost(&lab, "base", "A", 2024) - 1.0;
    assert_near(duty, 0.2 * 183.0 / 365.0, 1e-9, "183 of 365 days");
    assert_near(cost(&lab, "base", "A", 2026) / cost(&lab, "base", "A", 2024), 1.2, 1e-12, "a whole year");
}

/// An exchange rate moves the cost of what is built abroad; what is not passed through is borne.
#[test]
fn an_exchange_rate_moves_the_cost_of_imports() {
    let draft = |pass_through: f64| {
        two()
            .sections("[currencies.shell]\nshock_sd = 0.1\npersistence = 0.5\n[origins.Abroad]\ncurrency = \"shell\"")
            .sections(&format!("[costs]\npass_through = {pass_through:?}"))
            .table("origins", "region,manufacturer,origin,share\nHome,A,Abroad,0.4")
    };
    for (seed, pass_through) in [(1, 1.0), (2, 0.5), (3, 0.0)] {
        let lab = draft(pass_through).run(1, seed);
        let shock = |year: i32| 0.1 * lab.drawn(&format!("luck.currency.shell.{year}"));
        let of = |year| lab.level("base", "marginal_cost A Home all", year).mean;
        let level = [shock(2025), 0.5 * shock(2025) + shock(2026)];
        for (year, level) in [2025, 2026].into_iter().zip(level) {
            let want = 1.0 + pass_through * 0.4 * (Real::exp(level) - 1.0);
            assert_near(of(year) / of(2024), want, 1e-9, &format!("{year}, passed through {pass_through}"));
        }
        // In the central run exchange rates stay where they are.
        assert_near(cost(&lab, "base", "A", 2028), cost(&lab, "base", "A", 2024), 1e-12, "central");
    }
}

/// Yearly shocks that are wholly correlated are one shock; with −1, its mirror image.
#[test]
fn correlated_shocks_move_together() {
    for correlation in [1.0, -1.0] {
        let lab = two()
            .region_keys("volume.shock_sd = 0.05")
            .sections("[currencies.shell]\nshock_sd = 0.1\n[origins.Abroad]\ncurrency = \"shell\"")
            .sections(&format!(
                "[[correlations]]\nbetween = [\"volume.Home\", \"currency.shell\"]\npearson = {correlation:?}"
            ))
            .table("origins", "region,manufacturer,origin,share\nHome,A,Abroad,1")
            .run(1, 8);
        let ratio = |of: &str| Real::ln(lab.level("base", of, 2025).mean / lab.level("base", of, 2024).mean);
        let volume = ratio("units Home") / 0.05;
        let currency = ratio("marginal_cost A Home all") / 0.1;
        assert!(volume.abs() > 0.05, "{volume}");
        assert_near(volume, correlation * currency, 1e-6, &format!("correlation {correlation}"));
    }
}

/// A tax τ on what buyers pay is a cost 1 + τ times as high, seen from the buyer.
#[test]
fn a_tax_is_a_cost_times_one_plus_tax() {
    let tax = 0.1;
    for linear in [false, true] {
        let mut draft = two()
            .sections("[components.unit]\nremainder = true\ntrend = 0")
            .file("taxed", &format!("date,region,kind,applies_to,value\n2025-01-01,Home,tax,all,{tax}"))
            .table("policies", "date,region,kind,applies_to,value")
            .world("taxed", "tables.policies = \"taxed.csv\"")
            .world("dearer", &format!("components.unit.trend = {:?}", Real::ln(1.0 + tax)));
        draft.linear = linear;
        let lab = draft.central();
        for maker in ["A", "B"] {
            let of = |world, outcome| of_maker(&lab, world, outcome, maker, 2025);
            assert_near(of("taxed", "share"), of("dearer", "share"), 1e-8, "share");
            assert_near(of("taxed", "price") * (1.0 + tax), of("dearer", "price"), 1e-8, "what buyers pay");
            assert_near(of("taxed", "units"), of("dearer", "units"), 1e-8, "units");
        }
    }
}

/// A credit per car is a cost cut of the same size, seen from the buyer.
#[test]
fn a_credit_is_a_cost_cut_of_its_size() {
    let credit = 2_000.0;
    for linear in [false, true] {
        // Identical makers, so that one log change of cost is the same money for both.
        let mut draft = Draft::of(&[(200_000.0, 30_000.0), (200_000.0, 30_000.0)]);
        draft.linear = linear;
        let start = cost(&draft.central(), "base", "A", 2024);
        let draft = draft
            .sections("[components.unit]\nremainder = true\ntrend = 0")
            .file("paid", &format!("date,region,kind,applies_to,value\n2025-01-01,Home,credit,all,{credit}"))
            .table("policies", "date,region,kind,applies_to,value")
            .world("paid", "tables.policies = \"paid.csv\"")
            .world("cheaper", &format!("components.unit.trend = {:?}", Real::ln(1.0 - credit / start)));
        let lab = draft.central();
        let of = |world, outcome| of_maker(&lab, world, outcome, "A", 2025);
        assert_near(of("paid", "units"), of("cheaper", "units"), 1e-8, "units");
        assert_near(of("paid", "price") - credit, of("cheaper", "price"), 1e-8, "what buyers pay");
        assert!(of("paid", "units") > of("base", "units"));
    }
}

/// Fixed cost, R&D and profit of the base year are the stated ones; R&D follows worldwide revenue.
#[test]
fn accounts_start_where_they_are_stated_and_research_follows_revenue() {
    let lab = two()
        .table(
            "manufacturers",
            "manufacturer,figure,value\nA,operating_profit,0.321\nA,rnd,0.4\nA,revenue,15\nA,world_units,450000",
        )
        .sections("[overhangs.a]\nregion = \"Home\"\nmanufacturer = \"A\"\nshare = 0.05\nfade_years = 1")
        .central();
    let of = |outcome, year| lab.central("base", &format!("{outcome} A"), year);
    assert!((of("operating_profit", 2024) - 0.321).abs() < 1e-12);
    assert_near(of("rnd", 2024), 0.4, 1e-12, "R&D");
    let sold = |year| of("units", year) * of_maker(&lab, "base", "price", "A", year) / 1e9;
    assert_near(sold(2024), 9.0, 1e-9, "modelled revenue");
    assert_near(of("rnd", 2026), 0.4 * (sold(2026) + 6.0) / 15.0, 1e-9, "R&D of 2026");
    // Knowledge: K' = (1 − d) K + R with K_0 = R_0 / d.
    let stock = 1.0 + 0.15 * (of("rnd", 2025) / 0.4 - 1.0);
    assert_near(of("knowledge", 2026), stock, 1e-9, "knowledge");
}
