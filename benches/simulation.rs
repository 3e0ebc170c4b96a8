//! The main scenario, stage by stage: simulating a batch of replications of all worlds, and folding
//! their outcomes into statistics. Times 20 batches are a run of 10,000 replications.

use std::path::Path;

use keiretsu::simulation::{Batches, Experiment, FOLD, Request, Sink, Summaries};
use keiretsu::{scenario, study};

fn main() {
    divan::main();
}

fn experiment() -> Experiment {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/honda-nissan-mitsubishi.toml");
    let scenario = scenario::load(&path, &[]).expect("a sound scenario");
    study::prepare(&scenario).expect("a possible base year").experiment
}

#[divan::bench(args = [1, 2], sample_count = 10)]
fn simulate_batch(bencher: divan::Bencher, threads: usize) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let experiment = experiment();
    let request = Request::everything(&experiment, 0..1_000_000);
    let mut batches = Batches::new(&experiment, &request, request.replications.clone());
    bencher.counter(divan::counter::ItemsCount::new(FOLD)).bench_local(|| {
        pool.install(|| batches.simulate(u64::MAX, &|_| {}).expect("more than are asked for").size)
    });
}

#[divan::bench(args = [1, 2], sample_count = 10)]
fn fold_batch(bencher: divan::Bencher, threads: usize) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let experiment = experiment();
    let request = Request::everything(&experiment, 0..10_000);
    let mut batches = Batches::new(&experiment, &request, request.replications.clone());
    let mut summaries = Summaries::new(&experiment, &request);
    summaries.take(&batches.simulate(u64::MAX, &|_| {}).expect("the pilot"));
    let batch = batches.simulate(u64::MAX, &|_| {}).expect("a second batch");
    bencher
        .counter(divan::counter::ItemsCount::new(FOLD))
        .bench_local(|| pool.install(|| summaries.take(&batch)));
}
