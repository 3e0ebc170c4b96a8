//! The charts of a run folder, as their readers see them: names of files, and words that are true.

use std::collections::BTreeMap;

use crate::support::binary::{assert_done, files, keiretsu, scenario, stdout};

/// The smallest scenario with more worlds, and `--set` values: its charts as SVG text, and the answer.
fn run(more: &str, set: &[&str]) -> (BTreeMap<String, String>, String) {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(scenario("scenarios/minimal.toml")).unwrap();
    std::fs::write(folder.path().join("small.toml"), format!("{text}\n{more}")).unwrap();
    let mut arguments = vec!["run", "small.toml", "--replications", "40", "--out", "run"];
    for value in set {
        arguments.extend(["--set", value]);
    }
    let output = keiretsu(folder.path(), &arguments);
    assert_done(&output);
    let charts = files(&folder.path().join("run/charts")).into_iter();
    let drawings = charts.filter_map(|(name, bytes)| {
        Some((name.strip_suffix(".svg")?.to_owned(), String::from_utf8(bytes).expect("text")))
    });
    (drawings.collect(), stdout(&output))
}

/// Without any effect the axes do not magnify nothing, nobody gains, and the profit stays.
#[test]
fn no_effect_looks_like_none() {
    let (charts, answer) = run("", &["alliances.asahi-tsuki.realised_fraction=0"]);
    let difference = &charts["difference-together"];
    assert!(!difference.contains("0.00"), "more decimals than there is to see");
    for words in ["if it goes ahead 0.0 pp", "\n0.0\n", "\n+0.1\n", "\n−0.1\n"] {
        assert!(difference.contains(words), "no `{words}` in {difference}");
    }
    let winners = &charts["winners-and-losers-together"];
    assert!(winners.contains("median: no change") && !winners.contains("median: gain"));
    assert!(
        answer.contains("does not visibly change") && answer.contains("operating profit does not change."),
        "{answer}"
    );
    assert!(!answer.contains("higher") && !answer.contains("save"), "{answer}");
}

/// Each world has charts of its own, whatever signs its name is made of.
#[test]
fn no_chart_replaces_another() {
    let worlds = "[worlds.\"to gether\"]\n[worlds.to-gether]\n[worlds.\"提携\"]\n[worlds.\"合併\"]\n";
    let (charts, _) = run(worlds, &[]);
    for world in ["together", "to-gether", "to-gether-2", "提携", "合併"] {
        for kind in ["difference", "winners-and-losers", "attribution", "sources"] {
            assert!(charts.contains_key(&format!("{kind}-{world}")), "{:?}", charts.keys());
        }
    }
    assert_eq!(charts.len(), 4 * 5 + 2);
    assert!(charts["difference-to-gether"].contains("to gether"));
    assert!(charts["difference-to-gether-2"].contains("to-gether"));
}

/// Only an alliance that is proposed may go ahead and last; hollow points are named only where they are.
#[test]
fn charts_speak_only_of_what_is_there() {
    let world = "[worlds.alone]\nset.alliances.asahi-tsuki.active = false\n";
    let (charts, _) = run(world, &[]);
    assert!(charts["winners-and-losers-together"].contains("if it lasts"));
    assert!(charts["difference-together"].contains("if it goes ahead"));
    assert!(!charts["winners-and-losers-alone"].contains("if it lasts"));
    assert!(!charts["difference-alone"].contains("if it goes ahead"));
    for (name, drawing) in &charts {
        assert!(!drawing.contains("hollow points"), "{name}");
    }
}
