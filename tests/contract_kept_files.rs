//! No command destroys what it has not written itself, `--force` or not.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::support::binary::{
    MINIMAL, altered, assert_done, files, keiretsu, refused, root, scenario, temporary,
};

/// A short run into a folder.
fn run(folder: &Path, path: &str, out: &str, more: &[&str]) -> Output {
    keiretsu(folder, &[&["run", path, "--replications", "8", "--quiet", "--out", out], more].concat())
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The folder of another scenario's run is kept unless `--force` says otherwise; the own one is renewed.
#[test]
fn another_scenarios_folder_is_not_overwritten() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    let other = altered(folder.path(), "Two makers buy together", "Another");
    let run = |path: &str, more: &[&str]| {
        let all = [&["run", path, "--replications", "8", "--quiet", "--out", "here"], more].concat();
        keiretsu(folder.path(), &all)
    };
    assert_done(&run(&path, &[]));
    assert_done(&run(&path, &["--seed", "5"]));
    refused(
        folder.path(),
        &["run", &other, "--replications", "8", "--out", "here"],
        2,
        &["minimal.toml", "--force"],
    );
    assert_done(&run(&other, &["--force"]));
    let manifest = std::fs::read_to_string(folder.path().join("here/manifest.json")).unwrap();
    assert!(manifest.contains("altered.toml"));
}

/// A scenario of the same file name in another place, or with another title, is another scenario; the same one
/// may be edited.
#[test]
fn scenarios_of_the_same_name_are_told_apart() {
    let folder = temporary();
    let text = fs::read_to_string(root().join(MINIMAL)).unwrap();
    write(folder.path(), "a/s.toml", &text);
    write(folder.path(), "b/s.toml", &text);
    assert_done(&run(folder.path(), "a/s.toml", "here", &[]));
    refused(folder.path(), &["run", "b/s.toml", "--out", "here"], 2, &["another scenario", "--force"]);
    write(folder.path(), "a/s.toml", &text.replace("units = 900_000", "units = 910_000"));
    assert_done(&run(folder.path(), "./a/s.toml", "here", &["--set", "regions.Home.nest_rho=0.1"]));
    write(folder.path(), "a/s.toml", &text.replace("Two makers buy together", "Something else"));
    refused(folder.path(), &["run", "a/s.toml", "--out", "here"], 2, &["Two makers", "--force"]);
    assert_done(&run(folder.path(), "b/s.toml", "here", &["--force"]));
    // Without the timings, which know the path, the title decides.
    fs::remove_file(folder.path().join("here/timing.json")).unwrap();
    refused(folder.path(), &["run", "a/s.toml", "--out", "here"], 2, &["another scenario"]);
    assert_done(&run(folder.path(), "b/s.toml", "here", &[]));
}

/// Files, foreign folders, and whatever holds an input are never replaced.
#[test]
fn only_run_folders_are_replaced() {
    let folder = temporary();
    let text = fs::read_to_string(root().join(MINIMAL)).unwrap();
    write(folder.path(), "m.toml", &text);
    write(folder.path(), "inputs/minimal.toml", &text);
    write(folder.path(), "letters/dear.txt", "Dear");
    write(folder.path(), "app/manifest.json", "{\"name\": \"app\", \"scenario\": \"m.toml\"}");
    for (path, out, words) in [
        ("m.toml", "m.toml", "is a file, not a folder"),
        ("m.toml", "letters/dear.txt", "is a file, not a folder"),
        ("m.toml", "letters", "no run of keiretsu"),
        ("m.toml", "app", "no run of keiretsu"),
        ("inputs/minimal.toml", "inputs", "holds the input file"),
        ("inputs/minimal.toml", ".", "holds the input file"),
        ("inputs/minimal.toml", "inputs/..", "holds the input file"),
        ("m.toml", "/", "holds the input file"),
    ] {
        for more in [&[][..], &["--force"]] {
            let arguments = [&["run", path, "--out", out], more].concat();
            refused(folder.path(), &arguments, 2, &[words, "--out"]);
        }
    }
    // Not even a run folder, once an input lies in it.
    assert_done(&run(folder.path(), "m.toml", "here", &[]));
    write(folder.path(), "here/m.toml", &text);
    refused(folder.path(), &["run", "here/m.toml", "--out", "here", "--force"], 2, &["holds the input file"]);
    fs::create_dir(folder.path().join("empty")).unwrap();
    assert_done(&run(folder.path(), "m.toml", "empty", &[]));
}

