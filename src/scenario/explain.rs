//! What a key of the format means: from its field, where meaning, unit, limits and default stand.

use serde_json::Value as Json;

use super::equations::{Equation, equation};
use super::inputs::Field;
use super::key::{dotted, segments};
use super::limits::Limits;
use super::shape::{Shape, choices};
use super::spelling::{nearest, suggestion};
use super::tables::{Figure, PolicyKind};
use super::unit_words::UnitWords;

/// A key of the format.
#[derive(Clone, Debug)]
pub struct Explained {
    /// With the names in it as `*`.
    pub pattern: String,
    /// Empty where the name says it all.
    pub meaning: String,
    /// What stands there: `a number`, `a day`, `a section`.
    pub is: String,
    pub unit: Option<String>,
    /// As typed, or that it must be given, or what happens without it.
    pub default: String,
    /// What a value is, in words.
    pub limits: Option<&'static str>,
    pub equation: Option<Equation>,
    /// Keys below a section, or choices, with their meanings.
    pub below: Vec<(String, String)>,
}

/// Every section of the format with its meaning.
pub fn sections() -> Vec<(String, String)> {
    let shape = Shape::of_scenarios();
    below(&shape, shape.root())
}

/// A key of the format, or what is wrong with it. Names in it may be any, `*` too; the last part of a key is enough where
/// only one key ends so.
pub fn explain(key: &str) -> Result<Explained, String> {
    let shape = Shape::of_scenarios();
    let mut path = segments(key);
    // What a world sets are keys of the scenario.
    if path.len() > 3 && path[0] == "worlds" && path[2] == "set" {
        path.drain(..3);
    }
    if path.first().is_some_and(|first| first == "tables") && path.len() > 2 {
        return of_table(&path);
    }
    if let ([word], true) = (path.as_slice(), shape.root()["properties"][path[0].as_str()].is_null()) {
        path = by_last_part(&shape, word)?;
    }
    of_format(&shape, &path)
}

/// The keys of the format, names in them as `*`.
fn patterns(shape: &Shape, schema: &Json, path: &mut Vec<String>, found: &mut Vec<String>) {
    let (name, form) = shape.resolve(schema);
    let is_section =
        name != "Quantity" && (form["properties"].is_object() || form["additionalProperties"].is_object());
    if !is_section || path.len() > 8 {
        found.push(path.join("."));
        return;
    }
    let named = form["additionalProperties"].is_object().then_some(("*", &form["additionalProperties"]));
    let fixed =
        form["properties"].as_object().into_iter().flatten().map(|(key, below)| (key.as_str(), below));
    for (key, below) in fixed.chain(named) {
        path.push(key.to_owned());
        patterns(shape, below, path, found);
        path.pop();
    }
}

/// The one key whose last part is a word.
fn by_last_part(shape: &Shape, word: &str) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    patterns(shape, shape.root(), &mut Vec::new(), &mut all);
    let last = |pattern: &str| pattern.trim_end_matches(".*").rsplit('.').next().unwrap_or("").to_owned();
    let found: Vec<&String> = all.iter().filter(|pattern| last(pattern) == word).collect();
    match found.as_slice() {
        [one] => Ok(one.split('.').map(str::to_owned).collect()),
        [] => {
            let lasts: Vec<String> = all.iter().map(|pattern| last(pattern)).collect();
            let sections =
                shape.root()["properties"].as_object().into_iter().flatten().map(|(key, _)| key.as_str());
            let known: Vec<&str> = lasts.iter().map(String::as_str).chain(sections.clone()).collect();
            let hint = match nearest(word, &known) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("the sections are {}", sections.collect::<Vec<_>>().join(", ")),
            };
            Err(format!("no key of the format is called `{word}`; {hint}"))
        }
        several => {
            let several: Vec<String> = several.iter().map(|pattern| format!("`{pattern}`")).collect();
            Err(format!("several keys are called `{word}`: {}", several.join(", ")))
        }
    }
}

