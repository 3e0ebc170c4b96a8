//! The main scenario, stage by stage: simulating a batch of replications of all worlds, and folding
//! their outcomes into statistics. Times 20 batches are a run of 10,000 replications.

use std::path::Path;

use keiretsu::simulation::{Batch, Columns, FOLD, outcomes::Outcomes};
use keiretsu::{scenario, study};

fn main() {
    divan::main();
}

fn experiment() -> keiretsu::simulation::Experiment {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/honda-nissan-mitsubishi.toml");
    let scenario = scenario::load(&path, &[]).expect("a sound scenario");
    study::prepare(&scenario).expect("a possible base year").experiment
}

#[divan::bench(args = [1, 2], sample_count = 10)]
fn simulate_batch(bencher: divan::Bencher, threads: usize) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let experiment = experiment();
    let draws = experiment.space.draws(experiment.seed);
    let mut batch = Batch::new(&experiment);
    bencher
        .counter(divan::counter::ItemsCount::new(FOLD))
        .bench_local(|| pool.install(|| batch.simulate(&experiment, &draws, 0, FOLD)));
}

#[divan::bench(args = [1, 2], sample_count = 10)]
fn fold_batch(bencher: divan::Bencher, threads: usize) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let experiment = experiment();
    let draws = experiment.space.draws(experiment.seed);
    let mut batch = Batch::new(&experiment);
    batch.simulate(&experiment, &draws, 0, FOLD);
    let outcomes = Outcomes::of(&experiment.models);
    let mut columns = Columns::new(&experiment, &outcomes);
    columns.fold(&experiment, &batch);
    columns.settle();
    bencher
        .counter(divan::counter::ItemsCount::new(FOLD))
        .bench_local(|| pool.install(|| columns.fold(&experiment, &batch)));
}
