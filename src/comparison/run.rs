//! A run folder, read back: what it was made from, and what came out.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::inputs::Inputs;
use super::rows::{Row, damaged, rows};
use crate::scenario::statements::Statement;

/// A run folder that was read.
#[derive(Debug)]
pub struct Run {
    pub heading: Heading,
    pub files: Vec<InputFile>,
    pub inputs: Inputs,
    /// Levels, then differences.
    pub rows: Vec<Row>,
    /// What the answer is about: a world, whose share, where and when.
    pub subjects: BTreeSet<[String; 4]>,
    pub last_year: i32,
}

/// What a reader tells a run by.
#[derive(Clone, Debug, Serialize)]
pub struct Heading {
    /// As the user named it.
    pub folder: String,
    pub title: String,
    pub scenario: String,
    pub seed: u64,
    /// Replications that enter the statistics.
    pub replications: u64,
    /// `--set` overrides as given.
    pub overrides: Vec<String>,
}

/// A file that a run or a scenario was made from.
#[derive(Clone, Debug, Deserialize)]
pub struct InputFile {
    pub file: String,
    pub sha256: String,
}

/// A file that is not the same on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileChange {
    pub file: String,
    /// `changed`, `added` or `left-out`.
    pub change: &'static str,
}

/// What is read of a run's manifest.
#[derive(Deserialize)]
struct Manifest {
    scenario: String,
    title: String,
    inputs: Vec<InputFile>,
    overrides: Vec<String>,
    seed: u64,
    replications: Replications,
    last_year: i32,
    worlds: Vec<String>,
    reference: String,
}

#[derive(Deserialize)]
struct Replications {
    done: u64,
}

/// A row of the table of where units come from, as far as it says what the answer is about.
#[derive(Deserialize)]
struct Gain {
    world: String,
    condition: String,
    gained_by: String,
    region: String,
    source: String,
    year: String,
}

impl Run {
    /// Reads a folder, or says why it is no run that this version can compare.
    pub fn open(folder: &Path) -> Result<Run, String> {
        let shown = folder.display().to_string();
        let manifest = manifest(folder, &shown)?;
        if !folder.join("inputs.csv").is_file() {
            return Err(format!(
                "{shown} has no inputs.csv: a run of an earlier state of the program cannot be compared, so run the scenario \
                 again"
            ));
        }
        let all: Vec<Statement> = table(folder, "inputs.csv")?;
        let gains: Vec<Gain> = table(folder, "sources.csv")?;
        let of_answer = gains.into_iter().filter(|row| row.source == "total" && row.condition == "proceeds");
        let subjects = of_answer.map(|row| [row.world, row.gained_by, row.region, row.year]).collect();
        let mut results = rows(folder, "outcomes.csv")?;
        results.extend(rows(folder, "comparison.csv")?);
        Ok(Run {
            heading: Heading {
                folder: shown,
                title: manifest.title,
                scenario: manifest.scenario,
                seed: manifest.seed,
                replications: manifest.replications.done,
                overrides: manifest.overrides,
            },
            files: manifest.inputs,
            inputs: Inputs::new(manifest.worlds, manifest.reference, all),
            rows: results,
            subjects,
            last_year: manifest.last_year,
        })
    }
}

/// The manifest of a run of this version, or why there is none.
fn manifest(folder: &Path, shown: &str) -> Result<Manifest, String> {
    if !folder.is_dir() {
        return Err(format!("{shown} is no folder; name a run folder, such as outputs/minimal"));
    }
    let path = folder.join("manifest.json");
    let bytes = fs::read(&path)
        .map_err(|error| format!("{shown} holds no run of keiretsu: manifest.json: {error}"))?;
    let value = serde_json::from_slice::<serde_json::Value>(&bytes).unwrap_or_default();
    let Some(version) = value["keiretsu"].as_str() else {
        return Err(format!("{shown} holds no run of keiretsu: manifest.json is not one of this program"));
    };
    let own = env!("CARGO_PKG_VERSION");
    if version != own {
        return Err(format!(
            "{shown} was made by keiretsu {version}, and this is {own}, whose numbers may differ for that alone; run the \
             scenario again"
        ));
    }
    if value["worlds"].is_null() {
        let command = value["question"].as_str().unwrap_or("another command");
        return Err(format!(
            "{shown} holds the results of {command}, not of a run; name the folder of a `keiretsu run`"
        ));
    }
    serde_json::from_value(value).map_err(|error| damaged(&path, &error.to_string()))
}

/// The rows of a CSV file.
fn table<T: for<'a> Deserialize<'a>>(folder: &Path, file: &str) -> Result<Vec<T>, String> {
    let path = folder.join(file);
    let bytes = fs::read(&path).map_err(|error| damaged(&path, &error.to_string()))?;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    reader.deserialize().collect::<Result<_, _>>().map_err(|error| damaged(&path, &error.to_string()))
}

/// Files with other contents, and those that only one side has. A file is known by its name, without its folder.
pub fn files(a: &[InputFile], b: &[InputFile]) -> Vec<FileChange> {
    let hash = |files: &[InputFile], name: &str| {
        files.iter().find(|input| input.file == name).map(|input| input.sha256.clone())
    };
    let mut found = Vec::new();
    for input in a {
        match hash(b, &input.file) {
            Some(other) if other == input.sha256 => {}
            Some(_) => found.push(FileChange { file: input.file.clone(), change: "changed" }),
            None => found.push(FileChange { file: input.file.clone(), change: "left-out" }),
        }
    }
    let added = b.iter().filter(|input| hash(a, &input.file).is_none());
    found.extend(added.map(|input| FileChange { file: input.file.clone(), change: "added" }));
    found
}
