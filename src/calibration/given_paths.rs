//! Given paths of a region: industry volume and powertrain shares.

use super::Builder;
use super::dated::between;
use super::draws::Luck;
use crate::market::model::{Input, VolumeModel};
use crate::scenario::file::Named;
use crate::scenario::quantity::Quantity;
use crate::scenario::{Scenario, World};
use crate::uncertainty::Role;

impl Builder<'_> {
    /// Industry volume: given years, growth, shocks.
    pub(super) fn volume(&mut self, scenario: &Scenario, world: &World, region: &str) -> VolumeModel {
        let years = scenario.base_year..=scenario.last_year;
        let volume = &world.file.regions[region].volume;
        VolumeModel {
            given: years
                .clone()
                .map(|year| Some(self.quantity(volume.given.get(&year.to_string())?)))
                .collect(),
            growth: self.quantity(&volume.growth),
            shock_sd: self.quantity(&volume.shock_sd),
            persistence: self.quantity(&volume.persistence),
            shocks: self.yearly_normals(Luck::Series { kind: "volume", name: region }, years),
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
                let start = base_share(powertrain);
                let Some(stated) = given(powertrain).filter(|stated| !stated.is_empty()) else {
                    return Some(years.clone().map(|_| self.fixed(start)).collect());
                };
                let path = stated[0].path().to_owned();
                let mut points = vec![(base, start.into())];
                for (year, share) in stated {
                    let year: i32 = year.parse().expect("checked: a year");
                    points.push((year, share.clone()));
                }
                points.sort_by_key(|point| point.0);
                Some(
                    years
                        .clone()
                        .map(|year| {
                            let next = points.partition_point(|point| point.0 < year);
                            let (share, role) = match points.get(next) {
                                Some((given, share)) if *given == year => (share.clone(), Role::Input),
                                Some(after) => (between(&points[next - 1], after, year), Role::Between),
                                None => (points[points.len() - 1].1.clone(), Role::Input),
                            };
                            self.point_of_path(&share, &path, role)
                        })
                        .collect(),
                )
            })
            .collect()
    }
}
