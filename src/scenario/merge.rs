//! Laying one TOML table over another, and reading `--set` overrides.

use toml::{Table, Value};

use super::key::{end_of_key, segments};
use super::problem::{Problem, Problems};

/// Lays `patch` over `base`: tables are merged key by key, everything else is replaced. A quantity that
/// states a new value or distribution replaces the old one with all its provenance.
pub fn merge(base: &mut Table, patch: &Table) {
    for (key, new) in patch {
        match (base.get_mut(key), new) {
            (Some(Value::Table(old)), Value::Table(new)) if !states_quantity(new) => merge(old, new),
            _ => {
                base.insert(key.clone(), new.clone());
            }
        }
    }
}

fn states_quantity(table: &Table) -> bool {
    ["value", "dist"].iter().any(|key| table.get(*key).is_some_and(|value| !value.is_table()))
}

/// The patch with each list whole of which it changes an item by its number, as in `offers.0.price`.
pub fn with_whole_lists(base: &Table, patch: &Table) -> Table {
    let whole = |(key, new): (&String, &Value)| {
        let new = match (base.get(key), new) {
            (Some(Value::Table(old)), Value::Table(new)) => Value::Table(with_whole_lists(old, new)),
            (Some(Value::Array(old)), Value::Table(new)) => {
                with_items(old, new).unwrap_or(Value::Table(new.clone()))
            }
            _ => new.clone(),
        };
        (key.clone(), new)
    };
    patch.iter().map(whole).collect()
}

/// The list with some of its items changed; none if a number is not that of an item.
fn with_items(list: &[Value], changes: &Table) -> Option<Value> {
    let mut items: Table = list.iter().enumerate().map(|(at, item)| (at.to_string(), item.clone())).collect();
    if !changes.keys().all(|key| items.contains_key(key)) {
        return None;
    }
    let changes = with_whole_lists(&items, changes);
    merge(&mut items, &changes);
    Some(Value::Array(items.into_iter().map(|(_, item)| item).collect()))
}

/// The table inside another along a path.
pub fn at<'a>(table: &'a Table, path: &[&str]) -> Option<&'a Table> {
    path.iter().try_fold(table, |table, key| table.get(*key)?.as_table())
}

/// As [`at`], to be changed.
pub fn at_mut<'a>(table: &'a mut Table, path: &[&str]) -> Option<&'a mut Table> {
    path.iter().try_fold(table, |table, key| table.get_mut(*key)?.as_table_mut())
}

/// Reads `path.to.key=value`; a value that is not TOML is taken as text.
pub fn parse_override(given: &str) -> Result<(Vec<String>, Table), Problems> {
    let wrong = |what: String| Problems::from(Problem::new(what).fix("write --set path.to.key=value"));
    let Some(end) = end_of_key(given) else {
        return Err(wrong(format!("`--set {given}` has no `=`")));
    };
    let (path, value) = (segments(&given[..end]), &given[end + 1..]);
    if path.iter().any(String::is_empty) {
        return Err(wrong(format!("`--set {given}` has an empty part in its path")));
    }
    let value = value.trim();
    let digits = value.trim_start_matches(['+', '-']);
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && value.parse::<i64>().is_err() {
        let what = format!("`--set {given}`: a scenario holds whole numbers below 9.2e18");
        return Err(Problem::new(what).fix("write a smaller one; a seed may also be given as --seed").into());
    }
    let value = match format!("value = {value}").parse::<Table>() {
        Ok(mut table) if table.len() == 1 => table.remove("value").expect("just written"),
        _ => Value::String(value.to_owned()),
    };
    let nested =
        path.iter().rev().fold(value, |value, key| Value::Table(Table::from_iter([(key.clone(), value)])));
    match nested {
        Value::Table(table) => Ok((path, table)),
        _ => unreachable!("the path has at least one part"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        text.parse().expect("TOML")
    }

    #[test]
    fn patches_reach_deep_and_replace_whole_quantities() {
        let mut base = table("[a.b]\nx = 1\nq = { dist = 'uniform', low = 0, high = 1, source = 's' }");
        merge(&mut base, &table("[a.b]\ny = 2\nq = { value = 3 }"));
        assert_eq!(base, table("[a.b]\nx = 1\nq = { value = 3 }\ny = 2"));
        let mut base = table("q = { dist = 'uniform', low = 0, high = 1 }");
        merge(&mut base, &table("q.high = 2"));
        assert_eq!(base, table("q = { dist = 'uniform', low = 0, high = 2 }"));
    }

    #[test]
    fn an_item_of_a_list_is_changed_by_its_number() {
        let mut base = table("offers = [{ price = 1, units = 2 }, { price = 3, units = 4 }]");
        let (_, set) = parse_override("offers.1.price=5").unwrap();
        let set = with_whole_lists(&base, &set);
        merge(&mut base, &set);
        assert_eq!(base, table("offers = [{ price = 1, units = 2 }, { price = 5, units = 4 }]"));
        let (_, set) = parse_override("offers.2.price=5").unwrap();
        assert_eq!(with_whole_lists(&base, &set), set);
    }

    #[test]
    fn overrides_are_toml_or_bare_words() {
        let (path, set) = parse_override("regions.US.knowledge_effect.plug-in=0.2").unwrap();
        assert_eq!(path.len(), 4);
        assert_eq!(set, table("regions.US.knowledge_effect.plug-in = 0.2"));
        assert_eq!(
            parse_override("demand.price_response=linear").unwrap().1["demand"]["price_response"].as_str(),
            Some("linear")
        );
        assert_eq!(parse_override("a=[1, 2]").unwrap().1["a"].as_array().map(Vec::len), Some(2));
        assert!(parse_override("a=18446744073709551615").unwrap_err().to_string().contains("below 9.2e18"));
        assert!(parse_override("a.b").is_err() && parse_override(".b=1").is_err());
    }
}
