//! The self-test, in small.

use crate::support::binary::{keiretsu, temporary};

#[test]
fn every_check_holds_and_says_what_was_expected() {
    let folder = temporary();
    let done = keiretsu(folder.path(), &["selftest", "--seeds", "40", "--draws", "4000"]);
    let text = String::from_utf8(done.stdout).expect("text");
    assert!(done.status.success(), "{text}");
    let checks: Vec<&str> = text.lines().skip(1).filter(|line| !line.trim().is_empty()).collect();
    assert_eq!(checks.len(), 15, "{text}");
    assert!(checks.iter().all(|line| line.trim_start().starts_with("ok ")), "{text}");
    assert!(std::fs::read_dir(folder.path()).expect("a folder").next().is_none(), "it writes nothing");
}
