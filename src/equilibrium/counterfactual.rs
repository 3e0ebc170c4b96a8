//! Turns one counterfactual into a market to solve: owners, costs, taxes, entry, exit, fixed prices.

use super::calibrate::Base;
use super::question::{CostRule, Question, Scenario};
use crate::market::pricing::{Layout, Market};

/// A market after the change, with names and starting prices (the maker's).
pub struct Changed {
    pub market: Market<f64>,
    pub offers: Vec<String>,
    pub start: Vec<f64>,
}

/// Applies a scenario to the base market.
pub fn apply(question: &Question, base: &Base, scenario: &Scenario) -> Changed {
    let n = question.price.len();
    let entries = &scenario.entries;
    // The base offers, then those each entry is like.
    let places: Vec<usize> = (0..n).chain(entries.iter().map(|entry| entry.like)).collect();
    let mut market = base.market.picked(&places);
    let ownership = &scenario.ownership;
    let firm = ownership.firm.iter().copied().chain(entries.iter().map(|entry| entry.firm)).collect();
    let nest_of = base.market.layout.nest_of.iter().copied();
    let nest = nest_of.chain(entries.iter().map(|entry| entry.nest)).collect();
    market.layout = Layout::of_nests(firm, nest, ownership.fringe.clone(), market.rho.len());
    market.conduct = ownership.kappa.clone();
    market.tax = places.iter().map(|&j| scenario.tax[j]).collect();
    market.credit = places.iter().map(|&j| scenario.credit[j]).collect();
    market.cost[..n].copy_from_slice(&costs(&base.market.cost, &scenario.costs));
    let mut start: Vec<f64> = (0..n).map(|j| market.maker_price(j, question.price[j])).collect();
    market.fixed_price = vec![f64::NAN; places.len()];
    market.available = vec![1.0; places.len()];
    for (j, &fixed) in scenario.fixed.iter().enumerate() {
        if !fixed.is_nan() {
            market.fixed_price[j] = market.maker_price(j, fixed);
        }
    }
    // An offer that leaves keeps its place, with nothing sold at its old price.
    for &j in &scenario.removed {
        market.available[j] = 0.0;
        market.fixed_price[j] = start[j];
    }
    let mut offers = question.offers.clone();
    for (j, entry) in (n..).zip(entries) {
        // Log points of share within the nest: dividing by 1 − ρ gives ln s_j|g.
        market.utility[j] += (1.0 - market.rho[entry.nest]) * entry.quality;
        market.cost[j] = entry.cost.unwrap_or(base.market.cost[entry.like]);
        start.push(start[entry.like]);
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
