//! Time to fold one value into a column's summary: one column in the processor's cache, and the tens
//! of thousands of columns of a study, which are not.

use divan::counter::ItemsCount;
use keiretsu::simulation::summary::{ColumnSummary, PILOT};
use keiretsu::uncertainty::{Distribution, Stream};

const BLOCK: usize = 256;

fn main() {
    divan::main();
}

fn values(n: usize) -> Vec<f64> {
    let mut values = vec![0.0; n];
    Stream::new(1, "bench").uniforms(0, &mut values);
    let quantile =
        Distribution::LogNormal { median: 0.1, sd_log: 0.3, low: None, high: None }.quantile_function();
    values.iter().map(|&u| quantile.quantile(u)).collect()
}

fn settled(values: &[f64]) -> ColumnSummary {
    ColumnSummary::of_pilot(&values[..PILOT], 10_000)
}

#[divan::bench]
fn one_column(bencher: divan::Bencher) {
    let values = values(10_240);
    bencher
        .counter(ItemsCount::new(values.len()))
        .with_inputs(|| settled(&values))
        .bench_refs(|column| values.chunks(BLOCK).for_each(|block| column.fold(block)));
}

#[divan::bench(args = [256, 1024], sample_count = 5)]
fn seventy_thousand_columns(bencher: divan::Bencher, block: usize) {
    let values = values(10_240);
    let mut columns = vec![settled(&values); 70_000];
    let megabytes = columns.iter().map(ColumnSummary::bytes).sum::<usize>() / 1_000_000;
    eprintln!("{megabytes} MB");
    bencher.counter(ItemsCount::new(columns.len() * block)).bench_local(|| {
        columns
            .iter_mut()
            .zip(values.chunks_exact(block).cycle())
            .for_each(|(column, block)| column.fold(block));
    });
}

#[divan::bench]
fn constant_column(bencher: divan::Bencher) {
    let values = vec![0.25; 10_240];
    bencher
        .counter(ItemsCount::new(values.len()))
        .with_inputs(|| settled(&values))
        .bench_refs(|column| values.chunks(BLOCK).for_each(|block| column.fold(block)));
}

#[divan::bench]
fn estimate(bencher: divan::Bencher) {
    let values = values(10_240);
    let mut column = settled(&values);
    values.chunks(BLOCK).for_each(|block| column.fold(block));
    bencher.bench(|| column.estimate());
}
