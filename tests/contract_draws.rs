//! Raw draws and the story of one draw: what the statistics are made of.

use std::collections::HashMap;

use crate::support::binary::{
    Csv, MINIMAL, assert_done, keiretsu, refused, scenario, stderr, stdout, temporary,
};

const SHARE: &str = "share alliance:asahi-tsuki Home 2030";

/// Means of differences in draws.csv are those of comparison.csv, and a fixed and a drawn input are what they say.
#[test]
fn the_statistics_are_those_of_the_draws() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    let run = |more: &[&str], out: &str| {
        let common = ["run", &path, "--replications", "300", "--quiet", "--out", out];
        assert_done(&keiretsu(folder.path(), &[&common[..], more].concat()));
        folder.path().join(out)
    };
    let out = run(&["--draws", "csv", "--outcome", SHARE, "--outcome", "price Asahi Home 2029"], "all");
    let draws = Csv::read(&out, "draws.csv");
    assert_eq!(draws.header[..5], ["replication", "world", "failed", "goes_ahead", "break_up"]);
    assert_eq!(draws.rows.len(), 600, "replications and worlds");
    let mut values: HashMap<(String, String), f64> = HashMap::new();
    for row in &draws.rows {
        let key = (row[draws.at("replication")].clone(), row[draws.at("world")].clone());
        values.insert(key, draws.number(row, SHARE));
        let elasticity = draws.number(row, "costs.scale_elasticity");
        assert!((0.02..=0.05).contains(&elasticity), "{elasticity}");
    }
    let difference = |r: u32| {
        values[&(r.to_string(), "together".to_owned())] - values[&(r.to_string(), "apart".to_owned())]
    };
    let differences: Vec<f64> = (0..300).map(difference).collect();
    let mean = differences.iter().sum::<f64>() / 300.0;
    let gains = differences.iter().filter(|d| **d > 0.0).count() as f64 / 300.0;
    let table = Csv::read(&out, "comparison.csv");
    let labels = ["proceeds", "share", "Home", "alliance:asahi-tsuki", "2030"];
    let row = table.rows.iter().find(|row| {
        let at = ["condition", "outcome", "region", "manufacturer", "year"]
            .map(|column| row[table.at(column)].as_str());
        at == labels
    });
    let row = row.expect("the comparison");
    assert!((table.number(row, "mean") - mean).abs() < 1e-12, "{mean}");
    assert!((table.number(row, "prob_gain") - gains).abs() < 1e-12);

    // Asking for draws changes no other file.
    let plain = run(&[], "plain");
    let read = |folder: &std::path::Path, name: &str| std::fs::read(folder.join(name)).unwrap();
    for name in ["comparison.csv", "outcomes.csv", "sensitivity.csv", "report.html"] {
        assert!(read(&out, name) == read(&plain, name), "{name}");
    }
    let packed = run(&["--draws", "parquet"], "packed");
    assert!(read(&packed, "draws.parquet").starts_with(b"PAR1") && !packed.join("draws.csv").exists());
    for (more, words) in [
        (&["--outcome", SHARE][..], &["--draws"][..]),
        (&["--draws", "csv", "--outcome", "share Asahy Home 2030"], &["did you mean"]),
        (&["--draws", "xml"], &["csv", "parquet"]),
        (&["--draws", "csv", "--replications", "10000000"], &["GB", "--outcome"]),
    ] {
        refused(folder.path(), &[&["run", &path, "--out", "no"], more].concat(), 2, words);
    }
}

/// The story of a replication has the numbers of its row, whichever replications are simulated beside it.
#[test]
fn a_replay_is_the_draw_of_the_run() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    let run = [
        "run",
        &path,
        "--replications",
        "300",
        "--quiet",
        "--draws",
        "csv",
        "--outcome",
        SHARE,
        "--out",
        "all",
    ];
    assert_done(&keiretsu(folder.path(), &run));
    let draws = Csv::read(&folder.path().join("all"), "draws.csv");
    for replication in ["0", "77", "299"] {
        let output = keiretsu(folder.path(), &["replay", &path, "--replication", replication]);
        assert_done(&output);
        let story = stdout(&output);
        let row = draws.rows.iter().find(|row| row[0] == replication && row[1] == "together").expect("a row");
        let share = format!("{:.2} %", 100.0 * draws.number(row, SHARE));
        let last = story.lines().find(|line| line.trim_start().starts_with("2030")).expect("the last year");
        assert!(last.contains(&share), "{share} is not in {last}");
        assert!(story.contains("costs.scale_elasticity") && story.contains("it lasts to 2030"), "{story}");
    }
    refused(folder.path(), &["replay", &path], 2, &["--replication"]);
    refused(folder.path(), &["replay", "nowhere.toml", "--replication", "1"], 2, &["does not exist"]);
}

/// A run stops at the first look at which a difference is known as precisely as asked, and is then, table by table,
/// the run of so many replications.
#[test]
fn a_run_stops_when_it_knows_enough() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    let precision = |half_width: &str, region: &str| {
        format!(
            "scenario.precision={{ outcome = \"share\", manufacturer = \"alliance:asahi-tsuki\", region = \"{region}\", \
             year = 2030, half_width = {half_width} }}"
        )
    };
    let run = |more: &[&str], out: &str| {
        let output = keiretsu(folder.path(), &[&["run", &path, "--out", out][..], more].concat());
        assert_done(&output);
        (folder.path().join(out), stderr(&output))
    };
    let (all, _) = run(&["--replications", "1024"], "first");
    let table = Csv::read(&all, "comparison.csv");
    let labels = ["proceeds", "share", "Home", "alliance:asahi-tsuki", "2030"];
    let of = |table: &Csv, figure: &str| {
        let row = table.rows.iter().find(|row| {
            ["condition", "outcome", "region", "manufacturer", "year"].map(|c| row[table.at(c)].as_str())
                == labels
        });
        table.number(row.expect("the comparison"), figure)
    };
    // Just out of reach of the first look, well in reach of the third.
    let first = 1.959_964 * of(&table, "se");
    let asked = format!("{:e}", first / 1.7);
    let (stopped, said) = run(&["--replications", "100000", "--set", &precision(&asked, "Home")], "stopped");
    assert!(said.contains("Stopped after 4096 draws"), "{said}");
    assert!(1.959_964 * of(&Csv::read(&stopped, "comparison.csv"), "se") <= first / 1.7);
    let (counted, _) = run(&["--replications", "4096"], "counted");
    for name in ["comparison.csv", "outcomes.csv", "shares.csv", "sensitivity.csv"] {
        let read = |folder: &std::path::Path| std::fs::read(folder.join(name)).unwrap();
        assert!(read(&stopped) == read(&counted), "{name}");
    }
    let (_, said) = run(&["--replications", "300", "--set", &precision("1e-7", "Home")], "short");
    assert!(said.contains("300 draws were not enough"), "{said}");
    for (setting, words) in [
        (precision("0.001", "Hume"), "did you mean"),
        (precision("0", "Home"), "above 0"),
        (precision("0.001", "Home").replace("half_width", "halfwidth"), "half_width"),
    ] {
        refused(folder.path(), &["run", &path, "--out", "no", "--set", &setting], 2, &[words, "--set"]);
    }
}
