//! Runs a calculation with the widest vector instructions the machine has.
//!
//! Everything that [`Kernel::run`] calls in its hot part must be `#[inline(always)]`: only then is it
//! compiled for the instruction set at hand instead of the portable baseline.

use std::sync::OnceLock;

use super::{Lanes, Real};
use fearless_simd::{Level, Simd};

/// A calculation over blocks of replications, written once for every number type.
///
/// `run` must be `#[inline(always)]`.
pub trait Kernel {
    type Output;
    fn run<R: Real>(self, token: R::Token) -> Self::Output;
}

/// Runs `kernel` with eight lanes on the best instruction set of this machine. The answer is the
/// same, bit for bit, on all of them, and the same as with `f64` lane by lane.
///
/// A kernel is compiled once per instruction set, and a large one takes its time: on x86 there are three
/// of them (AVX-512, AVX2, and SSE2 for all other machines), and in debug builds only the last.
pub fn on_best_lanes<K: Kernel>(kernel: K) -> K::Output {
    let level = level();
    #[cfg(target_arch = "x86_64")]
    {
        #[cfg(not(debug_assertions))]
        {
            if let Some(simd) = level.as_avx512() {
                return vectorized(simd, kernel);
            }
            if let Some(simd) = level.as_avx2() {
                return vectorized(simd, kernel);
            }
        }
        if let Some(simd) = level.as_sse2() {
            return vectorized(simd, kernel);
        }
        unreachable!("every x86-64 processor has SSE2")
    }
    #[cfg(not(target_arch = "x86_64"))]
    fearless_simd::dispatch!(level, simd => with_lanes(simd, kernel))
}

/// The machine's widest instruction set; with the environment variable `KEIRETSU_INSTRUCTION_SET`, for tests
/// that compare them, none wider than it says (`SSE2` or `AVX2`).
fn level() -> Level {
    static LEVEL: OnceLock<Level> = OnceLock::new();
    *LEVEL.get_or_init(|| {
        let level = Level::new();
        #[cfg(target_arch = "x86_64")]
        return match std::env::var("KEIRETSU_INSTRUCTION_SET").as_deref() {
            Ok("SSE2") => level.as_sse2().map_or(level, |simd| simd.level()),
            Ok("AVX2") => level.as_avx2().map_or(level, |simd| simd.level()),
            _ => level,
        };
        #[cfg(not(target_arch = "x86_64"))]
        level
    })
}

/// The instruction set that [`on_best_lanes`] uses here.
pub fn instruction_set() -> String {
    struct Name;
    impl Kernel for Name {
        type Output = String;
        #[inline(always)]
        fn run<R: Real>(self, _: R::Token) -> String {
            let token = std::any::type_name::<R::Token>();
            token.rsplit("::").next().unwrap_or(token).to_owned()
        }
    }
    on_best_lanes(Name)
}

#[cfg(target_arch = "x86_64")]
fn vectorized<S: Simd, K: Kernel>(simd: S, kernel: K) -> K::Output {
    simd.vectorize(
        #[inline(always)]
        || with_lanes(simd, kernel),
    )
}

#[inline(always)]
fn with_lanes<S: Simd, K: Kernel>(simd: S, kernel: K) -> K::Output {
    kernel.run::<Lanes<S>>(simd)
}

/// Runs a kernel on `f64` and on every instruction set of this machine; for tests of agreement.
#[cfg(test)]
pub(crate) fn on_every_level<K: Kernel + Clone>(kernel: K) -> Vec<(&'static str, K::Output)> {
    let mut outputs = vec![("f64", kernel.clone().run::<f64>(()))];
    #[cfg(target_arch = "x86_64")]
    {
        let level = Level::new();
        if let Some(simd) = level.as_sse2() {
            outputs.push(("SSE2", vectorized(simd, kernel.clone())));
        }
        if let Some(simd) = level.as_sse4_2() {
            outputs.push(("SSE4.2", vectorized(simd, kernel.clone())));
        }
        if let Some(simd) = level.as_avx2() {
            outputs.push(("AVX2", vectorized(simd, kernel.clone())));
        }
        if let Some(simd) = level.as_avx512() {
            outputs.push(("AVX-512", vectorized(simd, kernel.clone())));
        }
    }
    outputs.push(("best", on_best_lanes(kernel)));
    outputs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// exp, ln, their mixture with the other operations, over a list of numbers.
    #[derive(Clone)]
    struct Everything<'a>(&'a [f64]);
    impl Kernel for Everything<'_> {
        type Output = Vec<u64>;
        #[inline(always)]
        fn run<R: Real>(self, token: R::Token) -> Vec<u64> {
            let mut bits = Vec::new();
            let mut columns = vec![vec![0.0; self.0.len()]; 7];
            for start in (0..self.0.len()).step_by(R::LANES) {
                let x = R::load(token, &self.0[start..start + R::LANES]);
                let positive = x.abs() + 1e-300;
                let results = [
                    x.exp(),
                    x.exp2(),
                    positive.ln(),
                    positive.sqrt() / (x + 2.0),
                    x.max(R::one(token)).min(positive),
                    R::select(x.lt(R::zero(token)), -x, x * x),
                    R::splat(token, 1.5).powf(x),
                ];
                for (column, result) in columns.iter_mut().zip(results) {
                    result.store(&mut column[start..start + R::LANES]);
                }
            }
            bits.extend(columns.concat().iter().map(|v| v.to_bits()));
            bits
        }
    }

    fn agree(values: &[f64]) {
        let outputs = on_every_level(Everything(values));
        for (name, bits) in &outputs[1..] {
            assert_eq!(bits, &outputs[0].1, "{name} differs from f64");
        }
    }

    proptest! {
        #[test]
        fn every_instruction_set_gives_the_same_bits(
            values in prop::collection::vec(prop_oneof![-720.0..720.0, -3.0..3.0, -1e-9..1e-9], 64)
        ) {
            agree(&values);
        }
    }

    #[test]
    fn every_instruction_set_agrees_on_a_long_grid() {
        let values: Vec<f64> = (0..1 << 16).map(|i| -700.0 + f64::from(i) * 0.0213).collect();
        agree(&values);
    }
}
