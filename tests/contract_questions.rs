//! `keiretsu scan`, `keiretsu breakeven` and `keiretsu coalitions`, as users type them.

use crate::support::binary::{
    Csv, MINIMAL, assert_done, files, keiretsu, refused, scenario, stdout, temporary,
};

const INPUT: &str = "alliances.asahi-tsuki.realised_fraction";
const GOAL: &str = "share Asahi Home 2030 > 0.5 %";

/// Everything but the timings.
fn results(folder: &std::path::Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut files = files(folder);
    assert!(files.remove("timing.json").is_some());
    files
}

#[test]
fn a_scan_has_its_settings_as_columns_and_the_same_bytes_for_any_threads() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    let scan = |threads: &str, out: &str| {
        let over = ["--over", "costs.scale_elasticity=0.01..0.03:3", "--over", "regions.Home.nest_rho=0,0.4"];
        let common = ["scan", &path, "--replications", "40", "--threads", threads, "--out", out];
        keiretsu(folder.path(), &[&common[..], &over[..]].concat())
    };
    let output = scan("1", "one");
    assert_done(&output);
    assert!(stdout(&output).contains("above zero at every point"), "{}", stdout(&output));
    assert_done(&scan("3", "three"));
    assert_eq!(results(&folder.path().join("one")), results(&folder.path().join("three")));
    let csv = Csv::read(&folder.path().join("one"), "scan.csv");
    assert_eq!(csv.header[..4], ["costs.scale_elasticity", "regions.Home.nest_rho", "world", "reference"]);
    assert_eq!(csv.distinct("costs.scale_elasticity"), ["0.01", "0.02", "0.03"]);
    assert_eq!(csv.distinct("measure"), ["level", "difference"]);
    assert!(results(&folder.path().join("one")).contains_key("charts/scan-together.png"));
}

#[test]
fn what_a_scan_cannot_do_it_says() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    let scan = |more: &[&str], words: &[&str]| {
        refused(folder.path(), &[&["scan", &path, "--replications", "20"], more].concat(), 2, words);
    };
    scan(&[], &["--over"]);
    scan(&["--over", "nothing.here=1,2"], &["unknown key `nothing`", "known:"]);
    scan(&["--over", "costs.scale_elasticity=0.5..1.5:3"], &["1.5 is not a fraction", "1 is not a fraction"]);
    scan(&["--over", "scenario.seed=1,2", "--over", "scenario.seed=3,4"], &["there twice"]);
    scan(
        &["--over", "scenario.seed=1..1000:1000", "--over", "costs.scale_elasticity=0,0.1"],
        &["more than 1000 points"],
    );
    scan(&["--over", "scenario.seed=1,2", "--outcome", "share Asahy"], &["asahy", "did you mean"]);
    assert!(files(folder.path()).is_empty(), "nothing was written");
}

/// A point without a market is told, the others are kept.
#[test]
fn points_without_a_market_lose_no_result() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    let over = "regions.Home.own_price_elasticity=-4,-0.7";
    let output =
        keiretsu(folder.path(), &["scan", &path, "--replications", "20", "--over", over, "--out", "x"]);
    assert_done(&output);
    assert!(
        stdout(&output).contains(&format!(
            "No market, and so no result, at {} = -0.7",
            "regions.Home.own_price_elasticity"
        )),
        "{}",
        stdout(&output)
    );
    let csv = Csv::read(&folder.path().join("x"), "scan.csv");
    assert_eq!(csv.distinct("regions.Home.own_price_elasticity"), ["-4"]);
    let all = "regions.Home.own_price_elasticity=-0.6,-0.7";
    refused(folder.path(), &["scan", &path, "--over", all, "--out", "y"], 2, &["-0.6", "-0.7"]);
}

