//! One world in one block while it is walked through: its regions this year, its state, and what the year brought.

use super::Examined;
use super::base::Base;
use super::failure::{Cause, Solved};
use super::ledger::Ledger;
use super::paths::exchange_rates;
use super::region_year::RegionYear;
use super::sharing::Sharing;
use super::state::State;
use crate::market::model::{MarketModel, Values};
use crate::numeric::Real;

/// A world on its way through the years.
pub(super) struct Walk<'a, R: Real> {
    pub token: R::Token,
    pub model: &'a MarketModel,
    pub values: Values<'a, R>,
    pub base: &'a Base<R>,
    pub state: State<R>,
    pub sharing: Sharing<R>,
    pub regions: &'a mut [RegionYear<R>],
    /// Factor on base-year component cost, by maker and component.
    pub cost_factor: Vec<R>,
    pub log_cost: Vec<R>,
    pub pool_volume: Vec<R>,
    pub experience: Vec<R>,
    pub rates: Vec<Vec<R>>,
    pub ledger: Ledger<R>,
    pub solved: Solved,
    /// Per lane: what failed first, in which region and calendar year.
    pub failures: [Option<(Cause, usize, i32)>; 8],
    /// Lanes that are replications.
    pub lanes: usize,
    /// Take a closer look at the first lane's markets of the last year.
    pub examine: bool,
    pub examined: Examined,
}

impl<'a, R: Real> Walk<'a, R> {
    #[inline(always)]
    pub fn new(
        token: R::Token,
        model: &'a MarketModel,
        values: Values<'a, R>,
        base: &'a Base<R>,
        regions: &'a mut [RegionYear<R>],
        central: bool,
    ) -> Walk<'a, R> {
        let by_component = || vec![R::zero(token); model.makers.len() * model.components.len()];
        for (here, (region, base)) in regions.iter_mut().zip(model.regions.iter().zip(&base.regions)) {
            here.begin(region, base);
        }
        Walk {
            token,
            model,
            values,
            base,
            state: State::start(token, model, base),
            sharing: Sharing::of(token, model, values, central),
            regions,
            cost_factor: by_component(),
            log_cost: by_component(),
            pool_volume: by_component(),
            experience: by_component(),
            rates: exchange_rates(token, model, values),
            ledger: Ledger::new(token, model, values, base),
            solved: Solved::default(),
            failures: base.failures,
            lanes: R::LANES,
            examine: false,
            examined: Examined::default(),
        }
    }

    pub(super) fn calendar(&self, year: usize) -> f64 {
        f64::from(self.model.base_year) + year as f64
    }
}
