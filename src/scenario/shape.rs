//! Whether a TOML table has the keys and types that the scenario format asks for: every misfit at once.
//!
//! The rules are the format's own JSON Schema, so they cannot drift away from the types.

use serde_json::Value as Json;
use toml::{Table, Value};

use super::file::ScenarioFile;
use super::merge::merge;
use super::quantity::{Quantity, described};
use super::spelling::{nearest, suggestion};

/// The scenario format as a JSON Schema.
pub struct Shape {
    root: Json,
}

/// A key that does not belong, is missing, or has a value of the wrong type.
#[derive(Clone, Debug, PartialEq)]
pub struct Misfit {
    pub path: Vec<String>,
    /// The key is wrong rather than its value.
    pub of_key: bool,
    pub what: String,
    pub remedy: String,
}

/// What a table is to the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A file of its own.
    Whole,
    /// A file that builds on another.
    Extension,
    /// A world's patch or a `--set` override, which change what is there.
    Patch,
}

/// A walk along a table beside the format and, for a patch, beside what it patches.
struct Walk<'a> {
    shape: &'a Shape,
    role: Role,
    path: Vec<String>,
    misfits: Vec<Misfit>,
}

impl Shape {
    pub fn of_scenarios() -> Shape {
        Shape::of::<ScenarioFile>()
    }

    /// The shape of a file that is read as `T`. A value that may have several forms is left to its reader.
    pub fn of<T: schemars::JsonSchema>() -> Shape {
        Shape { root: schemars::schema_for!(T).to_value() }
    }

    /// The schema of a whole file.
    pub(super) fn root(&self) -> &Json {
        &self.root
    }

    /// What a section is called.
    pub fn title<'a>(&'a self, section: &'a str) -> &'a str {
        let text = self.root["properties"][section]["description"].as_str().unwrap_or(section);
        text.split([':', ';', '.']).next().unwrap_or(section)
    }

    /// Reports all that does not fit and takes it out of the table. What lies over a `base` may leave
    /// keys out that are there, and may not name new things by halves.
    pub fn fit(&self, table: &mut Table, role: Role, base: Option<&Table>) -> Vec<Misfit> {
        let mut walk = Walk { shape: self, role, path: Vec::new(), misfits: Vec::new() };
        walk.fields(&self.root, table, base);
        walk.misfits
    }

    /// Follows references and drops the "or null" of optional fields.
    pub(super) fn resolve<'a>(&'a self, mut schema: &'a Json) -> (&'a str, &'a Json) {
        let mut name = "";
        loop {
            if let Some(pointer) = schema["$ref"].as_str() {
                name = pointer.rsplit('/').next().unwrap_or("");
                schema = &self.root["$defs"][name];
            } else if let Some(kind) =
                schema["anyOf"].as_array().filter(|_| name != "Quantity").and_then(|kinds| {
                    match kinds.as_slice() {
                        [kind, other] if other["type"] == "null" => Some(kind),
                        _ => None,
                    }
                })
            {
                schema = kind;
            } else {
                return (name, schema);
            }
        }
    }
}

