//! Two thousand spoilt inputs: whatever is done to a file or an option, the program ends with an answer or with a
//! message that can be shown and says where; it never panics and leaves nothing behind. The same inputs at every
//! run; `fuzz/` tries others.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::support::attempt::{Files, Sample, Verdict, equilibrium, part_file, scenario};
use crate::support::binary::{code, files as files_of, keiretsu, root, stderr, stdout, temporary};
use crate::support::good_scenario;
use crate::support::markets::Draws;
use crate::support::mutate::mutate;

fn read(path: &str) -> Vec<u8> {
    std::fs::read(root().join(path)).unwrap_or_else(|_| panic!("no {path}"))
}

fn file(name: &str, path: &str) -> (String, Vec<u8>) {
    (name.to_owned(), read(path))
}

/// Scenarios with all their tables in one folder.
fn scenarios() -> Vec<Files> {
    let ferries =
        String::from_utf8(read("tests/scenarios/ferries.toml")).unwrap().replace("\"ferries/", "\"");
    let good = good_scenario::FILES.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
    vec![
        vec![file("minimal.toml", "scenarios/minimal.toml")],
        vec![
            ("ferries.toml".to_owned(), ferries.into_bytes()),
            file("offers.csv", "tests/scenarios/ferries/offers.csv"),
            file("policies.csv", "tests/scenarios/ferries/policies.csv"),
            file("origins.csv", "tests/scenarios/ferries/origins.csv"),
        ],
        vec![file("lamps.toml", "tests/scenarios/three-regions.toml")],
        good.to_vec(),
    ]
}

/// Spoils one file of one of the seeds `n` times; `pick` says which of the seed's files, by a draw.
fn try_all(
    seed: u64,
    n: usize,
    seeds: &[Files],
    pick: impl Fn(usize, &mut Draws) -> usize,
    attempt: impl Fn(&Files) -> Verdict,
) {
    let mut draws = Draws(seed);
    let (mut accepted, mut panics) = (0, Vec::new());
    for case in 0..n {
        let mut files = seeds[draws.below(seeds.len())].clone();
        let at = pick(files.len(), &mut draws);
        let others = &seeds[draws.below(seeds.len())][0].1;
        files[at].1 = mutate(&files[at].1, others, &mut draws);
        match catch_unwind(AssertUnwindSafe(|| attempt(&files))) {
            Ok(Verdict::Accepted) => accepted += 1,
            Ok(_) => {}
            Err(_) => panics.push((case, files[at].clone())),
        }
    }
    let told: String = panics
        .iter()
        .map(|(case, (name, text))| {
            format!("== input {case} of {seed}, {name}\n{}\n", String::from_utf8_lossy(text))
        })
        .collect();
    assert!(panics.is_empty(), "{} panics (their messages stand above)\n{told}", panics.len());
    assert!(accepted * 20 > n, "{accepted} of {n} were still good: what follows reading is hardly tried");
}

#[test]
fn mutations_of_scenarios() {
    try_all(1, 900, &scenarios(), |_, _| 0, |files| scenario(files, &[]));
}

#[test]
fn mutations_of_tables() {
    let with_tables: Vec<Files> = scenarios().into_iter().filter(|files| files.len() > 1).collect();
    try_all(2, 600, &with_tables, |n, draws| 1 + draws.below(n - 1), |files| scenario(files, &[]));
}

#[test]
fn mutations_of_markets() {
    let reference = ["s02_duopoly", "s10_nested_rho_zero", "s15_mixed_gauss_hermite", "s22_partial_before"];
    let mut seeds: Vec<Files> = reference
        .map(|name| vec![file("market.json", &format!("tests/reference-markets/{name}.json"))])
        .to_vec();
    let table = file("merger-offers.csv", "scenarios/merger-offers.csv");
    seeds.push(vec![file("merger.toml", "scenarios/merger.toml"), table]);
    try_all(3, 300, &seeds, |n, draws| draws.below(n), equilibrium);
}

