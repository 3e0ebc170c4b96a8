//! Each quantile function against the independent samplers of `rand_distr` and `statrs`.

use super::super::{Distribution, Stream};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::Distribution as Sampler;
use statrs::distribution::{self as statrs_distribution, ContinuousCDF};

const DRAWS: usize = 40_000;

fn ours(distribution: &Distribution) -> Vec<f64> {
    let mut values = vec![0.0; DRAWS];
    Stream::new(11, "a test").uniforms(0, &mut values);
    let quantile = distribution.quantile_function();
    values.iter().map(|&u| quantile.quantile(u)).collect()
}

fn theirs(sampler: impl Sampler<f64>) -> Vec<f64> {
    sampler.sample_iter(ChaCha8Rng::seed_from_u64(12)).take(DRAWS).collect()
}

/// The largest distance between two empirical distribution functions (Kolmogorov–Smirnov).
fn distance(mut a: Vec<f64>, mut b: Vec<f64>) -> f64 {
    a.sort_by(f64::total_cmp);
    b.sort_by(f64::total_cmp);
    let (mut i, mut j, mut largest) = (0, 0, 0.0_f64);
    while i < a.len() && j < b.len() {
        if a[i] <= b[j] {
            i += 1
        } else {
            j += 1
        }
        largest = largest.max((i as f64 / a.len() as f64 - j as f64 / b.len() as f64).abs());
    }
    largest
}

fn assert_same_law(distribution: &Distribution, sampler: impl Sampler<f64>) {
    distribution.validate().unwrap();
    let (mine, other) = (ours(distribution), theirs(sampler));
    // The Kolmogorov–Smirnov distance that two samples of one law exceed once in 1000 times.
    let bound = 1.95 * (2.0 / DRAWS as f64).sqrt();
    let found = distance(mine.clone(), other.clone());
    assert!(found < bound, "{distribution:?}: distance {found}, bound {bound}");
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let sd = |v: &[f64]| {
        let centre = mean(v);
        (v.iter().map(|x| (x - centre) * (x - centre)).sum::<f64>() / v.len() as f64).sqrt()
    };
    let spread = sd(&other);
    assert!((mean(&mine) - mean(&other)).abs() < 5.0 * spread * (2.0 / DRAWS as f64).sqrt());
    assert!((sd(&mine) / spread - 1.0).abs() < 0.03, "{distribution:?}");
}

#[test]
fn draws_follow_the_same_law_as_rand_distr() {
    use rand_distr::{LogNormal, Normal, Pert, Triangular, Uniform};
    assert_same_law(&Distribution::Uniform { low: -1.0, high: 3.0 }, Uniform::new(-1.0, 3.0).unwrap());
    for (low, mode, high) in [(0.0, 0.2, 1.0), (0.0, 0.0, 1.0), (-5.0, 7.0, 7.0), (0.155, 0.18, 0.2)] {
        let triangular = Distribution::Triangular { low, mode, high };
        assert_same_law(&triangular, Triangular::new(low, high, mode).unwrap());
        let pert = Distribution::Pert { low, mode, high };
        assert_same_law(&pert, Pert::new(low, high).with_mode(mode).unwrap());
    }
    let normal = Distribution::Normal { mean: 2.0, sd: 0.5, low: None, high: None };
    assert_same_law(&normal, Normal::new(2.0, 0.5).unwrap());
    let log_normal = Distribution::LogNormal { median: 3.0, sd_log: 0.4, low: None, high: None };
    assert_same_law(&log_normal, LogNormal::new(1.098_612_288_668_109_8, 0.4).unwrap());
}

/// A normal drawn again and again until it lies between two bounds.
struct Rejection(rand_distr::Normal<f64>, f64, f64);

impl Sampler<f64> for Rejection {
    fn sample<R: rand::Rng + ?Sized>(&self, source: &mut R) -> f64 {
        loop {
            let value = self.0.sample(source);
            if (self.1..=self.2).contains(&value) {
                return value;
            }
        }
    }
}

