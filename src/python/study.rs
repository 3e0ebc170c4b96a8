//! Runs from Python: as a whole, as a shard, from parts.

use std::path::PathBuf;

use pyo3::exceptions::{PyKeyError, PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::columns::Columns;
use super::problems::{load, refused};
use super::waiting::wait;
use crate::analysis;
use crate::parts::{Header, InputFile, Merging, to_bytes};
use crate::report::answer::Answer;
use crate::report::run_folder::RunFolder;
use crate::report::sensitivity;
use crate::scenario::Scenario;
use crate::simulation::outcomes::{Key, Outcomes, Wanted};
use crate::simulation::saved::Unfit;
use crate::simulation::{Request, Shard, Work};
use crate::study::{self, DrawsFormat, Extras, Prepared, Study};

/// What is asked of a scenario.
#[derive(Clone, FromPyObject)]
#[pyo3(from_item_all)]
pub struct Asked {
    /// Files that need not be on the disk, by path.
    files: Vec<(PathBuf, Vec<u8>)>,
    path: PathBuf,
    /// As `--set` has it.
    set: Vec<String>,
    replications: Option<u64>,
    seed: Option<u64>,
    /// Names; all if not said.
    worlds: Option<Vec<String>>,
    /// In words; all if not said.
    outcomes: Option<Vec<String>>,
    /// Outcomes in words whose draws are kept; the usual ones if the list is empty.
    draws: Option<Vec<String>>,
    attribution: bool,
}

/// A run's results.
#[pyclass(frozen, module = "keiretsu._core", name = "Study")]
pub struct PyStudy {
    scenario: Scenario,
    path: PathBuf,
    study: Study,
    /// Whether it has all worlds and outcomes, which reports need.
    is_whole: bool,
}

fn wrong(message: impl ToString) -> PyErr {
    PyValueError::new_err(message.to_string())
}

/// Columns of outcomes in words.
fn keys(prepared: &Prepared, lines: &[String]) -> PyResult<Vec<Key>> {
    let all = Outcomes::of(&prepared.experiment.models, &Wanted::All).expect("all that there is");
    let mut keys = Vec::new();
    for line in lines {
        keys.extend(analysis::find(&prepared.names, &all, line).map_err(wrong)?);
    }
    Ok(keys)
}

fn prepare(py: Python<'_>, asked: &Asked) -> PyResult<(Scenario, Prepared, super::problems::Kept)> {
    let Asked { files, path, set, .. } = asked;
    let (mut scenario, kept) = load(py, files.clone(), path, set, asked.replications, asked.seed)?;
    if !asked.attribution {
        scenario.attribution = None;
    }
    let prepared = py.detach(|| study::prepare(&scenario));
    let mut prepared = prepared.map_err(|problems| refused(py, &problems))?;
    if asked.worlds.is_some() || asked.outcomes.is_some() {
        let names = &prepared.names.worlds;
        let place = |name: &String| {
            let found = names.iter().position(|known| known == name);
            found.ok_or_else(|| wrong(format!("no world `{name}`; there are {}", names.join(", "))))
        };
        let worlds = match &asked.worlds {
            Some(worlds) => worlds.iter().map(place).collect::<PyResult<Vec<usize>>>()?,
            None => (0..names.len()).collect(),
        };
        let wanted = match &asked.outcomes {
            Some(lines) => Wanted::Only(keys(&prepared, lines)?),
            None => Wanted::All,
        };
        let replications = prepared.request.replications.clone();
        let request = Request::new(&prepared.experiment, &worlds, &wanted, replications);
        prepared.request = request.expect("worlds and outcomes that there are");
        if scenario.precision.is_some() {
            return Err(wrong("a precision needs all worlds and outcomes"));
        }
    }
    if let Some(lines) = &asked.draws {
        let outcomes = &prepared.request.outcomes;
        let columns: Vec<usize> = match lines.is_empty() {
            true => sensitivity::watched(&scenario, &prepared.names, outcomes),
            false => keys(&prepared, lines)?.iter().filter_map(|key| outcomes.column(key)).collect(),
        };
        prepared.draws = Some(columns);
    }
    Ok((scenario, prepared, kept))
}

fn failed(unfit: Unfit) -> PyErr {
    wrong(unfit)
}

/// Simulates and compares all worlds.
#[pyfunction]
pub fn run(
    py: Python<'_>,
    asked: Asked,
    threads: Option<usize>,
    progress: Option<Py<PyAny>>,
) -> PyResult<PyStudy> {
    let (scenario, prepared, _) = prepare(py, &asked)?;
    let is_whole = asked.worlds.is_none() && asked.outcomes.is_none();
    let work =
        |told: &dyn crate::simulation::Progress| study::run_in(&mut Work::Whole, &scenario, prepared, told);
    let study = wait(py, threads, progress, work)?.map_err(failed)?.expect("a whole run");
    Ok(PyStudy { study, path: asked.path, is_whole, scenario })
}

/// Simulates a shard such as `3/16`; a part as bytes.
#[pyfunction]
pub fn shard(py: Python<'_>, asked: Asked, threads: Option<usize>, shard: &str) -> PyResult<Py<PyBytes>> {
    let shard: Shard = shard.parse().map_err(wrong)?;
    let (scenario, prepared, kept) = prepare(py, &asked)?;
    if scenario.precision.is_some() {
        return Err(wrong("a precision is looked at in all draws, so such a run has no shards"));
    }
    let mut records = Vec::new();
    let work = |told: &dyn crate::simulation::Progress| {
        study::run_in(&mut Work::Shard(shard, &mut records), &scenario, prepared, told)
    };
    wait(py, threads, None, work)?.map_err(failed)?;
    let inputs = scenario.inputs.iter();
    let inputs = inputs.map(|i| InputFile { file: i.name.clone(), sha256: i.sha256.clone() });
    let command = serde_json::json!({ "python": {
        "set": asked.set, "worlds": asked.worlds, "outcomes": asked.outcomes, "draws": asked.draws,
        "attribution": asked.attribution,
    }});
    let path = asked.path.display().to_string();
    let header = Header::new(shard, path, command, scenario.seed, scenario.replications, inputs.collect());
    let kept = kept.lock().expect("no reader panics");
    let bytes = py.detach(|| to_bytes(&header, &kept, &records));
    Ok(PyBytes::new(py, &bytes).unbind())
}

/// Puts the parts of a run together.
#[pyfunction]
pub fn merge(py: Python<'_>, asked: Asked, threads: Option<usize>, parts: Vec<PathBuf>) -> PyResult<PyStudy> {
    let (scenario, prepared, _) = prepare(py, &asked)?;
    let is_whole = asked.worlds.is_none() && asked.outcomes.is_none();
    let mut merging = Merging::open(&parts, false).map_err(wrong)?;
    let work = |told: &dyn crate::simulation::Progress| {
        study::run_in(&mut Work::Merged(&mut merging), &scenario, prepared, told)
    };
    let study = wait(py, threads, None, work)?.map_err(failed)?.expect("merged");
    Ok(PyStudy { study, path: asked.path, is_whole, scenario })
}

impl PyStudy {
    fn whole(&self) -> PyResult<()> {
        match self.is_whole {
            true => Ok(()),
            false => Err(wrong("reports need all worlds and outcomes: run without `worlds` and `outcomes`")),
        }
    }

    fn answered(&self) -> Answer<'_> {
        Answer::of(&self.scenario, &self.study.findings, &self.study.past).with(self.study.asked())
    }
}

