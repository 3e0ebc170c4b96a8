//! `manifest.json` of a backtest: what is needed to repeat it, and what each origin knew.

use serde::Serialize;

use crate::backtest::rolling::{Plan, Rolled};
use crate::scenario::InputFile;

/// What a backtest was made from.
#[derive(Clone, Debug)]
pub struct Made<'a> {
    /// The file's name.
    pub file: &'a str,
    pub title: &'a str,
    pub inputs: &'a [InputFile],
    pub overrides: &'a [String],
    pub notes: &'a [String],
}

#[derive(Serialize)]
struct Manifest<'a> {
    keiretsu: &'a str,
    scenario: &'a str,
    title: &'a str,
    inputs: Vec<Input<'a>>,
    overrides: &'a [String],
    notes: &'a [String],
    seed: u64,
    draws: usize,
    horizons: &'a [usize],
    constants: Constants,
    origins: Vec<Origin<'a>>,
    /// Every file of the folder: a later run replaces these and no others.
    files: Vec<&'a str>,
}

#[derive(Serialize)]
struct Input<'a> {
    file: &'a str,
    sha256: &'a str,
}

#[derive(Serialize)]
struct Constants {
    size_exponent: f64,
    room: f64,
    scale: f64,
    scale_weight: f64,
    carry: f64,
    carry_weight: f64,
    growth: f64,
    growth_weight: f64,
    newcomer_scale: f64,
    newcomer_weight: f64,
    growth_damping: f64,
    growth_sd: f64,
    freedom: f64,
    new_for_years: i32,
}

/// What a region's past was at an origin, and what it said.
#[derive(Serialize)]
struct Origin<'a> {
    origin: i32,
    region: &'a str,
    rows: usize,
    sha256: &'a str,
    scale: f64,
    carry: f64,
    growth: f64,
    newcomer_scale: f64,
    mature_changes: usize,
    newcomer_changes: usize,
}

/// The manifest of a backtest; `files` are those that lie beside it.
pub fn manifest(made: &Made, plan: &Plan, rolled: &Rolled, files: &[&str]) -> Vec<u8> {
    let c = &plan.constants;
    let manifest = Manifest {
        keiretsu: env!("CARGO_PKG_VERSION"),
        scenario: made.file,
        title: made.title,
        inputs: made.inputs.iter().map(|i| Input { file: &i.name, sha256: &i.sha256 }).collect(),
        overrides: made.overrides,
        notes: made.notes,
        seed: plan.seed,
        draws: plan.draws,
        horizons: &plan.horizons,
        constants: Constants {
            size_exponent: c.size_exponent,
            room: c.room,
            scale: c.scale,
            scale_weight: c.scale_weight,
            carry: c.carry,
            carry_weight: c.carry_weight,
            growth: c.growth,
            growth_weight: c.growth_weight,
            newcomer_scale: c.newcomer_scale,
            newcomer_weight: c.newcomer_weight,
            growth_damping: c.growth_damping,
            growth_sd: c.growth_sd,
            freedom: c.freedom,
            new_for_years: c.new_for_years,
        },
        origins: rolled
            .origins
            .iter()
            .map(|at| Origin {
                origin: at.origin,
                region: &at.region,
                rows: at.rows,
                sha256: &at.sha256,
                scale: at.estimate.scale,
                carry: at.estimate.carry,
                growth: at.estimate.growth,
                newcomer_scale: at.estimate.newcomer_scale,
                mature_changes: at.estimate.mature_changes,
                newcomer_changes: at.estimate.newcomer_changes,
            })
            .collect(),
        files: files.to_vec(),
    };
    let mut bytes = serde_json::to_vec_pretty(&manifest).expect("plain figures and text");
    bytes.push(b'\n');
    bytes
}
