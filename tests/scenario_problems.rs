//! A good scenario with one thing wrong in its TOML gives exactly that problem, with its line.

use crate::support::good_scenario::{Case, expect, in_scenario};
use crate::support::lab::{run_scenarios, shipped};
use keiretsu::scenario::{Problems, load, load_with};

#[test]
fn the_good_scenario_is_good() {
    let case = Case::new("test.toml", "A test", "A good test");
    let scenario = load(&case.scenario(), &[]).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!((scenario.worlds.len(), scenario.reference), (3, 0));
    assert!(!scenario.worlds[0].file.alliances["abc"].active);
    assert!(scenario.worlds[1].file.alliances["abc"].active);
    assert_eq!(scenario.worlds[2].file.costs.scale_elasticity.median(), 0.03);
    assert_eq!(scenario.worlds[0].offers.len(), 6);
    assert_eq!(scenario.inputs.len(), 6);
    assert_eq!(scenario.inputs[1].name, "offers.csv");
    assert_eq!(scenario.inputs[0].sha256.len(), 64);
}

#[test]
fn keys_that_do_not_exist() {
    in_scenario("loyalty = {", "loyality = {", &["unknown key `loyality`", "did you mean `loyalty`?"]);
    in_scenario(
        "low = 0.1, high = 0.3",
        "low = 0.1, hihg = 0.3",
        &["unknown key `hihg`", "did you mean `high`?"],
    );
    // A misspelt key that is needed is one problem, not two.
    in_scenario(
        "own_price_elasticity = -4\n",
        "own_price_elastisity = -4\n",
        &["did you mean `own_price_elasticity`"],
    );
    expect(
        "test.toml",
        "[overhangs.beta]",
        "[overhang.beta]",
        "[overhang.beta]",
        &["did you mean `overhangs`?"],
    );
}

#[test]
fn keys_that_are_missing() {
    let words = ["`own_price_elasticity` is missing", "negative"];
    expect("test.toml", "own_price_elasticity = -4\n", "", "[regions.South]", &words);
    expect("test.toml", "holder = \"Beta\"\n", "", "[stakes.cross]", &["`holder` is missing"]);
    expect("test.toml", "shock_sd = 0.08", "", "[currencies.YEN]", &["`shock_sd` is missing"]);
    in_scenario("{ dist = \"uniform\", low = 0.1, high", "{ low = 0.1, high", &["without a value", "`dist`"]);
}

#[test]
fn values_of_the_wrong_type() {
    in_scenario("catch_up = 0.04", "catch_up = \"0.04\"", &["`catch_up`", "expected a number", "quotes"]);
    in_scenario("estimate = true", "estimate = \"yes\"", &["expected true or false"]);
    in_scenario("base_year = 2024", "base_year = 2024.5", &["`base_year`", "whole number"]);
    in_scenario("replications = 100", "replications = -100", &["too small"]);
    in_scenario("catch_up = 0.04", "catch_up = 1e400", &["floating-point number overflowed", "below 1e308"]);
    in_scenario("base_year = 2024", "base_year = 99999999999999999999", &["not TOML", "below 9.2e18"]);
    in_scenario("from = 2026-01-01", "from = \"2026-02-30\"", &["no day 2026-02-30"]);
    in_scenario("makers = [\"Alpha\", \"Beta\"]", "makers = \"Alpha\"", &["expected a list"]);
    in_scenario("kind = \"platform\"", "kind = \"platfrom\"", &["did you mean `platform`?"]);
    in_scenario(
        "dist = \"uniform\", low = 0.1",
        "dist = \"unifrom\", low = 0.1",
        &["did you mean `uniform`?"],
    );
}

#[test]
fn what_is_not_toml() {
    in_scenario("title = \"A test\"", "title = \"A test", &["not TOML", "quotes"]);
    for day in ["2026-02-30", "2026-13-01", "2026-01-41"] {
        in_scenario("from = 2026-01-01", &format!("from = {day}"), &["not TOML", "a day of the calendar"]);
    }
    let twice = "nest_rho = 0.4\nnest_rho = 0.5";
    expect("test.toml", "nest_rho = 0.4", twice, "nest_rho = 0.5", &["duplicate key", "once"]);
}

