//! Every number of a scenario that may be uncertain: the list of inputs.
//!
//! The format itself is the list: its schema is walked beside a world's tables, and each quantity there
//! gets its key. What it means, its unit, its limits and its default stand at its field.

use serde_json::Value as Json;
use toml::{Table, Value};

use super::key::dotted;
use super::limits::Limits;
use super::quantity::{NAME, Quantity};
use super::shape::Shape;
use super::unit_words::UnitWords;

/// A number that may be uncertain, as one world has it.
#[derive(Clone, Debug)]
pub struct Input {
    /// With its key, and in its provenance the format's unit where the user gives none.
    pub quantity: Quantity,
    pub limits: Limits,
    /// In words, for people.
    pub meaning: String,
    /// Whether it is written somewhere; else it is the format's default.
    pub stated: bool,
    /// Where it stands if in a table: the table's name, the row, the column.
    pub cell: Option<(&'static str, usize, &'static str)>,
}

/// What a field says about the quantities in it.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    pub meaning: &'a str,
    pub unit: &'a str,
    pub limits: &'a Json,
}

impl<'a> Field<'a> {
    /// A field inherits what it does not say itself.
    pub fn below(self, schema: &'a Json) -> Field<'a> {
        Field {
            meaning: schema["description"].as_str().unwrap_or(self.meaning),
            unit: schema["x-unit"].as_str().unwrap_or(self.unit),
            limits: if schema["x-limits"].is_null() { self.limits } else { &schema["x-limits"] },
        }
    }
}

impl Input {
    /// An input in a row of a table, which gets the format's unit where it has none.
    pub fn of_cell(
        cell: (&'static str, usize, &'static str),
        quantity: &mut Quantity,
        (limits, unit): (Limits, &str),
        words: &UnitWords,
    ) -> Input {
        quantity.provenance.unit.get_or_insert_with(|| words.fill(unit));
        Input { quantity: quantity.clone(), limits, meaning: String::new(), stated: true, cell: Some(cell) }
    }
}

/// A walk along a scenario's table beside its format.
struct Naming<'a> {
    shape: &'a Shape,
    words: &'a UnitWords,
    path: Vec<String>,
    found: Vec<Input>,
}

impl Shape {
    /// Writes its key into every quantity of a table that fits the format, and every default where nothing
    /// is stated. Returns all of them in the order of the format.
    pub fn name_inputs(&self, table: &mut Table, words: &UnitWords) -> Vec<Input> {
        let mut naming = Naming { shape: self, words, path: Vec::new(), found: Vec::new() };
        let nothing = Field { meaning: "", unit: "", limits: &Json::Null };
        naming.table(self.root(), nothing, table);
        naming.found
    }
}

impl Naming<'_> {
    fn table(&mut self, schema: &Json, field: Field, table: &mut Table) {
        let (_, form) = self.shape.resolve(schema);
        let required = |key: &String| {
            form["required"].as_array().is_some_and(|all| all.contains(&Json::from(key.as_str())))
        };
        for (key, below) in form["properties"].as_object().into_iter().flatten() {
            let (name, inner) = self.shape.resolve(below);
            let stated = table.contains_key(key);
            if !stated && name == "Quantity" {
                let Some(default) = below["default"].as_f64() else { continue };
                table.insert(key.clone(), Value::Float(default));
            } else if !stated
                && inner["properties"].is_object()
                && inner["required"].is_null()
                && !required(key)
            {
                // What can be left out may have defaults; what has keys that cannot is switched off.
                table.insert(key.clone(), Value::Table(Table::new()));
            }
            self.entry(key, below, field, table, stated);
        }
        let below = &form["additionalProperties"];
        if below.is_object() {
            for key in table.keys().cloned().collect::<Vec<_>>() {
                self.entry(&key, below, field, table, true);
            }
        }
    }

    fn entry(&mut self, key: &str, schema: &Json, field: Field, table: &mut Table, stated: bool) {
        let Some(value) = table.get_mut(key) else { return };
        self.path.push(key.to_owned());
        let field = field.below(schema);
        match (self.shape.resolve(schema).0, &mut *value) {
            ("Quantity", _) => self.quantity(field, value, stated),
            (_, Value::Table(inner)) => self.table(schema, field, inner),
            _ => {}
        }
        self.path.pop();
    }

    fn quantity(&mut self, field: Field, value: &mut Value, stated: bool) {
        // What is no quantity has been reported.
        let Ok(mut quantity) = Quantity::from_toml(value) else { return };
        quantity.key = dotted(&self.path);
        let unit = self.words.fill(field.unit);
        let unit = quantity.provenance.unit.get_or_insert(unit).clone();
        let number = match &mut *value {
            Value::Table(table) => std::mem::take(table),
            plain => Table::from_iter([("value".to_owned(), plain.clone())]),
        };
        let more = [
            ("unit".to_owned(), Value::String(unit)),
            (NAME.to_owned(), Value::String(quantity.key.clone())),
        ];
        *value = Value::Table(number.into_iter().chain(more).collect());
        let limits = serde_json::from_value(field.limits.clone()).unwrap_or(Limits::Any);
        self.found.push(Input { quantity, limits, meaning: field.meaning.to_owned(), stated, cell: None });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The schema of what stands in a table of names, of names of names, and so on.
    fn innermost(schema: &Json) -> &Json {
        match &schema["additionalProperties"] {
            below @ Json::Object(_) => innermost(below),
            _ => schema,
        }
    }

    #[test]
    fn every_quantity_of_the_format_has_limits_and_a_meaning() {
        let shape = Shape::of_scenarios();
        let mut found = 0;
        for (section, form) in shape.root()["$defs"].as_object().expect("definitions") {
            for (key, field) in form["properties"].as_object().into_iter().flatten() {
                if shape.resolve(innermost(field)).0 == "Quantity" {
                    let limits = serde_json::from_value::<Limits>(field["x-limits"].clone());
                    assert!(limits.is_ok(), "{section}.{key}: {limits:?}");
                    assert!(field["description"].is_string(), "{section}.{key} has no meaning");
                    found += 1;
                }
            }
        }
        assert!(found > 50, "{found}");
    }

    #[test]
    fn inputs_get_keys_units_and_defaults() {
        let text = "regions.\"New Z.\" = { own_price_elasticity = -2, volume.given.2025 = { value = 3, unit = 't' } }";
        let mut table: Table = text.parse().expect("TOML");
        let words = UnitWords::new(Some("NZD"), Some("sheep"), Some("sheep"));
        let inputs = Shape::of_scenarios().name_inputs(&mut table, &words);
        let of = |key: &str| inputs.iter().find(|input| input.quantity.key == key).expect("an input");
        let elasticity = of("regions.\"New Z.\".own_price_elasticity");
        assert_eq!((elasticity.limits, elasticity.stated), (Limits::Negative, true));
        let given = of("regions.\"New Z.\".volume.given.2025");
        assert_eq!(given.quantity.provenance.unit.as_deref(), Some("t"));
        let saturation = of("costs.scale_saturation");
        assert_eq!((saturation.quantity.median(), saturation.stated), (2.5e6, false));
        assert_eq!(saturation.quantity.provenance.unit.as_deref(), Some("sheep a year"));
        // A second reading finds the same.
        assert_eq!(table["costs"]["scale_saturation"][NAME].as_str(), Some("costs.scale_saturation"));
        assert!(inputs.iter().all(|input| input.limits == Limits::Any || !input.meaning.is_empty()));
    }
}
