//! `keiretsu equilibrium`, end to end: the reference markets, wrong inputs, the example scenarios.

use std::path::{Path, PathBuf};

use crate::support::binary::{assert_done, keiretsu};
use crate::support::markets::*;
use keiretsu::market::pricing::dense::Choice;
use serde_json::{Value, json};

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

#[test]
fn reference_markets_through_the_command() {
    let mut would_leave = 0;
    let folder = tempfile::tempdir().unwrap();
    for (name, file) in reference_markets() {
        let path = folder.path().join(&name);
        std::fs::write(&path, stripped(&file).to_string()).unwrap();
        let (answer, warnings, outcome) = ask(&path).unwrap();
        assert!(outcome, "{name}: {warnings}");
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
            // Whoever reads the status alone is not misled about firms that would leave.
            let stays = got["best_deviation_gain"].as_f64().unwrap() <= 1e-6;
            assert_eq!(got["status"], if stays { "converged" } else { "a firm would leave" }, "{label}");
            would_leave += usize::from(!stays);
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
    assert!(would_leave > 0, "no reference market has a firm that would leave: the status was not tried");
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
    assert!(outcome);
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

fn scenario_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

fn results<'a>(answer: &'a Value, id: &str) -> &'a Value {
    let scenarios = answer["scenarios"].as_array().unwrap();
    &scenarios.iter().find(|s| s["id"] == id).unwrap()["results"]
}

#[test]
fn the_merger_example() {
    let (answer, warnings, outcome) = ask(&scenario_folder().join("merger.toml")).unwrap();
    assert!(outcome);
    assert_eq!(warnings, "");
    let base = &answer["baseline"];
    let shares = numbers(&base["shares"]);
    let own = numbers(&base["own_elasticities"]);
    let mean: f64 = shares.iter().zip(&own).map(|(s, e)| s * e).sum::<f64>() / shares.iter().sum::<f64>();
    assert!(close(mean, -4.0, 1e-10, 0.0));
    let price = |id: &str| numbers(&results(&answer, id)["prices"]);
    let before = numbers(&base["prices"]);
    assert!(price("merger").iter().zip(&before).all(|(a, b)| a > b));
    assert!(price("merger_with_savings").iter().zip(price("merger")).all(|(a, b)| *a < b));
    assert!(price("silent_stake")[0] < price("merger")[0]);
    // Silent: only the holder reacts directly; with control the target does too.
    let rise = |id: &str, j: usize| price(id)[j] / before[j] - 1.0;
    assert!(rise("silent_stake", 0) > 10.0 * rise("silent_stake", 2));
    assert!(rise("stake_with_control", 2) > 10.0 * rise("silent_stake", 2));
    assert_eq!(results(&answer, "entry")["ids"].as_array().unwrap().len(), 8);
    let duty = results(&answer, "duty");
    assert_eq!(duty["prices"][4], 16.0);
    assert!(duty["tax_revenue"].as_f64().unwrap() > 0.0);
    assert_eq!(answer["screens"]["merging"], json!(["Aster", "Birch"]));
    // The compensating cost is the cost cut after which the merger changes no price.
    assert!(numbers(&answer["screens"]["cmcr"])[..4].iter().all(|c| *c > 0.0));
}

#[test]
fn the_stake_example() {
    let (answer, _, outcome) = ask(&scenario_folder().join("nissan-mitsubishi-stake.toml")).unwrap();
    assert!(outcome);
    let base = &answer["baseline"];
    assert!(close(base["market_elasticity"].as_f64().unwrap(), -0.6, 1e-10, 0.0));
    assert!(close(base["outside_share"].as_f64().unwrap(), 0.25, 0.0, 0.02));
    let nissan = base["firm_ids"].as_array().unwrap().iter().position(|f| f == "Nissan").unwrap();
    let mitsubishi = base["firm_ids"].as_array().unwrap().iter().position(|f| f == "Mitsubishi").unwrap();
    let rise = |id: &str, j: usize| {
        results(&answer, id)["prices"][j].as_f64().unwrap() / base["prices"][j].as_f64().unwrap() - 1.0
    };
    // A smaller silent stake lowers Nissan's price a little; Mitsubishi's hardly moves.
    assert!(rise("after_sale", nissan) < 0.0 && rise("after_sale", nissan) > -0.001);
    assert!(rise("after_sale", mitsubishi).abs() < rise("after_sale", nissan).abs());
    assert!(rise("no_stake", nissan) < rise("after_sale", nissan));
    // Control works on Mitsubishi's price, and more of it the more.
    assert!(rise("proportional_control", mitsubishi) > rise("proportional_control_after_sale", mitsubishi));
    assert!(rise("total_control", mitsubishi) > rise("merger", mitsubishi));
}

