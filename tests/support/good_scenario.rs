//! A scenario without fault that uses every part of the format, and the means to spoil it in one place.

use std::fs;
use std::path::PathBuf;

use keiretsu::scenario::{Problem, Problems, load};
use tempfile::TempDir;

pub const SCENARIO: &str = r#"[scenario]
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
        match load(&self.scenario(), &overrides) {
            Ok(_) => Vec::new(),
            Err(Problems(problems)) => problems,
        }
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
    assert_eq!(place.line, case.line_of(at), "line of `{at}`, not\n{shown}");
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
