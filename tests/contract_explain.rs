//! `keiretsu explain`: what a key means, and what a scenario says under it in every world.

use std::fs;

use crate::support::binary::{MINIMAL, assert_done, keiretsu, refused, root, scenario, stdout, temporary};
use serde_json::Value;

#[track_caller]
fn explain(folder: &std::path::Path, arguments: &[&str]) -> Value {
    let output = keiretsu(folder, &[&["explain", "--format", "json"], arguments].concat());
    assert_done(&output);
    serde_json::from_str(&stdout(&output)).expect("JSON")
}

#[test]
fn a_key_has_meaning_unit_default_limits_and_equation() {
    let folder = temporary();
    let rho = explain(folder.path(), &["regions.US.nest_rho"]);
    assert_eq!(rho["key"], "regions.*.nest_rho");
    assert!(rho["meaning"].as_str().unwrap().starts_with("Nesting parameter"));
    assert_eq!(
        [&rho["unit"], &rho["default"], &rho["limits"]],
        ["fraction", "0", "a fraction from 0 to below 1"]
    );
    assert!(rho["equation"].as_str().unwrap().contains("1−ρ"));
    let section = rho["section"].as_u64().unwrap();
    let model = fs::read_to_string(root().join("docs/model.md")).unwrap();
    assert!(model.contains(&format!("\n## {section}. Demand")));
    // The last part is enough; a world's patch has the scenario's keys.
    assert_eq!(explain(folder.path(), &["nest_rho"]), rho);
    assert_eq!(explain(folder.path(), &["worlds.merger.set.regions.US.nest_rho"]), rho);
    let needed = explain(folder.path(), &["own_price_elasticity"]);
    assert_eq!(needed["default"], "must be given");
    let choice = explain(folder.path(), &["demand.price_response"]);
    assert_eq!(choice["default"], "log");
    let duty = explain(folder.path(), &["tables.policies.US.duty.Japan.2025-04-03"]);
    assert_eq!(duty["unit"], "fraction of cost");
}

/// Without a key every section of the format is listed; each can be explained, and so can each key below it.
#[test]
fn every_section_and_every_key_below_it_is_explained() {
    let folder = temporary();
    let sections = explain(folder.path(), &[]);
    let sections: Vec<&str> =
        sections.as_array().unwrap().iter().map(|s| s["key"].as_str().unwrap()).collect();
    assert!(sections.len() >= 25 && sections.contains(&"alliances"), "{sections:?}");
    let text = stdout(&keiretsu(folder.path(), &["explain"]));
    for section in sections {
        assert!(text.contains(section));
        let below = explain(folder.path(), &[section]);
        for key in below["below"].as_array().unwrap().iter().filter(|_| below["is"] != "a list") {
            let key = format!("{section}.{}", key["key"].as_str().unwrap());
            assert_done(&keiretsu(folder.path(), &["explain", &key]));
        }
    }
}

/// A value is followed through the file that is extended, the one that extends it, a world and `--set`.
#[test]
fn a_value_is_followed_to_where_it_comes_from() {
    let folder = temporary();
    let base = scenario(MINIMAL);
    let ramp = "alliances.asahi-tsuki.pools.purchasing.ramp_years";
    let text = format!(
        "extends = '{base}'\n[alliances.asahi-tsuki.pools.purchasing]\nramp_years = {{ value = 4, source = \"a guess\" }}\n\
         [worlds.slow]\nset.{ramp} = 6\n"
    );
    fs::write(folder.path().join("new.toml"), text).unwrap();
    let found = explain(folder.path(), &[ramp, "new.toml"]);
    let values = found["values"].as_array().unwrap();
    let of = |world: &str| {
        let holds = |value: &&Value| value["worlds"].as_array().unwrap().iter().any(|known| known == world);
        values.iter().find(holds).unwrap_or_else(|| panic!("no {world} in {found}"))
    };
    assert_eq!(values.len(), 2, "{found}");
    for world in ["apart", "together"] {
        assert_eq!((&of(world)["value"], &of(world)["source"]), (&"4".into(), &"a guess".into()));
        assert_eq!(of(world)["from"].as_array().unwrap().len(), 2);
    }
    let from = of("slow")["from"].as_array().unwrap();
    assert_eq!(of("slow")["value"], "6");
    let places: Vec<(&str, u64)> =
        from.iter().map(|place| (place["file"].as_str().unwrap(), place["line"].as_u64().unwrap())).collect();
    assert_eq!((places[0].0, places[1], places[2]), (base.as_str(), ("new.toml", 3), ("new.toml", 5)));

    let given = format!("{ramp}=2");
    let found = explain(folder.path(), &[ramp, &base, "--set", &given]);
    let value = &found["values"][0];
    assert_eq!((&value["value"], value["worlds"].as_array().unwrap().len()), (&"2".into(), 0));
    let last = value["from"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["file"], &last["text"], &last["line"]),
        (&"--set".into(), &given.as_str().into(), &Value::Null)
    );
    let text = stdout(&keiretsu(folder.path(), &["explain", ramp, "new.toml"]));
    for words in
        ["apart, together: 4 years", "slow: 6 years", "new.toml:5: 6", "stated in", "replaced by", "a guess"]
    {
        assert!(text.contains(words), "no `{words}` in {text}");
    }
}