#[test]
fn taxes_and_credits_of_the_base_situation_are_counted_in_every_scenario() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("offers.csv", "offer,firm,price,share,tax,credit\na,F1,10,0.2,0.1,0\nb,F2,12,0.3,0,1.5\n");
    write(
        "market.toml",
        "offers = \"offers.csv\"\nprice_response = \"linear\"\n[demand]\nprice_sensitivity = 0.5\n[[scenarios]]\nid = \"same\"\n\
         [[scenarios]]\nid = \"none\"\ntaxes = [{ rate = 0.0 }]\ncredits = [{ offer = \"b\", amount = 0 }]\n",
    );
    let (answer, _, _) = ask(&folder.path().join("market.toml")).unwrap();
    let same = results(&answer, "same");
    // The maker of a receives 10 and the state a tenth of that; the buyer of b pays 12 less the credit.
    assert_numbers("tax", &same["tax_revenue"], &json!(0.1 * 10.0 * 0.2), 1e-9, 0.0);
    assert_numbers("paid", &same["prices"], &json!([11.0, 10.5]), 1e-9, 0.0);
    assert_numbers("received", &same["maker_prices"], &json!([10.0, 12.0]), 1e-9, 0.0);
    assert_numbers("credits", &same["credits_paid"], &json!(1.5 * 0.3), 1e-9, 0.0);
    let none = results(&answer, "none");
    assert_eq!(none["tax_revenue"], 0.0);
    assert!(none.get("credits_paid").is_none());
}

#[test]
fn prices_below_zero_are_pointed_out() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("offers.csv", "offer,firm,price,share\na,F1,10,0.001\nb,F2,12,0.3\n");
    write(
        "market.toml",
        "offers = \"offers.csv\"\nprice_response = \"linear\"\n[demand]\nprice_sensitivity = 0.5\n[[scenarios]]\nid = \"small\"\n\
         credits = [{ offer = \"a\", amount = 1 }]\n[[scenarios]]\nid = \"huge\"\ncredits = [{ offer = \"a\", amount = 30 }]\n",
    );
    let (answer, warnings, _) = ask(&folder.path().join("market.toml")).unwrap();
    let huge = results(&answer, "huge");
    assert_eq!(huge["status"], "converged");
    assert!(huge["prices"][0].as_f64().unwrap() < 0.0 && huge["prices"][1].as_f64().unwrap() > 0.0);
    assert!(warnings.contains("Scenario huge: buyers would pay less than nothing for a (-"), "{warnings}");
    assert!(!warnings.contains("small") && !warnings.contains(", b ("), "{warnings}");
}

