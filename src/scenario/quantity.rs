//! A number as a user states it: fixed or uncertain, with its unit, source, date and quality.

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};
use toml::Value;

use super::spelling::nearest;
use crate::uncertainty::{Distribution, Provenance};

/// A stated number or distribution with its provenance. In a file either a plain number, or a table:
/// `{ value = 0.15, source = "..." }` or `{ dist = "triangular", low = 0.3, mode = 0.5, high = 0.65 }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// Its name, as typed for `--set`: `regions.US.nest_rho`. Empty for a number that is no input.
    pub key: String,
    pub distribution: Distribution,
    pub provenance: Provenance,
}

/// Each family of distributions with the numbers it needs and those it may have.
pub const FAMILIES: [(&str, &[&str], &[&str]); 6] = [
    ("fixed", &["value"], &[]),
    ("uniform", &["low", "high"], &[]),
    ("triangular", &["low", "mode", "high"], &[]),
    ("pert", &["low", "mode", "high"], &[]),
    ("normal", &["mean", "sd"], &["low", "high"]),
    ("lognormal", &["median", "sd_log"], &[]),
];

/// The keys that hold numbers.
pub const NUMBERS: [&str; 8] = ["value", "low", "mode", "high", "mean", "sd", "median", "sd_log"];

/// The keys that say where a number comes from.
pub const PROVENANCE: [&str; 5] = ["unit", "source", "as_of", "quality", "note"];

/// What is wrong with a stated quantity, and under which of its keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Misstated {
    pub key: Option<String>,
    pub what: String,
    pub remedy: String,
}

impl Misstated {
    fn new(key: Option<&str>, what: impl Into<String>, remedy: impl Into<String>) -> Misstated {
        Misstated { key: key.map(str::to_owned), what: what.into(), remedy: remedy.into() }
    }
}

/// A distribution from its family's name and a look-up of its numbers.
pub fn distribution(
    dist: Option<&str>,
    number: impl Fn(&str) -> Option<f64>,
) -> Result<Distribution, Misstated> {
    let dist = dist.unwrap_or("fixed");
    let names: Vec<&str> = FAMILIES.iter().map(|family| family.0).collect();
    let Some((_, needed, allowed)) = FAMILIES.iter().find(|family| family.0 == dist) else {
        let hint = nearest(dist, &names).map_or(String::new(), |name| format!("did you mean `{name}`? "));
        let remedy = format!("{hint}known distributions: {}", names.join(", "));
        return Err(Misstated::new(Some("dist"), format!("unknown distribution `{dist}`"), remedy));
    };
    for key in NUMBERS {
        let given = number(key).is_some();
        if needed.contains(&key) && !given {
            let what = match dist {
                "fixed" => "a quantity without a value".to_owned(),
                _ => format!("a {dist} distribution without `{key}`"),
            };
            let remedy = match dist {
                "fixed" => "give `value`, or `dist` with its numbers, such as \
                     { dist = \"triangular\", low = 0.3, mode = 0.5, high = 0.65 }"
                    .to_owned(),
                _ => format!("a {dist} distribution needs {}", needed.join(", ")),
            };
            return Err(Misstated::new(None, what, remedy));
        }
        if given && !needed.contains(&key) && !allowed.contains(&key) {
            let what = match dist {
                "fixed" => format!("`{key}` belongs to a distribution, but no `dist` is named"),
                _ => format!("`{key}` has no meaning in a {dist} distribution"),
            };
            let remedy = match dist {
                "fixed" => "add dist = \"triangular\" (or uniform, pert, normal, lognormal)".to_owned(),
                _ => format!("a {dist} distribution takes {}", [*needed, *allowed].concat().join(", ")),
            };
            return Err(Misstated::new(Some(key), what, remedy));
        }
    }
    let get = |key: &str| number(key).expect("checked above");
    Ok(match dist {
        "fixed" => Distribution::Fixed(get("value")),
        "uniform" => Distribution::Uniform { low: get("low"), high: get("high") },
        "triangular" => Distribution::Triangular { low: get("low"), mode: get("mode"), high: get("high") },
        "pert" => Distribution::Pert { low: get("low"), mode: get("mode"), high: get("high") },
        "normal" => Distribution::Normal {
            mean: get("mean"),
            sd: get("sd"),
            low: number("low"),
            high: number("high"),
        },
        _ => Distribution::LogNormal { median: get("median"), sd_log: get("sd_log") },
    })
}

impl Quantity {
    /// From a TOML value, or what is wrong with it.
    pub fn from_toml(value: &Value) -> Result<Quantity, Misstated> {
        let table = match value {
            Value::Float(number) => return Ok((*number).into()),
            Value::Integer(number) => return Ok((*number as f64).into()),
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
        let known: Vec<&str> = ["dist"].iter().chain(&NUMBERS).chain(&PROVENANCE).copied().collect();
        for (key, value) in table {
            if !known.contains(&key.as_str()) {
                let remedy = match nearest(key, &known) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => format!("a quantity has the keys {}", known.join(", ")),
                };
                return Err(Misstated::new(Some(key), format!("unknown key `{key}`"), remedy));
            }
            let (fits, expected) = match NUMBERS.contains(&key.as_str()) {
                true => (matches!(value, Value::Float(_) | Value::Integer(_)), "a number"),
                false => (value.is_str(), "text in quotes"),
            };
            if !fits {
                let what = format!("`{key}`: expected {expected}, found {}", described(value));
                return Err(Misstated::new(Some(key), what, format!("write {expected}")));
            }
        }
        let number = |key: &str| match table.get(key) {
            Some(Value::Float(number)) => Some(*number),
            Some(Value::Integer(number)) => Some(*number as f64),
            _ => None,
        };
        let text = |key: &str| table.get(key).and_then(Value::as_str).map(str::to_owned);
        Ok(Quantity {
            key: String::new(),
            distribution: distribution(table.get("dist").and_then(Value::as_str), number)?,
            provenance: Provenance {
                unit: text("unit"),
                source: text("source"),
                as_of: text("as_of"),
                quality: text("quality"),
                note: text("note"),
            },
        })
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
        for key in PROVENANCE {
            properties.insert(key.into(), serde_json::json!({ "type": "string" }));
        }
        schemars::json_schema!({
            "description": "A number, or a table with a value or a distribution and where it comes from.",
            "anyOf": [
                { "type": "number" },
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
    }

    #[test]
    fn misstated_quantities_say_what_to_do() {
        for (text, key, words) in [
            ("{ dist = 'triangle', low = 0, mode = 1, high = 2 }", Some("dist"), "did you mean `triangular`"),
            ("{ dist = 'pert', low = 0, high = 2 }", None, "needs low, mode, high"),
            ("{ low = 0, high = 2 }", None, "give `value`"),
            ("{ value = 1, low = 0 }", Some("low"), "add dist"),
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
