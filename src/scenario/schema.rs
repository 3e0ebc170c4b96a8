//! The scenario format as a JSON Schema, for editors and for whoever writes scenarios by program.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::file::ScenarioFile;

/// The JSON Schema (draft 2020-12) of a scenario file.
pub fn schema() -> String {
    let mut schema = schema_of::<ScenarioFile>(
        "keiretsu scenario",
        "A market-share scenario. A file that `extends` another states only what differs, and may leave out \
         whatever the other file states.",
    );
    may_extend(&mut schema);
    set_of_world(&mut schema);
    text(&schema)
}

/// The JSON Schema of a file that is read as `T`.
pub(crate) fn schema_of<T: JsonSchema>(title: &str, description: &str) -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value();
    schema["title"] = json!(title);
    schema["description"] = json!(description);
    schema
}

/// A schema as it is printed.
pub(crate) fn text(schema: &Value) -> String {
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}

/// What another file may state need not be stated again, at any depth. Only the items of a list are whole:
/// a list replaces the other file's.
fn may_extend(schema: &mut Value) {
    let mut of_lists = Vec::new();
    items(schema, &mut of_lists);
    for (name, section) in schema["$defs"].as_object_mut().into_iter().flatten() {
        if !of_lists.contains(&format!("#/$defs/{name}")) {
            section.as_object_mut().and_then(|section| section.remove("required"));
        }
    }
    if let Some(required) = schema.as_object_mut().and_then(|root| root.remove("required")) {
        schema["anyOf"] = json!([{ "required": required }, { "required": ["extends"] }]);
    }
}

/// What the items of lists refer to.
fn items(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(fields) => {
            found.extend(schema["items"]["$ref"].as_str().map(str::to_owned));
            fields.values().for_each(|below| items(below, found));
        }
        Value::Array(all) => all.iter().for_each(|below| items(below, found)),
        _ => {}
    }
}

/// A world's patch has the sections of the scenario that a world may change, with any part left out.
fn set_of_world(schema: &mut Value) {
    let sections: Map<String, Value> = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| !["extends", "scenario", "worlds", "report"].contains(&name.as_str()))
        .map(|(name, section)| (name.clone(), section.clone()))
        .collect();
    let set = &mut schema["$defs"]["World"]["properties"]["set"];
    set["properties"] = Value::Object(sections);
    set["additionalProperties"] = json!(true);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema_value() -> Value {
        serde_json::from_str(&schema()).expect("JSON")
    }

    /// Whether every key of a TOML table is one that the schema allows there.
    fn allows(root: &Value, schema: &Value, value: &toml::Value, path: &str) {
        let mut schema = schema;
        loop {
            let kinds = schema["anyOf"].as_array().into_iter().flatten();
            let table = kinds.clone().find(|kind| kind["type"] == "object" || kind["$ref"].is_string());
            if let Some(name) = schema["$ref"].as_str().and_then(|pointer| pointer.rsplit('/').next()) {
                schema = &root["$defs"][name];
            } else if let (Some(inner), None) = (table, schema["properties"].as_object()) {
                schema = inner;
            } else {
                break;
            }
        }
        match value {
            toml::Value::Table(table) => {
                for (key, value) in table {
                    let below = match (&schema["properties"][key], &schema["additionalProperties"]) {
                        (Value::Null, below @ Value::Object(_)) => below,
                        (Value::Null, Value::Bool(false)) => panic!("{path}.{key} is not in the schema"),
                        (below, _) => below,
                    };
                    allows(root, below, value, &format!("{path}.{key}"));
                }
            }
            toml::Value::Array(items) => {
                items.iter().for_each(|item| allows(root, &schema["items"], item, path));
            }
            _ => {}
        }
    }

    #[test]
    fn shipped_scenarios_have_only_keys_of_the_schema() {
        let root = schema_value();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let mut count = 0;
        for entry in std::fs::read_dir(folder).expect("scenarios/") {
            let path = entry.expect("an entry").path();
            let is_toml = path.extension().is_some_and(|ending| ending == "toml");
            let text = if is_toml { std::fs::read_to_string(&path).expect("text") } else { continue };
            let table: toml::Table = text.parse().expect("TOML");
            if table.contains_key("scenario") {
                allows(&root, &root, &toml::Value::Table(table), &path.to_string_lossy());
                count += 1;
            }
        }
        assert!(count >= 5);
    }

    #[test]
    fn unknown_keys_are_excluded_and_quantities_are_numbers_or_tables() {
        let root = schema_value();
        for (name, section) in root["$defs"].as_object().expect("definitions") {
            if section["properties"].is_object() {
                assert_eq!(section["additionalProperties"], json!(false), "{name}");
            }
        }
        assert_eq!(root["additionalProperties"], json!(false));
        let kinds = root["$defs"]["Quantity"]["anyOf"].as_array().expect("three kinds");
        let types: Vec<&Value> = kinds.iter().map(|kind| &kind["type"]).collect();
        assert_eq!(types, [&json!("number"), &json!("string"), &json!("object")]);
        assert_eq!(kinds[2]["additionalProperties"], json!(false));
        assert!(root["$defs"]["Region"]["properties"]["nest_rho"]["description"].as_str().is_some());
    }

    #[test]
    fn a_file_that_extends_another_may_leave_anything_out() {
        let root = schema_value();
        let whole = |name: &str| !root["$defs"][name]["required"].is_null();
        assert!(!whole("Region") && !whole("Heading") && !whole("Stake") && !whole("Pool"));
        // A list replaces the other file's, so its items are whole.
        assert!(whole("Offer") && whole("Correlation"));
        let set = &root["$defs"]["World"]["properties"]["set"];
        assert_eq!(set["additionalProperties"], json!(true));
        assert!(set["properties"]["regions"]["additionalProperties"].is_object());
        assert!(set["properties"]["scenario"].is_null());
    }

    #[test]
    fn dates_units_limits_and_defaults_stand_in_the_schema() {
        let root = schema_value();
        assert_eq!(
            (&root["$defs"]["Date"]["type"], &root["$defs"]["Date"]["format"]),
            (&json!("string"), &json!("date"))
        );
        let scrappage = &root["$defs"]["Region"]["properties"]["scrappage"];
        assert_eq!(scrappage["default"], json!(0.05));
        assert_eq!(
            (&scrappage["x-unit"], &scrappage["x-limits"]),
            (&json!("fraction a year"), &json!("fraction"))
        );
    }
}
