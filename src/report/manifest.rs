//! `manifest.json`: what is needed to repeat a run, and how its equilibria turned out.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::subject::{missing, region_name, subject_name};
use crate::analysis::Findings;
use crate::scenario::Scenario;
use crate::simulation::RegionFit;
use crate::simulation::outcomes::Who;

#[derive(Serialize)]
struct Manifest<'a> {
    keiretsu: &'a str,
    scenario: String,
    title: &'a str,
    inputs: Vec<Input<'a>>,
    overrides: &'a [String],
    seed: u64,
    design: &'a str,
    /// What is drawn, in the order of the design; empty if the design has none.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    design_order: &'a [String],
    replications: Replications,
    base_year: i32,
    last_year: i32,
    worlds: &'a [String],
    reference: &'a str,
    /// Names for people of worlds, regions and alliances, by their names in the files.
    names: IndexMap<String, String>,
    equilibria: Equilibria,
    regions: Vec<Region<'a>>,
    /// Every file of the run folder: a later run replaces these and no others.
    files: Vec<&'a str>,
}

#[derive(Serialize)]
struct Input<'a> {
    file: &'a str,
    sha256: &'a str,
}

/// A failed replication has no base year, or an equilibrium that was not found, in any world, and enters no
/// statistic.
#[derive(Serialize)]
struct Replications {
    asked: u64,
    done: u64,
    failed: u64,
    /// Of parts that were not merged.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<u64>,
    /// What failed first, and in how many of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failures: Vec<String>,
}

#[derive(Serialize)]
struct Equilibria {
    solved: u64,
    failed: u64,
    worst_residual: f64,
}

/// Base-year calibration of the central run.
#[derive(Serialize)]
struct Region<'a> {
    region: &'a str,
    alpha: f64,
    rho: f64,
    outside_share: f64,
}

/// The manifest of a run; `order` is that of its design, `files` are those that lie beside it.
pub fn manifest(
    scenario: &Scenario,
    findings: &Findings,
    fits: &[RegionFit],
    order: &[String],
    files: &[&str],
) -> Vec<u8> {
    let ensemble = &findings.ensemble;
    let missing = missing(scenario, findings);
    let manifest = Manifest {
        keiretsu: env!("CARGO_PKG_VERSION"),
        scenario: format!("{}.toml", scenario.name),
        title: &scenario.title,
        inputs: scenario.inputs.iter().map(|i| Input { file: &i.name, sha256: &i.sha256 }).collect(),
        overrides: &scenario.overrides,
        seed: scenario.seed,
        design: scenario.design.name(),
        design_order: order,
        replications: Replications {
            asked: ensemble.replications + missing.unwrap_or_default(),
            done: ensemble.replications - ensemble.failed,
            failed: ensemble.failed,
            missing,
            failures: findings.failures(),
        },
        base_year: scenario.base_year,
        last_year: scenario.last_year,
        worlds: &findings.names.worlds,
        reference: &findings.names.worlds[findings.reference],
        names: names_for_people(scenario, findings),
        equilibria: Equilibria {
            solved: ensemble.solved.equilibria - ensemble.solved.failed,
            failed: ensemble.solved.failed,
            worst_residual: ensemble.solved.worst_residual,
        },
        regions: fits
            .iter()
            .zip(&findings.names.regions)
            .map(|(fit, region)| Region {
                region,
                alpha: fit.alpha,
                rho: fit.rho,
                outside_share: fit.outside_share,
            })
            .collect(),
        files: files.to_vec(),
    };
    let mut bytes = serde_json::to_vec_pretty(&manifest).expect("plain figures and text");
    bytes.push(b'\n');
    bytes
}

/// Where a name for people differs from that in the files.
fn names_for_people(scenario: &Scenario, findings: &Findings) -> IndexMap<String, String> {
    let names = &findings.names;
    let worlds = scenario.worlds.iter().map(|world| (world.key.clone(), world.name.clone()));
    let regions = names.regions.iter().map(|key| (key.clone(), region_name(scenario, key).to_owned()));
    let alliances = (0..names.alliances.len()).map(Who::Alliance);
    let alliances = alliances.map(|who| (findings.who(who), subject_name(scenario, findings, who)));
    worlds.chain(regions).chain(alliances).filter(|(key, name)| key != name).collect()
}

/// What a run folder was made from.
#[derive(Deserialize)]
pub struct Origin {
    /// Only a manifest of this program names its version.
    #[serde(rename = "keiretsu")]
    _version: String,
    /// The scenario's file name.
    pub scenario: String,
    pub title: String,
    /// Names for people, by the names in the files.
    #[serde(default)]
    pub names: HashMap<String, String>,
    /// What the run wrote.
    pub files: Option<Vec<String>>,
}

/// What a run folder was made from, if its manifest is one of this program.
pub fn origin_of(manifest: &[u8]) -> Option<Origin> {
    serde_json::from_slice(manifest).ok()
}
