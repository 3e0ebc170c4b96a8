//! Every scenario that ships loads without a problem.

use std::path::{Path, PathBuf};

use keiretsu::scenario::load;

fn shipped() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("scenarios/")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    found.sort();
    found
}

#[test]
fn every_shipped_scenario_loads() {
    assert!(!shipped().is_empty());
    for path in shipped() {
        if let Err(problems) = load(&path, &[]) {
            panic!("{}:\n{problems}", path.display());
        }
    }
}
