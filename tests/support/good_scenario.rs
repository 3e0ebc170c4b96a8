//! A scenario without fault that uses every part of the format, and the means to spoil it in one place.

use std::fs;
use std::path::PathBuf;

use keiretsu::preparation::market;
use keiretsu::scenario::{Problem, Problems, load};
use tempfile::TempDir;

pub const SCENARIO: &str = include_str!("../good-scenario/test.toml");

const OFFERS: &str = include_str!("../good-scenario/offers.csv");
const HISTORY: &str = include_str!("../good-scenario/history.csv");
const MAKERS: &str = include_str!("../good-scenario/makers.csv");
const POLICIES: &str = include_str!("../good-scenario/policies.csv");
const ORIGINS: &str = include_str!("../good-scenario/origins.csv");

pub const FILES: [(&str, &str); 6] = [
    ("test.toml", SCENARIO),
    ("offers.csv", OFFERS),
    ("history.csv", HISTORY),
    ("makers.csv", MAKERS),
    ("policies.csv", POLICIES),
    ("origins.csv", ORIGINS),
];

/// The good scenario in a folder of its own, with one passage of one file replaced.
pub struct Case {
    pub folder: TempDir,
    pub changed: String,
}

impl Case {
    pub fn new(file: &str, old: &str, new: &str) -> Case {
        let folder = TempDir::new().expect("a folder");
        let mut changed = String::new();
        for (name, text) in FILES {
            let mut text = text.to_owned();
            if name == file {
                assert_eq!(text.matches(old).count(), 1, "`{old}` is not there exactly once");
                text = text.replace(old, new);
                changed.clone_from(&text);
            }
            fs::write(folder.path().join(name), text).expect("a file");
        }
        Case { folder, changed }
    }

    pub fn scenario(&self) -> PathBuf {
        self.folder.path().join("test.toml")
    }

    pub fn problems(&self, overrides: &[&str]) -> Vec<Problem> {
        let overrides: Vec<String> = overrides.iter().map(|given| (*given).to_owned()).collect();
        let market = load(&self.scenario(), &overrides).and_then(|scenario| market(&scenario).map(|_| ()));
        market.map_or_else(|Problems(problems)| problems, |()| Vec::new())
    }

    pub fn line_of(&self, passage: &str) -> usize {
        let start = self.changed.find(passage).unwrap_or_else(|| panic!("`{passage}` is not there"));
        1 + self.changed[..start].matches('\n').count()
    }
}

/// One change, and the one problem it makes: in that file, at the line of `at`, with all the words.
#[track_caller]
pub fn expect(file: &str, old: &str, new: &str, at: &str, words: &[&str]) {
    let case = Case::new(file, old, new);
    let found = case.problems(&[]);
    let shown = Problems(found.clone());
    assert_eq!(found.len(), 1, "one problem, not\n{shown}");
    let place = found[0].place.as_ref().expect("a place");
    assert!(place.file.ends_with(file), "in {file}, not\n{shown}");
    assert_eq!(place.line(), case.line_of(at), "line of `{at}`, not\n{shown}");
    let text = format!("{} {}", found[0], found[0].remedy.as_deref().unwrap_or(""));
    for word in words {
        assert!(text.contains(word), "`{word}` is missing in\n{shown}");
    }
}

/// As [`expect`], for a change of the scenario file whose first line is at fault.
#[track_caller]
pub fn in_scenario(old: &str, new: &str, words: &[&str]) {
    expect("test.toml", old, new, new.lines().next().unwrap_or(new), words);
}
