//! Numbers of small scenarios, stored: whoever changes the code sees which of them moved. After a change that is
//! meant to move them, `KEIRETSU_UPDATE_GOLDEN=1 cargo test --test all golden` stores the new ones.

use std::path::Path;

use crate::support::binary::{MINIMAL, assert_done, keiretsu, root, scenario, temporary};
use crate::support::golden::{RENEW, differences};

/// The rows of a table that are stored: all of one without years, otherwise the last year's.
fn stored_rows(text: &str) -> String {
    let header: Vec<&str> = text.lines().next().unwrap_or_default().split(',').collect();
    let Some(at) = header.iter().position(|column| *column == "year") else { return text.to_owned() };
    let year = |line: &str| line.split(',').nth(at).and_then(|year| year.parse::<i32>().ok());
    let last = text.lines().filter_map(year).max();
    let kept = text.lines().enumerate().filter(|(index, line)| *index == 0 || year(line) == last);
    kept.map(|(_, line)| format!("{line}\n")).collect()
}

/// Compares tables of a folder with the stored ones, or stores them.
#[track_caller]
fn assert_golden(name: &str, folder: &Path, tables: &[&str], levels: &str) {
    let read = |table: &str| {
        let text = std::fs::read_to_string(folder.join(table)).unwrap_or_else(|_| panic!("no {table}"));
        stored_rows(&text)
    };
    let store = root().join("tests/golden").join(name);
    let renew = std::env::var_os("KEIRETSU_UPDATE_GOLDEN").is_some();
    let levels = read(levels);
    let mut report = String::new();
    for table in tables {
        let (path, new) = (store.join(table), read(table));
        if renew {
            std::fs::create_dir_all(&store).unwrap();
            std::fs::write(&path, &new).unwrap();
        }
        let old = std::fs::read_to_string(&path).unwrap_or_default();
        report += &differences(&format!("{name}/{table}"), &old, &new, &levels);
    }
    assert!(report.is_empty(), "{report}\nIf these numbers were meant to move: {RENEW}");
}

const RUN_TABLES: [&str; 4] = ["calibration.csv", "shares.csv", "outcomes.csv", "comparison.csv"];

fn assert_golden_run(name: &str, path: &str, replications: &str) {
    let folder = temporary();
    let run = ["run", &scenario(path), "--replications", replications, "--quiet", "--out", "run"];
    assert_done(&keiretsu(folder.path(), &run));
    assert_golden(name, &folder.path().join("run"), &RUN_TABLES, "outcomes.csv");
}

/// Log price, purchasing; more replications than set the bins.
#[test]
fn golden_minimal() {
    assert_golden_run("minimal", MINIMAL, "1000");
}

/// Linear price, three regions, every kind of pool, tariffs, exchange rates, stakes, break-up.
#[test]
fn golden_ferries() {
    assert_golden_run("ferries", "tests/scenarios/ferries.toml", "100");
}

/// One market with a merger, a saving and a tax.
#[test]
fn golden_equilibrium() {
    let folder = temporary();
    assert_done(&keiretsu(
        folder.path(),
        &["equilibrium", &scenario("scenarios/merger.toml"), "--out", "answer"],
    ));
    assert_golden("merger", &folder.path().join("answer"), &["offers.csv", "screens.csv"], "offers.csv");
}

/// The comparison itself: it sees a moved figure, a lost and a new row, and no noise near zero.
#[test]
fn golden_comparison_tells_what_moved() {
    let old = "world,outcome,year,n,mean,sd\na,price,2030,10,24000,3e-12\na,share,2030,10,0.25,0.01\n";
    let told = |new: &str| differences("t", old, new, old);
    assert_eq!(told(old), "");
    assert_eq!(told(&old.replace("3e-12", "9e-12")), "", "noise is no difference");
    assert_eq!(told(&old.replace("0.25", "0.25000000001")), "", "within 1e-10");
    let moved = told(&old.replace("0.25", "0.2500001"));
    assert!(moved.contains("1 of 2 rows") && moved.contains("a,share,2030"), "{moved}");
    assert!(moved.contains("mean") && moved.contains("0.2500001") && moved.contains("+4.0e-7"), "{moved}");
    assert!(told(&old.replace("a,share", "b,share")).contains("a new row"));
    assert!(told(&old.replace("a,share", "b,share")).contains("no such row any more"));
    assert!(told(&old.replace("24000", "")).contains("mean"), "a figure that is gone");
    assert!(told(&old.replace("sd", "se")).contains("other columns"));
}
