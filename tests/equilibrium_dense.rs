//! The dense price solver against the reference markets and the hazards.

use crate::support::markets::*;
use keiretsu::market::pricing::dense::{
    Conditions, Status, demand, inversion, roots, slopes, solve, surplus,
};
use keiretsu::market::pricing::{Layout, Market};

#[test]
fn baselines_of_the_reference_markets() {
    for (name, file) in reference_markets() {
        let (market, price, _) = prepared(&file);
        let base = &file["baseline"];
        let loose = if name.starts_with("s08") { 1e-7 } else { 1e-8 };
        assert_all(&name, "xi", &market.utility, &numbers(&base["xi"]), 1e-9, 1e-9);
        assert_all(&name, "costs", &market.cost, &numbers(&base["costs"]), 1e-9, 1e-9);
        let at = Conditions::at(&market, &price);
        let elasticities = demand::elasticities(&market, &at, &price);
        let diversion = demand::diversion(&market, &at);
        for (matrix, rows, key) in
            [(&elasticities, "elasticity_rows", "elasticities"), (&diversion, "diversion_rows", "diversion")]
        {
            let (indices, values) = match base.get(key) {
                Some(all) => ((0..price.len()).collect(), all.as_array().unwrap()),
                None => (
                    numbers(&base[rows]["rows"]).iter().map(|&r| r as usize).collect::<Vec<_>>(),
                    base[rows]["values"].as_array().unwrap(),
                ),
            };
            for (row, want) in indices.into_iter().zip(values) {
                assert_all(&name, key, matrix.row(row), &numbers(want), loose, 1e-10);
            }
        }
        let got = demand::market_elasticity(&market, &at, &price);
        assert!(
            close(got, base["market_elasticity"].as_f64().unwrap(), loose, 1e-10),
            "{name} market elasticity"
        );
        let cs = surplus::log_sum(&market, &at.choice);
        assert!(close(cs, base["consumer_surplus"].as_f64().unwrap(), 1e-9, 0.0), "{name} surplus");
        if let Some(rows) = base["passthrough"].as_array() {
            let pass = slopes::pass_through(&market, &at).unwrap();
            for (j, row) in rows.iter().enumerate() {
                assert_all(&name, "pass-through", pass.row(j), &numbers(row), 1e-7, 1e-7);
            }
        }
        let soc =
            slopes::second_order_eigenvalues(&market, &at).into_iter().fold(f64::NEG_INFINITY, f64::max);
        let want = base["checks"]["soc_max_eigenvalue"].as_f64().unwrap();
        assert!(close(soc, want, 1e-6, 1e-8), "{name} second-order eigenvalue {soc} against {want}");
    }
}

#[test]
fn every_scenario_of_the_reference_markets() {
    let mut iterations = 0;
    let mut count = 0;
    for (name, file) in reference_markets() {
        let (base, price, _) = prepared(&file);
        for scenario in file["scenarios"].as_array().unwrap() {
            let label = format!("{name} {}", scenario["id"]);
            let mut market = base.clone();
            let firm_ids = words(&scenario["firm_ids"]);
            let order = distinct(&firm_ids);
            market.layout = Layout::of_nests(
                indices(&firm_ids, &order),
                base.layout.nest_of.clone(),
                vec![false; order.len()],
                base.rho.len(),
            );
            market.conduct = kappa(&scenario["profit_weights"], &order);
            market.cost = numbers(&scenario["costs"]);
            if scenario["ad_valorem_tax"].is_array() {
                market.tax = numbers(&scenario["ad_valorem_tax"]);
            }
            let start: Vec<f64> = (0..price.len()).map(|j| market.maker_price(j, price[j])).collect();
            let solution = solve(&market, &start);
            assert_eq!(solution.status, Status::Converged, "{label}");
            iterations += solution.iterations;
            count += 1;
            let paid: Vec<f64> =
                (0..price.len()).map(|j| market.buyer_price(j, solution.prices[j])).collect();
            let want = numbers(&scenario["results"]["prices"]);
            for j in 0..price.len() {
                let gap = (paid[j] - want[j]).abs();
                assert!(
                    gap <= 1e-9 * want[j].abs().max(1.0),
                    "{label} price {j}: {} against {}",
                    paid[j],
                    want[j]
                );
            }
            let shares = numbers(&scenario["results"]["shares"]);
            for (j, &s) in shares.iter().enumerate().filter(|(_, s)| **s > 1e-12) {
                assert!(close(solution.shares[j], s, 1e-9, 0.0), "{label} share {j}");
            }
        }
    }
    println!("{count} equilibria, {:.1} steps each", iterations as f64 / count as f64);
}

