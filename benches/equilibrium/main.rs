//! Price equilibria per second on one thread: the block solver beside a plain scalar loop.
//!
//! `cargo bench --bench equilibrium`; the items of the throughput column are equilibria.
#![allow(clippy::disallowed_methods)]

mod markets;
mod textbook;

use divan::Bencher;
use divan::counter::ItemsCount;
use keiretsu::market::pricing::{Market, Options, Start, Workspace, solve};
use keiretsu::numeric::{Kernel, Mask, Real, on_best_lanes};
use markets::Batch;

fn main() {
    divan::main();
}

/// Solves every replication of a batch; returns the prices, the iterations of all, and how many failed.
#[derive(Clone, Copy)]
struct SolveAll<'a> {
    batch: &'a Batch,
    start: &'a [f64],
}

impl Kernel for SolveAll<'_> {
    type Output = (Vec<f64>, f64, usize);
    #[inline(always)]
    fn run<R: Real>(self, token: R::Token) -> Self::Output {
        let batch = self.batch;
        let mut work = Workspace::<R>::new(token, &batch.layout);
        let mut prices = vec![0.0; self.start.len()];
        let (mut iterations, mut failed) = (0.0, 0);
        let offers = batch.layout.n_offers();
        let mut market = Market::<R>::new(token, batch.layout.clone(), batch.response);
        market.rho = batch.rho.iter().map(|&rho| R::splat(token, rho)).collect();
        market.types.weight.clone_from(&batch.weight);
        market.types.taste.clone_from(&batch.taste);
        market.types.alpha.resize(batch.alpha.len(), R::zero(token));
        let mut start = vec![R::zero(token); offers];
        for at in (0..batch.n).step_by(R::LANES) {
            let load = |column: &[f64], into: &mut [R]| {
                for (j, value) in into.iter_mut().enumerate() {
                    *value = R::load(token, &column[j * batch.n + at..][..R::LANES]);
                }
            };
            load(&batch.utility, &mut market.utility);
            load(&batch.cost, &mut market.cost);
            load(self.start, &mut start);
            let factor = R::load(token, &batch.alpha_factor[at..][..R::LANES]);
            for (alpha, &of_type) in market.types.alpha.iter_mut().zip(&batch.alpha) {
                *alpha = factor * of_type;
            }
            let solution = solve(token, &market, &mut work, Start::Prices(&start), Options::default());
            for j in 0..offers {
                work.price[j].store(&mut prices[j * batch.n + at..][..R::LANES]);
            }
            for lane in 0..R::LANES {
                iterations += solution.iterations.lane(lane);
                failed += usize::from(!solution.converged.lane(lane));
            }
        }
        (prices, iterations, failed)
    }
}

/// Checks once that both solvers agree, and says how many evaluations each needs.
fn compare(name: &str, batch: &Batch, start: &[f64]) {
    let (fast, evaluations, failed) = on_best_lanes(SolveAll { batch, start });
    let (slow, iterations) = textbook::solve(batch, start);
    assert_eq!(failed, 0);
    let worst = fast.iter().zip(&slow).map(|(a, b)| (a / b - 1.0).abs()).fold(0.0, f64::max);
    assert!(worst < 1e-11, "{name}: prices differ by {worst:e}");
    let n = batch.n as f64;
    eprintln!("{name}: {:.1} evaluations, scalar loop {:.1}", evaluations / n, iterations as f64 / n);
}

fn lanes(bencher: Bencher, name: &str, batch: &Batch, start: &[f64]) {
    compare(name, batch, start);
    bencher.counter(ItemsCount::new(batch.n)).bench_local(|| on_best_lanes(SolveAll { batch, start }));
}

fn scalar(bencher: Bencher, batch: &Batch, start: &[f64]) {
    bencher.counter(ItemsCount::new(batch.n)).bench_local(|| textbook::solve(batch, start));
}

/// Solved prices, each up to 1 % off.
fn perturbed(batch: &Batch) -> Vec<f64> {
    let (prices, _, failed) = on_best_lanes(SolveAll { batch, start: &batch.start });
    assert_eq!(failed, 0);
    prices.iter().enumerate().map(|(i, p)| p * (0.99 + 0.02 * (i as f64 * 0.618_034).fract())).collect()
}

#[divan::bench]
fn logit_25_lanes(bencher: Bencher) {
    let batch = markets::merger("logit_25", 5, false, 1000);
    lanes(bencher, "logit J=25", &batch, &batch.start);
}
#[divan::bench]
fn logit_25_scalar(bencher: Bencher) {
    let batch = markets::merger("logit_25", 5, false, 1000);
    scalar(bencher, &batch, &batch.start);
}
#[divan::bench]
fn nested_25_lanes(bencher: Bencher) {
    let batch = markets::merger("nested_25", 5, true, 1000);
    lanes(bencher, "nested J=25", &batch, &batch.start);
}
#[divan::bench]
fn nested_25_scalar(bencher: Bencher) {
    let batch = markets::merger("nested_25", 5, true, 1000);
    scalar(bencher, &batch, &batch.start);
}
#[divan::bench]
fn nested_log_40_lanes(bencher: Bencher) {
    let batch = markets::log_market(1000);
    lanes(bencher, "nested log J=40", &batch, &perturbed(&batch));
}
#[divan::bench]
fn nested_log_40_scalar(bencher: Bencher) {
    let batch = markets::log_market(1000);
    scalar(bencher, &batch, &perturbed(&batch));
}
#[divan::bench]
fn mixed_25x20_lanes(bencher: Bencher) {
    let batch = markets::merger("mixed_25x20", 5, false, 1000);
    lanes(bencher, "mixed J=25 x 20", &batch, &batch.start);
}
#[divan::bench]
fn mixed_25x20_scalar(bencher: Bencher) {
    let batch = markets::merger("mixed_25x20", 5, false, 1000);
    scalar(bencher, &batch, &batch.start);
}
#[divan::bench(sample_count = 20)]
fn mixed_100x200_lanes(bencher: Bencher) {
    let batch = markets::merger("mixed_100x200", 10, false, 40);
    lanes(bencher, "mixed J=100 x 200", &batch, &batch.start);
}
#[divan::bench(sample_count = 3)]
fn mixed_100x200_scalar(bencher: Bencher) {
    let batch = markets::merger("mixed_100x200", 10, false, 40);
    scalar(bencher, &batch, &batch.start);
}
