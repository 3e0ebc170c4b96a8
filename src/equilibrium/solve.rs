//! Answers a question: base situation, screens, and every counterfactual equilibrium with its verdict.

use super::answer::*;
use super::calibrate::{Base, calibrate};
use super::counterfactual::{Changed, apply};
use super::question::{Question, Scenario};
use super::screens;
use crate::market::pricing::dense::roots::{self, DEVIATION_TOLERANCE, Search};
use crate::market::pricing::dense::surplus::{self, Situation};
use crate::market::pricing::dense::{Choice, Conditions, Status, demand, slopes};
use crate::market::pricing::{Market, PriceResponse};
use crate::numeric::matrix::Matrix;

/// Largest market whose pass-through matrix is written.
const PASS_THROUGH_LIMIT: usize = 40;

/// Largest relative gain from moving alone with which a root counts as an equilibrium.
const LEAVES: f64 = 1e-6;

/// Calibrates the base situation and solves every scenario.
pub fn answer(question: &Question) -> Result<Answer, Unanswered> {
    let base = calibrate(question)?;
    let mut warnings = question.warnings.clone();
    let baseline = baseline(question, &base, &mut warnings);
    let screens = screens::screens(question, &base);
    let tolerated = tolerated_gain(baseline.trust.best_deviation_gain);
    let scenarios = question
        .scenarios
        .iter()
        .map(|scenario| ScenarioAnswer {
            id: scenario.id.clone(),
            description: scenario.description.clone(),
            results: results(question, &base, scenario, tolerated, &mut warnings),
        })
        .collect();
    Ok(Answer {
        id: question.id.clone(),
        title: question.title.clone(),
        price_unit: question.price_unit.clone(),
        potential_buyers: base.potential_buyers,
        baseline,
        screens,
        scenarios,
        warnings,
    })
}

/// Where the observed prices leave a small gain, twice as much does not rule a counterfactual out; a gain
/// above a quarter says that they are no equilibrium at all, and roots are compared strictly.
fn tolerated_gain(observed: f64) -> f64 {
    if (DEVIATION_TOLERANCE..=0.25).contains(&observed) { 2.0 * observed } else { 0.0 }
}

fn baseline(question: &Question, base: &Base, warnings: &mut Vec<String>) -> Baseline {
    let (market, at) = (&base.market, &base.conditions);
    let n = market.n_offers();
    let ownership = &question.ownership;
    for (name, cost) in question.offers.iter().zip(&market.cost).filter(|(_, cost)| **cost <= 0.0) {
        warnings.push(format!(
            "The observed prices imply a marginal cost of {cost:.6} for {name}: demand may be too inelastic, or the price too low."
        ));
    }
    let search = roots::search(market, &base.price);
    let observed = crate::market::pricing::dense::verdict::verdict(market, &base.price);
    let deviation = crate::market::pricing::dense::deviation::best_deviation(market, &base.price);
    if observed.status != Status::Converged {
        warnings.push(format!(
            "The observed prices are no equilibrium of this market: {}.",
            observed.status.name()
        ));
    }
    let mut trust = trust(market, &search);
    trust.status = status(observed.status, deviation.gain);
    trust.residual = observed.residual;
    trust.best_deviation_gain = deviation.gain;
    trust.iterations = 0;
    trust.method = "observed";
    trust.other_stationary_points = others(market, &search, &base.price);
    warn_of_roots("the base situation", &trust, warnings);
    let elasticities = demand::elasticities(market, at, &base.price);
    let diversion = demand::diversion(market, at);
    let diagonal = |matrix: &Matrix| (0..n).map(|j| matrix[(j, j)]).collect();
    let all_rows = |matrix: &Matrix| (0..n).map(|j| matrix.row(j).to_vec()).collect();
    let profits: Vec<f64> = (0..n).map(|j| at.markup[j] * at.choice.share[j]).collect();
    let passthrough = (n <= PASS_THROUGH_LIMIT).then(|| slopes::pass_through(market, at)).flatten();
    let burden = |j: usize| match market.response {
        PriceResponse::Linear => question.price[j],
        PriceResponse::Log => crate::numeric::Real::ln(question.price[j]),
    };
    let mean = if market.n_types() == 1 && question.mean_sensitivity != 0.0 {
        market.types.alpha[0]
    } else if question.mean_sensitivity == 0.0 && question.market.n_types() == 1 {
        // Calibrated: the one type carries all of it.
        market.types.alpha[0]
    } else {
        question.mean_sensitivity
    };
    Baseline {
        ids: question.offers.clone(),
        firm_ids: ownership.firm.iter().map(|&f| ownership.firms[f].clone()).collect(),
        prices: question.price.clone(),
        maker_prices: question.received.clone(),
        shares: base.share.clone(),
        alpha: market.types.alpha.iter().map(|a| -a).collect(),
        rho: market.rho.clone(),
        delta: (0..n).map(|j| market.utility[j] - mean * burden(j)).collect(),
        xi: market.utility.clone(),
        outside_share: at.choice.outside_share(market),
        costs: market.cost.clone(),
        lerner: (0..n).map(|j| at.markup[j] / base.price[j]).collect(),
        firm_profits: by_firm(&ownership.firms, &market.layout.firm_of, &profits),
        product_profits: profits,
        consumer_surplus: match market.response {
            PriceResponse::Linear => surplus::log_sum(market, &at.choice),
            PriceResponse::Log => 0.0,
        },
        hhi: screens::hhi(&base.share, &market.layout.firm_of, market.n_firms()),
        mhhi: ownership
            .weighted
            .then(|| screens::mhhi(&base.share, &market.layout.firm_of, market.n_firms(), &ownership.kappa)),
        own_elasticities: diagonal(&elasticities),
        diversion_to_outside: diagonal(&diversion),
        market_elasticity: demand::market_elasticity(market, at, &base.price),
        elasticities: all_rows(&elasticities),
        diversion: all_rows(&diversion),
        passthrough: passthrough.as_ref().map(all_rows),
        trust,
    }
}

