//! `RegionYear`: one region's offers, prices and sales in a year.

use crate::market::model::RegionModel;
use crate::market::pricing::Workspace;
use crate::numeric::Real;

/// One region's offers, prices and sales in a year.
pub(super) struct RegionYear<R> {
    pub buyers: R,
    pub work: Workspace<R>,
    /// Per offer: priced marginal cost, and cost changes that the maker bears itself, USD per unit.
    pub cost: Vec<R>,
    pub borne: Vec<R>,
    pub tax: Vec<R>,
    pub credit: Vec<R>,
    pub utility: Vec<R>,
    pub overhang: Vec<R>,
    /// Per seller: quality without knowledge, and knowledge relative to the region's mean, log points.
    pub quality: Vec<R>,
    pub knowledge: Vec<R>,
    pub available: Vec<R>,
    pub conduct: Vec<R>,
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
