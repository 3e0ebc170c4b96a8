//! The CSV tables beside a market file: offers, and buyer types.
//!
//! Offers: `offer,firm,price` and `share` or `units`; optional `nest`, `tax`, `credit`, and one column for every
//! characteristic that a buyer type has a taste for.
//! Types: `weight,price_sensitivity` and one taste column per characteristic.

use super::draft::{DraftOffer, DraftTypes};
use crate::scenario::{Columns, CsvTable, OfferId, Problem, Problems};

/// The columns of the types table.
pub const TYPES: Columns =
    Columns { required: &["weight", "price_sensitivity"], optional: &["type"], quantity: None, open: true };

/// The columns of the offers table beside its characteristics.
pub const OFFERS: [&str; 3] = ["offer", "firm", "price"];
pub const OPTIONAL: [&str; 5] = ["nest", "share", "units", "tax", "credit"];

/// The offers with their characteristics.
pub fn offers(table: &mut CsvTable, characteristics: &[String], problems: &mut Problems) -> Vec<DraftOffer> {
    let has = |name: &str| table.text.header.iter().any(|column| column == name);
    if has("offer") && !has("share") && !has("units") {
        let what = "neither `share` nor `units` is given";
        problems.push(Problem::new(what).fix("add one of the two columns").at(Some(table.text.place(0, ""))));
    }
    table.rows(problems, |row| {
        let (name, firm, nest) = (row.name("offer"), row.name("firm"), row.optional_name("nest"));
        let price = row.number("price");
        let [share, units, tax, credit] =
            ["share", "units", "tax", "credit"].map(|column| row.optional_number(column));
        let x: Vec<Option<f64>> = characteristics.iter().map(|name| row.number(name)).collect();
        Some(DraftOffer {
            id: OfferId { maker: firm?, region: String::new(), attributes: vec![name?] },
            nest,
            price,
            share,
            units,
            tax: tax.unwrap_or(0.0),
            credit: credit.unwrap_or(0.0),
            x: x.into_iter().collect::<Option<_>>()?,
        })
    })
}

/// The buyer types, with a taste for every characteristic.
pub fn types(table: &mut CsvTable, characteristics: &[String], problems: &mut Problems) -> DraftTypes {
    let rows = table.rows(problems, |row| {
        let (weight, sensitivity) = (row.number("weight"), row.number("price_sensitivity"));
        let taste = characteristics.iter().map(|name| row.optional_number(name).unwrap_or(0.0)).collect();
        Some((weight?, sensitivity?, taste))
    });
    let mut types = DraftTypes { weight: Vec::new(), sensitivity: Vec::new(), taste: Vec::new() };
    for (weight, sensitivity, taste) in rows {
        types.weight.push(weight);
        types.sensitivity.push(sensitivity);
        types.taste.push(taste);
    }
    types
}
