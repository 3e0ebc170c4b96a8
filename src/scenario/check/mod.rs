//! One small check per rule; every rule looks at every world, and every problem is kept.

mod alliances;
mod base_year;
mod components;
mod dynamics;
mod heading;
mod history;
mod magnitudes;
mod names;
mod numbers;
mod offers;
mod paths;
mod stakes;
mod trade;
mod worlds;

pub use heading::MOST_REPLICATIONS;
pub use numbers::fault;
pub use offers::figure as offer_figure;
pub use worlds::reference;

use super::World;
use super::place::Place;
use super::problem::{Problem, Problems};
use super::sources::Sources;
use super::spelling::suggestion;
use super::tables::Offer;

/// A rule's view of one world, and where it reports.
struct Look<'a> {
    world: &'a World,
    sources: &'a Sources,
    problems: &'a mut Problems,
    /// What is possible but hardly meant.
    doubts: &'a mut Problems,
    /// Whether every offer was understood, so that a maker's absence means something.
    knows_offers: bool,
    /// Whether every maker is known: no offer and no row of the manufacturers table was lost.
    knows_makers: bool,
}

/// Runs every rule over every world.
pub fn check(
    worlds: &[World],
    sources: &Sources,
    replications: Option<u64>,
    problems: &mut Problems,
    doubts: &mut Problems,
) {
    const RULES: [fn(&mut Look); 19] = [
        heading::horizon,
        heading::precision,
        heading::report,
        heading::attribution,
        numbers::numbers,
        offers::offers,
        magnitudes::magnitudes,
        magnitudes::default_saturation,
        names::no_name,
        names::twins,
        history::history,
        names::makers,
        stakes::stakes,
        alliances::alliances,
        base_year::base_year,
        components::components,
        trade::trade,
        paths::paths,
        dynamics::dynamics,
    ];
    heading::replications(worlds, sources, replications, problems);
    worlds::same_offers(worlds, sources, problems);
    for world in worlds {
        let tables = &world.file.tables;
        let is_placed = |offer: &Offer| {
            world.file.regions.contains_key(&offer.region)
                && world.file.powertrains.contains_key(&offer.powertrain)
        };
        let knows_offers =
            is_complete(world, sources, "offers", &tables.offers) && world.offers.iter().all(is_placed);
        let knows_makers =
            knows_offers && is_complete(world, sources, "manufacturers", &tables.manufacturers);
        for rule in RULES {
            rule(&mut Look { world, sources, problems, doubts, knows_offers, knows_makers });
        }
    }
}

/// Whether every row of a table was understood; a table that is not named is empty.
fn is_complete(world: &World, sources: &Sources, table: &str, written: &Option<String>) -> bool {
    written.as_ref().is_none_or(|written| {
        let path = sources.table_path(Some(&world.key), table, written);
        !sources.incomplete.contains(&path)
    })
}

impl Look<'_> {
    /// Reports what is wrong with a key of this world.
    fn wrong(&mut self, path: &[&str], what: impl Into<String>, remedy: impl Into<String>) {
        let path: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        let place = self.sources.place_at(Some(&self.world.key), &path);
        self.problems.push(Problem::new(what).fix(remedy).at(place));
    }

    /// Reports what is wrong with a cell of a table of this world.
    fn wrong_row(
        &mut self,
        table: &str,
        row: usize,
        column: &str,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let place = self.place_of_cell(table, row, column);
        self.problems.push(Problem::new(what).fix(remedy).at(place));
    }

    /// Where a cell of a table of this world stands.
    fn place_of_cell(&self, table: &str, row: usize, column: &str) -> Option<Place> {
        let tables = &self.world.file.tables;
        let written = match table {
            "offers" => &tables.offers,
            "history" => &tables.history,
            "powertrain_history" => &tables.powertrain_history,
            "manufacturers" => &tables.manufacturers,
            "policies" => &tables.policies,
            _ => &tables.origins,
        };
        let world = Some(self.world.key.as_str());
        let path = self.sources.table_path(world, table, written.as_ref()?);
        self.sources.place_of_row(&path, row, column)
    }

    /// Reports a name that is not among the known ones.
    fn unknown(&mut self, path: &[&str], what: &str, name: &str, known: &[&str]) {
        self.wrong(path, format!("unknown {what} `{name}`"), suggestion(name, known.iter().copied()));
    }

    /// Reports a name in a table that is not among the known ones.
    fn unknown_in_row(&mut self, table: &str, row: usize, column: &str, name: &str, known: &[&str]) {
        let what = format!("unknown {column} `{name}`");
        self.wrong_row(table, row, column, what, suggestion(name, known.iter().copied()));
    }
}

impl World {
    /// Every region's name, in the order of the file.
    fn region_names(&self) -> Vec<&str> {
        self.file.regions.keys().map(String::as_str).collect()
    }

    /// Every powertrain's name, in the order of the file.
    fn powertrain_names(&self) -> Vec<&str> {
        self.file.powertrains.keys().map(String::as_str).collect()
    }

    /// Every component's name, in the order of the file.
    fn component_names(&self) -> Vec<&str> {
        self.file.components.keys().map(String::as_str).collect()
    }

    /// Every maker that has an offer or a row in the manufacturers table, by first appearance.
    fn maker_names(&self) -> Vec<&str> {
        let offers = self.offers.iter().map(|offer| offer.manufacturer.as_str());
        let figures = self.manufacturers.iter().map(|row| row.manufacturer.as_str());
        let names: indexmap::IndexSet<&str> = offers.chain(figures).collect();
        names.into_iter().collect()
    }

    /// Whether the maker has an offer in a region; in a powertrain of it if one is named.
    fn sells(&self, manufacturer: &str, region: &str, powertrain: Option<&str>) -> bool {
        self.offers.iter().any(|offer| {
            offer.manufacturer == manufacturer
                && offer.region == region
                && powertrain.is_none_or(|powertrain| offer.powertrain == powertrain)
        })
    }
}