#[test]
fn numbers_that_have_no_meaning() {
    in_scenario("nest_rho = 0.4", "nest_rho = 40", &["regions.North.nest_rho", "did you mean 0.4?"]);
    in_scenario("learning_rate = 0.18", "learning_rate = 12", &["12 is not", "did you mean 0.12?"]);
    in_scenario("own_price_elasticity = -4\n", "own_price_elasticity = 4\n", &["did you mean -4?"]);
    in_scenario("shock_sd = 0.08", "shock_sd = nan", &["NaN"]);
    in_scenario(
        "proceeds = 0.5",
        "proceeds = { dist = \"normal\", mean = 0.5, sd = 0.1 }",
        &["cut the distribution off"],
    );
    in_scenario("low = 0.1, high = 0.3", "low = 0.4, high = 0.3", &["low (0.4) is above high (0.3)"]);
    in_scenario(
        "proceeds = 0.5",
        "proceeds = { dist = \"pert\", low = 0.6, mode = 0.5, high = 0.7 }",
        &["low (0.6) is above mode (0.5)", "the lowest value comes first"],
    );
    for (wrong, remedy) in [
        ("dist = \"uniform\", low = nan, high = 0.7", "write a finite number"),
        ("dist = \"normal\", mean = 0.5, sd = -1", "a standard deviation is 0 or more"),
        ("dist = \"normal\", mean = 0.5, sd = 0.1, low = 0.7, high = 0.6", "comes first: low, high"),
        ("dist = \"normal\", mean = 0.5, sd = 0.01, low = 0.9, high = 1", "on both sides of the mean"),
        ("dist = \"lognormal\", median = -1, sd_log = 0.1", "write a median above 0"),
        ("dist = \"lognormal\", median = 0.5, sd_log = 11", "such as 0.1"),
    ] {
        in_scenario("proceeds = 0.5", &format!("proceeds = {{ {wrong} }}"), &[remedy]);
    }
    in_scenario("start = 2028", "start = 28", &["28 is not a calendar year"]);
    in_scenario("pearson = 0.2", "pearson = 20", &["not between -1 and 1", "did you mean 0.2?"]);
}

/// `[[correlations]]` in place of the good scenario's, one problem.
#[track_caller]
fn correlated(blocks: &[(&str, &str, &str)], at: usize, words: &[&str]) {
    let stated = "[[correlations]]\nbetween = [\"volume.North\", \"currency.YEN\"]\npearson = 0.2\n";
    let block = |&(one, other, value): &(&str, &str, &str)| {
        format!("[[correlations]]\nbetween = [\"{one}\", \"{other}\"]\n{value}\n")
    };
    let new: String = blocks.iter().map(block).collect();
    let line = new.lines().nth(at).expect("a line").to_owned();
    expect("test.toml", stated, &new, &line, words);
}

#[test]
fn correlations_that_cannot_be() {
    let (north, yen) = ("volume.North", "currency.YEN");
    let weight = "components.battery.weight.all.electric";
    correlated(
        &[
            (north, yen, "pearson = 0.9"),
            ("volume.South", yen, "pearson = 0.9"),
            (north, "volume.South", "rank = -0.9"),
        ],
        0,
        &[
            "not possible together",
            "the nearest that are",
            "volume.North with currency.YEN pearson 0.",
            "rank -0.",
        ],
    );
    // What nobody stated is 0, and part of what can hold together.
    correlated(
        &[(north, yen, "pearson = 0.9"), ("volume.South", yen, "pearson = 0.9")],
        0,
        &["not possible together", "volume.North with volume.South pearson 0."],
    );
    correlated(&[("volume.Noth", yen, "rank = 0.2")], 1, &["`volume.Noth`", "did you mean `volume.North`?"]);
    correlated(&[(north, yen, "")], 0, &["without a value", "`rank`"]);
    correlated(&[(north, yen, "rank = 0.1\npearson = 0.1")], 0, &["by `rank` and by `pearson`"]);
    correlated(&[(north, north, "rank = 0.2")], 1, &["correlated with itself"]);
    correlated(&[(north, weight, "rank = 0.2")], 1, &["one is drawn once and one every year"]);
    correlated(
        &[("components.battery.learning_rate", weight, "rank = 0.2")],
        1,
        &["has one value", "distribution"],
    );
    correlated(&[(north, yen, "rank = 0.2"), (yen, north, "rank = 0.2")], 4, &["correlated twice"]);
}

