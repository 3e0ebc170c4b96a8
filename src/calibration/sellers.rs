//! Makers in a region: trend, volatility, shocks and past sales.

use super::Builder;
use super::draws::Luck;
use super::makers::find;
use super::regions::Slot;
use super::trends::{Trend, trends};
use crate::market::model::SellerModel;
use crate::scenario::tables::Figure;
use crate::scenario::{Scenario, World};
use crate::uncertainty::Distribution;

/// A maker that has sold for longer counts as grown.
const YOUNG_FOR_YEARS: f64 = 12.0;

impl Builder<'_> {
    /// Makers with an offer here, and the position of each offer's maker among them.
    pub(super) fn sellers(
        &mut self,
        scenario: &Scenario,
        world: &World,
        region: &str,
        slots: &[Slot],
    ) -> (Vec<SellerModel>, Vec<usize>) {
        let names = self.names;
        let years = scenario.base_year..=scenario.last_year;
        let mut makers: Vec<usize> = slots.iter().map(|slot| slot.maker).collect();
        makers.sort_unstable();
        makers.dedup();
        let estimates = trends(world, region, scenario.base_year);
        let volatility = match &world.file.regions[region].volatility {
            Some(stated) => self.quantity(stated),
            None => self.fixed(estimates.volatility),
        };
        let sellers = makers
            .iter()
            .map(|&maker| {
                let name = &names.makers[maker];
                let Trend { mean, sd, .. } = estimates.of(name);
                let first_sale = find(&world.manufacturers, name, region, "", Figure::FirstSale)
                    .map(|figure| figure.value.distribution.median());
                let age = first_sale.map_or(f64::INFINITY, |year| f64::from(scenario.base_year) - year);
                let young = match &world.file.shocks.young_volatility {
                    Some(stated) if age < YOUNG_FOR_YEARS => Some((self.quantity(stated), age)),
                    _ => None,
                };
                let (past_units, established) =
                    past_units(world, region, name, scenario.base_year, first_sale);
                SellerModel {
                    maker,
                    trend: self.luck(
                        Luck::Trend { region, maker: name },
                        Distribution::Normal { mean, sd, low: None, high: None },
                    ),
                    volatility,
                    young,
                    shocks: self.quality_shocks(
                        world,
                        Luck::QualityIn { region, maker: name },
                        years.clone(),
                    ),
                    past_units,
                    established,
                }
            })
            .collect();
        let seller_of = slots.iter().map(|slot| makers.iter().position(|&m| m == slot.maker).unwrap());
        (sellers, seller_of.collect())
    }
}

/// Units of the years before the base year, youngest first, gaps filled on a straight line; and
/// whether the maker sold at the oldest level before that.
fn past_units(
    world: &World,
    region: &str,
    maker: &str,
    base_year: i32,
    first_sale: Option<f64>,
) -> (Vec<f64>, bool) {
    let base_units: f64 = world
        .offers
        .iter()
        .filter(|offer| offer.region == region && offer.manufacturer == maker)
        .map(|offer| offer.units)
        .sum();
    let mut known: Vec<(i32, f64)> = world
        .history
        .iter()
        .filter(|row| row.region == region && row.manufacturer == maker && row.year < base_year)
        .map(|row| (row.year, row.units))
        .collect();
    known.push((base_year, base_units));
    known.sort_by_key(|point| point.0);
    let first = first_sale.map_or(i32::MIN, |year| year as i32);
    if first > known[0].0 - 1 || known[0].1 <= 0.0 {
        // A newcomer: nothing before its first sale.
        known.insert(0, (known[0].0 - 1, 0.0));
    } else if first > i32::MIN {
        known.insert(0, (first - 1, 0.0));
    }
    let oldest = known[0].0;
    let established = first == i32::MIN && known[0].1 > 0.0;
    let units = (oldest..base_year).rev().map(|year| {
        let next = known.partition_point(|point| point.0 <= year);
        let (from, to) = (known[next - 1], known[next]);
        let step = f64::from(year - from.0) / f64::from(to.0 - from.0);
        from.1 + step * (to.1 - from.1)
    });
    let mut units: Vec<f64> = units.collect();
    if units.is_empty() {
        units.push(base_units);
    }
    (units, established)
}
