//! `f64` as a `Real`: one replication.

use super::{Mask, Real};

impl Mask for bool {
    #[inline(always)]
    fn and(self, other: Self) -> Self {
        self & other
    }
    #[inline(always)]
    fn or(self, other: Self) -> Self {
        self | other
    }
    #[inline(always)]
    fn not(self) -> Self {
        !self
    }
    #[inline(always)]
    fn any(self) -> bool {
        self
    }
    #[inline(always)]
    fn all(self) -> bool {
        self
    }
    #[inline(always)]
    fn lane(self, _: usize) -> bool {
        self
    }
}

impl Real for f64 {
    const LANES: usize = 1;
    type Token = ();
    type Mask = bool;

    #[inline(always)]
    fn splat((): (), value: f64) -> f64 {
        value
    }
    #[inline(always)]
    fn load((): (), values: &[f64]) -> f64 {
        values[0]
    }
    #[inline(always)]
    fn store(self, values: &mut [f64]) {
        values[0] = self;
    }
    #[inline(always)]
    fn lane(self, _: usize) -> f64 {
        self
    }
    #[inline(always)]
    fn set_lane(&mut self, _: usize, value: f64) {
        *self = value;
    }
    #[inline(always)]
    fn token(self) {}

    #[inline(always)]
    fn mask((): (), value: bool) -> bool {
        value
    }
    #[inline(always)]
    fn lt(self, other: f64) -> bool {
        self < other
    }
    #[inline(always)]
    fn le(self, other: f64) -> bool {
        self <= other
    }
    #[inline(always)]
    fn select(mask: bool, if_true: f64, if_false: f64) -> f64 {
        if mask { if_true } else { if_false }
    }

    #[inline(always)]
    fn abs(self) -> f64 {
        f64::abs(self)
    }
    #[inline(always)]
    fn max(self, other: f64) -> f64 {
        if self > other { self } else { other }
    }
    #[inline(always)]
    fn min(self, other: f64) -> f64 {
        if self < other { self } else { other }
    }
    #[inline(always)]
    fn sqrt(self) -> f64 {
        f64::sqrt(self)
    }

    #[inline(always)]
    fn times_power_of_two(self, shifted: f64) -> f64 {
        f64::from_bits(self.to_bits().wrapping_add(shifted.to_bits() << 52))
    }
    #[inline(always)]
    fn mantissa_and_exponent(self) -> (f64, f64) {
        let bits = self.to_bits();
        let biased = bits.wrapping_add(super::SQRT_HALF_TO_ONE) >> 52;
        let mantissa = bits.wrapping_add(super::ONE_BITS).wrapping_sub(biased << 52);
        let exponent = f64::from_bits(biased | super::TWO_52_BITS) - super::TWO_52_AND_BIAS;
        (f64::from_bits(mantissa), exponent)
    }
    #[inline(always)]
    fn outlined<T>((): (), body: impl FnOnce() -> T) -> T {
        body()
    }
}
