//! The base year of one world in one block: calibrated demand and cost, and the starting stocks.

use super::failure::Cause;
use crate::market::conduct::Conduct;
use crate::market::cost::{effective_volume, experience, learning_exponent, scale};
use crate::market::model::{Input, MarketModel, OfferModel, Values};
use crate::market::pricing::invert::{Observation, costs, sensitivity, utilities};
use crate::market::pricing::{Market, Workspace};
use crate::market::quality::{steady_knowledge, stock_from_past};
use crate::numeric::{Mask, Real};
use crate::share_process::heavy_factor;

/// USD in a billion: accounts are stated in billions, prices in dollars.
pub(super) const BILLION: f64 = 1e9;

/// A region's base year.
pub(super) struct RegionBase<R> {
    /// Price sensitivity (one consumer type).
    pub alpha: R,
    /// ρ, the same in every nest.
    pub rho: Vec<R>,
    pub outside_share: R,
    /// What buyers spent, USD.
    pub spending: R,
    /// Per offer: utility without price, marginal cost, marginal cost before duty.
    pub utility: Vec<R>,
    pub cost: Vec<R>,
    pub ex_duty: Vec<R>,
    /// Ad valorem duty on the whole offer.
    pub duty: Vec<R>,
    /// Component weights, offer by offer.
    pub weights: Vec<R>,
    /// Markup terms, one per group: where the first solve starts.
    pub markup: Vec<R>,
    /// Per offer: share of its nest's units.
    pub within_nest: Vec<f64>,
    /// Per seller: cars on the road at the start of the base year, the base-year share of units, and the scale
    /// of its shocks against what is usual.
    pub stock: Vec<R>,
    pub share: Vec<f64>,
    pub tail: Vec<R>,
}

/// A maker's base year.
pub(super) struct MakerBase<R> {
    /// Modelled variable profit over modelled revenue.
    pub variable_margin: R,
    /// Worldwide revenue, USD.
    pub revenue: R,
    pub rnd: R,
    pub knowledge: R,
    /// Cost that neither volume nor R&D explains, set so that the operating profit is the stated one.
    pub fixed_cost: R,
    /// Sold worldwide.
    pub units: f64,
    /// Per region: modelled revenue.
    pub regional_revenue: Vec<R>,
}

/// The base year of one world.
pub(super) struct Base<R> {
    pub regions: Vec<RegionBase<R>>,
    pub makers: Vec<MakerBase<R>>,
    /// Learning exponent per component.
    pub learning: Vec<R>,
    /// Per maker and component: cumulative units, experience and pooled volume at the start.
    pub own: Vec<R>,
    pub experience: Vec<R>,
    pub pool_volume: Vec<R>,
    /// The scale term S of the pooled volume.
    pub pool_scale: Vec<R>,
    pub volume: Vec<R>,
    /// Per maker and component: annual units outside the modelled regions.
    pub outside_volume: Vec<R>,
    /// Per lane: why no base year produces what was observed, in which region and calendar year.
    pub failures: [Option<(Cause, usize, i32)>; 8],
}

/// Weighted sum of what is in force in a year.
#[inline(always)]
pub(super) fn dated<R: Real>(token: R::Token, in_force: &[(f64, Input)], values: Values<R>) -> R {
    let mut sum = R::zero(token);
    for &(weight, input) in in_force {
        sum += values.at(input) * weight;
    }
    sum
}

/// Ad valorem duty on an offer in a year, and the change of its cost through exchange rates.
#[inline(always)]
pub(super) fn duty_on<R: Real>(token: R::Token, offer: &OfferModel, year: usize, values: Values<R>) -> R {
    let mut duty = R::zero(token);
    for source in &offer.sources {
        let rate = dated(token, &source.duty[year], values);
        duty += values.at(source.share) * values.at(source.dutiable) * rate;
    }
    duty
}