#[test]
fn horizon_worlds_and_replications() {
    in_scenario("last_year = 2030", "last_year = 2024", &["does not come after the base year", "2025"]);
    in_scenario("replications = 100", "replications = 0", &["zero replications"]);
    in_scenario("replications = 100", "replications = 1_000_000_001", &["too many", "at most 1000000000"]);
    in_scenario("years = [2028, 2030]", "years = [2028, 2050]", &["2050 lies after the last year (2030)"]);
    in_scenario("years = [2028, 2030]", "years = [2020]", &["2020 lies before the base year (2024)"]);
    // A horizon shortened for once does not ask for another report.
    let case = Case::new("test.toml", "A test", "A short test");
    assert!(case.problems(&["scenario.last_year=2028"]).is_empty());
    expect("test.toml", "reference = true\n", "", "[worlds.none]", &["no world is the reference"]);
    let two = "[worlds.with]\nreference = true";
    let case = Case::new("test.toml", "[worlds.with]", two);
    let found = case.problems(&[]);
    assert_eq!(found.len(), 1);
    assert!(found[0].what.contains("two worlds are the reference: `none` and `with`"));
    assert_eq!(found[0].place.as_ref().map(|place| place.line()), Some(case.line_of("[worlds.with]") + 1));
}

#[test]
fn makers_that_are_not_defined() {
    in_scenario(
        "target = \"Gamma\"",
        "target = \"Gama\"",
        &["unknown maker `Gama`", "did you mean `Gamma`?"],
    );
    in_scenario(
        "holder = \"Beta\"",
        "holder = \"Betta\"",
        &["unknown maker `Betta`", "did you mean `Beta`?"],
    );
    in_scenario(
        "members = [\"Alpha\", \"Beta\"]",
        "members = [\"Alpha\", \"Zeta\"]",
        &["unknown maker `Zeta`"],
    );
    in_scenario(
        "members = [\"Beta\", \"Gamma\"]",
        "members = [\"Beta\", \"Omega\"]",
        &["unknown maker `Omega`"],
    );
    in_scenario(
        "members.Beta = {",
        "members.Omega.from = 2025-01-01\nmembers.Beta = {",
        &["unknown maker `Omega`"],
    );
    in_scenario("manufacturer = \"Beta\"\nshare", "manufacturer = \"Bet\"\nshare", &["unknown maker `Bet`"]);
    in_scenario("like = \"Alpha\"", "like = \"Beta\"", &["Beta has no offer electric in South"]);
    in_scenario(
        "makers = [\"Alpha\", \"Beta\"]",
        "makers = [\"Alpha\", \"Delta\"]",
        &["unknown maker `Delta`"],
    );
    in_scenario("alliance = \"abc\"", "alliance = \"abd\"", &["did you mean `abc`?"]);
    in_scenario("manufacturers = [\"Beta\"]", "manufacturers = [\"Alhpa\"]", &["did you mean `Alpha`?"]);
}

#[test]
fn stakes_and_alliances_that_cannot_be() {
    in_scenario("holder = \"Beta\"", "holder = \"Gamma\"", &["Gamma cannot hold a stake in itself"]);
    in_scenario("share = 0.3", "share = 1.3", &["1.3 is not a fraction"]);
    let more = "[stakes.more]\nholder = \"A fund\"\ntarget = \"Gamma\"\nshare = 0.8\nfrom = 2027-01-01\n[mergers.two]";
    expect("test.toml", "[mergers.two]", more, "share = 0.8", &["sum to 1.1000 on 2027-01-01"]);
    in_scenario(
        "members.Beta = { from = 2024-08-01, until = 2029-01-01 }",
        "members.Beta = { from = 2024-08-01, until = 2024-08-01 }",
        &["leaves on 2024-08-01, not after it joins"],
    );
    in_scenario("components = [\"battery\"]", "components = [\"batery\"]", &["unknown component `batery`"]);
    let words = ["does not say what Beta would pay alone"];
    in_scenario(
        "stand_alone_cost = { Alpha = 1.2, Beta = 0.4 }",
        "stand_alone_cost = { Alpha = 1.2 }",
        &words,
    );
}

#[test]
fn names_of_regions_powertrains_and_currencies() {
    in_scenario("knowledge_effect.electric", "knowledge_effect.electro", &["unknown powertrain `electro`"]);
    in_scenario(
        "powertrain_share.electric.2025",
        "powertrain_share.fuel.2025",
        &["takes what the other powertrains leave"],
    );
    in_scenario(
        "powertrain_share.electric.2025",
        "powertrain_share.electric.2024",
        &["base year", "begin with 2025"],
    );
    in_scenario(
        "currency = \"YEN\"",
        "currency = \"YAN\"",
        &["unknown currency `YAN`", "did you mean `YEN`?"],
    );
    in_scenario(
        "between = [\"volume.North\"",
        "between = [\"volume.Nord\"",
        &["unknown input or shock `volume.Nord`"],
    );
    in_scenario("weight.all.electric", "weight.East.electric", &["unknown region `East`"]);
    in_scenario("region = \"North\"", "region = \"Nroth\"", &["unknown region `Nroth`", "`North`"]);
}

