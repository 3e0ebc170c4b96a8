//! Reading a CSV table by the names of its columns, with the place of every cell that is wrong.

use std::sync::Arc;

use super::date::Date;
use super::families::{FAMILIES, NUMBERS, Numbers, distribution};
use super::number_text;
use super::place::Place;
use super::problem::{Problem, Problems};
use super::quantity::{PROVENANCE, Quantity};
use super::sources::TableText;
use super::spelling::{nearest, suggestion};
use super::text::{unfit_name, unfit_text};
use crate::uncertainty::Provenance;

/// Columns that any table may have beside its own: where its figures come from.
const PROVENANCE_ENDINGS: [&str; 3] = ["_quality", "_source", "_note"];

/// What else parts the cells of tables, and what it is called.
const OTHER_MARKS: [(char, &str); 3] = [(';', "semicolons"), ('\t', "tabs"), ('|', "upright strokes")];

/// Rows with something wrong that are reported one by one.
const MOST_ROWS_REPORTED: usize = 50;

/// What a table's columns are called.
pub struct Columns<'a> {
    pub required: &'a [&'a str],
    pub optional: &'a [&'a str],
    /// The column that holds a plain value; its rows may state a distribution instead.
    pub quantity: Option<&'a str>,
    /// Whether the table has columns of its own beside these.
    pub open: bool,
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

/// What stands in the place of commas, if anything does.
fn other_mark(text: &str, columns: &Columns) -> Option<&'static str> {
    let hint = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("sep="));
    let header = if hint { text.lines().nth(1) } else { text.lines().next() }.unwrap_or("");
    let knows = |mark: char| {
        let mut names = header.split(mark).map(|name| name.trim_matches([' ', '"', '\t']).to_lowercase());
        names.any(|name| columns.required.contains(&name.as_str()))
    };
    let found = OTHER_MARKS.iter().find(|(mark, _)| header.contains(*mark) && knows(*mark));
    match found.filter(|_| columns.required.len() > 1 && !knows(',')) {
        Some((_, name)) => Some(name),
        None => hint.then_some("what its first line says"),
    }
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
        if let Some(name) = other_mark(text, columns) {
            table.broken = true;
            let what = format!("the cells of this file are parted by {name}, not by commas");
            let remedy = "write commas between cells, points in decimal numbers, and the header in the first line \
                          (in a spreadsheet: \"CSV UTF-8, comma delimited\")";
            problems.push(Problem::new(what).fix(remedy).at(Some(table.text.place(0, ""))));
            return table;
        }
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
        let missing: Vec<&str> = columns
            .required
            .iter()
            .filter(|name| !header.iter().any(|known| known == *name))
            .copied()
            .collect();
        let nameless = header.iter().filter(|name| name.is_empty()).count();
        if nameless > 0 {
            let what = if nameless == 1 {
                "a column has no name".to_owned()
            } else {
                format!("{nameless} columns have no name")
            };
            let remedy = "name it, or take it away: a row may not end in commas";
            problems.push(Problem::new(what).fix(remedy).at(Some(self.text.place(start, ""))));
        }
        for (index, name) in header.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            let place = Some(self.text.place(start, name));
            if header[..index].contains(name) {
                problems.push(
                    Problem::new(format!("two columns are called `{name}`")).fix("rename one").at(place),
                );
            } else if !known.contains(&name.as_str())
                && !PROVENANCE_ENDINGS.iter().any(|ending| name.ends_with(ending))
                && (!columns.open || nearest(name, &missing).is_some())
            {
                let what = format!("unknown column `{name}`");
                let mut remedy = suggestion(name, known.iter().copied());
                if nearest(name, &known).is_none() {
                    remedy.push_str("; a remark is called `note`");
                }
                problems.push(Problem::new(what).fix(remedy).at(place));
            }
        }
        for name in missing {
            let place = Some(self.text.place(start, ""));
            problems.push(
                Problem::new(format!("column `{name}` is missing"))
                    .fix(format!("add a column `{name}`"))
                    .at(place),
            );
        }
    }

    /// The columns of an open table that are its own, remarks left out.
    pub fn columns_beside<'a>(&'a self, columns: &'a Columns) -> impl Iterator<Item = &'a str> {
        let known = [columns.required, columns.optional, &PROVENANCE].concat();
        let is_own = move |name: &&str| {
            !known.contains(name) && !PROVENANCE_ENDINGS.iter().any(|ending| name.ends_with(ending))
        };
        self.text.header.iter().map(String::as_str).filter(|name| !name.is_empty()).filter(is_own)
    }

    /// Whether every row was understood.
    pub fn is_complete(&self) -> bool {
        !self.broken && !self.text.header.is_empty() && self.text.row_starts.len() == self.rows.len()
    }

    /// Reads every row; rows with something wrong are reported and left out.
    pub fn rows<T>(&mut self, problems: &mut Problems, read: impl Fn(&mut Row) -> Option<T>) -> Vec<T> {
        let mut found = Vec::with_capacity(self.rows.len());
        for (index, (start, cells)) in self.rows.iter().enumerate() {
            if index - found.len() == MOST_ROWS_REPORTED {
                let what = format!(
                    "{} rows above have something wrong; this one and those below were not read",
                    MOST_ROWS_REPORTED
                );
                let remedy = "mend those first";
                problems.push(Problem::new(what).fix(remedy).at(Some(self.text.place(*start, ""))));
                break;
            }
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
            row.texts();
            if let Some(value) = read(&mut row).filter(|_| row.sound) {
                found.push((start, value));
            }
        }
        self.text.row_starts = found.iter().map(|(start, _)| *start).collect();
        found.into_iter().map(|(_, value)| value).collect()
    }
}

