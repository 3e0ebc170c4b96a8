//! One world, all years, one block of replications: the model's story.
//!
//! Every year: what has been learnt and shared sets unit costs; trends, shocks, knowledge and loyalty
//! set quality; prices follow; buyers choose; accounts are drawn up; stocks move on. Costs, knowledge,
//! installed base and averaging weights of a year use the state at the end of the year before.

use super::Examined;
use super::accounts::Ledger;
use super::base::{Base, dated, duty_on, pooled, totals};
use super::lane::{examine, rescue};
use super::paths::{RegionPath, exchange_rates};
use super::record::Record;
use super::sharing::{Sharing, YearView};
use super::state::State;
use crate::market::cost::{experience, log_experience, scale};
use crate::market::model::{MarketModel, OfferModel, RegionModel, Values};
use crate::market::pool::ramp_over_year;
use crate::market::pricing::{Closure, Conduct, Market, Options, Start, Types, Workspace, solve_nested};
use crate::market::quality::{log_ratio, volatility};
use crate::numeric::{Mask, Real};

/// What to do with a region's path: find it (the reference world's first walk) or follow it.
pub(super) enum Mode<'a, R> {
    Find(&'a mut [RegionPath<R>]),
    Follow(&'a [RegionPath<R>], Record<'a>),
}

/// How the equilibria of a walk turned out.
#[derive(Clone, Debug, Default)]
pub struct Solved {
    pub equilibria: u64,
    pub failed: u64,
    pub worst_residual: f64,
    /// Lanes with a failed equilibrium anywhere.
    pub failed_lanes: [bool; 8],
}

impl Solved {
    /// Sums and maxima do not depend on the order of merging.
    pub fn merge(&mut self, other: &Solved) {
        self.equilibria += other.equilibria;
        self.failed += other.failed;
        self.worst_residual = self.worst_residual.max(other.worst_residual);
    }
}

/// One region's prices and sales in a year.
pub(super) struct RegionYear<R> {
    pub buyers: R,
    pub work: Workspace<R>,
    /// Per offer: priced marginal cost, and cost changes that the maker bears itself, USD per unit.
    pub cost: Vec<R>,
    pub borne: Vec<R>,
    pub tax: Vec<R>,
    pub credit: Vec<R>,
    utility: Vec<R>,
    overhang: Vec<R>,
    /// Per seller: quality without knowledge, and knowledge relative to the region's mean, log points.
    quality: Vec<R>,
    knowledge: Vec<R>,
    pub available: Vec<R>,
    conduct: Vec<R>,
}

impl<R: Real> RegionYear<R> {
    pub fn new(token: R::Token, region: &RegionModel) -> RegionYear<R> {
        let zeros = |n: usize| vec![R::zero(token); n];
        let offers = || zeros(region.offers.len());
        RegionYear {
            buyers: R::zero(token),
            work: Workspace::new(token, &region.layout),
            cost: offers(),
            borne: offers(),
            tax: offers(),
            credit: offers(),
            utility: offers(),
            overhang: offers(),
            quality: zeros(region.sellers.len()),
            knowledge: zeros(region.sellers.len()),
            available: offers(),
            conduct: Vec::new(),
        }
    }
}

pub(super) struct Walk<'a, R: Real> {
    pub token: R::Token,
    pub model: &'a MarketModel,
    pub values: Values<'a, R>,
    pub base: &'a Base<R>,
    pub state: State<R>,
    pub sharing: Sharing<R>,
    pub years: &'a mut [RegionYear<R>],
    /// Factor on base-year component cost, by maker and component.
    pub cost_factor: Vec<R>,
    log_cost: Vec<R>,
    pool_volume: Vec<R>,
    experience: Vec<R>,
    rates: Vec<Vec<R>>,
    pub ledger: Ledger<R>,
    pub solved: Solved,
    /// Take a closer look at the first lane's markets of the last year.
    pub examine: bool,
    examined: Examined,
}

/// What a walk leaves besides its recorded outcomes.
pub(super) struct Walked<R> {
    pub solved: Solved,
    pub examined: Examined,
    /// Calendar time of each alliance's break-up.
    pub breakup: Vec<R>,
}

