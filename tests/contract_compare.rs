//! `keiretsu compare` and `keiretsu diff`: exactly what differs is shown, noise is called noise, and wrong folders are
//! refused.

use std::fs;
use std::path::Path;

use crate::support::binary::{
    MINIMAL, altered, assert_done, code, files, keiretsu, refused, scenario, stderr, stdout, temporary,
};
use serde_json::Value;

/// A run of the smallest scenario.
#[track_caller]
fn run(folder: &Path, out: &str, more: &[&str]) {
    let path = scenario(MINIMAL);
    let run =
        ["run", &path, "--set", "scenario.replications=200", "--quiet", "--no-attribution", "--out", out];
    assert_done(&keiretsu(folder, &[&run, more].concat()));
}

#[track_caller]
fn json(folder: &Path, arguments: &[&str]) -> Value {
    let output = keiretsu(folder, &[arguments, &["--format", "json"]].concat());
    assert_done(&output);
    serde_json::from_str(&stdout(&output)).expect("JSON")
}

fn keys(comparison: &Value) -> Vec<String> {
    let changes = comparison["inputs"]["changes"].as_array().expect("a list");
    changes.iter().map(|change| change["key"].as_str().expect("a key").to_owned()).collect()
}

/// One `--set` is one key, with both values and units, and the results move beyond the error as the economics says.
#[test]
fn one_setting_is_one_key_and_its_results() {
    let folder = temporary();
    run(folder.path(), "a", &[]);
    run(
        folder.path(),
        "b",
        &["--set", "costs.scale_elasticity={ value = 0.06, source = \"a trial\", quality = \"estimated\" }"],
    );
    let found = json(folder.path(), &["compare", "a", "b"]);
    assert_eq!(keys(&found), ["costs.scale_elasticity"]);
    let change = &found["inputs"]["changes"][0];
    assert_eq!(change["kind"], "value");
    assert_eq!(change["worlds"], Value::Array(Vec::new()), "in all worlds");
    assert_eq!(change["a"]["value"], "{ dist = \"uniform\", low = 0.02, high = 0.05 }");
    assert_eq!((&change["b"]["value"], &change["b"]["source"]), (&"0.06".into(), &"a trial".into()));
    assert_eq!(change["b"]["unit"], "elasticity");
    let answer = found["results"]["answer"].as_array().expect("a list");
    assert_eq!(answer.len(), 2, "a world and region in two years: {answer:?}");
    for row in answer {
        assert_eq!((&row["world"], &row["verdict"]), (&"together".into(), &"change".into()));
        let figure = |path: &str| row.pointer(path).and_then(Value::as_f64).expect(path);
        let change = figure("/b/mean") - figure("/a/mean");
        assert!(change > 0.0 && (figure("/change") - change).abs() < 1e-15, "more scale is more gain");
        let se = figure("/a/se").hypot(figure("/b/se"));
        assert!((figure("/se") - se).abs() < 1e-15 && change > 2.0 * se);
    }
    // The world without the alliance has no saving, so its shares do not move.
    let shares = found["results"]["shares"].as_array().expect("a list");
    assert!(shares.iter().filter(|row| row["world"] == "apart").all(|row| row["verdict"] == "same"));
    let text = stdout(&keiretsu(folder.path(), &["compare", "a", "b"]));
    for words in [
        "1 key has another value in B",
        "0.02 to 0.05",
        "B: estimated, a trial",
        "same seed",
        "alliance:asahi-tsuki",
    ] {
        assert!(text.contains(words), "no `{words}` in {text}");
    }
}

/// What is the same is said to be the same, in words too.
#[test]
fn a_run_beside_itself_shows_no_change() {
    let folder = temporary();
    run(folder.path(), "a", &[]);
    run(folder.path(), "again", &[]);
    let found = json(folder.path(), &["compare", "a", "again"]);
    assert!(keys(&found).is_empty());
    for what in ["levels_counted", "differences_counted"] {
        let counted = &found["results"][what];
        assert!(counted["same"].as_u64() > Some(500));
        assert_eq!(
            [&counted["noise"], &counted["change"], &counted["only_a"], &counted["only_b"]],
            [0, 0, 0, 0]
        );
    }
    let text = stdout(&keiretsu(folder.path(), &["compare", "a", "again"]));
    assert!(
        text.contains("No key has another value") && text.contains("Every figure is the same."),
        "{text}"
    );
}

/// Other draws of the same thing are noise, and few differences are larger than two standard errors.
#[test]
fn another_seed_shows_only_noise() {
    let folder = temporary();
    run(folder.path(), "a", &[]);
    run(folder.path(), "other", &["--seed", "2"]);
    run(folder.path(), "more", &["--replications", "400"]);
    for (other, key) in [("other", "scenario.seed"), ("more", "scenario.replications")] {
        let found = json(folder.path(), &["compare", "a", other]);
        assert_eq!(keys(&found), [key]);
        let results = &found["results"];
        assert_eq!(results["only_draws"], true);
        for what in ["levels_counted", "differences_counted"] {
            assert_eq!(results[what]["change"], 0);
            assert!(results[what]["noise"].as_u64() > Some(100), "{results}");
        }
        let answer = results["answer"].as_array().expect("a list");
        let within = |row: &Value| row["change"].as_f64().unwrap().abs() <= 3.0 * row["se"].as_f64().unwrap();
        assert!(!answer.is_empty() && answer.iter().all(within), "{answer:?}");
        let text = stdout(&keiretsu(folder.path(), &["compare", "a", other]));
        assert!(text.contains("every change below is noise"), "{text}");
    }
}

