//! The sheets that say why: what the channels do, where the units come from, which inputs drive the difference. Each
//! is a CSV file of the run, with the rows that weigh most.

use rust_xlsxwriter::Worksheet;

use super::figures::cut;
use super::naming::Naming;
use super::sheet::{Sheet, count, figures, plain, quiet, ruled, year};
use crate::report::figures::Asked;
use crate::report::table::{Cell, Kind, Table};
use crate::report::{attribution, sensitivity, sources};

const CHANNELS: &str = "Channels";
const SOURCES: &str = "Where units come from";
const DRIVERS: &str = "What drives it";

/// Widths of columns, in letters: of figures, and the widest of text.
const FIGURE: f64 = 12.0;
const WIDEST: f64 = 44.0;
/// Inputs with a smaller part in the variance of a difference are left to the CSV file.
const LEAST_PART: f64 = 0.01;

/// A sheet, its name, and what it holds.
pub struct Why {
    pub name: &'static str,
    pub about: &'static str,
    pub sheet: Worksheet,
}

/// Those that a run has figures for.
pub fn sheets(naming: &Naming, asked: Asked) -> Vec<Why> {
    let findings = naming.findings;
    let channels = asked.attribution.and_then(|attribution| {
        let about =
            "What each channel of a world does to an outcome: Shapley values, which add up to the total";
        let table = attribution::table(findings, attribution);
        Why::of(CHANNELS, about, "attribution.csv", "every row stands", &table, |_| true)
    });
    let sources = {
        let about =
            "From whom the units come that a world's subject gains, and how many nobody would have bought";
        let table = sources::table(naming.scenario, findings);
        let condition = place(&table, "condition");
        let goes_ahead = |row: &[Cell]| row[condition] == Cell::Text("proceeds");
        Why::of(SOURCES, about, "sources.csv", "the other conditions stand too", &table, goes_ahead)
    };
    let drivers = asked.sensitivity.and_then(|sensitivity| {
        let about = "Which uncertain inputs drive a difference: rank correlation, part of the variance, Borgonovo's δ";
        let table = sensitivity::table(findings, sensitivity);
        let part = place(&table, "first_order");
        let weighs = |row: &[Cell]| matches!(row[part], Cell::Figure(part) if part >= LEAST_PART);
        let rest = "the inputs with less than a hundredth of the variance stand too";
        Why::of(DRIVERS, about, "sensitivity.csv", rest, &table, weighs)
    });
    [channels, sources, drivers].into_iter().flatten().collect()
}

/// The column with a name.
fn place(table: &Table, name: &str) -> usize {
    table.columns.iter().position(|column| column.name == name).expect("a column of the table")
}

/// A value of a row that outlives its table's walk.
enum Value {
    Text(String),
    Year(i32),
    Count(u64),
    Figure(f64),
}

impl Why {
    /// The rows of a file's table that are kept, with its columns, and what else stands in that file; none where no
    /// row is kept.
    fn of(
        name: &'static str,
        about: &'static str,
        file: &str,
        rest: &str,
        table: &Table,
        keep: impl Fn(&[Cell]) -> bool,
    ) -> Option<Why> {
        let mut rows: Vec<Vec<Value>> = Vec::new();
        table.each_row(|row| {
            if keep(row) {
                rows.push(row.iter().map(Value::of).collect());
            }
        });
        if rows.is_empty() {
            return None;
        }
        let width = |at: usize| {
            let longest = rows.iter().filter_map(|row| row[at].text()).map(str::len).max();
            longest.map_or(FIGURE, |letters| (letters as f64 + 3.0).clamp(FIGURE, WIDEST))
        };
        let widths: Vec<f64> = (0..table.columns.len()).map(width).collect();
        let mut sheet = Sheet::new(name, about, &widths);
        let note = format!(
            "The figures of {file}, where {rest}. Names are those of the CSV files; see the sheet Method."
        );
        sheet.paragraph(&note, &quiet());
        sheet.row += u32::from(cut(&mut sheet, &mut rows, file));
        let header = sheet.row;
        let titles: Vec<String> = table.columns.iter().map(|column| column.name.replace('_', " ")).collect();
        let first_number = table.columns.iter().take_while(|column| column.kind == Kind::Text).count();
        sheet.header(&titles, first_number);
        let unit = place(table, "unit");
        for row in &rows {
            let unit = row[unit].text().unwrap_or_default();
            for ((at, value), column) in (0u16..).zip(row).zip(&table.columns) {
                match value {
                    Value::Text(text) => sheet.text(at, text, &ruled(plain().set_indent(1))),
                    Value::Year(calendar) => sheet.figure(at, f64::from(*calendar), &year()),
                    Value::Count(n) => sheet.figure(at, *n as f64, &count()),
                    Value::Figure(value) => sheet.figure(at, *value, &format_of(&column.name, unit)),
                }
            }
            sheet.row += 1;
        }
        sheet.filter(header);
        sheet.freeze(header + 1, 0);
        Some(Why { name, about, sheet: sheet.finished(0) })
    }
}

impl Value {
    fn text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    fn of(cell: &Cell) -> Value {
        match *cell {
            Cell::Text(text) => Value::Text(text.to_owned()),
            Cell::Year(year) => Value::Year(year),
            Cell::Count(count) => Value::Count(count),
            Cell::Figure(figure) => Value::Figure(figure),
        }
    }
}

/// Correlations and parts of a variance are numbers, whatever the difference's unit.
fn format_of(column: &str, unit: &str) -> rust_xlsxwriter::Format {
    let is_index = ["rank", "first_order", "delta"].iter().any(|start| column.starts_with(start));
    figures(if is_index { "index" } else { unit }, true)
}
