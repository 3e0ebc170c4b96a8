//! One world in one block while it is walked through: its terms, its state, and what the year brought.

use super::Examined;
use super::base::Base;
use super::ledger::Ledger;
use super::paths::exchange_rates;
use super::region_year::RegionYear;
use super::sharing::Sharing;
use super::state::State;
use crate::market::model::{MarketModel, Values};
use crate::numeric::Real;

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
        for (failed, also) in self.failed_lanes.iter_mut().zip(other.failed_lanes) {
            *failed |= also;
        }
    }
}

/// A world on its way through the years.
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
    pub log_cost: Vec<R>,
    pub pool_volume: Vec<R>,
    pub experience: Vec<R>,
    pub rates: Vec<Vec<R>>,
    pub ledger: Ledger<R>,
    pub solved: Solved,
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

    pub(super) fn calendar(&self, year: usize) -> f64 {
        f64::from(self.model.base_year) + year as f64
    }
}
