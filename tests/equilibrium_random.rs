//! Thousands of random markets: no silent failure, no false root, and nearly all of them solved.

use crate::support::markets::Draws;
use keiretsu::market::conduct::Conduct;
use keiretsu::market::pricing::dense::deviation::objective;
use keiretsu::market::pricing::dense::{Choice, Conditions, Status, inversion, residual, slopes, solve};
use keiretsu::market::pricing::{Market, PriceResponse};
use keiretsu::numeric::Real;

struct Drawn {
    market: Market<f64>,
    start: Vec<f64>,
    /// κ ≤ 1 and ρ ≤ 0.95.
    usual: bool,
    kind: &'static str,
}

/// A market from primitives, or a counterfactual around an observed base situation.
fn draw(draws: &mut Draws) -> Drawn {
    let n = 1 + draws.up_to(13);
    let firms = draws.up_to(n.min(6));
    let nests = draws.up_to(n.min(4));
    let firm: Vec<usize> = (0..n).map(|j| if j < firms { j } else { draws.up_to(firms) - 1 }).collect();
    let nest: Vec<usize> = (0..n).map(|j| if j < nests { j } else { draws.up_to(nests) - 1 }).collect();
    let common = draws.between(0.0, 0.99);
    let own_rho = draws.chance(0.5);
    let rho: Vec<f64> = (0..nests).map(|_| if own_rho { draws.between(0.0, 0.99) } else { common }).collect();
    let log = draws.chance(0.4);
    let (response, alpha) = if log {
        (PriceResponse::Log, draws.between(1.5, 6.0))
    } else {
        (PriceResponse::Linear, draws.between(0.5, 3.0))
    };
    let spread = if draws.chance(0.5) { 2.0 } else { 12.0 };
    let utility: Vec<f64> = (0..n).map(|_| draws.between(-spread, spread).min(6.0)).collect();
    let cost: Vec<f64> = (0..n).map(|_| draws.between(0.5, 2.0)).collect();
    let mut market = Market::nested(response, alpha, rho, firm, nest, utility, cost);
    let types = if draws.chance(0.25) { 1 + draws.up_to(5) } else { 1 };
    if types > 1 {
        let weights: Vec<f64> = (0..types).map(|_| draws.between(0.1, 1.0)).collect();
        let total: f64 = weights.iter().sum();
        market.types.weight = weights.iter().map(|w| w / total).collect();
        market.types.alpha = (0..types).map(|_| alpha * draws.between(0.7, 1.4)).collect();
        // Log points within the nest: with tastes far apart at ρ near 1, firms jump between segments and
        // about 1 % of markets have no equilibrium in pure strategies (status: second-order fails).
        let taste = |k: usize, draws: &mut Draws| draws.between(-1.0, 1.0) * (1.0 - market.rho_of(k % n));
        market.types.taste = (0..types * n).map(|k| taste(k, draws)).collect();
    }
    let most = [0.0, 1.0, 1.0, 3.0][draws.up_to(4) - 1];
    let mut weights = Vec::new();
    for f in 0..firms {
        for g in (0..firms).filter(|&g| g != f) {
            weights.push((f, g, if draws.chance(0.5) { draws.between(0.0, most) } else { 0.0 }));
        }
    }
    market.conduct = Conduct::of(weights);
    let mut kind = if log { "log price" } else { "linear price" };
    let mut start: Vec<f64> = market.cost.iter().map(|c| c * draws.between(1.05, 2.0)).collect();
    if draws.chance(0.4) {
        kind = "observed base";
        observed(draws, &mut market, &mut start);
    }
    let usual = market.conduct.weight.iter().all(|&k| k <= 1.0) && market.rho.iter().all(|&r| r <= 0.95);
    Drawn { market, start, usual, kind }
}

