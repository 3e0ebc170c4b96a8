//! Scenarios and markets from Python, and what is wrong with them as Python exceptions.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use indexmap::IndexMap;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::equilibrium::{self, Unanswered};
use crate::scenario::{Files, Problem, Problems, Scenario, load_from};
use crate::study;

/// Files by path: those given, else the disk's; what was read is kept.
pub type Kept = Arc<Mutex<IndexMap<PathBuf, Vec<u8>>>>;

/// A problem as Python has it: file, line, what, cause, remedy.
type Told = (Option<String>, Option<usize>, String, Option<String>, Option<String>);

fn told(problem: &Problem) -> Told {
    let place = problem.place.as_ref();
    (
        place.map(|place| place.file.clone()),
        place.map(|place| place.line()),
        problem.what.clone(),
        problem.cause.clone(),
        problem.remedy.clone(),
    )
}

fn all(problems: &Problems) -> Vec<Told> {
    problems.0.iter().map(told).collect()
}

/// A `keiretsu.ScenarioError`.
pub fn refused(py: Python<'_>, problems: &Problems) -> PyErr {
    let message = problems.render(false, "problem");
    let made = py
        .import("keiretsu._errors")
        .and_then(|errors| errors.getattr("ScenarioError")?.call_method1("_of", (message, all(problems))));
    made.map_or_else(|error| error, PyErr::from_value)
}

/// Reads a scenario; `given` are files that need not be on the disk.
pub fn load(
    py: Python<'_>,
    given: Vec<(PathBuf, Vec<u8>)>,
    path: &Path,
    set: &[String],
    replications: Option<u64>,
    seed: Option<u64>,
) -> PyResult<(Scenario, Kept)> {
    let kept: Kept = Arc::new(Mutex::new(given.into_iter().collect()));
    let scenario = load_from(&Files::Kept(Arc::clone(&kept)), path, set, replications, seed);
    Ok((scenario.map_err(|problems| refused(py, &problems))?, kept))
}

/// What is wrong with a scenario, and what is doubtful.
#[pyfunction]
pub fn check(
    given: Vec<(PathBuf, Vec<u8>)>,
    path: PathBuf,
    set: Vec<String>,
) -> PyResult<(Vec<Told>, Vec<Told>)> {
    let files = Files::Kept(Arc::new(Mutex::new(given.into_iter().collect())));
    let scenario = match load_from(&files, &path, &set, None, None) {
        Ok(scenario) => scenario,
        Err(problems) => return Ok((all(&problems), Vec::new())),
    };
    let doubts = all(&scenario.doubts);
    Ok(match study::prepare(&scenario) {
        Ok(_) => (Vec::new(), doubts),
        Err(problems) => (all(&problems), doubts),
    })
}

/// Every file that a scenario needs, by path: those given, and those on the disk.
#[pyfunction]
pub fn files(
    py: Python<'_>,
    given: Vec<(PathBuf, Vec<u8>)>,
    path: PathBuf,
    set: Vec<String>,
) -> PyResult<Vec<(PathBuf, Vec<u8>)>> {
    let (_, kept) = load(py, given, &path, &set, None, None)?;
    let kept = kept.lock().expect("no reader panics");
    Ok(kept.iter().map(|(path, bytes)| (path.clone(), bytes.clone())).collect())
}

/// `keiretsu equilibrium` of a market: JSON in, JSON out.
#[pyfunction]
pub fn solve(py: Python<'_>, market: String) -> PyResult<String> {
    let path = Path::new("market.json");
    let files = Files::Given([(path.to_owned(), market.into_bytes())].into_iter().collect());
    let answer = py.detach(|| equilibrium::answer(&files, path));
    match answer {
        Ok(answer) => Ok(serde_json::to_string(&answer).expect("plain figures")),
        Err(Unanswered::Input(problems)) => Err(refused(py, &problems)),
        Err(Unanswered::Numerics(message)) => Err(PyRuntimeError::new_err(message)),
    }
}
