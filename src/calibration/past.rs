//! Past shares of a region's makers, from the history table.

use crate::scenario::World;
use crate::scenario::tables::{Figure, HistoryRow, TOTAL};
use crate::share_process::{Record, Region, regions};

/// The regions of a world's history.
pub fn past(world: &World) -> Vec<Region> {
    past_of(&world.history, |region, maker| first_sale(world, region, maker).map(|year| year.floor() as i32))
}

/// The regions of the rows of a history table; `first_sale(region, maker)` is looked up for every maker.
pub fn past_of(rows: &[HistoryRow], first_sale: impl Fn(&str, &str) -> Option<i32>) -> Vec<Region> {
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

/// Year of a maker's first sale in a region, if the manufacturers table has it.
pub(super) fn first_sale(world: &World, region: &str, maker: &str) -> Option<f64> {
    let figure = super::makers::find(&world.manufacturers, maker, region, "", Figure::FirstSale)?;
    Some(figure.value.distribution.median())
}
