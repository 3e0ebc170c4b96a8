//! `--parquet` and `--xlsx`: the tables typed, and the workbook; both with the values of the CSV files.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::OnceLock;

use parquet::basic::Type as Physical;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

use crate::support::binary::{Csv, MINIMAL, assert_done, files, keiretsu, root, scenario, temporary};
use crate::support::workbook::{Cell, Sheet, sheets};

/// A run with both, on two threads; its folder stays until the tests end.
fn run() -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    FOLDER
        .get_or_init(|| {
            let folder = temporary();
            run_in(folder.path(), "2", &["--parquet", "--xlsx"]);
            folder
        })
        .path()
}

fn run_in(folder: &Path, threads: &str, more: &[&str]) {
    let path = scenario("tests/scenarios/ferries.toml");
    let mut arguments =
        vec!["run", &path, "--replications", "300", "--threads", threads, "--out", "run", "--quiet"];
    arguments.extend(more);
    assert_done(&keiretsu(folder, &arguments));
}

fn csv(name: &str) -> Csv {
    Csv::read(&run().join("run"), name)
}

/// Extras have the same bytes for the same run, and go when a later run does not ask for them.
#[test]
fn extras_have_the_same_bytes_again_and_do_not_outlive_their_run() {
    let folder = temporary();
    run_in(folder.path(), "1", &["--xlsx", "--parquet"]);
    let (first, again) = (files(&run().join("run")), files(&folder.path().join("run")));
    for name in ["report.xlsx", "shares.parquet", "outcomes.parquet", "comparison.parquet"] {
        assert!(first[name] == again[name], "{name} has other bytes the second time");
    }
    run_in(folder.path(), "2", &[]);
    let left = files(&folder.path().join("run"));
    assert!(
        !left.keys().any(|name| name.ends_with(".parquet") || name.ends_with(".xlsx")),
        "{:?}",
        left.keys()
    );
}

#[test]
fn parquet_holds_the_csv_files_with_types() {
    let mut nulls = 0;
    for name in ["shares", "outcomes", "comparison"] {
        let bytes = std::fs::read(run().join("run").join(format!("{name}.parquet"))).unwrap();
        let csv = csv(&format!("{name}.csv"));
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
        let schema = reader.metadata().file_metadata().schema_descr_ptr();
        assert_eq!(schema.num_columns(), csv.header.len());
        for (column, title) in schema.columns().iter().zip(&csv.header) {
            assert_eq!(column.name(), title);
            let expected = match title.as_str() {
                "year" => Physical::INT32,
                "n" => Physical::INT64,
                "mean" | "sd" | "se" | "p05" | "p25" | "p50" | "p75" | "p95" => Physical::DOUBLE,
                chance if chance.starts_with("prob_") => Physical::DOUBLE,
                _ => Physical::BYTE_ARRAY,
            };
            assert_eq!(column.physical_type(), expected, "{name}: {title}");
        }
        let mut rows = 0;
        for (row, expected) in reader.get_row_iter(None).unwrap().zip(&csv.rows) {
            for ((_, field), text) in row.unwrap().get_column_iter().zip(expected) {
                let same = match field {
                    Field::Null => text.is_empty(),
                    Field::Str(value) => !value.is_empty() && value == text,
                    Field::Int(value) => value.to_string() == *text,
                    Field::Long(value) => value.to_string() == *text,
                    Field::Double(value) => text.parse().is_ok_and(|read| same(read, *value)),
                    _ => false,
                };
                nulls += usize::from(*field == Field::Null);
                assert!(same, "{name}, row {rows}: {field:?} is not `{text}`");
            }
            rows += 1;
        }
        assert_eq!(rows, csv.rows.len(), "{name}");
        assert_eq!(reader.metadata().file_metadata().num_rows() as usize, rows);
    }
    assert!(nulls > 0, "labels that do not apply are null");
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits()
}

/// The workbook, and the names of its parts in the CSV files.
struct Book {
    sheets: Vec<(String, Sheet)>,
    keys: HashMap<String, String>,
}

impl Book {
    fn read() -> Book {
        let sheets = sheets(&std::fs::read(run().join("run/report.xlsx")).unwrap());
        let method = &sheets.iter().find(|(name, _)| name == "Method").expect("a sheet").1;
        let header =
            method.iter().find(|(_, row)| row.get(&2) == Some(&Cell::Text("In the CSV files".into())));
        let names = method
            .range(header.expect("names").0 + 1..)
            .map_while(|(_, row)| Some((row.get(&1)?, row.get(&2)?)));
        let keys = names
            .map(|(here, there)| (here.text().to_owned(), there.text().replace("(empty)", "")))
            .collect();
        Book { sheets, keys }
    }