/// The page is whole in itself; what is printed and what is written are the same bytes; other files stay.
#[test]
fn comparisons_are_pages_and_files() {
    let folder = temporary();
    run(folder.path(), "a", &[]);
    run(folder.path(), "b", &["--set", "alliances.asahi-tsuki.name=A <b>bold</b> & new one"]);
    let page = stdout(&keiretsu(folder.path(), &["compare", "a", "b", "--format", "html"]));
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
    assert!(page.contains("A &lt;b&gt;bold&lt;/b&gt; &amp; new one") && !page.contains("<b>bold"), "{page}");
    for remote in ["http://", "https://", "<script", "<img", "<link"] {
        assert!(!page.contains(remote), "the page has {remote}");
    }
    for format in ["text", "json", "html"] {
        let compare = ["compare", "a", "b", "--format", format];
        let printed = stdout(&keiretsu(folder.path(), &compare));
        for _ in 0..2 {
            assert_done(&keiretsu(folder.path(), &[&compare[..], &["--out", "new/out"]].concat()));
            assert_eq!(fs::read_to_string(folder.path().join("new/out")).unwrap(), printed);
        }
    }
    for (kept, text) in [("notes.txt", "mine"), ("package.json", "{\n  \"name\": \"mine\"\n}\n")] {
        fs::write(folder.path().join(kept), text).unwrap();
        let words = ["would be lost", kept];
        refused(folder.path(), &["compare", "a", "b", "--format", "json", "--out", kept], 2, &words);
    }
    let report = ["compare", "a", "b", "--format", "html", "--out", "a/report.html"];
    refused(folder.path(), &report, 2, &["would be lost"]);
}

/// What is no run of this version is refused with what to do, and never a panic.
#[test]
fn broken_folders_are_refused() {
    let folder = temporary();
    let path = folder.path();
    run(path, "a", &[]);
    let spoilt = |name: &str, file: &str, change: &dyn Fn(String) -> Option<String>| {
        let to = path.join(name);
        fs::create_dir_all(&to).unwrap();
        for (file, bytes) in files(&path.join("a")).into_iter().filter(|(file, _)| !file.contains("charts")) {
            fs::write(to.join(file), bytes).unwrap();
        }
        match change(fs::read_to_string(to.join(file)).unwrap()) {
            Some(text) => fs::write(to.join(file), text).unwrap(),
            None => fs::remove_file(to.join(file)).unwrap(),
        }
    };
    let own = env!("CARGO_PKG_VERSION");
    spoilt("older", "manifest.json", &|text| Some(text.replace(own, "0.0.9")));
    spoilt("no-manifest", "manifest.json", &|_| None);
    spoilt("no-json", "manifest.json", &|text| Some(text[..200].to_owned()));
    spoilt("half", "manifest.json", &|text| Some(text.replace("\"worlds\"", "\"wrlds\"")));
    spoilt("seedless", "manifest.json", &|text| Some(text.replace("\"seed\"", "\"sed\"")));
    spoilt("no-inputs", "inputs.csv", &|_| None);
    spoilt("cut-inputs", "inputs.csv", &|text| Some(text[..text.len() / 2].replace("true", "maybe")));
    spoilt("no-sources", "sources.csv", &|_| None);
    spoilt("cut", "comparison.csv", &|text| Some(text[..text.len() / 2].to_owned()));
    spoilt("no-number", "outcomes.csv", &|text| Some(text.replacen(",2030,200,", ",2030,many,", 1)));
    spoilt("no-column", "outcomes.csv", &|text| Some(text.replacen(",se,", ",error,", 1)));
    fs::create_dir(path.join("empty")).unwrap();
    fs::write(path.join("file"), "text").unwrap();
    let minimal = scenario(MINIMAL);
    let scan = [
        "scan",
        &minimal,
        "--over",
        "costs.scale_elasticity=0.02,0.03",
        "--replications",
        "40",
        "--out",
        "scan",
    ];
    assert_done(&keiretsu(path, &scan));
    for (wrong, words) in [
        ("missing", "is no folder"),
        ("file", "is no folder"),
        ("empty", "holds no run of keiretsu"),
        ("no-manifest", "holds no run of keiretsu"),
        ("no-json", "holds no run of keiretsu"),
        ("scan", "holds the results of scan"),
        ("half", "name the folder of a `keiretsu run`"),
        ("older", "was made by keiretsu 0.0.9"),
        ("seedless", "missing field `seed`"),
        ("no-inputs", "has no inputs.csv"),
        ("cut-inputs", "the run folder is damaged"),
        ("no-sources", "the run folder is damaged"),
        ("cut", "the run folder is damaged"),
        ("no-number", "is no whole number"),
        ("no-column", "there is no column `se`"),
    ] {
        refused(path, &["compare", "a", wrong], 2, &[words, wrong]);
        refused(path, &["compare", wrong, "a"], 2, &[words, wrong]);
    }
}