#[test]
fn names_that_are_empty() {
    let offer = "[[offers]]\nregion = \"South\"\nmanufacturer = \"\"\npowertrain = \"fuel\"\nunits = 1\nprice = 1\n\n[powertrains.fuel]";
    expect("test.toml", "[powertrains.fuel]", offer, "manufacturer = \"\"", &["`manufacturer` is empty"]);
    let offer = offer.replace("manufacturer = \"\"", "manufacturer = \"Beta\"").replace("\"fuel\"", "\" \"");
    expect("test.toml", "[powertrains.fuel]", &offer, "powertrain = \" \"", &["`powertrain` is empty"]);
    let region =
        "[regions.\"\"]\nown_price_elasticity = -4\nmarket_price_elasticity = -0.5\n\n[powertrains.fuel]";
    let case = Case::new("test.toml", "[powertrains.fuel]", region);
    assert!(case.problems(&[]).iter().any(|problem| problem.what.contains("a name in `regions` is empty")));
}

#[test]
fn components_and_feedbacks_in_bounds() {
    expect(
        "test.toml",
        "remainder = true",
        "",
        "[components.battery]",
        &["no component takes the remainder"],
    );
    let two = "components.other]\nremainder = true\n[components.rest]";
    expect("test.toml", "components.rest]", two, "remainder = true\n\n", &["`other` and `rest`"]);
    in_scenario("high = 0.3 }\nvolume", "high = 0.8 }\nvolume", &["can sum to 1.1000", "feeds itself"]);
}

#[test]
fn patches_of_things_that_do_not_exist() {
    in_scenario(
        "set.alliances.abc.active",
        "set.alliances.abd.active",
        &["no `abd` in `alliances`", "did you mean `abc`?"],
    );
    in_scenario(
        "set.costs.scale_elasticity",
        "set.costs.scale_elastisity",
        &["did you mean `scale_elasticity`?"],
    );
    in_scenario(
        "set.costs.scale_elasticity = 0.03",
        "set.costs.scale_elasticity = 3",
        &["did you mean 0.03?"],
    );
    in_scenario(
        "set.costs.scale_elasticity = 0.03",
        "set.scenario.last_year = 2040",
        &["a world cannot change `scenario`"],
    );
}

#[test]
fn overrides_on_the_command_line() {
    let case = Case::new("test.toml", "A test", "A test of --set");
    for (given, words) in [
        ("regions.Nroth.loyalty=0.2", "did you mean `North`?"),
        ("costs.spilover=0.2", "did you mean `spillover`?"),
        ("costs.spillover=12", "did you mean 0.12?"),
        ("costs.spillover=much", "found the text \"much\""),
        ("costs.spillover", "has no `=`"),
        ("worlds.wiht.set.costs.spillover=0.2", "did you mean `with`?"),
        ("worlds.with.set.costs.spilover=0.2", "did you mean `spillover`?"),
        ("tables.offers=nowhere.csv", "does not exist"),
    ] {
        let found = case.problems(&[given]);
        assert_eq!(found.len(), 1, "{given}: {}", Problems(found.clone()));
        let text = Problems(found.clone()).to_string();
        assert!(text.contains(words), "{given}: {text}");
        assert!(given == "costs.spillover" || text.contains("--set"), "{given}: {text}");
    }
    let overrides = ["costs.spillover=0.25".to_owned(), "worlds.cheap.set.costs.spillover=0.75".to_owned()];
    let scenario = load(&case.scenario(), &overrides).unwrap_or_else(|problems| panic!("{problems}"));
    let spillovers = scenario.worlds.iter().map(|world| world.file.costs.spillover.median());
    assert_eq!(spillovers.collect::<Vec<_>>(), [0.25, 0.25, 0.75]);
    assert_eq!(scenario.overrides, overrides);
    let none = load_with(&case.scenario(), &[], Some(0), None).unwrap_err();
    assert!(none.to_string().contains("zero replications"));
    let seeded =
        load_with(&case.scenario(), &[], Some(7), Some(9)).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!((seeded.replications, seeded.seed), (7, 9));
}

