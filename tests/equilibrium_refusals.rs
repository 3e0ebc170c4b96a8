//! Inputs of `keiretsu equilibrium` that could pass for something else: refused, never passed over.

use crate::support::markets::*;
use keiretsu::scenario::Problem;

/// Writes a market of three firms with one scenario per text, and gives back each problem as a line.
fn problems_of(top: &str, scenario: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("offers.csv", "offer,firm,price,share\nA1,A,10,0.2\nB1,B,11,0.2\nC1,C,12,0.2\n");
    let demand = if top.contains("[demand]") { "" } else { "[demand]\nprice_sensitivity = 0.5\n" };
    let text = format!("offers = \"offers.csv\"\n{top}\n{demand}[[scenarios]]\nid = \"s\"\n{scenario}\n");
    write("market.toml", &text);
    let shown = |p: Problem| format!("{} {}", p.what, p.remedy.unwrap_or_default());
    refusals(&folder.path().join("market.toml")).into_iter().map(shown).collect()
}

#[test]
fn a_merged_firm_does_not_come_back_as_a_rival() {
    let named = "B is merged into A in this scenario name A instead";
    for (scenario, place) in [
        ("enter = [{ offer = \"B3\", firm = \"B\", like = \"B1\" }]", "scenarios.0.enter.0.firm"),
        ("owners = { \"C1\" = \"B\" }", "scenarios.0.owners.C1"),
        ("stakes = [{ holder = \"B\", target = \"C\", share = 0.2 }]", "scenarios.0.stakes.0.holder"),
        (
            "profit_weights = { firms = [\"C\", \"B\"], kappa = [[1, 0], [0, 1]] }",
            "scenarios.0.profit_weights.firms.1",
        ),
    ] {
        let found = problems_of("", &format!("merge = [\"A\", \"B\"]\n{scenario}"));
        assert_eq!(found, [format!("`{place}`: {named}")]);
    }
    // Through a chain of mergers the last owner is named.
    let found = problems_of("", "merge = [[\"A\", \"B\"], [\"C\", \"A\"]]\nowners = { \"C1\" = \"B\" }");
    assert_eq!(found, ["`scenarios.0.owners.C1`: B is merged into C in this scenario name C instead"]);
    let found = problems_of("", "merge = [[\"A\", \"B\"], [\"C\", \"B\"]]");
    assert_eq!(found, [format!("`scenarios.0.merge.1`: {named}")]);
    // The merged firm itself may take over and enter.
    let good = "merge = [\"A\", \"B\"]\nowners = { \"C1\" = \"A\" }\nenter = [{ offer = \"A3\", firm = \"A\", like = \"B1\" }]";
    assert!(problems_of("", good).is_empty());
}

#[test]
fn nothing_that_is_typed_is_ignored() {
    let weights = "profit_weights = { firms = [\"A\", \"B\"], kappa = [[1, 0], [0, 1]] }";
    let stakes = "stakes = [{ holder = \"A\", target = \"B\", share = 0.2 }]";
    let entrant = "{ offer = \"N\", firm = \"A\", like = \"A1\" }";
    for (top, scenario, expected) in [
        (
            "[demand]\nprice_sensitivity = 0.5\nrho = { small = 0.4 }",
            "",
            "`demand.rho`: rho is given per nest but no offer has a nest",
        ),
        (&format!("{weights}\n{stakes}"), "", "`profit_weights`: both stakes and profit_weights are given"),
        (
            "",
            &format!("{weights}\n{stakes}"),
            "`scenarios.0.profit_weights`: both stakes and profit_weights are given",
        ),
        ("outside_share = 0.7", "", "`outside_share`: it is 0.7, but the shares of the offers leave 0.4"),
        ("outside_share = nan", "", "`outside_share`: it is NaN"),
        ("potential_buyers = nan", "", "`potential_buyers`: `potential_buyers` is NaN"),
        ("potential_buyers = -5", "", "`potential_buyers`: `potential_buyers` is -5"),
        ("", "merge = [\"A\", \"A\"]", "`scenarios.0.merge.0`: firm A is named twice"),
        (
            "",
            &format!("enter = [{entrant}, {entrant}]"),
            "`scenarios.0.enter.1.offer`: two new offers are called N",
        ),
        (
            "",
            "profit_weights = { firms = [\"A\", \"A\"], kappa = [[1, 0.5], [0, 1]] }",
            "`scenarios.0.profit_weights.firms`: firm A is named twice",
        ),
    ] {
        let found = problems_of(top, scenario);
        assert!(found.len() == 1 && found[0].starts_with(expected), "{expected}: {found:#?}");
    }
    assert!(problems_of("outside_share = 0.4\npotential_buyers = 1e6", "").is_empty());
}