#[test]
fn a_break_even_value_has_tables_charts_and_the_same_bytes_for_any_threads() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    let ask = |threads: &str, out: &str| {
        let against =
            ["--against", "costs.scale_elasticity", "--against-range", "0.02..0.05:3", "--confidence", "0.6"];
        let common = ["breakeven", &path, "--input", INPUT, "--goal", GOAL, "--replications", "40"];
        keiretsu(folder.path(), &[&common[..], &against[..], &["--threads", threads, "--out", out]].concat())
    };
    let output = ask("1", "one");
    assert_done(&output);
    assert!(
        stdout(&output).contains(&format!("holds in at least 60 of 100 draws from {INPUT} = ")),
        "{}",
        stdout(&output)
    );
    assert_done(&ask("3", "three"));
    let one = results(&folder.path().join("one"));
    assert_eq!(one, results(&folder.path().join("three")));
    for name in
        ["breakeven.csv", "chances.csv", "charts/breakeven.svg", "charts/frontier.png", "manifest.json"]
    {
        assert!(one.contains_key(name), "no {name}");
    }
    let csv = Csv::read(&folder.path().join("one"), "breakeven.csv");
    assert_eq!(csv.distinct("against_value"), ["", "0.02", "0.035", "0.05"]);
    // The stronger scale economies are, the less of the saving has to be realised.
    let last = |at: &str| {
        csv.rows.iter().rfind(|row| row[csv.at("against_value")] == at && !row[csv.at("value")].is_empty())
    };
    let value = |at: &str| csv.number(last(at).unwrap_or_else(|| panic!("no value at {at}")), "value");
    assert!(value("0.035") > value("0.05"));
}

#[test]
fn what_a_break_even_value_cannot_be_asked_for_is_said() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    let ask = |more: &[&str], words: &[&str]| {
        refused(folder.path(), &[&["breakeven", &path, "--replications", "20"], more].concat(), 2, words);
    };
    ask(&["--input", INPUT, "--goal", "share Asahi 2030"], &["there is no > or <"]);
    ask(&["--input", INPUT, "--goal", "share Asahi Home > 0"], &["has no year"]);
    ask(&["--input", INPUT, "--goal", "share Asahi Home 2050 > 0"], &["no year 2050"]);
    ask(&["--input", "alliances.asahi-tsuki.realized_fraction", "--goal", GOAL], &["did you mean", INPUT]);
    ask(
        &["--input", "costs.scale_elasticty", "--range", "0..1", "--goal", GOAL],
        &["unknown key", "did you mean"],
    );
    ask(&["--input", INPUT, "--goal", GOAL, "--world", "merged"], &["--world merged", "together"]);
    ask(&["--input", INPUT, "--goal", GOAL, "--confidence", "80"], &["0.001 to 0.999"]);
    ask(&["--input", INPUT, "--goal", GOAL, "--range", "1..0"], &["a range goes up"]);
    ask(&["--input", INPUT, "--goal", GOAL, "--against", INPUT], &["name another one"]);
    assert!(files(folder.path()).is_empty(), "nothing was written");
}

#[test]
fn coalitions_have_tables_charts_and_the_same_bytes_for_any_threads() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    let ask = |threads: &str, out: &str| {
        let outcome = ["--outcome", "price Asahi Home 2030"];
        let common = ["coalitions", &path, "--replications", "40", "--threads", threads, "--out", out];
        keiretsu(folder.path(), &[&common[..], &outcome[..]].concat())
    };
    let output = ask("1", "one");
    assert_done(&output);
    assert!(stdout(&output).contains("Asahi and Tsuki together gain USD"), "{}", stdout(&output));
    assert_done(&ask("3", "three"));
    let one = results(&folder.path().join("one"));
    assert_eq!(one, results(&folder.path().join("three")));
    for name in
        ["stability.csv", "transfers.csv", "charts/coalitions.svg", "charts/coalitions.png", "manifest.json"]
    {
        assert!(one.contains_key(name), "no {name}");
    }
    // `Others` are many makers: there is nobody to join.
    assert!(!one.contains_key("partners.csv"));
    let csv = Csv::read(&folder.path().join("one"), "coalitions.csv");
    assert_eq!(csv.distinct("coalition"), ["Asahi", "Tsuki", "Asahi + Tsuki"]);
    assert_eq!(csv.distinct("outcome"), ["present_value", "joint_present_value", "price", "share"]);
}

#[test]
fn what_coalitions_cannot_be_asked_for_is_said() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    let ask = |more: &[&str], words: &[&str]| {
        refused(folder.path(), &[&["coalitions", &path, "--replications", "20"], more].concat(), 2, words);
    };
    ask(&["--alliance", "asahi-tsuky"], &["no world has such an alliance", "asahi-tsuki"]);
    ask(&["--world", "apart"], &["not in force there", "together"]);
    ask(&["--discount-rate", "8"], &["from 0 to 1"]);
    ask(&["--outsiders", "elsewhere"], &["alone", "together"]);
    ask(&["--outcome", "share alliance:asahi-tsuki Home 2030"], &["other members", "Asahi, Tsuki"]);
    ask(&["--outcome", "share Asahy"], &["asahy", "did you mean"]);
    assert!(files(folder.path()).is_empty(), "nothing was written");
}
