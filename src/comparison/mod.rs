//! Two scenarios, or two runs, side by side: which inputs differ, what that did to results, and what may be noise.
//!
//! Pure functions on what was stated and on the rows of run folders, which `run.rs` and `rows.rs` read back.

mod inputs;
mod results;
mod rows;
mod run;

pub use inputs::{InputChange, InputChanges, Inputs, Kind, OtherWorld, Side};
pub use results::{Change, Count, Estimate, Results, Verdict};
pub use rows::{Row, rows};
pub use run::{FileChange, Heading, InputFile, Run, files};

use serde::Serialize;

/// Two runs beside each other.
#[derive(Debug, Serialize)]
pub struct Comparison {
    pub a: Heading,
    pub b: Heading,
    pub files: Vec<FileChange>,
    pub inputs: InputChanges,
    pub results: Results,
}

impl Comparison {
    pub fn of(a: &Run, b: &Run) -> Comparison {
        let inputs = InputChanges::between(&a.inputs, &b.inputs);
        Comparison {
            a: a.heading.clone(),
            b: b.heading.clone(),
            files: files(&a.files, &b.files),
            results: Results::between(a, b, inputs.only_draws()),
            inputs,
        }
    }
}