#[pymethods]
impl PyStudy {
    #[getter]
    fn title(&self) -> &str {
        &self.scenario.title
    }

    #[getter]
    fn seed(&self) -> u64 {
        self.scenario.seed
    }

    /// Replications done, and those of them that failed.
    #[getter]
    fn replications(&self) -> (u64, u64) {
        let ensemble = &self.study.findings.ensemble;
        (ensemble.replications, ensemble.failed)
    }

    /// Names of all worlds, the reference's among them.
    #[getter]
    fn worlds(&self) -> (Vec<String>, String) {
        let findings = &self.study.findings;
        (findings.names.worlds.clone(), findings.names.worlds[findings.reference].clone())
    }

    /// A table by its name; none if it was not asked for.
    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Option<Columns>> {
        if !study::TABLES.contains(&name) {
            return Err(PyKeyError::new_err(format!(
                "no table {name}; there are {}",
                study::TABLES.join(", ")
            )));
        }
        Ok(py.detach(|| self.study.table(&self.scenario, name).map(|table| Columns::of(&table))))
    }

    /// The answer in words, and for programs.
    fn answer(&self, verbose: bool) -> PyResult<(String, String)> {
        self.whole()?;
        let answer = self.answered();
        Ok((answer.text(verbose), answer.json()))
    }

    /// The charts as SVG, by name.
    fn charts(&self, py: Python<'_>) -> PyResult<Vec<(String, String)>> {
        self.whole()?;
        let files = py.detach(|| self.study.charts(&self.scenario));
        let svg = files.into_iter().filter_map(|file| {
            let name = file.name.strip_prefix("charts/")?.strip_suffix(".svg")?.to_owned();
            Some((name, String::from_utf8(file.bytes).ok()?))
        });
        Ok(svg.collect())
    }

    /// Writes the run folder.
    fn save(&self, py: Python<'_>, folder: PathBuf, xlsx: bool, parquet: bool, force: bool) -> PyResult<()> {
        self.whole()?;
        let place = RunFolder::prepare(&folder, &self.path, (&self.scenario).into(), force).map_err(wrong)?;
        let extras = Extras { workbook: xlsx, parquet, draws: DrawsFormat::Csv };
        let files = py.detach(|| self.study.files(&self.scenario, extras));
        py.detach(|| place.write(&files)).map_err(|refusal| PyOSError::new_err(refusal.to_string()))
    }
}