/// The duty that has always been in an offer's price: the base year's, for an entrant that of its first year.
#[inline(always)]
pub(super) fn first_duty<R: Real>(base: R, offer: &OfferModel, base_year: i32, values: Values<R>) -> R {
    match offer.entry {
        Some(entry) if entry.time.is_finite() => {
            let last = offer.sources.iter().map(|source| source.duty.len() - 1).min().unwrap_or(0);
            let year = (entry.time as i32 - base_year).max(0) as usize;
            duty_on(base.token(), offer, year.min(last), values)
        }
        _ => base,
    }
}

impl<R: Real> Base<R> {
    #[inline(always)]
    pub fn of(token: R::Token, model: &MarketModel, values: Values<R>) -> Base<R> {
        let mut failures = [None; 8];
        let regions: Vec<RegionBase<R>> =
            (0..model.regions.len()).map(|r| region_base(token, model, r, values, &mut failures)).collect();
        let makers = (0..model.makers.len()).map(|f| maker_base(token, model, &regions, f, values)).collect();
        let mut base = Base {
            regions,
            makers,
            learning: model
                .components
                .iter()
                .map(|c| learning_exponent(values.at(c.learning_rate)))
                .collect(),
            own: Vec::new(),
            experience: Vec::new(),
            pool_volume: Vec::new(),
            pool_scale: Vec::new(),
            volume: Vec::new(),
            outside_volume: Vec::new(),
            failures,
        };
        base.volumes(token, model, values);
        base
    }

    /// Annual and cumulative units by maker and component.
    #[inline(always)]
    fn volumes(&mut self, token: R::Token, model: &MarketModel, values: Values<R>) {
        let n = model.components.len();
        for (f, maker) in model.makers.iter().enumerate() {
            let mut modelled = vec![0.0; model.n_powertrains];
            for region in &model.regions {
                for (j, offer) in region.offers.iter().enumerate() {
                    if region.layout.firm_of[j] == f {
                        modelled[region.powertrain_of_nest[region.layout.nest_of[j]]] += offer.units;
                    }
                }
            }
            let mut stated = R::zero(token);
            for share in maker.outside_share.iter().flatten() {
                stated += values.at(*share);
            }
            for component in &model.components {
                let (mut own, mut volume, mut outside) = (R::zero(token), R::zero(token), R::zero(token));
                for (p, &units) in modelled.iter().enumerate() {
                    if !component.carried_by[p] {
                        continue;
                    }
                    let share = maker.outside_share[p].map_or(-stated + 1.0, |share| values.at(share));
                    let abroad = share * maker.outside_units;
                    let years = values.at(maker.experience_years[p].unwrap_or(component.experience_years));
                    outside += abroad;
                    volume += abroad + units;
                    own += (abroad + units) * years;
                }
                self.own.push(own);
                self.volume.push(volume);
                self.outside_volume.push(outside);
            }
        }
        let totals = totals(token, &self.own, n);
        let spillover = values.at(model.spillover);
        for f in 0..model.makers.len() {
            for (k, &total) in totals.iter().enumerate() {
                self.experience.push(experience(self.own[f * n + k], total, spillover));
                let volume = pooled(&self.volume, &self.volume, model, f, k);
                self.pool_volume.push(volume);
                self.pool_scale.push(scale(volume, values.at(model.scale_saturation)));
            }
        }
    }
}

/// Sum over makers per component of something kept by maker and component.
#[inline(always)]
pub(super) fn totals<R: Real>(token: R::Token, by_maker: &[R], n_components: usize) -> Vec<R> {
    let mut totals = vec![R::zero(token); n_components];
    for of_maker in by_maker.chunks_exact(n_components) {
        for (total, &own) in totals.iter_mut().zip(of_maker) {
            *total += own;
        }
    }
    totals
}

/// Annual units of a maker and those it already buys with.
#[inline(always)]
pub(super) fn pooled<R: Real>(volume: &[R], base: &[R], model: &MarketModel, f: usize, k: usize) -> R {
    let n = model.components.len();
    let mut sum = effective_volume(volume[f * n + k], base[f * n + k]);
    for &partner in &model.makers[f].base_pool[k] {
        sum += effective_volume(volume[partner * n + k], base[partner * n + k]);
    }
    sum
}

