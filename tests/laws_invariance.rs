//! What must not matter: names, order, money, the unit in which cars are counted, how often a certain
//! thing is drawn. Each law over scenarios made up on the spot.

use crate::support::draft::{Draft, markets};
use crate::support::lab::{Lab, assert_near, largest_gap};
use proptest::prelude::*;

/// Learning, scale, knowledge, loyalty and an alliance of `A` and `B` with every kind of pool.
fn lively(draft: Draft) -> Draft {
    draft
        .region_keys("loyalty = 0.2\nknowledge_effect = { old = 0.1, new = 0.3 }")
        .region_keys("volume = { growth = 0.01 }\npowertrain_share.new = { 2027 = 0.5 }")
        .sections("[powertrains]\nold = {}\nnew = { catch_up = 0.05 }")
        .sections("[components.cell]\nweight.all.new = 0.3\nlearning_rate = 0.15\nexperience_years = 2")
        .sections("[components.rest]\nremainder = true\nlearning_rate = 0.03")
        .sections("[costs]\nspillover = 0.4\nscale_elasticity = 0.03\nscale_saturation = 100_000")
        .sections("[stakes.c-in-a]\nholder = \"C\"\ntarget = \"A\"\nshare = 0.2\ncontrol = \"proportional\"")
        .sections("[alliances.ab]\nactive = false\nmembers.A.from = 2025-01-01\nmembers.B.from = 2025-01-01")
        .sections("reinvested_share = 0.5\nintegration_cost = 0.5")
        .sections("pools.learn = { kind = \"experience\", start = 2025 }")
        .sections("pools.buy = { kind = \"purchasing\", start = 2025, ramp_years = 2 }")
        .sections("pools.think = { kind = \"technology\", start = 2025, field_share = 0.5 }")
        .sections("pools.design = { kind = \"platform\", start = 2025, overhead = 0.2, stand_alone_cost = { A = 0.001, B = 0.0005 } }")
        .world("allied", "alliances.ab.active = true")
}

/// One region only, so that a unit of money or cars is easy to change.
fn one_region(mut draft: Draft) -> Draft {
    draft.offers.retain(|row| row.region == "Here");
    lively(draft)
}

/// The same market with linear price: all cars of a maker then earn the same money, which cheap ones could
/// not, so prices are closer together.
fn with_price_response(mut draft: Draft, linear: bool) -> Draft {
    draft.linear = linear;
    if linear {
        draft.offers.iter_mut().for_each(|row| row.price = 30_000.0 + row.price * 0.1);
    }
    draft
}

fn is_money(outcome: &str) -> bool {
    ["price", "marginal_cost", "rnd", "consumer_surplus"].contains(&outcome)
        || outcome.ends_with("_profit")
        || outcome.starts_with("saving")
}

