//! What a world carries from one year to the next.

use super::base::Base;
use crate::market::model::MarketModel;
use crate::numeric::Real;

/// The state at the end of a year. Per maker and component: `maker · components + component`.
pub(super) struct State<R> {
    /// Own cumulative units, and last year's annual units, worldwide.
    pub own: Vec<R>,
    pub volume: Vec<R>,
    /// Per maker.
    pub knowledge: Vec<R>,
    /// What plants and staff are sized for: the volume they have come to, log change since the base year.
    pub size: Vec<R>,
    /// Operating profit since the base year, this year's with it.
    pub earned: Vec<R>,
    pub regions: Vec<RegionState<R>>,
}

/// Per seller of a region, except `catch_up`, which is per offer.
pub(super) struct RegionState<R> {
    /// Cars on the road, and those that shares which move by themselves would have put there.
    pub stock: Vec<R>,
    pub stock_by_itself: Vec<R>,
    /// Share of units last year.
    pub share: Vec<R>,
    /// Share at base-year shares within powertrains and the given shares of these.
    pub mix: Vec<R>,
    /// Share moved by the mix, expectation and shocks alone; not closed.
    pub by_itself: Vec<R>,
    /// Expected moves so far, a newcomer's growth this year, shocks so far; log points.
    pub expected: Vec<R>,
    pub growth: Vec<R>,
    pub shocks: Vec<R>,
    /// 1 while the maker sells here, 0 after it has left.
    pub present: Vec<R>,
    /// Loss-making years in a row.
    pub loss_years: Vec<R>,
    pub catch_up: Vec<R>,
}

impl<R: Real> State<R> {
    pub fn start(token: R::Token, model: &MarketModel, base: &Base<R>) -> State<R> {
        let zero = R::zero(token);
        State {
            own: base.own.clone(),
            volume: base.volume.clone(),
            knowledge: base.makers.iter().map(|maker| maker.knowledge).collect(),
            size: vec![zero; model.makers.len()],
            earned: vec![zero; model.makers.len()],
            regions: model
                .regions
                .iter()
                .zip(&base.regions)
                .map(|(region, start)| {
                    let sellers = || vec![zero; region.sellers.len()];
                    RegionState {
                        stock: start.stock.clone(),
                        stock_by_itself: start.stock.clone(),
                        share: start.share.iter().map(|&share| R::splat(token, share)).collect(),
                        mix: sellers(),
                        by_itself: sellers(),
                        expected: sellers(),
                        growth: sellers(),
                        shocks: sellers(),
                        present: vec![R::one(token); region.sellers.len()],
                        loss_years: sellers(),
                        catch_up: vec![zero; region.offers.len()],
                    }
                })
                .collect(),
        }
    }
}
