//! Folded summaries against exact statistics, on columns of many shapes.

use super::*;
use crate::uncertainty::{Distribution, Stream};
use proptest::prelude::*;

const BLOCK: usize = 256;

fn draws(distribution: Distribution, name: &str, n: usize) -> Vec<f64> {
    let mut values = vec![0.0; n];
    Stream::new(3, name).uniforms(0, &mut values);
    let quantile = distribution.quantile_function();
    values.iter().map(|&u| quantile.quantile(u)).collect()
}

fn normal(mean: f64, sd: f64, n: usize) -> Vec<f64> {
    draws(Distribution::Normal { mean, sd, low: None, high: None }, "normal", n)
}

/// Each value replaced by `other` with probability `p`.
fn mixed(mut values: Vec<f64>, p: f64, other: f64) -> Vec<f64> {
    let coins = draws(Distribution::Uniform { low: 0.0, high: 1.0 }, "coin", values.len());
    values.iter_mut().zip(coins).for_each(|(value, coin)| {
        if coin < p {
            *value = other
        }
    });
    values
}

/// Folds as the ensemble does: the pilot, then the rest.
fn folded(values: &[f64]) -> ColumnSummary {
    let (pilot, rest) = values.split_at(PILOT.min(values.len()));
    let mut column = ColumnSummary::of_pilot(pilot, values.len() as u64);
    rest.chunks(BLOCK).for_each(|block| column.fold(block));
    column
}

/// Summed up as the ensemble does: exactly if the run ends with its pilot.
fn summary(values: &[f64]) -> Estimate {
    if values.len() <= PILOT { Estimate::of(values) } else { folded(values).estimate() }
}

