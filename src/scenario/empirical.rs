//! Empirical distributions: `{ dist = "empirical", file = "margins.csv", column = "margin" }` gets its values from
//! the file before anything else looks at it.

use toml::{Table, Value};

use super::InputFile;
use super::csv_table::{Columns, CsvTable};
use super::families::{COLUMN, FILE};
use super::files::{Files, never_absolute};
use super::problem::{Problem, Problems};
use super::shape::stand_in;
use super::sources::Layer;
use super::spelling::suggestion;

/// Replaces `file` and `column` by `values` wherever a table states an empirical distribution. Returns the files read.
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
        let is_empirical = table.get("dist").and_then(Value::as_str) == Some("empirical");
        if is_empirical && let Some(Value::String(file)) = table.get(FILE).cloned() {
            let column = table.get(COLUMN).and_then(Value::as_str).unwrap_or_default().to_owned();
            // What cannot be read has been reported; later rules should not stumble over it.
            let found = self.values(&file, &column);
            let key = self.path.last().map_or("", String::as_str);
            let values = found.unwrap_or_else(|| vec![stand_in(key)]);
            table.retain(|key, _| key != FILE && key != COLUMN);
            table.insert("values".to_owned(), values.into());
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

    fn values(&mut self, file: &str, column: &str) -> Option<Vec<f64>> {
        let path = self.layer.folder.join(file);
        let text = match self.files.read(&path) {
            Ok(text) => text,
            Err(wrong) => {
                self.wrong(FILE, format!("{}: {}", path.display(), wrong.what), wrong.remedy);
                return None;
            }
        };
        self.read.push(InputFile { name: never_absolute(file), sha256: text.sha256 });
        let columns = Columns { required: &[], optional: &[], quantity: None, open: true };
        let before = self.problems.0.len();
        let mut table = CsvTable::read(&path.to_string_lossy(), &text.text, &columns, self.problems);
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

    fn wrong(&mut self, key: &str, what: String, remedy: String) {
        let path = [self.path.as_slice(), &[key.to_owned()]].concat();
        let place = self.layer.place(&path, false);
        self.problems.push(Problem::new(what).fix(remedy).at(Some(place)));
    }
}
