//! The commands, as users and their scripts rely on them: options, exit codes, what is printed where.

use crate::support::binary::{
    Csv, MINIMAL, altered, assert_done, code, files, keiretsu, refused, scenario, stderr, stdout, temporary,
};

/// A run writes its folder, prints the answer, keeps progress for terminals.
#[test]
fn run_writes_and_answers() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    let output = keiretsu(folder.path(), &["run", &path, "--replications", "40"]);
    assert_done(&output);
    let answer = stdout(&output);
    assert!(answer.contains("Asahi") || answer.contains("together"), "{answer}");
    assert!(!answer.contains('\u{1b}'), "no colours in a pipe");
    let progress = stderr(&output);
    assert!(!progress.contains("replications,") && !progress.contains('\r') && !progress.contains('\u{1b}'));
    let csv = Csv::read(&folder.path().join("outputs/minimal"), "shares.csv");
    assert!(csv.rows.iter().all(|row| row[csv.at("n")] == "40"));
}

#[test]
fn quiet_prints_nothing_and_json_parses() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    let quiet = keiretsu(folder.path(), &["run", &path, "--replications", "8", "--quiet"]);
    assert_done(&quiet);
    assert!(quiet.stdout.is_empty() && quiet.stderr.is_empty(), "{}{}", stdout(&quiet), stderr(&quiet));
    let json = keiretsu(folder.path(), &["run", &path, "--replications", "8", "--format", "json"]);
    assert_done(&json);
    let answer: serde_json::Value = serde_json::from_str(&stdout(&json)).expect("JSON");
    assert!(answer.is_object());
    let csv = keiretsu(folder.path(), &["run", &path, "--format", "csv"]);
    assert_eq!(code(&csv), 2, "an unknown format is a wrong command line");
}

/// A wrong command line: exit code 2, nothing written.
#[test]
fn wrong_command_lines_are_refused() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    refused(folder.path(), &[], 2, &["Usage"]);
    refused(folder.path(), &["rum", &path], 2, &["run"]);
    refused(folder.path(), &["run"], 2, &["SCENARIO"]);
    let replications = ["--replications", "whole number from 1 to 1000000000"];
    for wrong in ["0", "-5", "many", "1.5", "1000000001", "18446744073709551615"] {
        refused(folder.path(), &["run", &path, "--replications", wrong], 2, &replications);
    }
    for wrong in ["0", "-1", "1025", "20000"] {
        let words = ["--threads", "whole number from 1 to 1024"];
        refused(folder.path(), &["run", &path, "--threads", wrong], 2, &words);
    }
    for wrong in ["one", "-1", "18446744073709551616"] {
        let words = ["--seed", "whole number from 0 to 18446744073709551615"];
        refused(folder.path(), &["run", &path, "--seed", wrong], 2, &words);
    }
    refused(folder.path(), &["run", &path, "--examine", "-1"], 2, &["--examine", "whole number"]);
    refused(folder.path(), &["run", "nowhere.toml"], 2, &["nowhere.toml"]);
    refused(folder.path(), &["run", "."], 2, &[]);
}

/// A wrong scenario: exit code 2, the file and the line, what to do; nothing written; by every command.
#[test]
fn wrong_scenarios_are_refused() {
    let folder = temporary();
    let cases: [(&str, &str, &[&str]); 9] = [
        ("units = 900_000", "unit = 900_000", &["altered.toml", "unit", "did you mean `units`"]),
        ("units = 900_000", "units = -1", &["altered.toml", "-1"]),
        ("units = 900_000", "units = nan", &["altered.toml"]),
        ("price = 21_000", "price = 0", &["altered.toml", "price"]),
        ("low = -5.0", "low = -3.0", &["altered.toml", "low"]),
        ("reference = true", "reference = false", &["altered.toml", "reference"]),
        ("members.Tsuki.from", "members.Tsuky.from", &["altered.toml", "Tsuky", "Tsuki"]),
        ("last_year = 2030", "last_year = 2024", &["altered.toml", "2024"]),
        ("kind = \"purchasing\"", "kind = \"buying\"", &["altered.toml", "buying"]),
    ];
    for (from, to, words) in cases {
        let file = altered(folder.path(), from, to);
        for command in ["run", "check", "calibrate"] {
            refused(folder.path(), &[command, &file], 2, words);
        }
    }
}

