//! `RegionYear`: one region's offers, prices and sales in a year.

use super::base::RegionBase;
use crate::market::model::RegionModel;
use crate::market::pricing::{Market, PriceResponse, Workspace};
use crate::numeric::Real;

/// One region's offers, prices and sales in a year.
pub(super) struct RegionYear<R> {
    pub buyers: R,
    /// What prices depend on: priced marginal cost, utility, policies, availability, κ.
    pub market: Market<R>,
    pub work: Workspace<R>,
    /// Per offer: cost changes that the maker bears itself, USD per unit.
    pub borne: Vec<R>,
    /// Per seller: quality without knowledge, and knowledge relative to the region's mean, log points.
    pub quality: Vec<R>,
    pub knowledge: Vec<R>,
}

impl<R: Real> RegionYear<R> {
    pub fn new(token: R::Token, region: &RegionModel, response: PriceResponse) -> RegionYear<R> {
        let zeros = |n: usize| vec![R::zero(token); n];
        let offers = || zeros(region.offers.len());
        let mut market = Market::new(token, region.layout.clone(), response);
        let policies = [&mut market.tax, &mut market.credit, &mut market.overhang, &mut market.available];
        policies.into_iter().for_each(|column| *column = offers());
        RegionYear {
            buyers: R::zero(token),
            market,
            work: Workspace::new(token, &region.layout),
            borne: offers(),
            quality: zeros(region.sellers.len()),
            knowledge: zeros(region.sellers.len()),
        }
    }

    /// Takes what a world keeps in all years.
    pub fn begin(&mut self, region: &RegionModel, base: &RegionBase<R>) {
        self.market.layout.clone_from(&region.layout);
        self.market.types.alpha[0] = base.alpha;
        self.market.rho.clone_from(&base.rho);
        self.market.conduct.row.clone_from(&region.conduct.row);
        self.market.conduct.column.clone_from(&region.conduct.column);
    }
}
