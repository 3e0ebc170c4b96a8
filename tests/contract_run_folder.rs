//! The run folder, as users and their tools rely on it: files, columns, order, bytes.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::OnceLock;

use crate::support::binary::{Csv, MINIMAL, assert_done, files, keiretsu, program, scenario, temporary};
use sha2::{Digest, Sha256};

const FERRIES: &str = "tests/scenarios/ferries.toml";

/// One run of the test scenario on two threads; its folder stays until the tests end.
fn ferries() -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    FOLDER
        .get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            let path = scenario(FERRIES);
            let run = ["run", &path, "--replications", "60", "--threads", "2", "--out", "run"];
            assert_done(&keiretsu(folder.path(), &run));
            folder
        })
        .path()
}

fn run() -> std::path::PathBuf {
    ferries().join("run")
}

const STATISTICS: &str = "n,mean,sd,se,p05,p25,p50,p75,p95";

/// Names and order of the columns are a promise.
#[test]
fn headers_are_as_promised() {
    let expected = [
        ("shares.csv", format!("world,region,manufacturer,year,{STATISTICS}")),
        ("outcomes.csv", format!("world,outcome,unit,region,manufacturer,powertrain,year,{STATISTICS}")),
        (
            "comparison.csv",
            format!("world,reference,condition,outcome,unit,region,manufacturer,powertrain,year,{STATISTICS},prob_gain,prob_loss,prob_gain_se"),
        ),
        (
            "sources.csv",
            format!("world,reference,condition,gained_by,region,source,powertrain,unit,year,{STATISTICS}"),
        ),
        ("inputs.csv", "key,world,value,unit,stated,quality,as_of,source,note".into()),
        (
            "track-record.csv",
            "region,kind,horizon,first_origin,last_origin,n,held_50,held_90,crps,crps_stays".into(),
        ),
        (
            "calibration.csv",
            "region,manufacturer,powertrain,units,share,price,marginal_cost,margin,own_elasticity,mean_utility".into(),
        ),
    ];
    for (name, header) in expected {
        assert_eq!(Csv::read(&run(), name).header.join(","), header, "{name}");
    }
}

#[test]
fn the_promised_files_are_there() {
    let files = files(&run());
    for name in
        ["shares.csv", "outcomes.csv", "comparison.csv", "calibration.csv", "manifest.json", "timing.json"]
    {
        assert!(files.contains_key(name), "{name} is missing from {:?}", files.keys());
    }
    let charts: Vec<&String> = files.keys().filter(|name| name.starts_with("charts/")).collect();
    assert!(charts.len() >= 6);
    for chart in charts {
        let twin = match chart.strip_suffix(".svg") {
            Some(stem) => format!("{stem}.png"),
            None => format!("{}.svg", chart.strip_suffix(".png").expect("an SVG or a PNG")),
        };
        assert!(files.contains_key(&twin), "{chart} has no {twin}");
    }
}

/// Every unit gained is one that another maker loses or one more that is sold, and each source is a difference that
/// comparison.csv has too.
#[test]
fn sources_add_up_to_what_is_gained() {
    let (sources, comparison) = (Csv::read(&run(), "sources.csv"), Csv::read(&run(), "comparison.csv"));
    let units: HashMap<Vec<String>, f64> = comparison
        .rows
        .iter()
        .filter(|row| row[comparison.at("outcome")] == "units" && !row[comparison.at("mean")].is_empty())
        .map(|row| {
            let scope = ["world", "condition", "region", "manufacturer", "powertrain", "year"];
            (scope.map(|key| row[comparison.at(key)].clone()).to_vec(), comparison.number(row, "mean"))
        })
        .collect();
    let mut sums: BTreeMap<Vec<String>, [f64; 4]> = BTreeMap::new();
    for row in &sources.rows {
        let text = |column: &str| row[sources.at(column)].clone();
        let (source, powertrain) = (text("source"), text("powertrain"));
        let mean = sources.number(row, "mean");
        let (maker, sign) = match source.as_str() {
            "total" => (text("gained_by"), 1.0),
            "no purchase" => (String::new(), 1.0),
            maker => (maker.to_owned(), -1.0),
        };
        let scope =
            [text("world"), text("condition"), text("region"), maker, powertrain.clone(), text("year")];
        assert_eq!(units[scope.as_slice()], sign * mean, "{scope:?}");
        let gain = sums.entry(["world", "condition", "region", "year"].map(text).to_vec()).or_default();
        match (source.as_str(), powertrain.is_empty()) {
            ("total", _) => gain[0] += mean,
            (source, whole) => {
                gain[3] += mean.abs();
                gain[1] += if whole { mean } else { 0.0 };
                gain[2] += if whole && source != "no purchase" { 0.0 } else { mean };
            }
        }
    }
    assert!(sums.len() >= 6 && sums.values().any(|gain| gain[0].abs() > 1.0), "{sums:?}");
    for (gain, [total, by_maker, by_powertrain, scale]) in sums {
        assert!((total - by_maker).abs() <= 1e-9 * scale, "{gain:?}: {by_maker} of {total}");
        assert!((total - by_powertrain).abs() <= 1e-9 * scale, "{gain:?}: {by_powertrain} of {total}");
    }
}