/// What a region's base-year prices are seen under: credits, taxes and overhangs of that year.
#[inline(always)]
fn region_base<R: Real>(
    token: R::Token,
    model: &MarketModel,
    r: usize,
    values: Values<R>,
    failures: &mut [Option<(Cause, usize, i32)>; 8],
) -> RegionBase<R> {
    let region = &model.regions[r];
    let layout = &region.layout;
    let n = layout.n_offers();
    let splat = |value: f64| R::splat(token, value);
    let total: f64 = region.offers.iter().map(|offer| offer.units).sum();
    let rho = vec![values.at(region.rho); layout.nests.len()];
    let (mut price, mut units) = (Vec::with_capacity(n), Vec::with_capacity(n));
    let (mut credit, mut tax) = (Vec::with_capacity(n), Vec::with_capacity(n));
    let (mut overhang, mut duty) = (Vec::with_capacity(n), Vec::with_capacity(n));
    for (offer, &g) in region.offers.iter().zip(&layout.nest_of) {
        // An entrant stands at the price of the offer it is measured by.
        price.push(splat(offer.entry.map_or(offer.price, |entry| region.offers[entry.like].price)));
        units.push(splat(offer.units));
        credit.push(dated(token, &region.credit[g][0], values));
        tax.push(dated(token, &region.tax[g][0], values));
        overhang.push(match offer.overhang {
            Some(overhang) => values.at(overhang.share),
            None => splat(0.0),
        });
        duty.push(duty_on(token, offer, 0, values));
    }
    // A ban for part of the base year: what was sold was sold in the rest of it.
    let mut available = Vec::new();
    if region.offers.iter().any(|offer| !offer.banned[0].is_empty()) {
        for offer in &region.offers {
            available.push((-dated(token, &offer.banned[0], values) + 1.0).max(splat(0.0)));
        }
    }
    // Weights of later years are left out, so that all worlds calibrate by the same arithmetic.
    let (mut row, mut column, mut weight) = (Vec::new(), Vec::new(), Vec::new());
    for (k, &kappa) in region.conduct.weight[0].iter().enumerate() {
        if kappa != 0.0 {
            row.push(region.conduct.row[k]);
            column.push(region.conduct.column[k]);
            weight.push(splat(kappa));
        }
    }
    let mut market = Market::new(token, layout.clone(), model.response);
    market.rho.clone_from(&rho);
    market.conduct = Conduct { row, column, weight };
    (market.tax, market.credit, market.overhang, market.available) = (tax, credit, overhang, available);
    let seen = Observation { market: &market, price: &price, units: &units };
    let demand =
        sensitivity(token, &seen, values.at(region.own_elasticity), values.at(region.market_elasticity));
    let mut utility = vec![splat(0.0); n];
    let mut cost = vec![splat(0.0); n];
    let mut work = Workspace::new(token, layout);
    utilities(token, &seen, demand.alpha, demand.outside_share, &mut utility);
    let signs = costs(token, &seen, demand.alpha, demand.outside_share, &mut work, &mut cost);
    let fine = signs.cost_positive.and(signs.markup_positive);
    for (lane, failure) in failures.iter_mut().enumerate().take(R::LANES) {
        let cause = match (demand.feasible.lane(lane), fine.lane(lane)) {
            (true, true) => continue,
            (true, false) => Cause::NoCost,
            (false, _) => Cause::NoDemand,
        };
        failure.get_or_insert((cause, r, model.base_year));
    }

    let mut ex_duty = Vec::with_capacity(n);
    for j in 0..n {
        ex_duty.push(cost[j] / (duty[j] + 1.0));
    }
    for (j, offer) in region.offers.iter().enumerate() {
        if let Some(entry) = offer.entry {
            let keep = -rho[layout.nest_of[j]] + 1.0;
            utility[j] = utility[entry.like] + keep * values.at(entry.quality);
            ex_duty[j] = ex_duty[entry.like] * values.at(entry.cost);
            cost[j] = ex_duty[j] * (duty[j] + 1.0);
        }
    }
    let mut weights = Vec::with_capacity(n * model.components.len());
    for offer in &region.offers {
        let mut rest = splat(1.0);
        for weight in offer.weights.iter().flatten() {
            rest -= values.at(*weight);
        }
        for (weight, component) in offer.weights.iter().zip(&model.components) {
            weights.push(match weight {
                Some(weight) => values.at(*weight),
                None if component.remainder => rest,
                None => splat(0.0),
            });
        }
    }
    let mut spending = splat(0.0);
    for (j, offer) in region.offers.iter().enumerate() {
        spending += (price[j] * (market.tax[j] + 1.0) - market.credit[j]) * offer.units;
    }
    let units_of = |seller: usize| -> f64 {
        let own = region.offers.iter().zip(&region.seller_of).filter(|(_, s)| **s == seller);
        own.map(|(offer, _)| offer.units).sum()
    };
    let mut nest_units = vec![0.0; layout.nests.len()];
    for (offer, &g) in region.offers.iter().zip(&layout.nest_of) {
        nest_units[g] += offer.units;
    }
    let within_nest = region.offers.iter().zip(&layout.nest_of);
    let within_nest = within_nest.map(|(offer, &g)| offer.units / nest_units[g]).collect();
    let scrappage = values.at(region.scrappage);
    let mut tail = Vec::with_capacity(region.sellers.len());
    let mut stock = Vec::with_capacity(region.sellers.len());
    for seller in &region.sellers {
        stock.push(stock_from_past(scrappage, &seller.past_units, seller.established));
        tail.push(heavy_factor(values.at(seller.tail), model.shock_freedom));
    }
    RegionBase {
        alpha: demand.alpha,
        outside_share: demand.outside_share,
        spending,
        utility,
        cost,
        ex_duty,
        duty,
        weights,
        markup: work.markup.clone(),
        within_nest,
        stock,
        tail,
        share: (0..region.sellers.len()).map(|seller| units_of(seller) / total).collect(),
        rho,
    }
}

