//! What the folders of questions about a scenario (scans, break-even values, coalitions) have in common: their manifest.

use serde::Serialize;

use super::run_folder::File;
use crate::scenario::Scenario;

#[derive(Serialize)]
struct Manifest<'a> {
    keiretsu: &'a str,
    /// The command.
    question: &'a str,
    scenario: String,
    title: &'a str,
    inputs: Vec<Input<'a>>,
    overrides: &'a [String],
    seed: u64,
    replications: u64,
    /// What the command asked, and how it went.
    asked: serde_json::Value,
    /// Every file of the folder: a later run replaces these and no others.
    files: Vec<&'a str>,
}

#[derive(Serialize)]
struct Input<'a> {
    file: &'a str,
    sha256: &'a str,
}

/// `manifest.json`: what is needed to repeat a question. `overrides` are those of the command line; `title` tells the
/// folder from those of other questions; `files` are those that lie beside it.
pub fn manifest(
    scenario: &Scenario,
    (question, title): (&str, &str),
    overrides: &[String],
    replications: u64,
    asked: serde_json::Value,
    files: &[File],
) -> File {
    let beside = files.iter().map(|file| file.name.as_str());
    let manifest = Manifest {
        keiretsu: env!("CARGO_PKG_VERSION"),
        question,
        scenario: format!("{}.toml", scenario.name),
        title,
        inputs: scenario.inputs.iter().map(|i| Input { file: &i.name, sha256: &i.sha256 }).collect(),
        overrides,
        seed: scenario.seed,
        replications,
        asked,
        files: beside.chain(["manifest.json", "timing.json"]).collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&manifest).expect("plain figures and text");
    bytes.push(b'\n');
    File::new("manifest.json", bytes)
}
