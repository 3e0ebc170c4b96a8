//! `Ledger`: the figures of a year's accounts, by maker.

use super::base::Base;
use super::sharing::Sharing;
use crate::market::model::{MarketModel, Values};
use crate::numeric::Real;

/// One year's accounts, USD unless stated.
pub(super) struct Ledger<R> {
    /// Per maker, modelled regions.
    pub units: Vec<R>,
    pub revenue: Vec<R>,
    pub variable_profit: Vec<R>,
    pub borne: Vec<R>,
    /// Per maker, worldwide.
    pub rnd: Vec<R>,
    pub operating_profit: Vec<R>,
    pub world_units: Vec<R>,
    /// Per region and seller: variable profit less borne duties.
    pub regional_profit: Vec<Vec<R>>,
    /// Saving of each active pool's members, USD.
    pub savings: Vec<Vec<R>>,
    /// Integration cost of each active pool's members, in total.
    pub integration: Vec<Vec<R>>,
    /// Modelled units and spending by maker and component.
    pub component_units: Vec<R>,
    pub component_spend: Vec<R>,
}

impl<R: Real> Ledger<R> {
    #[inline(always)]
    pub fn new(token: R::Token, model: &MarketModel, values: Values<R>, base: &Base<R>) -> Ledger<R> {
        let zeros = |n: usize| vec![R::zero(token); n];
        let (makers, n) = (model.makers.len(), model.components.len());
        // What each maker spends on each component in the base year, worldwide.
        let (mut units, mut spend) = (zeros(makers * n), zeros(makers * n));
        for (region, start) in model.regions.iter().zip(&base.regions) {
            for (j, offer) in region.offers.iter().enumerate() {
                let f = region.layout.firm_of[j];
                let powertrain = region.powertrain_of_nest[region.layout.nest_of[j]];
                for (k, component) in model.components.iter().enumerate() {
                    spend[f * n + k] += start.cost[j] * start.weights[j * n + k] * offer.units;
                    if component.carried_by[powertrain] {
                        units[f * n + k] += R::splat(token, offer.units);
                    }
                }
            }
        }
        for (at, spent) in spend.iter_mut().enumerate() {
            *spent *= worldwide(base.volume[at], units[at]);
        }
        let integration = Sharing::integration_costs(token, model, values, base, &spend);
        Ledger {
            units: zeros(makers),
            revenue: zeros(makers),
            variable_profit: zeros(makers),
            borne: zeros(makers),
            rnd: zeros(makers),
            operating_profit: zeros(makers),
            world_units: zeros(makers),
            regional_profit: model.regions.iter().map(|region| zeros(region.sellers.len())).collect(),
            savings: integration.iter().map(|members| zeros(members.len())).collect(),
            integration,
            component_units: units,
            component_spend: spend,
        }
    }
}

/// Worldwide units over modelled ones; 1 where nothing is modelled.
#[inline(always)]
pub(super) fn worldwide<R: Real>(world: R, modelled: R) -> R {
    let some = R::zero(world.token()).lt(modelled);
    let one = R::one(world.token());
    R::select(some, world / R::select(some, modelled, one), one)
}