#[inline(always)]
fn maker_base<R: Real>(
    token: R::Token,
    model: &MarketModel,
    regions: &[RegionBase<R>],
    f: usize,
    values: Values<R>,
) -> MakerBase<R> {
    let zero = R::zero(token);
    let maker = &model.makers[f];
    let mut regional_revenue = vec![zero; regions.len()];
    let mut variable_profit = zero;
    let mut units = maker.outside_units;
    for (r, (region, base)) in model.regions.iter().zip(regions).enumerate() {
        for &a in &region.layout.firms[f] {
            for j in region.layout.groups[a].offers.clone() {
                let offer = &region.offers[j];
                units += offer.units;
                regional_revenue[r] += R::splat(token, offer.units * offer.price);
                variable_profit += (-base.cost[j] + offer.price) * offer.units;
            }
        }
    }
    let mut modelled = zero;
    for &revenue in &regional_revenue {
        modelled += revenue;
    }
    let revenue = modelled + maker.outside_revenue;
    let some = zero.lt(modelled);
    let margin = R::select(some, variable_profit / R::select(some, modelled, R::one(token)), zero);
    let rnd = match maker.rnd {
        Some(stated) => values.at(stated) * BILLION,
        None => values.at(model.default_rnd_intensity) * revenue,
    };
    let operating_profit = match maker.operating_profit {
        Some(stated) => values.at(stated) * BILLION,
        None => values.at(model.default_operating_margin) * revenue,
    };
    let depreciation = values.at(model.knowledge_depreciation);
    MakerBase {
        variable_margin: margin,
        revenue,
        rnd,
        knowledge: steady_knowledge(rnd, depreciation, values.at(model.rnd_growth)),
        fixed_cost: margin * revenue - rnd - operating_profit,
        units,
        regional_revenue,
    }
}
