//! `--shard` and `keiretsu merge`: the same bytes as a run as a whole, or a reason why not.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;

use sha2::{Digest, Sha256};

use crate::support::binary::{
    Csv, MINIMAL, assert_done, files, keiretsu, program, refused, scenario, stderr, stdout, temporary,
};

/// Everything but the timings.
fn results(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = files(folder);
    assert!(files.remove("timing.json").is_some());
    files
}

/// Makes all parts of a command; their names.
fn parts(folder: &Path, command: &[&str], of: usize) -> Vec<String> {
    let made = (1..=of).map(|number| {
        let (shard, out) = (format!("{number}/{of}"), format!("part-{number}-of-{of}.kpart"));
        let threads = (1 + number % 3).to_string();
        let sharing = ["--shard", &shard, "--out", &out, "--threads", &threads];
        assert_done(&keiretsu(folder, &[command, &sharing].concat()));
        out
    });
    made.collect()
}

fn merge(folder: &Path, parts: &[String], more: &[&str]) -> std::process::Output {
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    keiretsu(folder, &[&["merge"], &parts[..], more].concat())
}

#[test]
fn a_run_of_parts_is_the_run_to_the_byte() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    // One fold; one and a bit; several, with an attribution of fewer replications and every extra file.
    for (replications, of) in [("300", 2), ("513", 3), ("3000", 1), ("3000", 2), ("3000", 16)] {
        let command = [
            "run",
            &path,
            "--replications",
            replications,
            "--xlsx",
            "--parquet",
            "--draws",
            "csv",
            "--set",
            "attribution.replications=1100",
        ];
        let whole = format!("whole-{replications}");
        if !folder.path().join(&whole).exists() {
            assert_done(&keiretsu(folder.path(), &[&command[..], &["--out", &whole]].concat()));
        }
        let mut made = parts(folder.path(), &command, of);
        made.reverse();
        made.rotate_left(of / 2);
        let out = format!("merged-{replications}-{of}");
        let output = merge(folder.path(), &made, &["--out", &out]);
        assert_done(&output);
        assert_eq!(results(&folder.path().join(&whole)), results(&folder.path().join(&out)), "{of} parts");
        assert!(!stderr(&output).contains("missing"));
    }
}

#[test]
fn scans_and_coalitions_have_parts_too() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    let scan = ["scan", &path, "--replications", "1200", "--over", "costs.scale_elasticity=0.01..0.03:3"];
    let coalitions = ["coalitions", &path, "--replications", "1200"];
    for (name, command) in [("scan", &scan[..]), ("coalitions", &coalitions[..])] {
        assert_done(&keiretsu(folder.path(), &[command, &["--out", &format!("{name}-whole")]].concat()));
        let made = parts(folder.path(), command, 2);
        assert_done(&merge(folder.path(), &made, &["--out", name]));
        let whole = results(&folder.path().join(format!("{name}-whole")));
        assert_eq!(whole, results(&folder.path().join(name)), "{name}");
    }
}

#[test]
fn a_part_stands_by_itself() {
    let (made, elsewhere) = (temporary(), temporary());
    let text = std::fs::read(scenario(MINIMAL)).unwrap();
    std::fs::write(made.path().join("mine.toml"), text).unwrap();
    assert_done(&keiretsu(made.path(), &["run", "mine.toml", "--replications", "600", "--out", "whole"]));
    for part in parts(made.path(), &["run", "mine.toml", "--replications", "600"], 2) {
        std::fs::rename(made.path().join(&part), elsewhere.path().join(&part)).unwrap();
    }
    // Neither the scenario nor anything else is needed where they are merged.
    let names = ["part-2-of-2.kpart".to_owned(), "part-1-of-2.kpart".to_owned()];
    let output = merge(elsewhere.path(), &names, &["--out", "merged", "--format", "json"]);
    assert_done(&output);
    assert!(serde_json::from_str::<serde_json::Value>(&stdout(&output)).is_ok());
    assert_eq!(results(&made.path().join("whole")), results(&elsewhere.path().join("merged")));
}

