//! Makers outside that might join: what they would bring, and to whom.

use super::structures::{Alliance, Newcomer, Structure};
use super::values::{Draws, added};
use crate::scenario::tables::Figure;
use crate::scenario::{Scenario, World};
use crate::simulation::summary::Estimate;

/// Possible partners of the alliance, or of one member, the one that brings most first.
#[derive(Clone, Debug)]
pub struct Ranking {
    /// A member, by its position; none: the whole alliance.
    pub of: Option<usize>,
    pub partners: Vec<Partner>,
}

/// What a partner brings: the alliance with it against the alliance without, a pair against nobody together. Present
/// values of operating profit, billions of money.
#[derive(Clone, Debug)]
pub struct Partner {
    pub name: String,
    /// To those who take it in.
    pub gain: Estimate,
    /// To itself; none where it sells in no region that is modelled.
    pub own: Option<Estimate>,
    /// To both together.
    pub joint: Estimate,
    /// Part of draws in which neither loses.
    pub neither_loses: f64,
}

/// Makers outside the alliance, with what they sell: no fringe, which is many makers and not one.
pub(super) fn candidates(world: &World, members: &[String]) -> Vec<String> {
    let file = &world.file;
    let fringe =
        |maker: &String| world.offers.iter().any(|offer| offer.fringe && offer.manufacturer == *maker);
    let sellers = world.offers.iter().map(|offer| &offer.manufacturer);
    let buyers = file.base_pools.values().flat_map(|pool| &pool.members);
    let allies = file.alliances.values().flat_map(|alliance| alliance.members.keys());
    let mut found: Vec<String> = Vec::new();
    for maker in sellers.chain(buyers).chain(allies) {
        let known = members.contains(maker) || found.contains(maker);
        if !known && !fringe(maker) && world_units(world, maker) > 0.0 {
            found.push(maker.clone());
        }
    }
    found
}

/// Units sold worldwide in the base year: as stated, else those of the offers.
pub(super) fn world_units(world: &World, maker: &str) -> f64 {
    let stated = world.manufacturers.iter().find(|figure| {
        figure.manufacturer == maker && figure.region.is_empty() && figure.figure == Figure::WorldUnits
    });
    let offers = world.offers.iter().filter(|offer| offer.manufacturer == maker);
    stated.map_or_else(|| offers.map(|offer| offer.units).sum(), |figure| figure.value.median())
}

/// The structures in which a maker is a partner: of the whole alliance, then of each member alone; or why not.
pub(super) fn structures<'a>(
    scenario: &Scenario,
    (alliance, world): (&Alliance<'a>, usize),
    members: &[String],
    maker: &str,
) -> Result<Vec<(Structure, toml::Table)>, String> {
    let units = |name: &str| world_units(&scenario.worlds[world], name);
    let joined = alliance.joined_by(&Newcomer { maker, units: &units });
    let with = |others: &[String]| vec![[others, &[maker.to_owned()]].concat()];
    let mut structures = vec![with(members)];
    structures.extend(members.iter().map(|member| with(std::slice::from_ref(member))));
    let worlds: Vec<(Structure, toml::Table)> = structures
        .into_iter()
        .map(|structure| {
            let settings = joined.settings(&structure);
            (structure, settings)
        })
        .collect();
    // A maker that may not join (it shares the same in another alliance) leaves the others their answer.
    let tried = worlds.iter().enumerate().map(|(at, (_, settings))| (settings.clone(), format!("try {at}")));
    match scenario.with_worlds(tried.collect()) {
        Ok(_) => Ok(worlds),
        Err(problems) => Err(problems.0.first().map_or_else(String::new, |problem| problem.what.clone())),
    }
}

/// A partner from draws: the worlds with and without it, whose sums count for those who take it in, and its own.
pub(super) fn partner(
    draws: &Draws,
    name: &str,
    (with, without): (usize, usize),
    takers: &[usize],
    own: Option<usize>,
) -> Partner {
    let change = |sum: usize| draws.change(with, without, sum);
    let takers: Vec<Vec<f64>> = takers.iter().map(|&taker| change(taker)).collect();
    let gain = added(takers.iter());
    let own = own.map(change);
    let joint = added(std::iter::once(&gain).chain(&own));
    let loses = |draw: usize| gain[draw] < 0.0 || own.as_ref().is_some_and(|own| own[draw] < 0.0);
    let defined: Vec<usize> = (0..gain.len()).filter(|&draw| joint[draw].is_finite()).collect();
    let neither = defined.iter().filter(|&&draw| !loses(draw)).count();
    Partner {
        name: name.to_owned(),
        gain: Estimate::of(&gain),
        own: own.map(|own| Estimate::of(&own)),
        joint: Estimate::of(&joint),
        neither_loses: neither as f64 / defined.len() as f64,
    }
}
