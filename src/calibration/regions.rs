//! Regions: offers in the layout's order, and everything that is stated by region.

use super::Builder;
use super::draws::Luck;
use super::names::position;
use crate::market::model::{
    ComponentModel, EntryModel, ExitModel, Input, OfferModel, OverhangModel, RegionModel, SellerModel,
    SourceModel,
};
use crate::market::pricing::Layout;
use crate::scenario::file::Component;
use crate::scenario::quantity::Quantity;
use crate::scenario::tables::{Offer, PolicyKind};
use crate::scenario::{Scenario, World};
use crate::uncertainty::Distribution;

/// An offer of the table, or a place kept for an entrant.
pub(super) struct Slot<'a> {
    pub maker: usize,
    pub powertrain: usize,
    offer: Option<&'a Offer>,
    entry: Option<&'a str>,
}

impl Slot<'_> {
    pub fn units(&self) -> f64 {
        self.offer.map_or(0.0, |offer| offer.units)
    }

    /// Units of the offer that an entrant's is measured by.
    pub fn like(&self, world: &World, slots: &[Slot]) -> f64 {
        let Some(terms) = self.entry.map(|key| &world.file.entries[key]) else { return 0.0 };
        let offers = slots.iter().filter(|slot| slot.powertrain == self.powertrain);
        let like = offers.filter_map(|slot| slot.offer).find(|offer| offer.manufacturer == terms.like);
        like.map_or(0.0, |offer| offer.units)
    }
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
            own_elasticity: self.quantity(&region.own_price_elasticity),
            market_elasticity: self.quantity(&region.market_price_elasticity),
            rho: self.quantity(&region.nest_rho),
            loyalty: self.quantity(&region.loyalty),
            scrappage: self.quantity(&region.scrappage),
            knowledge_effect: nest_powertrains
                .iter()
                .map(|powertrain| match region.knowledge_effect.get(*powertrain) {
                    Some(effect) => self.quantity(effect),
                    None => self.fixed(0.0),
                })
                .collect(),
            volume: self.volume(scenario, world, name),
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
            .zip(world.file.components.values())
            .map(|(model, component)| match model.remainder {
                true => None,
                false => self.weight(component, region, powertrain),
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
                quality: self.quantity(&terms.quality),
                cost: self.quantity(&terms.cost),
                ramp_years: self.quantity(&terms.ramp_years),
            }
        });
        let overhang = world
            .file
            .overhangs
            .values()
            .find(|overhang| overhang.region == region && overhang.manufacturer == *maker)
            .map(|overhang| OverhangModel {
                share: self.quantity(&overhang.share),
                fade_years: self.quantity(&overhang.fade_years),
            });
        let mut banned = self.policy(&world.policies, (region, PolicyKind::Ban, maker), years.clone());
        let narrow = format!("{maker}/{powertrain}");
        let only_here = self.policy(&world.policies, (region, PolicyKind::Ban, &narrow), years.clone());
        for (all, more) in banned.iter_mut().zip(only_here) {
            all.extend(more);
        }
        OfferModel {
            units: slot.units(),
            price: slot.offer.map_or(0.0, |offer| offer.price),
            weights,
            sources: self.sources(world, region, maker, powertrain, slot.entry, years),
            overhang,
            catch_up: match &world.file.powertrains[powertrain].catch_up {
                stated if matches!(stated.distribution, Distribution::Fixed(_)) => self.quantity(stated),
                drawn => self.luck(Luck::CatchUp { region, maker, powertrain }, drawn.distribution.clone()),
            },
            entry,
            banned,
        }
    }

    /// The stated weight of a component: by region and powertrain, each falling back to `all`.
    fn weight(&mut self, component: &Component, region: &str, powertrain: &str) -> Option<Input> {
        for place in [region, "all"] {
            let Some(by_powertrain) = component.weight.get(place) else { continue };
            for kind in [powertrain, "all"] {
                if let Some(weight) = by_powertrain.get(kind) {
                    return Some(self.quantity(weight));
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
        let stated: Vec<(&String, Quantity)> = match entry {
            Some(key) => world.file.entries[key].origin.iter().map(|origin| (origin, 1.0.into())).collect(),
            None => {
                let rows = world.origins.iter().filter(|row| {
                    row.region == region
                        && row.manufacturer == maker
                        && (row.powertrain.is_empty() || row.powertrain == powertrain)
                });
                rows.map(|row| (&row.origin, row.share.clone())).collect()
            }
        };
        stated
            .into_iter()
            .map(|(origin, share)| {
                let terms = &world.file.origins[origin];
                let by_powertrain = format!("{origin}/{powertrain}");
                let has_own = world.policies.iter().any(|row| {
                    row.region == region && row.kind == PolicyKind::Duty && row.applies_to == by_powertrain
                });
                let applies_to = if has_own { &by_powertrain } else { origin };
                SourceModel {
                    share: self.quantity(&share),
                    dutiable: self.quantity(&terms.dutiable),
                    duty: self.policy(&world.policies, (region, PolicyKind::Duty, applies_to), years.clone()),
                    currency: terms.currency.as_ref().map(|c| position(&self.names.currencies, c)),
                }
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
                Some(ExitModel {
                    seller,
                    from,
                    after_loss_years: exit.after_loss_years,
                    avoidable_fixed_share: self.quantity(&exit.avoidable_fixed_share),
                    yearly_chance: self.quantity(&exit.yearly_chance),
                    draws: self.yearly_chances(Luck::Leaves { exit: key, maker }, years.clone()),
                })
            })
            .collect()
    }
}
