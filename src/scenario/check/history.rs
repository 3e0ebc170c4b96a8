//! Rules about history: no maker sold more than its region, and no name is misspelt.

use std::collections::{HashMap, HashSet};

use super::super::spelling::nearest;
use super::super::tables::TOTAL;
use super::Look;

/// History fits together and with the scenario.
pub fn history(look: &mut Look) {
    within_total(look);
    slips_of_the_pen(look);
}

/// A part is not more than the whole.
fn within_total(look: &mut Look) {
    let world = look.world;
    let totals: HashMap<(&str, i32), f64> = world
        .history
        .iter()
        .filter(|row| row.manufacturer == TOTAL)
        .map(|row| ((row.region.as_str(), row.year), row.units))
        .collect();
    for (index, row) in world.history.iter().enumerate() {
        let Some(&total) = totals.get(&(row.region.as_str(), row.year)) else { continue };
        if row.units > total {
            let (maker, region, year) = (&row.manufacturer, &row.region, row.year);
            let what =
                format!("{maker} sold {} in {region} in {year}, more than the {total} of {TOTAL}", row.units);
            look.wrong_row("history", index, "units", what, "count both in the same way, or correct one");
        }
    }
}

/// Makers of the past may be strangers to the scenario, but not names with a slip of the pen.
fn slips_of_the_pen(look: &mut Look) {
    if !look.knows_makers {
        return;
    }
    let world = look.world;
    let known = [&world.maker_names()[..], &[TOTAL]].concat();
    let rows: HashSet<(&str, &str, i32)> =
        world.history.iter().map(|row| (row.region.as_str(), row.manufacturer.as_str(), row.year)).collect();
    for (index, row) in world.history.iter().enumerate() {
        let maker = row.manufacturer.as_str();
        let Some(meant) = nearest(maker, &known).filter(|_| !known.contains(&maker)) else { continue };
        // Beside a row of the known maker it is a name of its own.
        if !rows.contains(&(row.region.as_str(), meant, row.year)) {
            let what = format!("unknown maker `{maker}`");
            let remedy = format!("did you mean `{meant}`? (a maker of the past needs a name less like it)");
            look.wrong_row("history", index, "manufacturer", what, remedy);
        }
    }
}
