//! The dense equations against differences, against calibration and against the block solver.

use crate::support::markets::*;
use keiretsu::market::conduct::Conduct;
use keiretsu::market::pricing::dense::calibration::{self, Target};
use keiretsu::market::pricing::dense::{Choice, Conditions, Status, demand, inversion, slopes, solve};
use keiretsu::market::pricing::{self, Closure, Market, Options, PriceResponse, Start, Workspace};

/// A log-price market with two types, two nests, tax, credit, overhang-free, one fringe firm, uneven κ.
fn log_market(types: usize) -> (Market<f64>, Vec<f64>) {
    let firm = vec![0, 0, 1, 1, 2, 2, 3];
    let nest = vec![0, 1, 0, 1, 0, 1, 1];
    let utility = vec![11.0, 10.1, 11.2, 10.6, 10.8, 10.0, 9.5];
    let cost = vec![21.0, 26.0, 23.0, 24.0, 30.0, 33.0, 20.0];
    let mut market = Market::nested(PriceResponse::Log, 3.2, vec![0.5, 0.3], firm, nest, utility, cost);
    market.conduct = Conduct::of(vec![(0, 1, 0.34), (1, 0, 0.6)]);
    market.tax = vec![0.0; 7];
    market.credit = vec![0.0; 7];
    market.available = vec![1.0; 7];
    market.overhang = vec![0.0; 7];
    market.fixed_price = vec![f64::NAN; 7];
    market.layout.fringe[3] = true;
    market.tax[2] = 0.1;
    market.credit[5] = 3.0;
    market.available[4] = 0.6;
    if types == 2 {
        market.types.weight = vec![0.6, 0.4];
        market.types.alpha = vec![2.9, 3.9];
        market.types.taste = (0..14).map(|k| 0.3 * f64::from(k % 5) - 0.4).collect();
        market.types.taste[7..].iter_mut().for_each(|t| *t += 3.0);
    }
    let price = vec![29.0, 35.0, 31.0, 33.0, 41.0, 45.0, 26.0];
    (market, price)
}

/// Derivative by central differences, Richardson-extrapolated.
fn difference(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let central = |h: f64| (f(x + h) - f(x - h)) / (2.0 * h);
    let h = 1e-3 * x.abs();
    let (a, b, c) = (central(h), central(h / 2.0), central(h / 4.0));
    let (ab, bc) = ((4.0 * b - a) / 3.0, (4.0 * c - b) / 3.0);
    (16.0 * bc - ab) / 15.0
}

fn firm_objective(market: &Market<f64>, price: &[f64], firm: usize) -> f64 {
    let choice = Choice::at(market, price);
    keiretsu::market::pricing::dense::deviation::objective(market, &choice, price, firm)
}

#[test]
fn log_price_conditions_are_the_derivative_of_profit() {
    for types in [1, 2] {
        let (mut market, start) = log_market(types);
        market.layout.fringe[3] = false;
        for response in [PriceResponse::Log, PriceResponse::Linear] {
            market.response = response;
            if response == PriceResponse::Linear {
                market.types.alpha.iter_mut().for_each(|a| *a *= 0.04);
                market.utility.iter_mut().for_each(|u| *u -= 7.0);
            }
            let solution = solve(&market, &start);
            assert_eq!(solution.status, Status::Converged, "{types} {response:?} {solution:?}");
            for j in 0..start.len() {
                let slope = |price: &[f64]| {
                    difference(
                        |p| {
                            let mut moved = price.to_vec();
                            moved[j] = p;
                            firm_objective(&market, &moved, market.firm(j))
                        },
                        price[j],
                    )
                };
                let at = Conditions::at(&market, &solution.prices);
                let scale = at.choice.lambda(&market, j).abs() * solution.prices[j];
                assert!(slope(&solution.prices).abs() < 1e-9 * scale.max(0.01), "{types} types, offer {j}");
                // Away from the root: g = Λ (m − ζ).
                let at = Conditions::at(&market, &start);
                let g = at.choice.lambda(&market, j) * (at.markup[j] - at.zeta[j]);
                assert!(
                    close(slope(&start), g, 1e-8, 1e-12),
                    "{types} types, offer {j}: {} {g}",
                    slope(&start)
                );
            }
        }
    }
}

