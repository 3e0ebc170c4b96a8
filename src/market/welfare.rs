//! Consumer surplus relative to the base year (model section 9) and concentration.
//!
//! With ln(1 + Σ_g D_g^(1−ρ)) = −ln s_0 the log-sum needs no more than the outside share.

use super::pricing::PriceResponse;
use crate::numeric::Real;

/// Change of consumer surplus against the base year, money.
///
/// Linear price: Δ(log-sum)/α · N. Log price: base-year spending · ln λ, with λ the uniform price rise
/// that would bring buyers back to the base year's well-being:
/// ln λ = [ln(e^I − 1) − ln(e^I₀ − 1)]/α and e^I − 1 = (1 − s_0)/s_0.
#[inline(always)]
pub fn consumer_surplus<R: Real>(
    response: PriceResponse,
    alpha: R,
    outside_share: R,
    base_outside_share: R,
    buyers: R,
    base_spending: R,
) -> R {
    match response {
        PriceResponse::Linear => (base_outside_share / outside_share).ln() / alpha * buyers,
        PriceResponse::Log => {
            let odds = (-outside_share + 1.0) / outside_share;
            let base_odds = (-base_outside_share + 1.0) / base_outside_share;
            base_spending * ((odds / base_odds).ln() / alpha)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_changes_where_nothing_changed() {
        for response in [PriceResponse::Linear, PriceResponse::Log] {
            assert_eq!(consumer_surplus(response, 2.0, 0.3, 0.3, 1e6, 1e9), 0.0);
        }
    }

    /// One type, log price: all prices λ times higher bring the log-sum back.
    #[test]
    fn a_uniform_price_rise_of_lambda_undoes_the_gain() {
        let (alpha, before, after) = (4.5, 0.25_f64, 0.22_f64);
        let log_lambda = consumer_surplus(PriceResponse::Log, alpha, after, before, 1.0, 1.0);
        let odds = (1.0 - after) / after * Real::exp(-alpha * log_lambda);
        assert!((1.0 / (1.0 + odds) - before).abs() < 1e-12);
    }
}