impl Row<'_> {
    /// Reports what is not fit to be printed.
    fn texts(&mut self) {
        for (index, cell) in self.cells.iter().enumerate() {
            if let Some((what, remedy)) = unfit_text(cell) {
                self.wrong(&self.table.header[index], what, remedy);
            }
        }
    }

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

    /// The cell, which may not be empty.
    fn required(&mut self, column: &str) -> Option<String> {
        let text = self.optional(column);
        if text.is_none() {
            self.wrong(column, format!("`{column}` is empty"), format!("fill in the {column}"));
        }
        text
    }

    /// A name, which may not be empty.
    pub fn name(&mut self, column: &str) -> Option<String> {
        self.required(column)?;
        self.optional_name(column)
    }

    /// A name, if the cell is not empty.
    pub fn optional_name(&mut self, column: &str) -> Option<String> {
        let name = self.optional(column)?;
        // What is no text at all has been reported with the row.
        if let Some((what, remedy)) = unfit_name(&name).filter(|_| unfit_text(&name).is_none()) {
            self.wrong(column, what, remedy);
        }
        Some(name)
    }

    /// Yes or no, as spreadsheets write it too; no if the cell is empty.
    pub fn flag(&mut self, column: &str) -> Option<bool> {
        let text = self.text(column).to_lowercase();
        let found = [("", false), ("true", true), ("false", false)].iter().find(|(word, _)| *word == text);
        if found.is_none() {
            self.wrong(
                column,
                format!("`{column}` cannot be `{text}`"),
                suggestion(&text, ["true", "false"]),
            );
        }
        found.map(|(_, flag)| *flag)
    }

    /// A number, if the cell is not empty.
    pub fn optional_number(&mut self, column: &str) -> Option<f64> {
        let text = self.optional(column)?;
        let number = text.parse().ok();
        if number.is_none() {
            self.wrong(column, format!("`{column}`: `{text}` is not a number"), number_text::advice(&text));
        }
        number
    }

    /// A number.
    pub fn number(&mut self, column: &str) -> Option<f64> {
        self.required(column)?;
        self.optional_number(column)
    }

    /// A calendar year.
    pub fn year(&mut self, column: &str) -> Option<i32> {
        let text = self.required(column)?;
        let year = text.parse().ok().filter(|year| (1800..=2300).contains(year));
        if year.is_none() {
            self.wrong(column, format!("`{column}`: `{text}` is not a year"), "write a year such as 2024");
        }
        year
    }

    /// A day.
    pub fn date(&mut self, column: &str) -> Option<Date> {
        let text = self.required(column)?;
        text.parse().map_err(|wrong: String| self.wrong(column, wrong, "write a day such as 2024-11-08")).ok()
    }

    /// One of the words that a column allows.
    pub fn choice<T: Copy>(&mut self, column: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.required(column)?;
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
        let interval = self.optional(value).filter(|text| text.contains(" to "));
        for (number, name) in numbers.iter_mut().zip(NUMBERS) {
            if name != "value" || interval.is_none() {
                *number = self.optional_number(if name == "value" { value } else { name });
            }
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
        let stated = Numbers { number: &number, list: &|_| None, interval };
        match distribution(dist.as_deref(), stated) {
            Ok(distribution) => Some(Quantity {
                key: String::new(),
                distribution,
                provenance: Provenance {
                    unit: self.optional("unit"),
                    source: self.optional("source"),
                    as_of: self.optional("as_of"),
                    quality: self.optional("quality"),
                    note: self.optional("note"),
                },
            }),
            Err(wrong) => {
                let column = wrong.key.as_deref().unwrap_or("");
                self.wrong(if column == "value" { value } else { column }, wrong.what, wrong.remedy);
                None
            }
        }
    }
}
