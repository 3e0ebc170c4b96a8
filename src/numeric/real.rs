//! `Real`: one number type for two widths, so that every equation is written once.
//!
//! `f64` is one replication; `Lanes` holds eight replications side by side. Both perform the same
//! IEEE operations in the same order, without fused multiply-add, so their results agree bit for bit
//! on every instruction set.

use super::elementary;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

/// A yes or no per lane.
pub trait Mask: Copy {
    fn and(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    fn not(self) -> Self;
    /// True if at least one lane is true.
    fn any(self) -> bool;
    /// True if every lane is true.
    fn all(self) -> bool;
    /// The answer of one lane.
    fn lane(self, lane: usize) -> bool;
}

/// A real number, or several side by side ("lanes"), one per replication.
pub trait Real:
    Copy
    + Send
    + Sync
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
    + Div<f64, Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
{
    /// How many replications one value holds.
    const LANES: usize;
    /// Proof that the machine has the instructions this width needs.
    type Token: Copy + Send + Sync;
    type Mask: Mask;

    fn splat(token: Self::Token, value: f64) -> Self;
    /// Reads `LANES` values.
    fn load(token: Self::Token, values: &[f64]) -> Self;
    /// Writes `LANES` values.
    fn store(self, values: &mut [f64]);
    /// The value of one lane.
    fn lane(self, lane: usize) -> f64;
    /// Replaces the value of one lane.
    fn set_lane(&mut self, lane: usize, value: f64);
    fn token(self) -> Self::Token;

    fn mask(token: Self::Token, value: bool) -> Self::Mask;
    fn lt(self, other: Self) -> Self::Mask;
    fn le(self, other: Self) -> Self::Mask;
    /// `if_true` where the mask holds, else `if_false`; both are evaluated.
    fn select(mask: Self::Mask, if_true: Self, if_false: Self) -> Self;

    fn abs(self) -> Self;
    /// The larger; `other` where either is NaN.
    fn max(self, other: Self) -> Self;
    /// The smaller; `other` where either is NaN.
    fn min(self, other: Self) -> Self;
    fn sqrt(self) -> Self;
    /// e to the power of `self`, within 1 ulp; arguments are clamped to [-708, 709].
    #[inline(always)]
    fn exp(self) -> Self {
        elementary::exp(self)
    }
    /// The largest argument of [`Real::exp_small`].
    const SMALL: f64 = 0.34;
    /// e to the power of `self`, within 1 ulp, for -0.34 ≤ `self` ≤ 0.34 only. Cheaper than [`Real::exp`].
    #[inline(always)]
    fn exp_small(self) -> Self {
        elementary::exp_small(self)
    }
    /// 2 to the power of `self`, within 2 ulp; arguments are clamped to [-1021, 1023]. Cheaper than
    /// [`Real::exp`]: nothing is lost in reducing the argument.
    #[inline(always)]
    fn exp2(self) -> Self {
        elementary::exp2(self)
    }
    /// Natural logarithm of a positive normal number, within 1 ulp; NaN at 0, below 0 and for NaN.
    #[inline(always)]
    fn ln(self) -> Self {
        elementary::ln(self)
    }
    /// `self` to the power of `y`, for positive `self`: exp(y ln self).
    #[inline(always)]
    fn powf(self, y: Self) -> Self {
        (self.ln() * y).exp()
    }

    #[inline(always)]
    fn zero(token: Self::Token) -> Self {
        Self::splat(token, 0.0)
    }
    #[inline(always)]
    fn one(token: Self::Token) -> Self {
        Self::splat(token, 1.0)
    }

    /// `self` with its exponent field raised by the integer that `shifted` holds in its low mantissa
    /// bits: `self` times 2^n for shifted = n + 1.5·2^52. The result must be a normal number.
    #[doc(hidden)]
    fn times_power_of_two(self, shifted: Self) -> Self;
    /// Mantissa m in [√½, √2) and exponent k of a positive normal number m·2^k.
    #[doc(hidden)]
    fn mantissa_and_exponent(self) -> (Self, Self);
    /// Runs `body` as a function of its own that may use the instructions of this width; keeps large
    /// kernels from being copied into each caller.
    #[doc(hidden)]
    fn outlined<T>(token: Self::Token, body: impl FnOnce() -> T) -> T;
}
