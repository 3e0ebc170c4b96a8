//! `keiretsu equilibrium`, end to end: the reference markets, wrong inputs, the example scenarios.

mod common;

use std::path::{Path, PathBuf};

use common::*;
use keiretsu::equilibrium::{EquilibriumArgs, EquilibriumError, Format, Outcome, run};
use serde_json::{Value, json};

fn ask(market: &Path) -> Result<(Value, String, Outcome), EquilibriumError> {
    let args = EquilibriumArgs { market: market.to_owned(), format: Format::Json, out: None };
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let outcome = run(&args, &mut output, &mut errors)?;
    Ok((serde_json::from_slice(&output).unwrap(), String::from_utf8(errors).unwrap(), outcome))
}

fn assert_numbers(label: &str, got: &Value, want: &Value, relative: f64, absolute: f64) {
    match (got, want) {
        (Value::Array(a), Value::Array(b)) => {
            assert_eq!(a.len(), b.len(), "{label}");
            for (j, (a, b)) in a.iter().zip(b).enumerate() {
                assert_numbers(&format!("{label}[{j}]"), a, b, relative, absolute);
            }
        }
        (Value::Object(a), Value::Object(b)) => {
            assert_eq!(a.len(), b.len(), "{label}");
            for (key, b) in b {
                assert_numbers(&format!("{label}.{key}"), &a[key], b, relative, absolute);
            }
        }
        _ => {
            let (a, b) = (got.as_f64().unwrap_or(f64::NAN), want.as_f64().unwrap());
            assert!(close(a, b, relative, absolute), "{label}: {a} against {b}");
        }
    }
}

/// The file without anything that is an answer.
fn stripped(file: &Value) -> Value {
    let mut file = file.clone();
    let map = file.as_object_mut().unwrap();
    map.remove("baseline");
    map.remove("screens");
    for scenario in map["scenarios"].as_array_mut().unwrap() {
        scenario.as_object_mut().unwrap().remove("results");
    }
    file
}

#[test]
fn reference_markets_through_the_command() {
    let folder = tempfile::tempdir().unwrap();
    for (name, file) in reference_markets() {
        let path = folder.path().join(&name);
        std::fs::write(&path, stripped(&file).to_string()).unwrap();
        let (answer, warnings, outcome) = ask(&path).unwrap();
        assert_eq!(outcome, Outcome::Done, "{name}: {warnings}");
        let loose = if name.starts_with("s08") { 1e-7 } else { 1e-8 };
        let (base, want) = (&answer["baseline"], &file["baseline"]);
        for key in ["delta", "xi", "costs", "lerner", "product_profits"] {
            assert_numbers(&format!("{name} {key}"), &base[key], &want[key], 1e-9, 1e-9);
        }
        for key in ["firm_profits", "consumer_surplus", "outside_share", "hhi"] {
            assert_numbers(&format!("{name} {key}"), &base[key], &want[key], 1e-9, 1e-12);
        }
        for key in
            ["elasticities", "diversion", "own_elasticities", "diversion_to_outside", "market_elasticity"]
        {
            if want.get(key).is_some() {
                assert_numbers(&format!("{name} {key}"), &base[key], &want[key], loose, 1e-10);
            }
        }
        if want.get("passthrough").is_some() {
            assert_numbers(
                &format!("{name} pass-through"),
                &base["passthrough"],
                &want["passthrough"],
                1e-7,
                1e-7,
            );
        }
        if let Some(screens) = file["screens"].as_object() {
            assert_eq!(answer["screens"]["merging"], screens["merging"], "{name}");
            for key in ["upp", "guppi", "compensating_costs", "cmcr"] {
                assert_numbers(&format!("{name} {key}"), &answer["screens"][key], &screens[key], 1e-9, 1e-10);
            }
        }
        assert_eq!(base["status"], "converged", "{name}");
        if name.starts_with("s21") {
            assert!(warnings.contains("marginal cost of -"), "{warnings}");
        }
        let scenarios = file["scenarios"].as_array().unwrap();
        assert_eq!(answer["scenarios"].as_array().unwrap().len(), scenarios.len());
        for (number, scenario) in scenarios.iter().enumerate() {
            let label = format!("{name} {}", scenario["id"]);
            let (got, want) = (&answer["scenarios"][number]["results"], &scenario["results"]);
            assert_eq!(answer["scenarios"][number]["id"], scenario["id"]);
            assert_eq!(got["status"], "converged", "{label}");
            assert!(got["residual"].as_f64().unwrap() <= 1e-10, "{label}");
            assert!(got["iterations"].is_u64() && got["method"].is_string(), "{label}");
            assert_numbers(&format!("{label} prices"), &got["prices"], &want["prices"], 0.0, {
                let most = numbers(&want["prices"]).into_iter().fold(1.0, f64::max);
                1e-9 * most
            });
            for (j, share) in numbers(&want["shares"]).into_iter().enumerate().filter(|(_, s)| *s > 1e-12) {
                let mine = got["shares"][j].as_f64().unwrap();
                assert!(close(mine, share, 1e-9, 0.0), "{label} share {j}: {mine} against {share}");
            }
            for key in [
                "outside_share",
                "product_profits",
                "firm_profits",
                "consumer_surplus",
                "hhi",
                "mhhi",
                "tax_revenue",
            ] {
                if want.get(key).is_some() {
                    assert_numbers(&format!("{label} {key}"), &got[key], &want[key], 1e-9, 1e-12);
                }
            }
            let unique = want["checks"]["unique_from_starts"].as_bool().unwrap();
            if !unique {
                assert!(got["stationary_points"].as_u64().unwrap() > 1, "{label}: other roots not found");
                assert!(warnings.contains("solutions"), "{label}");
            }
        }
    }
}

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
        match ask(&path) {
            Err(error @ EquilibriumError::Input { .. }) => {
                assert_eq!(error.exit_code(), 2);
                let EquilibriumError::Input { problems, .. } = &error else { unreachable!() };
                assert!(
                    problems.iter().all(|p| !p.message.is_empty() && !p.remedy.is_empty()),
                    "{}",
                    case["id"]
                );
                println!(
                    "{}: {}",
                    case["id"],
                    problems.iter().map(|p| p.message.as_str()).collect::<Vec<_>>().join("; ")
                );
                let report = format!("{:?}", miette::Report::new(error));
                assert!(report.contains("market.json"), "{}: {report}", case["id"]);
            }
            other => panic!("{}: {other:?}", case["id"]),
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
        ("[1, 2]".to_owned(), "invalid type"),
        (broken(&["products", "prices"], json!([1.0])), "entries"),
        (broken(&["products", "prices"], json!(["x", 1.0])), "products.prices[0]"),
        (broken(&["products", "ids"], json!(["a", "a"])), "twice"),
        (broken(&["products", "firm_ids"], json!([])), "no offers"),
        (broken(&["firms"], json!(["F1", "F3"])), "not in `firms`"),
        (broken(&["demand", "alpha"], Value::Null), "missing"),
        (broken(&["demand", "rho"], json!(0.5)), "no offer has a nest"),
        (broken(&["demand", "agents"], json!({"weights": [1.0], "alpha": [-1.0, -2.0]})), "weights"),
        (broken(&["demand", "agents"], json!({"weights": [], "alpha": []})), "weights"),
        (broken(&["scenarios", "0", "firm_ids"], json!(["F1"])), "scenarios[0].firm_ids"),
        (broken(&["scenarios", "0", "costs"], json!([0.1])), "scenarios[0].costs"),
        (broken(&["scenarios", "0", "costs"], json!([0.1, null])), "scenarios[0].costs[1]"),
        (broken(&["scenarios", "0", "ad_valorem_tax"], json!([-1.0, 0.0])), "tax"),
        (
            broken(&["scenarios", "0", "profit_weights"], json!({"firms": ["F1"], "kappa": [[1.0, 0.0]]})),
            "matrix",
        ),
    ];
    for (text, expected) in cases {
        let error = ask(&write(&text)).expect_err(expected);
        assert_eq!(error.exit_code(), 2);
        let report = format!("{:?}", miette::Report::new(error));
        let flat = report.split_whitespace().filter(|w| *w != "│").collect::<Vec<_>>().join(" ");
        assert!(flat.contains(expected), "{expected}: {report}");
    }
    assert_eq!(ask(Path::new("no/such/file.json")).unwrap_err().exit_code(), 2);
}

