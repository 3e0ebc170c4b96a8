//! From shares to mean utilities with buyers who differ: every valid market has an answer, and it is found.
#![allow(clippy::disallowed_methods)]

use crate::support::markets::{Draws, ask};
use keiretsu::market::pricing::dense::{Choice, inversion};
use keiretsu::market::pricing::{Market, PriceResponse};
use serde_json::json;

/// Types whose price sensitivities lie up to a factor of 700 apart, so that some buy inside for certain
/// where others would not at all.
fn unequal(draws: &mut Draws, nested: bool) -> Market<f64> {
    let (n, types) = (1 + draws.below(8), 2 + draws.below(5));
    let nests = 1 + draws.below(n);
    let nest = (0..n).map(|j| if j < nests { j } else { draws.below(nests) }).collect();
    let rho = (0..nests).map(|_| if nested { draws.between(0.0, 0.95) } else { 0.0 }).collect();
    let (none, firm) = (vec![0.0; n], vec![0; n]);
    let mut market = Market::nested(PriceResponse::Linear, 1.0, rho, firm, nest, none.clone(), none);
    let weight: Vec<f64> = (0..types).map(|_| draws.between(-5.0, 0.0).exp()).collect();
    market.types.weight = weight.iter().map(|w| w / weight.iter().sum::<f64>()).collect();
    market.types.alpha = (0..types).map(|_| draws.between(-2.0, 4.6).exp()).collect();
    market
}

/// The largest gap in ln s after the inversion.
fn gap(market: &mut Market<f64>, price: &[f64], share: &[f64]) -> f64 {
    let utility = inversion::mean_utilities(market, price, share);
    market.utility = utility.unwrap_or_else(|error| panic!("{error:?}: {market:?} {price:?} {share:?}"));
    let back = Choice::at(market, price).share;
    back.iter().zip(share).map(|(a, b)| (a.ln() - b.ln()).abs()).fold(0.0, f64::max)
}

#[test]
fn every_valid_market_is_inverted() {
    let mut draws = Draws(11);
    for number in 0..600 {
        let mut market = unequal(&mut draws, number % 2 == 1);
        let n = market.n_offers();
        let price: Vec<f64> = (0..n).map(|_| draws.between(1.0, 4.0)).collect();
        // In every fifth market shares go down to 1e-20, in every seventh nearly everybody buys.
        let least = if number % 5 == 0 { -46.0 } else { -6.0 };
        let share: Vec<f64> = (0..n).map(|_| draws.between(least, 0.0).exp()).collect();
        let inside =
            if number % 7 == 0 { 1.0 - draws.between(-20.0, -2.0).exp() } else { draws.between(0.05, 0.97) };
        let total: f64 = share.iter().sum();
        let share: Vec<f64> = share.iter().map(|s| s * inside / total).collect();
        let gap = gap(&mut market, &price, &share);
        assert!(gap <= 1e-12, "market {number}: {gap:e}: {market:?} {price:?} {share:?}");
    }
}

/// Two offers, three types; the contraction of Berry, Levinsohn & Pakes needs 827 steps.
#[test]
fn types_far_apart_in_price_sensitivity() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("market.json");
    let mut file = json!({
        "products": {"firm_ids": ["f0", "f1"], "prices": [2.262, 2.056], "shares": [0.75, 0.1363]},
        "demand": {"alpha": 0, "agents": {"weights": [0.201, 0.501, 0.298], "alpha": [-15.058, -0.544, -0.934]}},
    });
    std::fs::write(&path, file.to_string()).unwrap();
    let (answer, _, outcome) = ask(&path).unwrap();
    assert!(outcome);
    for (got, want) in
        crate::support::markets::numbers(&answer["baseline"]["xi"]).iter().zip([32.6754, 30.3009])
    {
        assert!((got - want).abs() < 5e-5, "{got} against {want}");
    }
    // One type that buys at no price near this one, and offers that are close substitutes.
    file = json!({
        "products": {"firm_ids": ["f0", "f1", "f0", "f1", "f0"], "nest_ids": ["n1", "n1", "n0", "n0", "n0"],
            "prices": [2.14, 1.52, 2.09, 3.52, 3.37], "shares": [0.073, 0.213, 0.173, 0.204, 0.295]},
        "demand": {"rho": 0.9, "alpha": 0,
            "agents": {"weights": [0.227, 0.554, 0.219], "alpha": [-1.167, -78.814, -0.606]}},
    });
    std::fs::write(&path, file.to_string()).unwrap();
    assert!(ask(&path).unwrap().2);
}
