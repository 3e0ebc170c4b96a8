//! A good scenario with one thing wrong in a table gives exactly that problem, with its file and line.

use std::fs;

use crate::support::good_scenario::{Case, FILES, expect, in_scenario};
use keiretsu::scenario::load;

/// One change in a table, with the problem on the changed row.
#[track_caller]
fn in_table(file: &str, old: &str, new: &str, words: &[&str]) {
    expect(file, old, new, new, words);
}

#[test]
fn offers_that_cannot_be() {
    in_table("offers.csv", "fuel,250000,", "fuel,0,", &["`units` is 0", "nobody bought"]);
    in_table("offers.csv", "fuel,250000,21000", "fuel,250000,-21000", &["`price` is -21000"]);
    in_table("offers.csv", "fuel,250000,21000", "fuel,250000,NaN", &["`price` is NaN"]);
    in_table("offers.csv", "fuel,250000,21000", "fuel,many,21000", &["`units`: `many` is not a number"]);
    in_table("offers.csv", "fuel,250000,21000", "fuel,\"250,000\",21000", &["write 250000"]);
    in_table(
        "offers.csv",
        "South,Beta,fuel",
        "Suoth,Beta,fuel",
        &["unknown region `Suoth`", "did you mean `South`?"],
    );
    in_table("offers.csv", "North,Alpha,electric", "North,Alpha,electrc", &["unknown powertrain `electrc`"]);
    in_table(
        "offers.csv",
        "North,Gamma,electric,100000,35000,",
        "North,Gamma,electric,100000,35000",
        &["5 cells"],
    );
}

#[test]
fn figures_beyond_all_measure() {
    in_table("offers.csv", "fuel,250000,21000", "fuel,250000,1e16", &["`price` is 1", "more than 1e15"]);
    in_table("offers.csv", "fuel,250000,21000", "fuel,1e300,21000", &["`units` is 1", "more than 1e15"]);
}

#[test]
fn history_fits_together() {
    let too_many = "North,Alpha,2024,960000";
    in_table("history.csv", "North,Alpha,2024,600000", too_many, &["more than the 950000 of TOTAL"]);
    in_table("history.csv", "North,Alpha,2023", "North,Alhpa,2023", &["did you mean `Alpha`?"]);
    in_table("history.csv", "North,TOTAL,2023", "North,TOTLA,2023", &["did you mean `TOTAL`?"]);
    // Makers that have gone are welcome, and so is one that merely sounds like another.
    for stranger in ["North,Omega,2023,1000,all", "North,Alpha2,2023,1000,all"] {
        let row = "North,Alpha,2023,590000,all\n";
        let case = Case::new("history.csv", row, &format!("{row}{stranger}\n"));
        assert_eq!(case.problems(&[]), [], "{stranger}");
    }
}

#[test]
fn quotes_that_are_not_closed() {
    in_table("offers.csv", "21000,\"cheap, old\"", "21000,\"cheap, old", &["is never closed", "close it"]);
    in_table(
        "offers.csv",
        "North,Alpha,electric,200000,29000,\n",
        "North,Alpha,electric,200000,29000,\"dear\n",
        &["close the double quote that opens here"],
    );
}

#[test]
fn rows_and_columns_that_do_not_fit() {
    let twice = "North,Gamma,electric,100000,35000,\nNorth,Gamma,electric,90000,35000,\n";
    let at = "North,Gamma,electric,90000";
    expect(
        "offers.csv",
        "North,Gamma,electric,100000,35000,\n",
        twice,
        at,
        &["North / Gamma / electric is there twice"],
    );
    let header = "region,manufacturer,powertrain,units,prise,note";
    let case = Case::new("offers.csv", "region,manufacturer,powertrain,units,price,note", header);
    let text = load(&case.scenario(), &[]).unwrap_err().to_string();
    assert!(text.contains("unknown column `prise`") && text.contains("column `price` is missing"), "{text}");
    assert!(text.contains("offers.csv:1:"), "{text}");
    assert!(text.contains("2 problems"), "{text}");
}

#[test]
fn a_region_without_offers() {
    let region =
        "[regions.West]\nown_price_elasticity = -4\nmarket_price_elasticity = -1\n\n[powertrains.fuel]";
    expect("test.toml", "[powertrains.fuel]", region, "[regions.West]", &["region `West` has no offers"]);
}

