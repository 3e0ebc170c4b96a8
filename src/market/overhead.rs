//! Fixed cost (model section 9): it follows the units a maker sells worldwide, with a lag.
//!
//! F_t = F_0 exp(e k_t), k_{t+1} = k_t + a (ln(V_t / V_0) − k_t)
//!
//! | symbol | name | unit | source |
//! |---|---|---|---|
//! | F | fixed cost | money a year | |
//! | e | its elasticity to volume | % per % | Anderson, Banker & Janakiraman (2003) |
//! | k | size that plants and staff have come to since the base year | log points | |
//! | a | part of the gap that closes in a year | fraction a year | convention of this project |
//! | V | units sold worldwide | units a year | |

use super::quality::log_ratio;
use crate::numeric::Real;

/// F_t, from the base year's.
#[inline(always)]
pub fn fixed_cost<R: Real>(base: R, elasticity: R, size: R) -> R {
    base * (elasticity * size).exp()
}

/// k of the year that follows one with this volume.
#[inline(always)]
pub fn next_size<R: Real>(size: R, adjustment: R, volume: R, base_volume: R) -> R {
    size + adjustment * (log_ratio(volume, base_volume) - size)
}
