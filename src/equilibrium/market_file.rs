//! From a market file to its answer.

use std::path::Path;

use super::answer::{Answer, Unanswered};
use super::{check, json_file, small_file, solve};
use crate::scenario::{Files, Problem, Problems};

/// What the command reads, for whoever gives it something else.
const FORMATS: &str = "a market is a TOML file that names a CSV of offers (example: scenarios/merger.toml) \
                       or a JSON file (docs/equilibrium.md)";

/// The answer to a market file.
pub fn answer(files: &Files, path: &Path) -> Result<Answer, Unanswered> {
    let shown = path.to_string_lossy();
    let refuse = |what: String, remedy: &str| Problems::from(Problem::new(what).fix(remedy));
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    if ending.as_deref() == Some("csv") {
        return Err(refuse(format!("{shown} is a table, not a market"), FORMATS).into());
    }
    let text =
        files.read(path).map_err(|wrong| refuse(format!("{shown}: {}", wrong.what), &wrong.remedy))?.text;
    let is_json = match ending.as_deref() {
        Some("json") => true,
        Some("toml") => false,
        _ => text.trim_start().starts_with('{'),
    };
    let mut problems = Problems::default();
    let draft = match is_json {
        true => json_file::read(path, text, &mut problems),
        false => small_file::read(files, path, text, &mut problems),
    };
    match draft {
        Some(draft) => solve::answer(&check::check(&draft, problems)?),
        None => Err(problems.into()),
    }
}
