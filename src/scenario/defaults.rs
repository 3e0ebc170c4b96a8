//! What a scenario means where it leaves the powertrains or the components out.

use toml::{Table, Value};

use super::tables::Offer;

/// One powertrain per name in the offers, and one component that is the whole cost.
pub fn fill_defaults(table: &mut Table, offers: &[Offer]) {
    let is_left_out = |table: &Table, key: &str| {
        table.get(key).is_none_or(|value| value.as_table().is_some_and(Table::is_empty))
    };
    if is_left_out(table, "powertrains") {
        let plain = offers.iter().map(|offer| (offer.powertrain.clone(), Value::Table(Table::new())));
        table.insert("powertrains".to_owned(), Value::Table(plain.collect()));
    }
    if is_left_out(table, "components") {
        let whole = Table::from_iter([("remainder".to_owned(), Value::Boolean(true))]);
        let unit = Table::from_iter([("unit".to_owned(), Value::Table(whole))]);
        table.insert("components".to_owned(), Value::Table(unit));
    }
}
