//! The market of the self-test: a world without effect, a run without uncertainty, what pairing saves, the same bits.

use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::{Check, Size};
use crate::analysis::find;
use crate::calibration::Names;
use crate::preparation::{Market, market};
use crate::scenario::{Files, load_from};
use crate::simulation::summary::Estimate;
use crate::simulation::{Condition, Ensemble, Experiment, Request, run};

/// The difference that is looked at: by what buying together raises the pair's share, and its column.
pub(super) const OUTCOME: &str = "share alliance:pair Home 2027";

/// A calibrated scenario with settings, and what its outcomes are called.
pub(super) fn prepared(settings: &[String]) -> (Experiment, Names) {
    let path = PathBuf::from("market.toml");
    let files = Files::Given([(path.clone(), include_bytes!("market.toml").to_vec())].into_iter().collect());
    let scenario = load_from(&files, &path, settings, None, Some(1));
    let scenario = scenario.unwrap_or_else(|problems| panic!("the self-test's own scenario: {problems}"));
    let prepared = market(&scenario);
    let Market { experiment, names, .. } =
        prepared.unwrap_or_else(|problems| panic!("the self-test's own scenario: {problems}"));
    (experiment, names)
}

pub(super) fn world(names: &Names, name: &str) -> usize {
    names.worlds.iter().position(|known| known == name).expect("a world of the self-test")
}

/// Means, spreads and quantiles of everything, as bits.
fn bits(ensemble: &Ensemble) -> String {
    let comparisons = ensemble.comparisons.iter().flat_map(|comparison| &comparison.conditions);
    let mut hash = Sha256::new();
    for estimate in ensemble.levels.iter().chain(comparisons).flatten() {
        for figure in [estimate.mean, estimate.sd, estimate.p05, estimate.p50, estimate.p95] {
            // What is undefined has a sign on some machines.
            let figure = if figure.is_nan() { f64::NAN.abs() } else { figure };
            hash.update(figure.to_bits().to_le_bytes());
        }
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Stored when the self-test was written; other bits mean another program, or a machine that computes otherwise.
const BITS: &str = "19700364575ec16d";
const REPLICATIONS: u64 = 1000;

pub(super) fn checks(_: Size) -> Vec<Check> {
    let (experiment, names) = prepared(&[]);
    let request = Request::everything(&experiment, 0..REPLICATIONS);
    let ensemble = run(&experiment, &request, &|_| {});
    vec![
        neutral(&ensemble, &names),
        no_variance(&experiment),
        pairing(&ensemble, &names),
        same_bits(&ensemble),
    ]
}

fn neutral(ensemble: &Ensemble, names: &Names) -> Check {
    let nothing = world(names, "nothing");
    let comparison = ensemble.comparisons.iter().find(|comparison| comparison.world == nothing);
    let conditions = &comparison.expect("it is compared").conditions;
    let largest = conditions.iter().flatten().flat_map(|estimate| [estimate.mean.abs(), estimate.sd]);
    // Whom the reference does not have, nothing is compared with.
    let largest = largest.filter(|figure| figure.is_finite()).fold(0.0, f64::max);
    Check {
        about: "a world without effect: largest mean or spread of any difference from the reference",
        found: format!("{largest:e}"),
        expected: "0".into(),
        holds: largest == 0.0,
    }
}

/// Every input at its median and no shocks: all replications are the central run.
fn no_variance(experiment: &Experiment) -> Check {
    let medians = experiment
        .space
        .inputs()
        .map(|(_, input)| format!("{}={:?}", input.key, input.distribution.median()));
    let still = ["regions.Home.volatility=0".to_owned(), "regions.Home.volume.shock_sd=0".to_owned()];
    let (experiment, _) = prepared(&medians.chain(still).collect::<Vec<_>>());
    let request = Request::everything(&experiment, 0..64);
    let ensemble = run(&experiment, &request, &|_| {});
    let pairs = ensemble.levels.iter().flatten().zip(ensemble.central.iter().flatten());
    let is_same = |(level, central): (&Estimate, &f64)| {
        (level.mean == *central && level.sd == 0.0) || (level.mean.is_nan() && central.is_nan())
    };
    let (all, different) =
        pairs.fold((0, 0), |(all, different), pair| (all + 1, different + i32::from(!is_same(pair))));
    Check {
        about: "a run in which nothing is uncertain: outcomes that differ from the central run",
        found: format!("{different} of {all}"),
        expected: format!("0 of {all}"),
        holds: different == 0,
    }
}

fn pairing(ensemble: &Ensemble, names: &Names) -> Check {
    let keys = find(names, &ensemble.outcomes, OUTCOME).expect("an outcome of the self-test");
    let column = ensemble.outcomes.column(&keys[0]).expect("recorded");
    let together = world(names, "together");
    let comparison = ensemble.comparisons.iter().find(|comparison| comparison.world == together);
    let paired = comparison.expect("it is compared").conditions[Condition::Proceeds as usize][column].sd;
    let apart: f64 = [together, world(names, "apart")]
        .map(|world| ensemble.levels[world][column].sd)
        .iter()
        .map(|sd| sd * sd)
        .sum();
    let saved = apart / (paired * paired);
    Check {
        about: "pairing: how many times as many draws independent worlds would need for the same precision",
        found: format!("{saved:.1}"),
        expected: "above 2".into(),
        holds: saved > 2.0,
    }
}

fn same_bits(ensemble: &Ensemble) -> Check {
    let found = bits(ensemble);
    Check {
        about: "this machine's bits: all statistics of 1,000 replications, hashed",
        holds: found == BITS,
        found,
        expected: BITS.into(),
    }
}