    /// The name in the CSV files.
    fn key(&self, cell: &Cell) -> String {
        self.keys.get(cell.text()).cloned().unwrap_or_else(|| cell.text().to_owned())
    }

    /// A sheet's table: its header by column, and the rows below.
    fn table(&self, name: &str, first_title: &str) -> (BTreeMap<usize, String>, Vec<&BTreeMap<usize, Cell>>) {
        let sheet = &self.sheets.iter().find(|(known, _)| known == name).expect("a sheet").1;
        let is_header = |row: &BTreeMap<usize, Cell>| row.get(&0) == Some(&Cell::Text(first_title.into()));
        let (header, titles) = sheet.iter().find(|(_, row)| is_header(row)).expect("a header");
        let titles = titles.iter().map(|(column, cell)| (*column, cell.text().to_owned())).collect();
        let below = sheet.range(header + 1..).zip(header + 1..);
        (titles, below.take_while(|((row, _), next)| *row == next).map(|((_, row), _)| row).collect())
    }
}

/// Rows of a CSV file by some of their columns.
fn indexed(csv: &Csv, columns: &[&str]) -> HashMap<Vec<String>, Vec<String>> {
    let of = |row: &Vec<String>| columns.iter().map(|column| row[csv.at(column)].clone()).collect();
    csv.rows.iter().map(|row| (of(row), row.clone())).collect()
}

#[test]
fn the_workbook_has_its_sheets() {
    let names: Vec<String> = Book::read().sheets.into_iter().map(|(name, _)| name).collect();
    let expected = [
        "Contents",
        "Answer",
        "Shares with and without",
        "Comparison",
        "Accounts",
        "Channels",
        "Where units come from",
        "What drives it",
        "Assumptions with sources",
        "Method",
    ];
    assert_eq!(names, expected);
}

/// Every figure by year is the CSV files' figure of that region, maker, world and year.
#[test]
fn figures_by_year_are_those_of_the_csv_files() {
    let book = Book::read();
    let columns = ["world", "outcome", "region", "manufacturer", "powertrain", "year"];
    let (levels, changes) = (csv("outcomes.csv"), csv("comparison.csv"));
    let level = indexed(&levels, &columns);
    let change = indexed(&changes, &[&columns[..], &["condition"]].concat());
    for (sheet, first_title, labels) in [("Shares with and without", "Region", 4), ("Accounts", "Outcome", 6)]
    {
        let (titles, rows) = book.table(sheet, first_title);
        let column = |title: &str| *titles.iter().find(|(_, known)| *known == title).expect("a column").0;
        let mut checked = 0;
        for row in rows {
            let outcome = if labels == 6 { book.key(&row[&0]) } else { "share".to_owned() };
            let label = |title: &str| book.key(&row[&column(title)]);
            let (figure, is_change) = match row[&column("Figure")].text().strip_prefix("change, ") {
                Some(figure) => (figure.to_owned(), true),
                None => (row[&column("Figure")].text().to_owned(), false),
            };
            let statistic = match figure.as_str() {
                "mean" => "mean",
                "5 %" => "p05",
                "95 %" => "p95",
                other => panic!("no figure `{other}`"),
            };
            for (column, year) in titles.range(labels..) {
                let mut key = vec![
                    label("World"),
                    outcome.clone(),
                    label("Region"),
                    label("Maker"),
                    String::new(),
                    year.clone(),
                ];
                let expected = match is_change {
                    true => {
                        key.push("proceeds".into());
                        changes.number(&change[&key], statistic)
                    }
                    false => levels.number(&level[&key], statistic),
                };
                match row.get(column) {
                    Some(Cell::Number(found)) => assert!(same(*found, expected), "{sheet}, {key:?}: {found}"),
                    None => assert!(expected.is_nan(), "{sheet}, {key:?} is empty"),
                    Some(text) => panic!("{text:?}"),
                }
                checked += 1;
            }
        }
        assert!(checked > 300, "{sheet}: {checked} figures");
    }
}

#[test]
fn figures_of_the_comparison_are_those_of_the_csv_file() {
    let book = Book::read();
    let changes = csv("comparison.csv");
    let index =
        indexed(&changes, &["world", "condition", "outcome", "region", "manufacturer", "powertrain", "year"]);
    let (titles, rows) = book.table("Comparison", "World");
    assert_eq!(titles[&7], "Draws");
    assert!(rows.len() > 100, "{}", rows.len());
    for row in rows {
        let condition = match row[&1].text() {
            "it goes ahead" | "all draws" => "proceeds",
            "it goes ahead and lasts" => "survives",
            "all, weighted with its chance" => "unconditional",
            other => panic!("no condition `{other}`"),
        };
        let Cell::Number(year) = row[&6] else { panic!("a year") };
        let of = |column: usize| book.key(&row[&column]);
        let key = vec![of(0), condition.to_owned(), of(2), of(4), of(5), String::new(), year.to_string()];
        let expected = &index[&key];
        assert_eq!(row[&3].text(), expected[changes.at("unit")]);
        let names = ["n", "mean", "sd", "p05", "p25", "p50", "p75", "p95", "prob_gain", "prob_loss"];
        for (column, name) in (7..).zip(names) {
            let expected = changes.number(expected, name);
            match row.get(&column) {
                Some(Cell::Number(found)) => assert!(same(*found, expected), "{key:?}, {name}: {found}"),
                None => assert!(expected.is_nan(), "{key:?}, {name} is empty"),
                Some(text) => panic!("{text:?}"),
            }
        }
    }
}

