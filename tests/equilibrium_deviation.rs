//! Does any firm gain by moving alone? The search never promises profit that the firm would not earn.
#![allow(clippy::disallowed_methods)]

use crate::support::markets::{Draws, ask, read, stripped};
use keiretsu::market::pricing::dense::deviation::{best_deviation, best_replies, local_escape};
use keiretsu::market::pricing::dense::{Status, inversion, verdict};
use keiretsu::market::pricing::{Market, PriceResponse};
use serde_json::{Value, json};

/// The firm's profit per potential buyer, from the textbook formulas of the nested logit as they stand.
fn plain_profit(market: &Market<f64>, price: &[f64], firm: usize) -> f64 {
    let n = price.len();
    let weight =
        |j: usize| ((market.utility[j] - market.types.alpha[0] * price[j]) / (1.0 - market.rho_of(j))).exp();
    let mut sum = vec![0.0; market.n_nests()];
    (0..n).for_each(|j| sum[market.nest(j)] += weight(j));
    let inclusive: Vec<f64> = sum.iter().zip(&market.rho).map(|(d, r)| d.powf(1.0 - r)).collect();
    let total = 1.0 + inclusive.iter().sum::<f64>();
    (0..n)
        .filter(|&j| market.firm(j) == firm)
        .map(|j| {
            let h = market.nest(j);
            let within = if sum[h] > 0.0 { weight(j) / sum[h] } else { 0.0 };
            (price[j] - market.cost[j]) * within * inclusive[h] / total
        })
        .sum()
}

/// A nested market with linear price whose observed prices satisfy the first-order conditions; some
/// offers are alone in their nest.
fn observed(draws: &mut Draws) -> (Market<f64>, Vec<f64>) {
    let n = 2 + draws.below(5);
    let (firms, nests) = (1 + draws.below(n.min(3)), 1 + draws.below(n));
    let firm: Vec<usize> = (0..n).map(|j| if j < firms { j } else { draws.below(firms) }).collect();
    let nest: Vec<usize> = (0..n).map(|j| if j < nests { j } else { draws.below(nests) }).collect();
    let rho = (0..nests).map(|_| draws.between(0.0, 0.9)).collect();
    let price: Vec<f64> = (0..n).map(|_| draws.between(10.0, 40.0)).collect();
    let share: Vec<f64> = (0..n).map(|_| draws.between(-12.0, 0.0).exp()).collect();
    let inside = draws.between(0.1, 0.9) / share.iter().sum::<f64>();
    let share: Vec<f64> = share.iter().map(|s| s * inside).collect();
    let alpha = draws.between(0.1, 0.4);
    let mut market =
        Market::nested(PriceResponse::Linear, alpha, rho, firm, nest, vec![0.0; n], vec![0.0; n]);
    market.utility = inversion::mean_utilities(&market, &price, &share).unwrap();
    market.cost = inversion::marginal_costs(&market, &price).unwrap();
    (market, price)
}

#[test]
fn a_promised_gain_is_a_gain_in_profit() {
    let mut draws = Draws(7);
    let mut equilibria = 0;
    while equilibria < 300 {
        let (market, price) = observed(&mut draws);
        if verdict::verdict(&market, &price).status != Status::Converged {
            continue;
        }
        equilibria += 1;
        let deviation = best_deviation(&market, &price);
        let now = plain_profit(&market, &price, deviation.firm);
        let then = plain_profit(&market, &deviation.prices, deviation.firm);
        let plain = (then - now) / now;
        assert!(
            (deviation.gain - plain).abs() <= 1e-9 * (1.0 + plain.abs()),
            "market {equilibria}: promised {}, earned {plain}: {market:?} {price:?}",
            deviation.gain
        );
        assert!((0.0..1e-9).contains(&deviation.gain), "market {equilibria}: {}", deviation.gain);
    }
}

/// At an equilibrium that nobody wants to leave, no best reply moves a price.
#[test]
fn best_replies_stay_at_an_equilibrium() {
    let mut draws = Draws(8);
    let mut seen = 0;
    while seen < 100 {
        let (market, price) = observed(&mut draws);
        let holds = verdict::verdict(&market, &price).status == Status::Converged;
        if !holds || best_deviation(&market, &price).gain > 1e-12 {
            continue;
        }
        seen += 1;
        for moved in [best_replies(&market, &price, 1), local_escape(&market, &price)] {
            for (after, before) in moved.iter().zip(&price) {
                assert!((after / before - 1.0).abs() < 1e-4, "market {seen}: {before} to {after}");
            }
        }
    }
}

/// The answer to a file says nothing of a firm that would gain by moving.
fn nobody_gains(name: &str, file: &Value) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("market.json");
    std::fs::write(&path, file.to_string()).unwrap();
    let (answer, warnings, outcome) = ask(&path).unwrap();
    assert!(outcome, "{name}");
    assert!(!warnings.contains("may not be an equilibrium"), "{name}: {warnings}");
    let scenarios = answer["scenarios"].as_array().unwrap();
    for place in scenarios.iter().map(|s| &s["results"]).chain([&answer["baseline"]]) {
        let gain = place["best_deviation_gain"].as_f64().unwrap();
        assert!((0.0..1e-9).contains(&gain), "{name}: {gain}");
    }
}

/// An offer alone in its nest keeps its whole nest at any price; priced out of the market, it sells nothing.
#[test]
fn an_offer_alone_in_its_nest_gains_nothing_at_a_runaway_price() {
    let file = json!({
        "products": {"firm_ids": ["A", "A", "B"], "nest_ids": ["s", "l", "l"],
            "prices": [20, 30, 30], "shares": [0.1, 0.1, 0.1]},
        "demand": {"alpha": -0.2, "rho": 0.5},
    });
    nobody_gains("one singleton", &file);
    nobody_gains("s09", &stripped(&read("s09_nested_singletons.json")));
}
