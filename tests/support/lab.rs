//! Runs a scenario through the library and looks its outcomes up by name.
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use keiretsu::analysis::{self, Findings};
use keiretsu::scenario::{Problems, Scenario, load_with};
use keiretsu::simulation::summary::Estimate;
use keiretsu::study;
use keiretsu::uncertainty::{Design, Draws, ParameterSpace};
use keiretsu::variants::Attribution;

/// A simulated scenario. `of` in look-ups: an outcome in words, such as `share alliance:hnm US`.
pub struct Lab {
    pub scenario: Scenario,
    pub findings: Findings,
    pub space: ParameterSpace,
    pub attribution: Option<Attribution>,
    positions: HashMap<String, usize>,
}

/// Files of `scenarios/` and `tests/scenarios/` that `run` takes.
pub fn run_scenarios() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<PathBuf> = ["scenarios", "tests/scenarios"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).expect("a folder of scenarios"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .filter(|path| {
            let text = std::fs::read_to_string(path).expect("a readable scenario");
            text.lines().any(|line| line.starts_with("[scenario]") || line.starts_with("extends"))
        })
        .collect();
    found.sort();
    found
}

pub fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name)
}

impl Lab {
    pub fn try_run(path: &Path, overrides: &[&str], replications: u64, seed: u64) -> Result<Lab, Problems> {
        let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
        let scenario = load_with(path, &overrides, Some(replications), Some(seed))?;
        let prepared = study::prepare(&scenario)?;
        let space = prepared.experiment.space.clone();
        let study::Study { findings, attribution, .. } = study::run(&scenario, prepared, &|_| {});
        let keys = findings.ensemble.outcomes.keys.iter().enumerate();
        let positions = keys.map(|(column, key)| (analysis::text(&findings.names, key), column)).collect();
        Ok(Lab { scenario, findings, space, attribution, positions })
    }

    pub fn run(path: &Path, overrides: &[&str], replications: u64, seed: u64) -> Lab {
        Lab::try_run(path, overrides, replications, seed)
            .unwrap_or_else(|problems| panic!("{}:\n{problems}", path.display()))
    }

    pub fn world(&self, name: &str) -> usize {
        self.worlds().iter().position(|world| world == name).unwrap_or_else(|| panic!("no world {name}"))
    }

    pub fn worlds(&self) -> &[String] {
        &self.findings.names.worlds
    }

    pub fn years(&self) -> std::ops::RangeInclusive<i32> {
        self.findings.base_year..=self.findings.last_year()
    }

    pub fn column(&self, of: &str, year: i32) -> usize {
        // Where a powertrain or a region may be empty, so may be the words.
        let of = of.split_whitespace().collect::<Vec<_>>().join(" ");
        let column = self.positions.get(&format!("{of} {year}"));
        *column.unwrap_or_else(|| panic!("no outcome {of} {year}"))
    }

    /// What the outcomes of a kind are about: region, manufacturer, powertrain.
    pub fn scopes(&self, outcome: &str) -> Vec<[String; 3]> {
        let keys = self.findings.ensemble.outcomes.keys.iter();
        keys.filter(|key| key.year == self.findings.base_year)
            .map(|key| self.findings.labels(key))
            .filter(|labels| labels.outcome == outcome)
            .map(|labels| [labels.region, labels.manufacturer, labels.powertrain])
            .collect()
    }

    /// The value in the central run.
    pub fn central(&self, world: &str, of: &str, year: i32) -> f64 {
        self.findings.ensemble.central[self.world(world)][self.column(of, year)]
    }

    pub fn level(&self, world: &str, of: &str, year: i32) -> &Estimate {
        &self.findings.ensemble.levels[self.world(world)][self.column(of, year)]
    }

    /// World minus reference; condition 0: proceeds, 1: survives, 2: unconditional.
    pub fn difference(&self, world: &str, condition: usize, of: &str, year: i32) -> &Estimate {
        &self.differences(world, condition)[self.column(of, year)]
    }

    /// All differences of a world under a condition, column by column.
    pub fn differences(&self, world: &str, condition: usize) -> &[Estimate] {
        let world = self.world(world);
        let comparison = self.findings.ensemble.comparisons.iter().find(|c| c.world == world);
        &comparison.expect("not the reference").conditions[condition]
    }

    /// A drawn input of the first replication; with several versions, that of the distribution that
    /// `pick` accepts.
    pub fn drawn(&self, key: &str) -> f64 {
        let at = self.space.parameters().iter().position(|parameter| parameter.key == key);
        let at = at.unwrap_or_else(|| panic!("no input {key}"));
        let mut values = vec![0.0; self.space.len() * 8];
        Draws::new(&self.space, self.scenario.seed, Design::MonteCarlo).evaluate_block(0, 8, &mut values);
        values[at * 8]
    }

    /// What a column is about, for messages.
    pub fn label(&self, column: usize) -> String {
        analysis::text(&self.findings.names, &self.findings.ensemble.outcomes.keys[column])
    }
}

/// All figures of an estimate, bit for bit.
pub fn bits(estimate: &Estimate) -> [u64; 12] {
    let e = estimate;
    let figures =
        [e.mean, e.sd, e.se, e.p05, e.p25, e.p50, e.p75, e.p95, e.prob_gain, e.prob_loss, e.prob_gain_se];
    let mut bits = [e.n; 12];
    bits[1..]
        .copy_from_slice(&figures.map(|figure| if figure.is_nan() { u64::MAX } else { figure.to_bits() }));
    bits
}

pub fn near(a: f64, b: f64, relative: f64) -> bool {
    (a.is_nan() && b.is_nan()) || (a - b).abs() <= relative * a.abs().max(b.abs()).max(1e-300)
}

#[track_caller]
pub fn assert_near(a: f64, b: f64, relative: f64, what: &str) {
    assert!(near(a, b, relative), "{what}: {a} against {b}, apart by {:.3e}", (a - b).abs() / b.abs());
}

/// The largest distance between the central runs of two labs over all outcomes that `pick` accepts,
/// relative to the outcome's largest value there (or to a small amount, so that rounding of zeros is no gap).
pub fn largest_gap(a: &Lab, b: &Lab, world: &str, pick: impl Fn(&str) -> bool) -> (f64, String) {
    let mut worst = (0.0, String::new());
    let keys = a.findings.ensemble.outcomes.keys.iter().map(|key| (key, a.findings.labels(key)));
    for (key, labels) in keys.filter(|(key, of)| key.year == a.findings.base_year && pick(&of.outcome)) {
        let text = analysis::text(&a.findings.names, key);
        let of = text.rsplit_once(' ').expect("a year").0;
        let values = |lab: &Lab| lab.years().map(|year| lab.central(world, of, year)).collect::<Vec<_>>();
        let (left, right) = (values(a), values(b));
        // Consumer surplus is a difference of sums that are tens of billions, each known to 1e-12.
        let least = if labels.outcome == "consumer_surplus" { 0.1 } else { 1e-6 };
        let size = left.iter().fold(least, |size: f64, value| size.max(value.abs()));
        for (x, y) in left.iter().zip(&right) {
            let gap = if x.is_nan() && y.is_nan() { 0.0 } else { (x - y).abs() / size };
            if gap > worst.0 || gap.is_nan() {
                worst = (gap, format!("{of}: {x} against {y}"));
            }
        }
    }
    worst
}