#[test]
fn buyer_types_tastes_windows_files_and_folders() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("offers.csv", "\u{feff}offer,firm,price,share,size\r\na,F1,10,0.2,1\r\nb,F2,12,0.3,2\r\n");
    write("types.csv", "weight,price_sensitivity,size\n0.4,0.3,0.5\n0.6,0.6,-0.5\n");
    write(
        "market.toml",
        "offers = \"offers.csv\"\r\ntypes = \"types.csv\"\r\n[demand]\r\nmarket_elasticity = -1.5\r\n[[scenarios]]\r\nid = \"out\"\r\nremove = [\"a\"]\r\n\
         [[scenarios]]\r\nid = \"credit\"\r\ncredits = [{ offer = \"b\", amount = 2.0 }]\r\n",
    );
    let (answer, _, outcome) = ask(&folder.path().join("market.toml")).unwrap();
    assert!(outcome);
    assert!(close(answer["baseline"]["market_elasticity"].as_f64().unwrap(), -1.5, 1e-9, 0.0));
    let alpha = numbers(&answer["baseline"]["alpha"]);
    assert!(close(alpha[0] - alpha[1], 0.3, 1e-12, 0.0), "deviations are kept: {alpha:?}");
    let out = results(&answer, "out");
    assert!(out["prices"][0].is_null() && out["shares"][0] == 0.0);
    assert!(results(&answer, "credit")["prices"][1].as_f64().unwrap() < 12.0);

    assert_done(&keiretsu(folder.path(), &["equilibrium", "market.toml", "--out", "out/tables"]));
    for (name, header, lines) in [
        (
            "offers.csv",
            "scenario,status,offer,firm,price,share,marginal_cost,margin,profit,own_elasticity,mean_utility,buyer_price",
            7,
        ),
        ("elasticities.csv", "offer,other,elasticity", 5),
        ("diversion.csv", "offer,other,diversion", 5),
        ("screens.csv", "merging,offer,firm,upp,guppi,compensating_cost,cmcr", 1),
    ] {
        let text = std::fs::read_to_string(folder.path().join("out/tables").join(name)).unwrap();
        assert_eq!(text.lines().next().unwrap(), header);
        assert_eq!(text.lines().count(), lines, "{text}");
    }
    assert_eq!(std::fs::read_dir(folder.path().join("out")).unwrap().count(), 1, "nothing temporary is left");
}

/// A hazard as a market file: the shares at given prices are what is observed.
fn observed_hazard(id: &str, prices: &[f64]) -> Value {
    let cases = read("hazards.json");
    let case = cases["cases"].as_array().unwrap().iter().find(|c| c["id"] == id).unwrap().clone();
    let field = |key: &str| case.get(key).cloned().unwrap_or(Value::Null);
    let mut market = dense(
        &words(&case["firm_ids"]),
        case.get("nest_ids"),
        &field("rho"),
        &case,
        &field("x"),
        &field("profit_weights"),
    );
    market.utility = numbers(&case["xi"]);
    let share = Choice::at(&market, prices).share;
    json!({
        "products": {"firm_ids": case["firm_ids"], "nest_ids": field("nest_ids"), "prices": prices, "shares": share,
            "x": if field("x") == json!([]) { Value::Null } else { field("x") }},
        "demand": {"alpha": case.get("alpha").cloned().unwrap_or(json!(0.0)), "rho": field("rho"), "agents": field("agents")},
        "profit_weights": field("profit_weights"),
        "scenarios": [{"id": "same", "profit_weights": field("profit_weights"), "costs": case["costs"]}],
    })
}

#[test]
fn hazards_through_the_command() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hazard.json");
    let cases = read("hazards.json");
    let case = |id: &str| cases["cases"].as_array().unwrap().iter().find(|c| c["id"] == id).unwrap().clone();
    for id in ["hz0_extreme_shares", "hz3_nested_partial_cycle"] {
        let prices = numbers(&case(id)["equilibrium_prices"]);
        std::fs::write(&path, observed_hazard(id, &prices).to_string()).unwrap();
        let (answer, _, outcome) = ask(&path).unwrap();
        assert!(outcome);
        assert_numbers(&format!("{id} costs"), &answer["baseline"]["costs"], &case(id)["costs"], 1e-9, 1e-9);
        assert_numbers(id, &results(&answer, "same")["prices"], &case(id)["equilibrium_prices"], 1e-9, 1e-9);
    }
    // Observed at a root that a firm wants to leave: said so, and the other root is the answer.
    let id = "hz2_mixed_two_limits";
    let roots = case(id)["stationary_prices"].clone();
    for observed in [0, 1] {
        std::fs::write(&path, observed_hazard(id, &numbers(&roots[observed])).to_string()).unwrap();
        let (answer, warnings, _) = ask(&path).unwrap();
        let gain = answer["baseline"]["best_deviation_gain"].as_f64().unwrap();
        assert!(if observed == 0 { gain > 0.5 } else { gain < 1e-9 }, "{gain}");
        let same = results(&answer, "same");
        assert_numbers(id, &same["prices"], &roots[1], 1e-7, 0.0);
        assert!(same["stationary_points"].as_u64().unwrap() >= 2);
        assert!(warnings.contains("2 solutions"), "{warnings}");
    }
}
