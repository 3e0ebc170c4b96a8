//! Reading a CSV table by the names of its columns, with the place of every cell that is wrong.

use std::sync::Arc;

use super::date::Date;
use super::place::Place;
use super::problem::{Problem, Problems};
use super::quantity::{FAMILIES, NUMBERS, PROVENANCE, Quantity, distribution};
use super::sources::TableText;
use super::spelling::suggestion;

/// Columns that any table may have beside its own: where its figures come from.
const PROVENANCE_ENDINGS: [&str; 3] = ["_quality", "_source", "_note"];

/// What a table's columns are called.
pub struct Columns {
    pub required: &'static [&'static str],
    pub optional: &'static [&'static str],
    /// The column that holds a plain value; its rows may state a distribution instead.
    pub quantity: Option<&'static str>,
}

/// A CSV file as read, row by row.
pub struct CsvTable {
    pub text: TableText,
    rows: Vec<(usize, Vec<String>)>,
    /// Whether a quote that is not closed hides a part of the file.
    broken: bool,
}

/// One row, for a reader that asks for its cells by column and type.
pub struct Row<'a> {
    table: &'a TableText,
    start: usize,
    cells: &'a [String],
    problems: &'a mut Problems,
    sound: bool,
}

/// Where a quoted cell begins that never ends.
fn unclosed_quote(text: &str) -> Option<usize> {
    let (mut open, mut cell_begins) = (None, true);
    let mut bytes = text.bytes().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        let begins =
            std::mem::replace(&mut cell_begins, open.is_none() && matches!(byte, b',' | b'\n' | b'\r'));
        match (byte, open) {
            (b'"', None) if begins => open = Some(at),
            // Two quotes in a quoted cell stand for one.
            (b'"', Some(_)) if bytes.next_if(|next| next.1 == b'"').is_none() => open = None,
            _ => {}
        }
    }
    open
}

impl CsvTable {
    /// Splits the text into rows and checks the header.
    pub fn read(shown: &str, text: &str, columns: &Columns, problems: &mut Problems) -> CsvTable {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut table = CsvTable {
            text: TableText {
                shown: shown.to_owned(),
                text: Arc::from(text),
                header: Vec::new(),
                row_starts: Vec::new(),
            },
            rows: Vec::new(),
            broken: false,
        };
        let open = unclosed_quote(text);
        table.broken = open.is_some();
        if let Some(at) = open {
            let place = Place::new(shown, &table.text.text, at..at + 1);
            let what = "the double quote that opens here is never closed";
            let remedy = "close it at the end of the cell; inside a quoted cell write each quote twice";
            problems.push(Problem::new(what).fix(remedy).at(Some(place)));
        }
        // The text is UTF-8 and rows may be ragged, so a record cannot fail.
        let records: Vec<csv::StringRecord> = reader.records().flatten().collect();
        let last = records.len().saturating_sub(1);
        for (index, record) in records.iter().enumerate() {
            let mut start = record.position().map_or(0, |position| position.byte() as usize);
            start += text[start..].len() - text[start..].trim_start_matches(['\r', '\n']).len();
            let cells: Vec<String> = record.iter().map(str::to_owned).collect();
            if table.text.header.is_empty() {
                table.text.header = cells;
                if !(open.is_some() && index == last) {
                    table.check_header(columns, start, problems);
                }
            } else if open.is_some() && index == last {
                // The quote has swallowed the rest of the file.
            } else if cells.iter().any(|cell| !cell.is_empty()) {
                table.rows.push((start, cells));
            }
        }
        if table.text.header.is_empty() {
            let place = table.text.place(0, "");
            let remedy = format!("begin with a header: {}", columns.required.join(","));
            problems.push(Problem::new("the table is empty").fix(remedy).at(Some(place)));
        }
        table
    }

    fn check_header(&self, columns: &Columns, start: usize, problems: &mut Problems) {
        let header = &self.text.header;
        let mut known: Vec<&str> = [columns.required, columns.optional, &PROVENANCE].concat();
        if let Some(value) = columns.quantity {
            known.extend([value, "dist"]);
            known.extend(NUMBERS);
        }
        for (index, name) in header.iter().enumerate() {
            let place = Some(self.text.place(start, name));
            if header[..index].contains(name) {
                problems.push(
                    Problem::new(format!("two columns are called `{name}`")).fix("rename one").at(place),
                );
            } else if !known.contains(&name.as_str())
                && !PROVENANCE_ENDINGS.iter().any(|ending| name.ends_with(ending))
            {
                let what = format!("unknown column `{name}`");
                problems.push(Problem::new(what).fix(suggestion(name, known.iter().copied())).at(place));
            }
        }
        for name in columns.required.iter().filter(|name| !header.iter().any(|known| known == *name)) {
            let place = Some(self.text.place(start, ""));
            problems.push(
                Problem::new(format!("column `{name}` is missing"))
                    .fix(format!("add a column `{name}`"))
                    .at(place),
            );
        }
    }

    /// Whether every row was understood.
    pub fn is_complete(&self) -> bool {
        !self.broken && !self.text.header.is_empty() && self.text.row_starts.len() == self.rows.len()
    }

