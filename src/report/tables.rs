//! The CSV files of a run folder.

use super::csv_file::{CsvFile, shortest};
use crate::analysis::Findings;
use crate::simulation::outcomes::{Key, Outcome};
use crate::simulation::summary::Estimate;
use crate::simulation::{Condition, RegionFit};

/// `shares.csv`: one row per world, region, manufacturer and year.
pub fn shares(findings: &Findings) -> Vec<u8> {
    let mut table = CsvFile::new("world,region,manufacturer,year,n,mean,sd,se,p05,p25,p50,p75,p95");
    for (world, levels) in findings.ensemble.levels.iter().enumerate() {
        for (key, level) in findings.ensemble.outcomes.keys.iter().zip(levels) {
            if key.outcome == Outcome::Share {
                let names = findings.labels(key);
                let mut row = vec![findings.names.worlds[world].clone(), names.region, names.manufacturer];
                row.push(key.year.to_string());
                table.row(row, statistics(level));
            }
        }
    }
    table.bytes()
}

/// `outcomes.csv`: every outcome of every world.
pub fn outcomes(findings: &Findings) -> Vec<u8> {
    let header = "world,outcome,unit,region,manufacturer,powertrain,year,n,mean,sd,se,p05,p25,p50,p75,p95";
    let mut table = CsvFile::new(header);
    for (world, levels) in findings.ensemble.levels.iter().enumerate() {
        for (key, level) in findings.ensemble.outcomes.keys.iter().zip(levels) {
            let mut row = vec![findings.names.worlds[world].clone()];
            row.extend(scope(findings, key));
            table.row(row, statistics(level));
        }
    }
    table.bytes()
}

/// `comparison.csv`: every world minus the reference, under every condition.
pub fn comparison(findings: &Findings) -> Vec<u8> {
    let header = "world,reference,condition,outcome,unit,region,manufacturer,powertrain,year,\
                  n,mean,sd,se,p05,p25,p50,p75,p95,prob_gain,prob_loss,prob_gain_se";
    let mut table = CsvFile::new(header);
    let reference = &findings.names.worlds[findings.reference];
    for comparison in &findings.ensemble.comparisons {
        for (condition, estimates) in Condition::ALL.iter().zip(&comparison.conditions) {
            for (key, estimate) in findings.ensemble.outcomes.keys.iter().zip(estimates) {
                let world = findings.names.worlds[comparison.world].clone();
                let mut row = vec![world, reference.clone(), condition_name(*condition).to_owned()];
                row.extend(scope(findings, key));
                let mut figures = statistics(estimate);
                figures.extend(
                    [estimate.prob_gain, estimate.prob_loss, estimate.prob_gain_se]
                        .map(|p| number(estimate, p)),
                );
                table.row(row, figures);
            }
        }
    }
    table.bytes()
}

/// `calibration.csv`: what the base year implies for every offer in the central run.
pub fn calibration(names: &crate::calibration::Names, fits: &[RegionFit]) -> Vec<u8> {
    let mut table = CsvFile::new(
        "region,manufacturer,powertrain,units,share,price,marginal_cost,margin,own_elasticity,mean_utility",
    );
    let mut offers: Vec<_> = fits.iter().flat_map(|fit| &fit.offers).collect();
    offers.sort_by_key(|offer| (offer.region, offer.maker, offer.powertrain));
    for offer in offers {
        let keys = vec![
            names.regions[offer.region].clone(),
            names.makers[offer.maker].clone(),
            names.powertrains[offer.powertrain].clone(),
        ];
        let figures = [
            offer.units,
            offer.share,
            offer.price,
            offer.marginal_cost,
            offer.margin,
            offer.own_elasticity,
            offer.mean_utility,
        ];
        table.row(keys, figures.iter().map(|figure| shortest(*figure)).collect());
    }
    table.bytes()
}

/// The name of a condition in the files.
pub fn condition_name(condition: Condition) -> &'static str {
    match condition {
        Condition::Proceeds => "proceeds",
        Condition::Survives => "survives",
        Condition::Unconditional => "unconditional",
    }
}

fn scope(findings: &Findings, key: &Key) -> Vec<String> {
    let labels = findings.labels(key);
    vec![
        labels.outcome,
        labels.unit.to_owned(),
        labels.region,
        labels.manufacturer,
        labels.powertrain,
        key.year.to_string(),
    ]
}

fn statistics(estimate: &Estimate) -> Vec<String> {
    let e = estimate;
    let mut figures = vec![e.n.to_string()];
    figures.extend([e.mean, e.sd, e.se, e.p05, e.p25, e.p50, e.p75, e.p95].map(|value| number(e, value)));
    figures
}

/// The shortest form that reads back exactly; empty where there is nothing to report.
fn number(estimate: &Estimate, value: f64) -> String {
    match estimate.n > 0 && value.is_finite() {
        true => shortest(value),
        false => String::new(),
    }
}
