//! Feedbacks do not run away: the main scenario with every loop at both ends of its range.

use crate::support::lab::{Lab, shipped};
use keiretsu::scenario::load;

const MAIN: &str = "honda-nissan-mitsubishi.toml";

/// What feeds back on itself: knowledge, loyalty, catch-up, growth, learning, scale, reinvestment.
const LOOPS: [&str; 14] = [
    "regions.US.loyalty",
    "regions.China.loyalty",
    "regions.US.knowledge_effect.combustion",
    "regions.US.knowledge_effect.plug-in",
    "regions.China.knowledge_effect.combustion",
    "regions.China.knowledge_effect.plug-in",
    "powertrains.plug-in.catch_up",
    "trends.damping",
    "costs.scale_elasticity",
    "costs.spillover",
    "components.battery.learning_rate",
    "components.rest.learning_rate",
    "quality.knowledge_depreciation",
    "alliances.hnm.reinvested_share",
];

/// Low and high end of an input of the main scenario.
fn range(key: &str) -> (f64, f64) {
    let scenario = load(&shipped(MAIN), &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let mut inputs = scenario.worlds[scenario.reference].inputs.iter();
    let found = inputs.find(|input| input.quantity.key == key);
    found.unwrap_or_else(|| panic!("no input {key}")).quantity.range()
}

/// The main scenario with inputs fixed at the given values.
fn run(fixed: &[(&str, f64)]) -> Lab {
    let set: Vec<String> = fixed.iter().map(|(key, value)| format!("{key}={value:?}")).collect();
    Lab::run(&shipped(MAIN), &set.iter().map(String::as_str).collect::<Vec<_>>(), 32, 12)
}

/// Shares stay where an industry could be, and nothing is lost or infinite.
#[track_caller]
fn assert_tame(lab: &Lab, what: &str) {
    let ensemble = &lab.findings.ensemble;
    assert_eq!(ensemble.failed, 0, "{what}");
    for world in lab.worlds() {
        for [region, maker, _] in lab.scopes("share") {
            if maker.starts_with("alliance:") {
                continue;
            }
            let key = &format!("share {maker} {region}");
            let start = lab.central(world, key, 2024);
            for year in lab.years() {
                let level = lab.level(world, key, year);
                assert!(level.n == 32 && level.mean.is_finite(), "{what}: {world} {key:?} {year}");
                let central = lab.central(world, key, year);
                // Nobody has more than a third of a market, or thirteen times its base-year share.
                let most = (13.0 * start).clamp(0.03, 0.34);
                assert!(central <= most, "{what}: {world} {key:?} {year}: from {start:.4} to {central:.4}");
                assert!(level.p95 <= 0.5, "{what}: {world} {key:?} {year}: p95 {:.3}", level.p95);
            }
        }
        for outcome in ["operating_profit", "rnd", "knowledge", "consumer_surplus", "hhi"] {
            for [region, maker, powertrain] in lab.scopes(outcome) {
                let value = lab.central(world, &format!("{outcome} {maker} {region} {powertrain}"), 2035);
                assert!(value.is_finite(), "{what}: {outcome} {region} {maker}");
                assert!(outcome != "knowledge" || (0.05..20.0).contains(&value), "{what}: {maker} {value}");
            }
        }
    }
    for region in ["US", "China"] {
        let key = &format!("share alliance:hnm {region}");
        let moved = lab.difference("partnership", 0, key, 2035);
        assert!(
            moved.mean.abs() < 0.05 && moved.p95 < 0.15,
            "{what}: the alliance moves {region} by {moved:?}"
        );
    }
}

/// Every loop at its high end at once.
#[test]
fn all_loops_at_their_high_ends() {
    let fixed: Vec<(&str, f64)> = LOOPS.iter().map(|key| (*key, range(key).1)).collect();
    assert_tame(&run(&fixed), "all high");
}

/// Every loop at its low end at once.
#[test]
fn all_loops_at_their_low_ends() {
    let fixed: Vec<(&str, f64)> = LOOPS.iter().map(|key| (*key, range(key).0)).collect();
    assert_tame(&run(&fixed), "all low");
}

/// Strong quality feedbacks with slow knowledge, against weak cost feedbacks, and the reverse.
#[test]
fn mixed_ends() {
    let end = |high: &dyn Fn(&str) -> bool| {
        LOOPS
            .iter()
            .map(|key| (*key, if high(key) { range(key).1 } else { range(key).0 }))
            .collect::<Vec<_>>()
    };
    let quality =
        |key: &str| key.contains("loyalty") || key.contains("knowledge_effect") || key.contains("damping");
    assert_tame(&run(&end(&quality)), "quality high, cost low");
    assert_tame(&run(&end(&|key| !quality(key))), "quality low, cost high");
}

/// A jolt dies down: with every loop at its high end and no growth, shares settle within the century.
#[test]
fn a_jolt_dies_down() {
    let mut set: Vec<String> = LOOPS.iter().map(|key| format!("{key}={:?}", range(key).1)).collect();
    set.push("trends.estimate=false".into());
    set.push("scenario.last_year=2104".into());
    let lab = Lab::run(&shipped(MAIN), &set.iter().map(String::as_str).collect::<Vec<_>>(), 1, 1);
    for region in ["US", "China"] {
        let makers: Vec<String> = lab
            .scopes("share")
            .into_iter()
            .filter(|scope| scope[0] == region && !scope[1].starts_with("alliance:"))
            .map(|[_, maker, _]| maker)
            .collect();
        // How much of the market changes hands in a decade.
        let moved = |from: i32| -> f64 {
            let share = |maker: &String, year| lab.central("none", &format!("share {maker} {region}"), year);
            makers.iter().map(|maker| (share(maker, from + 10) - share(maker, from)).abs()).sum()
        };
        let first = (0..4).map(|decade| moved(2024 + 10 * decade)).fold(0.0, f64::max);
        let (middle, last) = (moved(2064), moved(2094));
        assert!(first > 0.05, "{region}: nothing moves, {first}");
        assert!(middle < 0.5 * first && last < 0.1 * first, "{region}: {first:.4}, {middle:.4}, {last:.4}");
    }
}
