//! Hands whatever bytes to the program and says how it took them. Shared with `fuzz/`.

use std::path::Path;

use keiretsu::equilibrium::{self, Unanswered};
use keiretsu::parts::Merging;
use keiretsu::scenario::{self, Problem, Problems, Scenario, load_from};
use keiretsu::simulation::saved::{Saved, Unfit, deflate, inflate};
use keiretsu::simulation::{Parts, Shard, Work};
use keiretsu::study::{self, Extras, Prepared};
use sha2::{Digest, Sha256};

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

/// A run of two folds in two parts, to be spoilt.
pub struct Sample {
    scenario: Scenario,
    prepared: Prepared,
    /// By part, by simulation.
    parts: Vec<Vec<Saved>>,
}

impl Sample {
    pub fn new(files: &Files) -> Sample {
        let scenario = load_from(&given(files), Path::new(&files[0].0), &[], Some(600), None);
        let scenario = scenario.unwrap_or_else(|problems| panic!("{problems}"));
        let mut prepared = study::prepare(&scenario).unwrap_or_else(|problems| panic!("{problems}"));
        prepared.draws = Some(vec![0, 1]);
        let parts = (1..=2).map(|number| {
            let mut records = Vec::new();
            let mut work = Work::Shard(Shard { number, of: 2 }, &mut records);
            let done = study::run_in(&mut work, &scenario, prepared.clone(), &|_| {});
            assert!(done.expect("nothing is taken in").is_none());
            records
        });
        Sample { parts: parts.collect(), scenario, prepared }
    }

    /// The uncompressed content of a piece, by any number.
    pub fn piece(&self, number: usize) -> Vec<u8> {
        let pieces: Vec<&Vec<u8>> = self.parts.iter().flatten().flatten().flatten().collect();
        inflate(pieces[number % pieces.len()]).expect("as it was made")
    }

    /// Merges the parts with other content in a piece; what comes of it is made into files.
    pub fn merge_with(&self, number: usize, content: &[u8]) -> Verdict {
        let mut parts = self.parts.clone();
        let mut pieces: Vec<&mut Vec<u8>> = parts.iter_mut().flatten().flatten().flatten().collect();
        let n = pieces.len();
        *pieces[number % n] = deflate(content);
        let mut memory = InMemory(parts.into_iter().map(Vec::into_iter).collect());
        let study =
            study::run_in(&mut Work::Merged(&mut memory), &self.scenario, self.prepared.clone(), &|_| {});
        match study {
            Ok(study) => {
                study.expect("merged").files(&self.scenario, Extras::default());
                Verdict::Accepted
            }
            Err(unfit) => Verdict::Refused(fit_to_show(unfit.to_string())),
        }
    }
}

/// Parts that were never files.
struct InMemory(Vec<std::vec::IntoIter<Saved>>);

impl Parts for InMemory {
    fn shards(&self) -> Vec<Shard> {
        let of = self.0.len() as u64;
        (1..=of).map(|number| Shard { number, of }).collect()
    }

    fn next(&mut self, part: usize) -> Result<Saved, Unfit> {
        self.0[part].next().ok_or(Unfit::Content)
    }

    fn blame(&self, _: usize, unfit: Unfit) -> Unfit {
        unfit
    }
}

/// `keiretsu merge` of a file with these bytes, its checksum put right.
pub fn part_file(folder: &Path, bytes: &[u8]) -> Verdict {
    let path = folder.join("part");
    let bytes = [bytes, &Sha256::digest(bytes)[..]].concat();
    std::fs::write(&path, bytes).expect("a temporary file");
    match Merging::open(&[path], true) {
        Ok(_) => Verdict::Accepted,
        Err(refusal) => Verdict::Refused(fit_to_show(refusal.to_string())),
    }
}
