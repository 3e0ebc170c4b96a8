//! `Stream`: the random numbers of one named quantity, one per replication, read in any order.
//!
//! key = SHA-256(tag, seed, name) is the 256-bit seed of a ChaCha8 generator, and the uniform of
//! replication r is its r-th 64-bit output, mapped into the open interval (0, 1) by `Open01`. Eight
//! consecutive replications are exactly one ChaCha block. ChaCha8 is a named algorithm, so the numbers
//! are the same on every machine and in every version.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, Open01};
use sha2::{Digest, Sha256};

/// Keeps these keys apart from any other use of SHA-256 on a seed and a name.
const TAG: &[u8] = b"keiretsu stream v1";

/// 32-bit words that one replication's uniform takes from the generator.
const WORDS_PER_UNIFORM: u128 = 2;

/// The uniforms of one named quantity.
#[derive(Clone, Debug)]
pub struct Stream {
    origin: ChaCha8Rng,
}

impl Stream {
    /// The stream of the quantity called `name` under a seed. Other names and other seeds give
    /// independent streams.
    pub fn new(seed: u64, name: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(TAG);
        hash.update(seed.to_le_bytes());
        hash.update(name.as_bytes());
        Self { origin: ChaCha8Rng::from_seed(hash.finalize().into()) }
    }

    /// The uniforms in (0, 1) of the replications from `first_replication` on, one for each place of
    /// `uniforms`. Any split into calls gives the same numbers.
    pub fn uniforms(&self, first_replication: u64, uniforms: &mut [f64]) {
        let mut generator = self.origin.clone();
        generator.set_word_pos(WORDS_PER_UNIFORM * u128::from(first_replication));
        for uniform in uniforms {
            *uniform = Open01.sample(&mut generator);
        }
    }

    /// The uniform of one replication.
    pub fn uniform(&self, replication: u64) -> f64 {
        let mut one = [0.0];
        self.uniforms(replication, &mut one);
        one[0]
    }
}

/// The finaliser of SplitMix64 (G. Steele, D. Lea & C. Flood, OOPSLA 2014).
pub(super) fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uniforms(stream: &Stream, first: u64, n: usize) -> Vec<f64> {
        let mut values = vec![0.0; n];
        stream.uniforms(first, &mut values);
        values
    }

    #[test]
    fn any_order_and_any_split_give_the_same_numbers() {
        let stream = Stream::new(2024, "learning_rate");
        let all = uniforms(&stream, 0, 1000);
        for (first, n) in [(992, 8), (0, 8), (8, 8), (24, 40), (3, 1), (500, 499), (61, 7)] {
            assert_eq!(uniforms(&stream, first as u64, n), all[first..first + n]);
        }
        assert_eq!(stream.uniform(777), all[777]);
        assert!(all.iter().all(|&u| 0.0 < u && u < 1.0));
    }

    /// From a separate implementation of SHA-256 and of ChaCha with 8 rounds: these never change.
    #[test]
    fn values_are_the_same_everywhere() {
        let expected = [
            0.641_048_951_658_063_6,
            0.997_580_289_522_190_7,
            0.008_741_012_759_659_55,
            0.819_732_995_511_456_4,
        ];
        assert_eq!(uniforms(&Stream::new(2024, "learning_rate"), 0, 4), expected);
        assert_eq!(Stream::new(1, "").uniform(1_000_000), 0.595_182_457_162_863_1);
    }

    #[test]
    fn names_and_seeds_are_independent() {
        let n = 20_000;
        let first = uniforms(&Stream::new(1, "a"), 0, n);
        for other in [Stream::new(1, "b"), Stream::new(2, "a"), Stream::new(1, "aa"), Stream::new(257, "a")] {
            let other = uniforms(&other, 0, n);
            let correlation =
                first.iter().zip(&other).map(|(x, y)| (x - 0.5) * (y - 0.5)).sum::<f64>() * 12.0 / n as f64;
            assert!(correlation.abs() < 4.0 / (n as f64).sqrt(), "{correlation}");
        }
        let mean = first.iter().sum::<f64>() / n as f64;
        assert!((mean - 0.5).abs() < 4.0 * 0.288_675 / (n as f64).sqrt());
    }
}