#[test]
fn defaults_rows_of_tables_and_sections_are_told_in_every_world() {
    let folder = temporary();
    let minimal = scenario(MINIMAL);
    let text = stdout(&keiretsu(folder.path(), &["explain", "costs.spillover", &minimal]));
    assert!(text.contains("all worlds: 0 fraction") && text.contains("the format's default"), "{text}");
    let active = explain(folder.path(), &["alliances.asahi-tsuki.active", &minimal]);
    assert_eq!(
        (&active["values"][0]["value"], &active["values"][0]["worlds"][0]),
        (&"false".into(), &"apart".into())
    );
    let text = stdout(&keiretsu(
        folder.path(),
        &["explain", "stakes.*.until", &scenario("scenarios/honda-nissan-mitsubishi.toml")],
    ));
    assert!(text.contains("stakes.nissan-in-mitsubishi-before.until"), "{text}");
    let text = stdout(&keiretsu(folder.path(), &["explain", "regions.Home.volatility", &minimal]));
    assert!(text.contains("not stated; default: none"), "{text}");
    let main = scenario("scenarios/honda-nissan-mitsubishi.toml");
    let key = "tables.policies.US.duty.Japan.2025-09-16";
    let given = format!("{key}=0.1");
    let found = explain(folder.path(), &[key, &main, "--set", &given]);
    let from = found["values"][0]["from"].as_array().unwrap();
    assert!(
        from[0]["file"].as_str().unwrap().ends_with("policies.csv") && from[0]["line"].as_u64() > Some(1),
        "{from:?}"
    );
    assert_eq!((&found["values"][0]["value"], &from[1]["text"]), (&"0.1".into(), &given.as_str().into()));
    let rows = explain(folder.path(), &["tables.policies.US", &main]);
    assert!(
        rows["values"].as_array().unwrap().len() > 5 && rows["below"].as_array().unwrap().len() == 4,
        "{rows}"
    );
    let section = explain(folder.path(), &["regions.Home", &minimal]);
    assert!(section["values"].as_array().unwrap().len() >= 8, "{section}");
}

#[test]
fn wrong_keys_get_a_suggestion_and_never_a_panic() {
    let folder = temporary();
    let minimal = scenario(MINIMAL);
    for (arguments, words) in [
        (vec!["nest_roh"], "did you mean `nest_rho`?"),
        (vec!["regions.US.nest_roh"], "did you mean `nest_rho`?"),
        (vec!["aliances.hnm.proceeds"], "did you mean `alliances`?"),
        (vec!["realised_fraction"], "several keys are called `realised_fraction`"),
        (vec![""], "no key of the format"),
        (vec!["..."], "there is no"),
        (vec!["tables.policies.US.dutty.Japan"], "did you mean `duty`?"),
        (vec!["alliances.asahi-tsuky.proceeds", &minimal], "did you mean `alliances.asahi-tsuki.proceeds`?"),
        (vec!["costs.spillover", "missing.toml"], "does not exist"),
        (vec![&minimal], "name a key before the scenario"),
        (vec!["costs.spillover", "--set", "costs.spillover=1"], "SCENARIO.toml"),
    ] {
        refused(folder.path(), &[&["explain"], &arguments[..]].concat(), 2, &[words]);
    }
}
