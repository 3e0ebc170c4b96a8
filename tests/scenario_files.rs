//! Every scenario that ships loads without a problem.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use keiretsu::report::record::{self, Later};
use keiretsu::scenario::tables::PolicyKind;
use keiretsu::scenario::{Scenario, load, parameter_table};
use keiretsu::{analysis, study};

use crate::support::binary::{Csv, assert_done, keiretsu, root, scenario, temporary};

/// Every scenario file that ships, and those of the tests. A TOML without a `[scenario]` is another kind
/// of file, such as a market for `keiretsu equilibrium`.
fn shipped() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<PathBuf> = [root.join("scenarios"), root.join("tests/scenarios")]
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).expect("a folder"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .filter(|path| std::fs::read_to_string(path).is_ok_and(|text| text.contains("[scenario]")))
        .collect();
    found.sort();
    found
}

#[test]
fn every_shipped_scenario_loads() {
    assert!(!shipped().is_empty());
    for path in shipped() {
        if let Err(problems) = load(&path, &[]) {
            panic!("{}:\n{problems}", path.display());
        }
    }
}

fn main_scenario() -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/honda-nissan-mitsubishi.toml");
    load(&path, &[]).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn the_main_scenario_is_the_market_of_2024() {
    let scenario = main_scenario();
    let keys: Vec<&str> = scenario.worlds.iter().map(|world| world.key.as_str()).collect();
    assert_eq!((&keys[..], scenario.reference), (&["none", "partnership", "merger"][..], 0));
    assert_eq!((scenario.base_year, scenario.last_year, scenario.replications), (2024, 2035, 10_000));
    let world = &scenario.worlds[0];
    let units = |region: &str| -> f64 {
        world.offers.iter().filter(|offer| offer.region == region).map(|offer| offer.units).sum()
    };
    assert_eq!((world.offers.len(), units("US"), units("China")), (71, 15_874_100.0, 22_894_000.0));
    // The offers of a maker sum to its history row, the region's to the total.
    for row in world.history.iter().filter(|row| row.year == 2024 && row.units > 0.0) {
        let of_maker = |offer: &&keiretsu::scenario::tables::Offer| {
            offer.region == row.region
                && (row.manufacturer == "TOTAL" || offer.manufacturer == row.manufacturer)
        };
        let sum: f64 = world.offers.iter().filter(of_maker).map(|offer| offer.units).sum();
        assert_eq!(sum, row.units, "{} {}", row.region, row.manufacturer);
    }
}

#[test]
fn worlds_change_what_they_say_and_nothing_else() {
    let scenario = main_scenario();
    let [none, partnership, merger] = &scenario.worlds[..] else { panic!("three worlds") };
    assert!(!none.file.alliances["hnm"].active && partnership.file.alliances["hnm"].active);
    assert!(!partnership.file.mergers["honda-nissan"].active && merger.file.mergers["honda-nissan"].active);
    let proceeds = |world: &keiretsu::scenario::World| world.file.alliances["hnm"].proceeds.range();
    assert_eq!((proceeds(partnership), proceeds(merger)), ((0.35, 0.75), (0.02, 0.20)));
    assert_eq!(none.offers.len(), merger.offers.len());
    assert_eq!(format!("{:?}", none.file.regions), format!("{:?}", merger.file.regions));
}

#[test]
fn every_uncertain_number_of_the_main_scenario_says_where_it_comes_from() {
    let scenario = main_scenario();
    let inputs = &scenario.worlds[0].inputs;
    assert!(inputs.len() > 100);
    for quantity in inputs.iter().filter(|input| input.stated).map(|input| &input.quantity) {
        let (key, provenance) = (&quantity.key, &quantity.provenance);
        assert!(provenance.quality.is_some(), "{key} has no quality");
        assert!(provenance.source.is_some(), "{key} has no source");
        assert!(provenance.unit.is_some(), "{key} has no unit");
    }
}

#[test]
fn a_scenario_that_extends_another_finds_its_tables() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/us-tariffs.toml");
    let scenario = load(&path, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let names: Vec<&str> = scenario.inputs.iter().map(|input| input.name.as_str()).collect();
    assert_eq!(names[..2], ["us-tariffs.toml", "honda-nissan-mitsubishi.toml"]);
    assert!(names.contains(&"us-tariffs/policies-as-in-2024.csv"));
    assert!(names.iter().all(|name| !name.starts_with('/')));
    let keys: Vec<&str> = scenario.worlds.iter().map(|world| world.key.as_str()).collect();
    assert_eq!(keys, ["none", "enacted", "no-deals", "enacted-partnership"]);
    let duties = |world: usize| {
        scenario.worlds[world].policies.iter().filter(|row| row.kind == PolicyKind::Duty).count()
    };
    assert!(duties(0) < duties(2) && duties(2) < duties(1));
}

#[test]
fn minimal_is_minimal() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/minimal.toml");
    let lines = std::fs::read_to_string(&path).expect("text").lines().count();
    assert!(lines < 40, "{lines} lines");
    let scenario = load(&path, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let file = &scenario.worlds[0].file;
    assert_eq!(file.powertrains.keys().collect::<Vec<_>>(), ["all"]);
    assert!(file.components["unit"].remainder);
}

