//! Regions: offers in the layout's order, and everything that is stated by region.

use super::Builder;
use super::makers::find;
use super::names::position;
use super::trends::{Trend, trends};
use crate::market::model::{
    ComponentModel, EntryModel, ExitModel, Input, OfferModel, OverhangModel, RegionModel, SellerModel,
    SourceModel, VolumeModel,
};
use crate::market::pricing::Layout;
use crate::scenario::file::{Component, Named};
use crate::scenario::quantity::Quantity;
use crate::scenario::tables::{Figure, Offer, PolicyKind};
use crate::scenario::{Scenario, World};
use crate::uncertainty::Distribution;

/// A maker that has sold for longer counts as grown.
const YOUNG_FOR_YEARS: f64 = 12.0;

/// An offer of the table, or a place kept for an entrant.
struct Slot<'a> {
    maker: usize,
    powertrain: usize,
    offer: Option<&'a Offer>,
    entry: Option<&'a str>,
}

impl Builder<'_> {
    pub(super) fn region(
        &mut self,
        scenario: &Scenario,
        world: &World,
        index: usize,
        components: &[ComponentModel],
    ) -> RegionModel {
        let names = self.names;
        let name = &names.regions[index];
        let region = &world.file.regions[name];
        let key = |field: &str| format!("regions.{name}.{field}");
        let years = scenario.base_year..=scenario.last_year;
        let slots = self.slots(world, name);
        let mut powertrain_of_nest: Vec<usize> = slots.iter().map(|slot| slot.powertrain).collect();
        powertrain_of_nest.sort_unstable();
        powertrain_of_nest.dedup();
        let nest_of: Vec<usize> = slots
            .iter()
            .map(|slot| powertrain_of_nest.iter().position(|&p| p == slot.powertrain).unwrap())
            .collect();
        let mut fringe = vec![false; names.makers.len()];
        for slot in &slots {
            fringe[slot.maker] |= slot.offer.is_some_and(|offer| offer.fringe);
        }
        let layout = Layout::new(slots.iter().map(|slot| slot.maker).collect(), nest_of, fringe);
        let offers =
            slots.iter().map(|slot| self.offer(scenario, world, name, slot, &slots, components)).collect();
        let (sellers, seller_of) = self.sellers(scenario, world, name, &slots);
        let by_powertrain = |nest: &usize| names.powertrains[*nest].as_str();
        let nest_powertrains: Vec<&str> = powertrain_of_nest.iter().map(by_powertrain).collect();
        RegionModel {
            offers,
            exits: self.exits(scenario, world, name, &sellers),
            sellers,
            seller_of,
            own_elasticity: self.quantity(&key("own_price_elasticity"), &region.own_price_elasticity),
            market_elasticity: self
                .quantity(&key("market_price_elasticity"), &region.market_price_elasticity),
            rho: self.quantity(&key("nest_rho"), &region.nest_rho),
            loyalty: self.quantity(&key("loyalty"), &region.loyalty),
            scrappage: self.quantity(&key("scrappage"), &region.scrappage),
            knowledge_effect: nest_powertrains
                .iter()
                .map(|powertrain| match region.knowledge_effect.get(*powertrain) {
                    Some(effect) => self.quantity(&key(&format!("knowledge_effect.{powertrain}")), effect),
                    None => self.fixed(0.0),
                })
                .collect(),
            catch_up: nest_powertrains
                .iter()
                .map(|powertrain| {
                    let stated = &world.file.powertrains[*powertrain].catch_up;
                    self.quantity(&format!("powertrains.{powertrain}.catch_up"), stated)
                })
                .collect(),
            volume: self.volume(world, name, years.clone()),
            nest_share: self.nest_shares(world, name, &nest_powertrains, years.clone()),
            credit: nest_powertrains
                .iter()
                .map(|p| self.policy(&world.policies, (name, PolicyKind::Credit, p), years.clone()))
                .collect(),
            tax: nest_powertrains
                .iter()
                .map(|p| self.policy(&world.policies, (name, PolicyKind::Tax, p), years.clone()))
                .collect(),
            conduct: self.conduct(scenario, &world.file, |maker| !layout.firms[maker].is_empty()),
            layout,
            powertrain_of_nest,
        }
    }

    /// The region's offers and entrants, sorted by nest, then maker.
    fn slots<'a>(&self, world: &'a World, region: &str) -> Vec<Slot<'a>> {
        let names = self.names;
        let offers = world.offers.iter().filter(|offer| offer.region == region).map(|offer| Slot {
            maker: names.maker(&offer.manufacturer),
            powertrain: position(&names.powertrains, &offer.powertrain),
            offer: Some(offer),
            entry: None,
        });
        let entries = world.file.entries.iter().filter(|(_, entry)| entry.region == region);
        let mut slots: Vec<Slot> = offers
            .chain(entries.map(|(key, entry)| Slot {
                maker: names.maker(&entry.manufacturer),
                powertrain: position(&names.powertrains, &entry.powertrain),
                offer: None,
                entry: Some(key),
            }))
            .collect();
        slots.sort_by_key(|slot| (slot.powertrain, slot.maker));
        slots
    }

    fn offer(
        &mut self,
        scenario: &Scenario,
        world: &World,
        region: &str,
        slot: &Slot,
        slots: &[Slot],
        components: &[ComponentModel],
    ) -> OfferModel {
        let names = self.names;
        let years = scenario.base_year..=scenario.last_year;
        let maker = &names.makers[slot.maker];
        let powertrain = &names.powertrains[slot.powertrain];
        let weights = components
            .iter()
            .zip(&world.file.components)
            .map(|(model, (name, component))| match model.remainder {
                true => None,
                false => self.weight(name, component, region, powertrain),
            })
            .collect();
        let entry = slot.entry.map(|key| {
            let terms = &world.file.entries[key];
            let like = slots
                .iter()
                .position(|other| {
                    other.offer.is_some()
                        && other.powertrain == slot.powertrain
                        && names.makers[other.maker] == terms.like
                })
                .expect("checked: the offer to measure by exists");
            EntryModel {
                time: if terms.active { terms.from.as_year() } else { f64::INFINITY },
                like,
                quality: self.quantity(&format!("entries.{key}.quality"), &terms.quality),
                cost: self.quantity(&format!("entries.{key}.cost"), &terms.cost),
                ramp_years: self.quantity(&format!("entries.{key}.ramp_years"), &terms.ramp_years),
            }
        });
        let overhang = world
            .file
            .overhangs
            .iter()
            .find(|(_, overhang)| overhang.region == region && overhang.manufacturer == *maker)
            .map(|(key, overhang)| OverhangModel {
                share: self.quantity(&format!("overhangs.{key}.share"), &overhang.share),
                fade_years: self.quantity(&format!("overhangs.{key}.fade_years"), &overhang.fade_years),
            });
        let mut banned = self.policy(&world.policies, (region, PolicyKind::Ban, maker), years.clone());
        let narrow = format!("{maker}/{powertrain}");
        let only_here = self.policy(&world.policies, (region, PolicyKind::Ban, &narrow), years.clone());
        for (all, more) in banned.iter_mut().zip(only_here) {
            all.extend(more);
        }
        OfferModel {
            units: slot.offer.map_or(0.0, |offer| offer.units),
            price: slot.offer.map_or(0.0, |offer| offer.price),
            weights,
            sources: self.sources(world, region, maker, powertrain, slot.entry, years),
            overhang,
            entry,
            banned,
        }
    }

    /// The stated weight of a component: by region and powertrain, each falling back to `all`.
    fn weight(&mut self, name: &str, component: &Component, region: &str, powertrain: &str) -> Option<Input> {
        for place in [region, "all"] {
            let Some(by_powertrain) = component.weight.get(place) else { continue };
            for kind in [powertrain, "all"] {
                if let Some(weight) = by_powertrain.get(kind) {
                    return Some(self.quantity(&format!("components.{name}.weight.{place}.{kind}"), weight));
                }
            }
        }
        None
    }

    fn sources(
        &mut self,
        world: &World,
        region: &str,
        maker: &str,
        powertrain: &str,
        entry: Option<&str>,
        years: std::ops::RangeInclusive<i32>,
    ) -> Vec<SourceModel> {
        let mut stated: Vec<(String, String, Quantity)> = Vec::new();
        match entry {
            Some(key) => {
                if let Some(origin) = &world.file.entries[key].origin {
                    stated.push((format!("entries.{key}.origin"), origin.clone(), 1.0.into()));
                }
            }
            None => {
                let rows = world.origins.iter().filter(|row| {
                    row.region == region
                        && row.manufacturer == maker
                        && (row.powertrain.is_empty() || row.powertrain == powertrain)
                });
                stated.extend(rows.map(|row| {
                    let scope = if row.powertrain.is_empty() { "all" } else { powertrain };
                    let key = format!("origins-table.{region}.{maker}.{scope}.{}", row.origin);
                    (key, row.origin.clone(), row.share.clone())
                }));
            }
        }
        stated
            .into_iter()
            .map(|(key, origin, share)| {
                let terms = &world.file.origins[&origin];
                let by_powertrain = format!("{origin}/{powertrain}");
                let has_own = world.policies.iter().any(|row| {
                    row.region == region && row.kind == PolicyKind::Duty && row.applies_to == by_powertrain
                });
                let applies_to = if has_own { &by_powertrain } else { &origin };
                SourceModel {
                    share: self.quantity(&key, &share),
                    dutiable: self.quantity(&format!("origins.{origin}.dutiable"), &terms.dutiable),
                    duty: self.policy(&world.policies, (region, PolicyKind::Duty, applies_to), years.clone()),
                    currency: terms.currency.as_ref().map(|c| position(&self.names.currencies, c)),
                }
            })
            .collect()
    }

    fn sellers(
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
            Some(stated) => self.quantity(&format!("regions.{region}.volatility"), stated),
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
                    Some(stated) if age < YOUNG_FOR_YEARS => {
                        Some((self.quantity("shocks.young_volatility", stated), age))
                    }
                    _ => None,
                };
                let (past_units, established) =
                    past_units(world, region, name, scenario.base_year, first_sale);
                SellerModel {
                    maker,
                    trend: self.input(
                        &format!("trend.{region}.{name}"),
                        Distribution::Normal { mean, sd, low: None, high: None },
                    ),
                    volatility,
                    young,
                    shocks: self.quality_shocks(
                        world,
                        &format!("shock.quality.{region}.{name}"),
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

    fn volume(&mut self, world: &World, region: &str, years: std::ops::RangeInclusive<i32>) -> VolumeModel {
        let volume = &world.file.regions[region].volume;
        let key = |field: &str| format!("regions.{region}.volume.{field}");
        VolumeModel {
            given: years
                .clone()
                .map(|year| {
                    let stated = volume.given.get(&year.to_string())?;
                    Some(self.quantity(&key(&format!("given.{year}")), stated))
                })
                .collect(),
            growth: self.quantity(&key("growth"), &volume.growth),
            shock_sd: self.quantity(&key("shock_sd"), &volume.shock_sd),
            persistence: self.quantity(&key("persistence"), &volume.persistence),
            shocks: self.yearly_normals(&format!("shock.volume.{region}"), years),
        }
    }

    /// Given paths of powertrain shares: every year of a path shares one uniform; years between given
    /// ones are interpolated, the last given one is kept.
    fn nest_shares(
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

    fn exits(
        &mut self,
        scenario: &Scenario,
        world: &World,
        region: &str,
        sellers: &[SellerModel],
    ) -> Vec<ExitModel> {
        let years = scenario.base_year..=scenario.last_year;
        let active = world.file.exits.iter().filter(|(_, exit)| exit.active && exit.region == region);
        active
            .flat_map(|(key, exit)| exit.manufacturers.iter().map(move |maker| (key, exit, maker)))
            .filter_map(|(key, exit, maker)| {
                let index = self.names.maker(maker);
                let seller = sellers.iter().position(|seller| seller.maker == index)?;
                let from = exit.from.map_or(0, |date| (date.year - scenario.base_year).max(0)) as usize;
                let field = |name: &str| format!("exits.{key}.{name}");
                Some(ExitModel {
                    seller,
                    from,
                    after_loss_years: exit.after_loss_years,
                    avoidable_fixed_share: self
                        .quantity(&field("avoidable_fixed_share"), &exit.avoidable_fixed_share),
                    yearly_chance: self.quantity(&field("yearly_chance"), &exit.yearly_chance),
                    draws: years.clone().map(|y| self.uniform(&format!("exit.{key}.{maker}.{y}"))).collect(),
                })
            })
            .collect()
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
