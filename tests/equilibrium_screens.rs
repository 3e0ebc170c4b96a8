//! First looks at a merger: what they promise holds in the equilibrium that follows.

use crate::support::markets::{Draws, ask, close, numbers};
use serde_json::{Value, json};

/// Four firms, eight offers in two nests, with weights on each other.
fn market(draws: &mut Draws) -> Value {
    let firms: Vec<&str> = ["A", "B", "C", "D"].into_iter().flat_map(|firm| [firm, firm]).collect();
    let nests: Vec<&str> = (0..8).map(|j| if j % 2 == 0 { "s" } else { "l" }).collect();
    let prices: Vec<f64> = (0..8).map(|_| draws.between(10.0, 20.0)).collect();
    let shares: Vec<f64> = (0..8).map(|_| draws.between(0.01, 0.11)).collect();
    let weight = |f: usize, g: usize, draws: &mut Draws| match f == g {
        true => 1.0,
        false if draws.chance(0.5) => draws.between(0.0, 0.4),
        false => 0.0,
    };
    let kappa: Vec<Vec<f64>> = (0..4).map(|f| (0..4).map(|g| weight(f, g, draws)).collect()).collect();
    json!({
        "products": {"firm_ids": firms, "nest_ids": nests, "prices": prices, "shares": shares},
        "demand": {"alpha": -draws.between(0.3, 0.6), "rho": draws.between(0.0, 0.6)},
        "firms": ["A", "B", "C", "D"],
        "profit_weights": {"firms": ["A", "B", "C", "D"], "kappa": kappa},
    })
}

/// The merger of A and B: A counts what both counted of others, whose stakes in the two are bought out.
fn merger(market: &Value) -> Value {
    let rows: Vec<Vec<f64>> =
        market["profit_weights"]["kappa"].as_array().unwrap().iter().map(numbers).collect();
    let merged = [1.0, rows[0][2] + rows[1][2], rows[0][3] + rows[1][3]];
    let kappa = [merged, [0.0, 1.0, rows[2][3]], [0.0, rows[3][2], 1.0]];
    json!({
        "id": "merger",
        "firm_ids": ["A", "A", "A", "A", "C", "C", "D", "D"],
        "profit_weights": {"firms": ["A", "C", "D"], "kappa": kappa},
    })
}

fn answer(market: &Value) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("market.json");
    std::fs::write(&path, market.to_string()).unwrap();
    let (answer, _, outcome) = ask(&path).unwrap();
    assert!(outcome, "{answer}");
    answer
}

/// Werden (1996): at the compensating costs the merged firm leaves today's prices as they are, and so does
/// everybody else, holders of stakes too.
#[test]
fn at_the_compensating_costs_prices_stay() {
    let mut draws = Draws(5);
    let mut outsiders_moved = 0;
    for number in 0..60 {
        let mut market = market(&mut draws);
        market["scenarios"] = json!([merger(&market)]);
        let first = answer(&market);
        assert_eq!(first["screens"]["merging"], json!(["A", "B"]));
        let costs = numbers(&first["screens"]["compensating_costs"]);
        let today = numbers(&first["baseline"]["costs"]);
        outsiders_moved += usize::from((4..8).any(|j| (costs[j] - today[j]).abs() > 1e-6));
        for (j, cmcr) in numbers(&first["screens"]["cmcr"]).into_iter().enumerate() {
            assert!(close(cmcr, (today[j] - costs[j]) / today[j], 1e-12, 0.0));
        }
        market["scenarios"][0]["costs"] = json!(costs);
        let then = answer(&market);
        let prices = numbers(&then["scenarios"][0]["results"]["prices"]);
        for (j, (then, now)) in prices.iter().zip(numbers(&market["products"]["prices"])).enumerate() {
            assert!(close(*then, now, 1e-9, 0.0), "market {number}, offer {j}: {then} for {now}");
        }
    }
    assert!(outsiders_moved > 20, "few markets try outsiders' stakes: {outsiders_moved}");
}
