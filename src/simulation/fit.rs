//! What the base year implies: the calibrated market of the central run, offer by offer.

use super::Experiment;
use super::base::{Base, dated};
use crate::market::model::{Input, Values};
use crate::market::pricing::PriceResponse;

/// One offer in the base year. Indices are those of the model.
#[derive(Clone, Debug, PartialEq)]
pub struct OfferFit {
    pub region: usize,
    pub maker: usize,
    pub powertrain: usize,
    /// Cars sold.
    pub units: f64,
    /// Fraction of the region's units.
    pub share: f64,
    /// USD.
    pub price: f64,
    pub marginal_cost: f64,
    /// (price − cost) / price.
    pub margin: f64,
    pub own_elasticity: f64,
    /// Utility without price.
    pub mean_utility: f64,
    /// Of buyers that a price rise drives away, the fraction that goes to each offer of the region (in
    /// the order of the fits), and the fraction that buys nothing.
    pub diversion: Vec<f64>,
    pub diversion_outside: f64,
}

/// One region in the base year.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionFit {
    pub alpha: f64,
    pub rho: f64,
    pub outside_share: f64,
    /// Units-weighted means over offers.
    pub own_elasticity: f64,
    pub margin: f64,
    /// Of all sales with respect to all prices.
    pub market_elasticity: f64,
    /// 0 to 10,000.
    pub hhi: f64,
    /// Of the region's offers.
    pub offers: Vec<OfferFit>,
}

/// An offer whose base-year price no positive cost below it explains at some corner of what is uncertain about
/// demand.
#[derive(Clone, Debug, PartialEq)]
pub struct ImpossibleCost {
    pub world: usize,
    pub region: usize,
    pub maker: usize,
    pub powertrain: usize,
    pub price: f64,
    pub marginal_cost: f64,
    /// The corner: own and market elasticity, ρ.
    pub corner: [f64; 3],
}

/// The first such offer of every world (of those with the same base year, the first) and region, at the corners of
/// the ranges of the two elasticities and ρ, everything else at its median. Costs fall as the own elasticity comes
/// closer to zero, so that the corners tell.
pub fn impossible_costs(experiment: &Experiment) -> Vec<ImpossibleCost> {
    let central = experiment.space.central();
    let end = |input: Input, high: bool| {
        let (low, top) = experiment.space.parameters()[input.0].distribution.range();
        if high { top } else { low }
    };
    let mut found: Vec<ImpossibleCost> = Vec::new();
    for (world, model) in experiment.models.iter().enumerate() {
        if world != experiment.reference && experiment.same_base[world] {
            continue;
        }
        for corner in 0..8 {
            let [own, market, rho] = [1, 2, 4].map(|bit| corner & bit != 0);
            let mut values = central.clone();
            for region in &model.regions {
                values[region.own_elasticity.0] = end(region.own_elasticity, own);
                values[region.market_elasticity.0] = end(region.market_elasticity, market);
                values[region.rho.0] = end(region.rho, rho);
            }
            let base: Base<f64> = Base::of((), model, Values(&values));
            let Some((_, r, _)) = base.failures[0] else { continue };
            if found.iter().any(|other| other.world == world && other.region == r) {
                continue;
            }
            let (region, start) = (&model.regions[r], &base.regions[r]);
            let part = |j: &usize| start.cost[*j] / region.offers[*j].price;
            let sold = || (0..region.offers.len()).filter(|&j| region.offers[j].units > 0.0);
            let by_part = |a: &usize, b: &usize| part(a).total_cmp(&part(b));
            // The cheapest one if its cost is not positive, else the one with the least margin.
            let cheapest = sold().min_by(by_part).filter(|j| part(j) <= 0.0);
            let Some(j) = cheapest.or_else(|| sold().max_by(by_part)) else { continue };
            let at = |input: Input| values[input.0];
            found.push(ImpossibleCost {
                world,
                region: r,
                maker: region.layout.firm_of[j],
                powertrain: region.powertrain_of_nest[region.layout.nest_of[j]],
                price: region.offers[j].price,
                marginal_cost: start.cost[j],
                corner: [at(region.own_elasticity), at(region.market_elasticity), at(region.rho)],
            });
        }
    }
    found
}

/// The base year of the reference world with every input at its median.
pub fn fit(experiment: &Experiment) -> Vec<RegionFit> {
    let model = &experiment.models[experiment.reference];
    let central = experiment.space.central();
    let values = Values(central.as_slice());
    let base: Base<f64> = Base::of((), model, values);
    let regions = model.regions.iter().zip(&base.regions).enumerate();
    regions
        .map(|(r, (region, base))| {
            let rho = base.rho[0];
            let total: f64 = region.offers.iter().map(|offer| offer.units).sum();
            let sold: Vec<usize> =
                (0..region.offers.len()).filter(|&j| region.offers[j].units > 0.0).collect();
            let nest_total = |g: usize| -> f64 {
                sold.iter().filter(|&&k| region.layout.nest_of[k] == g).map(|&k| region.offers[k].units).sum()
            };
            let share = |j: usize| region.offers[j].units / total * (1.0 - base.outside_share);
            // −∂V/∂ln p over α: 1 with log price (more under a credit), the price paid with a linear one.
            let weight = |j: usize| {
                let g = region.layout.nest_of[j];
                let tax = dated((), &region.tax[g][0], values);
                let credit = dated((), &region.credit[g][0], values);
                let gross = region.offers[j].price * (1.0 + tax);
                match model.response {
                    PriceResponse::Linear => gross,
                    PriceResponse::Log => gross / (gross - credit),
                }
            };
            let fits: Vec<OfferFit> = sold
                .iter()
                .map(|&j| {
                    let offer = &region.offers[j];
                    let nest = region.layout.nest_of[j];
                    let within = offer.units / nest_total(nest);
                    let keep = 1.0 - rho;
                    let own = 1.0 / keep - rho / keep * within - share(j);
                    let diversion = |k: usize| match (k == j, region.layout.nest_of[k] == nest) {
                        (true, _) => 0.0,
                        (_, true) => {
                            (share(k) + rho / keep * region.offers[k].units / nest_total(nest)) / own
                        }
                        _ => share(k) / own,
                    };
                    OfferFit {
                        region: r,
                        maker: region.layout.firm_of[j],
                        powertrain: region.powertrain_of_nest[nest],
                        units: offer.units,
                        share: offer.units / total,
                        price: offer.price,
                        marginal_cost: base.cost[j],
                        margin: (offer.price - base.cost[j]) / offer.price,
                        own_elasticity: -base.alpha * weight(j) * own,
                        mean_utility: base.utility[j],
                        diversion: sold.iter().map(|&k| diversion(k)).collect(),
                        diversion_outside: base.outside_share / own,
                    }
                })
                .collect();
            let mean =
                |of: &dyn Fn(&OfferFit) -> f64| fits.iter().map(|fit| fit.share * of(fit)).sum::<f64>();
            let spread: f64 = sold.iter().map(|&j| region.offers[j].units / total * weight(j)).sum();
            let hhi = region.sellers.iter().zip(&base.share).map(|(seller, share)| {
                if region.layout.fringe[seller.maker] { 0.0 } else { share * share * 1e4 }
            });
            RegionFit {
                alpha: base.alpha,
                rho,
                outside_share: base.outside_share,
                own_elasticity: mean(&|fit| fit.own_elasticity),
                margin: mean(&|fit| fit.margin),
                market_elasticity: -base.alpha * base.outside_share * spread,
                hhi: hhi.sum(),
                offers: fits,
            }
        })
        .collect()
}