/// Whatever else lies in a run folder stays when the run is renewed; what the old run wrote goes.
#[test]
fn other_files_in_a_run_folder_stay() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    assert_done(&run(folder.path(), &path, "here", &[]));
    let fresh = files(folder.path());
    write(folder.path(), "here/notes.md", "mine");
    write(folder.path(), "here/charts/mine.svg", "mine");
    write(folder.path(), "here/more/deep/table.csv", "mine");
    write(folder.path(), "here/shares.csv", "spoilt");
    assert_done(&run(folder.path(), &path, "here", &["--force"]));
    let mut after = files(folder.path());
    for name in ["notes.md", "charts/mine.svg", "more/deep/table.csv"] {
        assert_eq!(after.remove(&format!("here/{name}")).as_deref(), Some(&b"mine"[..]), "{name}");
    }
    assert_eq!(after["here/shares.csv"], fresh["here/shares.csv"]);
    assert!(after.keys().eq(fresh.keys()), "{:?}", after.keys());

    // A chart of the old run that the new one does not draw goes; a file under a new chart's name moves aside.
    let chart = fresh.keys().find(|name| name.ends_with(".svg")).expect("a chart");
    let manifest = fs::read_to_string(folder.path().join("here/manifest.json")).unwrap();
    let listed = chart.strip_prefix("here/").unwrap();
    write(folder.path(), "here/manifest.json", &manifest.replace(listed, "charts/old.svg"));
    write(folder.path(), "here/charts/old.svg", "old");
    assert_done(&run(folder.path(), &path, "here", &[]));
    let after = files(folder.path());
    assert!(!after.contains_key("here/charts/old.svg"));
    assert_eq!((&after[chart], &after[&format!("{chart}.kept")]), (&fresh[chart], &fresh[chart]));
}

/// A program killed at any moment of its writing leaves the old or the new folder with the foreign files in it,
/// and the next run clears what it left.
#[cfg(unix)]
#[test]
fn a_kill_while_writing_loses_nothing() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    let seeded = |seed: u64, out: &str| -> Vec<String> {
        let seed = seed.to_string();
        let all = ["run", &path, "--replications", "8", "--quiet", "--out", out, "--seed", &seed];
        all.iter().map(|part| part.to_string()).collect()
    };
    let manifest = |out: &str| fs::read(folder.path().join(out).join("manifest.json")).unwrap();
    let command = |arguments: Vec<String>| {
        let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("keiretsu"));
        command.current_dir(folder.path()).args(arguments);
        command
    };
    for (seed, out) in [(1, "one"), (2, "two"), (1, "here")] {
        assert!(command(seeded(seed, out)).status().unwrap().success());
    }
    write(folder.path(), "here/mine/notes.md", "mine");
    let started = std::time::Instant::now();
    assert!(command(seeded(2, "two")).status().unwrap().success());
    let whole = started.elapsed();
    let mut changes = 0;
    for attempt in 0..24 {
        let before = manifest("here");
        let seed = if before == manifest("one") { 2 } else { 1 };
        let mut child = command(seeded(seed, "here")).spawn().unwrap();
        // Writing is the last third.
        std::thread::sleep(whole.mul_f64(0.65 + attempt as f64 / 60.0));
        let _ = child.kill();
        child.wait().unwrap();
        let after = manifest("here");
        assert!(after == manifest("one") || after == manifest("two"));
        changes += u32::from(after != before);
        let all = files(&folder.path().join("here"));
        let twin = files(&folder.path().join(if after == manifest("one") { "one" } else { "two" }));
        assert_eq!(all["mine/notes.md"], b"mine");
        for (name, bytes) in twin.iter().filter(|(name, _)| *name != "timing.json") {
            assert_eq!(Some(bytes), all.get(name), "{name}");
        }
    }
    assert!(command(seeded(1, "here")).status().unwrap().success());
    let hidden = |name: &String| name.starts_with(".keiretsu-");
    assert!(!files(folder.path()).keys().any(hidden), "nothing is left; {changes} of 24 were through");
}

/// A run through a link writes where the link leads.
#[cfg(unix)]
#[test]
fn a_link_to_a_folder_stays_a_link() {
    let folder = temporary();
    let path = scenario(MINIMAL);
    fs::create_dir(folder.path().join("real")).unwrap();
    std::os::unix::fs::symlink("real", folder.path().join("link")).unwrap();
    for _ in 0..2 {
        assert_done(&run(folder.path(), &path, "link", &[]));
    }
    assert!(folder.path().join("link").is_symlink() && folder.path().join("real/shares.csv").is_file());
}

/// `calibrate` and `equilibrium` write over their own tables, never over their inputs.
#[test]
fn tables_are_not_written_over_inputs() {
    let folder = temporary();
    let minimal = altered(folder.path(), "units = 900_000", "units = 910_000");
    refused(
        folder.path(),
        &["calibrate", &minimal, "--out", "./altered.toml"],
        2,
        &["not written by", "--out"],
    );
    refused(folder.path(), &["calibrate", &minimal, "--out", "."], 2, &["not written by", "--out"]);
    let read = |name: &str| fs::read_to_string(root().join("scenarios").join(name)).unwrap();
    let market = read("merger.toml");
    assert!(market.contains("merger-offers.csv"));
    write(folder.path(), "eq/m.toml", &market.replace("merger-offers.csv", "offers.csv"));
    write(folder.path(), "eq/offers.csv", &read("merger-offers.csv"));
    refused(folder.path(), &["equilibrium", "eq/m.toml", "--out", "eq"], 2, &["eq/offers.csv", "--out"]);
    for _ in 0..2 {
        assert_done(&keiretsu(folder.path(), &["equilibrium", "eq/m.toml", "--out", "answer"]));
        assert_done(&keiretsu(folder.path(), &["calibrate", &minimal, "--out", "table.csv"]));
    }
}