/// Inputs that are drawn, but from distributions without width.
const FIXED: [(&str, &str); 3] = [
    ("loyalty = 0.2", "loyalty = { dist = \"uniform\", low = 0.2, high = 0.2 }"),
    ("spillover = 0.4", "spillover = { dist = \"triangular\", low = 0.4, mode = 0.4, high = 0.4 }"),
    ("growth = 0.01", "growth = { dist = \"normal\", mean = 0.01, sd = 0.0 }"),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Shares are positive and close to 1, in regions and years of made-up markets.
    #[test]
    fn shares_close_to_one(draft in markets()) {
        let lab = lively(draft).central();
        for world in lab.worlds() {
            for (region, year) in ["Here", "There"].iter().flat_map(|r| lab.years().map(move |y| (r, y))) {
                let makers = lab.findings.names.makers.iter();
                let shares: Vec<f64> =
                    makers.map(|maker| lab.central(world, &format!("share {maker} {region}"), year)).collect();
                prop_assert!(shares.iter().all(|share| *share > 0.0));
                prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() <= 1e-12);
            }
        }
        let solved = &lab.findings.ensemble.solved;
        prop_assert!(solved.failed == 0 && solved.worst_residual <= 1e-10);
    }

    /// Rows of the offers in reverse order, draws carried along by name: the same results.
    #[test]
    fn the_order_of_offers_does_not_matter(draft in markets()) {
        let mut draft = lively(draft).region_keys("volatility = 0.1").sections("[shocks]\nquality = true");
        let forward = draft.run(4, 9);
        draft.offers.reverse();
        let backward = draft.run(4, 9);
        for world in ["base", "allied"] {
            let (gap, what) = largest_gap(&forward, &backward, world, |_| true);
            prop_assert!(gap <= 1e-9, "{what}");
        }
        let mean = |lab: &Lab| lab.level("allied", "share B There", 2027).mean;
        assert_near(mean(&forward), mean(&backward), 1e-9, "mean of four draws");
    }

    /// Makers called otherwise, in an alphabetical order turned around: the same results, relabelled.
    #[test]
    fn names_do_not_matter(draft in markets()) {
        let plain = lively(draft);
        let renamed = |name: &str| match name { "A" => "Zeta", "B" => "Yota", "C" => "Xi", _ => "Wega" };
        let mut other = plain.clone();
        for row in &mut other.offers {
            row.maker = renamed(&row.maker).into();
        }
        for old in ["A", "B", "C"] {
            let new = renamed(old);
            for (quote, unquote) in [("\"", "\""), ("members.", "."), ("{ ", " ="), (", ", " =")] {
                other.sections = other.sections.replace(&format!("{quote}{old}{unquote}"), &format!("{quote}{new}{unquote}"));
            }
        }
        let (before, after) = (plain.central(), other.central());
        for maker in &before.findings.names.makers {
            for year in before.years() {
                for outcome in ["share", "price", "variable_profit"] {
                    let old = before.central("allied", &format!("{outcome} {maker} There"), year);
                    let new = after.central("allied", &format!("{outcome} {} There", renamed(maker)), year);
                    assert_near(old, new, 1e-9, outcome);
                }
                let old = before.central("allied", &format!("operating_profit {maker}"), year);
                let new = after.central("allied", &format!("operating_profit {}", renamed(maker)), year);
                assert_near(old, new, 1e-8, "operating profit");
            }
        }
    }

    /// All money quoted in another currency: money outcomes scale, nothing else moves.
    #[test]
    fn the_currency_does_not_matter(draft in markets(), rate in 0.01..200.0_f64, linear in any::<bool>()) {
        let dollars = one_region(with_price_response(draft, linear));
        let mut others = dollars.clone();
        for row in &mut others.offers {
            row.price *= rate;
        }
        let cost = |a: f64, b: f64| format!("stand_alone_cost = {{ A = {a:?}, B = {b:?} }}");
        others.sections = others.sections.replace("stand_alone_cost = { A = 0.001, B = 0.0005 }", &cost(0.001 * rate, 0.0005 * rate));
        prop_assert_ne!(&others.sections, &dollars.sections);
        let (dollars, others) = (dollars.central(), others.central());
        let (gap, what) = largest_gap(&dollars, &others, "allied", |outcome| !is_money(outcome));
        prop_assert!(gap <= 1e-9, "{what}");
        let price = |lab: &Lab| lab.central("allied", "price A Here new", 2027);
        assert_near(price(&others), rate * price(&dollars), 1e-9, "price");
    }

    /// Cars counted in thousands, or in wheels: counts scale, nothing else moves.
    #[test]
    fn the_unit_of_cars_does_not_matter(draft in markets(), factor in 0.001..4.0_f64, linear in any::<bool>()) {
        let mut cars = one_region(with_price_response(draft, linear));
        // A platform costs money whatever cars are counted in.
        cars.sections = cars.sections.replace("pools.design", "# pools.design");
        let mut wheels = cars.clone();
        for row in &mut wheels.offers {
            row.units *= factor;
        }
        wheels.sections = wheels.sections.replace(
            "scale_saturation = 100_000",
            &format!("scale_saturation = {:?}", 100_000.0 * factor),
        );
        let (cars, wheels) = (cars.central(), wheels.central());
        let scales = |outcome: &str| {
            outcome == "units" || (is_money(outcome) && !["price", "marginal_cost"].contains(&outcome))
        };
        let (gap, what) = largest_gap(&cars, &wheels, "allied", |outcome| !scales(outcome));
        prop_assert!(gap <= 1e-9, "{what}");
        let units = |lab: &Lab| lab.central("allied", "units B Here old", 2026);
        assert_near(units(&wheels), factor * units(&cars), 1e-9, "units");
    }

    /// Inputs without width, drawn again and again: every replication is the central run.
    #[test]
    fn without_uncertainty_every_draw_is_the_central_run(draft in markets()) {
        let mut draft = lively(draft);
        for (fixed, drawn) in FIXED {
            draft.region_keys = draft.region_keys.replace(fixed, drawn);
            draft.sections = draft.sections.replace(fixed, drawn);
        }
        let lab = draft.run(9, 4);
        let ensemble = &lab.findings.ensemble;
        for (levels, central) in ensemble.levels.iter().zip(&ensemble.central) {
            for (column, (level, central)) in levels.iter().zip(central).enumerate() {
                if level.n == 0 {
                    prop_assert!(central.is_nan(), "{}", lab.label(column));
                    continue;
                }
                prop_assert_eq!((level.p05, level.p95), (*central, *central), "{}", lab.label(column));
                prop_assert_eq!(level.sd, 0.0, "{}", lab.label(column));
            }
        }
    }

    /// No trend, no shock, no learning: with feedbacks on, nothing moves for ever.
    #[test]
    fn nothing_moves_by_itself(draft in markets(), linear in any::<bool>()) {
        let mut draft = with_price_response(draft, linear)
            .region_keys("loyalty = 0.3\nknowledge_effect = { old = 0.2, new = 0.4 }")
            .sections("[costs]\nscale_elasticity = 0.04\nscale_saturation = 50_000");
        draft.last_year = 2034;
        let lab = draft.central();
        for outcome in ["share", "units", "price", "marginal_cost", "knowledge", "rnd", "operating_profit"] {
            for [region, maker, powertrain] in lab.scopes(outcome) {
                let key = &format!("{outcome} {maker} {region} {powertrain}");
                let start = lab.central("base", key, 2024);
                for year in lab.years() {
                    assert_near(lab.central("base", key, year), start, 1e-9, &format!("{key:?} {year}"));
                }
            }
        }
    }

    /// Every kind of pool at zero effect, in a market with every feedback: not one bit of difference.
    #[test]
    fn pools_without_effect_change_nothing(draft in markets(), which in 0..3_usize) {
        let mut draft = lively(draft).region_keys("volatility = 0.1").sections("[shocks]\nquality = true");
        let (from, to) = [
            ("integration_cost = 0.5", "realised_fraction = 0"),
            ("start = 2025", "start = 2025, compatibility = 0"),
            ("start = 2025", "start = 2028"),
        ][which];
        prop_assert!(draft.sections.contains(from));
        draft.sections = draft.sections.replace(from, to);
        let lab = draft.run(5, 3);
        for condition in 0..3 {
            for (column, e) in lab.differences("allied", condition).iter().enumerate() {
                let figures = [e.mean, e.p05, e.p50, e.p95, e.prob_gain, e.prob_loss];
                prop_assert!(e.n == 0 || figures == [0.0; 6], "{}: {e:?}", lab.label(column));
            }
        }
    }
}