fn results(
    question: &Question,
    base: &Base,
    scenario: &Scenario,
    tolerated: f64,
    warnings: &mut Vec<String>,
) -> Results {
    let Changed { market, offers, start } = apply(question, base, scenario);
    let n = market.n_offers();
    let search = roots::search_tolerating(&market, &start, tolerated);
    let trust = trust(&market, &search);
    warn_of_roots(&format!("scenario {}", scenario.id), &trust, warnings);
    let names = &scenario.ownership.firms;
    let firm_ids = market.layout.firm_of.iter().map(|&f| names[f].clone()).collect();
    let costs = market.cost.clone();
    if search.solution.status != Status::Converged {
        warnings.push(format!("Scenario {}: {}.", scenario.id, search.solution.status.name()));
        let nothing = vec![f64::NAN; n];
        return Results {
            trust,
            ids: offers,
            firm_ids,
            prices: nothing.clone(),
            maker_prices: nothing.clone(),
            shares: nothing.clone(),
            outside_share: f64::NAN,
            costs,
            firm_profits: ByFirm(names.iter().map(|name| (name.clone(), f64::NAN)).collect()),
            product_profits: nothing,
            consumer_surplus: f64::NAN,
            compensating_variation: f64::NAN,
            hhi: f64::NAN,
            mhhi: None,
            tax_revenue: None,
            credits_paid: None,
        };
    }
    let price = &search.solution.prices;
    let choice = Choice::at(&market, price);
    let share = choice.share.clone();
    let profits: Vec<f64> = (0..n).map(|j| (price[j] - market.cost[j]) * share[j]).collect();
    let before = Situation { market: &base.market, choice: &base.conditions.choice, price: &base.price };
    let gain = surplus::gain(before, Situation { market: &market, choice: &choice, price });
    let level = match market.response {
        PriceResponse::Linear => surplus::log_sum(&market, &choice),
        PriceResponse::Log => gain,
    };
    // Taxes of the base situation stay where the scenario names none.
    let taxed = scenario.taxed || market.tax.iter().any(|t| *t != 0.0);
    let credited = market.credit.iter().any(|c| *c != 0.0);
    let on_sale = |j: usize| market.on_sale(j);
    let paid: Vec<f64> =
        (0..n).map(|j| if on_sale(j) { market.buyer_price(j, price[j]) } else { f64::NAN }).collect();
    warn_of_gifts(scenario, &offers, &paid, warnings);
    warn_of_costs(scenario, &offers, &costs, &base.market.cost, warnings);
    Results {
        prices: paid,
        maker_prices: (0..n).map(|j| if on_sale(j) { price[j] } else { f64::NAN }).collect(),
        outside_share: choice.outside_share(&market),
        costs,
        firm_profits: by_firm(names, &market.layout.firm_of, &profits),
        product_profits: profits,
        consumer_surplus: level,
        compensating_variation: -gain,
        hhi: screens::hhi(&share, &market.layout.firm_of, market.n_firms()),
        mhhi: scenario.ownership.weighted.then(|| {
            screens::mhhi(&share, &market.layout.firm_of, market.n_firms(), &scenario.ownership.kappa)
        }),
        tax_revenue: taxed.then(|| (0..n).map(|j| market.tax[j] * price[j] * share[j]).sum()),
        credits_paid: credited.then(|| (0..n).map(|j| market.credit[j] * share[j]).sum()),
        shares: share,
        trust,
        ids: offers,
        firm_ids,
    }
}