#[test]
fn nothing_answers_a_market_without_scenarios_in_log_price() {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("log.json");
    let market = json!({
        "price_response": "log",
        "products": {"firm_ids": ["A", "B", "B"], "nest_ids": ["x", "x", "y"], "prices": [10.0, 12.0, 30.0], "shares": [0.2, 0.3, 0.1]},
        "demand": {"alpha": -3.0, "rho": 0.4},
        "scenarios": [
            {"id": "same"},
            {"id": "merger", "firm_ids": ["A", "A", "A"]},
            {"id": "tax", "ad_valorem_tax": [0.2, 0.0, 0.0]},
        ],
    });
    std::fs::write(&path, market.to_string()).unwrap();
    let (answer, _, outcome) = ask(&path).unwrap();
    assert_eq!(outcome, Outcome::Done);
    assert_numbers(
        "same prices",
        &answer["scenarios"][0]["results"]["prices"],
        &json!([10.0, 12.0, 30.0]),
        1e-10,
        0.0,
    );
    assert_eq!(answer["baseline"]["consumer_surplus"], 0.0);
    let merger = &answer["scenarios"][1]["results"];
    assert!(numbers(&merger["prices"]).iter().zip([10.0, 12.0, 30.0]).all(|(a, b)| *a > b));
    let loss = merger["compensating_variation"].as_f64().unwrap();
    // A loss in money: bigger than nothing, smaller than what the price rise costs at old quantities.
    let rise: f64 = numbers(&merger["prices"])
        .iter()
        .zip([10.0, 12.0, 30.0])
        .zip([0.2, 0.3, 0.1])
        .map(|((a, b), s)| (a - b) * s)
        .sum();
    assert!(loss > 0.0 && loss < rise, "{loss} {rise}");
    // Elasticities: E_jj = −α [1/(1−ρ) − ρ/(1−ρ) s_j|g − s_j].
    let own = -3.0 * (1.0 / 0.6 - 0.4 / 0.6 * (0.2 / 0.5) - 0.2);
    assert_numbers("own", &answer["baseline"]["own_elasticities"][0], &json!(own), 1e-10, 0.0);
}
