//! What the indices of the models are called, in the scenario's order.

use crate::scenario::Scenario;

/// Names of regions, makers and so on; index = position.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    pub regions: Vec<String>,
    pub powertrains: Vec<String>,
    /// Makers by first appearance in the offers, then entrants, then partners that only add volume.
    pub makers: Vec<String>,
    pub components: Vec<String>,
    pub alliances: Vec<String>,
    /// Pools of all alliances, alliance by alliance; qualified by the alliance where ambiguous.
    pub pools: Vec<String>,
    pub origins: Vec<String>,
    pub currencies: Vec<String>,
    pub worlds: Vec<String>,
}

impl Names {
    pub(super) fn of(scenario: &Scenario) -> Names {
        let world = &scenario.worlds[scenario.reference];
        let file = &world.file;
        let keys = |map: &mut dyn Iterator<Item = &String>| map.cloned().collect::<Vec<_>>();
        let mut makers: Vec<String> = Vec::new();
        let mut add = |name: &String| {
            if !makers.contains(name) {
                makers.push(name.clone());
            }
        };
        world.offers.iter().for_each(|offer| add(&offer.manufacturer));
        file.entries.values().for_each(|entry| add(&entry.manufacturer));
        file.alliances.values().for_each(|alliance| alliance.members.keys().for_each(&mut add));
        file.base_pools.values().for_each(|pool| pool.members.iter().for_each(&mut add));
        let all_pools: Vec<(&String, &String)> = file
            .alliances
            .iter()
            .flat_map(|(alliance, terms)| terms.pools.keys().map(move |pool| (alliance, pool)))
            .collect();
        let pools = all_pools
            .iter()
            .map(|(alliance, pool)| match all_pools.iter().filter(|other| other.1 == *pool).count() {
                1 => pool.to_string(),
                _ => format!("{alliance}.{pool}"),
            })
            .collect();
        Names {
            regions: keys(&mut file.regions.keys()),
            powertrains: keys(&mut file.powertrains.keys()),
            makers,
            components: keys(&mut file.components.keys()),
            alliances: keys(&mut file.alliances.keys()),
            pools,
            origins: keys(&mut file.origins.keys()),
            currencies: keys(&mut file.currencies.keys()),
            worlds: scenario.worlds.iter().map(|world| world.key.clone()).collect(),
        }
    }

    pub(super) fn maker(&self, name: &str) -> usize {
        position(&self.makers, name)
    }
}

/// The position of a name that the scenario checks have found to exist.
pub(super) fn position(names: &[String], name: &str) -> usize {
    names.iter().position(|n| n == name).unwrap_or_else(|| panic!("unchecked name `{name}`"))
}
