//! Hands whatever bytes to the program and says how it took them. Shared with `fuzz/`.

use std::path::Path;

use keiretsu::equilibrium::{self, Unanswered};
use keiretsu::scenario::{self, Problem, Problems, load_from};
use keiretsu::study;

/// How an input was taken.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Accepted,
    /// Exit code 2: the message.
    Refused(String),
    /// Exit code 1: the message.
    Failed(String),
}

/// Files by name; the first is the one that the command is given.
pub type Files = Vec<(String, Vec<u8>)>;

/// `keiretsu check` with `--set`; where it passes, one replication.
pub fn scenario(files: &Files, overrides: &[String]) -> Verdict {
    let given = given(files);
    let prepared = load_from(&given, Path::new(&files[0].0), overrides, Some(1), None)
        .and_then(|scenario| study::prepare(&scenario).map(|prepared| (scenario, prepared)));
    match prepared {
        Ok((scenario, prepared)) => {
            study::run(&scenario, prepared, &|_| {});
            Verdict::Accepted
        }
        Err(problems) => Verdict::Refused(placed(problems, files)),
    }
}

/// A problem stands at a line of a file; one with a whole file, or with an option, names that.
fn assert_placed(problem: &Problem, files: &Files) {
    let named = match &problem.place {
        Some(place) => place.line() > 0 && (place.file == "--set" || files.iter().any(|f| f.0 == place.file)),
        None => problem.what.starts_with("`--set ") || files.iter().any(|f| problem.what.starts_with(&f.0)),
    };
    assert!(named, "nobody knows where: {problem:?}");
}

/// `keiretsu equilibrium`.
pub fn equilibrium(files: &Files) -> Verdict {
    match equilibrium::answer(&given(files), Path::new(&files[0].0)) {
        Ok(answer) => {
            // As long as its offers make it: a hundred have ten thousand diversions.
            without_controls(serde_json::to_string(&answer).expect("JSON"));
            Verdict::Accepted
        }
        Err(Unanswered::Input(problems)) => Verdict::Refused(placed(problems, files)),
        Err(Unanswered::Numerics(message)) => Verdict::Failed(fit_to_show(message)),
    }
}

fn given(files: &Files) -> scenario::Files {
    scenario::Files::Given(files.iter().map(|(name, bytes)| (name.into(), bytes.clone())).collect())
}

/// The message of problems that all have a place.
fn placed(problems: Problems, files: &Files) -> String {
    assert!(!problems.0.is_empty(), "refused without a problem");
    problems.0.iter().for_each(|problem| assert_placed(problem, files));
    fit_to_show(problems.to_string())
}

/// The message, which is not endless and leaves the terminal as it was: no control characters, no turning of the
/// direction of text.
fn fit_to_show(message: String) -> String {
    assert!(message.len() < 200_000, "a message of {} bytes", message.len());
    without_controls(message)
}

fn without_controls(message: String) -> String {
    let unfit = |letter: char| {
        (letter.is_control() && !"\n\t".contains(letter))
            || ('\u{202a}'..='\u{202e}').contains(&letter)
            || ('\u{2066}'..='\u{2069}').contains(&letter)
    };
    assert_eq!(message.chars().find(|letter| unfit(*letter)), None, "{message}");
    message
}
