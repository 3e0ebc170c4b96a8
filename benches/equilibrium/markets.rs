//! The benchmark markets: replications of one market each, costs and utilities drawn anew.

use keiretsu::market::pricing::{Layout, PriceResponse};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Normal, Uniform};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Replications of one market. Columns are offer-major: offer j, replication r at j · n + r.
pub struct Batch {
    pub n: usize,
    pub layout: Layout,
    pub response: PriceResponse,
    pub weight: Vec<f64>,
    /// One price sensitivity per type, the same in every replication, times `alpha_factor`.
    pub alpha: Vec<f64>,
    pub alpha_factor: Vec<f64>,
    pub taste: Vec<f64>,
    pub rho: Vec<f64>,
    pub utility: Vec<f64>,
    pub cost: Vec<f64>,
    pub start: Vec<f64>,
}

#[derive(Deserialize)]
struct Drawn {
    xi: Vec<f64>,
    c: Vec<f64>,
    p0: Vec<f64>,
    x1: Option<Vec<f64>>,
    nodes: Option<Vec<[f64; 2]>>,
}

fn drawn(name: &str) -> Drawn {
    let all: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(include_str!("markets.json")).expect("markets.json parses");
    serde_json::from_value(all[name].clone()).expect("a market has xi, c and p0")
}

/// A linear-price market of the peers' timing script after firm 1 merged into firm 0, `n` replications
/// with xi + N(0, .2) and c exp(N(0, .05)), started at the prices before the merger.
pub fn merger(name: &str, firms: usize, nested: bool, n: usize) -> Batch {
    let market = drawn(name);
    let offers = market.xi.len();
    let merged = |j: usize| if j % firms == 1 { 0 } else { j % firms };
    let firm_of: Vec<usize> = (0..offers).map(merged).collect();
    let nest_of: Vec<usize> = (0..offers).map(|j| if nested { j * 7 % 4 } else { 0 }).collect();
    let order = Layout::sorting(&firm_of, &nest_of);
    let pick = |column: &[usize]| order.iter().map(|&j| column[j]).collect();
    let layout = Layout::new(pick(&firm_of), pick(&nest_of), vec![false; firms]);
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let (of_xi, of_cost) = (Normal::new(0.0, 0.2).unwrap(), Normal::new(0.0, 0.05).unwrap());
    let mut batch = Batch {
        n,
        rho: vec![if nested { 0.6 } else { 0.0 }; layout.nests.len()],
        layout,
        response: PriceResponse::Linear,
        weight: vec![1.0],
        alpha: vec![1.0],
        alpha_factor: vec![1.0; n],
        taste: vec![],
        utility: vec![],
        cost: vec![],
        start: vec![],
    };
    for &j in &order {
        batch.utility.extend((0..n).map(|_| market.xi[j] + of_xi.sample(&mut random)));
        batch.cost.extend((0..n).map(|_| market.c[j] * f64::exp(of_cost.sample(&mut random))));
        batch.start.extend(std::iter::repeat_n(market.p0[j], n));
    }
    if let (Some(nodes), Some(x1)) = (&market.nodes, &market.x1) {
        batch.weight = vec![1.0 / nodes.len() as f64; nodes.len()];
        batch.alpha = nodes.iter().map(|node| 1.0 - 0.15 * node[0]).collect();
        let taste = |node: &[f64; 2]| order.iter().map(|&j| 0.8 * node[1] * x1[j]).collect::<Vec<f64>>();
        batch.taste = nodes.iter().flat_map(taste).collect();
    }
    batch
}

/// Log price, 40 offers of 24 firms in 2 nests, ρ = .5, α about 4.5, outside share about .25.
/// `start` is left at the costs' markup guess; the benchmark perturbs the solved prices.
pub fn log_market(n: usize) -> Batch {
    let (offers, firms) = (40, 24);
    let firm_of: Vec<usize> = (0..offers).map(|j| j % firms).collect();
    let nest_of: Vec<usize> = (0..offers).map(|j| (j + j / firms) % 2).collect();
    let order = Layout::sorting(&firm_of, &nest_of);
    let pick = |column: &[usize]| order.iter().map(|&j| column[j]).collect();
    let layout = Layout::new(pick(&firm_of), pick(&nest_of), vec![false; firms]);
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let quality = Normal::new(0.0, 0.4).unwrap();
    let cost = Uniform::new(15_000.0, 40_000.0).unwrap();
    let (of_xi, of_cost) = (Normal::new(0.0, 0.1).unwrap(), Normal::new(0.0, 0.05).unwrap());
    let mut batch = Batch {
        n,
        layout,
        response: PriceResponse::Log,
        weight: vec![1.0],
        alpha: vec![4.5],
        alpha_factor: (0..n).map(|_| f64::exp(of_cost.sample(&mut random))).collect(),
        taste: vec![],
        rho: vec![0.5; 2],
        utility: vec![],
        cost: vec![],
        start: vec![],
    };
    for _ in 0..offers {
        let (base_cost, base_quality) = (cost.sample(&mut random), quality.sample(&mut random));
        // The constant puts the outside share near one quarter.
        let level = base_quality - 1.35;
        for r in 0..n {
            let own = base_cost * f64::exp(of_cost.sample(&mut random));
            let alpha = 4.5 * batch.alpha_factor[r];
            let utility = level + alpha * f64::ln(base_cost * 1.25) + of_xi.sample(&mut random);
            batch.utility.push(utility);
            batch.cost.push(own);
            batch.start.push(own * 1.25);
        }
    }
    batch
}
