//! A number as a user states it: fixed or uncertain, with its unit, source, date and quality.

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};
use toml::{Table, Value};

use super::families::{
    COLUMN, FAMILIES, FILE, IN_ITS_UNIT, KIND, LISTS, Misstated, NUMBERS, Numbers, distribution, interval,
};
use super::spelling::nearest;
use crate::uncertainty::{Distribution, Provenance};

/// A stated number or distribution with its provenance. In a file a plain number, an interval such as
/// `"15% to 20%"`, or a table: `{ value = 0.15, source = "..." }` or
/// `{ dist = "triangular", low = 0.3, mode = 0.5, high = 0.65 }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// Its name, as typed for `--set`: `regions.US.nest_rho`. Empty for a number that is no input.
    pub key: String,
    pub distribution: Distribution,
    pub provenance: Provenance,
}

/// The keys that say where a number comes from.
pub const PROVENANCE: [&str; 5] = ["unit", "source", "as_of", "quality", "note"];

impl Quantity {
    /// From a TOML value, or what is wrong with it.
    pub fn from_toml(value: &Value) -> Result<Quantity, Misstated> {
        let table = match value {
            Value::Float(number) => return Ok((*number).into()),
            Value::Integer(number) => return Ok((*number as f64).into()),
            Value::String(text) if text.contains(" to ") => {
                let distribution =
                    interval(text).map_err(|(what, remedy)| Misstated::new(None, what, remedy))?;
                return Ok(Quantity { distribution, ..0.0.into() });
            }
            Value::Table(table) => table,
            other => {
                let what = format!("expected a number, found {}", described(other));
                let remedy = match other {
                    Value::String(text) if text.trim().parse::<f64>().is_ok() => "take the quotes away",
                    _ => "write a number, or a table such as { value = 0.15, source = \"...\" }",
                };
                return Err(Misstated::new(None, what, remedy));
            }
        };
        let known: Vec<&str> =
            ["dist"].iter().chain(&NUMBERS).chain(&LISTS).chain(&PROVENANCE).copied().collect();
        for (key, value) in table {
            if !known.contains(&key.as_str()) {
                let remedy = match nearest(key, &known) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => format!("a quantity has the keys {}", known.join(", ")),
                };
                return Err(Misstated::new(Some(key), format!("unknown key `{key}`"), remedy));
            }
            let is_interval = key == "value" && value.as_str().is_some_and(|text| text.contains(" to "));
            let (fits, expected) = match key.as_str() {
                key if NUMBERS.contains(&key) => (is_interval || number(value).is_some(), "a number"),
                key if LISTS.contains(&key) => (list(value).is_some(), "a list of numbers"),
                _ => (value.is_str(), "text in quotes"),
            };
            if !fits {
                let what = format!("`{key}`: expected {expected}, found {}", described(value));
                return Err(Misstated::new(Some(key), what, format!("write {expected}")));
            }
        }
        let text = |key: &str| table.get(key).and_then(Value::as_str).map(str::to_owned);
        let numbers = Numbers {
            number: &|key| table.get(key).and_then(number),
            list: &|key| table.get(key).and_then(list),
            interval: text("value"),
        };
        Ok(Quantity {
            key: String::new(),
            distribution: distribution(table.get("dist").and_then(Value::as_str), numbers)?,
            provenance: Provenance {
                unit: text("unit"),
                source: text("source"),
                as_of: text("as_of"),
                quality: text("quality"),
                note: text("note"),
            },
        })
    }

    /// A stated quantity, `factor` times as large, stated in the same way where that is possible.
    pub fn scaled(stated: &Value, factor: f64) -> Value {
        let times = |value: &Value| match value {
            Value::Array(_) => {
                list(value).unwrap_or_default().iter().map(|one| one * factor).collect::<Vec<f64>>().into()
            }
            one => number(one).map_or_else(|| one.clone(), |one| Value::Float(one * factor)),
        };
        let (mut table, is_plain) = match stated {
            Value::Table(table) => (table.clone(), false),
            plain => (Table::from_iter([("value".to_owned(), plain.clone())]), true),
        };
        let text = table.get("value").and_then(Value::as_str).and_then(|text| interval(text).ok());
        if let Some(Distribution::LogNormal { median, sd_log, .. }) = text {
            table.extend(
                [("dist", "lognormal".into()), ("median", median.into()), ("sd_log", sd_log.into())]
                    .map(owned),
            );
            table.remove("value");
        } else if let Some(Distribution::Normal { mean, sd, .. }) = text {
            table.extend([("dist", "normal".into()), ("mean", mean.into()), ("sd", sd.into())].map(owned));
            table.remove("value");
        }
        if table.get("dist").and_then(Value::as_str) == Some("beta") {
            table.entry("low").or_insert(Value::Float(0.0));
            table.entry("high").or_insert(Value::Float(1.0));
        }
        for (key, value) in &mut table {
            if IN_ITS_UNIT.contains(&key.as_str()) {
                *value = times(value);
            }
        }
        match table.get("value") {
            Some(value) if is_plain => value.clone(),
            _ => Value::Table(table),
        }
    }

    /// Its key without the last part: the path that it is a point of.
    pub fn path(&self) -> &str {
        self.key.rsplit_once('.').map_or("", |(path, _)| path)
    }

    /// The smallest and the largest value it can take.
    pub fn range(&self) -> (f64, f64) {
        self.distribution.range()
    }

    /// The value as likely to be exceeded as not: that of the central run.
    pub fn median(&self) -> f64 {
        self.distribution.median()
    }

    /// Whether the figure rests on judgement rather than on a source.
    pub fn is_judgement(&self) -> bool {
        self.provenance.quality.as_deref().is_some_and(|quality| quality.starts_with("estimated"))
    }
}