#[test]
fn truncated_normal_is_what_rejection_leaves() {
    for (low, high) in [(1.0, 3.0), (2.5, f64::INFINITY), (f64::NEG_INFINITY, 1.2), (2.2, 2.4)] {
        let bound = |x: f64| x.is_finite().then_some(x);
        let cut = Distribution::Normal { mean: 2.0, sd: 0.5, low: bound(low), high: bound(high) };
        assert_same_law(&cut, Rejection(rand_distr::Normal::new(2.0, 0.5).unwrap(), low, high));
    }
    // Far in the upper tail, where 1 − Φ has no digits left in Φ.
    let far = Distribution::Normal { mean: 0.0, sd: 1.0, low: Some(7.5), high: None };
    let normal = statrs_distribution::Normal::standard();
    for u in [0.1, 0.5, 0.9] {
        let z = far.quantile(u);
        assert!((normal.sf(z) / normal.sf(7.5) - (1.0 - u)).abs() < 1e-9, "u {u}");
    }
}

#[test]
fn quantiles_invert_statrs_distribution_functions() {
    let triangular = statrs_distribution::Triangular::new(0.0, 2.0, 0.3).unwrap();
    let log_normal = statrs_distribution::LogNormal::new(0.0, 0.4).unwrap();
    for k in 1..1000 {
        let u = f64::from(k) / 1000.0;
        let x = Distribution::Triangular { low: 0.0, mode: 0.3, high: 2.0 }.quantile(u);
        assert!((triangular.cdf(x) - u).abs() < 1e-14);
        let x = Distribution::LogNormal { median: 1.0, sd_log: 0.4, low: None, high: None }.quantile(u);
        assert!((log_normal.cdf(x) - u).abs() < 1e-10);
    }
}

/// 5,000 quantiles of beta, Student t and gamma distributions of all shapes, tails included, against the distribution
/// functions of another library.
#[test]
fn quantiles_of_curved_distributions_invert_statrs() {
    let us = |k: u32| [f64::from(k) / 100.0, 1e-9 * f64::from(k), 1.0 - 1e-9 * f64::from(k)];
    for shape in [0.05, 0.3, 1.0, 2.5, 17.0, 400.0, 9_000.0] {
        let gamma = statrs_distribution::Gamma::new(shape, 0.5).unwrap();
        let student = statrs_distribution::StudentsT::new(3.0, 2.0, shape).unwrap();
        for u in (1..100).flat_map(us) {
            let x = Distribution::Gamma { shape, scale: 2.0 }.quantile(u);
            let (below, above) = (gamma.cdf(x), gamma.sf(x));
            let off = if u < 0.5 { below / u - 1.0 } else { above / (1.0 - u) - 1.0 };
            assert!(off.abs() < 3e-7 || x < 1e-290, "gamma {shape} at {u}: {x}, off by {off}");
            if shape < 0.5 {
                continue;
            }
            let x = Distribution::StudentT { median: 3.0, scale: 2.0, freedom: shape }.quantile(u);
            let off = student.cdf(x.min(6.0 - x)) / u.min(1.0 - u) - 1.0;
            assert!(off.abs() < 3e-7, "t {shape} at {u}: {x}, off by {off}");
        }
        for other in [0.05, 0.7, 1.0, 3.0, 60.0] {
            let beta = statrs_distribution::Beta::new(shape, other).unwrap();
            let turned = statrs_distribution::Beta::new(other, shape).unwrap();
            for u in (1..100).flat_map(us) {
                let x = Distribution::Beta { alpha: shape, beta: other, low: 0.0, high: 1.0 }.quantile(u);
                let y =
                    Distribution::Beta { alpha: other, beta: shape, low: 0.0, high: 1.0 }.quantile(1.0 - u);
                let off = (beta.cdf(x) - u).abs().min((turned.cdf(y) - (1.0 - u)).abs());
                assert!(
                    off < 1e-7 * u.min(1.0 - u).max(1e-6),
                    "beta {shape} {other} at {u}: {x}, {y}, off by {off}"
                );
                assert!((x + y - 1.0).abs() < 1e-9, "mirror image of {shape} {other} at {u}: {x}, {y}");
            }
        }
    }
}

