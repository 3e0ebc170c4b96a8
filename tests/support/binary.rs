//! Runs the real program and reads what it wrote.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub const MINIMAL: &str = "scenarios/minimal.toml";

/// The program with its arguments, in a folder.
pub fn keiretsu(folder: &Path, arguments: &[&str]) -> Output {
    program(folder, arguments).output().expect("the program starts")
}

/// As [`keiretsu`], not yet started. `KEIRETSU_PROGRAM` names another build, such as the release build.
pub fn program(folder: &Path, arguments: &[&str]) -> Command {
    let other = std::env::var_os("KEIRETSU_PROGRAM");
    let mut command = Command::new(other.unwrap_or_else(|| env!("CARGO_BIN_EXE_keiretsu").into()));
    command.args(arguments).current_dir(folder);
    command
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The path of a scenario of this repository, as text.
pub fn scenario(path: &str) -> String {
    root().join(path).to_str().expect("UTF-8").to_owned()
}

pub fn code(output: &Output) -> i32 {
    output.status.code().expect("not killed")
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

#[track_caller]
pub fn assert_done(output: &Output) {
    assert_eq!(code(output), 0, "{}{}", stdout(output), stderr(output));
}

/// Every file below a folder with its bytes.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&next) else { continue };
        for entry in entries {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("inside").to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path).expect("readable"));
            }
        }
    }
    found
}

/// A command that must fail with a code, say something that contains `words`, and write nothing.
#[track_caller]
pub fn refused(folder: &Path, arguments: &[&str], expected: i32, words: &[&str]) -> String {
    let before = files(folder);
    let output = keiretsu(folder, arguments);
    let message = stderr(&output);
    assert_eq!(code(&output), expected, "{arguments:?}: {message}");
    assert!(output.stdout.is_empty(), "{arguments:?} printed {}", stdout(&output));
    assert!(!message.contains("panicked"), "{message}");
    // Long messages are wrapped.
    let flat = message.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    for word in words {
        assert!(flat.contains(word), "{arguments:?}: no `{word}` in {message}");
    }
    assert_eq!(files(folder), before, "{arguments:?} left something behind");
    message
}

pub fn temporary() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Writes a scenario that differs from the minimal one.
pub fn altered(folder: &Path, from: &str, to: &str) -> String {
    let text = std::fs::read_to_string(root().join(MINIMAL)).unwrap();
    assert!(text.contains(from), "the minimal scenario has no `{from}`");
    std::fs::write(folder.join("altered.toml"), text.replacen(from, to, 1)).unwrap();
    "altered.toml".into()
}

/// A CSV file of a run folder.
pub struct Csv {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Csv {
    pub fn read(folder: &Path, name: &str) -> Csv {
        let bytes = std::fs::read(folder.join(name)).unwrap_or_else(|_| panic!("no {name}"));
        assert!(!bytes.contains(&b'\r'), "{name} has lines that end in \\r\\n");
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let header = reader.headers().expect("a header").iter().map(str::to_owned).collect();
        let rows =
            reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
        Csv { header, rows }
    }

    pub fn at(&self, column: &str) -> usize {
        let found = self.header.iter().position(|name| name == column);
        found.unwrap_or_else(|| panic!("no column {column}"))
    }

    /// The values of a column by first appearance.
    pub fn distinct(&self, column: &str) -> Vec<String> {
        let at = self.at(column);
        let mut found: Vec<String> = Vec::new();
        for row in &self.rows {
            if !found.contains(&row[at]) {
                found.push(row[at].clone());
            }
        }
        found
    }

    pub fn number(&self, row: &[String], column: &str) -> f64 {
        row[self.at(column)].parse().unwrap_or(f64::NAN)
    }
}