/// A region with one offer cannot be calibrated, whatever its elasticities; one world is answered in words.
#[test]
fn too_little_to_calibrate_or_to_compare() {
    let folder = temporary();
    let minimal = std::fs::read_to_string(crate::support::binary::root().join(MINIMAL)).unwrap();
    let offer = "offers = [\n{ region = \"Alone\", manufacturer = \"Asahi\", units = 1000, price = 20_000 },";
    let region = "[regions.Alone]\nown_price_elasticity = -4\nmarket_price_elasticity = -0.6\n\n[worlds";
    let alone = minimal.replacen("offers = [", offer, 1).replacen("[worlds", region, 1);
    std::fs::write(folder.path().join("alone.toml"), alone).unwrap();
    refused(folder.path(), &["check", "alone.toml"], 2, &["alone.toml", "single offer", "add an offer"]);
    let (base, _) = minimal.split_once("[worlds").unwrap();
    std::fs::write(folder.path().join("one.toml"), format!("{base}[worlds.one]\nreference = true\n"))
        .unwrap();
    let output = keiretsu(folder.path(), &["run", "one.toml", "--replications", "8"]);
    assert_done(&output);
    assert!(stdout(&output).contains("nothing is compared"), "{}", stdout(&output));
}

/// Every problem in one pass.
#[test]
fn all_problems_come_at_once() {
    let folder = temporary();
    altered(folder.path(), "units = 900_000", "unit = 900_000");
    let text = std::fs::read_to_string(folder.path().join("altered.toml")).unwrap();
    let text = text.replace("price = 21_000", "price = -3").replace("members.Tsuki", "members.Tsuky");
    std::fs::write(folder.path().join("altered.toml"), text).unwrap();
    refused(folder.path(), &["check", "altered.toml"], 2, &["unit", "-3", "Tsuky"]);
}

/// `--set` works as a change of the file does, is checked as one, and is written down.
#[test]
fn set_changes_the_scenario_and_is_in_the_manifest() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    let set = "regions.Home.market_price_elasticity=-0.9";
    let by_option = keiretsu(
        folder.path(),
        &["run", &path, "--replications", "16", "--set", set, "--out", "option", "--quiet"],
    );
    assert_done(&by_option);
    let file = altered(folder.path(), "market_price_elasticity = -0.6", "market_price_elasticity = -0.9");
    let by_file =
        keiretsu(folder.path(), &["run", &file, "--replications", "16", "--out", "file", "--quiet"]);
    assert_done(&by_file);
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    for csv in ["outcomes.csv", "comparison.csv", "calibration.csv"] {
        assert_eq!(read(&format!("option/{csv}")), read(&format!("file/{csv}")), "{csv}");
    }
    let manifest: serde_json::Value = serde_json::from_slice(&read("option/manifest.json")).unwrap();
    assert_eq!(manifest["overrides"], serde_json::json!([set]));

    for (set, words) in [
        ("regions.Home.market_elasticity=-0.9", &["market_elasticity"][..]),
        ("regions.Hume.nest_rho=0.2", &["Hume"]),
        ("regions.Home.nest_rho=12", &["12"]),
        ("regions.Home.nest_rho=many", &["many"]),
        ("regions.Home.nest_rho", &[]),
        ("=1", &[]),
    ] {
        refused(folder.path(), &["run", &path, "--set", set], 2, words);
    }
}

/// A folder that cannot be made: exit code 1, before the work, with the path.
#[test]
fn an_unwritable_folder_is_a_failure() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    std::fs::write(folder.path().join("file"), "not a folder").unwrap();
    refused(
        folder.path(),
        &["run", &path, "--replications", "8", "--out", "file/run"],
        1,
        &["file/run", "--out"],
    );
    if cfg!(target_os = "linux") {
        refused(
            folder.path(),
            &["run", &path, "--replications", "8", "--out", "/proc/run"],
            1,
            &["/proc/run"],
        );
    }
    refused(
        folder.path(),
        &["calibrate", &path, "--out", "file/calibration.csv"],
        1,
        &["file/calibration.csv"],
    );
}

/// `check` simulates nothing, writes nothing, and lists what is uncertain.
#[test]
fn check_lists_the_uncertain_inputs() {
    let folder = temporary();
    let output = keiretsu(folder.path(), &["check", &scenario(MINIMAL)]);
    assert_done(&output);
    let text = stdout(&output);
    for word in ["own_price_elasticity", "triangular", "-5", "scale_elasticity", "uniform"] {
        assert!(text.contains(word), "no `{word}` in {text}");
    }
    assert!(!text.contains("market_price_elasticity "), "what is certain is not listed");
    assert!(files(folder.path()).is_empty());
}

