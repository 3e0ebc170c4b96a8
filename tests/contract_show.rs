//! `keiretsu show`: numbers of a run folder, in plain words.

use std::path::Path;

use crate::support::binary::{
    Csv, assert_done, code, keiretsu, refused, scenario, stderr, stdout, temporary,
};

fn ferries(folder: &Path) {
    let path = scenario("tests/scenarios/ferries.toml");
    let run = ["run", &path, "--replications", "30", "--out", "run", "--quiet"];
    assert_done(&keiretsu(folder, &run));
}

#[test]
fn a_number_is_found_in_any_words_with_the_row_it_stands_in() {
    let folder = temporary();
    ferries(folder.path());
    let show = |words: &[&str]| {
        let output = keiretsu(folder.path(), &[&["show", "run", "--format", "json"], words].concat());
        assert_done(&output);
        serde_json::from_str::<Vec<serde_json::Value>>(&stdout(&output)).expect("a list")
    };
    let rows = show(&["operating_profit Alder 2027"]);
    assert_eq!(rows.len(), 2 + 3, "two levels, and a difference under three conditions");
    for row in &rows {
        // The row that is named has the figures that are shown.
        let csv = Csv::read(&folder.path().join("run"), row["file"].as_str().unwrap());
        let line = &csv.rows[row["line"].as_u64().unwrap() as usize - 2];
        for (column, value) in [("outcome", "operating_profit"), ("manufacturer", "Alder"), ("year", "2027")]
        {
            assert_eq!(line[csv.at(column)], value);
        }
        assert_eq!(row["world"], line[csv.at("world")]);
        for figure in ["mean", "p05", "p95"] {
            assert_eq!(row[figure].as_f64().unwrap(), csv.number(line, figure), "{figure}");
        }
        if row["file"] == "comparison.csv" {
            assert_eq!(row["condition"], line[csv.at("condition")]);
            assert_eq!(row["prob_gain"].as_f64().unwrap(), csv.number(line, "prob_gain"));
        }
    }
    // Any order, names for people, parts of names, words that say nothing, one condition, one world.
    let again = show(&["2027", "profit", "of", "alder:", "Operating"]);
    assert_eq!(again, rows);
    assert_eq!(show(&["share of Birch in the Isle of Reeds, 2027, survives"]).len(), 1);
    assert_eq!(
        show(&["operating_profit Alder 2027 a common yard"]).len(),
        4,
        "its level and its differences"
    );
    assert_eq!(show(&["operating_profit Alder"]).len(), 5 * 9, "all years");
    let text = stdout(&keiretsu(folder.path(), &["show", "run", "hhi Northwater 2029"]));
    assert!(
        text.contains("outcomes.csv:") && text.contains("gains in") && text.contains("0-10000"),
        "{text}"
    );
}

#[test]
fn what_is_not_found_is_answered_with_what_is_near() {
    let folder = temporary();
    ferries(folder.path());
    let no = |words: &str, expected: &[&str]| refused(folder.path(), &["show", "run", words], 2, expected);
    no("operating_profit Aldre", &["did you mean `operating_profit Alder`?"]);
    no("profit Alder 2027", &["say which", "operating_profit Alder", "variable_profit Alder Northwater"]);
    no("operating_profit Alder 2050", &["no year 2050", "2021 to 2029"]);
    no("hhi Alder", &["the nearest are", "hhi Northwater"]);
    no("2027", &["say what to look for"]);
}

#[test]
fn a_folder_that_is_no_run_is_named() {
    let folder = temporary();
    refused(folder.path(), &["show", "run", "x"], 2, &["run is no folder"]);
    ferries(folder.path());
    let spoil = |name: &str, spoilt: &dyn Fn(String) -> String, expected: &str| {
        let path = folder.path().join("run").join(name);
        let whole = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, spoilt(whole.clone())).unwrap();
        let output = keiretsu(folder.path(), &["show", "run", "hhi Northwater 2029"]);
        assert_eq!(code(&output), 2);
        let message = stderr(&output);
        assert!(message.contains(name) && message.contains(expected), "{message}");
        std::fs::write(&path, whole).unwrap();
    };
    spoil("manifest.json", &|_| "{}".to_owned(), "not one of this program");
    spoil("outcomes.csv", &|text| text.replacen(",mean,", ",middle,", 1), "no column `mean`");
    spoil("outcomes.csv", &|text| text[..text.len() / 2].to_owned() + ",,,,,,,,,,,,,,,,,,,\n", "damaged");
    spoil("comparison.csv", &|text| text.replacen(",2022,30,", ",2022,thirty,", 1), "`thirty` in column `n`");
    std::fs::remove_file(folder.path().join("run/comparison.csv")).unwrap();
    refused(folder.path(), &["show", "run", "x"], 2, &["comparison.csv", "damaged"]);
}