#[test]
fn everything_is_found_in_one_pass() {
    let case = Case::new("test.toml", "last_year = 2030", "last_year = 2020");
    let path = case.scenario();
    let text =
        case.changed.replace("nest_rho = 0.4", "nest_roh = 0.4").replace("proceeds = 0.5", "proceeds = 50");
    std::fs::write(&path, text.replace("target = \"Gamma\"", "target = \"Gama\"")).expect("a file");
    let offers =
        crate::support::good_scenario::FILES[1].1.replace("21000", "-21000").replace("27000", "many");
    std::fs::write(case.folder.path().join("offers.csv"), offers).expect("a file");
    let text = load(&path, &[]).unwrap_err().to_string();
    for words in ["nest_rho", "last year", "did you mean 0.5?", "-21000", "`many` is not a number"] {
        assert!(text.contains(words), "`{words}` is missing in\n{text}");
    }
}

/// A hundred rows with one mistake are one lesson: ten are shown, the rest counted, with the next one's place.
#[test]
fn many_problems_with_the_same_remedy_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = "[scenario]\ntitle = \"x\"\nbase_year = 2024\nlast_year = 2025\n[regions.Home]\n\
                    own_price_elasticity = -4\nmarket_price_elasticity = -0.5\n[worlds.base]\nreference = true\n"
        .to_owned();
    for maker in 0..40 {
        text += &format!(
            "[[offers]]\nregion = \"Home\"\nmanufacturer = \"M{maker}\"\nunits = -5\nprice = 9000\n"
        );
    }
    let path = folder.path().join("many.toml");
    std::fs::write(&path, text).unwrap();
    let problems = load(&path, &[]).unwrap_err();
    assert!(problems.0.len() >= 40);
    let shown = problems.to_string();
    assert!(
        shown.contains("30 more with the same help; the next: ") && shown.contains("many.toml:"),
        "{shown}"
    );
    assert_eq!(shown.matches("╭─[").count(), problems.0.len() - 30, "{shown}");
}

fn minimal(overrides: &[&str]) -> Result<keiretsu::scenario::Scenario, Problems> {
    let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
    load(&shipped("minimal.toml"), &overrides)
}

/// Shipped scenarios are beyond doubt; figures far from their neighbours are not, and are told with their place.
#[test]
fn sizes_that_are_hardly_meant_are_doubted() {
    for path in run_scenarios() {
        let scenario = load(&path, &[]).unwrap_or_else(|problems| panic!("{problems}"));
        assert!(scenario.doubts.0.is_empty(), "{}: {}", path.display(), scenario.doubts);
    }
    let thousands = ["offers.0.units=900", "offers.1.units=300", "offers.2.units=2000"];
    for (set, words) in [
        (&["offers.1.price=21"][..], "a price of 21 among prices around 23000"),
        (&["offers.0.price=2400000"], "a price of 2400000"),
        (&["offers.1.units=300"], "300 units among offers of around 900000"),
        (&thousands, "costs.scale_saturation, which is not stated"),
    ] {
        let doubts = minimal(set).unwrap().doubts;
        assert!(doubts.0.len() == 1 && doubts.0[0].place.is_some(), "{set:?}: {doubts}");
        assert!(doubts.0[0].what.contains(words) && doubts.0[0].remedy.is_some(), "{doubts}");
    }
    let stated = [&thousands[..], &["costs.scale_saturation=2500"]].concat();
    assert!(minimal(&stated).unwrap().doubts.0.is_empty());
    let folder = tempfile::tempdir().unwrap();
    let figures = folder.path().join("figures.csv");
    std::fs::write(&figures, "manufacturer,figure,value\nAsahi,world_units,1000\n").unwrap();
    let set = format!("tables.manufacturers={:?}", figures.to_str().unwrap());
    let doubts = minimal(&[&set]).unwrap().doubts;
    assert!(doubts.0[0].what.contains("1000 units worldwide, fewer than the 900000"), "{doubts}");
}

#[test]
fn names_that_hardly_differ_are_one_maker_typed_twice() {
    for twin in ["asahi", "A-sahi", "Asahi ", "ASAHI"] {
        let wrong = minimal(&[&format!("offers.2.manufacturer=\"{twin}\"")]).unwrap_err();
        assert!(
            wrong.0.iter().any(|p| p.what.contains("hardly differ") && p.place.is_some()),
            "{twin}: {wrong}"
        );
    }
    // é in one letter, and as an e with an accent.
    let set = ["offers.0.manufacturer=\"Caf\u{e9}\"", "offers.2.manufacturer=\"Cafe\u{301}\""];
    let wrong = minimal(&set).unwrap_err();
    assert!(wrong.0.iter().any(|p| p.what.contains("hardly differ")), "{wrong}");
    // A plus is no hyphen.
    assert!(!minimal(&["offers.2.manufacturer=\"Asahi+\""]).is_err_and(|p| p.to_string().contains("hardly")));
}
