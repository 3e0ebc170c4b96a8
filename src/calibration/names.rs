//! What the indices of the models are called, in the scenario's order.

use crate::scenario::{Scenario, UnitWords};

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
    /// Alliance and pool of each of `pools`.
    pool_keys: Vec<(String, String)>,
    pub origins: Vec<String>,
    pub currencies: Vec<String>,
    pub worlds: Vec<String>,
    /// What money and goods are called.
    pub words: UnitWords,
}

impl Names {
    /// Names over all worlds, by first appearance; the reference world comes first.
    pub(super) fn of(scenario: &Scenario) -> Names {
        let reference = &scenario.worlds[scenario.reference];
        let others = scenario.worlds.iter().filter(|world| world.key != reference.key);
        let mut names = Names {
            worlds: scenario.worlds.iter().map(|world| world.key.clone()).collect(),
            words: scenario.words.clone(),
            ..Names::default()
        };
        let mut pools: Vec<(String, String)> = Vec::new();
        for world in std::iter::once(reference).chain(others) {
            let file = &world.file;
            add(&mut names.regions, file.regions.keys());
            add(&mut names.powertrains, file.powertrains.keys());
            add(&mut names.components, file.components.keys());
            add(&mut names.alliances, file.alliances.keys());
            add(&mut names.origins, file.origins.keys());
            add(&mut names.currencies, file.currencies.keys());
            add(&mut names.makers, world.offers.iter().map(|offer| &offer.manufacturer));
            add(&mut names.makers, file.entries.values().map(|entry| &entry.manufacturer));
            for (alliance, terms) in &file.alliances {
                add(&mut names.makers, terms.members.keys());
                let of_alliance = terms.pools.keys().map(|pool| (alliance.clone(), pool.clone()));
                pools.extend(of_alliance.filter(|pool| !pools.contains(pool)).collect::<Vec<_>>());
            }
            add(&mut names.makers, file.base_pools.values().flat_map(|pool| &pool.members));
        }
        let ambiguous = |name: &String| pools.iter().filter(|(_, other)| other == name).count() > 1;
        names.pools = pools
            .iter()
            .map(|(alliance, pool)| if ambiguous(pool) { format!("{alliance}.{pool}") } else { pool.clone() })
            .collect();
        names.pool_keys = pools;
        names
    }

    /// The position of an alliance's pool in `pools`.
    pub(super) fn pool(&self, alliance: &str, pool: &str) -> usize {
        let found = self.pool_keys.iter().position(|(a, p)| a == alliance && p == pool);
        found.unwrap_or_else(|| panic!("unchecked pool `{alliance}.{pool}`"))
    }

    pub(super) fn maker(&self, name: &str) -> usize {
        position(&self.makers, name)
    }
}

/// The position of a name that the scenario checks have found to exist.
pub(super) fn position(names: &[String], name: &str) -> usize {
    names.iter().position(|n| n == name).unwrap_or_else(|| panic!("unchecked name `{name}`"))
}

fn add<'a>(names: &mut Vec<String>, more: impl Iterator<Item = &'a String>) {
    for name in more {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
}
