//! The notation page names things that are in the code.

use std::collections::BTreeSet;
use std::path::Path;

use crate::support::binary::root;

fn identifiers(folder: &Path, into: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            identifiers(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source in UTF-8");
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let words = code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'));
            into.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
        }
    }
}

#[test]
fn every_name_of_the_notation_page_is_in_the_code() {
    let mut known = BTreeSet::new();
    identifiers(&root().join("src"), &mut known);
    let page = std::fs::read_to_string(root().join("docs/notation.md")).unwrap();
    let mut names = Vec::new();
    for row in page.lines().filter(|line| line.starts_with('|')) {
        let last = row.trim_end_matches('|').rsplit('|').next().unwrap_or("");
        names.extend(last.split('`').skip(1).step_by(2));
    }
    assert!(names.len() > 50, "the page has tables");
    let missing: Vec<&&str> = names.iter().filter(|name| !known.contains(**name)).collect();
    assert!(missing.is_empty(), "docs/notation.md names what is not in src/: {missing:?}");
}
