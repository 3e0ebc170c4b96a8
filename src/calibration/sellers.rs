//! Makers in a region: how their shares are expected to move, shocks and past sales.

use super::Builder;
use super::draws::Luck;
use super::past::{first_sale, past};
use super::regions::Slot;
use crate::market::model::SellerModel;
use crate::scenario::{Scenario, World};
use crate::share_process::{Constants, Estimate, Outlook, Region, Series, estimate, outlook};
use crate::uncertainty::Distribution;

/// A maker that is alone in a powertrain cannot be moved by its quality.
const MOST_LEVER: f64 = 3.0;

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
        let process = Process::of(scenario, world, region);
        let volatility = match &world.file.regions[region].volatility {
            Some(stated) => self.quantity(stated),
            None => self.fixed(process.estimate.scale),
        };
        let sellers = makers
            .iter()
            .map(|&maker| {
                let name = &names.makers[maker];
                let Outlook { step, step_sd, carry, mut sd } =
                    process.outlook(scenario, world, name, maker, slots);
                sd.insert(0, 0.0);
                let (past_units, established) =
                    past_units(world, region, name, scenario.base_year, first_sale(world, region, name));
                let normal = |mean, sd| Distribution::Normal { mean, sd, low: None, high: None };
                SellerModel {
                    maker,
                    growth: (step > 0.0)
                        .then(|| self.luck(Luck::Growth { region, maker: name }, normal(step, step_sd))),
                    lever: lever(maker, slots),
                    carry,
                    volatility,
                    spread: sd,
                    tail: match world.file.shocks.quality {
                        true => self.luck(Luck::Spread { region, maker: name }, normal(0.0, 1.0)),
                        false => self.fixed(0.0),
                    },
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

/// The constants of the share process as a world has them.
pub fn share_constants(world: &World) -> Constants {
    let rule = &world.file.trends;
    Constants {
        carries: rule.estimate && rule.carry_over,
        growth_damping: rule.damping.distribution.median(),
        ..Constants::CHOSEN
    }
}

/// The share process of a region, estimated from its past up to the base year.
struct Process<'a> {
    region: &'a str,
    constants: Constants,
    known: Option<Region>,
    /// Without growth or carry-over where the scenario does not ask for them.
    estimate: Estimate,
}

impl Process<'_> {
    fn of<'a>(scenario: &Scenario, world: &World, region: &'a str) -> Process<'a> {
        let constants = share_constants(world);
        let here = past(world).into_iter().find(|past| past.name == region);
        let known = here.map(|past| past.known_at(scenario.base_year));
        let changes: Vec<Series> = known.iter().flat_map(|past| past.changes(&constants)).collect();
        let mut estimate = estimate(&changes, &constants);
        if !world.file.trends.estimate {
            estimate.growth = 0.0;
        }
        Process { region, constants, known, estimate }
    }

    /// What is expected of a maker, its yearly spread in units of the region's.
    fn outlook(
        &self,
        scenario: &Scenario,
        world: &World,
        name: &str,
        maker: usize,
        slots: &[Slot],
    ) -> Outlook {
        let (c, base) = (&self.constants, scenario.base_year);
        let total: f64 = slots.iter().map(Slot::units).sum();
        let own = || slots.iter().filter(|slot| slot.maker == maker);
        let sold: f64 = own().map(Slot::units).sum();
        // An entrant is as large as the offers that it is measured by, and its growth is its entry.
        let enters = sold == 0.0;
        let size = if enters { own().map(|slot| slot.like(world, slots)).sum() } else { sold };
        let new = first_sale(world, self.region, name)
            .is_some_and(|first| f64::from(base) - first < f64::from(c.new_for_years));
        let past = self.known.iter().flat_map(|known| &known.makers).find(|past| past.name == name);
        let last = past.and_then(|past| past.changes(c.least_share, c.new_for_years).pop());
        let last = last.filter(|last| last.year == base);
        let growth = if enters { 0.0 } else { self.estimate.growth };
        let relative = Estimate { scale: 1.0, growth, ..self.estimate.clone() };
        outlook(&relative, c, size / total, new, last.as_ref(), (scenario.last_year - base) as usize)
    }
}

/// A log point of quality moves a maker's share by 1 − its share of each powertrain, whose own share is given, where
/// the share process means 1 − its share of the market.
fn lever(maker: usize, slots: &[Slot]) -> f64 {
    let sum = |is: &dyn Fn(&Slot) -> bool| slots.iter().filter(|slot| is(slot)).map(Slot::units).sum::<f64>();
    let (own, all) = (sum(&|slot| slot.maker == maker), sum(&|_| true));
    let moved: f64 = slots
        .iter()
        .filter(|slot| slot.maker == maker && slot.units() > 0.0)
        .map(|slot| {
            slot.units() / own * (1.0 - slot.units() / sum(&|other| other.powertrain == slot.powertrain))
        })
        .sum();
    if own > 0.0 && own < all { ((1.0 - own / all) / moved).min(MOST_LEVER) } else { 1.0 }
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
