//! A scenario that extends another: what differs lies over the rest, and problems point into the right file.

use std::fs;
use std::path::PathBuf;

use keiretsu::scenario::{Problem, Problems, Scenario, load};
use tempfile::TempDir;

const BELOW: &str = r#"offers = [
    { region = "Home", manufacturer = "Asahi", units = 900, price = 24 },
    { region = "Home", manufacturer = "Tsuki", units = 300, price = 21 },
]
[scenario]
title = "Below"
base_year = 2024
last_year = 2030
[regions.Home]
own_price_elasticity = -4
market_price_elasticity = -0.6
[worlds.apart]
reference = true
[worlds.other]
"#;

fn folder_with(above: &str, below: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a folder");
    fs::create_dir(folder.path().join("base")).expect("a folder");
    fs::write(folder.path().join("base/below.toml"), below).expect("a file");
    fs::write(folder.path().join("above.toml"), above).expect("a file");
    let path = folder.path().join("above.toml");
    (folder, path)
}

fn loaded(above: &str) -> Scenario {
    let (_folder, path) = folder_with(above, BELOW);
    load(&path, &[]).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The one problem, its file's name and its line.
#[track_caller]
fn problem(above: &str, below: &str) -> (Problem, String, usize) {
    let (_folder, path) = folder_with(above, below);
    let Problems(found) = load(&path, &[]).expect_err("a problem");
    assert_eq!(found.len(), 1, "{}", Problems(found.clone()));
    let place = found[0].place.clone().expect("a place");
    let file = place.file.rsplit('/').next().unwrap_or_default().to_owned();
    (found[0].clone(), file, place.line())
}

#[test]
fn what_is_stated_above_wins_and_the_rest_stays() {
    let scenario = loaded(
        "extends = \"base/below.toml\"\n[scenario]\ntitle = \"Above\"\n[worlds.other]\nactive = false\n[worlds.more.set.costs]\nspillover = 0.5\n",
    );
    assert_eq!(
        (scenario.title.as_str(), scenario.last_year, scenario.name.as_str()),
        ("Above", 2030, "above")
    );
    let keys: Vec<&str> = scenario.worlds.iter().map(|world| world.key.as_str()).collect();
    assert_eq!(keys, ["apart", "more"]);
    assert_eq!(scenario.worlds[1].file.costs.spillover.median(), 0.5);
    let names: Vec<&str> = scenario.inputs.iter().map(|input| input.name.as_str()).collect();
    assert_eq!(names, ["above.toml", "base/below.toml"]);
}

#[test]
fn tables_are_found_beside_the_file_that_names_them() {
    let (folder, path) = folder_with(
        "extends = \"base/below.toml\"\n[scenario]\ntitle = \"Above\"\n",
        &BELOW.replace("[scenario]", "[tables]\nhistory = \"history.csv\"\n[scenario]"),
    );
    let history = "region,manufacturer,year,units\nHome,TOTAL,2023,1100\n";
    fs::write(folder.path().join("base/history.csv"), history).expect("a file");
    let scenario = load(&path, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(scenario.worlds[0].history.len(), 1);
}

#[test]
fn problems_point_into_the_right_file() {
    let extends = "extends = \"base/below.toml\"\n";
    let (found, file, line) = problem(&format!("{extends}[regions.Hoem]\nloyalty = 0.2\n"), BELOW);
    assert_eq!((file.as_str(), line), ("above.toml", 2));
    assert!(found.remedy.is_some_and(|remedy| remedy.contains("did you mean `Home`?")));

    let (_, file, line) = problem(extends, &BELOW.replace("= -0.6", "= 0.6"));
    assert_eq!((file.as_str(), line), ("below.toml", 11));

    let (found, file, line) = problem(&format!("{extends}[regions.Home]\nnest_rho = 2\n"), BELOW);
    assert_eq!((file.as_str(), line), ("above.toml", 3));
    assert!(found.what.contains("regions.Home.nest_rho"), "{}", found.what);

    let (found, file, line) = problem("extends = \"base/beneath.toml\"\n", BELOW);
    assert_eq!((file.as_str(), line), ("above.toml", 1));
    assert!(found.what.contains("does not exist"));

    let (found, file, line) = problem(extends, "extends = \"../above.toml\"\n");
    assert_eq!((file.as_str(), line), ("below.toml", 1));
    assert!(found.what.contains("extends itself"));
}
