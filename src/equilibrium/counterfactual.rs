//! Turns one counterfactual into a market to solve: owners, costs, taxes, entry, exit, fixed prices.

use super::calibrate::Base;
use super::question::{CostRule, Question, Scenario};
use crate::market::pricing::dense::DenseMarket;

/// A market after the change, with names and starting prices (the maker's).
pub struct Changed {
    pub market: DenseMarket,
    pub offers: Vec<String>,
    pub start: Vec<f64>,
}

/// Applies a scenario to the base market.
pub fn apply(question: &Question, base: &Base, scenario: &Scenario) -> Changed {
    let mut market = base.market.clone();
    let ownership = &scenario.ownership;
    market.firm.clone_from(&ownership.firm);
    market.kappa = ownership.kappa.dense(ownership.firms.len());
    market.fringe.clone_from(&ownership.fringe);
    market.cost = costs(&base.market.cost, &scenario.costs);
    market.tax.clone_from(&scenario.tax);
    market.credit.clone_from(&scenario.credit);
    let maker = |market: &DenseMarket, j: usize, paid: f64| (paid + market.credit[j]) / (1.0 + market.tax[j]);
    let mut start: Vec<f64> =
        (0..question.price.len()).map(|j| maker(&market, j, question.price[j])).collect();
    for j in 0..start.len() {
        if !scenario.fixed[j].is_nan() {
            market.fixed_price[j] = maker(&market, j, scenario.fixed[j]);
        }
    }
    // An offer that leaves keeps its place, with nothing sold at its old price.
    for &j in &scenario.removed {
        market.log_available[j] = f64::NEG_INFINITY;
        market.fixed_price[j] = start[j];
    }
    let mut offers = question.offers.clone();
    for entry in &scenario.entries {
        let like = entry.like;
        let n = market.n_offers();
        let types = market.n_types();
        if !market.taste.is_empty() {
            let mut taste = Vec::with_capacity(types * (n + 1));
            for row in market.taste.chunks(n) {
                taste.extend_from_slice(row);
                taste.push(row[like]);
            }
            market.taste = taste;
        }
        market.firm.push(entry.firm);
        market.nest.push(entry.nest);
        market.utility.push(base.market.utility[like] + entry.quality);
        market.cost.push(entry.cost.unwrap_or(base.market.cost[like]));
        market.tax.push(scenario.tax[like]);
        market.credit.push(scenario.credit[like]);
        market.overhang.push(0.0);
        market.log_available.push(0.0);
        market.fixed_price.push(f64::NAN);
        start.push(start[like]);
        offers.push(entry.name.clone());
    }
    Changed { market, offers, start }
}

fn costs(base: &[f64], rules: &[CostRule]) -> Vec<f64> {
    let mut cost = base.to_vec();
    for rule in rules {
        match rule {
            CostRule::Levels(levels) => cost.clone_from(levels),
            CostRule::Change { offers, percent, amount } => {
                for &j in offers {
                    cost[j] += percent / 100.0 * cost[j].abs() + amount;
                }
            }
        }
    }
    cost
}
