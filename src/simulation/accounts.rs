//! The year's accounts of every maker, and how stocks move on (model sections 5 to 8).
//!
//! operating profit = variable profit − borne duties − R&D − fixed cost − integration cost, worldwide:
//! outside the modelled regions a maker earns its base-year variable margin on a stated revenue path,
//! and what pools save per unit there as here. Fixed cost is what makes the base year the reported one.

use super::base::{BILLION, first_duty};
use super::ledger::worldwide;
use super::world::Walk;
use crate::market::model::ExitModel;
use crate::market::overhead::{fixed_cost, next_size};
use crate::market::pool::paid_in_year;
use crate::market::quality::{log_ratio, next_knowledge, next_stock};
use crate::numeric::{Mask, Real};

impl<R: Real> Walk<'_, R> {
    /// Sales, profits, R&D and savings of the year.
    #[inline(always)]
    pub(super) fn account(&mut self, year: usize) {
        let (token, model, values) = (self.token, self.model, self.values);
        let zero = R::zero(token);
        let n = model.components.len();
        let ledger = &mut self.ledger;
        for column in [
            &mut ledger.units,
            &mut ledger.revenue,
            &mut ledger.variable_profit,
            &mut ledger.borne,
            &mut ledger.component_units,
            &mut ledger.component_spend,
        ] {
            column.fill(zero);
        }
        for (r, region) in model.regions.iter().enumerate() {
            let (base, here) = (&self.base.regions[r], &self.regions[r]);
            ledger.regional_profit[r].fill(zero);
            for j in 0..region.offers.len() {
                let (f, nest) = (region.layout.firm_of[j], region.layout.nest_of[j]);
                let units = here.buyers * here.work.share[j];
                let profit = units * here.work.margin[j];
                let borne = units * here.borne[j];
                ledger.units[f] += units;
                ledger.revenue[f] += units * here.work.price[j];
                ledger.variable_profit[f] += profit;
                ledger.borne[f] += borne;
                ledger.regional_profit[r][region.seller_of[j]] += profit - borne;
                let duty = first_duty(base.duty[j], &region.offers[j], model.base_year, values);
                let made = units * base.ex_duty[j] * (duty + 1.0);
                for (k, component) in model.components.iter().enumerate() {
                    let at = f * n + k;
                    ledger.component_spend[at] += made * base.weights[j * n + k] * self.cost_factor[at];
                    if component.carried_by[region.powertrain_of_nest[nest]] {
                        ledger.component_units[at] += units;
                    }
                }
            }
        }
        let outside_growth = (values.at(model.outside_growth) * (year as f64)).exp();
        for (f, maker) in model.makers.iter().enumerate() {
            let base = &self.base.makers[f];
            let outside_revenue = outside_growth * maker.outside_revenue;
            ledger.world_units[f] = ledger.units[f] + outside_growth * maker.outside_units;
            ledger.rnd[f] = base.rnd * (ledger.revenue[f] + outside_revenue) / base.revenue;
            ledger.operating_profit[f] = ledger.variable_profit[f] - ledger.borne[f]
                + outside_revenue * base.variable_margin
                - fixed_cost(base.fixed_cost, values.at(model.fixed_cost_elasticity), self.state.size[f]);
        }
        self.avoid_fixed_cost();
        self.share_out(year, outside_growth);
        let ledger = &mut self.ledger;
        for ((profit, rnd), earned) in
            ledger.operating_profit.iter_mut().zip(&ledger.rnd).zip(&mut self.state.earned)
        {
            *profit -= *rnd;
            if year > 0 {
                *earned += *profit;
            }
        }
    }

    /// What need not be spent any more where a maker has left.
    #[inline(always)]
    fn avoid_fixed_cost(&mut self) {
        for (r, region) in self.model.regions.iter().enumerate() {
            for exit in &region.exits {
                let f = region.sellers[exit.seller].maker;
                let avoidable = self.avoidable(r, exit);
                let left = -self.state.regions[r].present[exit.seller] + 1.0;
                self.ledger.operating_profit[f] += self.base.makers[f].fixed_cost * avoidable * left;
            }
        }
    }

    /// Plants and staff follow what is sold worldwide. What a maker sold in a region it has left counts as sold, for that
    /// part of its fixed cost is avoided at once.
    #[inline(always)]
    fn resize(&mut self) {
        let (model, values) = (self.model, self.values);
        for (f, size) in self.state.size.iter_mut().enumerate() {
            let base = R::splat(self.token, self.base.makers[f].units);
            let mut volume = self.ledger.world_units[f];
            for (region, state) in model.regions.iter().zip(&self.state.regions) {
                for exit in region.exits.iter().filter(|exit| region.sellers[exit.seller].maker == f) {
                    let offers = region.offers.iter().zip(&region.seller_of);
                    let sold =
                        offers.filter(|(_, seller)| **seller == exit.seller).map(|(offer, _)| offer.units);
                    volume += (-state.present[exit.seller] + 1.0) * sold.sum::<f64>();
                }
            }
            *size = next_size(*size, values.at(model.fixed_cost_adjustment), volume, base);
        }
    }

    /// The part of a maker's fixed cost that it would not have without this region.
    #[inline(always)]
    fn avoidable(&self, r: usize, exit: &ExitModel) -> R {
        let maker = &self.base.makers[self.model.regions[r].sellers[exit.seller].maker];
        maker.regional_revenue[r] / maker.revenue * self.values.at(exit.avoidable_fixed_share)
    }

    /// Savings of the pools, what of them goes into R&D, and what integration costs this year.
    #[inline(always)]
    fn share_out(&mut self, year: usize, outside_growth: R) {
        let (token, model, values) = (self.token, self.model, self.values);
        let n = model.components.len();
        let ledger = &mut self.ledger;
        let calendar = f64::from(model.base_year) + year as f64;
        for (p, effects) in self.sharing.pools.iter().enumerate() {
            let alliance = &model.alliances[effects.alliance];
            let pool = &alliance.pools[effects.pool];
            let reinvested = values.at(alliance.reinvested_share);
            let years = values.at(alliance.integration_years);
            for (at, &member) in pool.members.iter().enumerate() {
                let f = alliance.members[member].maker;
                let here = &ledger.component_spend[f * n..][..n];
                let mut world = here.to_vec();
                for (k, spent) in world.iter_mut().enumerate() {
                    let modelled = ledger.component_units[f * n + k];
                    let outside = self.base.outside_volume[f * n + k] * outside_growth;
                    *spent *= worldwide(modelled + outside, modelled);
                }
                let saving = effects.saving(token, at, &world);
                // Savings on cars sold in the modelled regions are already in their marginal cost.
                let in_costs = effects.saving(token, at, here) - effects.fixed_saving[at];
                let into_rnd = reinvested * effects.fixed_saving[at];
                let joined = alliance.members[member].from.max(alliance.start);
                let start = values.at(pool.start).max(R::splat(token, joined));
                // Nobody goes on integrating what has fallen apart.
                let end = self.sharing.breakup[effects.alliance]
                    .min(R::splat(token, alliance.members[member].until));
                let integration = ledger.integration[p][at] * paid_in_year(calendar, start, years, end);
                ledger.savings[p][at] = saving;
                ledger.rnd[f] += into_rnd;
                ledger.operating_profit[f] += saving - in_costs - integration;
            }
        }
    }

    /// Moves stocks to the end of the year.
    #[inline(always)]
    pub(super) fn advance(&mut self, year: usize) {
        let (token, model, values) = (self.token, self.model, self.values);
        let zero = R::zero(token);
        let outside_growth = (values.at(model.outside_growth) * (year as f64)).exp();
        for at in 0..self.state.own.len() {
            let volume = self.ledger.component_units[at] + self.base.outside_volume[at] * outside_growth;
            self.state.volume[at] = volume;
            self.state.own[at] += volume;
        }
        let mut inflow = vec![zero; model.makers.len()];
        self.sharing.research(model, values, self.base, &self.ledger.rnd, &mut inflow);
        let depreciation = values.at(model.knowledge_depreciation);
        for (f, knowledge) in self.state.knowledge.iter_mut().enumerate() {
            *knowledge = next_knowledge(*knowledge, depreciation, self.ledger.rnd[f], inflow[f]);
        }
        self.resize();
        for r in 0..model.regions.len() {
            self.advance_region(r);
            self.exits(r, year);
        }
    }

    #[inline(always)]
    fn advance_region(&mut self, r: usize) {
        let (token, values) = (self.token, self.values);
        let region = &self.model.regions[r];
        let (base, here, state) = (&self.base.regions[r], &self.regions[r], &mut self.state.regions[r]);
        let scrappage = values.at(region.scrappage);
        let inside = here.buyers * (-here.work.outside_share[0] + 1.0);
        state.share.fill(R::zero(token));
        for (j, &s) in region.seller_of.iter().enumerate() {
            state.share[s] += here.buyers * here.work.share[j] / inside;
        }
        for (j, offer) in region.offers.iter().enumerate() {
            let lag = log_ratio(R::splat(token, base.share[region.seller_of[j]]), here.work.within_nest[j]);
            state.catch_up[j] += values.at(offer.catch_up) * lag.max(R::zero(token));
        }
        let mut whole = R::zero(token);
        for &share in &state.by_itself {
            whole += share;
        }
        for s in 0..region.sellers.len() {
            state.stock[s] = next_stock(state.stock[s], scrappage, state.share[s] * inside);
            let by_itself = state.by_itself[s] / whole * inside;
            state.stock_by_itself[s] = next_stock(state.stock_by_itself[s], scrappage, by_itself);
        }
    }

    /// Who leaves the region at the end of the year.
    #[inline(always)]
    fn exits(&mut self, r: usize, year: usize) {
        let (token, model, values) = (self.token, self.model, self.values);
        let (zero, one) = (R::zero(token), R::one(token));
        for exit in &model.regions[r].exits {
            let maker = &self.base.makers[model.regions[r].sellers[exit.seller].maker];
            let must_earn = (maker.rnd + maker.fixed_cost) * self.avoidable(r, exit);
            let state = &mut self.state.regions[r];
            let loss = self.ledger.regional_profit[r][exit.seller].lt(must_earn);
            let years = R::select(loss, state.loss_years[exit.seller] + 1.0, zero);
            state.loss_years[exit.seller] = years;
            if year < exit.from {
                continue;
            }
            let mut leaves = values.at(exit.draws[year]).lt(values.at(exit.yearly_chance));
            if let Some(limit) = exit.after_loss_years {
                leaves = leaves.or(R::splat(token, f64::from(limit)).le(years));
            }
            let stays = R::select(leaves, zero, one);
            state.present[exit.seller] *= stays;
        }
    }
}

/// USD bn.
#[inline(always)]
pub(super) fn billions<R: Real>(usd: R) -> R {
    usd / BILLION
}