fn of_format(shape: &Shape, path: &[String]) -> Result<Explained, String> {
    let mut schema = shape.root();
    let mut field = Field { meaning: "", unit: "", limits: &Json::Null };
    let mut pattern: Vec<&str> = Vec::new();
    let mut required = false;
    for (depth, part) in path.iter().enumerate() {
        let (name, form) = shape.resolve(schema);
        let within =
            || if depth == 0 { "the format".to_owned() } else { format!("`{}`", dotted(&path[..depth])) };
        if name == "Quantity" {
            return Err(format!(
                "{} is a number; `{part}` is a part of how it is stated (docs/scenario-format.md, Numbers)",
                within()
            ));
        }
        let fixed = &form["properties"][part.as_str()];
        let named = &form["additionalProperties"];
        if fixed.is_object() || fixed == &Json::Bool(true) {
            required =
                form["required"].as_array().is_some_and(|all| all.contains(&Json::from(part.as_str())));
            (schema, field) = (fixed, field.below(fixed));
            pattern.push(part);
        } else if named.is_object() {
            required = false;
            (schema, field) = (named, field.below(named));
            pattern.push("*");
        } else if form["items"].is_object() {
            (schema, field) = (&form["items"], field.below(&form["items"]));
            pattern.push("*");
        } else {
            let known: Vec<&str> =
                form["properties"].as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
            let hint =
                if known.is_empty() { "nothing stands below it".to_owned() } else { suggestion(part, known) };
            return Err(format!("there is no `{part}` in {}; {hint}", within()));
        }
    }
    let pattern = pattern.join(".");
    let (name, form) = shape.resolve(schema);
    let is_number = name == "Quantity";
    let limits = serde_json::from_value::<Limits>(field.limits.clone()).ok();
    let meaning = if is_number { field.meaning.replace('\n', " ") } else { meaning(shape, schema) };
    Ok(Explained {
        meaning,
        is: kind(name, form),
        unit: (is_number && !field.unit.is_empty()).then(|| neutral(field.unit)),
        default: default(schema, required, is_section(form, is_number)),
        limits: limits.filter(|_| is_number).map(|limits| limits.interval().meaning),
        equation: equation(&pattern),
        below: below(shape, form),
        pattern,
    })
}

fn is_section(form: &Json, is_number: bool) -> bool {
    !is_number && (form["properties"].is_object() || form["additionalProperties"].is_object())
}

/// What stands under a key.
fn kind(name: &str, form: &Json) -> String {
    let of_type = match &form["type"] {
        Json::Array(kinds) => kinds.iter().find_map(|kind| kind.as_str().filter(|kind| *kind != "null")),
        kind => kind.as_str(),
    };
    match (name, of_type) {
        ("Quantity", _) => "a number, which may be uncertain".into(),
        ("Date", _) => "a day, such as 2024-11-08".into(),
        _ if choices(form).is_some() => "one of some words".into(),
        (_, Some("object")) if form["additionalProperties"].is_object() => {
            "names, each with what is below".into()
        }
        (_, Some("object")) => "a section".into(),
        (_, Some("array")) => "a list".into(),
        (_, Some("string")) => "text".into(),
        (_, Some("boolean")) => "true or false".into(),
        (_, Some("integer")) => "a whole number".into(),
        (_, Some("number")) => "a number, not uncertain".into(),
        _ => "a table".into(),
    }
}

fn default(schema: &Json, required: bool, is_section: bool) -> String {
    match &schema["default"] {
        _ if required => "must be given".into(),
        Json::Null | Json::Object(_) if is_section => "left out".into(),
        Json::Null => "none".into(),
        Json::Number(number) => number.as_f64().map_or_else(|| number.to_string(), super::shortest),
        Json::String(text) if text.is_empty() => "none".into(),
        Json::String(text) => text.clone(),
        Json::Array(all) if all.is_empty() => "an empty list".into(),
        other => other.to_string(),
    }
}

/// A unit with neutral words for money and goods.
fn neutral(unit: &str) -> String {
    UnitWords::new(None, None, None).fill(unit)
}

/// What a key says of itself; where that is a mere title, what its section says.
fn meaning(shape: &Shape, schema: &Json) -> String {
    let own = schema["description"].as_str().unwrap_or("");
    let (_, form) = shape.resolve(schema);
    let of_names = shape.resolve(&form["additionalProperties"]).1["description"].as_str();
    let of_form = form["description"].as_str().or(of_names);
    let text = if own.contains(' ') { own } else { of_form.unwrap_or(own) };
    text.replace('\n', " ")
}

/// The keys of a section, the words of a choice, with their meanings.
fn below(shape: &Shape, form: &Json) -> Vec<(String, String)> {
    if let Some(words) = choices(form) {
        let described = |word: &str| {
            let all = form["oneOf"].as_array().into_iter().flatten();
            let mut all = all.filter(|kind| kind["const"] == word);
            all.next().map_or(String::new(), |kind| meaning(shape, kind))
        };
        return words.into_iter().map(|word| (word.to_owned(), described(word))).collect();
    }
    let inner = |schema: &Json| match shape.resolve(schema) {
        ("Quantity", _) => Vec::new(),
        (_, inner) => below(shape, inner),
    };
    match (form["properties"].as_object(), &form["additionalProperties"], &form["items"]) {
        (Some(keys), ..) => keys.iter().map(|(key, schema)| (key.clone(), meaning(shape, schema))).collect(),
        (None, named @ Json::Object(_), _) => {
            inner(named).into_iter().map(|(key, meaning)| (format!("*.{key}"), meaning)).collect()
        }
        (None, _, items @ Json::Object(_)) => inner(items),
        _ => Vec::new(),
    }
}

