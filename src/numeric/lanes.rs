//! `Lanes`: eight replications side by side, on whatever vector instructions the machine has.

use super::{Mask, Real};
use fearless_simd::{Bytes, Select, Simd, SimdBase, SimdFloat, SimdMask, f64x8, mask64x8, u64x8};
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

/// Eight replications side by side.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Lanes<S: Simd>(f64x8<S>);

impl<S: Simd> Mask for mask64x8<S> {
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
        self.any_true()
    }
    #[inline(always)]
    fn all(self) -> bool {
        self.all_true()
    }
    #[inline(always)]
    fn lane(self, lane: usize) -> bool {
        self.test(lane)
    }
}

impl<S: Simd> Real for Lanes<S> {
    const LANES: usize = 8;
    type Token = S;
    type Mask = mask64x8<S>;

    #[inline(always)]
    fn splat(token: S, value: f64) -> Self {
        Lanes(f64x8::splat(token, value))
    }
    #[inline(always)]
    fn load(token: S, values: &[f64]) -> Self {
        Lanes(f64x8::from_slice(token, values))
    }
    #[inline(always)]
    fn store(self, values: &mut [f64]) {
        self.0.store_slice(values);
    }
    #[inline(always)]
    fn lane(self, lane: usize) -> f64 {
        self.0[lane]
    }
    #[inline(always)]
    fn set_lane(&mut self, lane: usize, value: f64) {
        self.0[lane] = value;
    }
    #[inline(always)]
    fn token(self) -> S {
        self.0.simd
    }

    #[inline(always)]
    fn mask(token: S, value: bool) -> mask64x8<S> {
        mask64x8::splat(token, value)
    }
    #[inline(always)]
    fn lt(self, other: Self) -> mask64x8<S> {
        self.0.simd_lt(other.0)
    }
    #[inline(always)]
    fn le(self, other: Self) -> mask64x8<S> {
        self.0.simd_le(other.0)
    }
    #[inline(always)]
    fn select(mask: mask64x8<S>, if_true: Self, if_false: Self) -> Self {
        Lanes(mask.select(if_true.0, if_false.0))
    }

    #[inline(always)]
    fn abs(self) -> Self {
        Lanes(self.0.abs())
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        // On x86 the vector maximum hands its second operand on if either is NaN, as promised;
        // other machines differ.
        if cfg!(any(target_arch = "x86", target_arch = "x86_64")) {
            Lanes(self.0.max(other.0))
        } else {
            Self::select(other.lt(self), self, other)
        }
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        if cfg!(any(target_arch = "x86", target_arch = "x86_64")) {
            Lanes(self.0.min(other.0))
        } else {
            Self::select(self.lt(other), self, other)
        }
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Lanes(self.0.sqrt())
    }

    #[inline(always)]
    fn times_power_of_two(self, shifted: Self) -> Self {
        let bits: u64x8<S> = self.0.bitcast();
        let shifted: u64x8<S> = shifted.0.bitcast();
        Lanes((bits + (shifted << 52)).bitcast())
    }
    #[inline(always)]
    fn mantissa_and_exponent(self) -> (Self, Self) {
        let token = self.token();
        let constant = |bits| u64x8::splat(token, bits);
        let bits: u64x8<S> = self.0.bitcast();
        let biased = (bits + constant(super::SQRT_HALF_TO_ONE)) >> 52;
        let mantissa = bits + constant(super::ONE_BITS) - (biased << 52);
        let exponent: f64x8<S> = (biased | constant(super::TWO_52_BITS)).bitcast();
        (Lanes(mantissa.bitcast()), Lanes(exponent) - super::TWO_52_AND_BIAS)
    }
    #[inline(always)]
    fn outlined<T>(token: S, body: impl FnOnce() -> T) -> T {
        token.vectorize(body)
    }
}

macro_rules! arithmetic {
    ($($operator:ident $method:ident $symbol:tt),*) => {$(
        impl<S: Simd> $operator for Lanes<S> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Lanes(self.0 $symbol other.0)
            }
        }
        impl<S: Simd> $operator<f64> for Lanes<S> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: f64) -> Self {
                Lanes(self.0 $symbol f64x8::splat(self.0.simd, other))
            }
        }
    )*};
}
arithmetic!(Add add +, Sub sub -, Mul mul *, Div div /);

impl<S: Simd> Neg for Lanes<S> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Lanes(-self.0)
    }
}
impl<S: Simd> AddAssign for Lanes<S> {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}
impl<S: Simd> SubAssign for Lanes<S> {
    #[inline(always)]
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}
impl<S: Simd> MulAssign for Lanes<S> {
    #[inline(always)]
    fn mul_assign(&mut self, other: Self) {
        *self = *self * other;
    }
}
