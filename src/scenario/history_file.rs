//! A history table by itself, without a scenario: makers, regions, years and units.

use std::collections::HashMap;
use std::path::Path;

use super::InputFile;
use super::problem::{Problem, Problems};
use super::table_reader::TableReader;
use super::tables::{FirstSaleRow, HistoryRow, TOTAL};

/// The table of first sales that is read where it stands beside a history table and none is named.
const BESIDE: &str = "first-sale.csv";

/// A history table and, where there is one, a table of first sales.
#[derive(Clone, Debug)]
pub struct HistoryFile {
    pub rows: Vec<HistoryRow>,
    pub first_sales: Vec<FirstSaleRow>,
    /// The files read.
    pub inputs: Vec<InputFile>,
}

/// Reads a history table; first sales come from `first_sales` or from `first-sale.csv` beside it.
pub fn read_history(path: &Path, first_sales: Option<&Path>) -> Result<HistoryFile, Problems> {
    let mut problems = Problems::default();
    let mut reader = TableReader::default();
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let rows = reader.history(Some((path.to_owned(), name(path), None)), &mut problems);
    let beside = path.with_file_name(BESIDE);
    let first_sales = first_sales.or(beside.is_file().then_some(beside.as_path()));
    let named = first_sales.map(|first| (first.to_owned(), name(first), None));
    let first_sales = reader.first_sales(named, &mut problems);
    let wrong = |index: usize, what: String, remedy: &str| {
        let text = &reader.texts[path];
        Problem::new(what).fix(remedy).at(Some(text.place(text.row_starts[index], "units")))
    };
    let mut seen: HashMap<(&str, &str, i32, &str), usize> = HashMap::new();
    let mut totals: HashMap<(&str, i32), f64> = HashMap::new();
    for row in rows.iter().filter(|row| row.manufacturer == TOTAL) {
        let most = totals.entry((&row.region, row.year)).or_default();
        *most = most.max(row.units);
    }
    for (index, row) in rows.iter().enumerate() {
        let (maker, region, year) = (&row.manufacturer, &row.region, row.year);
        if !(row.units.is_finite() && row.units >= 0.0) {
            let what = format!("{maker} cannot have sold {} in {region} in {year}", row.units);
            problems.push(wrong(index, what, "write the units sold, 0 or more"));
        }
        if totals.get(&(region, year)).is_some_and(|total| row.units > *total) {
            let what = format!("{maker} sold {} in {region} in {year}, more than its {TOTAL}", row.units);
            problems.push(wrong(index, what, "count both in the same way, or correct one"));
        }
        if seen.insert((region, maker, year, &row.basis), index).is_some() {
            let what = format!("a second row for {maker} in {region} in {year} on the same basis");
            problems.push(wrong(index, what, "keep one, or say in `basis` how they differ"));
        }
    }
    if rows.is_empty() && problems.0.is_empty() {
        let what = format!("{}: the table has no rows", path.display());
        problems.push(Problem::new(what).fix("add rows: region,manufacturer,year,units"));
    }
    problems.into_result(HistoryFile { rows, first_sales, inputs: reader.inputs })
}
