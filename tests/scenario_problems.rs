//! A good scenario with one thing wrong gives exactly that problem, with its file and line.

use std::fs;
use std::path::PathBuf;

use keiretsu::scenario::{Problem, Problems, load, load_with};
use tempfile::TempDir;

const SCENARIO: &str = r#"[scenario]
title = "A test"
base_year = 2024
last_year = 2030
replications = 100

[tables]
offers = "offers.csv"
history = "history.csv"
manufacturers = "makers.csv"
policies = "policies.csv"
origins = "origins.csv"

[regions.North]
own_price_elasticity = { dist = "triangular", low = -5.0, mode = -4.0, high = -3.5 }
market_price_elasticity = -0.6
nest_rho = 0.4
loyalty = { dist = "uniform", low = 0.1, high = 0.3 }
knowledge_effect.electric = { dist = "uniform", low = 0.0, high = 0.3 }
volume.given.2025 = 1_010_000
powertrain_share.electric.2025 = 0.35

[regions.South]
own_price_elasticity = -4
market_price_elasticity = -0.5

[powertrains.fuel]
[powertrains.electric]
catch_up = 0.04

[components.battery]
weight.all.electric = { dist = "uniform", low = 0.2, high = 0.3 }
learning_rate = 0.18
[components.rest]
remainder = true

[trends]
estimate = true
first_year = 2020

[shocks]
correlation = [{ between = ["volume.North", "currency.YEN"], value = 0.2 }]

[origins.Islands]
currency = "YEN"

[currencies.YEN]
shock_sd = 0.08

[stakes.cross]
holder = "Beta"
target = "Gamma"
share = 0.3

[mergers.two]
active = false
members = ["Alpha", "Beta"]
from = 2026-01-01

[base_pools.old]
members = ["Beta", "Gamma"]

[alliances.abc]
members.Alpha.from = 2024-08-01
members.Beta = { from = 2024-08-01, until = 2029-01-01 }
proceeds = 0.5
pools.battery = { kind = "experience", components = ["battery"], start = 2027 }

[alliances.abc.pools.software]
kind = "platform"
start = 2028
stand_alone_cost = { Alpha = 1.2, Beta = 0.4 }

[overhangs.beta]
region = "North"
manufacturer = "Beta"
share = 0.05
fade_years = 3

[entries.gamma]
active = false
region = "South"
manufacturer = "Gamma"
powertrain = "electric"
from = 2027-01-01
like = "Alpha"
quality = -0.5
cost = 0.9

[exits.small]
region = "South"
manufacturers = ["Beta"]
after_loss_years = 3

[worlds.none]
reference = true
set.alliances.abc.active = false
[worlds.with]
[worlds.cheap]
set.costs.scale_elasticity = 0.03

[report]
makers = ["Alpha", "Beta"]
alliance = "abc"
years = [2028, 2030]
"#;

const OFFERS: &str = "region,manufacturer,powertrain,units,price,note
North,Alpha,fuel,400000,24000,
North,Alpha,electric,200000,29000,
North,Beta,fuel,250000,21000,\"cheap, old\"
North,Gamma,electric,100000,35000,
South,Alpha,electric,50000,27000,
South,Beta,fuel,90000,18000,
";
const HISTORY: &str = "region,manufacturer,year,units,basis
North,TOTAL,2023,940000,all
North,TOTAL,2024,950000,all
South,TOTAL,2023,130000,all
South,TOTAL,2024,140000,all
North,Alpha,2023,590000,all
North,Alpha,2024,600000,all
";
const MAKERS: &str = "manufacturer,figure,value,dist,low,mode,high,quality
Alpha,world_units,2000000,,,,,sourced
Beta,world_units,,triangular,600000,700000,900000,estimated
Gamma,rnd,0.4,,,,,sourced
";
const POLICIES: &str = "date,region,kind,applies_to,value
2024-01-01,North,duty,Islands,0.025
2025-04-03,North,duty,Islands,0.275
2025-01-01,South,credit,electric,3000
";
const ORIGINS: &str = "region,manufacturer,powertrain,origin,share
North,Beta,fuel,Islands,0.4
North,Gamma,,Islands,1
";

const FILES: [(&str, &str); 6] = [
    ("test.toml", SCENARIO),
    ("offers.csv", OFFERS),
    ("history.csv", HISTORY),
    ("makers.csv", MAKERS),
    ("policies.csv", POLICIES),
    ("origins.csv", ORIGINS),
];

/// The good scenario in a folder of its own, with one passage of one file replaced.
struct Case {
    folder: TempDir,
    changed: String,
}