/// The answer has figures of the CSV files and years, nothing else.
#[test]
fn figures_of_the_answer_are_in_the_csv_files() {
    let mut known: HashSet<u64> = (2021..=2029).map(|year| f64::from(year).to_bits()).collect();
    for name in ["shares.csv", "comparison.csv"] {
        let csv = csv(name);
        for row in &csv.rows {
            known.extend(
                row[csv.at("n") + 1..].iter().filter_map(|text| text.parse::<f64>().ok()).map(f64::to_bits),
            );
        }
    }
    let book = Book::read();
    let numbers = |cell: &Cell| match cell {
        Cell::Number(number) => Some(*number),
        Cell::Text(_) => None,
    };
    let found: Vec<f64> =
        book.sheets[1].1.values().flat_map(|row| row.values().filter_map(numbers)).collect();
    assert!(found.len() > 30, "{}", found.len());
    for number in found {
        assert!(known.contains(&number.to_bits()), "{number} is in no CSV file");
    }
}

/// Every row of the sheets that say why is a row of its CSV file, and the rows that are promised are there.
#[test]
fn the_sheets_that_say_why_are_rows_of_their_csv_files() {
    let book = Book::read();
    for (sheet, file) in [
        ("Channels", "attribution.csv"),
        ("Where units come from", "sources.csv"),
        ("What drives it", "sensitivity.csv"),
    ] {
        let (titles, rows) = book.table(sheet, "world");
        let csv = csv(file);
        let told: Vec<String> = csv.header.iter().map(|name| name.replace('_', " ")).collect();
        assert_eq!(titles.into_values().collect::<Vec<_>>(), told, "{sheet}");
        let weighs = |row: &&Vec<String>| match sheet {
            "Channels" => true,
            "Where units come from" => row[csv.at("condition")] == "proceeds",
            _ => row[csv.at("first_order")].parse::<f64>().is_ok_and(|part| part >= 0.01),
        };
        let expected: Vec<&Vec<String>> = csv.rows.iter().filter(weighs).collect();
        assert!(!rows.is_empty() && rows.len() == expected.len(), "{sheet}: {} rows", rows.len());
        for (row, expected) in rows.iter().zip(expected) {
            for (column, text) in expected.iter().enumerate() {
                match (row.get(&column), text.parse::<f64>()) {
                    (Some(Cell::Text(shown)), _) => assert_eq!(shown, text),
                    (Some(Cell::Number(shown)), Ok(value)) => {
                        assert!(same(*shown, value), "{shown}, {value}")
                    }
                    (None, _) => assert!(text.is_empty(), "{sheet}: {text} is missing"),
                    (shown, _) => panic!("{sheet}: {shown:?} for {text}"),
                }
            }
        }
    }
}

/// One world, few draws, names of any script with signs that XML reserves: still a workbook.
#[test]
fn a_workbook_can_be_made_of_any_run() {
    let folder = temporary();
    let minimal = std::fs::read_to_string(root().join(MINIMAL)).unwrap();
    let (one_world, _) = minimal.split_once("[worlds.together]").unwrap();
    let odd =
        minimal.replace("They buy together", "Joint <&> 'one'").replace("Asahi + Tsuki", &"提携".repeat(40));
    for (name, text) in [("one.toml", one_world), ("odd.toml", &odd)] {
        std::fs::write(folder.path().join(name), text).unwrap();
        let run =
            ["run", name, "--replications", "2", "--xlsx", "--parquet", "--out", "run", "--force", "--quiet"];
        assert_done(&keiretsu(folder.path(), &run));
        let sheets = sheets(&std::fs::read(folder.path().join("run/report.xlsx")).unwrap());
        assert_eq!(sheets.len(), if name == "odd.toml" { 9 } else { 7 }, "{name}");
        let answer = &sheets[1].1;
        let says =
            |text: &str| answer.values().flat_map(|row| row.values()).any(|c| *c == Cell::Text(text.into()));
        assert_eq!(says("Joint <&> 'one'"), name == "odd.toml", "{name}");
    }
}
