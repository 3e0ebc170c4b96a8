//! An input has one identity: the key of what is drawn is the key that sets it.

use std::collections::BTreeSet;

use keiretsu::numeric::Real;
use keiretsu::preparation;
use keiretsu::scenario::load;
use keiretsu::uncertainty::{Distribution, Role};

use crate::support::lab::{Lab, run_scenarios, shipped};

fn space(path: &std::path::Path, settings: &[String]) -> keiretsu::uncertainty::ParameterSpace {
    let scenario = load(path, settings).unwrap_or_else(|problems| panic!("{}:\n{problems}", path.display()));
    let market = preparation::market(&scenario);
    market.unwrap_or_else(|problems| panic!("{}:\n{problems}", path.display())).experiment.space
}

/// In every shipped scenario, each uncertain number that is drawn has a unit and a source, and `--set` under its
/// own key fixes it (a world that has its own version keeps that one); no key names two things.
#[test]
fn every_drawn_input_has_a_key_that_sets_it() {
    let mut seen = 0;
    for path in run_scenarios() {
        let before = space(&path, &[]);
        let keys: BTreeSet<&str> = before.inputs().map(|(_, input)| input.key.as_str()).collect();
        let settings: Vec<String> = keys
            .iter()
            .map(|key| {
                let versions = before.parameters().iter().filter(|known| known.key == *key);
                let streams: BTreeSet<&str> = versions.clone().map(|known| known.stream.as_str()).collect();
                assert_eq!(streams.len(), 1, "{}: `{key}` is drawn under {streams:?}", path.display());
                let first = versions.into_iter().next().expect("it is drawn");
                format!("{key}={:?}", first.distribution.median())
            })
            .collect();
        for (_, input) in before.inputs() {
            let provenance = &input.provenance;
            assert!(provenance.unit.is_some(), "{}: `{}` has no unit", path.display(), input.key);
            let is_real = path.starts_with(shipped("")) && !path.ends_with("minimal.toml");
            assert!(!is_real || provenance.source.is_some(), "`{}`: no source", input.key);
        }
        let after = space(&path, &settings);
        for key in &keys {
            let drawn = |space: &keiretsu::uncertainty::ParameterSpace| {
                space.inputs().filter(|(_, input)| input.key == *key).count()
            };
            assert_eq!(drawn(&after) + 1, drawn(&before), "{}: `{key}`", path.display());
            let is_fixed = |known: &&keiretsu::uncertainty::Parameter| {
                known.key == *key && matches!(known.distribution, Distribution::Fixed(_))
            };
            assert!(after.parameters().iter().any(|known| is_fixed(&known)), "`{key}` is not set");
        }
        assert!(before.parameters().iter().all(|known| known.role != Role::Input || !known.key.is_empty()));
        seen += keys.len();
    }
    assert!(seen > 300, "{seen} inputs");
}

/// A number of a table is set under its key as one of the file is, with the same checks.
#[test]
fn cells_of_tables_are_set_by_their_keys() {
    let path = shipped("honda-nissan-mitsubishi.toml");
    let world = |settings: &[&str]| {
        let settings: Vec<String> = settings.iter().map(|text| text.to_string()).collect();
        load(&path, &settings)
    };
    let before = world(&[]).unwrap_or_else(|problems| panic!("{problems}"));
    let key = "tables.policies.US.duty.Japan.2025-09-16";
    let after = world(&[&format!("{key}=0.5")]).unwrap_or_else(|problems| panic!("{problems}"));
    let changed = |world: usize| {
        let pairs = before.worlds[world].policies.iter().zip(&after.worlds[world].policies);
        pairs
            .filter(|(old, new)| old.value != new.value)
            .map(|(_, new)| new.value.median())
            .collect::<Vec<_>>()
    };
    assert_eq!(changed(before.reference), [0.5], "one row, no other");
    // It reaches what is simulated.
    let share = |settings: &[&str]| {
        Lab::run(&path, settings, 8, 1).central(&before.worlds[before.reference].key, "share Mazda US", 2030)
    };
    assert!(share(&[&format!("{key}=0.5")]) < share(&[]) - 1e-4);

    for (setting, words) in [
        (format!("{}=0.5", key.replace("Japan", "Japn")), "did you mean"),
        (format!("{key}=-3"), "-3"),
        (format!("{key}=\"much\""), "found the text"),
        (format!("{key}={{ dist = \"uniform\", low = 0.1 }}"), "needs low, high"),
    ] {
        let problems = world(&[&setting]).expect_err(&setting).to_string();
        assert!(problems.contains(words) && problems.contains("--set"), "{setting}: {problems}");
    }
}