/// Rows are sorted by their keys from left to right, each key in the scenario's order.
#[test]
fn rows_are_sorted_by_their_keys() {
    let makers = ["", "Alder", "Birch", "Cedar", "Small yards", "Dunlin", "alliance:hulls"];
    let order = HashMap::from([
        ("world", vec!["apart", "yard"]),
        ("region", vec!["", "Northwater", "Southwater", "Isle of Reeds"]),
        ("manufacturer", makers.to_vec()),
        ("powertrain", vec!["", "ferry"]),
        ("condition", vec!["proceeds", "survives", "unconditional"]),
    ]);
    let outcomes = Csv::read(&run(), "outcomes.csv").distinct("outcome");
    for name in ["shares.csv", "outcomes.csv", "comparison.csv"] {
        let csv = Csv::read(&run(), name);
        let keys: Vec<&str> =
            ["world", "condition", "outcome", "region", "manufacturer", "powertrain", "year"]
                .into_iter()
                .filter(|key| csv.header.iter().any(|column| column == key))
                .collect();
        let rank = |row: &Vec<String>| -> Vec<usize> {
            let of = |key: &&str| {
                let value = &row[csv.at(key)];
                let position = match *key {
                    "year" => value.parse().ok(),
                    "outcome" => outcomes.iter().position(|outcome| outcome == value),
                    _ => order[key].iter().position(|known| known == value),
                };
                position.unwrap_or_else(|| panic!("{name}: unexpected {key} `{value}`"))
            };
            keys.iter().map(of).collect()
        };
        let ranks: Vec<Vec<usize>> = csv.rows.iter().map(rank).collect();
        assert!(ranks.windows(2).all(|pair| pair[0] < pair[1]), "{name} is not sorted, or has a row twice");
    }
}

/// Outcomes come in the order of the model's table, with its units.
#[test]
fn outcomes_have_their_units_and_order() {
    let csv = Csv::read(&run(), "outcomes.csv");
    let promised = [
        ("units", "ferries"),
        ("price", "EUR"),
        ("marginal_cost", "EUR"),
        ("margin", "fraction"),
        ("share", "fraction"),
        ("variable_profit", "EUR bn"),
        ("operating_profit", "EUR bn"),
        ("rnd", "EUR bn"),
        ("knowledge", "index"),
        ("hhi", "0-10000"),
        ("consumer_surplus", "EUR bn"),
        ("saving", "EUR bn"),
        ("saving_per_car", "EUR"),
    ];
    let found = csv.distinct("outcome");
    let positions: Vec<usize> = promised
        .iter()
        .map(|(name, _)| {
            found.iter().position(|outcome| outcome == name).unwrap_or_else(|| panic!("no {name}"))
        })
        .collect();
    assert!(positions.windows(2).all(|pair| pair[0] < pair[1]), "{found:?}");
    for (name, unit) in promised {
        let units =
            csv.rows.iter().filter(|row| row[csv.at("outcome")] == name).map(|row| &row[csv.at("unit")]);
        assert!(units.clone().count() > 0 && units.clone().all(|known| known.starts_with(unit)), "{name}");
    }
    for pool in ["hull-yard", "buying", "design", "laboratory"] {
        assert!(found.contains(&format!("saving:{pool}")), "{found:?}");
    }
}

/// Makers' shares sum to 1 in every world, region and year, the base year among them; the alliance's row
/// follows the makers and is the sum of its members, in the reference world too.
#[test]
fn shares_sum_to_one_and_the_alliance_is_its_members() {
    let csv = Csv::read(&run(), "shares.csv");
    let mut sums: BTreeMap<[String; 3], [f64; 3]> = BTreeMap::new();
    for row in &csv.rows {
        let key = ["world", "region", "year"].map(|column| row[csv.at(column)].clone());
        let [makers, members, alliance] = sums.entry(key).or_default();
        let share = csv.number(row, "mean");
        match row[csv.at("manufacturer")].as_str() {
            "alliance:hulls" => *alliance += share,
            "Alder" | "Birch" => (*makers, *members) = (*makers + share, *members + share),
            _ => *makers += share,
        }
    }
    assert_eq!(sums.len(), 2 * 3 * 9, "worlds, regions and years from 2021 to 2029");
    for (key, [makers, members, alliance]) in sums {
        assert!((makers - 1.0).abs() <= 1e-12, "{key:?}: {makers}");
        assert!((members - alliance).abs() <= 1e-12, "{key:?}: {alliance}");
    }
}