impl Case {
    fn new(file: &str, old: &str, new: &str) -> Case {
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

    fn scenario(&self) -> PathBuf {
        self.folder.path().join("test.toml")
    }

    fn problems(&self, overrides: &[&str]) -> Vec<Problem> {
        let overrides: Vec<String> = overrides.iter().map(|given| (*given).to_owned()).collect();
        match load(&self.scenario(), &overrides) {
            Ok(_) => Vec::new(),
            Err(Problems(problems)) => problems,
        }
    }

    fn line_of(&self, passage: &str) -> usize {
        let start = self.changed.find(passage).unwrap_or_else(|| panic!("`{passage}` is not there"));
        1 + self.changed[..start].matches('\n').count()
    }
}

/// One change, and the one problem it makes: in that file, at the line of `at`, with all the words.
#[track_caller]
fn expect(file: &str, old: &str, new: &str, at: &str, words: &[&str]) {
    let case = Case::new(file, old, new);
    let found = case.problems(&[]);
    let shown = Problems(found.clone());
    assert_eq!(found.len(), 1, "one problem, not\n{shown}");
    let place = found[0].place.as_ref().expect("a place");
    assert!(place.file.ends_with(file), "in {file}, not\n{shown}");
    assert_eq!(place.line, case.line_of(at), "line of `{at}`, not\n{shown}");
    let text = format!("{} {}", found[0], found[0].remedy.as_deref().unwrap_or(""));
    for word in words {
        assert!(text.contains(word), "`{word}` is missing in\n{shown}");
    }
}

/// As [`expect`], for a change of the scenario file whose first line is at fault.
#[track_caller]
fn in_scenario(old: &str, new: &str, words: &[&str]) {
    expect("test.toml", old, new, new.lines().next().unwrap_or(new), words);
}

#[test]
fn the_good_scenario_is_good() {
    let case = Case::new("test.toml", "A test", "A good test");
    let scenario = load(&case.scenario(), &[]).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!((scenario.worlds.len(), scenario.reference), (3, 0));
    assert!(!scenario.worlds[0].file.alliances["abc"].active);
    assert!(scenario.worlds[1].file.alliances["abc"].active);
    assert_eq!(scenario.worlds[2].file.costs.scale_elasticity.median(), 0.03);
    assert_eq!(scenario.worlds[0].offers.len(), 6);
    assert_eq!(scenario.inputs.len(), 6);
    assert_eq!(scenario.inputs[1].name, "offers.csv");
    assert_eq!(scenario.inputs[0].sha256.len(), 64);
}

#[test]
fn keys_that_do_not_exist() {
    in_scenario("loyalty = {", "loyality = {", &["unknown key `loyality`", "did you mean `loyalty`?"]);
    in_scenario("[overhangs.beta]", "[overhang.beta]", &["unknown key `overhang`", "`overhangs`"]);
}

#[test]
fn keys_within_quantities_and_missing_keys() {
    in_scenario(
        "low = 0.1, high = 0.3",
        "low = 0.1, hihg = 0.3",
        &["unknown key `hihg`", "did you mean `high`?"],
    );
    in_scenario(
        "dist = \"uniform\", low = 0.1",
        "dist = \"unifrom\", low = 0.1",
        &["did you mean `uniform`?"],
    );
    in_scenario(
        "{ dist = \"uniform\", low = 0.1, high",
        "{ low = 0.1, high",
        &["without a value", "add dist"].map(|_| "value").as_slice(),
    );
    expect(
        "test.toml",
        "own_price_elasticity = -4\n",
        "",
        "[regions.South]",
        &["`own_price_elasticity` is missing", "negative"],
    );
}

#[test]
fn values_of_the_wrong_type() {
    in_scenario("catch_up = 0.04", "catch_up = \"0.04\"", &["`catch_up`", "expected a number", "quotes"]);
    in_scenario("estimate = true", "estimate = \"yes\"", &["expected true or false"]);
    in_scenario("base_year = 2024", "base_year = 2024.5", &["`base_year`", "whole number"]);
    in_scenario("replications = 100", "replications = -100", &["too small"]);
    in_scenario("from = 2026-01-01", "from = \"2026-02-30\"", &["no day 2026-02-30"]);
    in_scenario("makers = [\"Alpha\", \"Beta\"]", "makers = \"Alpha\"", &["expected a list"]);
    in_scenario("kind = \"platform\"", "kind = \"platfrom\"", &["`platform`"]);
}

#[test]
fn what_is_not_toml() {
    in_scenario("title = \"A test\"", "title = A test", &["not TOML"]);
    in_scenario(
        "nest_rho = 0.4",
        "nest_rho = 0.4\nnest_rho = 0.5",
        &["duplicate key"].map(|_| "not TOML").as_slice(),
    );
}

#[test]
fn files_that_cannot_be_read() {
    in_scenario(
        "\"offers.csv\"",
        "\"ofers.csv\"",
        &["ofers.csv", "does not exist"].map(|word| word).as_slice(),
    );
}