/// `calibrate` prints a table for people and writes the one for programs.
#[test]
fn calibrate_prints_and_writes() {
    let folder = temporary();
    let path = scenario("scenarios/honda-nissan-mitsubishi.toml");
    let output = keiretsu(folder.path(), &["calibrate", &path, "--out", "table.csv"]);
    assert_done(&output);
    let text = stdout(&output);
    for word in ["Honda", "Nissan", "Mitsubishi", "US", "China", "elasticity"] {
        assert!(text.contains(word), "no `{word}`");
    }
    let csv = Csv::read(folder.path(), "table.csv");
    let expected =
        "region,manufacturer,powertrain,units,share,price,marginal_cost,margin,own_elasticity,mean_utility";
    assert_eq!(csv.header.join(","), expected);
    for row in &csv.rows {
        let margin = csv.number(row, "margin");
        let (price, cost) = (csv.number(row, "price"), csv.number(row, "marginal_cost"));
        assert!((0.08..0.45).contains(&margin), "{row:?}");
        assert!((margin - (price - cost) / price).abs() < 1e-12 && csv.number(row, "own_elasticity") < -1.0);
    }
}

#[test]
fn the_schema_describes_scenarios() {
    let folder = temporary();
    let output = keiretsu(folder.path(), &["schema"]);
    assert_done(&output);
    let schema: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    for section in ["scenario", "regions", "alliances", "worlds"] {
        assert!(schema["properties"][section].is_object(), "{section}");
    }
}

/// Help names every command, and comes with exit code 0.
#[test]
fn help_and_version() {
    let folder = temporary();
    let help = keiretsu(folder.path(), &["--help"]);
    assert_done(&help);
    for command in ["run", "check", "calibrate", "schema"] {
        assert!(stdout(&help).contains(&format!("  {command} ")), "{command}");
    }
    let version = keiretsu(folder.path(), &["--version"]);
    assert_done(&version);
    assert_eq!(stdout(&version).trim(), format!("keiretsu {}", env!("CARGO_PKG_VERSION")));
    for option in
        ["--replications", "--seed", "--threads", "--out", "--force", "--set", "--quiet", "--format"]
    {
        assert!(stdout(&keiretsu(folder.path(), &["run", "--help"])).contains(option), "{option}");
    }
}

/// A table goes over one that the command has written, and over nothing else.
#[test]
fn calibrate_loses_nobodys_file() {
    let folder = temporary();
    let path = folder.path().join("minimal.toml");
    std::fs::copy(scenario("scenarios/minimal.toml"), &path).unwrap();
    let before = std::fs::read(&path).unwrap();
    for _ in 0..2 {
        assert_done(&keiretsu(folder.path(), &["calibrate", "minimal.toml", "--out", "table.csv"]));
    }
    std::fs::write(folder.path().join("mine.csv"), "mine").unwrap();
    std::fs::hard_link(&path, folder.path().join("link.csv")).unwrap();
    for other in ["mine.csv", "link.csv", "minimal.toml"] {
        let ask = ["calibrate", "minimal.toml", "--out", other];
        refused(folder.path(), &ask, 2, &["not written by this command", other]);
    }
    assert_eq!(std::fs::read(folder.path().join("mine.csv")).unwrap(), b"mine");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

/// Where standard error cannot be written, and names that are no text: nothing is lost, and nothing panics.
#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_error_and_strange_names_are_no_failure() {
    use std::os::unix::ffi::OsStrExt;
    let folder = temporary();
    let run = |out: &std::ffi::OsStr, path: &str| {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device");
        std::process::Command::new(env!("CARGO_BIN_EXE_keiretsu"))
            .current_dir(folder.path())
            .args(["run", path, "--replications", "20", "--out"])
            .arg(out)
            .stderr(full)
            .output()
            .expect("the program")
    };
    let path = scenario("scenarios/minimal.toml");
    let strange = std::ffi::OsStr::from_bytes(b"o\xff");
    assert_eq!(run(strange, &path).status.code(), Some(0));
    assert!(folder.path().join(strange).join("comparison.csv").exists());
    assert_eq!(run(strange, "nothing.toml").status.code(), Some(2));
}