/// What a root is called: one that holds nearby, but that a firm would leave for prices far off, is not `converged`.
fn status(found: Status, gain: f64) -> &'static str {
    match found {
        Status::Converged if gain > LEAVES => A_FIRM_WOULD_LEAVE,
        found => found.name(),
    }
}

fn trust(market: &Market<f64>, search: &Search) -> Trust {
    let solution = &search.solution;
    let at = Conditions::at(market, &solution.prices);
    let eigenvalues = slopes::second_order_eigenvalues(market, &at);
    let gain = search.deviation.as_ref().map_or(f64::NAN, |deviation| deviation.gain);
    Trust {
        status: status(solution.status, gain),
        iterations: solution.iterations,
        residual: solution.residual,
        method: solution.method.name(),
        stationary_points: search.points.len(),
        soc_max_eigenvalue: eigenvalues.into_iter().fold(f64::NEG_INFINITY, f64::max),
        best_deviation_gain: gain,
        other_stationary_points: others(market, search, &solution.prices),
    }
}

/// Every root found other than `chosen`.
fn others(market: &Market<f64>, search: &Search, chosen: &[f64]) -> Vec<OtherPoint> {
    let differs = |prices: &[f64]| prices.iter().zip(chosen).any(|(a, b)| (a - b).abs() > 1e-6 * b.abs());
    search
        .points
        .iter()
        .filter(|point| differs(&point.solution.prices))
        .map(|point| OtherPoint {
            status: status(point.solution.status, point.deviation.gain),
            prices: (0..chosen.len()).map(|j| market.buyer_price(j, point.solution.prices[j])).collect(),
            best_deviation_gain: point.deviation.gain,
        })
        .collect()
}

fn warn_of_roots(what: &str, trust: &Trust, warnings: &mut Vec<String>) {
    if trust.stationary_points > 1 {
        warnings.push(format!(
            "The first-order conditions of {what} have {} solutions; the one shown is the nearest to the observed prices among those that no firm gains much by leaving.",
            trust.stationary_points
        ));
    }
    if trust.best_deviation_gain > DEVIATION_TOLERANCE {
        warnings.push(format!(
            "In {what} a firm could raise its objective by {:.2} % with prices far from those shown: it may not be an equilibrium.",
            100.0 * trust.best_deviation_gain
        ));
    }
}

/// A counterfactual cost below nothing is hardly meant.
fn warn_of_costs(
    scenario: &Scenario,
    offers: &[String],
    costs: &[f64],
    base: &[f64],
    warnings: &mut Vec<String>,
) {
    let was_negative = |j: usize| base.get(j).is_some_and(|cost| *cost < 0.0);
    let named: Vec<String> = (0..offers.len())
        .filter(|&j| costs[j] < 0.0 && !was_negative(j))
        .map(|j| format!("{} ({:.6})", offers[j], costs[j]))
        .collect();
    if !named.is_empty() {
        warnings.push(format!(
            "Scenario {}: the marginal cost is below nothing for {}. Check the changes of cost.",
            scenario.id,
            named.join(", ")
        ));
    }
}

/// With linear price a large credit can pay buyers for buying, which no market is calibrated to.
fn warn_of_gifts(scenario: &Scenario, offers: &[String], paid: &[f64], warnings: &mut Vec<String>) {
    let gifts: Vec<String> = (offers.iter().zip(paid))
        .filter(|(_, price)| **price < 0.0)
        .map(|(offer, price)| format!("{offer} ({price:.6})"))
        .collect();
    if !gifts.is_empty() {
        warnings.push(format!(
            "Scenario {}: buyers would pay less than nothing for {}; linear price response does not hold that far. Check the credits and costs.",
            scenario.id,
            gifts.join(", ")
        ));
    }
}

fn by_firm(names: &[String], firm: &[usize], profits: &[f64]) -> ByFirm {
    let mut total = vec![0.0; names.len()];
    profits.iter().zip(firm).for_each(|(profit, &f)| total[f] += profit);
    ByFirm(names.iter().cloned().zip(total).collect())
}
