//! What is forecast: the regions of a history table, with the makers' first sales.

use std::collections::HashMap;

use crate::calibration::past_of;
use crate::scenario::HistoryFile;
use crate::scenario::tables::TOTAL;
use crate::share_process::Region;

/// A maker that appears after its region's first year with less than this share is taken for a newcomer. In the
/// tables of scenarios/history 50 of 54 such first rows are newcomers', and 12 others are not found.
const SEEMS_NEW: f64 = 0.005;

/// The regions of a history table, and what a reader should know about how they were read.
pub fn of_file(file: &HistoryFile) -> (Vec<Region>, Vec<String>) {
    let first: HashMap<(&str, &str), i32> = file
        .first_sales
        .iter()
        .map(|row| ((row.region.as_str(), row.manufacturer.as_str()), row.year))
        .collect();
    let mut regions = past_of(&file.rows, |region, maker| first.get(&(region, maker)).copied());
    let mut notes = Vec::new();
    for region in &mut regions {
        if !file.first_sales.iter().any(|row| row.region == region.name) {
            notes.extend(infer_newcomers(file, region));
        }
        notes.extend(gaps(region));
    }
    (regions, notes)
}

/// Takes makers for newcomers that had no sales before, or appear late and small.
fn infer_newcomers(file: &HistoryFile, region: &mut Region) -> Option<String> {
    let (start, _) = region.years()?;
    let mut found = Vec::new();
    for maker in &mut region.makers {
        let first = &maker.points[0];
        let none_before = file.rows.iter().any(|row| {
            (row.region == region.name && row.manufacturer == maker.name)
                && (row.units == 0.0 && row.year < first.year)
        });
        if none_before || first.year > start && first.share < SEEMS_NEW {
            maker.first_sale = Some(first.year);
            found.push(maker.name.as_str());
        }
    }
    let name = &region.name;
    (!found.is_empty()).then(|| {
        let found = found.join(", ");
        format!(
            "{name}: no first sales are stated; by their first rows these count as newcomers for twelve years: {found}"
        )
    })
}

/// Says where a region without a total lacks makers for some years: that moves everybody's share.
fn gaps(region: &Region) -> Option<String> {
    if region.total_stated {
        return None;
    }
    let lacks = region.makers.iter().filter(|maker| {
        let years: Vec<i32> = maker.points.iter().map(|point| point.year).collect();
        years.windows(2).any(|pair| pair[1] > pair[0] + 1)
    });
    let lacks: Vec<&str> = lacks.map(|maker| maker.name.as_str()).collect();
    let (name, listed) = (&region.name, lacks.join(", "));
    (!lacks.is_empty()).then(|| {
        format!(
            "{name}: without rows of {TOTAL} the makers are the whole, so that the shares of all jump in the years \
             which lack {listed}"
        )
    })
}
