//! What is typed for `keiretsu equilibrium` is read as `run` reads it, and means the same.
// Tests compare against textbook formulas as they stand.
#![allow(clippy::disallowed_methods)]

use std::path::PathBuf;

use crate::support::markets::*;
use keiretsu::scenario::Problem;
use serde_json::Value;
use tempfile::TempDir;

const OFFERS: &str =
    "offer,firm,nest,price,share\nA1,A,x,10,0.1\nA2,A,y,12,0.1\nB1,B,x,11,0.2\nC1,C,y,14,0.1\n";
const MARKET: &str = "offers = \"offers.csv\"\n[demand]\nrho = 0.4\nown_elasticity = -4\n";

fn market(offers: &str, toml: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("offers.csv"), offers).unwrap();
    let path = folder.path().join("market.toml");
    std::fs::write(&path, toml).unwrap();
    (folder, path)
}

/// The one problem of a table, in one line with its place.
#[track_caller]
fn in_table(offers: &str, words: &[&str]) {
    let (_folder, path) = market(offers, MARKET);
    let found = refusals(&path);
    assert_eq!(found.len(), 1, "{words:?}: {found:#?}");
    let Problem { place, what, remedy, .. } = &found[0];
    let place = place.as_ref().expect("a place");
    assert!(place.file.ends_with("offers.csv"), "{found:#?}");
    let text = format!("{}: {what} {}", place.line(), remedy.as_deref().unwrap_or(""));
    words.iter().for_each(|word| assert!(text.contains(word), "{word}: {text}"));
}

#[test]
fn tables_are_read_as_run_reads_them() {
    let with = |old: &str, new: &str| {
        assert_eq!(OFFERS.matches(old).count(), 1, "{old}");
        OFFERS.replace(old, new)
    };
    in_table(&with("10,0.1", "\"10,5\",0.1"), &["2:", "`price`: `10,5` is not a number", "write 10.5"]);
    in_table(&with("11,0.2", "11,20%"), &["4:", "`share`: `20%` is not a number", "write 0.2, a fraction"]);
    in_table(&with("12,0.1", "12,0.1,"), &["3:", "the row has 6 cells, the header has 5"]);
    in_table(&with("A2,A", "\"A2,A"), &["3:", "is never closed"]);
    in_table(&with("C1,C", ",C"), &["5:", "`offer` is empty"]);
    in_table(&with("B1,B", "=B1,B"), &["4:", "begins with `=`"]);
    in_table(&OFFERS.replace(',', ";"), &["1:", "parted by semicolons"]);
    let column = |name: &str, cell: &str| {
        let (header, rows) = OFFERS.split_once('\n').unwrap();
        format!("{header},{name}\n{}", rows.replace('\n', &format!(",{cell}\n")))
    };
    in_table(&column("Tax", "0.1"), &["1:", "unknown column `Tax`", "did you mean `tax`?"]);
    in_table(&column("taxes", "0.1"), &["1:", "unknown column `taxes`", "did you mean `tax`?"]);
    in_table(&column("Credit", "1"), &["1:", "unknown column `Credit`", "did you mean `credit`?"]);
    in_table(&column("price", "1"), &["1:", "two columns are called `price`"]);
    in_table(&column("", ""), &["1:", "a column has no name"]);
    in_table(&column("colour", "red"), &["1:", "unknown column `colour`", "a remark is called `note`"]);
    in_table(
        &column("tax", "0.2").replacen("0.1,0.2\n", "0.1,20\n", 1),
        &["2:", "`tax`: 20 is not a duty or tax", "did you mean 0.2?"],
    );
    // Remarks have their columns, rows of commas are none, and a hash begins no comment.
    for good in [
        column("price_source", "a = b"),
        column("note", "\"x, y\""),
        with("C1", ",,,,\nC1"),
        with("C1", "#C1"),
    ] {
        let (_folder, path) = market(&good, MARKET);
        let (answer, _, complete) = ask(&path).unwrap_or_else(|refused| panic!("{good}: {refused:?}"));
        assert!(complete && answer["baseline"]["ids"].as_array().unwrap().len() == 4, "{good}");
    }
}

