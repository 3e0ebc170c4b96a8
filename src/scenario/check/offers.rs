//! Rules about the base-year offers: units, prices, names, no offer twice, no region without.

use std::collections::HashSet;

use indexmap::IndexSet;

use super::super::place::Place;
use super::super::problem::Problem;
use super::super::spelling::suggestion;
use super::super::tables::TOTAL;
use super::Look;

/// More units than there are people, more money than there is: sums of such numbers lose their last digits.
const MOST: f64 = 1e15;

/// Every offer is sound and none is there twice; every region and every powertrain has some.
pub fn offers(look: &mut Look) {
    let world = look.world;
    let (regions, powertrains) = (world.region_names(), world.powertrain_names());
    let mut seen = HashSet::new();
    for (index, offer) in world.offers.iter().enumerate() {
        let mut wrong = |key: &str, what: String, remedy: String| look.wrong_offer(index, key, what, remedy);
        for (key, value) in [("units", offer.units), ("price", offer.price)] {
            if let Some((what, remedy)) = figure(key, value) {
                wrong(key, what, remedy);
            }
        }
        let names = [
            ("region", &offer.region),
            ("manufacturer", &offer.manufacturer),
            ("powertrain", &offer.powertrain),
        ];
        for (key, _) in names.into_iter().filter(|(_, name)| name.trim().is_empty()) {
            wrong(key, format!("`{key}` is empty"), format!("fill in the {key}"));
        }
        if !regions.contains(&offer.region.as_str()) && !offer.region.trim().is_empty() {
            let remedy = suggestion(&offer.region, regions.iter().copied());
            wrong("region", format!("unknown region `{}`", offer.region), remedy);
        }
        if !powertrains.contains(&offer.powertrain.as_str()) && !offer.powertrain.trim().is_empty() {
            let remedy = suggestion(&offer.powertrain, powertrains.iter().copied());
            wrong("powertrain", format!("unknown powertrain `{}`", offer.powertrain), remedy);
        }
        if offer.manufacturer == TOTAL || offer.manufacturer.starts_with("alliance:") {
            let what =
                format!("no maker can be called `{}`: the name has another meaning", offer.manufacturer);
            wrong("manufacturer", what, "rename the maker".to_owned());
        }
        let id = offer.id();
        if seen.contains(&id) {
            let what = format!("the offer {id} is there twice");
            wrong("manufacturer", what, "add the two up, or give one another powertrain".to_owned());
        }
        seen.insert(id);
    }
    for region in regions {
        if look.knows_offers && !world.offers.iter().any(|offer| offer.region == region) {
            let remedy = match world.file.tables.offers {
                Some(_) => "add rows for it to the offers table, or take the region out",
                None => "add `[[offers]]`, or name a table under `[tables]`",
            };
            look.wrong(&["regions", region], format!("region `{region}` has no offers"), remedy);
        }
    }
    for powertrain in powertrains {
        if look.knows_offers
            && !world.offers.is_empty()
            && !world.offers.iter().any(|offer| offer.powertrain == powertrain)
        {
            let known = world.offers.iter().map(|offer| offer.powertrain.as_str()).collect::<IndexSet<_>>();
            let what = format!("no offer has the powertrain `{powertrain}`");
            look.wrong(&["powertrains", powertrain], what, suggestion(powertrain, known));
        }
    }
}

/// What is wrong with the units sold or the price of an offer and what to do, if anything is.
pub fn figure(key: &str, value: f64) -> Option<(String, String)> {
    let (what, remedy) = if !(value.is_finite() && value > 0.0) {
        let remedy = match key {
            "units" => "leave an offer out that nobody bought",
            _ => "write what the maker receives, before tax is added and a credit taken off",
        };
        (format!("`{key}` is {value}, not a number above 0"), remedy)
    } else if value > MOST {
        let remedy = "is it a slip of the pen? choose larger units of money if not";
        (format!("`{key}` is {value}, more than {MOST:e}"), remedy)
    } else {
        return None;
    };
    Some((what, remedy.to_owned()))
}

impl Look<'_> {
    /// Reports an offer, whether it stands in the table or in the scenario file.
    fn wrong_offer(&mut self, index: usize, key: &str, what: String, remedy: String) {
        let place = self.place_of_offer(index, key);
        self.problems.push(Problem::new(what).fix(remedy).at(place));
    }

    /// Where an offer stands, in the table or in the scenario file.
    pub(super) fn place_of_offer(&self, index: usize, key: &str) -> Option<Place> {
        let in_table = self.world.offers.len() - self.world.file.offers.len();
        match index.checked_sub(in_table) {
            Some(inline) => {
                let path = ["offers", &inline.to_string(), key].map(str::to_owned);
                self.sources.place_at(Some(&self.world.key), &path)
            }
            None => self.place_of_cell("offers", index, key),
        }
    }
}