impl Walk<'_> {
    fn report(&mut self, of_key: bool, what: impl Into<String>, remedy: impl Into<String>) {
        let (what, remedy) = (what.into(), remedy.into());
        self.misfits.push(Misfit { path: self.path.clone(), of_key, what, remedy });
    }

    /// Whether the value fits well enough to be kept.
    fn value(&mut self, schema: &Json, value: &mut Value, base: Option<&Value>) -> bool {
        let (name, schema) = self.shape.resolve(schema);
        match name {
            "Quantity" => return self.quantity(value, base),
            "Date" => return self.date(value),
            _ => {}
        }
        if let Some(choices) = choices(schema) {
            return self.choice(&choices, value);
        }
        let kind = match &schema["type"] {
            Json::Array(kinds) => kinds.iter().find_map(|kind| kind.as_str().filter(|kind| *kind != "null")),
            kind => kind.as_str(),
        };
        let expected = match (kind, &mut *value) {
            (Some("object"), Value::Table(table)) => {
                match (&schema["properties"], &schema["additionalProperties"]) {
                    (Json::Object(_), _) => self.fields(schema, table, base.and_then(Value::as_table)),
                    (_, Json::Object(_)) => {
                        self.entries(&schema["additionalProperties"], table, base.and_then(Value::as_table));
                    }
                    _ => {}
                }
                return true;
            }
            (Some("array"), Value::Array(array)) => {
                let before = self.misfits.len();
                for (index, item) in array.iter_mut().enumerate() {
                    self.path.push(index.to_string());
                    self.value(&schema["items"], item, None);
                    self.path.pop();
                }
                let count = |key: &str| schema[key].as_u64().map(|count| count as usize);
                if count("minItems").is_some_and(|least| array.len() < least)
                    || count("maxItems").is_some_and(|most| array.len() > most)
                {
                    let wanted = count("maxItems").or(count("minItems")).unwrap_or(0);
                    self.report(false, format!("a list of {} where {wanted} belong", array.len()), "");
                }
                return self.misfits.len() == before;
            }
            (Some("string"), Value::String(_)) | (Some("boolean"), Value::Boolean(_)) => return true,
            (Some("number"), Value::Float(_) | Value::Integer(_)) => return true,
            (Some("integer"), Value::Integer(number)) => {
                let least = schema["minimum"].as_i64();
                if least.is_none_or(|least| *number >= least) {
                    return true;
                }
                self.report(false, format!("{number} is too small"), "write 0 or a whole number above it");
                return false;
            }
            (Some("object"), _) => "a table",
            (Some("array"), _) => "a list in square brackets",
            (Some("string"), _) => "text in quotes",
            (Some("boolean"), _) => "true or false",
            (Some("number"), _) => "a number",
            (Some("integer"), _) => "a whole number",
            _ => return true,
        };
        let key = self.path.last().cloned().unwrap_or_default();
        let what = format!("`{key}`: expected {expected}, found {}", described(value));
        self.report(false, what, format!("write {expected}"));
        false
    }

    /// A table with fixed keys.
    fn fields(&mut self, schema: &Json, table: &mut Table, base: Option<&Table>) {
        let Some(properties) = schema["properties"].as_object() else { return };
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        let mut misspelt: Vec<&str> = Vec::new();
        for key in table.keys().cloned().collect::<Vec<_>>() {
            self.path.push(key.clone());
            let keep = match (properties.get(&key), table.get_mut(&key)) {
                (Some(schema), Some(value)) => {
                    self.value(schema, value, base.and_then(|base| base.get(&key)))
                }
                _ => {
                    let known: Vec<&str> = properties.keys().map(String::as_str).collect();
                    misspelt.extend(nearest(&key, &known));
                    self.report(true, format!("unknown key `{key}`"), suggestion(&key, known));
                    false
                }
            };
            self.path.pop();
            if !keep {
                table.remove(&key);
            }
        }
        for key in required {
            if table.contains_key(key) || base.is_some_and(|base| base.contains_key(key)) {
                continue;
            }
            let reported = misspelt.contains(&key)
                || self.misfits.iter().any(|misfit| {
                    misfit.path.get(self.path.len()).is_some_and(|part| part == key)
                        && misfit.path.starts_with(&self.path)
                });
            if !reported {
                let meaning = self.shape.meaning(&properties[key]);
                self.report(true, format!("`{key}` is missing"), format!("add `{key}`{meaning}"));
            }
            // Something harmless in its place lets the other rules be checked in the same pass.
            if self.shape.resolve(&properties[key]).0 == "Quantity" {
                table.insert(key.to_owned(), Value::Float(stand_in(key)));
            }
        }
    }

    /// A table whose keys are names.
    fn entries(&mut self, schema: &Json, table: &mut Table, base: Option<&Table>) {
        for key in table.keys().cloned().collect::<Vec<_>>() {
            let base_entry = base.and_then(|base| base.get(&key));
            let before = self.misfits.len();
            self.path.push(key.clone());
            let value = table.get_mut(&key).expect("its own key");
            let mut keep = self.value(schema, value, base_entry);
            let halves = self.misfits[before..].iter().any(|misfit| misfit.what.ends_with("is missing"));
            let (kind, form) = self.shape.resolve(schema);
            let is_optional =
                kind != "Quantity" && form["properties"].is_object() && form["required"].is_null();
            let by_halves = self.role != Role::Whole && halves || self.role == Role::Patch && is_optional;
            if base_entry.is_none() && by_halves {
                self.misfits.truncate(before);
                let place = self.path[..self.path.len() - 1].join(".");
                let known = base.into_iter().flat_map(|base| base.keys()).map(String::as_str);
                let remedy = suggestion(&key, known);
                self.report(true, format!("there is no `{key}` in `{place}` to change"), remedy);
                keep = false;
            }
            self.path.pop();
            if !keep {
                table.remove(&key);
            }
        }
    }

    fn quantity(&mut self, value: &Value, base: Option<&Value>) -> bool {
        // A patch may change one number of a distribution.
        let merged = match (base, value) {
            (Some(Value::Table(base)), Value::Table(patch)) => {
                let mut holder = Table::from_iter([("q".to_owned(), Value::Table(base.clone()))]);
                merge(&mut holder, &Table::from_iter([("q".to_owned(), Value::Table(patch.clone()))]));
                holder.remove("q")
            }
            _ => None,
        };
        let Err(wrong) = Quantity::from_toml(merged.as_ref().unwrap_or(value)) else { return true };
        let key = self.path.last().cloned().unwrap_or_default();
        let of_key = wrong.what.starts_with("unknown key");
        self.path.extend(wrong.key.clone());
        self.report(of_key, format!("`{key}`: {}", wrong.what), wrong.remedy);
        if wrong.key.is_some() {
            self.path.pop();
        }
        false
    }

    fn date(&mut self, value: &Value) -> bool {
        let wrong = match value {
            Value::String(text) => text.parse::<super::date::Date>().err(),
            Value::Datetime(date) => date.to_string().parse::<super::date::Date>().err(),
            other => Some(format!("expected a date, found {}", described(other))),
        };
        let key = self.path.last().cloned().unwrap_or_default();
        let fits = wrong.is_none();
        if let Some(wrong) = wrong {
            self.report(false, format!("`{key}`: {wrong}"), "write a day such as 2024-11-08");
        }
        fits
    }

    fn choice(&mut self, choices: &[&str], value: &Value) -> bool {
        if value.as_str().is_some_and(|text| choices.contains(&text)) {
            return true;
        }
        let key = self.path.last().cloned().unwrap_or_default();
        let what = format!("`{key}` cannot be {}", described(value));
        self.report(false, what, suggestion(value.as_str().unwrap_or(""), choices.iter().copied()));
        false
    }
}

/// A value that no rule objects to, for a required number that is missing.
pub(super) fn stand_in(key: &str) -> f64 {
    match key {
        "start" => 2000.0,
        "scale_elasticity" => 0.05,
        _ if key.ends_with("elasticity") => -0.5,
        _ => 0.5,
    }
}

/// The words an enumeration allows.
pub(super) fn choices(schema: &Json) -> Option<Vec<&str>> {
    let listed = schema["enum"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let described = schema["oneOf"].as_array().into_iter().flatten();
    let described = described.flat_map(|kind| {
        kind["const"]
            .as_str()
            .into_iter()
            .chain(kind["enum"].as_array().into_iter().flatten().filter_map(Json::as_str))
    });
    let all: Vec<&str> = listed.chain(described).collect();
    (!all.is_empty()).then_some(all)
}

impl Shape {
    /// What a key means, from its documentation, to help who forgot it.
    fn meaning(&self, schema: &Json) -> String {
        let text = schema["description"].as_str().unwrap_or("");
        let first = text.split(['\n', ';']).next().unwrap_or("").trim().trim_end_matches('.');
        if first.is_empty() { String::new() } else { format!(": {}", first) }
    }
}
