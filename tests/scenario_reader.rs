//! The one reader of tables and files: what spreadsheets write is understood or refused with words that help,
//! names stay fit for tables and terminals, and a caller without a disk hands its files in.

use std::fs;
use std::path::Path;

use crate::support::good_scenario::{Case, FILES, expect, in_scenario};
use keiretsu::scenario::{Files, load, load_from};

/// One cell changed, and the problem on its row.
#[track_caller]
fn in_offers(old: &str, new: &str, words: &[&str]) {
    expect("offers.csv", old, new, new, words);
}

#[test]
fn decimal_commas_are_never_turned_into_other_numbers() {
    let price = |typed: &str| format!("fuel,250000,\"{typed}\"");
    in_offers("fuel,250000,21000", &price("21000,50"), &["write 21000.50"]);
    in_offers("fuel,250000,21000", &price("0,1"), &["write 0.1"]);
    in_offers("fuel,250000,21000", &price("21,000"), &["write 21000 if", "21.000 if"]);
    in_offers("fuel,250000,21000", &price("21\u{202f}000"), &["write 21000"]);
    in_offers("fuel,250000,21000", &price("21\u{a0}000"), &["write 21000"]);
    expect("policies.csv", "Islands,0.275", "Islands,27.5%", "Islands,27.5%", &["write 0.275, a fraction"]);
}

#[test]
fn other_marks_between_cells_are_one_problem_per_file() {
    let offers = FILES.iter().find(|(name, _)| *name == "offers.csv").expect("there").1;
    for (text, words) in [
        (offers.replace(',', ";"), "parted by semicolons"),
        (offers.replace(',', "\t"), "parted by tabs"),
        (format!("sep=;\r\n{}", offers.replace(',', ";")), "parted by semicolons"),
        (format!("sep=,\n{offers}"), "parted by what its first line says"),
    ] {
        expect("offers.csv", offers, &text, text.lines().next().unwrap(), &[words, "CSV UTF-8"]);
    }
}

#[test]
fn spreadsheets_write_true_in_capitals() {
    for (word, fringe) in [("TRUE", true), ("False", false), ("", false)] {
        let case = Case::new("offers.csv", "units,price,note\n", "units,price,fringe\n");
        let text = case.changed.replace(",\"cheap, old\"", &format!(",{word}"));
        fs::write(case.folder.path().join("offers.csv"), text).expect("a file");
        let scenario = load(&case.scenario(), &[]).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(scenario.worlds[0].offers[2].fringe, fringe, "{word}");
    }
}

#[test]
fn columns_without_a_name_and_rows_that_begin_with_a_hash() {
    let case = Case::new("offers.csv", "units,price,note\n", "units,price,note,,\n");
    let (header, rows) = case.changed.split_once('\n').expect("a header");
    let text = format!("{header}\n{}", rows.replace('\n', ",,\n"));
    fs::write(case.folder.path().join("offers.csv"), text).expect("a file");
    let found = case.problems(&[]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].what.contains("2 columns have no name"), "{}", found[0]);
    // A hash begins no comment: the row counts, and its region is unknown.
    in_offers("North,Beta,fuel", "#North,Beta,fuel", &["unknown region `#North`", "did you mean `North`?"]);
    // A row of commas only is no row.
    let case = Case::new("offers.csv", "South,Alpha,electric", ",,,,,\nSouth,Alpha,electric");
    assert_eq!(case.problems(&[]), []);
}

#[test]
fn names_fit_for_tables_and_terminals() {
    in_offers("North,Gamma,electric", "North,=Gamma,electric", &["begins with `=`", "spreadsheet"]);
    in_offers("North,Gamma,electric", "North,Gam\u{202e}ma,electric", &["U+202E", "take it out"]);
    in_offers("\"cheap, old\"", "\"cheap\u{1b}[31m, old\"", &["U+001B"]);
    in_scenario("title = \"A test\"", "title = \"A \\u001b[2J test\"", &["U+001B", "take it out"]);
    in_scenario(
        "[alliances.abc.pools.software]",
        "[alliances.abc.pools.\"@software\"]",
        &["begins with `@`"],
    );
    in_scenario("holder = \"Beta\"", "holder = \"+Outsider\"", &["begins with `+`"]);
    // Whatever is shown of a file is clean.
    let case = Case::new("offers.csv", "\"cheap, old\"", "\"\u{1b}[31m\u{202e}\"");
    let text = load(&case.scenario(), &[]).unwrap_err().to_string();
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
    // Other scripts are welcome.
    let case = Case::new("offers.csv", "\"cheap, old\"", "日産 – “Česká”");
    assert_eq!(case.problems(&[]), []);
}

#[test]
fn a_chain_of_files_has_an_end() {
    let case = Case::new("test.toml", "A test", "Another test");
    let folder = case.folder.path();
    let link = |n: usize| format!("link{n}.toml");
    let mut below = "test.toml".to_owned();
    for n in 1..=40 {
        fs::write(folder.join(link(n)), format!("extends = \"{below}\"\n")).expect("a file");
        below = link(n);
    }
    assert!(load(&folder.join(link(31)), &[]).is_ok());
    let text = load(&folder.join(link(32)), &[]).unwrap_err().to_string();
    assert!(text.contains("more than 32 files extend each other"), "{text}");
    assert!(load(&folder.join(link(40)), &[]).is_err());
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_no_files() {
    let case = Case::new("test.toml", "[scenario]", "extends = \"/dev/zero\"\n[scenario]");
    let text = load(&case.scenario(), &[]).unwrap_err().to_string();
    assert!(text.contains("a pipe or a device"), "{text}");
}

#[test]
fn a_scenario_without_a_disk() {
    let folder = Path::new("nowhere/at all");
    let mut files: indexmap::IndexMap<_, _> =
        FILES.iter().map(|(name, text)| (folder.join(name), text.as_bytes().to_vec())).collect();
    files.insert(folder.join("deep/over.toml"), b"extends = \"../test.toml\"\n".to_vec());
    let case = Case::new("test.toml", "A test", "Another test");
    let mut disk = load(&case.scenario(), &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let path = folder.join("deep/over.toml");
    let given = load_from(&Files::Given(files.clone()), &path, &[], None, None);
    let given = given.unwrap_or_else(|problems| panic!("{problems}"));
    disk.worlds[0].file.scenario.title.clone_from(&given.title);
    assert_eq!(format!("{:?}", given.worlds[0]), format!("{:?}", disk.worlds[0]));
    assert_eq!(given.inputs.len(), disk.inputs.len() + 1);
    files.shift_remove(&folder.join("makers.csv"));
    let text = load_from(&Files::Given(files), &path, &[], None, None).unwrap_err().to_string();
    assert!(text.contains("makers.csv") && text.contains("does not exist"), "{text}");
}

#[test]
fn a_table_with_everything_wrong_is_refused_in_a_moment() {
    let many: String = (0..20_000).map(|n| format!("North,M{n},fuel,many,21000,\n")).collect();
    let case = Case::new("offers.csv", "South,Alpha,electric", &format!("{many}South,Alpha,electric"));
    let found = case.problems(&[]);
    assert!(found.iter().any(|problem| problem.what.contains("50 rows above have something wrong")));
    assert!(found.len() < 60, "{}", found.len());
}