#[test]
fn what_does_not_fit_is_refused_with_the_reason() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    let make = |name: &str, shard: &str, more: &[&str]| {
        let command = ["run", &path, "--replications", "1100", "--quiet", "--shard", shard, "--out", name];
        assert_done(&keiretsu(folder.path(), &[&command[..], more].concat()));
    };
    for (name, shard) in [("1", "1/3"), ("2", "2/3"), ("3", "3/3"), ("again", "2/3"), ("half", "1/2")] {
        make(name, shard, &[]);
    }
    make("seed", "3/3", &["--seed", "8"]);
    make("set", "3/3", &["--set", "costs.scale_elasticity=0.02"]);
    let text = std::fs::read_to_string(&path).unwrap().replacen("[scenario]", "# Edited.\n[scenario]", 1);
    std::fs::write(folder.path().join("minimal.toml"), text).unwrap();
    let edited = ["run", "minimal.toml", "--replications", "1100", "--shard", "3/3", "--out", "edited"];
    assert_done(&keiretsu(folder.path(), &edited));
    let few = ["run", &path, "--replications", "1000", "--shard", "3/3", "--out", "few"];
    assert_done(&keiretsu(folder.path(), &few));
    let mut version = std::fs::read(folder.path().join("3")).unwrap();
    version.truncate(version.len() - 32);
    let version = changed(
        &version,
        &format!("\"keiretsu\":\"{}\"", env!("CARGO_PKG_VERSION")),
        "\"keiretsu\":\"0.0.1\"",
    );
    std::fs::write(folder.path().join("version"), version).unwrap();
    let good = std::fs::read(folder.path().join("3")).unwrap();
    std::fs::write(folder.path().join("short"), &good[..good.len() / 2]).unwrap();
    let mut altered = good.clone();
    altered[good.len() / 2] ^= 1;
    std::fs::write(folder.path().join("altered"), altered).unwrap();
    std::fs::write(folder.path().join("none"), "replication,world\n").unwrap();
    let merge = |parts: &[&str], words: &[&str]| {
        refused(folder.path(), &[&["merge"], parts, &["--out", "merged"]].concat(), 2, words);
    };
    merge(&["1", "2"], &["1 of 3 parts is missing: 3", "--partial"]);
    merge(&["1", "2", "3", "again"], &["again", "both part 2/3"]);
    merge(&["1", "2", "half"], &["half does not fit 1: it is one of 2 shards, the other of 3"]);
    merge(&["1", "2", "seed"], &["seed does not fit 1: its seed is 8"]);
    merge(&["1", "2", "set"], &["set does not fit 1: it was made by another command or with other options"]);
    merge(&["1", "2", "edited"], &["it is of another scenario: minimal.toml is not the same file"]);
    merge(&["1", "2", "few"], &["it is of a run of 1000 replications, the other of 1100"]);
    merge(&["1", "2", "version"], &["it was made by version 0.0.1"]);
    merge(&["1", "2", "short"], &["short: it is damaged or not complete"]);
    merge(&["1", "2", "altered"], &["altered: it is damaged or not complete"]);
    merge(&["1", "2", "none"], &["none: it is no part of a run of keiretsu"]);
    merge(&["1", "2", "not-there"], &["not-there: it cannot be read"]);
    // All of it at once.
    merge(&["1", "short", "seed", "not-there"], &["short: it is damaged", "its seed is 8", "not-there"]);
    refused(folder.path(), &["run", &path, "--shard", "4/3"], 2, &["write which part of how many"]);
    std::fs::write(folder.path().join("mine.txt"), "notes").unwrap();
    let over = ["run", &path, "--shard", "1/3", "--out", "mine.txt"];
    refused(folder.path(), &over, 2, &["mine.txt was not written by this command"]);
    let precision = "scenario.precision={ outcome = \"share\", manufacturer = \"Asahi\", region = \"Home\", year = 2030, half_width = 0.1 }";
    refused(
        folder.path(),
        &["run", &path, "--shard", "1/3", "--set", precision],
        2,
        &["a precision is looked at in all draws"],
    );
}

/// The bytes of a part with one text in place of another, and the checksum that belongs to them.
fn changed(part: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = part.windows(from.len()).position(|window| window == from.as_bytes()).expect("stands in it");
    let mut bytes = [&part[..at], to.as_bytes(), &part[at + from.len()..]].concat();
    let checksum = Sha256::digest(&bytes);
    bytes.extend(checksum);
    bytes
}

#[test]
fn parts_that_are_there_can_be_merged_and_say_how_many_draws_they_are() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    let command =
        ["run", &path, "--replications", "2000", "--draws", "csv", "--outcome", "share Asahi Home 2030"];
    let made = parts(folder.path(), &command, 4);
    let some = [made[0].clone(), made[2].clone()];
    let output = merge(folder.path(), &some, &["--partial", "--verbose", "--out", "some"]);
    assert_done(&output);
    assert!(stderr(&output).contains("2 of 4 parts are missing: 2, 4"), "{}", stderr(&output));
    assert!(stdout(&output).contains("1,024 draws"), "{}", stdout(&output));
    let out = folder.path().join("some");
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("manifest.json")).unwrap()).unwrap();
    let replications = &manifest["replications"];
    assert_eq!([&replications["asked"], &replications["done"], &replications["missing"]], [2000, 1024, 976]);
    // Its draws are those of the run as a whole, and its mean is theirs.
    let draws = Csv::read(&out, "draws.csv");
    let numbers: Vec<u64> =
        draws.distinct("replication").iter().map(|number| number.parse().unwrap()).collect();
    assert_eq!(numbers, (0..512).chain(1024..1536).collect::<Vec<u64>>());
    let of_world = draws.rows.iter().filter(|row| row[draws.at("world")] == "apart");
    let shares: Vec<f64> = of_world.map(|row| draws.number(row, "share Asahi Home 2030")).collect();
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    let table = Csv::read(&out, "shares.csv");
    let is_it = |row: &&Vec<String>| {
        ["apart", "Home", "Asahi", "2030"]
            .iter()
            .zip(["world", "region", "manufacturer", "year"])
            .all(|(value, column)| row[table.at(column)] == *value)
    };
    let row = table.rows.iter().find(is_it).expect("a row");
    assert!((table.number(row, "mean") - mean).abs() < 1e-9, "{mean} {row:?}");
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("976 draws are missing"));
}

#[test]
fn a_shard_that_is_killed_leaves_nothing() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    let command = ["run", &path, "--replications", "5000000", "--shard", "1/2", "--out", "part"];
    let mut child = program(folder.path(), &command).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(700));
    assert!(child.try_wait().unwrap().is_none(), "still at work");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(files(folder.path()).is_empty());
}