#[test]
fn problems_are_plain_and_name_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let offers = "offer,firm,price,share\nA1,A,10,0.2\nB1,B,11,0.2\n";
    write("offers.csv", offers);
    let known = "offers = \"offers.csv\"\n[demand]\n";
    let refused = |file: &str, text: &str, line: usize, expected: &str| {
        write(file, text);
        let found = refusals(&folder.path().join(file));
        let fits = |p: &Problem| {
            p.what.contains(expected)
                && p.place.as_ref().is_some_and(|place| place.line() == line && place.file.ends_with(file))
        };
        assert!(found.iter().any(fits), "{line} {expected}: {found:#?}");
        found
    };
    let tables = "title = \"t\"\noffers = \"nope.csv\"\ntypes = \"nor.csv\"\n";
    refused("market.toml", tables, 2, "nope.csv: the file does not exist");
    refused("market.toml", tables, 3, "nor.csv: the file does not exist");
    for (text, line, expected) in [
        (
            "margin = { offer = \"A1\", value = 0.5 }\nprice_sensitivity = nan",
            4,
            "`demand.price_sensitivity`: the value is NaN, not a finite number",
        ),
        ("rho = \"x\"", 3, "`demand.rho`: expected a number, or one per nest"),
        ("own_elasticity = \"x\"", 3, "expected a number, or { offer"),
        ("price_sensitivity = 1\n[[scenarios]]\nid = \"s\"\nmerge = \"A\"", 6, "expected firms,"),
        (
            "price_sensitivity = 1\n[[stakes]]\nholder = \"A\"\ntarget = \"B\"\nshare = 0.1\ncontrol = \"slient\"",
            8,
            "expected \"silent\", \"proportional\"",
        ),
        (
            "price_sensitivity = 1\n[[scenarios]]\nid = \"s\"\ncosts = [\n  { percent = nan },\n]",
            7,
            "`scenarios.0.costs.0.percent`: the value is NaN, not a finite number",
        ),
        ("price_sensitivity = 1\n[[scenarios]]\nid = \"s\"\nremove = [\"A2\"]", 6, "there is no offer A2"),
    ] {
        refused("market.toml", &format!("{known}{text}\n"), line, expected);
    }
    // Everything that is of the wrong kind, in one pass.
    let many = "offers = 3\nprize_unit = \"x\"\n[demand]\nprice_sensitivity = \"y\"\n[[scenarios]]\nmerge = [\"A\"]\n";
    assert_eq!(refused("market.toml", many, 2, "unknown key `prize_unit`").len(), 4);
    // Targets that no market meets.
    write("units.csv", "offer,firm,price,units\nA1,A,10,20\nB1,B,11,30\n");
    let targets = "offers = \"units.csv\"\n[demand]\nmarket_elasticity = -9\nown_elasticity = -2\n";
    let found = refused("market.toml", targets, 4, "`demand.own_elasticity`: no price sensitivity");
    assert!(found[0].what.contains("(together with demand.market_elasticity)"), "{found:?}");
    // The place of a wrong value in JSON is its own line, not where reading ended.
    let json = "{\"demand\": {\n\"rho\": \"x\",\n\"alpha\": -1},\n\"products\": {}}";
    let found = refused("market.json", json, 2, "`demand.rho`: expected a number");
    assert!(!found[0].what.contains("untagged"), "{found:?}");
    // Not a market at all.
    let found = refusals(&folder.path().join("offers.csv"));
    assert!(found[0].to_string().contains("is a table, not a market"), "{found:?}");
    assert!(found[0].remedy.as_deref().is_some_and(|remedy| remedy.contains("or a JSON file")));
    refused("market.txt", offers, 1, "this is not TOML");
}

#[test]
fn every_number_of_a_scenario_must_be_finite() {
    for (scenario, key) in [
        ("enter = [{ offer = \"N\", firm = \"A\", like = \"A1\", quality = BAD }]", "enter.0.quality"),
        ("enter = [{ offer = \"N\", firm = \"A\", like = \"A1\", cost = BAD }]", "enter.0.cost"),
        ("costs = [{ percent = 1 }, { firm = \"A\", percent = BAD }]", "costs.1.percent"),
        ("costs = [{ amount = BAD }]", "costs.0.amount"),
        ("credits = [{ offer = \"A1\", amount = BAD }]", "credits.0.amount"),
        // A later rule does not hide it.
        ("taxes = [{ rate = BAD }, { rate = 0.1 }]", "taxes.0.rate"),
        ("fixed_prices = [{ offer = \"A1\", price = BAD }]", "fixed_prices.0.price"),
        ("stakes = [{ holder = \"A\", target = \"B\", share = BAD }]", "stakes.0"),
        ("stakes = [{ holder = \"A\", target = \"B\", share = 0.1, control = BAD }]", "stakes.0"),
        (
            "profit_weights = { firms = [\"A\", \"B\"], kappa = [[1, BAD], [0, 1]] }",
            "profit_weights.kappa.0.1",
        ),
    ] {
        for bad in ["nan", "inf", "-inf"] {
            let found = problems_of("", &scenario.replace("BAD", bad));
            let place = format!("`scenarios.0.{key}`: ");
            assert!(found.len() == 1 && found[0].starts_with(&place), "{scenario} {bad}: {found:#?}");
        }
    }
}

#[test]
fn contradictions_in_tables_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    for (offers, top, expected) in [
        (
            "offer,firm,nest,price,share\na,F1,x,10,0.2\nb,F2,y,11,0.3",
            "",
            "`demand.rho.z`: no offer is in a nest z",
        ),
        (
            "offer,firm,nest,price,share\na,F1,x,10,0.2\nb,F2,y,11,0.3",
            "",
            "`demand.rho.z`: 1.5 is not a fraction from 0 to below 1",
        ),
        (
            "offer,firm,nest,price,share,units\na,F1,x,10,0.2,20\nb,F2,y,11,,30",
            "outside_share = 0.5",
            "a has a share",
        ),
        (
            "offer,firm,nest,price,share,units\na,F1,x,10,0.2,20\nb,F2,y,11,0.3,30",
            "potential_buyers = 1000",
            "`potential_buyers`: with 1000 potential buyers the units of a would be a share of 0.02",
        ),
    ] {
        write("offers.csv", offers);
        write(
            "market.toml",
            &format!(
                "offers = \"offers.csv\"\n{top}\n[demand]\nprice_sensitivity = 0.5\nrho = {{ x = 0.1, y = 0.1, z = 1.5 }}\n"
            ),
        );
        let found = refusals(&folder.path().join("market.toml"));
        assert!(found.iter().any(|problem| problem.what.contains(expected)), "{expected}: {found:#?}");
    }
}