#[test]
fn columns_that_buyer_types_have_a_taste_for_must_be_there() {
    let types = "weight,price_sensitivity,size\n0.5,0.3,0.1\n0.5,0.4,-0.1\n";
    let toml =
        "offers = \"offers.csv\"\ntypes = \"types.csv\"\nprice_response = \"linear\"\n[demand]\nrho = 0.2\n";
    let (folder, path) = market(OFFERS, toml);
    let types_of = |text: &str| std::fs::write(folder.path().join("types.csv"), text).unwrap();
    types_of(types);
    assert!(refusals(&path)[0].what.contains("column `size` is missing"));
    types_of(&types.replace("price_sensitivity", "price_sensitvity"));
    assert!(refusals(&path).iter().any(|p| p.what.contains("unknown column `price_sensitvity`")));
    types_of(&types.replace("0.5,0.4", "0.5,-0.4"));
    std::fs::write(
        folder.path().join("offers.csv"),
        OFFERS.replace(",share", ",share,size").replace(".1\n", ".1,1\n").replace(".2\n", ".2,2\n"),
    )
    .unwrap();
    let found = refusals(&path);
    assert!(found.len() == 1 && found[0].what.contains("type 1 has price coefficient 0.4"), "{found:#?}");
    assert_eq!(found[0].place.as_ref().map(|place| place.line()), Some(3));
}

#[test]
fn texts_and_names_are_fit_to_be_printed() {
    let scenario = |text: &str| format!("{MARKET}[[scenarios]]\n{text}\n");
    for (toml, words) in [
        (format!("title = \"a\\u001b[2J\"\n{MARKET}"), "`title`: the invisible character U+001B"),
        (format!("price_unit = \"USD\\u202e\"\n{MARKET}"), "`price_unit`: the invisible character U+202E"),
        (scenario("id = \"@sum\""), "`scenarios.0.id`: the name `@sum` begins with `@`"),
        (
            scenario("id = \"s\"\nenter = [{ offer = \"-1\", firm = \"A\", like = \"A1\" }]"),
            "`scenarios.0.enter.0.offer`: the name `-1` begins with `-`",
        ),
    ] {
        let (_folder, path) = market(OFFERS, &toml);
        let found = refusals(&path);
        assert!(found.len() == 1 && found[0].what.contains(words), "{words}: {found:#?}");
    }
    let file = serde_json::json!({
        "products": {"ids": ["=a", "b"], "firm_ids": ["F", "G\u{7}"], "prices": [1.0, 2.0], "shares": [0.2, 0.3]},
        "demand": {"alpha": -1.0},
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("market.json");
    std::fs::write(&path, file.to_string()).unwrap();
    let found: Vec<String> = refusals(&path).iter().map(ToString::to_string).collect();
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].contains("products.ids.0") && found[1].contains("products.firm_ids.1"), "{found:#?}");
}

fn prices(answer: &Value, scenario: usize, key: &str) -> Vec<f64> {
    numbers(&answer["scenarios"][scenario]["results"][key])
}

/// Abolishing a credit abolishes it, as setting a tax to 0 does.
#[test]
fn credits_and_taxes_replace_what_was_there() {
    let offers = "offer,firm,price,share,tax,credit\na,F1,20,0.2,0.1,4\nb,F2,22,0.3,0,0\n";
    let plain = "offer,firm,price,share\na,F1,20,0.2\nb,F2,22,0.3\n";
    let toml = "offers = \"offers.csv\"\nprice_response = \"linear\"\n[demand]\nprice_sensitivity = 0.3\n\
                [[scenarios]]\nid = \"none\"\ntaxes = [{ rate = 0 }]\ncredits = [{ amount = 0 }]\n\
                [[scenarios]]\nid = \"same\"\ntaxes = [{ offer = \"a\", rate = 0.1 }]\ncredits = [{ offer = \"a\", amount = 4 }]\n";
    let (_folder, path) = market(offers, toml);
    let (answer, _, complete) = ask(&path).unwrap();
    assert!(complete);
    let base = &answer["baseline"];
    assert_eq!(
        (numbers(&base["prices"]), numbers(&base["maker_prices"])),
        (vec![18.0, 22.0], vec![20.0, 22.0])
    );
    for (got, want) in prices(&answer, 1, "maker_prices").into_iter().zip([20.0, 22.0]) {
        assert!(close(got, want, 1e-10, 0.0), "{got}");
    }
    // Without both, a costs the buyer what its maker receives, and sells less than with the credit.
    assert_eq!(prices(&answer, 0, "prices"), prices(&answer, 0, "maker_prices"));
    assert!(prices(&answer, 0, "shares")[0] < 0.2 && prices(&answer, 0, "prices")[0] > 18.0);
    // And where there are none, the price is what everybody means by it.
    let (_folder, path) = market(plain, toml);
    let (answer, _, _) = ask(&path).unwrap();
    assert_eq!(answer["baseline"]["prices"], answer["baseline"]["maker_prices"]);
}

