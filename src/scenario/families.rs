//! The distributions that a file or a table can state: their names, their numbers, and what misstates them.

use super::spelling::nearest;
use crate::uncertainty::{self, Distribution};

/// Each family of distributions with the numbers and lists it needs and those it may have.
pub const FAMILIES: [(&str, &[&str], &[&str]); 12] = [
    ("fixed", &["value"], &[]),
    ("uniform", &["low", "high"], &[]),
    ("triangular", &["low", "mode", "high"], &[]),
    ("pert", &["low", "mode", "high"], &[]),
    ("normal", &["mean", "sd"], &["low", "high"]),
    ("lognormal", &["median", "sd_log"], &["low", "high"]),
    ("beta", &["alpha", "beta"], &["low", "high"]),
    ("student_t", &["median", "scale", "freedom"], &[]),
    ("gamma", &["shape", "scale"], &[]),
    ("hazard", &["ends", "exposure"], &[]),
    ("discrete", &["values"], &["weights"]),
    ("empirical", &["values"], &[]),
];

/// The keys that hold numbers.
pub const NUMBERS: [&str; 15] = [
    "value", "low", "mode", "high", "mean", "sd", "median", "sd_log", "alpha", "beta", "shape", "scale",
    "freedom", "ends", "exposure",
];

/// The keys that hold lists of numbers.
pub const LISTS: [&str; 2] = ["values", "weights"];

/// Those that are in the unit of the quantity.
pub const IN_ITS_UNIT: [&str; 9] =
    ["value", "low", "mode", "high", "mean", "sd", "median", "scale", "values"];

/// The keys that say where the numbers of a distribution stand: a CSV file, its column of values (empirical), or which
/// kind of its dated rows (hazard).
pub const FILE: &str = "file";
pub const COLUMN: &str = "column";
pub const KIND: &str = "kind";

/// What is wrong with a stated quantity, and under which of its keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Misstated {
    pub key: Option<String>,
    pub what: String,
    pub remedy: String,
}

impl Misstated {
    pub(super) fn new(key: Option<&str>, what: impl Into<String>, remedy: impl Into<String>) -> Misstated {
        Misstated { key: key.map(str::to_owned), what: what.into(), remedy: remedy.into() }
    }
}

/// What is stated of a quantity, to be looked up by key.
pub struct Numbers<'a> {
    pub number: &'a dyn Fn(&str) -> Option<f64>,
    pub list: &'a dyn Fn(&str) -> Option<Vec<f64>>,
    /// The text in place of a value.
    pub interval: Option<String>,
}

/// A distribution from its family's name and its numbers.
pub fn distribution(dist: Option<&str>, stated: Numbers) -> Result<Distribution, Misstated> {
    let dist = dist.unwrap_or("fixed");
    let names: Vec<&str> = FAMILIES.iter().map(|family| family.0).collect();
    let Some((_, needed, allowed)) = FAMILIES.iter().find(|family| family.0 == dist) else {
        let hint = nearest(dist, &names).map_or(String::new(), |name| format!("did you mean `{name}`? "));
        let remedy = format!("{hint}known distributions: {}", names.join(", "));
        return Err(Misstated::new(Some("dist"), format!("unknown distribution `{dist}`"), remedy));
    };
    if let ("fixed", Some(text)) = (dist, &stated.interval) {
        return interval(text).map_err(|(what, remedy)| Misstated::new(Some("value"), what, remedy));
    }
    for key in NUMBERS.into_iter().chain(LISTS) {
        let given = (stated.number)(key).is_some() || (stated.list)(key).is_some();
        if needed.contains(&key) && !given {
            let what = match dist {
                "fixed" => "a quantity without a value".to_owned(),
                _ => format!("a {dist} distribution without `{key}`"),
            };
            let remedy = match dist {
                "fixed" => "give `value`, or `dist` with its numbers, such as \
                     { dist = \"triangular\", low = 0.3, mode = 0.5, high = 0.65 }"
                    .to_owned(),
                "empirical" => {
                    "an empirical distribution needs values, or the `file` and `column` they stand in"
                        .to_owned()
                }
                "hazard" => {
                    "a hazard needs `ends` and `exposure`, or the `file` of dated rows they are counted in"
                        .to_owned()
                }
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
                "fixed" => format!("add dist = \"triangular\" (or {})", names[1..].join(", ")),
                _ => format!("a {dist} distribution takes {}", [*needed, *allowed].concat().join(", ")),
            };
            return Err(Misstated::new(Some(key), what, remedy));
        }
    }
    let number = stated.number;
    let get = |key: &str| number(key).expect("checked above");
    Ok(match dist {
        "fixed" => Distribution::Fixed(get("value")),
        "uniform" => Distribution::Uniform { low: get("low"), high: get("high") },
        "triangular" => Distribution::Triangular { low: get("low"), mode: get("mode"), high: get("high") },
        "pert" => Distribution::Pert { low: get("low"), mode: get("mode"), high: get("high") },
        "normal" => {
            let (low, high) = (number("low"), number("high"));
            Distribution::Normal { mean: get("mean"), sd: get("sd"), low, high }
        }
        "lognormal" => {
            let (low, high) = (number("low"), number("high"));
            Distribution::LogNormal { median: get("median"), sd_log: get("sd_log"), low, high }
        }
        "beta" => {
            let (low, high) = (number("low").unwrap_or(0.0), number("high").unwrap_or(1.0));
            Distribution::Beta { alpha: get("alpha"), beta: get("beta"), low, high }
        }
        "student_t" => {
            Distribution::StudentT { median: get("median"), scale: get("scale"), freedom: get("freedom") }
        }
        "gamma" => Distribution::Gamma { shape: get("shape"), scale: get("scale") },
        "hazard" => Distribution::Hazard { ends: get("ends"), exposure: get("exposure") },
        _ => {
            let values = (stated.list)("values").expect("checked above");
            let weights = (stated.list)("weights").unwrap_or_else(|| vec![1.0; values.len()]);
            Distribution::Discrete { values, weights }
        }
    })
}

/// What `"15% to 20%"` says: the 5th and the 95th percentile. Else what is wrong, and what to do.
pub fn interval(text: &str) -> Result<Distribution, (String, String)> {
    let end = |text: &str| {
        let text = text.trim().replace('_', "");
        match text.strip_suffix('%') {
            Some(percent) => percent.trim_end().parse::<f64>().ok().map(|percent| percent / 100.0),
            None => text.parse().ok(),
        }
    };
    let ends = text.split_once(" to ").and_then(|(low, high)| Some((end(low)?, end(high)?)));
    match ends.filter(|(low, high)| low.is_finite() && high.is_finite()) {
        Some((low, high)) if low < high => Ok(uncertainty::interval(low, high)),
        Some(_) => {
            let what = format!("the interval \"{text}\" has no width");
            Err((what, "write the lower end first: 90 % of what is likely lies between the two".to_owned()))
        }
        None => {
            let what = format!("\"{text}\" is no interval");
            Err((what, "write two numbers, such as \"15% to 20%\"".to_owned()))
        }
    }
}
