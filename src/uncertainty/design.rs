//! How the uniforms of the replications are chosen, input by input.

use super::sobol::{self, Coordinate};
use super::stream::{Stream, mixed};

/// The design of an experiment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Design {
    /// Every uniform by itself.
    #[default]
    MonteCarlo,
    /// Latin hypercube (M. McKay, R. Beckman & W. Conover, Technometrics 21, 1979): of every `size` replications each
    /// falls into another of `size` strata of equal probability, input by input, in an order of its own.
    LatinHypercube { size: u64 },
    /// Scrambled Sobol' points, enough for `size` replications (at most 2^32): as a Latin hypercube, and the more even
    /// in several dimensions together the earlier these stand in the order. Beyond the dimensions of the table a Latin
    /// hypercube.
    Sobol { size: u64 },
}

impl Design {
    /// Whether the uniforms of a quantity depend on its place among the others.
    pub fn has_order(self) -> bool {
        matches!(self, Design::Sobol { .. })
    }
}

/// The uniforms of one named quantity under a design.
#[derive(Clone, Debug)]
pub(super) struct Uniforms {
    stream: Stream,
    strata: Option<Strata>,
}

/// Where the replications fall, if not anywhere: each in its own stratum.
#[derive(Clone, Debug)]
struct Strata {
    size: u64,
    order: Order,
}

#[derive(Clone, Debug)]
enum Order {
    Shuffled(Shuffle),
    Sobol(Coordinate),
}

impl Uniforms {
    /// `dimension`: the quantity's place in the order of all.
    pub(super) fn new(seed: u64, name: &str, design: Design, dimension: usize) -> Uniforms {
        let strata = match design {
            Design::MonteCarlo => None,
            Design::Sobol { size } if dimension < sobol::dimensions() => {
                let power = size.next_power_of_two().trailing_zeros();
                let [key] = keys(seed, "digits", name);
                Some(Strata { size: 1 << power, order: Order::Sobol(Coordinate::new(dimension, power, key)) })
            }
            Design::LatinHypercube { size } | Design::Sobol { size } => {
                Some(Strata { size, order: Order::Shuffled(Shuffle::new(seed, name, size)) })
            }
        };
        Uniforms { stream: Stream::new(seed, name), strata }
    }

    /// The uniforms in (0, 1) of the replications from `first` on. Any split into calls gives the same numbers.
    pub(super) fn fill(&self, first: u64, uniforms: &mut [f64]) {
        self.stream.uniforms(first, uniforms);
        if let Some(strata) = &self.strata {
            for (uniform, replication) in uniforms.iter_mut().zip(first..) {
                *uniform = strata.within(replication, *uniform);
            }
        }
    }
}

impl Strata {
    /// A uniform moved into its replication's stratum.
    fn within(&self, replication: u64, uniform: f64) -> f64 {
        let (at, round) = (replication % self.size, replication / self.size);
        let stratum = match &self.order {
            Order::Shuffled(shuffle) => shuffle.place(at, round),
            Order::Sobol(coordinate) => coordinate.stratum(at, round),
        };
        ((stratum as f64 + uniform) / self.size as f64).min(1.0 - 0.5 * f64::EPSILON)
    }
}

/// Numbers of 64 bits under a seed and a name, for one purpose.
fn keys<const N: usize>(seed: u64, purpose: &str, name: &str) -> [u64; N] {
    let mut draws = [0.0; N];
    Stream::new(seed, &format!("{purpose} of {name}")).uniforms(0, &mut draws);
    draws.map(|draw| mixed(draw.to_bits()))
}

/// Rounds of the permutation.
const ROUNDS: usize = 4;

/// A random order of the strata, read at any place without being stored: a Feistel network on numbers of an even
/// number of bits, walked on until it lands among the strata (J. Black & P. Rogaway, CT-RSA 2002).
#[derive(Clone, Debug)]
struct Shuffle {
    size: u64,
    /// Bits of half a number.
    half: u32,
    keys: [u64; ROUNDS],
}

impl Shuffle {
    fn new(seed: u64, name: &str, size: u64) -> Shuffle {
        let half = (u64::BITS - (size - 1).leading_zeros()).div_ceil(2).max(1);
        Shuffle { size, half, keys: keys(seed, "strata", name) }
    }

    fn place(&self, at: u64, round_of_design: u64) -> u64 {
        let mut place = at;
        loop {
            place = self.shuffled(place, round_of_design);
            if place < self.size {
                return place;
            }
        }
    }

    fn shuffled(&self, number: u64, round_of_design: u64) -> u64 {
        let mask = (1u64 << self.half) - 1;
        let (mut left, mut right) = (number >> self.half, number & mask);
        for key in self.keys {
            (left, right) = (right, left ^ (mixed(right ^ key ^ mixed(round_of_design)) & mask));
        }
        left << self.half | right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(name: &str, size: u64, n: usize) -> Vec<f64> {
        let mut values = vec![0.0; n];
        Uniforms::new(3, name, Design::LatinHypercube { size }, 0).fill(0, &mut values);
        values
    }

    /// Each stratum once in every so many replications, whatever their number.
    #[test]
    fn every_stratum_is_met_once() {
        for size in [1, 2, 3, 7, 64, 1000, 1024, 4097] {
            let values = drawn("x", size, 2 * size as usize);
            for rounds in values.chunks_exact(size as usize) {
                let mut strata: Vec<u64> = rounds.iter().map(|u| (u * size as f64) as u64).collect();
                strata.sort_unstable();
                assert!(strata.into_iter().eq(0..size), "{size}");
            }
            assert!(values.iter().all(|u| 0.0 < *u && *u < 1.0));
        }
    }

    #[test]
    fn any_split_gives_the_same_numbers_and_names_are_independent() {
        let all = drawn("x", 1000, 1000);
        let mut part = vec![0.0; 24];
        Uniforms::new(3, "x", Design::LatinHypercube { size: 1000 }, 0).fill(300, &mut part);
        assert_eq!(part, all[300..324]);
        for other in ["y", "z", "xx", "1"] {
            let other = drawn(other, 1000, 1000);
            let products = all.iter().zip(&other).map(|(x, y)| (x - 0.5) * (y - 0.5));
            let correlation = products.sum::<f64>() * 12.0 / 1000.0;
            assert!(correlation.abs() < 4.0 / 1000f64.sqrt(), "{correlation}");
        }
        // Neighbours in time are no neighbours in value.
        let serial = all.windows(2).map(|pair| (pair[0] - 0.5) * (pair[1] - 0.5)).sum::<f64>() * 12.0 / 999.0;
        assert!(serial.abs() < 4.0 / 1000f64.sqrt(), "{serial}");
    }
}
