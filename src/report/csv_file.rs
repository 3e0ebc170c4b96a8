//! How CSV files and the numbers in them are written.

use super::table::{Cell, Table};

pub use crate::scenario::shortest;

/// 10 to the power of `exponent`, the nearest number there is.
pub fn power_of_ten(exponent: i32) -> f64 {
    format!("1e{exponent}").parse().unwrap_or(f64::NAN)
}

/// The power of ten at or below a number's size: 3 for 1,234; 0 for nothing.
pub fn order_of_magnitude(size: f64) -> i32 {
    format!("{size:e}").split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0)
}

/// A table as a CSV file.
pub fn csv(table: &Table) -> Vec<u8> {
    let mut file = CsvFile(csv::Writer::from_writer(Vec::new()));
    file.record(table.columns.iter().map(|column| column.name.as_bytes()));
    table.each_row(|row| file.record(row.iter().map(|cell| written(*cell))));
    file.bytes()
}

/// A figure in a file: empty where there is nothing to report.
pub fn figure(value: f64) -> String {
    written(Cell::Figure(value))
}

/// The shortest form that reads back exactly; empty where there is nothing to report.
fn written(cell: Cell) -> String {
    match cell {
        Cell::Text(text) => text.to_owned(),
        Cell::Year(year) => year.to_string(),
        Cell::Count(count) => count.to_string(),
        Cell::Figure(figure) if figure.is_finite() => shortest(figure),
        Cell::Figure(_) => String::new(),
    }
}

/// A CSV file in the making.
pub struct CsvFile(csv::Writer<Vec<u8>>);

impl CsvFile {
    /// A file with the names of its columns, parted by commas.
    pub fn new(header: &str) -> CsvFile {
        CsvFile::with_columns(header.split(',').map(str::trim))
    }

    /// A file with the names of its columns, which may have commas.
    pub fn with_columns(names: impl Iterator<Item = impl AsRef<[u8]>>) -> CsvFile {
        let mut file = CsvFile(csv::Writer::from_writer(Vec::new()));
        file.record(names);
        file
    }

    /// One more row: its keys, then its figures.
    pub fn row(&mut self, keys: Vec<String>, figures: Vec<String>) {
        self.record(keys.iter().chain(&figures));
    }

    fn record(&mut self, cells: impl Iterator<Item = impl AsRef<[u8]>>) {
        self.0.write_record(cells).expect("rows are as wide as the header, and memory does not fail");
    }

    /// The whole file.
    pub fn bytes(self) -> Vec<u8> {
        self.0.into_inner().expect("memory does not fail")
    }
}