/// How far the partnership's mean differences in 2035 move between the lowest and the highest fifth of an input, as a
/// part of the mean: the largest of its shares in the US and China and its profit. The strongest first; without
/// luck, which is no input. First-order indices cannot tell more than seven of them from chance.
fn drivers(replications: u32) -> Vec<(String, f64)> {
    let folder = temporary();
    let file = scenario("scenarios/honda-nissan-mitsubishi.toml");
    let count = replications.to_string();
    let run = ["run", &file, "--seed", "1", "--replications", &count, "--out", "run", "--no-attribution"];
    assert_done(&keiretsu(folder.path(), &run));
    let run = folder.path().join("run");
    let watched = [("share", "US"), ("share", "China"), ("operating_profit", "")];
    let of = |table: &Csv, row: &[String], outcome: &str, region: &str| {
        [("world", "partnership"), ("outcome", outcome), ("region", region), ("year", "2035")]
            .iter()
            .chain(&[("manufacturer", "alliance:hnm")])
            .all(|(column, value)| row[table.at(column)] == *value)
    };
    let means = Csv::read(&run, "comparison.csv");
    let moves = Csv::read(&run, "sensitivity.csv");
    let mut found: BTreeMap<String, f64> = BTreeMap::new();
    for (outcome, region) in watched {
        let whole = means.rows.iter().find(|row| {
            let all = row[means.at("condition")] == "proceeds" && row[means.at("powertrain")].is_empty();
            all && of(&means, row, outcome, region)
        });
        let mean = means.number(whole.expect("the outcome"), "mean");
        for row in moves.rows.iter().filter(|row| of(&moves, row, outcome, region)) {
            let ends = moves.number(row, "mean_if_high") - moves.number(row, "mean_if_low");
            let most = found.entry(row[moves.at("input")].clone()).or_default();
            *most = most.max((ends / mean).abs());
        }
    }
    let mut found: Vec<(String, f64)> =
        found.into_iter().filter(|(input, _)| !input.starts_with("luck.")).collect();
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    found
}

fn stored_drivers() -> Vec<String> {
    let table = Csv::read(&root().join("docs"), "drivers.csv");
    table.rows.iter().map(|row| row[table.at("input")].clone()).collect()
}

/// `KEIRETSU_UPDATE_DOCS=1 cargo test --test all scenario_files` writes docs/drivers.csv and docs/parameters.md anew.
#[test]
fn the_table_of_parameters_is_up_to_date() {
    let path = root().join("docs/parameters.md");
    let update = std::env::var_os("KEIRETSU_UPDATE_DOCS").is_some();
    if update {
        let mut text = "input,moves_the_mean_by\n".to_owned();
        for (input, part) in drivers(16_384).into_iter().take(10) {
            let _ = writeln!(text, "{input},{part:.2}");
        }
        std::fs::write(root().join("docs/drivers.csv"), text).expect("docs/drivers.csv");
    }
    let made = parameter_table(&main_scenario(), &stored_drivers());
    if update {
        std::fs::write(&path, &made).expect("docs/parameters.md");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(made == committed, "docs/parameters.md is out of date: set KEIRETSU_UPDATE_DOCS=1 and run again");
}

/// The ten were taken from 16,384 draws: the five strongest must be among the ten of 2,048 draws.
#[test]
fn the_stored_drivers_are_those_of_a_run() {
    if std::env::var_os("KEIRETSU_UPDATE_DOCS").is_some() {
        return; // being written
    }
    let stored = stored_drivers();
    assert_eq!(stored.len(), 10);
    let found: Vec<String> = drivers(2_048).into_iter().take(10).map(|(input, _)| input).collect();
    let gone: Vec<&String> = stored[..5].iter().filter(|input| !found.contains(input)).collect();
    assert!(gone.is_empty(), "{gone:?} are not among {found:?}: set KEIRETSU_UPDATE_DOCS=1 and run again");
}

/// docs/right-and-wrong.md is what the main scenario's run says of itself, with the figures of docs/later.csv.
#[test]
fn the_page_on_what_was_right_and_wrong_is_up_to_date() {
    let path = root().join("scenarios/honda-nissan-mitsubishi.toml");
    let mut scenario = load(&path, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    scenario.attribution = None;
    let prepared = study::prepare(&scenario).unwrap_or_else(|problems| panic!("{problems}"));
    let found = study::run(&scenario, prepared, &|_| {});
    let table = Csv::read(&root().join("docs"), "later.csv");
    let later = table.rows.iter().flat_map(|row| {
        let (names, outcomes) = (&found.findings.names, &found.findings.ensemble.outcomes);
        let keys = analysis::find(names, outcomes, &row[table.at("outcome")]).expect("an outcome");
        let (value, source) = (table.number(row, "value"), row[table.at("source")].clone());
        keys.into_iter().map(move |key| Later { key, value, source: source.clone() })
    });
    let later: Vec<Later> = later.collect();
    assert_eq!(later.len(), table.rows.len(), "a figure is of one outcome");
    let made =
        record::page(&scenario, &found.findings, &found.past, &later).expect("something to compare with");
    let path = root().join("docs/right-and-wrong.md");
    if std::env::var_os("KEIRETSU_UPDATE_DOCS").is_some() {
        std::fs::write(&path, &made).expect("docs/right-and-wrong.md");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        made == committed,
        "docs/right-and-wrong.md is out of date: set KEIRETSU_UPDATE_DOCS=1 and run again"
    );
}
