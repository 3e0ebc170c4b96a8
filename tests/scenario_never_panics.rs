//! Whatever is done to a scenario's files, reading them ends in a scenario or in problems that can be shown.

use std::fs;

use crate::support::good_scenario::FILES;
use keiretsu::scenario::load;
use proptest::prelude::*;

/// What a passage is replaced by.
fn scrap() -> impl Strategy<Value = String> {
    let scraps = [
        "",
        "\"",
        "[",
        "]",
        "{",
        "}",
        "=",
        ",",
        "\n",
        "\r\n",
        ".",
        "-1",
        "nan",
        "inf",
        "1e400",
        "true",
        "é",
        "日本",
        "'",
        "#",
        "x = 1",
        "[worlds.q]",
        "set.a.b = 1",
        "2024-02-30",
        "extends = \"test.toml\"",
        "\u{feff}",
        "\t",
        "dist = \"pert\"",
        "[[offers]]",
        "99999999999999999999",
        "\\u0000",
        "low = 1",
    ];
    prop::sample::select(scraps.to_vec()).prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn spoilt_files_give_problems_not_panics(
        spoilt in 0..FILES.len() * 2,
        edits in prop::collection::vec((0.0..1.0f64, 0usize..40, scrap()), 1..4),
        given in prop::option::of("[a-z]{1,8}(\\.[a-zA-Z ]{0,6}){0,3}=?[a-z0-9\\[{\"]{0,4}"),
    ) {
        let folder = tempfile::TempDir::new().expect("a folder");
        for (index, (name, text)) in FILES.into_iter().enumerate() {
            let mut text = text.to_owned();
            // Half of the cases spoil the TOML, which has the most to spoil.
            if spoilt == index || (index == 0 && spoilt >= FILES.len()) {
                for (place, length, scrap) in &edits {
                    let floor = |mut at: usize| {
                        at = at.min(text.len());
                        while !text.is_char_boundary(at) {
                            at -= 1;
                        }
                        at
                    };
                    let start = floor((place * text.len() as f64) as usize);
                    let end = floor(start + length);
                    text.replace_range(start..end.max(start), scrap);
                }
            }
            fs::write(folder.path().join(name), text).expect("a file");
        }
        let overrides: Vec<String> = given.into_iter().collect();
        if let Err(problems) = load(&folder.path().join("test.toml"), &overrides) {
            prop_assert!(!problems.0.is_empty());
            let shown = problems.to_string();
            prop_assert!(!shown.contains('\u{1b}'), "colour where none was asked for");
        }
    }
}
