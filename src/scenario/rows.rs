//! The rows of each kind of table, cell by cell.

use super::csv_table::{Columns, Row};
use super::key::dotted;
use super::quantity::Quantity;
use super::tables::{
    Figure, FirstSaleRow, HistoryRow, MakerFigure, Offer, OriginRow, PolicyKind, PolicyRow,
    PowertrainShareRow,
};

/// A kind of row: its columns and how one is read.
pub trait FromRow: Sized {
    const COLUMNS: Columns<'static>;

    /// The row, or nothing after having reported what is wrong.
    fn from_row(row: &mut Row) -> Option<Self>;
}

impl FromRow for Offer {
    const COLUMNS: Columns<'static> = Columns {
        required: &["region", "manufacturer", "units", "price"],
        optional: &["powertrain", "fringe"],
        quantity: None,
        open: false,
    };

    fn from_row(row: &mut Row) -> Option<Offer> {
        let (region, manufacturer) = (row.name("region"), row.name("manufacturer"));
        let (units, price) = (row.number("units"), row.number("price"));
        let (powertrain, fringe) = (row.optional_name("powertrain"), row.flag("fringe"));
        Some(Offer {
            region: region?,
            manufacturer: manufacturer?,
            powertrain: powertrain.unwrap_or_else(|| "all".to_owned()),
            units: units?,
            price: price?,
            fringe: fringe?,
            quality: row.optional("quality"),
            source: row.optional("source"),
            note: row.optional("note"),
        })
    }
}

impl FromRow for HistoryRow {
    const COLUMNS: Columns<'static> = Columns {
        required: &["region", "manufacturer", "year", "units"],
        optional: &["basis"],
        quantity: None,
        open: false,
    };

    fn from_row(row: &mut Row) -> Option<HistoryRow> {
        let (region, manufacturer) = (row.name("region"), row.name("manufacturer"));
        let (year, units) = (row.year("year"), row.number("units"));
        Some(HistoryRow {
            region: region?,
            manufacturer: manufacturer?,
            year: year?,
            units: units?,
            basis: row.text("basis").to_owned(),
        })
    }
}

impl FromRow for FirstSaleRow {
    const COLUMNS: Columns<'static> = Columns {
        required: &["region", "manufacturer", "first_sale"],
        optional: &[],
        quantity: None,
        open: false,
    };

    fn from_row(row: &mut Row) -> Option<FirstSaleRow> {
        let (region, manufacturer) = (row.name("region"), row.name("manufacturer"));
        let year = row.year("first_sale");
        Some(FirstSaleRow { region: region?, manufacturer: manufacturer?, year: year? })
    }
}

impl FromRow for PowertrainShareRow {
    const COLUMNS: Columns<'static> = Columns {
        required: &["region", "year", "powertrain", "share"],
        optional: &["basis"],
        quantity: None,
        open: false,
    };

    fn from_row(row: &mut Row) -> Option<PowertrainShareRow> {
        let (region, powertrain) = (row.name("region"), row.name("powertrain"));
        let (year, share) = (row.year("year"), row.number("share"));
        Some(PowertrainShareRow { region: region?, year: year?, powertrain: powertrain?, share: share? })
    }
}

impl Figure {
    /// Every figure under the name that tables use.
    pub const NAMES: [(&'static str, Figure); 8] = [
        ("world_units", Figure::WorldUnits),
        ("outside_powertrain_share", Figure::OutsidePowertrainShare),
        ("experience_years", Figure::ExperienceYears),
        ("revenue", Figure::Revenue),
        ("operating_profit", Figure::OperatingProfit),
        ("rnd", Figure::Rnd),
        ("first_sale", Figure::FirstSale),
        ("published_margin", Figure::PublishedMargin),
    ];
}

impl FromRow for MakerFigure {
    const COLUMNS: Columns<'static> = Columns {
        required: &["manufacturer", "figure"],
        optional: &["region", "powertrain"],
        quantity: Some("value"),
        open: false,
    };

    fn from_row(row: &mut Row) -> Option<MakerFigure> {
        let (manufacturer, figure) = (row.name("manufacturer"), row.choice("figure", &Figure::NAMES));
        let key = [row.text("manufacturer"), row.text("figure"), row.text("region"), row.text("powertrain")];
        let key = table_key("manufacturers", key);
        let value = row.quantity("value");
        Some(MakerFigure {
            manufacturer: manufacturer?,
            region: row.text("region").to_owned(),
            powertrain: row.text("powertrain").to_owned(),
            figure: figure?,
            value: Quantity { key, ..value? },
        })
    }
}

impl PolicyKind {
    /// Every kind under the name that tables use.
    pub const NAMES: [(&'static str, PolicyKind); 4] = [
        ("duty", PolicyKind::Duty),
        ("credit", PolicyKind::Credit),
        ("tax", PolicyKind::Tax),
        ("ban", PolicyKind::Ban),
    ];
}

impl FromRow for PolicyRow {
    const COLUMNS: Columns<'static> = Columns {
        required: &["date", "region", "kind", "applies_to"],
        optional: &["event"],
        quantity: Some("value"),
        open: false,
    };

    fn from_row(row: &mut Row) -> Option<PolicyRow> {
        let (date, region) = (row.date("date"), row.name("region"));
        let (kind, applies_to) = (row.choice("kind", &PolicyKind::NAMES), row.name("applies_to"));
        let key = [row.text("region"), row.text("kind"), row.text("applies_to"), row.text("date")];
        let key = table_key("policies", key);
        let value = Quantity { key, ..row.quantity("value")? };
        Some(PolicyRow { date: date?, region: region?, kind: kind?, applies_to: applies_to?, value })
    }
}

impl FromRow for OriginRow {
    const COLUMNS: Columns<'static> = Columns {
        required: &["region", "manufacturer", "origin"],
        optional: &["powertrain"],
        quantity: Some("share"),
        open: false,
    };

    fn from_row(row: &mut Row) -> Option<OriginRow> {
        let (region, manufacturer) = (row.name("region"), row.name("manufacturer"));
        let key = [row.text("region"), row.text("manufacturer"), row.text("powertrain"), row.text("origin")];
        let key = table_key("origins", key);
        let (origin, share) = (row.name("origin"), row.quantity("share"));
        Some(OriginRow {
            region: region?,
            manufacturer: manufacturer?,
            powertrain: row.text("powertrain").to_owned(),
            origin: origin?,
            share: Quantity { key, ..share? },
        })
    }
}

/// The key of a number in a table: the table's name and what tells its row from the others.
fn table_key(table: &str, parts: [&str; 4]) -> String {
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    dotted(&["tables", table].into_iter().chain(parts).collect::<Vec<_>>())
}