/// A number in a row of a table.
fn of_table(path: &[String]) -> Result<Explained, String> {
    let figures = schemars::schema_for!(Figure).to_value();
    let kinds = schemars::schema_for!(PolicyKind).to_value();
    let described = |schema: &Json, word: &str| {
        let mut all = schema["oneOf"].as_array().into_iter().flatten();
        all.find(|kind| kind["const"] == word)
            .and_then(|kind| kind["description"].as_str())
            .unwrap_or("")
            .to_owned()
    };
    let part = |at: usize| path.get(at).map_or("*", String::as_str);
    let words = match path[1].as_str() {
        "manufacturers" => &figures,
        "policies" => &kinds,
        _ => &Json::Null,
    };
    if let (Some(all), "*") = (choices(words), part(3)) {
        let described = |word: &str| (word.to_owned(), described(words, word));
        return Ok(Explained {
            pattern: dotted(path),
            meaning: String::new(),
            is: "rows of a table".into(),
            unit: None,
            default: "no such row".into(),
            limits: None,
            equation: None,
            below: all.into_iter().map(described).collect(),
        });
    }
    let wrong = |word: &str, schema: &Json| {
        format!(
            "a table of {} has no `{word}`; {}",
            path[1],
            suggestion(word, choices(schema).unwrap_or_default())
        )
    };
    let (limits, unit, meaning) = match path[1].as_str() {
        "manufacturers" => {
            let figure: Figure =
                serde_json::from_value(part(3).into()).map_err(|_| wrong(part(3), &figures))?;
            let (limits, unit) = figure.terms();
            (limits, unit, described(&figures, part(3)))
        }
        "policies" => {
            let kind: PolicyKind =
                serde_json::from_value(part(3).into()).map_err(|_| wrong(part(3), &kinds))?;
            let (limits, unit) = kind.terms();
            (limits, unit, format!("A {} that holds from its day until the next row of its kind.", part(3)))
        }
        "origins" => (
            Limits::Fraction,
            "fraction of {units}",
            "Part of the maker's units in the region that is built there.".into(),
        ),
        "offers" => match path.last().map(String::as_str) {
            Some("price") => {
                (Limits::Positive, "{money}", "What the maker receives per unit in the base year.".into())
            }
            _ => (Limits::NotNegative, "{units}", "Sold in the base year.".into()),
        },
        "history" => (Limits::NotNegative, "{units}", "Sold in a year; `TOTAL` is the whole region.".into()),
        "powertrain_history" => {
            (Limits::Fraction, "fraction of sales", "Share of a powertrain in a year.".into())
        }
        other => {
            let known = ["offers", "history", "powertrain_history", "manufacturers", "policies", "origins"];
            return Err(format!("there is no table of `{other}`; {}", suggestion(other, known)));
        }
    };
    Ok(Explained {
        pattern: dotted(path),
        meaning,
        is: "a number in a row of a table".into(),
        unit: Some(neutral(unit)),
        default: "no such row".into(),
        limits: Some(limits.interval().meaning),
        equation: None,
        below: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_an_equation() {
        let shape = Shape::of_scenarios();
        let mut all = Vec::new();
        patterns(&shape, shape.root(), &mut Vec::new(), &mut all);
        let mut n = 0;
        for pattern in all {
            let explained = explain(&pattern).unwrap_or_else(|wrong| panic!("{pattern}: {wrong}"));
            if explained.unit.is_some() {
                n += 1;
                assert!(explained.equation.is_some(), "{pattern} has no equation in equations.rs");
                assert!(explained.limits.is_some() && !explained.meaning.is_empty(), "{pattern}");
            } else {
                assert!(explained.equation.is_none(), "{pattern} is no number");
            }
        }
        assert!(n > 50, "{n}");
    }

    #[test]
    fn keys_are_found_by_their_last_part_and_wrong_ones_get_a_suggestion() {
        assert_eq!(explain("nest_rho").unwrap().pattern, "regions.*.nest_rho");
        assert_eq!(explain("regions.US.nest_rho").unwrap().default, "0");
        assert_eq!(explain("worlds.w.set.regions.US.nest_rho").unwrap().pattern, "regions.*.nest_rho");
        assert_eq!(explain("knowledge_effect").unwrap().pattern, "regions.*.knowledge_effect.*");
        for (key, words) in [
            ("nest_roh", "did you mean `nest_rho`?"),
            ("regions.US.nest_roh", "did you mean `nest_rho`?"),
            ("realised_fraction", "several keys"),
            ("regions.US.nest_rho.high", "is a number"),
            ("tables.policies.US.dutty", "did you mean `duty`?"),
            ("tables.polices.US.duty", "did you mean `policies`?"),
            ("banana", "the sections are"),
            ("", "the sections are"),
        ] {
            let wrong = explain(key).expect_err(key);
            assert!(wrong.contains(words), "{key}: {wrong}");
        }
    }
}