#[test]
fn mutations_of_overrides() {
    let overrides = [
        "regions.Home.own_price_elasticity=-4.5",
        "offers.0.price=24000",
        "costs.scale_elasticity={ dist = \"uniform\", low = 0.02, high = 0.05 }",
        "alliances.asahi-tsuki.pools.purchasing.start=2027",
        "scenario.last_year=2027",
        "worlds.together.name=\"Both\"",
        "alliances.\"asahi-tsuki\".members.Asahi.from=2025-06-30",
        "regions.\"Home\".volume.given={ 2025 = 3300000 }",
    ];
    let minimal = vec![file("minimal.toml", "scenarios/minimal.toml")];
    let seeds: Vec<Files> =
        overrides.iter().map(|text| vec![("--set".to_owned(), text.as_bytes().to_vec())]).collect();
    let attempt = |files: &Files| {
        let given = String::from_utf8_lossy(&files[0].1).into_owned();
        scenario(&minimal, &[given])
    };
    try_all(4, 200, &seeds, |_, _| 0, attempt);
}

/// The program itself: exit code, what is printed where, and an empty folder after a refusal.
#[test]
fn mutations_through_the_program() {
    let mut draws = Draws(5);
    let seeds = scenarios();
    for _ in 0..40 {
        let mut given = seeds[draws.below(seeds.len())].clone();
        let at = draws.below(given.len());
        given[at].1 = mutate(&given[at].1, &seeds[0][0].1, &mut draws);
        let folder = temporary();
        for (name, bytes) in &given {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        let before = files_of(folder.path());
        let output = keiretsu(folder.path(), &["run", &given[0].0, "--replications", "8", "--out", "run"]);
        let (message, text) = (stderr(&output), String::from_utf8_lossy(&given[at].1));
        assert!(!message.contains("panicked"), "{message}{text}");
        match code(&output) {
            2 => {
                let placed = given.iter().any(|(name, _)| message.contains(name.as_str()));
                assert!(placed && stdout(&output).is_empty(), "{message}{text}");
                assert_eq!(files_of(folder.path()), before, "{message}");
            }
            ended => assert!(ended == 0 || message.contains("replications"), "{ended}: {message}{text}"),
        }
    }
}

/// Parts whose content is spoilt, with checksums put right: merged or refused.
#[test]
fn mutations_of_parts() {
    let sample = Sample::new(&scenarios()[0]);
    let mut draws = Draws(5);
    let (mut accepted, mut refused) = (0, 0);
    for case in 0..150 {
        let number = draws.below(1 << 20);
        let content = mutate(&sample.piece(number), &sample.piece(draws.below(1 << 20)), &mut draws);
        match catch_unwind(AssertUnwindSafe(|| sample.merge_with(number, &content))) {
            Ok(Verdict::Accepted) => accepted += 1,
            Ok(_) => refused += 1,
            Err(_) => panic!("case {case}: piece {number} with {content:?}"),
        }
    }
    assert!(accepted > 5 && refused > 20, "{accepted} accepted, {refused} refused");
}

#[test]
fn mutations_of_part_files() {
    let folder = temporary();
    let out = folder.path().join("good");
    let arguments = ["run", "scenarios/minimal.toml", "--replications", "20", "--shard", "1/2", "--out"];
    let made = keiretsu(&root(), &[&arguments[..], &[out.to_str().unwrap()]].concat());
    assert_eq!(code(&made), 0, "{}", stderr(&made));
    let good = std::fs::read(&out).unwrap();
    let good = &good[..good.len() - 32];
    assert_eq!(part_file(folder.path(), good), Verdict::Accepted);
    let mut draws = Draws(6);
    for _ in 0..300 {
        // Mostly what comes first: names, sizes, the files that were read.
        let spoilt = mutate(&good[..good.len().min(3000)], good, &mut draws);
        part_file(folder.path(), &[&spoilt, &good[good.len().min(3000)..]].concat());
    }
}