    /// Reads every row; rows with something wrong are reported and left out.
    pub fn rows<T>(&mut self, problems: &mut Problems, read: impl Fn(&mut Row) -> Option<T>) -> Vec<T> {
        let mut found = Vec::with_capacity(self.rows.len());
        for (start, cells) in &self.rows {
            let (start, width) = (*start, self.text.header.len());
            if cells.len() != width {
                // A cell over several lines is hardly ever meant: a quote in it is not closed.
                let long = cells.iter().position(|cell| cell.contains('\n'));
                let column = long.and_then(|index| self.text.header.get(index));
                let place = Some(self.text.place(start, column.map_or("", String::as_str)));
                let what = format!("the row has {} cells, the header has {width}", cells.len());
                let remedy = match long {
                    Some(_) => "close the double quote that opens here; it runs over the end of the line",
                    None => "put text with commas in double quotes, and end no row early",
                };
                problems.push(Problem::new(what).fix(remedy).at(place));
                continue;
            }
            let mut row = Row { table: &self.text, start, cells, problems, sound: true };
            if let Some(value) = read(&mut row).filter(|_| row.sound) {
                found.push((start, value));
            }
        }
        self.text.row_starts = found.iter().map(|(start, _)| *start).collect();
        found.into_iter().map(|(_, value)| value).collect()
    }
}

impl Row<'_> {
    /// The cell as written; empty if the table has no such column.
    pub fn text(&self, column: &str) -> &str {
        self.table.header.iter().position(|name| name == column).map_or("", |index| &self.cells[index])
    }

    /// The cell, or nothing if it is empty.
    pub fn optional(&self, column: &str) -> Option<String> {
        Some(self.text(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Reports what is wrong with a cell.
    pub fn wrong(&mut self, column: &str, what: impl Into<String>, remedy: impl Into<String>) {
        self.sound = false;
        // A column that is missing altogether has been reported with the header.
        if column.is_empty() || self.table.header.iter().any(|name| name == column) {
            let place = Some(self.table.place(self.start, column));
            self.problems.push(Problem::new(what).fix(remedy).at(place));
        }
    }

    /// A name, which may not be empty.
    pub fn name(&mut self, column: &str) -> Option<String> {
        let name = self.optional(column);
        if name.is_none() {
            self.wrong(column, format!("`{column}` is empty"), format!("fill in the {column}"));
        }
        name
    }

    /// A number, if the cell is not empty.
    pub fn optional_number(&mut self, column: &str) -> Option<f64> {
        let text = self.optional(column)?;
        let number = text.parse().ok();
        if number.is_none() {
            let plain = text.replace([',', ' ', '_', '\''], "");
            let remedy = match (plain.parse::<f64>(), text.strip_suffix('%').map(|t| t.trim().parse::<f64>()))
            {
                (Ok(_), _) => format!("write {plain}, without separators"),
                (_, Some(Ok(percent))) => format!("write {}, a fraction", percent / 100.0),
                _ => "write a plain number such as 12500.5".to_owned(),
            };
            self.wrong(column, format!("`{column}`: `{text}` is not a number"), remedy);
        }
        number
    }

    /// A number.
    pub fn number(&mut self, column: &str) -> Option<f64> {
        self.name(column)?;
        self.optional_number(column)
    }

    /// A calendar year.
    pub fn year(&mut self, column: &str) -> Option<i32> {
        let text = self.name(column)?;
        let year = text.parse().ok().filter(|year| (1800..=2300).contains(year));
        if year.is_none() {
            self.wrong(column, format!("`{column}`: `{text}` is not a year"), "write a year such as 2024");
        }
        year
    }

    /// A day.
    pub fn date(&mut self, column: &str) -> Option<Date> {
        let text = self.name(column)?;
        text.parse().map_err(|wrong: String| self.wrong(column, wrong, "write a day such as 2024-11-08")).ok()
    }

    /// One of the words that a column allows.
    pub fn choice<T: Copy>(&mut self, column: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.name(column)?;
        let found = choices.iter().find(|(name, _)| *name == text).map(|(_, choice)| *choice);
        if found.is_none() {
            let remedy = suggestion(&text, choices.iter().map(|(name, _)| *name));
            self.wrong(column, format!("`{column}` cannot be `{text}`"), remedy);
        }
        found
    }

    /// A plain value in the named column, or a distribution in the columns `dist`, `low`, `mode`, …
    pub fn quantity(&mut self, value: &str) -> Option<Quantity> {
        let mut numbers = [None; NUMBERS.len()];
        for (number, name) in numbers.iter_mut().zip(NUMBERS) {
            *number = self.optional_number(if name == "value" { value } else { name });
        }
        if !self.sound {
            return None;
        }
        let dist = self.optional("dist");
        // Columns that a row's distribution does not use may be filled in all the same.
        let family = FAMILIES.iter().find(|family| Some(family.0) == dist.as_deref());
        let used = |name: &str| {
            family.is_none_or(|(_, needed, allowed)| needed.contains(&name) || allowed.contains(&name))
        };
        let number = |name: &str| {
            let index = NUMBERS.iter().position(|known| *known == name)?;
            if used(name) { numbers[index] } else { None }
        };
        match distribution(dist.as_deref(), number) {
            Ok(distribution) => Some(Quantity {
                distribution,
                unit: self.optional("unit"),
                source: self.optional("source"),
                as_of: self.optional("as_of"),
                quality: self.optional("quality"),
                note: self.optional("note"),
            }),
            Err(wrong) => {
                let column = wrong.key.as_deref().unwrap_or("");
                self.wrong(if column == "value" { value } else { column }, wrong.what, wrong.remedy);
                None
            }
        }
    }
}
