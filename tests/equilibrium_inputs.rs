//! Wrong inputs of `keiretsu equilibrium`: refused with a place, a cause and a remedy; never a panic.

use std::path::Path;

use crate::support::markets::*;
use keiretsu::equilibrium::Unanswered;
use serde_json::{Value, json};

/// An invalid case in the layout of the reference markets.
fn invalid(case: &Value) -> Value {
    json!({
        "products": {
            "ids": ["p0", "p1", "p2", "p3"],
            "firm_ids": ["F1", "F1", "F2", "F2"],
            "nest_ids": case.get("nests").cloned().unwrap_or(Value::Null),
            "prices": case["prices"], "shares": case["shares"],
        },
        "firms": ["F1", "F2"],
        "demand": {
            "alpha": case.get("alpha").cloned().unwrap_or(json!(0.0)),
            "rho": case.get("rho").cloned().unwrap_or(Value::Null),
            "agents": case.get("agents").cloned().unwrap_or(Value::Null),
        },
        "profit_weights": case.get("kappa").map(|kappa| json!({"firms": ["F1", "F2"], "kappa": kappa})),
        "scenarios": [],
    })
}

#[test]
fn wrong_inputs_are_refused_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("market.json");
    for case in read("invalid_inputs.json")["cases"].as_array().unwrap() {
        std::fs::write(&path, serde_json::to_string_pretty(&invalid(case)).unwrap()).unwrap();
        let found = refusals(&path);
        assert!(!found.is_empty(), "{}", case["id"]);
        for problem in found {
            let place = problem.place.as_ref().unwrap_or_else(|| panic!("{}: {problem}", case["id"]));
            assert!(place.file.ends_with("market.json"), "{}: {problem}", case["id"]);
            assert!(!problem.what.is_empty() && problem.remedy.is_some(), "{}: {problem}", case["id"]);
            println!("{}: {problem}", case["id"]);
        }
    }
}

#[test]
fn broken_files_are_refused_with_a_place() {
    let folder = tempfile::tempdir().unwrap();
    let good = json!({
        "products": {"ids": ["a", "b"], "firm_ids": ["F1", "F2"], "prices": [1.0, 2.0], "shares": [0.2, 0.3]},
        "firms": ["F1", "F2"], "demand": {"alpha": -1.0},
        "scenarios": [{"id": "m", "firm_ids": ["F1", "F1"], "costs": [0.1, 0.2]}],
    });
    let write = |text: &str| {
        let path = folder.path().join("market.json");
        std::fs::write(&path, text).unwrap();
        path
    };
    assert!(ask(&write(&good.to_string())).is_ok());
    let broken = |path: &[&str], value: Value| {
        let mut file = good.clone();
        let mut at = &mut file;
        for key in path {
            at = match key.parse::<usize>() {
                Ok(number) => &mut at[number],
                Err(_) => &mut at[*key],
            };
        }
        *at = value;
        file.to_string()
    };
    let cases = [
        (String::new(), "EOF"),
        ("{\"products\": ".to_owned(), "EOF"),
        ("[1, 2]".to_owned(), "one object: it begins with `{`"),
        ("\n[]".to_owned(), "a JSON market is one object"),
        (broken(&["products", "prices"], json!([1.0])), "entries"),
        (broken(&["products", "prices"], json!(["x", 1.0])), "products.prices.0"),
        (broken(&["products", "ids"], json!(["a", "a"])), "twice"),
        (broken(&["products", "firm_ids"], json!([])), "no offers"),
        (broken(&["firms"], json!(["F1", "F3"])), "not in `firms`"),
        (broken(&["demand", "alpha"], Value::Null), "missing"),
        (broken(&["demand", "rho"], json!(0.5)), "no offer has a nest"),
        (
            broken(&["demand", "rho"], json!("x")),
            "`demand.rho`: expected a number, or an object with a number for each nest",
        ),
        (broken(&["products"], json!([])), "expected an object with `firm_ids`, `prices` and `shares`"),
        (broken(&["demand", "rho"], json!({"x": 0.5})), "no offer has a nest"),
        (
            broken(&["demand", "agents"], json!({"weights": [1.0], "alpha": [-1.0], "beta": [[0.5]]})),
            "no characteristics",
        ),
        (broken(&["products", "x_names"], json!(["size"])), "1 names for 0"),
        (format!("{good} {{}}"), "follows after the market"),
        (format!("{good}\nx"), "follows after the market"),
        (broken(&["demand", "agents"], json!({"weights": [1.0], "alpha": [-1.0, -2.0]})), "weights"),
        (broken(&["demand", "agents"], json!({"weights": [], "alpha": []})), "weights"),
        (broken(&["scenarios", "0", "firm_ids"], json!(["F1"])), "scenarios.0.firm_ids"),
        (broken(&["scenarios", "0", "costs"], json!([0.1])), "scenarios.0.costs"),
        (broken(&["scenarios", "0", "costs"], json!([0.1, null])), "scenarios.0.costs.1"),
        (broken(&["scenarios", "0", "ad_valorem_tax"], json!([-1.0, 0.0])), "tax"),
        (
            broken(&["scenarios", "0", "profit_weights"], json!({"firms": ["F1"], "kappa": [[1.0, 0.0]]})),
            "matrix",
        ),
    ];
    for (text, expected) in cases {
        let found = refusals(&write(&text));
        assert!(found.iter().any(|problem| problem.what.contains(expected)), "{expected}: {found:#?}");
    }
    assert!(refusals(Path::new("no/such/file.json"))[0].what.contains("does not exist"));
}

