//! What differs in the inputs, in words.

use std::collections::BTreeSet;

use super::{Grid, Section};
use crate::comparison::{FileChange, InputChange, InputChanges, Kind, OtherWorld, Side};
use crate::report::answer::words::{capital, counted, joined};
use crate::report::typed::in_words;

/// Longer text is cut in a table.
const LONGEST: usize = 60;

pub fn sections(inputs: &InputChanges, files: &[FileChange]) -> Vec<Section> {
    let InputChanges { changes, worlds } = inputs;
    let n = |kind: Kind| {
        let keys = changes.iter().filter(|change| change.kind == kind).map(|change| change.key.as_str());
        keys.collect::<BTreeSet<_>>().len() as u64
    };
    let parts = [
        (n(Kind::Value), "has another value in B", "have another value in B"),
        (n(Kind::Added), "is stated in B only", "are stated in B only"),
        (n(Kind::LeftOut), "is stated in A only", "are stated in A only"),
        (n(Kind::Source), "differs only in what is said about it", "differ only in what is said about them"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(n, ..)| *n > 0)
        .map(|(n, one, several)| {
            format!("{} {}", counted(n, "key", "keys"), if n == 1 { one } else { several })
        })
        .collect();
    let summary = match parts.is_empty() {
        true if worlds.is_empty() => "No key has another value or source.".to_owned(),
        true => "No key of the worlds that both have differs.".to_owned(),
        false => format!("{}.", capital(&joined(&parts))),
    };
    let mut sentences = vec![summary];
    sentences.extend(about_files(files, inputs.is_empty()));
    let mut found = vec![Section {
        title: "Inputs".to_owned(),
        sentences,
        table: (!changes.is_empty()).then(|| table(changes)),
    }];
    if !worlds.is_empty() {
        found.push(other_worlds(worlds));
    }
    found
}

/// Which files differ, where that is not said by the keys.
fn about_files(files: &[FileChange], nothing_differs: bool) -> Vec<String> {
    let named = |change: &str| {
        let names = files.iter().filter(|file| file.change == change).map(|file| file.file.clone());
        names.collect::<Vec<_>>()
    };
    let mut found = Vec::new();
    for (change, words) in [
        ("changed", "Files with other contents"),
        ("added", "Files of B only"),
        ("left-out", "Files of A only"),
    ] {
        let names = named(change);
        if !names.is_empty() {
            found.push(format!("{words}: {}.", joined(&names)));
        }
    }
    if nothing_differs && !found.is_empty() {
        found.push("They say the same: only their layout or comments differ.".to_owned());
    }
    found
}

fn table(changes: &[InputChange]) -> Grid {
    let row = |change: &InputChange| {
        let (a, b) = values(change.a.as_ref(), change.b.as_ref());
        let unit = change.b.as_ref().or(change.a.as_ref()).map_or("", |side| side.unit.as_str());
        let worlds = if change.worlds.is_empty() { "all".to_owned() } else { change.worlds.join(", ") };
        vec![change.key.clone(), worlds, a, b, unit.to_owned(), sources(change)]
    };
    Grid {
        header: vec!["key", "world", "A", "B", "unit", "source"],
        rows: changes.iter().map(row).collect(),
        figures: 0..0,
        last_is_long: true,
    }
}

/// Both values in words, as they are typed where the words would be the same.
fn values(a: Option<&Side>, b: Option<&Side>) -> (String, String) {
    let words = |side: Option<&Side>| side.map_or_else(|| "–".to_owned(), of_side);
    let typed = |side: Option<&Side>| side.map_or_else(|| "–".to_owned(), |side| side.value.clone());
    let (one, other) = (words(a), words(b));
    match one == other && typed(a) != typed(b) {
        true => (typed(a), typed(b)),
        false => (one, other),
    }
}

fn of_side(side: &Side) -> String {
    let text = in_words(&side.value, LONGEST);
    if side.stated { text } else { format!("{text} (default)") }
}

/// Where both values come from; once if that is the same, or if there is one value only.
fn sources(change: &InputChange) -> String {
    match (&change.a, &change.b) {
        (Some(a), Some(b)) if source(a) != source(b) => {
            let said = |text: String| if text.is_empty() { "no source".to_owned() } else { text };
            format!("A: {}; B: {}", said(source(a)), said(source(b)))
        }
        (Some(side), _) | (_, Some(side)) => source(side),
        (None, None) => String::new(),
    }
}

/// A source with date, quality and note.
fn source(side: &Side) -> String {
    let dated = match side.as_of.is_empty() {
        true => side.source.clone(),
        false => format!("{} ({})", side.source, side.as_of).trim().to_owned(),
    };
    let parts = [side.quality.clone(), dated, side.note.clone()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn other_worlds(worlds: &[OtherWorld]) -> Section {
    let rows = worlds.iter().flat_map(|other| {
        let side = if other.added { "B" } else { "A" };
        let row = |key: &str, value: &str| {
            vec![other.world.clone(), side.to_owned(), key.to_owned(), in_words(value, LONGEST)]
        };
        let mut rows: Vec<Vec<String>> = other.changes.iter().map(|(key, value)| row(key, value)).collect();
        if rows.is_empty() {
            rows.push(row("nothing", ""));
        }
        rows
    });
    Section {
        title: "Worlds that only one has".to_owned(),
        sentences: vec!["What each changes in the reference of its own side.".to_owned()],
        table: Some(Grid {
            header: vec!["world", "in", "changes", "to"],
            rows: rows.collect(),
            figures: 0..0,
            last_is_long: false,
        }),
    }
}