/// `quality` of a newcomer, as in `run`: log points of share within its nest at the same price,
/// ln s_n − ln s_l = q − α (p_n − p_l)/(1 − ρ).
#[test]
fn quality_of_a_newcomer_is_in_log_points_of_share() {
    for (rho, quality) in [(0.0, 0.3), (0.4, 0.3), (0.8, -0.5)] {
        let toml = format!(
            "offers = \"offers.csv\"\nprice_response = \"linear\"\n[demand]\nrho = {rho}\nprice_sensitivity = 0.2\n\
             [[scenarios]]\nid = \"entry\"\nenter = [{{ offer = \"N\", firm = \"N\", like = \"B1\", quality = {quality} }}]\n"
        );
        let (_folder, path) = market(OFFERS, &toml);
        let (answer, _, complete) = ask(&path).unwrap();
        assert!(complete);
        let (share, price) = (prices(&answer, 0, "shares"), prices(&answer, 0, "prices"));
        let got = share[4].ln() - share[2].ln();
        let want = quality - 0.2 * (price[4] - price[2]) / (1.0 - rho);
        assert!(close(got, want, 0.0, 1e-9), "{rho} {quality}: {got} for {want}");
    }
}

#[test]
fn counterfactuals_stay_within_the_limits_of_run() {
    for (change, words) in [
        ("taxes = [{ rate = 20 }]", "`scenarios.0.taxes.0.rate`: 20 is not a duty or tax"),
        ("taxes = [{ rate = -0.5 }]", "`scenarios.0.taxes.0.rate`: -0.5 is not a duty or tax"),
        ("costs = [{ percent = -150 }]", "`scenarios.0.costs.0.percent`: -150 is not a percentage"),
        ("fixed_prices = [{ offer = \"A1\", price = 1e16 }]", "more than 1e15"),
        ("enter = [{ offer = \"N\", firm = \"A\", like = \"A1\", cost = -1 }]", "-1 is not 0 or more"),
    ] {
        let (_folder, path) = market(OFFERS, &format!("{MARKET}[[scenarios]]\nid = \"s\"\n{change}\n"));
        let found = refusals(&path);
        assert!(found.len() == 1 && found[0].what.contains(words), "{change}: {found:#?}");
    }
    let toml = format!(
        "price_response = \"linear\"\n{MARKET}[[scenarios]]\nid = \"s\"\ncosts = [{{ amount = -15 }}]\n"
    );
    let (_folder, path) = market(OFFERS, &toml);
    let (_, warnings, _) = ask(&path).unwrap();
    assert!(warnings.contains("Scenario s: the marginal cost is below nothing for A1 (-"), "{warnings}");
}

/// Sums of decimal fractions are not exact: what leaves next to nothing is refused, little is pointed out.
#[test]
fn shares_that_leave_nobody() {
    let table = |shares: &[f64]| {
        let row = |(n, share): (usize, &f64)| format!("o{n},F{n},10,{share}\n");
        format!("offer,firm,price,share\n{}", shares.iter().enumerate().map(row).collect::<String>())
    };
    let toml = "offers = \"offers.csv\"\nprice_response = \"linear\"\n[demand]\nprice_sensitivity = 0.5\n";
    for shares in [[0.12, 0.14, 0.10, 0.16, 0.18, 0.22, 0.08], [0.1, 0.2, 0.3, 0.1, 0.1, 0.1, 0.1]] {
        let (_folder, path) = market(&table(&shares), toml);
        let found = refusals(&path);
        assert!(found.len() == 1 && found[0].what.contains("the shares sum to"), "{found:#?}");
    }
    let (_folder, path) = market(&table(&[0.5, 0.499_999_9]), toml);
    let (_, warnings, _) = ask(&path).unwrap();
    assert!(warnings.contains("who buy nothing"), "{warnings}");
}