#[test]
fn analytic_slopes_match_differences() {
    for types in [1, 2] {
        for held in [false, true] {
            let (mut market, price) = log_market(types);
            if held {
                if types == 2 {
                    continue;
                }
                market.closure = Closure::NestShares(vec![0.3, 0.4]);
            }
            for response in [PriceResponse::Log, PriceResponse::Linear] {
                market.response = response;
                if response == PriceResponse::Linear {
                    market.types.alpha.iter_mut().for_each(|a| *a *= 0.04);
                    market.utility.iter_mut().for_each(|u| *u -= 7.0);
                }
                let at = Conditions::at(&market, &price);
                let z = slopes::zeta_jacobian(&market, &at, held, &(0..price.len()).collect::<Vec<_>>());
                for l in 0..price.len() {
                    for j in 0..price.len() {
                        let numeric = difference(
                            |p| {
                                let mut moved = price.clone();
                                moved[l] = p;
                                Conditions::at(&market, &moved).zeta[j]
                            },
                            price[l],
                        );
                        assert!(
                            close(z[(j, l)], numeric, 1e-8, 1e-9),
                            "{types} {held} Z[{j},{l}] {} {numeric}",
                            z[(j, l)]
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn fringe_overhang_fixed_prices_and_given_nest_shares() {
    let (mut market, start) = log_market(1);
    market.overhang[0] = 0.05;
    market.fixed_price[3] = 34.0;
    for given in [None, Some(vec![0.35, 0.3])] {
        market.closure = given.clone().map_or(Closure::OutsideGood, Closure::NestShares);
        let solution = solve(&market, &start);
        assert_eq!(solution.status, Status::Converged, "{solution:?}");
        assert!(solution.residual <= 1e-12);
        assert_eq!(solution.prices[3], 34.0);
        // Log price, one type: a fringe offer's markup is (1 − ρ) b / (α (1 + tax)).
        let lone = 0.7 * solution.prices[6] / 3.2;
        assert!(close(solution.markups[6], lone, 1e-10, 0.0));
        if let Some(given) = given {
            let first: f64 = [0, 2, 4].iter().map(|&j| solution.shares[j]).sum();
            assert!(close(first, given[0], 1e-12, 0.0));
        } else {
            // Costs come back, the discounted and the fringe offer's too.
            market.fixed_price[3] = f64::NAN;
            let mut free = market.clone();
            let prices = solve(&free, &start).prices;
            free.cost = inversion::marginal_costs(&free, &prices).unwrap();
            assert_all("overhang", "costs", &free.cost, &market.cost, 1e-9, 0.0);
            market.fixed_price[3] = 34.0;
        }
    }
}

#[test]
fn calibration_returns_the_price_coefficient() {
    for (name, file) in reference_markets() {
        let (market, price, share) = prepared(&file);
        let base = &file["baseline"];
        let own = numbers(&base["own_elasticities"]);
        let lerner = numbers(&base["lerner"]);
        let mut targets = vec![
            Target::OwnElasticity { offer: 0, value: own[0] },
            Target::MarketElasticity { value: base["market_elasticity"].as_f64().unwrap() },
            Target::Margin { offer: 0, value: lerner[0] },
        ];
        let mut wrong = market.clone();
        if market.n_types() == 1 {
            wrong.types.alpha = vec![17.0];
        } else if price.len() > 30 || market.n_types() > 60 {
            continue;
        } else {
            targets.truncate(2);
        }
        for target in targets {
            let alpha = calibration::price_sensitivity(&wrong, &price, &share, target).unwrap();
            for (a, b) in alpha.iter().zip(&market.types.alpha) {
                assert!(close(*a, *b, 1e-8, 0.0), "{name} {target:?}: {a} against {b}");
            }
        }
        // s09: nests of one offer each do not identify ρ.
        let own_rho = market.rho.iter().all(|r| *r == market.rho[0]);
        if market.n_types() == 1
            && market.n_nests() > 1
            && own_rho
            && !name.starts_with("s09")
            && market.layout.firm_of.iter().any(|f| *f != 0)
        {
            let targets = [
                Target::OwnElasticity { offer: 0, value: own[0] },
                Target::MarketElasticity { value: base["market_elasticity"].as_f64().unwrap() },
            ];
            let (alpha, rho) = calibration::sensitivity_and_rho(&wrong, &price, &share, targets).unwrap();
            assert!(close(alpha, market.types.alpha[0], 1e-7, 0.0), "{name} {alpha}");
            assert!(close(rho, market.rho[0], 1e-7, 1e-9), "{name} {rho}");
        }
    }
}

#[test]
fn two_elasticities_give_sensitivity_and_outside_share() {
    let (market, price) = log_market(1);
    let share = Choice::at(&market, &price).share;
    let inside: f64 = share.iter().sum();
    let shares: Vec<f64> = share.iter().map(|s| s / inside).collect();
    let at = Conditions::at(&market, &price);
    let own = demand::elasticities(&market, &at, &price);
    let mean = (0..7).map(|j| shares[j] * own[(j, j)]).sum();
    let market_elasticity = demand::market_elasticity(&market, &at, &price);
    let targets =
        [Target::MeanOwnElasticity { value: mean }, Target::MarketElasticity { value: market_elasticity }];
    let mut wrong = market.clone();
    wrong.types.alpha = vec![1.3];
    let (alpha, outside) = calibration::sensitivity_and_outside(&wrong, &price, &shares, targets).unwrap();
    assert!(close(alpha[0], 3.2, 1e-9, 0.0), "{alpha:?}");
    assert!(close(outside, 1.0 - inside, 1e-9, 0.0));
}

#[test]
fn the_careful_solver_agrees_with_the_block_solver() {
    for types in [1, 2] {
        for given in [None, Some(vec![0.35, 0.3])] {
            if types == 2 && given.is_some() {
                continue;
            }
            let (mut market, start) = log_market(types);
            market.closure = given.map_or(Closure::OutsideGood, Closure::NestShares);
            market.overhang[1] = 0.08;
            market.fixed_price[3] = 34.0;
            let (sorted, order) = market.sorted();
            let from: Vec<f64> = order.iter().map(|&j| start[j]).collect();
            let careful = solve(&sorted, &from);
            assert_eq!(careful.status, Status::Converged);
            let mut work = Workspace::new((), &sorted.layout);
            let fast = pricing::solve((), &sorted, &mut work, Start::Prices(&from), Options::default());
            assert!(fast.converged && fast.markup_positive, "{types} types");
            assert_all("block", "prices", &careful.prices, &work.price, 1e-10, 0.0);
            assert_all("block", "shares", &careful.shares, &work.share, 1e-9, 0.0);
            assert!((careful.outside_share - work.outside_share[0]).abs() < 1e-10);
            // In any other order of the offers it is the same market.
            for (&j, price) in order.iter().zip(&careful.prices) {
                assert!(close(solve(&market, &start).prices[j], *price, 1e-10, 0.0));
            }
        }
    }
}

#[test]
fn failures_have_a_status_of_their_own() {
    // Log price with α ≤ 1: a monopolist's profit grows without bound in its price.
    let market = Market::nested(PriceResponse::Log, 0.9, vec![0.0], vec![0], vec![0], vec![1.0], vec![1.0]);
    let solution = solve(&market, &[1.5]);
    assert_eq!(solution.status, Status::NoPositiveMarkups, "{solution:?}");
    // An offer sold far below cost at a fixed price: the firm gives its other offer away to sell less of it.
    let mut market = Market::nested(
        PriceResponse::Linear,
        1.0,
        vec![0.0],
        vec![0, 0],
        vec![0, 0],
        vec![3.0, 3.0],
        vec![2.0, 6.0],
    );
    market.fixed_price = vec![f64::NAN, 1.0];
    let solution = solve(&market, &[3.0, 1.0]);
    assert_eq!(solution.status, Status::NoPositiveMarkups, "{solution:?}");
    assert!(solution.residual <= 1e-10 && solution.markups[0] <= 0.0);
    // Nonsense in, no answer out.
    market.cost[0] = f64::NAN;
    assert_eq!(solve(&market, &[3.0, 1.0]).status, Status::NotConverged);
}