#[test]
fn other_tables() {
    in_table(
        "makers.csv",
        "Gamma,rnd,0.4",
        "Gamma,rmd,0.4",
        &["`figure` cannot be `rmd`", "did you mean `rnd`?"],
    );
    in_table("makers.csv", "0.6,0.7,0.9", "0.8,0.7,0.9", &["low (0.8) is above mode (0.7)"]);
    in_table("makers.csv", "triangular,0.6,0.7,0.9", "triangular,0.6,,0.9", &["without `mode`"]);
    in_table(
        "makers.csv",
        "Beta,world_units,700000,,,,",
        "Beta,world_units,,triangular,600000,700000,900000",
        &["this figure is not drawn"],
    );
    in_table(
        "policies.csv",
        "Islands,0.275",
        "Islands,27.5",
        &["27.5 is not a duty or tax", "did you mean 0.275?"],
    );
    let twice = "2024-01-01,North,duty,Islands,0.275";
    in_table(
        "policies.csv",
        "2025-04-03,North,duty,Islands,0.275",
        twice,
        &["two values for Islands in North"],
    );
    in_table(
        "policies.csv",
        "credit,electric",
        "credit,Islands",
        &["a credit or tax applies to a powertrain"],
    );
    in_table("policies.csv", "2025-01-01,South", "1 Jan 2025,South", &["`1 Jan 2025` is not a date"]);
    in_table("policies.csv", "credit,electric,3000", "credit,electric,30000", &["Alpha's price of 27000"]);
    in_table("origins.csv", "fuel,Islands,0.4", "fuel,Isles,0.4", &["unknown origin `Isles`"]);
    in_table("origins.csv", "fuel,Islands,0.4", "fuel,Islands,40", &["did you mean 0.4?"]);
    in_table("origins.csv", "North,Beta,fuel", "North,Beta,electric", &["Beta has no such offer in North"]);
    in_table("history.csv", "North,Alpha,2023,590000", "North,Beta,2024,-5", &["-5 is not 0 or more"]);
    in_table("history.csv", "North,Alpha,2023,590000", "North,Alpha,23,590000", &["`23` is not a year"]);
}

#[test]
fn files_that_cannot_be_read() {
    in_scenario("\"offers.csv\"", "\"ofers.csv\"", &["ofers.csv", "does not exist"]);
    for (bytes, words) in [
        (b"\xff\xfer\0e\0g\0".to_vec(), "UTF-16 LE"),
        (b"\xfe\xff\0r\0e\0g".to_vec(), "UTF-16 BE"),
        (b"region,manufacturer\nNorth,Citro\xebn\n".to_vec(), "(line 2) is 0xEB"),
    ] {
        let case = Case::new("offers.csv", "cheap, old", "cheap");
        fs::write(case.folder.path().join("offers.csv"), bytes).expect("a file");
        let found = case.problems(&[]);
        assert_eq!(found.len(), 1, "{words}");
        assert!(found[0].what.contains(words), "{}", found[0]);
        assert!(found[0].place.as_ref().is_some_and(|place| place.line() == 8));
    }
    let missing = load(std::path::Path::new("no/such/scenario.toml"), &[]).unwrap_err().to_string();
    assert!(missing.contains("no/such/scenario.toml") && missing.contains("does not exist"), "{missing}");
}

#[test]
fn byte_order_marks_and_windows_line_ends_change_nothing() {
    let plain = Case::new("test.toml", "A test", "Another test");
    let windows = Case::new("test.toml", "A test", "Another test");
    for (name, _) in FILES {
        let path = windows.folder.path().join(name);
        let text = fs::read_to_string(&path).expect("a file").replace('\n', "\r\n");
        fs::write(&path, format!("\u{feff}{text}")).expect("a file");
    }
    let plain = load(&plain.scenario(), &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let windows = load(&windows.scenario(), &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let shown = |scenario: &keiretsu::scenario::Scenario| {
        let world = &scenario.worlds[0];
        format!("{:?}{:?}{:?}{:?}", world.file, world.offers, world.history, world.policies)
    };
    assert_eq!(shown(&plain), shown(&windows));
    // Rows are found at the right line in such files too.
    let case = Case::new("offers.csv", "fuel,250000,", "fuel,0,");
    let path = case.folder.path().join("offers.csv");
    fs::write(&path, format!("\u{feff}{}", case.changed.replace('\n', "\r\n"))).expect("a file");
    let found = case.problems(&[]);
    assert_eq!(found[0].place.as_ref().map(|place| (place.line(), place.column())), Some((4, 17)));
}
