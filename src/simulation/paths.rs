//! What moves by itself and is the same in every world of a replication: industry volume, powertrain
//! shares, exchange rates; and what the reference world's first walk finds out about them.

use crate::market::model::{MarketModel, Values, VolumeModel};
use crate::numeric::Real;

/// A region's path, by year.
pub(super) struct RegionPath<R> {
    /// Units sold in the reference world.
    pub volume: Vec<R>,
    /// Share of potential buyers per nest that the reference world must meet: `[year][nest]`.
    pub nest_share: Vec<Vec<R>>,
    /// Found by the reference world's first walk: potential buyers, utility shift per nest, and the
    /// markup terms that every world's solver starts from.
    pub buyers: Vec<R>,
    pub shift: Vec<Vec<R>>,
    pub markup: Vec<Vec<R>>,
}

/// Log change of every exchange rate against the base year: `[currency][year]`.
pub(super) fn exchange_rates<R: Real>(
    token: R::Token,
    model: &MarketModel,
    values: Values<R>,
) -> Vec<Vec<R>> {
    model
        .currencies
        .iter()
        .map(|currency| {
            let mut level = R::zero(token);
            currency
                .shocks
                .iter()
                .map(|shock| {
                    level = values.at(currency.persistence) * level
                        + values.at(currency.shock_sd) * values.at(*shock);
                    level
                })
                .collect()
        })
        .collect()
}

/// Industry volume by year: given, or grown from the year before, times an AR(1) deviation.
pub(super) fn volumes<R: Real>(
    token: R::Token,
    volume: &VolumeModel,
    base_units: f64,
    values: Values<R>,
) -> Vec<R> {
    let mut path = R::splat(token, base_units);
    let mut deviation = R::zero(token);
    let mut by_year = vec![path];
    let growth = values.at(volume.growth).exp();
    for year in 1..volume.given.len() {
        match volume.given[year] {
            Some(given) => {
                path = values.at(given);
                deviation = R::zero(token);
            }
            None => {
                path *= growth;
                deviation = values.at(volume.persistence) * deviation
                    + values.at(volume.shock_sd) * values.at(volume.shocks[year]);
            }
        }
        by_year.push(path * deviation.exp());
    }
    by_year
}

impl<R: Real> RegionPath<R> {
    /// The given part of a region's path, for an outside share held at its base-year value.
    pub fn given(
        token: R::Token,
        model: &MarketModel,
        region: usize,
        outside_share: R,
        values: Values<R>,
    ) -> RegionPath<R> {
        let region = &model.regions[region];
        let base_units: f64 = region.offers.iter().map(|offer| offer.units).sum();
        let inside = -outside_share + 1.0;
        let nest_share = (0..model.n_years)
            .map(|year| {
                let mut shares: Vec<R> = region
                    .nest_share
                    .iter()
                    .map(|path| path.as_ref().map_or(R::zero(token), |path| values.at(path[year]) * inside))
                    .collect();
                // The first nest takes what the others leave.
                let mut rest = inside;
                for &share in &shares {
                    rest -= share;
                }
                shares[0] = rest;
                shares
            })
            .collect();
        RegionPath {
            volume: volumes(token, &region.volume, base_units, values),
            nest_share,
            buyers: Vec::new(),
            shift: Vec::new(),
            markup: Vec::new(),
        }
    }
}