/// The defined values, rising.
fn rising(values: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|x| x.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

fn exact(values: &[f64]) -> Estimate {
    Estimate::exact(&rising(values))
}

impl ColumnSummary {
    /// How far off a value may be placed: the width of its bin.
    fn resolution(&self, x: f64) -> f64 {
        match &self.0 {
            Form::Binned(binned) => binned.layout().bin_width(x),
            Form::Rare(rare) => (x - rare.usual()).abs() / 1024.0,
        }
    }
}

fn quantiles(e: &Estimate) -> [f64; 5] {
    [e.p05, e.p25, e.p50, e.p75, e.p95]
}

fn bits(e: &Estimate) -> Vec<u64> {
    let rest = [e.mean, e.sd, e.se, e.prob_gain, e.prob_loss, e.prob_gain_se];
    quantiles(e).iter().chain(&rest).map(|x| x.to_bits()).collect()
}

/// Counts equal, mean and sd to rounding, quantiles within `bound` of the p05–p95 range.
fn assert_close(values: &[f64], bound: f64) {
    assert_quantiles_within(values, |_, truth| bound * (truth.p95 - truth.p05));
}

/// Counts equal, mean and sd to rounding, the p-quantile within `allowed(p, truth)`.
fn assert_quantiles_within(values: &[f64], allowed: impl Fn(f64, &Estimate) -> f64) {
    let (found, truth) = (summary(values), exact(values));
    assert_eq!(found.n, truth.n);
    if truth.n == 0 {
        return assert!(found.mean.is_nan());
    }
    assert_eq!((found.prob_gain, found.prob_loss), (truth.prob_gain, truth.prob_loss));
    let size = values.iter().filter(|x| x.is_finite()).fold(0.0_f64, |size, x| size.max(x.abs()));
    assert!((found.mean - truth.mean).abs() <= 1e-15 * size, "{found:?} {truth:?}");
    assert!(
        (found.sd - truth.sd).abs() <= 1e-6 * truth.sd + 1e-16 * size || truth.n == 1,
        "{found:?} {truth:?}"
    );
    for ((a, b), p) in quantiles(&found).into_iter().zip(quantiles(&truth)).zip([0.05, 0.25, 0.5, 0.75, 0.95])
    {
        assert!((a - b).abs() <= allowed(p, &truth), "{a} is not {b}: {found:?} {truth:?}");
    }
    assert!(quantiles(&found).is_sorted());
}

fn shapes(n: usize) -> Vec<Vec<f64>> {
    let lattice = |step: f64| normal(0.0, 1.0, n).iter().map(|x| (x / step).round() * step).collect();
    let log_normal =
        |sd_log| draws(Distribution::LogNormal { median: 3.0, sd_log, low: None, high: None }, "log", n);
    vec![
        normal(0.0, 1.0, n),
        normal(1e6, 1e-3, n),
        normal(-0.2, 1e-15, n),
        draws(Distribution::Uniform { low: 2.0, high: 3.0 }, "uniform", n),
        draws(Distribution::Pert { low: 0.0, mode: 0.0, high: 1.0 }, "pert", n),
        log_normal(0.2),
        log_normal(1.0),
        lattice(0.001),
        lattice(0.5),
        mixed(normal(0.0, 1.0, n), 0.3, 0.0),
        mixed(normal(5.0, 1.0, n), 0.3, 0.0),
        mixed(normal(-5.0, 1.0, n), 0.6, 0.0),
        mixed(normal(5.0, 1.0, n), 0.4, 7.0),
        mixed(normal(0.1, 0.01, n), 0.5, f64::NAN),
        mixed(normal(0.1, 0.01, n), 0.9, f64::NAN),
        mixed(normal(1.0, 2.0, n), 0.02, f64::INFINITY),
        mixed(normal(0.0, 1.0, n), 0.001, 1e6),
        mixed(normal(0.0, 1.0, n), 0.001, -1e11),
    ]
}

#[test]
fn ten_thousand_replications_are_summed_up_within_the_bound() {
    for values in shapes(10_000) {
        assert_close(&values, 0.001);
        assert!(folded(&values).bytes() < 5_300);
    }
}

/// What rounding noise beside an atom at 0, or at a value of its own, must not do: a higher quantile below a
/// lower one, or one of the wrong sign.
#[test]
fn quantiles_do_not_cross_at_an_atom() {
    for (atom, at) in [(0.1, 0.0), (0.3, 0.0), (0.55, 0.0), (0.3, 2.0), (0.06, -1.3)] {
        for noise in [1e-4, 0.003, 0.3] {
            let spread = mixed(normal(at, noise, 9_000), 0.3, f64::NAN);
            for side in [-1.0, 1.0] {
                let one_sided: Vec<f64> = spread.iter().map(|x| at + side * (x - at).abs()).collect();
                let values = mixed(one_sided, atom, at);
                let (found, truth) = (summary(&values), exact(&values));
                assert!(quantiles(&found).is_sorted(), "{found:?}");
                for (found, truth) in quantiles(&found).into_iter().zip(quantiles(&truth)) {
                    assert_eq!(found.total_cmp(&at), truth.total_cmp(&at), "{found} for {truth} beside {at}");
                }
            }
        }
    }
}

#[test]
fn short_runs_are_exact() {
    for n in [0, 1, 2, 3, 10, 255, 256, 257, 511, 512] {
        for values in shapes(n) {
            assert_close(&values, 0.0);
        }
    }
    for n in [513, 520, 700, 1023] {
        for values in shapes(n) {
            assert_close(&values, 0.002);
        }
    }
}

#[test]
fn a_constant_stays_exactly_that_constant() {
    for constant in [0.1 + 0.2, 0.0, -1e300, 5e-324] {
        let column = folded(&vec![constant; 3000]);
        let e = column.estimate();
        assert!(quantiles(&e).iter().all(|&q| q == constant) && e.mean == constant);
        assert_eq!((e.n, e.sd, e.se), (3000, 0.0, 0.0));
        assert!(column.bytes() < 300);
    }
}

#[test]
fn a_column_that_starts_to_vary_after_the_pilot_is_still_summed_up() {
    let mut values = normal(0.0, 1.0, 10_000);
    values[..PILOT].fill(0.0);
    assert_close(&values, 0.001);
    values[..PILOT].fill(f64::NAN);
    assert_close(&values, 0.001);
    // One value in a hundred differs: all quantiles stay at the usual value, mean and sd move.
    assert_close(&mixed(vec![4.0; 10_000], 0.01, 5.0), 0.0);
    assert_close(&mixed(mixed(normal(9.0, 1.0, 10_000), 0.99, 4.0), 0.1, f64::NAN), 0.0);
    // p95 lies among the few that differ.
    assert_close(&mixed(normal(9.0, 1.0, 10_000), 0.93, 4.0), 0.001);
    assert_close(&mixed(normal(9.0, 1.0, 10_000), 0.95, 4.0), 0.001);
}

#[test]
fn order_and_sharding_change_no_bit() {
    for values in shapes(5000).into_iter().chain([mixed(normal(9.0, 1.0, 5000), 0.99, 4.0), vec![1.0; 5000]])
    {
        let expected = bits(&summary(&values));
        let mut swapped = values[..PILOT].to_vec();
        swapped.rotate_left(BLOCK);
        let mut column = ColumnSummary::of_pilot(&swapped, 5000);
        let blocks: Vec<&[f64]> = values.chunks(BLOCK).collect();
        let mut shards = [column.empty_copy(), column.empty_copy(), column.empty_copy()];
        for (i, block) in blocks[2..].iter().enumerate().rev() {
            shards[i * i % 3].fold(block);
        }
        shards.iter().rev().for_each(|shard| column.merge(shard));
        assert_eq!(bits(&column.estimate()), expected);
    }
}

#[test]
fn more_replications_than_a_counter_counts() {
    // A value that comes back often, and bins that see more than their counter's end.
    for n in [90_000, 150_000] {
        let values = mixed(normal(0.3, 1.0, n), 0.6, 0.3);
        assert_close(&values, 0.001);
        let mut column = ColumnSummary::of_pilot(&values[..PILOT], n as u64);
        let shards: Vec<ColumnSummary> = values[PILOT..]
            .chunks(60_000 / BLOCK * BLOCK)
            .map(|part| {
                let mut shard = column.empty_copy();
                part.chunks(BLOCK).for_each(|block| shard.fold(block));
                shard
            })
            .collect();
        shards.iter().for_each(|shard| column.merge(shard));
        assert_eq!(bits(&column.estimate()), bits(&summary(&values)));
    }
}

#[test]
fn memory_does_not_grow_with_the_replications() {
    let column = |n: usize| folded(&mixed(normal(0.3, 1.0, n), 0.2, 0.0)).bytes() as f64;
    let (short, long) = (column(5_000), column(100_000));
    assert!(long < 1.05 * short, "{long} against {short}");
    assert!(column(400_000) < 1.05 * column(100_001), "wider counters from the start");
}

#[test]
fn mean_shares_add_to_one() {
    let makers = 20;
    let raw: Vec<Vec<f64>> = (0..makers)
        .map(|m| {
            draws(
                Distribution::LogNormal { median: 1.0, sd_log: 0.5, low: None, high: None },
                &format!("maker {m}"),
                10_000,
            )
        })
        .collect();
    let total: Vec<f64> = (0..10_000).map(|r| raw.iter().map(|maker| maker[r]).sum()).collect();
    let mean_share = |maker: &Vec<f64>| {
        let shares: Vec<f64> = maker.iter().zip(&total).map(|(x, all)| x / all).collect();
        summary(&shares).mean
    };
    let sum: f64 = raw.iter().map(mean_share).sum();
    assert!((sum - 1.0).abs() < 1e-14, "{}", sum - 1.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn any_mixture_keeps_to_the_bounds(
        mean in -5.0..5.0f64, sd in 0.001..3.0f64, skew in 0.0..0.8f64,
        zeros in 0.0..0.85f64, undefined in 0.0..0.8f64, step in prop_oneof![Just(0.0), 0.001..0.5f64],
        n in 0usize..12_000,
    ) {
        let bent = normal(0.0, sd, n).into_iter().map(|z| mean + z + skew * z * z / sd);
        let values: Vec<f64> = bent.map(|x| if step > 0.0 { (x / step).round() * step } else { x }).collect();
        let values = mixed(mixed(values, undefined, f64::NAN), zeros, 0.0);
        let sorted = rising(&values);
        prop_assert!(quantiles(&summary(&values)).is_sorted() || sorted.is_empty());
        let resolution = |x| if n <= PILOT { 0.0 } else { folded(&values).resolution(x) };
        // A quantile lies between two values, each known to its bin.
        assert_quantiles_within(&values, |p, _| {
            let k = ((sorted.len() - 1) as f64 * p) as usize;
            let next = (k + 1).min(sorted.len() - 1);
            (1.0 + 1e-9) * resolution(sorted[k]).max(resolution(sorted[next]))
        });
    }
}

/// As computed on the first machine: no other may differ by a bit.
#[test]
fn estimates_are_the_same_everywhere() {
    let hash = shapes(5000).into_iter().flat_map(|values| bits(&summary(&values)));
    let hash = hash.fold(0_u64, |hash, bits| hash.rotate_left(7) ^ bits);
    assert_eq!(hash, 0x76e16e031810bb58, "{hash:#x}");
}