#[test]
fn curved_distributions_follow_the_law_of_rand_distr() {
    assert_same_law(
        &Distribution::Gamma { shape: 2.5, scale: 2.0 },
        rand_distr::Gamma::new(2.5, 2.0).unwrap(),
    );
    let beta = Distribution::Beta { alpha: 2.0, beta: 0.7, low: 0.0, high: 1.0 };
    assert_same_law(&beta, rand_distr::Beta::new(2.0, 0.7).unwrap());
    let student = Distribution::StudentT { median: 0.0, scale: 1.0, freedom: 7.0 };
    assert_same_law(&student, rand_distr::StudentT::new(7.0).unwrap());
    let cut = Distribution::LogNormal { median: 1.0, sd_log: 0.5, low: Some(0.8), high: Some(2.0) };
    let log_normal = rand_distr::LogNormal::new(0.0, 0.5).unwrap();
    assert_same_law(&cut, LogRejection(log_normal, 0.8, 2.0));
    let cases = Distribution::Discrete { values: vec![5.0, 1.0, 2.0], weights: vec![1.0, 2.0, 1.0] };
    let drawn = ours(&cases);
    let part = |value: f64| drawn.iter().filter(|x| **x == value).count() as f64 / DRAWS as f64;
    for (value, expected) in [(1.0, 0.5), (2.0, 0.25), (5.0, 0.25)] {
        assert!((part(value) - expected).abs() < 0.01, "{value}: {}", part(value));
    }
}

/// A lognormal drawn again and again until it lies between two bounds.
struct LogRejection(rand_distr::LogNormal<f64>, f64, f64);

impl Sampler<f64> for LogRejection {
    fn sample<R: rand::Rng + ?Sized>(&self, source: &mut R) -> f64 {
        loop {
            let value = self.0.sample(source);
            if (self.1..=self.2).contains(&value) {
                return value;
            }
        }
    }
}

#[test]
fn no_width_gives_exactly_the_constant() {
    let v = 0.1 + 0.2;
    for distribution in [
        Distribution::Fixed(v),
        Distribution::Uniform { low: v, high: v },
        Distribution::Triangular { low: v, mode: v, high: v },
        Distribution::Pert { low: v, mode: v, high: v },
        Distribution::Normal { mean: v, sd: 0.0, low: None, high: Some(1.0) },
        Distribution::Normal { mean: 7.0, sd: 5.0, low: Some(v), high: Some(v) },
        Distribution::LogNormal { median: v, sd_log: 0.0, low: None, high: None },
    ] {
        assert!(distribution.is_fixed() && distribution.validate().is_ok());
        for u in [1e-16, 0.3, 0.5, 1.0 - 1e-16] {
            assert_eq!(distribution.quantile(u).to_bits(), v.to_bits(), "{distribution:?}");
        }
        assert_eq!(distribution.range(), (v, v));
    }
}

#[test]
fn quantiles_never_fall_and_stay_within_bounds() {
    let (low, mode, high) = (0.155, 0.18, 0.2);
    for distribution in [
        Distribution::Uniform { low, high },
        Distribution::Triangular { low, mode, high },
        Distribution::Pert { low, mode, high },
        Distribution::Pert { low, mode: low, high },
        Distribution::Normal { mean: mode, sd: 0.02, low: Some(low), high: Some(high) },
    ] {
        let quantile = distribution.quantile_function();
        let tiny = 0.5 * f64::EPSILON;
        let mut last = quantile.quantile(tiny);
        assert!(last >= low);
        for k in 1..=50_000 {
            let u = (f64::from(k) / 50_000.0).min(1.0 - tiny);
            let value = quantile.quantile(u);
            assert!(value >= last && value <= high, "{distribution:?} at {u}");
            last = value;
        }
    }
    assert_eq!(Distribution::Normal { mean: mode, sd: 0.02, low: None, high: None }.median(), mode);
    assert_eq!(Distribution::LogNormal { median: mode, sd_log: 0.3, low: None, high: None }.median(), mode);
}

/// As computed on the first machine: no other may differ by a bit.
#[test]
fn draws_are_the_same_everywhere() {
    let stream = Stream::new(2024, "golden");
    let all = [
        Distribution::Uniform { low: -1.0, high: 3.0 },
        Distribution::Triangular { low: 0.0, mode: 0.3, high: 2.0 },
        Distribution::Pert { low: 0.155, mode: 0.18, high: 0.2 },
        Distribution::Normal { mean: 1.0, sd: 0.5, low: None, high: None },
        Distribution::Normal { mean: 1.0, sd: 0.5, low: Some(0.8), high: None },
        Distribution::LogNormal { median: 20_000.0, sd_log: 0.3, low: None, high: None },
    ];
    let mut bits = 0_u64;
    for (distribution, replication) in all.iter().flat_map(|d| (0..1000).map(move |r| (d, r))) {
        let value = distribution.quantile_function();
        bits = bits.rotate_left(7) ^ value.quantile(stream.uniform(replication)).to_bits();
    }
    assert_eq!(bits, 0xb5b3_c70d_b6bf_673d, "{bits:#018x}");
}
