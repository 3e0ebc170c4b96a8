//! Makers worldwide: units, experience, revenue, profit and R&D beyond the modelled regions.

use super::Builder;
use super::draws::Luck;
use super::names::position;
use crate::market::model::{ComponentModel, Input, MakerModel};
use crate::scenario::tables::{Figure, MakerFigure};
use crate::scenario::{Scenario, World};

/// Money in a billion.
const BILLION: f64 = 1e9;

impl Builder<'_> {
    pub(super) fn makers(
        &mut self,
        scenario: &Scenario,
        world: &World,
        components: &[ComponentModel],
    ) -> Vec<MakerModel> {
        let names = self.names;
        let years = scenario.base_year..=scenario.last_year;
        let prices: Vec<f64> = world.offers.iter().map(|offer| offer.price).collect();
        let mean_price = prices.iter().sum::<f64>() / prices.len() as f64;
        names
            .makers
            .iter()
            .enumerate()
            .map(|(index, name)| {
                let figure = |what, powertrain: &str| find(&world.manufacturers, name, "", powertrain, what);
                let modelled = || world.offers.iter().filter(|offer| offer.manufacturer == *name);
                let units: f64 = modelled().map(|offer| offer.units).sum();
                let revenue: f64 = modelled().map(|offer| offer.units * offer.price).sum();
                let world_units =
                    figure(Figure::WorldUnits, "").map_or(units, |f| f.value.distribution.median());
                let outside_units = (world_units - units).max(0.0);
                let outside_revenue = match figure(Figure::Revenue, "") {
                    Some(stated) => (stated.value.distribution.median() * BILLION - revenue).max(0.0),
                    None if units > 0.0 => outside_units * revenue / units,
                    None => outside_units * mean_price,
                };
                let outside_share = (0..names.powertrains.len()).map(|p| match p {
                    0 => None,
                    // Without a figure, nothing but the first powertrain is sold outside.
                    _ => {
                        let share = Figure::OutsidePowertrainShare;
                        let stated = self.stated(world, name, share, &names.powertrains[p]);
                        Some(stated.unwrap_or_else(|| self.fixed(0.0)))
                    }
                });
                let outside_share = outside_share.collect();
                let experience_years = names.powertrains.iter();
                let experience_years =
                    experience_years.map(|p| self.stated(world, name, Figure::ExperienceYears, p)).collect();
                let operating_profit = self.stated(world, name, Figure::OperatingProfit, "");
                let rnd = self.stated(world, name, Figure::Rnd, "");
                MakerModel {
                    outside_units,
                    outside_share,
                    experience_years,
                    outside_revenue,
                    operating_profit,
                    rnd,
                    base_pool: (0..components.len()).map(|k| self.base_pool(world, index, k)).collect(),
                    shocks: self.quality_shocks(world, Luck::Quality { maker: name }, years.clone()),
                    sells: units > 0.0
                        || world.file.entries.values().any(|entry| entry.manufacturer == *name),
                }
            })
            .collect()
    }

    /// A worldwide figure of a maker, if the table has it.
    fn stated(&mut self, world: &World, maker: &str, what: Figure, powertrain: &str) -> Option<Input> {
        let figure = find(&world.manufacturers, maker, "", powertrain, what)?;
        Some(self.quantity(&figure.value))
    }

    fn base_pool(&self, world: &World, maker: usize, component: usize) -> Vec<usize> {
        let mut partners: Vec<usize> = world
            .file
            .base_pools
            .values()
            .filter(|pool| {
                let buys = |c: &String| position(&self.names.components, c) == component;
                pool.components.is_empty() || pool.components.iter().any(buys)
            })
            .map(|pool| pool.members.iter().map(|m| self.names.maker(m)).collect::<Vec<_>>())
            .filter(|members| members.contains(&maker))
            .flatten()
            .filter(|&partner| partner != maker)
            .collect();
        partners.sort_unstable();
        partners.dedup();
        partners
    }

    /// Standard normal draws by year where quality is shocked at all, else zeros.
    pub(super) fn quality_shocks(
        &mut self,
        world: &World,
        luck: Luck,
        years: std::ops::RangeInclusive<i32>,
    ) -> Vec<Input> {
        match world.file.shocks.quality {
            true => self.yearly_normals(luck, years),
            false => years.map(|_| self.fixed(0.0)).collect(),
        }
    }
}

/// A maker's figure, worldwide where `region` is empty, for all powertrains where `powertrain` is.
pub(super) fn find<'a>(
    figures: &'a [MakerFigure],
    maker: &str,
    region: &str,
    powertrain: &str,
    figure: Figure,
) -> Option<&'a MakerFigure> {
    figures.iter().find(|f| {
        f.manufacturer == maker && f.region == region && f.powertrain == powertrain && f.figure == figure
    })
}
