//! Given paths of a region: industry volume and powertrain shares.

use super::Builder;
use crate::market::model::{Input, VolumeModel};
use crate::scenario::file::Named;
use crate::scenario::quantity::Quantity;
use crate::scenario::{Scenario, World};
use crate::uncertainty::Distribution;

impl Builder<'_> {
    /// Industry volume: given years, growth, shocks.
    pub(super) fn volume(&mut self, scenario: &Scenario, world: &World, region: &str) -> VolumeModel {
        let years = scenario.base_year..=scenario.last_year;
        let volume = &world.file.regions[region].volume;
        let key = |field: &str| format!("regions.{region}.volume.{field}");
        VolumeModel {
            given: years
                .map(|year| {
                    let stated = volume.given.get(&year.to_string())?;
                    Some(self.quantity(&key(&format!("given.{year}")), stated))
                })
                .collect(),
            growth: self.quantity(&key("growth"), &volume.growth),
            shock_sd: self.quantity(&key("shock_sd"), &volume.shock_sd),
            persistence: self.quantity(&key("persistence"), &volume.persistence),
            shocks: self.correlated_shocks(scenario, &world.file, &format!("volume.{region}")),
        }
    }

    /// Given paths of powertrain shares: every year of a path shares one uniform; years between given
    /// ones are interpolated, the last given one is kept.
    pub(super) fn nest_shares(
        &mut self,
        world: &World,
        region: &str,
        powertrains: &[&str],
        years: std::ops::RangeInclusive<i32>,
    ) -> Vec<Option<Vec<Input>>> {
        let base = *years.start();
        let given = |powertrain: &str| -> Option<&Named<Quantity>> {
            world.file.regions[region].powertrain_share.get(powertrain)
        };
        let base_share = |powertrain: &str| {
            let here = || world.offers.iter().filter(|offer| offer.region == region);
            let of = |p: &str| here().filter(|o| o.powertrain == p).map(|o| o.units).sum::<f64>();
            of(powertrain) / here().map(|offer| offer.units).sum::<f64>()
        };
        powertrains
            .iter()
            .enumerate()
            .map(|(nest, powertrain)| {
                // The first powertrain of the region takes what the others leave.
                if nest == 0 {
                    return None;
                }
                let key = format!("regions.{region}.powertrain_share.{powertrain}");
                let mut points = vec![(base, Distribution::Fixed(base_share(powertrain)))];
                for (year, share) in given(powertrain).into_iter().flatten() {
                    let year: i32 = year.parse().expect("checked: a year");
                    if year > base {
                        points.push((year, share.distribution.clone()));
                    }
                }
                points.sort_by_key(|point| point.0);
                Some(
                    years
                        .clone()
                        .map(|year| {
                            let next = points.partition_point(|point| point.0 < year);
                            let distribution = match points.get(next) {
                                Some((given, share)) if *given == year => share.clone(),
                                Some(after) => super::dated::between(&points[next - 1], after, year),
                                None => points[points.len() - 1].1.clone(),
                            };
                            self.input(&key, distribution)
                        })
                        .collect(),
                )
            })
            .collect()
    }
}