fn hazard(id: &str) -> (Market<f64>, serde_json::Value) {
    let cases = read("hazards.json");
    let case = cases["cases"].as_array().unwrap().iter().find(|c| c["id"] == id).unwrap().clone();
    let weights = case.get("profit_weights").cloned().unwrap_or_default();
    let rho = case.get("rho").cloned().unwrap_or_default();
    let x = case.get("x").cloned().unwrap_or_default();
    let mut market = dense(&words(&case["firm_ids"]), case.get("nest_ids"), &rho, &case, &x, &weights);
    market.utility = numbers(&case["xi"]);
    market.cost = numbers(&case["costs"]);
    (market, case)
}

#[test]
fn costs_survive_shares_of_1e_20() {
    let (market, case) = hazard("hz0_extreme_shares");
    let prices = numbers(&case["equilibrium_prices"]);
    let costs = inversion::marginal_costs(&market, &prices).unwrap();
    assert_all("hz0", "costs", &costs, &market.cost, 1e-9, 0.0);
    let solution = solve(&market, &prices.iter().map(|p| p * 1.5).collect::<Vec<_>>());
    assert_eq!(solution.status, Status::Converged);
    assert_all("hz0", "prices", &solution.prices, &prices, 1e-9, 0.0);
    assert_all("hz0", "shares", &solution.shares, &numbers(&case["equilibrium_shares"]), 1e-7, 0.0);
}

#[test]
fn several_roots_are_found_and_the_stable_one_chosen() {
    let (market, case) = hazard("hz1_two_types_monopoly");
    for start in [0.6, 1.5, 2.0, 5.0, 12.0] {
        let search = roots::search(&market, &[start]);
        assert!(search.points.len() >= 2, "start {start}: {} roots", search.points.len());
        assert_all(
            "hz1",
            "prices",
            &search.solution.prices,
            &numbers(&case["stationary_prices"][2]),
            1e-9,
            0.0,
        );
    }
    let (market, case) = hazard("hz2_mixed_two_limits");
    for factor in [0.9, 1.0, 1.5] {
        let first = numbers(&case["stationary_prices"][0]);
        let start: Vec<f64> = first.iter().map(|p| factor * p).collect();
        let search = roots::search(&market, &start);
        assert!(search.points.len() >= 2);
        // The reference prints these prices and terms to seven digits.
        assert_all(
            "hz2",
            "prices",
            &search.solution.prices,
            &numbers(&case["stationary_prices"][1]),
            1e-9,
            0.0,
        );
        assert!(search.deviation.unwrap().gain < 1e-9);
        let left = search.points.iter().find(|p| (p.solution.prices[0] - first[0]).abs() < 1e-6);
        if let Some(left) = left {
            assert!(left.deviation.gain > 0.5, "gain {}", left.deviation.gain);
        }
    }
}

#[test]
fn a_cycling_market_converges() {
    let (market, case) = hazard("hz3_nested_partial_cycle");
    let want = numbers(&case["equilibrium_prices"]);
    for factor in [0.7, 1.0, 2.0] {
        let solution = solve(&market, &want.iter().map(|p| p * factor).collect::<Vec<_>>());
        assert_eq!(solution.status, Status::Converged);
        assert_all("hz3", "prices", &solution.prices, &want, 1e-9, 0.0);
    }
}
