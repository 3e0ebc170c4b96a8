//! `inputs.csv`: everything that a scenario states, key by key, with its source.

use super::table::{Cell, Kind, Table, columns};
use crate::scenario::Scenario;
use crate::scenario::statements::{Statement, statements};

/// One row per key, or per key and world where worlds differ.
pub fn table(scenario: &Scenario) -> Table<'static> {
    let all = statements(scenario);
    let names = "key,world,value,unit,stated,quality,as_of,source,note";
    Table::new(columns(Kind::Text, names).collect(), move |take| {
        for Statement { key, world, value, unit, stated, quality, as_of, source, note } in &all {
            let stated = if *stated { "true" } else { "false" };
            take(&[key, world, value, unit, stated, quality, as_of, source, note].map(Cell::Text));
        }
    })
}
