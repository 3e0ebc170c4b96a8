//! Correlated inputs: what they keep and what they reach.

use keiretsu::uncertainty::{
    Design, Distribution, Draws, Parameter, ParameterSpace, Provenance, Role, pearson_of_rank,
};

const N: usize = 10_000;

/// Inputs with these names and distributions.
fn space(inputs: &[(&str, Distribution)]) -> ParameterSpace {
    let mut space = ParameterSpace::new();
    for (name, distribution) in inputs {
        space.add(Parameter {
            role: Role::Input,
            key: (*name).to_owned(),
            stream: (*name).to_owned(),
            distribution: distribution.clone(),
            provenance: Provenance::default(),
        });
    }
    space
}

/// The draws of every input.
fn drawn(space: &ParameterSpace, seed: u64, design: Design) -> Vec<Vec<f64>> {
    let draws = Draws::new(space, seed, design);
    let column = |at| {
        let mut values = vec![0.0; N];
        draws.evaluate_parameter(at, 0, &mut values);
        values
    };
    (0..space.len()).map(column).collect()
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    order.iter().zip(0..).for_each(|(place, rank)| ranks[*place] = f64::from(rank));
    ranks
}

/// Spearman's correlation, of draws without ties.
fn spearman(one: &[f64], other: &[f64]) -> f64 {
    let (one, other) = (ranks(one), ranks(other));
    let n = one.len() as f64;
    let distance: f64 = one.iter().zip(&other).map(|(x, y)| (x - y) * (x - y)).sum();
    1.0 - 6.0 * distance / (n * (n * n - 1.0))
}

fn three() -> ParameterSpace {
    space(&[
        ("skewed", Distribution::LogNormal { median: 2.0, sd_log: 0.7, low: None, high: None }),
        ("flat", Distribution::Uniform { low: -1.0, high: 1.0 }),
        ("peaked", Distribution::Triangular { low: 0.0, mode: 1.0, high: 1.5 }),
    ])
}

const DESIGNS: [(Design, f64); 3] = [
    (Design::MonteCarlo, 0.03),
    (Design::LatinHypercube { size: N as u64 }, 0.01),
    (Design::Sobol { size: N as u64 }, 0.01),
];

/// Rank correlations are those asked for, under every design, whatever the distributions; what each input is by itself
/// stays.
#[test]
fn rank_correlations_are_met() {
    let asked = [(0, 1, 0.8), (1, 2, -0.5), (0, 2, -0.3)];
    let (alone, mut together) = (three(), three());
    for (one, other, rank) in asked {
        let name = |at: usize| alone.parameters()[at].stream.clone();
        together.correlate(&name(one), &name(other), pearson_of_rank(rank));
    }
    for (design, tolerance) in DESIGNS {
        for seed in 1..4 {
            let (alone, together) = (drawn(&alone, seed, design), drawn(&together, seed, design));
            for (one, other, rank) in asked {
                let found = spearman(&together[one], &together[other]);
                assert!((found - rank).abs() < tolerance, "{design:?}, seed {seed}: {found}, asked {rank}");
            }
            for (alone, together) in alone.iter().zip(&together) {
                let mean = |values: &[f64]| values.iter().sum::<f64>() / N as f64;
                let spread = |values: &[f64]| {
                    let mean = mean(values);
                    (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / N as f64).sqrt()
                };
                let error = 5.0 * spread(alone) / (N as f64).sqrt();
                assert!((mean(alone) - mean(together)).abs() < error, "{design:?}");
                assert!((spread(alone) / spread(together) - 1.0).abs() < 0.1, "{design:?}");
            }
        }
    }
}

/// The first by name keeps its draws, and so do inputs that nothing is correlated with.
#[test]
fn correlations_change_no_other_draw() {
    let (alone, mut together) = (three(), three());
    together.correlate("skewed", "flat", 0.9);
    for (design, _) in DESIGNS {
        let (alone, together) = (drawn(&alone, 1, design), drawn(&together, 1, design));
        assert_eq!(alone[1], together[1], "{design:?}: flat comes first by name");
        assert_eq!(alone[2], together[2], "{design:?}");
        assert_ne!(alone[0], together[0], "{design:?}");
    }
}

/// At ±1 one number moves both; the order in which correlations are stated changes no bit, nor does the block.
#[test]
fn whole_correlation_and_order() {
    for (value, sign) in [(1.0, 1.0), (-1.0, -1.0)] {
        let mut space = three();
        space.correlate("skewed", "flat", value);
        let values = drawn(&space, 1, Design::MonteCarlo);
        let rank = spearman(&values[0], &values[1]);
        assert!((rank - sign).abs() < 1e-12, "{rank}");
    }
    let pairs = [("skewed", "flat", 0.5), ("flat", "peaked", 0.3)];
    let (mut one, mut other) = (three(), three());
    pairs.iter().for_each(|(a, b, value)| one.correlate(a, b, *value));
    pairs.iter().rev().for_each(|(a, b, value)| other.correlate(b, a, *value));
    assert_eq!(drawn(&one, 1, Design::MonteCarlo), drawn(&other, 1, Design::MonteCarlo));
    let draws = Draws::new(&one, 1, Design::MonteCarlo);
    let columns = drawn(&one, 1, Design::MonteCarlo);
    for (first, lanes) in [(0, 8), (64, 200), (999, 1)] {
        let mut block = vec![0.0; 3 * lanes];
        draws.evaluate_block(first as u64, lanes, &mut block);
        for (at, column) in columns.iter().enumerate() {
            assert_eq!(block[at * lanes..][..lanes], column[first..][..lanes], "{lanes} lanes from {first}");
        }
    }
}
