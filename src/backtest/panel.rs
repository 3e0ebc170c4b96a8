//! What is forecast: the regions of a history table or of a scenario, with the makers' first sales.

use std::collections::HashMap;

use crate::scenario::tables::{Figure, HistoryRow, TOTAL};
use crate::scenario::{HistoryFile, World};
use crate::share_process::{Record, Region, regions};

/// The regions of a history table.
pub fn of_file(file: &HistoryFile) -> Vec<Region> {
    let first: HashMap<(&str, &str), i32> = file
        .first_sales
        .iter()
        .map(|row| ((row.region.as_str(), row.manufacturer.as_str()), row.year))
        .collect();
    of_rows(&file.rows, |region, maker| first.get(&(region, maker)).copied())
}

/// The regions of a world's history.
pub fn of_world(world: &World) -> Vec<Region> {
    let first: HashMap<(&str, &str), i32> = world
        .manufacturers
        .iter()
        .filter(|figure| figure.figure == Figure::FirstSale)
        .map(|figure| {
            let year = figure.value.distribution.median().floor() as i32;
            ((figure.region.as_str(), figure.manufacturer.as_str()), year)
        })
        .collect();
    of_rows(&world.history, |region, maker| first.get(&(region, maker)).copied())
}

fn of_rows(rows: &[HistoryRow], first_sale: impl Fn(&str, &str) -> Option<i32>) -> Vec<Region> {
    let records: Vec<Record> = rows
        .iter()
        .map(|row| Record {
            region: &row.region,
            maker: &row.manufacturer,
            year: row.year,
            units: row.units,
            basis: &row.basis,
        })
        .collect();
    regions(&records, TOTAL, first_sale)
}
