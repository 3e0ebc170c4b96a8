//! `keiretsu backtest`, as users rely on it: files, columns, bare tables, refusals, same bytes everywhere.

use std::path::Path;

use crate::support::binary::{
    Csv, assert_done, files, keiretsu, refused, scenario, stderr, stdout, temporary,
};

/// Two regions of four makers over twelve years, one of them new, without anything but the needed columns.
fn table() -> String {
    let mut text = "region,manufacturer,year,units\n".to_owned();
    for region in ["North", "South"] {
        for year in 2001..=2012 {
            text += &format!("{region},TOTAL,{year},1000\n");
            for (maker, start, slope) in [("Ox", 400, 7), ("Elk", 250, -5), ("Yak", 100, 3)] {
                let wiggle = (year * 31 + start) % 17;
                text += &format!("{region},{maker},{year},{}\n", start + slope * (year - 2001) + wiggle);
            }
            if year >= 2006 {
                text += &format!("{region},Gnu,{year},{}\n", 3 + (year - 2006) * (year - 2006));
            }
        }
    }
    text
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

#[test]
fn a_bare_table_is_scored() {
    let folder = temporary();
    write(folder.path(), "past.csv", &table());
    write(
        folder.path(),
        "first-sale.csv",
        "region,manufacturer,first_sale\nNorth,Gnu,2006\nSouth,Gnu,2006\n",
    );
    let done =
        keiretsu(folder.path(), &["backtest", "past.csv", "--origins", "2005..2011", "--horizons", "1,3"]);
    assert_done(&done);
    assert!(
        stdout(&done).contains("held 100 % of the time one year and 100 % three years ahead"),
        "{}",
        stdout(&done)
    );
    let out = folder.path().join("outputs/past-backtest");
    let forecasts = Csv::read(&out, "forecasts.csv");
    let header = "origin,horizon,region,manufacturer,kind,method,mode,path,share_origin,actual,mean,p05,p25,p50,\
                  p75,p95,pit,crps,crps_log,pinball,in50,in90";
    assert_eq!(forecasts.header.join(","), header);
    assert_eq!(forecasts.distinct("kind"), ["mature", "newcomer"]);
    assert_eq!(forecasts.distinct("horizon"), ["1", "3"]);
    for row in &forecasts.rows {
        let of = |column: &str| forecasts.number(row, column);
        let is_new = row[forecasts.at("manufacturer")] == "Gnu";
        assert_eq!(row[forecasts.at("kind")] == "newcomer", is_new);
        assert!(of("p05") <= of("p25") && of("p25") <= of("p50") && of("p75") <= of("p95"));
        assert!(of("crps") >= 0.0 && of("pinball") >= 0.0);
        let inside = of("p05") <= of("actual") && of("actual") <= of("p95");
        assert_eq!(row[forecasts.at("in90")], inside.to_string());
    }
    let scores = Csv::read(&out, "scores.csv");
    assert_eq!(scores.distinct("region"), ["North", "South", "all"]);
    let pooled = |method: &str| {
        let is = |row: &&Vec<String>| {
            row[scores.at("region")] == "all"
                && row[scores.at("kind")] == "all"
                && row[scores.at("horizon")] == "1"
                && row[scores.at("method")] == method
        };
        scores.number(scores.rows.iter().find(is).expect("scored"), "crps")
    };
    let mean = |method: &str| {
        let own: Vec<f64> = forecasts
            .rows
            .iter()
            .filter(|row| row[forecasts.at("method")] == method && row[forecasts.at("horizon")] == "1")
            .map(|row| forecasts.number(row, "crps"))
            .collect();
        own.iter().sum::<f64>() / own.len() as f64
    };
    for method in scores.distinct("method") {
        assert!((pooled(&method) - mean(&method)).abs() < 1e-12, "{method}");
    }
    let pit = Csv::read(&out, "pit.csv");
    for rows in pit.rows.chunks(10) {
        let sum: f64 = rows.iter().map(|row| pit.number(row, "fraction")).sum();
        assert!((sum - 1.0).abs() < 1e-9);
    }
    let skipped = Csv::read(&out, "skipped.csv");
    assert!(skipped.distinct("reason").contains(&"the table ends before the target year".to_owned()));
    let manifest: serde_json::Value =
        serde_json::from_slice(&files(&out)["manifest.json"]).expect("a manifest");
    assert_eq!(manifest["inputs"].as_array().unwrap().len(), 2);
    assert_eq!(manifest["origins"].as_array().unwrap().len(), 14);
    for chart in ["coverage", "gain", "pit", "fan-north", "fan-south"] {
        assert!(out.join(format!("charts/{chart}.svg")).is_file(), "{chart}");
    }
}

#[test]
fn results_do_not_depend_on_threads_and_come_again() {
    let folder = temporary();
    write(folder.path(), "past.csv", &table());
    for (threads, out) in [("1", "a"), ("3", "b")] {
        let arguments =
            ["backtest", "past.csv", "--threads", threads, "--out", out, "--draws", "200", "--quiet"];
        let done = keiretsu(folder.path(), &arguments);
        assert_done(&done);
        assert!(done.stdout.is_empty() && stderr(&done).is_empty());
    }
    let (mut a, mut b) = (files(&folder.path().join("a")), files(&folder.path().join("b")));
    assert!(a.remove("timing.json").is_some() && b.remove("timing.json").is_some());
    assert_eq!(a, b);
    let again = ["backtest", "past.csv", "--out", "a", "--draws", "200", "--seed", "2", "--format", "json"];
    let done = keiretsu(folder.path(), &again);
    assert_done(&done);
    let scores: serde_json::Value = serde_json::from_str(&stdout(&done)).expect("JSON");
    assert!(scores["sentence"].is_string() && scores["scores"].is_array());
    assert_ne!(a["forecasts.csv"], files(&folder.path().join("a"))["forecasts.csv"]);
}

#[test]
fn a_scenario_is_scored_on_its_own_history() {
    let folder = temporary();
    let path = scenario("scenarios/honda-nissan-mitsubishi.toml");
    let done = keiretsu(folder.path(), &["backtest", &path, "--draws", "200", "--out", "scored"]);
    assert_done(&done);
    let scores = Csv::read(&folder.path().join("scored"), "scores.csv");
    assert_eq!(scores.distinct("region"), ["US", "China", "all"]);
    // A run does not take the folder of a backtest for its own.
    let path = scenario("scenarios/minimal.toml");
    refused(folder.path(), &["run", &path, "--out", "scored", "--replications", "8"], 2, &["--force"]);
    refused(folder.path(), &["backtest", &path], 2, &["history"]);
}

#[test]
fn wrong_tables_and_command_lines_are_refused() {
    let folder = temporary();
    let head = "region,manufacturer,year,units\n";
    write(folder.path(), "past.csv", &table());
    let bad = format!(
        "{head}N,TOTAL,2001,10\nN,Ox,2001,11\nN,Elk,2001,-3\nN,Yak,2001,nan\nN,Gnu,2001,1\nN,Gnu,2001,1\n"
    );
    write(folder.path(), "bad.csv", &bad);
    let words =
        ["bad.csv", "more than its TOTAL", "cannot have sold -3", "cannot have sold NaN", "second row"];
    refused(folder.path(), &["backtest", "bad.csv"], 2, &words);
    write(folder.path(), "empty.csv", head);
    refused(folder.path(), &["backtest", "empty.csv"], 2, &["no rows"]);
    refused(folder.path(), &["backtest", "nowhere.csv"], 2, &["nowhere.csv", "does not exist"]);
    write(folder.path(), "columns.csv", "region,maker,year,units\nN,Ox,2001,1\n");
    refused(folder.path(), &["backtest", "columns.csv"], 2, &["manufacturer", "maker"]);
    for wrong in ["2012..2005", "soon", "2005-2012", "..", "1..2"] {
        refused(folder.path(), &["backtest", "past.csv", "--origins", wrong], 2, &["2012..2022"]);
    }
    for wrong in ["0", "-1", "51", "1,x", ""] {
        refused(folder.path(), &["backtest", "past.csv", "--horizons", wrong], 2, &["--horizons"]);
    }
    refused(folder.path(), &["backtest", "past.csv", "--origins", "2012..2020"], 2, &["2001 to 2012"]);
    refused(folder.path(), &["backtest", "past.csv", "--horizons", "20"], 2, &["nothing can be scored"]);
    refused(folder.path(), &["backtest", "past.csv", "--set", "a=1"], 2, &["--set"]);
    refused(folder.path(), &["backtest", "past.csv", "--first-sale", "none.csv"], 2, &["none.csv"]);
    refused(folder.path(), &["backtest", "past.csv", "--out", "."], 2, &["past.csv", "--out"]);
}
