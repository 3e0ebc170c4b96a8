//! Distributions whose numbers stand in a file, and are taken from it before anything else looks at them:
//! `{ dist = "empirical", file = "margins.csv", column = "margin" }` gets its values, and
//! `{ dist = "hazard", file = "alliances.csv", kind = "equity" }` counts ends and years at risk of dated rows.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::InputFile;
use super::csv_table::{Columns, CsvTable};
use super::families::{COLUMN, FILE, KIND};
use super::files::{Files, never_absolute};
use super::problem::{Problem, Problems};
use super::shape::stand_in;
use super::sources::Layer;
use super::spelling::suggestion;

/// Replaces the file by what stands in it wherever a table states such a distribution. Returns the files read.
pub fn fill(files: &Files, layer: &Layer, table: &mut Table, problems: &mut Problems) -> Vec<InputFile> {
    let mut filling = Filling { files, layer, path: Vec::new(), read: Vec::new(), problems };
    filling.table(table);
    filling.read
}

struct Filling<'a> {
    files: &'a Files,
    layer: &'a Layer,
    path: Vec<String>,
    read: Vec<InputFile>,
    problems: &'a mut Problems,
}

impl Filling<'_> {
    fn table(&mut self, table: &mut Table) {
        let dist = table.get("dist").and_then(Value::as_str).unwrap_or_default().to_owned();
        if ["empirical", "hazard"].contains(&dist.as_str())
            && let Some(Value::String(file)) = table.get(FILE).cloned()
        {
            let text = |key: &str| table.get(key).and_then(Value::as_str).map(str::to_owned);
            let (column, kind) = (text(COLUMN).unwrap_or_default(), text(KIND));
            table.retain(|key, _| ![FILE, COLUMN, KIND].contains(&key));
            // What cannot be read has been reported; later rules should not stumble over it.
            if dist == "empirical" {
                let key = self.path.last().cloned().unwrap_or_default();
                let values = self.values(&file, &column).unwrap_or_else(|| vec![stand_in(&key)]);
                table.insert("values".to_owned(), values.into());
            } else {
                let (ends, exposure) = self.at_risk(&file, kind.as_deref()).unwrap_or((1.0, 10.0));
                table.insert("ends".to_owned(), ends.into());
                table.insert("exposure".to_owned(), exposure.into());
            }
            return;
        }
        for (key, value) in table {
            if let Value::Table(below) = value {
                self.path.push(key.clone());
                self.table(below);
                self.path.pop();
            }
        }
    }

    /// The file, as text.
    fn text(&mut self, file: &str) -> Option<(String, String)> {
        let path = self.layer.folder.join(file);
        match self.files.read(&path) {
            Ok(text) => {
                self.read.push(InputFile { name: never_absolute(file), sha256: text.sha256 });
                Some((path.to_string_lossy().into_owned(), text.text))
            }
            Err(wrong) => {
                self.wrong(FILE, format!("{}: {}", path.display(), wrong.what), wrong.remedy);
                None
            }
        }
    }

    fn values(&mut self, file: &str, column: &str) -> Option<Vec<f64>> {
        let (path, text) = self.text(file)?;
        let columns = Columns { required: &[], optional: &[], quantity: None, open: true };
        let before = self.problems.0.len();
        let mut table = CsvTable::read(&path, &text, &columns, self.problems);
        if !table.text.header.iter().any(|name| name == column) {
            if self.problems.0.len() == before {
                let remedy = suggestion(column, table.text.header.iter().map(String::as_str));
                let what = match column {
                    "" => "`column` is missing: which column of the file?".to_owned(),
                    _ => format!("the file {file} has no column `{column}`"),
                };
                self.wrong(if column.is_empty() { "dist" } else { COLUMN }, what, remedy);
            }
            return None;
        }
        let values = table.rows(self.problems, |row| row.number(column));
        if values.is_empty() && self.problems.0.len() == before {
            self.wrong(FILE, format!("the file {file} has no rows"), "add rows with numbers".to_owned());
        }
        (self.problems.0.len() == before).then_some(values)
    }

    /// How often what began has ended, and for how many years in all it could have: rows with `start` and `last` (when
    /// it ended, or was last seen going on) in years, and `ended`; of one kind if that is named.
    fn at_risk(&mut self, file: &str, kind: Option<&str>) -> Option<(f64, f64)> {
        let (path, text) = self.text(file)?;
        let required = ["kind", "start", "last", "ended"];
        let columns = Columns { required: &required, optional: &[], quantity: None, open: true };
        let before = self.problems.0.len();
        let mut table = CsvTable::read(&path, &text, &columns, self.problems);
        let rows = table.rows(self.problems, |row| {
            let (kind, ended) = (row.name("kind")?, row.flag("ended")?);
            let (start, last) = (row.number("start")?, row.number("last")?);
            if last < start {
                row.wrong("last", format!("{last} lies before its start ({start})"), "write the later year");
            }
            Some((kind, last - start, ended))
        });
        let is_counted = |known: &str| kind.is_none_or(|kind| kind == known);
        let (mut ends, mut exposure) = (0.0, 0.0);
        for (_, years, ended) in rows.iter().filter(|(known, ..)| is_counted(known)) {
            ends += f64::from(u8::from(*ended));
            exposure += years;
        }
        if exposure <= 0.0 && self.problems.0.len() == before {
            let kinds: BTreeSet<&str> = rows.iter().map(|(kind, ..)| kind.as_str()).collect();
            let (what, remedy) = match kind {
                Some(kind) => {
                    (format!("the file {file} has no years of the kind `{kind}`"), suggestion(kind, kinds))
                }
                None => (format!("the file {file} has no years"), "add rows that begin and last".to_owned()),
            };
            self.wrong(if kind.is_some() { KIND } else { FILE }, what, remedy);
        }
        (self.problems.0.len() == before).then_some((ends, exposure))
    }

    fn wrong(&mut self, key: &str, what: String, remedy: String) {
        let path = [self.path.as_slice(), &[key.to_owned()]].concat();
        let place = self.layer.place(&path, false);
        self.problems.push(Problem::new(what).fix(remedy).at(Some(place)));
    }
}