#[test]
fn the_small_format_reports_every_problem_at_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("offers.csv", "offer,firm,nest,price,share\na,F1,x,10,0.2\nb,F2,x,oops,0.3\nb,F2,x,9,1.3\n");
    write(
        "bad.toml",
        "offers = \"offers.csv\"\n[demand]\nrho = 1.2\nprice_sensitivity = 0.5\n[[stakes]]\nholder = \"F1\"\ntarget = \"F3\"\nshare = 0.3\n\
         [[scenarios]]\nid = \"s\"\nmerge = [\"F1\", \"F22\"]\ncosts = [{ firm = \"F9\", percent = 5 }]\n",
    );
    let found = refusals(&folder.path().join("bad.toml"));
    for (line, expected) in [
        (3, "`price`: `oops` is not a number"),
        (4, "`share`: 1.3 is not a fraction above 0 and below 1"),
        (3, "`demand.rho`: 1.2 is not a fraction from 0 to below 1"),
    ] {
        let is_there = |problem: &&keiretsu::scenario::Problem| problem.what.contains(expected);
        let problem = found.iter().find(is_there).unwrap_or_else(|| panic!("{expected}: {found:#?}"));
        assert_eq!(problem.place.as_ref().map(|place| place.line()), Some(line), "{problem}");
    }
    // Names mean nothing as long as a row is not understood.
    assert_eq!(found.len(), 3, "{found:#?}");
    write("offers.csv", "offer,firm,nest,price,share\na,F1,x,10,0.2\nb,F2,x,11,0.3\nb,F2,x,9,0.1\n");
    let found = refusals(&folder.path().join("bad.toml"));
    for expected in
        ["offer b is listed twice", "F3 sells nothing", "F22 sells nothing", "no offer fits firm F9"]
    {
        assert!(found.iter().any(|problem| problem.what.contains(expected)), "{expected}: {found:#?}");
    }
    for (text, expected) in [
        ("offers = \"offers.csv\"\nprize_unit = \"x\"\n", "unknown key `prize_unit`"),
        ("offers = \"missing.csv\"\n", "does not exist"),
        ("offers = 3\n", "`offers`: expected text in quotes"),
        ("offers = \"offers.csv\"\n[demand]\nrho = \n", "this is not TOML"),
    ] {
        write("typo.toml", text);
        let found = refusals(&folder.path().join("typo.toml"));
        assert!(found.iter().any(|problem| problem.what.contains(expected)), "{expected}: {found:#?}");
    }
    std::fs::write(folder.path().join("latin.toml"), b"title = \"caf\xe9\"\n").unwrap();
    assert!(refusals(&folder.path().join("latin.toml"))[0].what.contains("UTF-8"));
}

/// Paths of every number, text and list in a JSON value.
fn leaves(value: &Value, path: &str, list: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, v)| leaves(v, &format!("{path}/{key}"), list)),
        Value::Array(items) => {
            list.push(path.to_owned());
            items.iter().take(2).enumerate().for_each(|(k, v)| leaves(v, &format!("{path}/{k}"), list));
        }
        _ => list.push(path.to_owned()),
    }
}

#[test]
fn no_mutilated_file_makes_it_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("market.json");
    let strange = [
        json!(null),
        json!(0.0),
        json!(-1.0),
        json!(1e-300),
        json!(1e300),
        json!(-1e300),
        json!(1e-12),
        json!("x"),
        json!([]),
        json!({}),
        json!(0.999_999_999),
    ];
    let mut answered = 0;
    for name in
        ["s02_duopoly.json", "s11_nested_own_rho.json", "s22_partial_before.json", "s14_mixed_one_agent.json"]
    {
        let mut file = stripped(&read(name));
        let scenarios = file["scenarios"].as_array_mut().unwrap();
        scenarios.truncate(2);
        file["demand"].as_object_mut().unwrap().remove("parametric");
        let mut paths = Vec::new();
        leaves(&file, "", &mut paths);
        for (number, leaf) in paths.iter().enumerate() {
            for (kind, value) in strange.iter().enumerate() {
                // A third of the combinations, spread evenly.
                if (number + kind) % 3 != 0 {
                    continue;
                }
                let mut broken = file.clone();
                *broken.pointer_mut(leaf).unwrap() = value.clone();
                std::fs::write(&path, broken.to_string()).unwrap();
                match ask(&path) {
                    Ok((answer, _, outcome)) => {
                        answered += 1;
                        let all = answer["scenarios"].as_array().unwrap();
                        let good = all.iter().all(|s| {
                            let results = &s["results"];
                            ["converged", "a firm would leave"].contains(&results["status"].as_str().unwrap())
                                && results["prices"].as_array().unwrap().iter().all(Value::is_number)
                        });
                        assert_eq!(good, outcome, "{name} {leaf} {value}");
                    }
                    Err(Unanswered::Input(problems)) => assert!(!problems.0.is_empty()),
                    Err(Unanswered::Numerics(message)) => assert!(!message.is_empty()),
                }
            }
        }
    }
    assert!(answered > 100, "{answered}");
}
