//! How often 95 % intervals of a difference's mean, and of the part of draws that gain, hold the true values.

use rayon::prelude::*;

use super::market::{OUTCOME, prepared, world};
use super::{Check, Size};
use crate::analysis::find;
use crate::calibration::Names;
use crate::simulation::outcomes::{Outcomes, Wanted};
use crate::simulation::summary::Estimate;
use crate::simulation::{Condition, Experiment, Precision, Request, TWO_SIDED_95, run_with};
use crate::uncertainty::Design;

/// Replications of the run that is taken for the truth: Sobol' points, hundreds of times as exact as the runs.
const TRUTH: u64 = 1 << 16;
/// Replications of a run that does not stop by itself.
const FIXED: u64 = 1024;
/// Most of a run that does; and the half width it stops at, between what 1,024 and what 4,096 replications reach.
const MOST: u64 = 1 << 14;
const HALF_WIDTH: f64 = 0.000_4;

pub(super) fn checks(size: Size) -> Vec<Check> {
    let (experiment, names) = prepared(&[]);
    let truth = estimate(&of_seed(&experiment, 0, Design::Sobol { size: TRUTH }), &names, TRUTH, None);
    let covered = |most: u64, half_width: Option<f64>| {
        let runs = (1..=size.seeds).into_par_iter().map(|seed| {
            let experiment = of_seed(&experiment, seed, Design::MonteCarlo);
            let run = estimate(&experiment, &names, most, half_width);
            let covers =
                |value: f64, error: f64, truth: f64| u64::from((value - truth).abs() <= TWO_SIDED_95 * error);
            let gain = covers(run.prob_gain, run.prob_gain_se, truth.prob_gain);
            [covers(run.mean, run.se, truth.mean), gain]
        });
        runs.reduce(|| [0; 2], |a, b| [a[0] + b[0], a[1] + b[1]])
    };
    let check = |about, held: u64| {
        let (part, seeds) = (held as f64 / size.seeds as f64, size.seeds as f64);
        // Half a point for what is not exact, and what so few seeds cannot tell.
        let slack = 0.005 + 4.0 * (0.95 * 0.05 / seeds).sqrt();
        Check {
            about,
            found: format!("{:.1} %", 100.0 * part),
            expected: format!("{:.1} to {:.1} %", 100.0 * (0.95 - slack), 100.0 * (0.95 + slack).min(1.0)),
            holds: (part - 0.95).abs() <= slack,
        }
    };
    let [mean, gain] = covered(FIXED, None);
    let [mean_if_stopped, gain_if_stopped] = covered(MOST, Some(HALF_WIDTH));
    vec![
        check("95 % intervals of runs of 1,024 draws hold the true mean of a difference", mean),
        check("… and the true chance that it is a gain", gain),
        check(
            "95 % intervals of runs that stop by themselves hold the true mean of a difference",
            mean_if_stopped,
        ),
        check("… and the true chance that it is a gain", gain_if_stopped),
    ]
}

fn of_seed(experiment: &Experiment, seed: u64, design: Design) -> Experiment {
    experiment.clone().with_seed(seed).with_design(design)
}

/// The difference that buying together makes, in so many replications or until its mean is known so precisely.
fn estimate(experiment: &Experiment, names: &Names, most: u64, half_width: Option<f64>) -> Estimate {
    let all = Outcomes::of(&experiment.models, &Wanted::All).expect("all that there is");
    let keys = find(names, &all, OUTCOME).expect("an outcome of the self-test");
    let together = world(names, "together");
    let request = Request::new(experiment, &[together], &Wanted::Only(keys), 0..most).expect("what there is");
    let places = [together, experiment.reference].map(|world| request.place(world).expect("simulated"));
    let mut precision = half_width.map(|half_width| Precision::new(places, 0, half_width));
    let ensemble = run_with(experiment, &request, &mut [], precision.as_mut(), &|_| {});
    let comparison = ensemble.comparisons.iter().find(|comparison| comparison.world == together);
    comparison.expect("it is compared").conditions[Condition::Proceeds as usize][0]
}
