//! What is offered in a year: what has been learnt and shared sets unit costs; expected moves, shocks, knowledge
//! and loyalty set quality; policies, bans and entries set what buyers pay and can buy.

use super::base::{dated, duty_on, first_duty, pooled, totals};
use super::control::profit_weights;
use super::sharing::YearView;
use super::world::Walk;
use crate::market::cost::{experience, log_experience, scale_change};
use crate::market::model::{OfferModel, Values};
use crate::market::pool::{fade, ramp_over_year};
use crate::market::quality::{beyond_mix, log_ratio};
use crate::numeric::Real;

impl<R: Real> Walk<'_, R> {
    /// Learning, scale, trend and pools: the factor on each maker's base-year component cost.
    #[inline(always)]
    pub(super) fn learn(&mut self, year: usize) {
        let (model, values, base) = (self.model, self.values, self.base);
        let n = model.components.len();
        let totals = totals(self.token, &self.state.own, n);
        let (spillover, saturation) = (values.at(model.spillover), values.at(model.scale_saturation));
        for f in 0..model.makers.len() {
            for (k, component) in model.components.iter().enumerate() {
                let at = f * n + k;
                self.experience[at] = experience(self.state.own[at], totals[k], spillover);
                self.pool_volume[at] = pooled(&self.state.volume, &base.volume, model, f, k);
                let scale_change =
                    scale_change(self.pool_volume[at], base.pool_volume[at], base.pool_scale[at], saturation);
                self.log_cost[at] = values.at(component.trend) * (year as f64)
                    - base.learning[k] * log_experience(self.experience[at], base.experience[at])
                    - values.at(component.scale_elasticity) * scale_change;
            }
        }
        let calendar = self.calendar(year);
        let view = YearView {
            model,
            values,
            base,
            experience: &self.experience,
            pool_volume: &self.pool_volume,
            own: &self.state.own,
            volume: &self.state.volume,
        };
        self.sharing.update(self.token, calendar, &view, &mut self.log_cost);
        for (factor, log) in self.cost_factor.iter_mut().zip(&self.log_cost) {
            *factor = log.exp();
        }
    }

    /// Cost, quality, policy and conduct of a region's offers this year. `given`: the share of each nest.
    #[inline(always)]
    pub(super) fn offer(&mut self, r: usize, year: usize, given: &[R]) {
        let (token, model, values) = (self.token, self.model, self.values);
        let (region, base) = (&model.regions[r], &self.base.regions[r]);
        let (zero, one) = (R::zero(token), R::one(token));
        let n = model.components.len();
        let calendar = self.calendar(year);
        let pass_through = values.at(model.pass_through);
        self.seller_quality(r, year, given);
        self.relative_knowledge(r);
        let here = &mut self.regions[r];
        let market = &mut here.market;
        profit_weights(token, &region.conduct, year, &self.sharing.breakup, &mut market.conduct.weight);
        for (j, offer) in region.offers.iter().enumerate() {
            let (f, g, s) = (region.layout.firm_of[j], region.layout.nest_of[j], region.seller_of[j]);
            let mut parts = zero;
            for k in 0..n {
                parts += base.weights[j * n + k] * self.cost_factor[f * n + k];
            }
            let made = base.ex_duty[j] * parts;
            let first = first_duty(base.duty[j], offer, model.base_year, values);
            let change = duty_on(token, offer, year, values) - first
                + currency_change(token, offer, &self.rates, values, year);
            market.cost[j] = made * (first + 1.0) + made * change * pass_through;
            here.borne[j] = made * change * (one - pass_through);
            market.tax[j] = dated(token, &region.tax[g][year], values);
            market.credit[j] = dated(token, &region.credit[g][year], values);
            market.overhang[j] = match offer.overhang {
                // Full in the base year, as if it had ended in the middle of it.
                Some(overhang) => {
                    values.at(overhang.share) * fade(year as f64, one * 0.5, values.at(overhang.fade_years))
                }
                None => zero,
            };
            market.available[j] =
                self.state.regions[r].present[s] * on_sale(token, offer, calendar, year, values);
            let quality = here.quality[s]
                + values.at(region.knowledge_effect[g]) * here.knowledge[s]
                + self.state.regions[r].catch_up[j];
            market.utility[j] = base.utility[j] + (one - base.rho[g]) * quality;
        }
    }

    /// Expected moves, shocks and loyalty of each seller, log points of within-powertrain share. `given`: the share
    /// of each nest this year.
    #[inline(always)]
    fn seller_quality(&mut self, r: usize, year: usize, given: &[R]) {
        let (model, values) = (self.model, self.values);
        let (region, base) = (&model.regions[r], &self.base.regions[r]);
        let state = &mut self.state.regions[r];
        let loyalty = values.at(region.loyalty);
        let common = values.at(model.common_shock_share);
        let (of_maker, of_region) = (common.sqrt(), (-common + 1.0).sqrt());
        let mut mix = vec![R::zero(self.token); region.sellers.len()];
        for (j, &g) in region.layout.nest_of.iter().enumerate() {
            mix[region.seller_of[j]] += given[g] * base.within_nest[j];
        }
        for (s, seller) in region.sellers.iter().enumerate() {
            if year == 0 {
                state.by_itself[s] = R::splat(self.token, base.share[s]);
            } else {
                let mut expected = R::splat(self.token, if year == 1 { seller.carry } else { 0.0 });
                if let Some(growth) = seller.growth {
                    state.growth[s] = match year {
                        1 => values.at(growth),
                        _ => state.growth[s] * values.at(model.growth_damping),
                    };
                    expected += state.growth[s];
                }
                let by_mix = log_ratio(mix[s], state.mix[s]);
                let beyond = beyond_mix(expected, by_mix);
                let shock = of_maker * values.at(model.makers[seller.maker].shocks[year])
                    + of_region * values.at(seller.shocks[year]);
                let shock = values.at(seller.volatility) * base.tail[s] * seller.spread[year] * shock;
                state.expected[s] += beyond * seller.lever;
                state.shocks[s] += shock * seller.lever;
                state.by_itself[s] *= (by_mix + beyond + shock).exp();
            }
            let stock = log_ratio(state.stock[s], state.stock_by_itself[s]);
            self.regions[r].quality[s] = state.expected[s] + state.shocks[s] + loyalty * stock;
        }
        state.mix = mix;
    }

    /// ln(K/K_0) of each seller less the region's mean, weighted with last year's shares.
    #[inline(always)]
    fn relative_knowledge(&mut self, r: usize) {
        let region = &self.model.regions[r];
        let (mut sum, mut weight) = (R::zero(self.token), R::zero(self.token));
        let knowledge = &mut self.regions[r].knowledge;
        for (s, (seller, &share)) in region.sellers.iter().zip(&self.state.regions[r].share).enumerate() {
            let maker = seller.maker;
            let log = log_ratio(self.state.knowledge[maker], self.base.makers[maker].knowledge);
            sum += share * log;
            weight += share;
            knowledge[s] = log;
        }
        let mean = sum / weight;
        for log in knowledge {
            *log -= mean;
        }
    }
}

/// Part of the year, and of the region, in which an offer can be bought: entry ramp and bans.
#[inline(always)]
fn on_sale<R: Real>(token: R::Token, offer: &OfferModel, calendar: f64, year: usize, values: Values<R>) -> R {
    let (zero, one) = (R::zero(token), R::one(token));
    let entered = match offer.entry {
        Some(entry) if entry.time.is_finite() => {
            ramp_over_year(calendar, R::splat(token, entry.time), values.at(entry.ramp_years))
        }
        Some(_) => zero,
        None => one,
    };
    entered * (one - dated(token, &offer.banned[year], values)).max(zero)
}

/// Change of an offer's cost through exchange rates, as a fraction of its cost before duty.
#[inline(always)]
fn currency_change<R: Real>(
    token: R::Token,
    offer: &OfferModel,
    rates: &[Vec<R>],
    values: Values<R>,
    year: usize,
) -> R {
    let mut change = R::zero(token);
    for source in &offer.sources {
        if let Some(currency) = source.currency {
            change += values.at(source.share) * (rates[currency][year].exp() - 1.0);
        }
    }
    change
}
