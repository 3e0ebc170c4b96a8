//! The rows of a run folder's tables of results, read back.

use std::fs;
use std::path::Path;

use serde::Serialize;

/// A row of `outcomes.csv` or `comparison.csv`.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub world: String,
    /// What it was compared with; none for a level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    pub outcome: String,
    pub unit: String,
    pub region: String,
    pub manufacturer: String,
    pub powertrain: String,
    pub year: i32,
    pub n: u64,
    pub mean: Option<f64>,
    /// Standard error of the mean.
    pub se: Option<f64>,
    pub p05: Option<f64>,
    pub p50: Option<f64>,
    pub p95: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prob_gain: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prob_loss: Option<f64>,
    pub file: &'static str,
    /// The first line is the header's.
    pub line: u64,
}

/// All rows of a table of the run folder, or what is wrong with it.
pub fn rows(folder: &Path, file: &'static str) -> Result<Vec<Row>, String> {
    let path = folder.join(file);
    let damaged = |what: String| damaged(&path, &what);
    let bytes = fs::read(&path).map_err(|error| damaged(error.to_string()))?;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let header = reader.headers().map_err(|error| damaged(error.to_string()))?.clone();
    let column = |name: &str| header.iter().position(|title| title == name);
    let compared = column("condition").is_some();
    let mut rows = Vec::new();
    for (line, record) in (2..).zip(reader.records()) {
        let record = record.map_err(|error| damaged(error.to_string()))?;
        let text = |name: &str| {
            let value = column(name).and_then(|at| record.get(at));
            value.map(str::to_owned).ok_or_else(|| damaged(format!("there is no column `{name}`")))
        };
        let figure = |name: &str| {
            let text = text(name)?;
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
            match text.is_empty() || number.is_some() {
                true => Ok(number),
                false => Err(damaged(format!("line {line}: `{text}` in column `{name}` is no number"))),
            }
        };
        let whole = |name: &str| {
            let text = text(name)?;
            text.parse::<u64>()
                .map_err(|_| damaged(format!("line {line}: `{text}` in column `{name}` is no whole number")))
        };
        let of_comparison = |name: &str| if compared { text(name).map(Some) } else { Ok(None) };
        let chance = |name: &str| if compared { figure(name) } else { Ok(None) };
        rows.push(Row {
            world: text("world")?,
            reference: of_comparison("reference")?,
            condition: of_comparison("condition")?,
            outcome: text("outcome")?,
            unit: text("unit")?,
            region: text("region")?,
            manufacturer: text("manufacturer")?,
            powertrain: text("powertrain")?,
            year: whole("year")? as i32,
            n: whole("n")?,
            mean: figure("mean")?,
            se: figure("se")?,
            p05: figure("p05")?,
            p50: figure("p50")?,
            p95: figure("p95")?,
            prob_gain: chance("prob_gain")?,
            prob_loss: chance("prob_loss")?,
            file,
            line,
        });
    }
    Ok(rows)
}

/// How a file that the program did not write so is refused.
pub(super) fn damaged(path: &Path, what: &str) -> String {
    format!("{}: {what}; the run folder is damaged, so run the scenario again", path.display())
}