/// What an empirical distribution draws are the numbers of a column, wherever the scenario lies; what is wrong with
/// the file is told with its place, and once.
#[test]
fn empirical_distributions_come_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let minimal = std::fs::read_to_string(shipped("minimal.toml")).expect("minimal.toml");
    std::fs::create_dir(folder.path().join("data")).expect("a folder");
    std::fs::write(folder.path().join("data/past.csv"), "year,effect\n2001,0.02\n2002,0.05\n2003,0.03\n")
        .expect("a file");
    let stated = |how: &str| {
        let path = folder.path().join("scenario.toml");
        let text = minimal.replace("{ dist = \"uniform\", low = 0.02, high = 0.05 }", how);
        assert_ne!(text, minimal);
        std::fs::write(&path, text).expect("a file");
        load(&path, &[])
    };
    let good = "{ dist = \"empirical\", file = \"data/past.csv\", column = \"effect\" }";
    let scenario = stated(good).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(scenario.inputs.iter().any(|file| file.name == "data/past.csv"));
    let elasticity = &scenario.worlds[0].file.costs.scale_elasticity.distribution;
    assert_eq!([0.2, 0.5, 0.8].map(|u| elasticity.quantile(u)), [0.02, 0.03, 0.05]);
    for (how, words) in [
        (good.replace("past", "pst"), "does not exist"),
        (good.replace("\"effect", "\"efect"), "did you mean `effect`?"),
        (good.replace(", column = \"effect\"", ""), "`column` is missing"),
        (good.replace("effect", "year"), "2001"),
    ] {
        let problems = stated(&how).expect_err(&how);
        assert_eq!(problems.0.len(), 1, "{problems}");
        assert!(problems.to_string().contains(words), "{words}: {problems}");
        assert!(problems.0[0].place.is_some());
    }
}

/// A hazard is counted from dated rows: ends and years at risk, by kind; its law is that of a gamma rate.
#[test]
fn hazards_are_counted_from_dated_rows() {
    let folder = tempfile::tempdir().expect("a folder");
    let minimal = std::fs::read_to_string(shipped("minimal.toml")).expect("minimal.toml");
    let rows = "name,kind,start,last,ended\na,project,2000,2004.5,true\nb,project,2010,2020,false\nc,equity,1990,2020,true\n";
    std::fs::write(folder.path().join("past.csv"), rows).expect("a file");
    let stated = |how: &str| {
        let path = folder.path().join("scenario.toml");
        let text =
            minimal.replace("realised_fraction =", &format!("breakup_hazard = {how}\nrealised_fraction ="));
        std::fs::write(&path, text).expect("a file");
        load(&path, &[])
    };
    let good = "{ dist = \"hazard\", file = \"past.csv\", kind = \"project\" }";
    let hazard = |how: &str| {
        let scenario = stated(how).unwrap_or_else(|problems| panic!("{problems}"));
        scenario.worlds[0].file.alliances["asahi-tsuki"].breakup_hazard.distribution.clone()
    };
    let project = hazard(good);
    assert_eq!(project, Distribution::Hazard { ends: 1.0, exposure: 14.5 });
    assert_eq!(
        hazard(&good.replace(", kind = \"project\"", "")),
        Distribution::Hazard { ends: 2.0, exposure: 44.5 }
    );
    // 1 − e^(−λ) with λ gamma of shape 1.5 and rate 14.5: its mean, and the quantiles of λ.
    let draws = (0..20_000).map(|k| project.quantile((f64::from(k) + 0.5) / 20_000.0));
    let mean = draws.sum::<f64>() / 20_000.0;
    let theory = 1.0 - (14.5f64 / 15.5).sqrt() * (14.5 / 15.5);
    assert!((mean - theory).abs() < 1e-5, "{mean}, {theory}");
    let rate = Distribution::Gamma { shape: 1.5, scale: 1.0 / 14.5 };
    for u in [0.05, 0.5, 0.95] {
        assert!((project.quantile(u) - (1.0 - <f64 as Real>::exp(-rate.quantile(u)))).abs() < 1e-12);
    }
    for (how, words) in [
        (good.replace("past", "pst"), "does not exist"),
        (good.replace("project", "projct"), "did you mean `project`?"),
        ("{ dist = \"hazard\", ends = 1 }".to_owned(), "`ends` and `exposure`"),
        ("{ dist = \"hazard\", ends = 1, exposure = 0 }".to_owned(), "must be above 0"),
    ] {
        let problems = stated(&how).expect_err(&how);
        assert_eq!(problems.0.len(), 1, "{problems}");
        assert!(problems.to_string().contains(words), "{words}: {problems}");
    }
}

/// Whatever number of the format is uncertain is drawn, or refused: nothing is taken at its median in silence.
#[test]
fn no_uncertain_number_is_taken_as_fixed() {
    for name in ["honda-nissan-mitsubishi.toml", "minimal.toml"] {
        let path = shipped(name);
        let scenario = load(&path, &[]).unwrap_or_else(|problems| panic!("{problems}"));
        let world = &scenario.worlds[scenario.reference];
        let fixed: Vec<(&str, f64)> = world
            .inputs
            .iter()
            .filter(|input| input.quantity.distribution.is_fixed())
            // A duty on what nobody imports.
            .filter(|input| !input.quantity.key.starts_with("tables.policies.US.duty.China"))
            // A partner in with-renault.toml only.
            .filter(|input| !input.quantity.key.starts_with("tables.manufacturers.Renault."))
            .map(|input| (input.quantity.key.as_str(), input.quantity.median()))
            .collect();
        let mut silent = Vec::new();
        for (key, value) in fixed {
            let (low, high) = (value - 1e-6 - 1e-4 * value.abs(), value + 1e-6 + 1e-4 * value.abs());
            let ranges = [(low, high), (value, high), (low, value)];
            let drawn = ranges.into_iter().any(|(low, high)| {
                let setting = format!("{key}={{ dist = \"uniform\", low = {low:?}, high = {high:?} }}");
                let Ok(scenario) = load(&path, &[setting]) else { return true };
                let Ok(market) = preparation::market(&scenario) else { return true };
                market.experiment.space.inputs().any(|(_, input)| input.key == key)
            });
            if !drawn {
                silent.push(key.to_owned());
            }
        }
        assert!(silent.is_empty(), "{name}: {silent:#?}");
    }
}
