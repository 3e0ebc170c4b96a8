//! Keys and texts of a TOML table that are not fit to be printed.

use toml::{Table, Value};

use super::shape::Misfit;
use super::text::{unfit_name, unfit_text};

/// Keys of the scenario file whose value is a name.
const NAMES: [&str; 6] = ["name", "manufacturer", "region", "powertrain", "holder", "origin"];

/// Every key and every text of a TOML table that is not fit to be printed.
pub fn unfit_in(table: &Table) -> Vec<Misfit> {
    let mut misfits = Vec::new();
    for (key, value) in table {
        let path = vec![key.clone()];
        if let Some((what, remedy)) = unfit_name(key) {
            misfits.push(Misfit { path: path.clone(), of_key: true, what, remedy });
        }
        walk(value, path, &mut misfits);
    }
    misfits
}

fn walk(value: &Value, path: Vec<String>, misfits: &mut Vec<Misfit>) {
    let below = |key: String| [path.as_slice(), &[key]].concat();
    match value {
        Value::Table(table) => {
            misfits.extend(unfit_in(table).into_iter().map(|misfit| {
                let path = [path.as_slice(), &misfit.path].concat();
                Misfit { path, ..misfit }
            }));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| walk(item, below(index.to_string()), misfits));
        }
        Value::String(text) => {
            let is_name = path.last().is_some_and(|key| NAMES.contains(&key.as_str()));
            if let Some((what, remedy)) = if is_name { unfit_name(text) } else { unfit_text(text) } {
                misfits.push(Misfit { path, of_key: false, what, remedy });
            }
        }
        _ => {}
    }
}