/// Figures that only one run has are counted, not compared.
#[test]
fn runs_of_other_scenarios_are_compared_as_far_as_they_go() {
    let folder = temporary();
    run(folder.path(), "a", &[]);
    let ferries = scenario("tests/scenarios/ferries.toml");
    let other = ["run", &ferries, "--replications", "20", "--quiet", "--out", "ferries"];
    assert_done(&keiretsu(folder.path(), &other));
    let found = json(folder.path(), &["compare", "a", "ferries"]);
    let counted = &found["results"]["levels_counted"];
    assert!(counted["only_a"].as_u64() > Some(0) && counted["only_b"].as_u64() > Some(0), "{counted}");
    assert_done(&keiretsu(folder.path(), &["compare", "a", "ferries"]));
    let short = ["--set", "scenario.last_year=2029"];
    run(folder.path(), "short", &short);
    let found = json(folder.path(), &["compare", "short", "a"]);
    assert_eq!(keys(&found), ["scenario.last_year"]);
    assert_eq!(found["results"]["levels_counted"]["only_a"], 0);
    assert!(found["results"]["levels_counted"]["only_b"].as_u64() > Some(0));
}

/// A scenario that extends another differs from it in what it states: values, worlds, rows of tables.
#[test]
fn a_scenario_differs_from_the_one_it_extends_in_what_it_states() {
    let folder = temporary();
    let base = scenario(MINIMAL);
    fs::write(
        folder.path().join("new.toml"),
        format!(
            "extends = '{base}'\n[costs]\npass_through = 0.9\n[regions.Home]\nmarket_price_elasticity = {{ value = -0.6, \
             source = \"a study\" }}\n[worlds.together]\nset.alliances.asahi-tsuki.pools.purchasing.ramp_years = 5\n\
             [worlds.slow]\nset.alliances.asahi-tsuki.pools.purchasing.compatibility = 0.5\n"
        ),
    )
    .unwrap();
    let found = json(folder.path(), &["diff", &base, "new.toml"]);
    let changes = found["inputs"]["changes"].as_array().expect("a list");
    let change = |key: &str| {
        let found = changes.iter().find(|change| change["key"] == key);
        found.unwrap_or_else(|| panic!("no {key} in {changes:?}"))
    };
    assert_eq!(changes.len(), 3, "{changes:?}");
    let passed = change("costs.pass_through");
    assert_eq!([&passed["a"]["stated"], &passed["b"]["stated"]], [false, true]);
    assert_eq!([&passed["a"]["value"], &passed["b"]["value"]], ["1", "0.9"]);
    assert_eq!(change("regions.Home.market_price_elasticity")["kind"], "source");
    let ramp = change("alliances.asahi-tsuki.pools.purchasing.ramp_years");
    assert_eq!(ramp["worlds"], serde_json::json!(["together"]));
    let world = &found["inputs"]["worlds"][0];
    assert_eq!((&world["world"], &world["added"]), (&"slow".into(), &true.into()));
    assert!(world["changes"].as_array().expect("a list").iter().any(|change| change[1] == "0.5"), "{world}");
    assert_eq!(found["files"][0]["file"], "new.toml");
    let text = stdout(&keiretsu(folder.path(), &["diff", &base, "new.toml"]));
    for words in ["1 (default)", "A: no source; B: a study", "slow", "together"] {
        assert!(text.contains(words), "no `{words}` in {text}");
    }

    let same = altered(folder.path(), "[costs]", "# nothing else\n[costs]");
    let text = stdout(&keiretsu(folder.path(), &["diff", &same, &same]));
    assert!(text.contains("No key has another value"), "{text}");
    let sold = altered(folder.path(), "units = 900_000", "units = 910_000");
    let found = json(folder.path(), &["diff", &base, &sold]);
    assert_eq!(keys(&found), ["tables.offers.Home.Asahi.all.units"]);
    let wrong = keiretsu(folder.path(), &["diff", &base, "missing.toml"]);
    assert_eq!(code(&wrong), 2);
    assert!(stderr(&wrong).contains("does not exist"));
}

/// Every shipped scenario can be laid beside every other.
#[test]
fn shipped_scenarios_lie_side_by_side() {
    let folder = temporary();
    let all = ["honda-nissan-mitsubishi", "with-renault", "byd-enters-us", "us-tariffs", "minimal"];
    for a in all {
        for b in all {
            let [a, b] = [a, b].map(|name| scenario(&format!("scenarios/{name}.toml")));
            let found = json(folder.path(), &["diff", &a, &b]);
            assert_eq!(keys(&found).is_empty(), a == b, "{a} {b}");
        }
    }
}