/// Shares down to 1e-12 and prices are observed; then costs move and two firms may merge.
fn observed(draws: &mut Draws, market: &mut Market<f64>, start: &mut [f64]) {
    let shares: Vec<f64> = start.iter().map(|_| Real::exp(-draws.between(0.0, 27.6))).collect();
    let inside = draws.between(0.1, 0.95) / shares.iter().sum::<f64>();
    let shares: Vec<f64> = shares.iter().map(|s| s * inside).collect();
    market.utility = inversion::mean_utilities(market, start, &shares).unwrap();
    let back = Choice::at(market, start).share;
    assert!(back.iter().zip(&shares).all(|(a, b)| (a - b).abs() <= 1e-10 * b), "{back:?} {shares:?}");
    if let Ok(costs) = inversion::marginal_costs(market, start)
        && costs.iter().zip(&*start).all(|(c, p)| *c > 0.0 && c < p)
    {
        market.cost = costs;
    }
    market.cost.iter_mut().for_each(|c| *c *= draws.between(0.8, 1.1));
    let firms = market.n_firms();
    if firms > 1 && draws.chance(0.5) {
        let others = market.conduct.entries().filter(|&(f, g, _)| f.max(g) > 1);
        market.conduct = Conduct::of(others.chain([(0, 1, 1.0), (1, 0, 1.0)]).collect());
    }
}

/// Independent of every derivative: a small move of any one price raises no firm's objective.
fn nobody_gains_nearby(market: &Market<f64>, prices: &[f64], number: usize) {
    let here = Choice::at(market, prices);
    for j in 0..prices.len() {
        let firm = market.firm(j);
        let now = objective(market, &here, prices, firm);
        if now.abs() < 1e-250 {
            // Below this the share itself is rounded away.
            continue;
        }
        for step in [-1e-3, 1e-3] {
            let mut moved = prices.to_vec();
            moved[j] += step * (prices[j] - market.cost[j]);
            let then = objective(market, &Choice::at(market, &moved), &moved, firm);
            assert!(then <= now + 1e-13 * now.abs(), "market {number}, offer {j}: {now} to {then}");
        }
    }
}

fn check(count: usize, seed: u64) {
    let mut draws = Draws(seed);
    let mut tally = std::collections::BTreeMap::new();
    let mut iterations = 0;
    for number in 0..count {
        let Drawn { market, start, usual, kind } = draw(&mut draws);
        let solution = solve(&market, &start);
        iterations += solution.iterations;
        let at = Conditions::at(&market, &solution.prices);
        if solution.status == Status::Converged {
            assert!(solution.residual <= 1e-10, "market {number}");
            assert!(residual(&market, &solution.prices) <= 1e-10, "market {number}");
            assert!(solution.markups.iter().all(|m| *m > 0.0), "market {number}");
            let eigenvalues = slopes::second_order_eigenvalues(&market, &at);
            assert!(eigenvalues.iter().all(|&e| e < 0.0), "market {number}: {eigenvalues:?}");
            nobody_gains_nearby(&market, &solution.prices, number);
        }
        let entry = tally.entry((usual, kind, solution.status.name())).or_insert(0usize);
        *entry += 1;
    }
    let total = |wanted: bool| tally.iter().filter(|(k, _)| k.0 == wanted).map(|(_, n)| n).sum::<usize>();
    let good = |wanted: bool| {
        let found = tally.iter().filter(|(k, _)| k.0 == wanted && k.2 == Status::Converged.name());
        found.map(|(_, n)| n).sum::<usize>()
    };
    for ((usual, kind, status), n) in &tally {
        println!("{} {kind}: {status} {n}", if *usual { "usual" } else { "extreme" });
    }
    println!(
        "usual {}/{}, extreme {}/{}, {:.1} steps each",
        good(true),
        total(true),
        good(false),
        total(false),
        iterations as f64 / count as f64
    );
    assert!(good(true) as f64 >= 0.999 * total(true) as f64);
}

#[test]
fn ten_thousand_random_markets() {
    check(10_000, 2);
}