impl<'a, R: Real> Walk<'a, R> {
    #[inline(always)]
    pub fn new(
        token: R::Token,
        model: &'a MarketModel,
        values: Values<'a, R>,
        base: &'a Base<R>,
        years: &'a mut [RegionYear<R>],
        central: bool,
    ) -> Walk<'a, R> {
        let by_component = || vec![R::zero(token); model.makers.len() * model.components.len()];
        Walk {
            token,
            model,
            values,
            base,
            state: State::start(token, model, base),
            sharing: Sharing::of(token, model, values, central),
            years,
            cost_factor: by_component(),
            log_cost: by_component(),
            pool_volume: by_component(),
            experience: by_component(),
            rates: exchange_rates(token, model, values),
            ledger: Ledger::new(token, model, values, base),
            solved: Solved::default(),
            examine: false,
            examined: Examined::default(),
        }
    }

    /// Walks through all years. Each step is compiled as a function of its own.
    #[inline(always)]
    pub fn run(mut self, mut mode: Mode<R>) -> Walked<R> {
        let token = self.token;
        for year in 0..self.model.n_years {
            R::outlined(
                token,
                #[inline(always)]
                || self.component_costs(year),
            );
            for r in 0..self.model.regions.len() {
                R::outlined(
                    token,
                    #[inline(always)]
                    || self.terms(r, year),
                );
                self.prices(r, year, &mut mode);
            }
            R::outlined(
                token,
                #[inline(always)]
                || self.draw_up_accounts(year),
            );
            if let Mode::Follow(_, record) = &mut mode {
                R::outlined(
                    token,
                    #[inline(always)]
                    || record.year(&self, year),
                );
            }
            R::outlined(
                token,
                #[inline(always)]
                || self.advance(year),
            );
        }
        Walked { solved: self.solved, examined: self.examined, breakup: self.sharing.breakup }
    }

    fn calendar(&self, year: usize) -> f64 {
        f64::from(self.model.base_year) + year as f64
    }

    /// Learning, scale, trend and pools: the factor on each maker's base-year component cost.
    #[inline(always)]
    fn component_costs(&mut self, year: usize) {
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
                    scale(self.pool_volume[at], saturation) - scale(base.pool_volume[at], saturation);
                self.log_cost[at] = values.at(component.trend) * (year as f64)
                    - base.learning[k] * log_experience(self.experience[at], base.experience[at])
                    - values.at(component.scale_elasticity) * scale_change;
            }
        }
        let calendar = self.calendar(year);
        let view = YearView {
            experience: &self.experience,
            pool_volume: &self.pool_volume,
            own: &self.state.own,
            volume: &self.state.volume,
        };
        self.sharing.update(self.token, model, values, base, calendar, &view, &mut self.log_cost);
        for (factor, log) in self.cost_factor.iter_mut().zip(&self.log_cost) {
            *factor = log.exp();
        }
    }

    /// Cost, quality, policy and conduct of a region's offers this year.
    #[inline(always)]
    fn terms(&mut self, r: usize, year: usize) {
        let (token, model, values) = (self.token, self.model, self.values);
        let (region, base) = (&model.regions[r], &self.base.regions[r]);
        let (zero, one) = (R::zero(token), R::one(token));
        let n = model.components.len();
        let calendar = self.calendar(year);
        let pass_through = values.at(model.pass_through);
        self.seller_quality(r, year);
        self.relative_knowledge(r);
        let terms = &mut self.years[r];
        terms.conduct.clear();
        for &kappa in &region.conduct.weight[year] {
            terms.conduct.push(R::splat(token, kappa));
        }
        for (j, offer) in region.offers.iter().enumerate() {
            let (f, g, s) = (region.layout.firm_of[j], region.layout.nest_of[j], region.seller_of[j]);
            let mut parts = zero;
            for k in 0..n {
                parts += base.weights[j * n + k] * self.cost_factor[f * n + k];
            }
            let made = base.ex_duty[j] * parts;
            let change = duty_on(token, offer, year, values) - base.duty[j]
                + currency_change(token, offer, &self.rates, values, year);
            terms.cost[j] = made * (base.duty[j] + 1.0) + made * change * pass_through;
            terms.borne[j] = made * change * (one - pass_through);
            terms.tax[j] = dated(token, &region.tax[g][year], values);
            terms.credit[j] = dated(token, &region.credit[g][year], values);
            terms.overhang[j] = match offer.overhang {
                Some(overhang) => {
                    let gone = R::splat(token, year as f64) / values.at(overhang.fade_years).max(one * 1e-6);
                    values.at(overhang.share) * (one - gone).max(zero)
                }
                None => zero,
            };
            terms.available[j] =
                self.state.regions[r].present[s] * on_sale(token, offer, calendar, year, values);
            let quality = terms.quality[s]
                + values.at(region.knowledge_effect[g]) * terms.knowledge[s]
                + self.state.regions[r].catch_up[j];
            terms.utility[j] = base.utility[j] + (one - base.rho[g]) * quality;
        }
    }

    /// Trend, shocks and loyalty of each seller, log points of within-powertrain share.
    #[inline(always)]
    fn seller_quality(&mut self, r: usize, year: usize) {
        let (model, values) = (self.model, self.values);
        let region = &model.regions[r];
        let state = &mut self.state.regions[r];
        let loyalty = values.at(region.loyalty);
        let common = values.at(model.common_shock_share);
        let (of_maker, of_region) = (common.sqrt(), (-common + 1.0).sqrt());
        for (s, seller) in region.sellers.iter().enumerate() {
            if year > 0 {
                state.trend_step[s] = match year {
                    1 => values.at(seller.trend),
                    _ => state.trend_step[s] * values.at(model.trend_damping),
                };
                state.trend[s] += state.trend_step[s];
                let grown = values.at(seller.volatility);
                let sd = match seller.young {
                    Some((young, age)) => {
                        volatility(grown, values.at(young), values.at(model.young_decay), age + year as f64)
                    }
                    None => grown,
                };
                let shock = of_maker * values.at(model.makers[seller.maker].shocks[year])
                    + of_region * values.at(seller.shocks[year]);
                state.walk[s] += sd * shock;
            }
            let base = log_ratio(state.stock[s], state.frozen_stock[s]);
            self.years[r].quality[s] = state.trend[s] + state.walk[s] + loyalty * base;
        }
    }

    /// ln(K/K_0) of each seller less the region's mean, weighted with last year's shares.
    #[inline(always)]
    fn relative_knowledge(&mut self, r: usize) {
        let region = &self.model.regions[r];
        let (mut sum, mut weight) = (R::zero(self.token), R::zero(self.token));
        let knowledge = &mut self.years[r].knowledge;
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

    /// Solves a region's prices: at given nest shares, which finds the path's shift and buyers, or at
    /// given shift and buyers.
    #[inline(always)]
    fn prices(&mut self, r: usize, year: usize, mode: &mut Mode<R>) {
        let base = &self.base.regions[r];
        match mode {
            Mode::Find(paths) => {
                let path = &mut paths[r];
                let start = path.markup.last().unwrap_or(&base.markup).clone();
                self.solve(r, year, &start, Closure::NestShares(&path.nest_share[year]));
                let terms = &mut self.years[r];
                terms.buyers = path.volume[year] / (-base.outside_share + 1.0);
                let mut shift = terms.work.nest_shift.clone();
                if year == 0 {
                    // The base year is reproduced as it is, without the rounding of a shift.
                    shift.fill(R::zero(self.token));
                }
                path.buyers.push(terms.buyers);
                path.shift.push(shift);
                path.markup.push(terms.work.markup.clone());
            }
            Mode::Follow(paths, _) => {
                let path = &paths[r];
                let terms = &mut self.years[r];
                terms.buyers = path.buyers[year];
                for (utility, &g) in terms.utility.iter_mut().zip(&self.model.regions[r].layout.nest_of) {
                    *utility += path.shift[year][g];
                }
                self.solve(r, year, &path.markup[year], Closure::OutsideGood);
            }
        }
    }

    #[inline(always)]
    fn solve(&mut self, r: usize, year: usize, start: &[R], closure: Closure<R>) {
        let (region, base) = (&self.model.regions[r], &self.base.regions[r]);
        let last = year + 1 == self.model.n_years;
        let year = &mut self.years[r];
        let market = Market {
            layout: &region.layout,
            response: self.model.response,
            types: Types { weight: &[1.0], alpha: std::slice::from_ref(&base.alpha), taste: &[] },
            rho: &base.rho,
            utility: &year.utility,
            cost: &year.cost,
            tax: &year.tax,
            credit: &year.credit,
            overhang: &year.overhang,
            available: &year.available,
            fixed_price: &[],
            conduct: Conduct {
                row: &region.conduct.row,
                column: &region.conduct.column,
                weight: &year.conduct,
            },
            closure,
        };
        let solution =
            solve_nested(self.token, &market, &mut year.work, Start::Markups(start), Options::default());
        let fine = solution.converged.and(solution.markup_positive);
        if self.examine && last {
            self.examined.merge(examine(&market, &year.work, 0));
        }
        self.solved.equilibria += R::LANES as u64;
        for lane in 0..R::LANES {
            let residual = match (self.base.sound[lane], fine.lane(lane)) {
                (true, true) => Some(solution.residual.lane(lane)),
                (true, false) => rescue(&market, &mut year.work, lane),
                (false, _) => None,
            };
            match residual {
                Some(residual) => self.solved.worst_residual = self.solved.worst_residual.max(residual),
                None => {
                    self.solved.failed += 1;
                    self.solved.failed_lanes[lane] = true;
                }
            }
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