/// Differences of the base year are there, and zero.
#[test]
fn the_base_year_is_in_every_comparison_and_zero() {
    let csv = Csv::read(&run(), "comparison.csv");
    let base: Vec<_> = csv.rows.iter().filter(|row| row[csv.at("year")] == "2021").collect();
    assert_eq!(base.len() * 9, csv.rows.len());
    for row in base {
        for column in ["mean", "sd", "p05", "p95", "prob_gain", "prob_loss"] {
            assert_eq!(csv.number(row, column), 0.0, "{row:?}");
        }
        assert_eq!(row[csv.at("n")], "60");
    }
    assert_eq!(csv.distinct("reference"), ["apart"]);
}

/// Numbers print in the shortest form that reads back exactly.
#[test]
fn numbers_are_short_and_exact() {
    let csv = Csv::read(&run(), "outcomes.csv");
    for row in &csv.rows {
        for text in row[csv.at("mean")..].iter().filter(|text| !text.is_empty()) {
            let value: f64 = text.parse().expect("a number");
            let shortest = [value.to_string(), format!("{value:e}")].into_iter().map(|text| text.len()).min();
            assert!(Some(text.len()) <= shortest && text != "-0", "{text}");
        }
    }
}

/// The manifest says how to repeat the run, and nothing about when, where and how fast it was made.
#[test]
fn the_manifest_repeats_the_run_and_tells_no_time() {
    let text = std::fs::read_to_string(run().join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(manifest["scenario"], "ferries.toml");
    assert_eq!(manifest["seed"], 7);
    assert_eq!(manifest["replications"]["asked"], 60);
    assert_eq!(manifest["replications"]["done"], 60);
    assert_eq!(manifest["worlds"], serde_json::json!(["apart", "yard"]));
    assert_eq!(manifest["reference"], "apart");
    assert!(manifest["equilibria"]["worst_residual"].as_f64().unwrap() <= 1e-10);
    assert_eq!(manifest["equilibria"]["failed"], 0);
    for input in manifest["inputs"].as_array().unwrap() {
        let file = input["file"].as_str().unwrap();
        assert!(!file.starts_with('/'), "{file}");
        let path = std::path::PathBuf::from(scenario(FERRIES)).with_file_name(file);
        let bytes = std::fs::read(&path).unwrap_or_else(|_| panic!("{file} is no input"));
        let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(input["sha256"], hash, "{file}");
    }
    assert_eq!(manifest["inputs"].as_array().unwrap().len(), 4);
    let listed: Vec<&str> = manifest["files"].as_array().unwrap().iter().filter_map(|f| f.as_str()).collect();
    let written = files(&run());
    assert!(listed.len() == written.len() && listed.iter().all(|name| written.contains_key(*name)));
    for region in manifest["regions"].as_array().unwrap() {
        for figure in ["alpha", "rho", "outside_share"] {
            assert!(region[figure].as_f64().unwrap().is_finite());
        }
    }
    for word in ["thread", "host", "clock", "time", "command", "--replications", "/tmp"] {
        assert!(!text.contains(word), "the manifest mentions `{word}`");
    }
}

/// One thread, two, three, on every instruction set of the build and the machine: the same bytes in every file but
/// the timings. A debug build has one instruction set; `.ci/run` asks the release build (`KEIRETSU_PROGRAM`).
#[test]
fn same_bytes_for_any_threads_and_instruction_set() {
    let folder = temporary();
    // More replications than set the bins of the statistics, so that batches are merged.
    let run = |path: &str, replications: &str, threads: &str, set: &str| {
        let out = folder.path().join("run");
        let path = scenario(path);
        let arguments =
            ["run", &path, "--replications", replications, "--threads", threads, "--out", "run", "--quiet"];
        let mut command = program(folder.path(), &arguments);
        assert_done(&command.env("KEIRETSU_INSTRUCTION_SET", set).output().expect("the program starts"));
        let mut written = files(&out);
        std::fs::remove_dir_all(out).unwrap();
        let timing = written.remove("timing.json").expect("timing.json");
        (written, serde_json::from_slice::<serde_json::Value>(&timing).expect("JSON"))
    };
    let instruction_set =
        |timing: &serde_json::Value| timing["instruction_set"].as_str().expect("a name").to_owned();
    let mut sets = std::collections::BTreeSet::new();
    for (path, replications) in [(FERRIES, "60"), (MINIMAL, "1100")] {
        let (first, timing) = run(path, replications, "2", "");
        sets.insert(instruction_set(&timing));
        for (threads, set) in [("1", "SSE2"), ("3", "AVX2")] {
            let (again, timing) = run(path, replications, threads, set);
            assert!(first.keys().eq(again.keys()));
            for (name, bytes) in &first {
                assert!(*bytes == again[name], "{path}: {name} differs with {threads} threads, {set}");
            }
            assert_eq!(timing["threads"].to_string(), threads);
            assert!(timing["seconds"].is_object() && timing["equilibria_per_second"].as_f64() > Some(0.0));
            sets.insert(instruction_set(&timing));
        }
    }
    println!("The same bytes on {}", sets.into_iter().collect::<Vec<_>>().join(", "));
}