fn owned((key, value): (&str, Value)) -> (String, Value) {
    (key.to_owned(), value)
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) => Some(*number),
        Value::Integer(number) => Some(*number as f64),
        _ => None,
    }
}

fn list(value: &Value) -> Option<Vec<f64>> {
    value.as_array()?.iter().map(number).collect()
}

/// A TOML value in plain words.
pub(super) fn described(value: &Value) -> String {
    match value {
        Value::String(text) => format!("the text \"{text}\""),
        Value::Integer(number) => format!("the number {number}"),
        Value::Float(number) => format!("the number {number}"),
        Value::Boolean(truth) => format!("{truth}"),
        Value::Datetime(date) => format!("the date {date}"),
        Value::Array(_) => "a list".to_owned(),
        Value::Table(_) => "a table".to_owned(),
    }
}

/// What an absent number means where it is switched off.
pub(super) fn zero() -> Quantity {
    0.0.into()
}

/// What an absent number means where it is neutral.
pub(super) fn one() -> Quantity {
    1.0.into()
}

impl From<f64> for Quantity {
    fn from(value: f64) -> Quantity {
        let distribution = Distribution::Fixed(value);
        Quantity { key: String::new(), distribution, provenance: Provenance::default() }
    }
}

/// The key under which a quantity's table holds its name once it is known where it stands.
pub(super) const NAME: &str = "its name";

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Quantity, D::Error> {
        let mut value = Value::deserialize(deserializer)?;
        let name = value.as_table_mut().and_then(|table| table.remove(NAME));
        let quantity = Quantity::from_toml(&value)
            .map_err(|wrong| D::Error::custom(format!("{}; {}", wrong.what, wrong.remedy)))?;
        let key = name.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Quantity { key, ..quantity })
    }
}

/// The value that a default has, for the schema.
impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.median())
    }
}

