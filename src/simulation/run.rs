//! Runs: what is asked for, simulated and handed to sinks; the central run; the memory it takes.

use super::Experiment;
use super::batch::fold_bytes;
use super::block::{Block, BlockOutput, LANES};
use super::ensemble::Ensemble;
use super::failure::Failure;
use super::precision::Precision;
use super::progress::Progress;
use super::request::Request;
use super::saved::Unfit;
use super::summaries::Summaries;
use super::work::{Shared, Work};
use crate::numeric::on_best_lanes;

/// Simulates what is asked for and summarises it. `progress` is called with the replications done so far.
pub fn run(experiment: &Experiment, request: &Request, progress: &dyn Progress) -> Ensemble {
    run_with(experiment, request, &mut [], None, progress)
}

/// As [`run`]; other sinks see the same batches, and it ends as soon as a precision is reached.
pub fn run_with(
    experiment: &Experiment,
    request: &Request,
    others: &mut [&mut dyn Shared],
    precision: Option<&mut Precision>,
    progress: &dyn Progress,
) -> Ensemble {
    run_in(&mut Work::Whole, experiment, request, others, precision, progress)
        .expect("nothing is taken in")
        .expect("a whole run")
}

/// As [`run_with`], however the work is shared; of a shard there is no ensemble.
pub fn run_in(
    work: &mut Work,
    experiment: &Experiment,
    request: &Request,
    others: &mut [&mut dyn Shared],
    precision: Option<&mut Precision>,
    progress: &dyn Progress,
) -> Result<Option<Ensemble>, Unfit> {
    let mut summaries = Summaries::new(experiment, request);
    let mut sinks: Vec<&mut dyn Shared> = vec![&mut summaries];
    sinks.extend(others.iter_mut().map(|sink| &mut **sink as &mut dyn Shared));
    work.simulate(experiment, request, &mut sinks, precision, progress)?;
    Ok(work.is_complete().then(|| summaries.ensemble(central(experiment, request).0)))
}

/// Every input at its median, shocks at zero, no break-up: per simulated world, one value per column; and what
/// failed.
pub fn central(experiment: &Experiment, request: &Request) -> (Vec<Vec<f64>>, Option<Failure>) {
    let values: Vec<f64> = experiment.space.central().iter().flat_map(|&value| [value; LANES]).collect();
    let mut output = BlockOutput::new(request);
    on_best_lanes(Block {
        experiment,
        request,
        values: &values,
        lanes: 1,
        central: true,
        examine: false,
        output: &mut output,
    });
    let columns = output.columns.iter().map(|world| world.iter().step_by(LANES).copied().collect());
    (columns.collect(), output.failures[0])
}

/// An upper bound of the memory that a run takes, bytes; the program itself and its tables are not in it.
pub fn memory(experiment: &Experiment, request: &Request) -> u64 {
    fold_bytes(request) as u64 + Summaries::bytes(experiment, request)
}
