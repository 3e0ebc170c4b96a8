//! Quality: knowledge, loyalty, brand trend, shocks and catch-up (model section 7).
//!
//! δ_jt = δ_j0 + (1 − ρ) · [trend + shock + γ (ln(K/K_0) − region mean) + λ ln(B/B*) + catch-up]: the
//! bracket is in log points of within-powertrain share, hence the factor.

use crate::numeric::Real;

/// Next year's stock: K' = (1 − d) K + R + shared.
#[inline(always)]
pub fn next_knowledge<R: Real>(stock: R, depreciation: R, rnd: R, shared: R) -> R {
    ((-depreciation + 1.0) * stock + rnd + shared).max(R::zero(stock.token()))
}

/// The stock that R&D growing at `growth` has built: K_0 = R_0 / (d + g).
#[inline(always)]
pub fn steady_knowledge<R: Real>(rnd: R, depreciation: R, growth: R) -> R {
    rnd / (depreciation + growth)
}

/// Next year's units on the road: the survivors and the new ones.
#[inline(always)]
pub fn next_stock<R: Real>(stock: R, scrappage: R, units: R) -> R {
    (-scrappage + 1.0) * stock + units
}

/// Units on the road from past sales, youngest first; an established maker went on at its oldest level.
#[inline(always)]
pub fn stock_from_past<R: Real>(scrappage: R, past_units: &[f64], established: bool) -> R {
    let survival = -scrappage + 1.0;
    let mut stock = R::zero(scrappage.token());
    if established {
        let oldest = past_units.last().copied().unwrap_or(0.0);
        stock = R::splat(scrappage.token(), oldest) / scrappage.max(R::splat(scrappage.token(), 1e-3));
    }
    // Horner: the oldest year first, each further year survives once more.
    for &units in past_units.iter().rev().skip(usize::from(established)) {
        stock = stock * survival + units;
    }
    stock
}

/// ln(a/b), 0 where either is not positive.
#[inline(always)]
pub fn log_ratio<R: Real>(a: R, b: R) -> R {
    use crate::numeric::Mask;
    let token = a.token();
    let (zero, tiny) = (R::zero(token), R::splat(token, f64::MIN_POSITIVE));
    let both = zero.lt(a).and(zero.lt(b));
    R::select(both, (a.max(tiny) / b.max(tiny)).ln(), zero)
}

/// What of an expected change the powertrain mix does not already bring: where both point the same way, the part
/// of the former beyond the latter; log points.
#[inline(always)]
pub fn beyond_mix<R: Real>(expected: R, mix: R) -> R {
    let zero = R::zero(mix.token());
    let up = (expected - mix.max(zero)).max(zero);
    let down = (expected - mix.min(zero)).min(zero);
    R::select(zero.lt(expected), up, down)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steady_research_keeps_knowledge_steady() {
        let (d, g) = (0.15, 0.0);
        let stock = steady_knowledge(7.86, d, g);
        assert!((next_knowledge(stock, d, 7.86, 0.0) - stock).abs() < 1e-12);
    }

    #[test]
    fn constant_sales_keep_the_stock_constant() {
        let stock = stock_from_past(0.05, &[100.0, 100.0, 100.0], true);
        assert!((stock - 2000.0_f64).abs() < 1e-9);
        assert!((next_stock(stock, 0.05, 100.0) - stock).abs() < 1e-9);
        assert_eq!(stock_from_past(0.05, &[0.0], false), 0.0);
        assert!((stock_from_past(0.1, &[10.0, 20.0], false) - 28.0_f64).abs() < 1e-12);
    }

    #[test]
    fn what_the_mix_brings_is_not_counted_twice() {
        assert!((beyond_mix(0.5, 0.2) - 0.3_f64).abs() < 1e-15);
        assert!((beyond_mix(-0.2, -0.15) + 0.05_f64).abs() < 1e-15);
        assert_eq!(beyond_mix(0.1, 0.15), 0.0);
        assert_eq!(beyond_mix(-0.1, -0.15), 0.0);
        assert_eq!(beyond_mix(-0.1, 0.15), -0.1);
        assert_eq!(beyond_mix(0.1, -0.15), 0.1);
    }
}
