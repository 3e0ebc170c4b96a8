//! The README and the documents show what is there: the smallest scenario as it is, and links that lead somewhere.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_readme_shows_the_smallest_scenario_as_it_is() {
    let scenario = read(&root().join("scenarios/minimal.toml"));
    assert!(scenario.lines().count() < 40, "the smallest scenario fits on a page");
    assert!(read(&root().join("README.md")).contains(scenario.trim_end()));
}

#[test]
fn links_lead_somewhere() {
    let mut documents = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md"]
        .map(|name| root().join(name))
        .to_vec();
    for entry in std::fs::read_dir(root().join("docs")).expect("a folder of documents") {
        let path = entry.expect("readable").path();
        documents.extend(path.extension().is_some_and(|ending| ending == "md").then_some(path));
    }
    for document in documents {
        let text = read(&document);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            let path = document.parent().expect("a folder").join(target);
            assert!(path.exists(), "{} links to {target}, which is not there", document.display());
        }
    }
}
