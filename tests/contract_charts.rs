//! The charts of a run folder, as their readers see them: names of files, and words that are true.

use std::collections::BTreeMap;

use crate::support::binary::{assert_done, files, keiretsu, scenario, stdout, temporary};
use crate::support::draft::{Draft, Row};

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
    for words in ["if it goes ahead 0.0 pp", "no visible change of share", "\n0.0\n", "\n+0.1\n", "\n−0.1\n"]
    {
        assert!(difference.contains(words), "no `{words}` in {difference}");
    }
    let winners = &charts["winners-and-losers-together"];
    assert!(winners.contains("mean: no change") && !winners.contains("mean: gain"));
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
        for kind in
            ["with-and-without", "difference", "winners-and-losers", "profit", "attribution", "sources"]
        {
            assert!(charts.contains_key(&format!("{kind}-{world}")), "{:?}", charts.keys());
        }
    }
    assert_eq!(charts.len(), 6 * 5 + 3);
    assert!(charts["difference-to-gether"].contains("to gether"));
    assert!(charts["difference-to-gether-2"].contains("to-gether"));
}

/// Only an alliance that is proposed may go ahead and last; hollow points are named only where they are.
#[test]
fn charts_speak_only_of_what_is_there() {
    let world = "[worlds.alone]\nset.alliances.asahi-tsuki.active = false\n";
    let (charts, _) = run(world, &[]);
    assert!(charts["winners-and-losers-together"].contains("if it goes ahead"));
    assert!(charts["difference-together"].contains("if it goes ahead"));
    assert!(!charts["winners-and-losers-alone"].contains("if it goes ahead"));
    assert!(!charts["difference-alone"].contains("if it goes ahead"));
    for (name, drawing) in &charts {
        assert!(!drawing.contains("hollow points"), "{name}");
    }
}

/// With many regions charts are drawn of the largest, and the program says so.
#[test]
fn of_many_regions_the_largest_are_drawn() {
    let regions = ["R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11"];
    let mut draft = Draft::of(&[]);
    for (at, region) in regions.iter().enumerate() {
        for (maker, units) in [("A", 50_000.0), ("B", 30_000.0)] {
            // The third and the last are the smallest, and the fifth.
            let size = if [2, 4, 11].contains(&at) { 0.1 } else { 1.0 };
            let units = size * units;
            draft.offers.push(Row { region, maker: maker.into(), powertrain: "all", units, price: 20_000.0 });
        }
    }
    let folder = temporary();
    let path = draft.world("other", "costs.scale_elasticity = 0.01").write(folder.path());
    let path = path.to_str().unwrap();
    let output = keiretsu(folder.path(), &["run", path, "--replications", "20", "--out", "x"]);
    assert_done(&output);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("the 9 largest of 12 regions"), "{said}");
    let written = files(&folder.path().join("x"));
    for (at, region) in regions.iter().enumerate() {
        let name = format!("charts/shares-{}.png", region.to_lowercase());
        assert_eq!(written.contains_key(&name), ![2, 4, 11].contains(&at), "{name}");
    }
}