impl schemars::JsonSchema for Quantity {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Quantity".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut properties = serde_json::Map::new();
        let families: Vec<&str> = FAMILIES.iter().map(|family| family.0).collect();
        properties.insert("dist".into(), serde_json::json!({ "enum": families }));
        for key in NUMBERS {
            properties.insert(key.into(), serde_json::json!({ "type": "number" }));
        }
        for key in LISTS {
            let numbers = serde_json::json!({ "type": "array", "items": { "type": "number" } });
            properties.insert(key.into(), numbers);
        }
        let interval = serde_json::json!({ "type": "string", "pattern": "\\S to \\S" });
        let value = serde_json::json!({ "anyOf": [{ "type": "number" }, interval.clone()] });
        properties.insert("value".into(), value);
        for key in [FILE, COLUMN, KIND].iter().chain(&PROVENANCE) {
            properties.insert((*key).into(), serde_json::json!({ "type": "string" }));
        }
        schemars::json_schema!({
            "description": "A number, an interval of 90 % such as \"15% to 20%\", or a table with a value or a \
                            distribution and where it comes from.",
            "anyOf": [
                { "type": "number" },
                interval,
                { "type": "object", "properties": properties, "additionalProperties": false }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Quantity, Misstated> {
        let table: toml::Table = format!("q = {text}").parse().expect("TOML");
        Quantity::from_toml(&table["q"])
    }

    #[test]
    fn numbers_tables_and_distributions_are_read() {
        assert_eq!(read("2").unwrap().distribution, Distribution::Fixed(2.0));
        let stake = read("{ value = 0.15, source = 'release', quality = 'sourced' }").unwrap();
        assert_eq!((stake.median(), stake.provenance.source.as_deref()), (0.15, Some("release")));
        assert!(!stake.is_judgement());
        let rho = read("{ dist = 'pert', low = 0, mode = 1, high = 4, unit = 'years' }").unwrap();
        assert_eq!(rho.distribution, Distribution::Pert { low: 0.0, mode: 1.0, high: 4.0 });
        let growth = read("{ dist = 'normal', mean = 0, sd = 1, low = -2 }").unwrap();
        assert_eq!(growth.range().0, -2.0);
        for text in ["'15% to 20%'", "{ value = '0.15 to 0.2', source = 'a colleague' }"] {
            let interval = read(text).unwrap().distribution;
            assert!(
                (interval.quantile(0.05) - 0.15).abs() < 1e-15
                    && (interval.quantile(0.95) - 0.2).abs() < 1e-15
            );
        }
        let around_zero = read("'-1 to 3'").unwrap().distribution;
        assert!((around_zero.quantile(0.05) + 1.0).abs() < 1e-15 && around_zero.median() == 1.0);
        let cases = read("{ dist = 'discrete', values = [3, 1], weights = [1, 3] }").unwrap().distribution;
        assert_eq!((cases.quantile(0.74), cases.quantile(0.76)), (1.0, 3.0));
    }

    #[test]
    fn a_quantity_twice_as_large_is_twice_as_large_at_every_quantile() {
        for text in [
            "3",
            "'0.15 to 0.2'",
            "{ value = '-1 to 3', note = 'a guess' }",
            "{ dist = 'pert', low = 0, mode = 1, high = 4 }",
            "{ dist = 'normal', mean = 1, sd = 2, low = -1 }",
            "{ dist = 'lognormal', median = 1, sd_log = 0.2, high = 2 }",
            "{ dist = 'beta', alpha = 2, beta = 3 }",
            "{ dist = 'student_t', median = 1, scale = 2, freedom = 4 }",
            "{ dist = 'gamma', shape = 3, scale = 0.5 }",
            "{ dist = 'discrete', values = [1, 3], weights = [1, 4] }",
        ] {
            let table: toml::Table = format!("q = {text}").parse().expect("TOML");
            let once = Quantity::from_toml(&table["q"]).unwrap().distribution;
            let twice = Quantity::from_toml(&Quantity::scaled(&table["q"], 2.0)).unwrap().distribution;
            for u in [0.01, 0.3, 0.5, 0.9] {
                let (once, twice) = (once.quantile(u), twice.quantile(u));
                assert!((twice - 2.0 * once).abs() < 1e-12, "{text} at {u}: {once} and {twice}");
            }
        }
    }

    #[test]
    fn misstated_quantities_say_what_to_do() {
        for (text, key, words) in [
            ("{ dist = 'triangle', low = 0, mode = 1, high = 2 }", Some("dist"), "did you mean `triangular`"),
            ("{ dist = 'pert', low = 0, high = 2 }", None, "needs low, mode, high"),
            ("{ low = 0, high = 2 }", None, "give `value`"),
            ("{ value = 1, low = 0 }", Some("low"), "add dist"),
            ("'20% to 15%'", None, "the lower end first"),
            ("'some to many'", None, "such as \"15% to 20%\""),
            ("{ dist = 'discrete', values = [1, 'two'] }", Some("values"), "write a list of numbers"),
            ("{ dist = 'discrete' }", None, "needs values"),
            ("{ dist = 'beta', values = [1], alpha = 1, beta = 2 }", Some("values"), "takes alpha, beta"),
            ("{ dist = 'uniform', low = 0, high = 2, mode = 1 }", Some("mode"), "takes low, high"),
            ("{ value = 1, sorce = 'x' }", Some("sorce"), "did you mean `source`?"),
            ("{ value = '1' }", Some("value"), "write a number"),
            ("{ value = 1, note = 3 }", Some("note"), "write text in quotes"),
            ("'0.3'", None, "take the quotes away"),
            ("true", None, "write a number"),
        ] {
            let wrong = read(text).unwrap_err();
            assert_eq!(wrong.key.as_deref(), key, "{text}");
            assert!(wrong.remedy.contains(words), "{text}: {wrong:?}");
        }
    }
}
