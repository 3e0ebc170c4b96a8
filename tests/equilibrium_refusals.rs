//! Inputs of `keiretsu equilibrium` that could pass for something else: refused, never passed over.

use crate::support::markets::*;
use keiretsu::equilibrium::EquilibriumError;

/// Writes a market of three firms with one scenario per text, and gives back each problem as a line.
fn problems_of(top: &str, scenario: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("offers.csv", "offer,firm,price,share\nA1,A,10,0.2\nB1,B,11,0.2\nC1,C,12,0.2\n");
    let demand = if top.contains("[demand]") { "" } else { "[demand]\nprice_sensitivity = 0.5\n" };
    let text = format!("offers = \"offers.csv\"\n{top}\n{demand}[[scenarios]]\nid = \"s\"\n{scenario}\n");
    write("market.toml", &text);
    match ask(&folder.path().join("market.toml")) {
        Err(EquilibriumError::Input { problems, .. }) => {
            problems.iter().map(|p| format!("{} {}", p.message, p.remedy)).collect()
        }
        Err(other) => panic!("{text}: {other:?}"),
        Ok(_) => Vec::new(),
    }
}

#[test]
fn a_merged_firm_does_not_come_back_as_a_rival() {
    let named = "B is merged into A in this scenario Name A instead.";
    for (scenario, place) in [
        ("enter = [{ offer = \"B3\", firm = \"B\", like = \"B1\" }]", "scenarios[0].enter[0].firm"),
        ("owners = { \"C1\" = \"B\" }", "scenarios[0].owners.C1"),
        ("stakes = [{ holder = \"B\", target = \"C\", share = 0.2 }]", "scenarios[0].stakes[0].holder"),
        (
            "profit_weights = { firms = [\"C\", \"B\"], kappa = [[1, 0], [0, 1]] }",
            "scenarios[0].profit_weights.firms[1]",
        ),
    ] {
        let found = problems_of("", &format!("merge = [\"A\", \"B\"]\n{scenario}"));
        assert_eq!(found, [format!("{place}: {named}")]);
    }
    // Through a chain of mergers the last owner is named.
    let found = problems_of("", "merge = [[\"A\", \"B\"], [\"C\", \"A\"]]\nowners = { \"C1\" = \"B\" }");
    assert_eq!(found, ["scenarios[0].owners.C1: B is merged into C in this scenario Name C instead."]);
    let found = problems_of("", "merge = [[\"A\", \"B\"], [\"C\", \"B\"]]");
    assert_eq!(found, [format!("scenarios[0].merge[1]: {named}")]);
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
            "demand.rho: rho is given per nest but no offer has a nest",
        ),
        (&format!("{weights}\n{stakes}"), "", "profit_weights: both stakes and profit_weights are given"),
        (
            "",
            &format!("{weights}\n{stakes}"),
            "scenarios[0].profit_weights: both stakes and profit_weights are given",
        ),
        (
            "outside_share = 0.7",
            "",
            "outside_share: outside_share is 0.7, but the shares of the offers leave 0.4",
        ),
        ("outside_share = nan", "", "outside_share: outside_share is NaN"),
        ("potential_buyers = nan", "", "potential_buyers: the number of potential buyers is NaN"),
        ("potential_buyers = -5", "", "potential_buyers: the number of potential buyers is -5"),
        ("", "merge = [\"A\", \"A\"]", "scenarios[0].merge[0]: firm A is named twice"),
        (
            "",
            &format!("enter = [{entrant}, {entrant}]"),
            "scenarios[0].enter[1].offer: two new offers are called N",
        ),
        (
            "",
            "profit_weights = { firms = [\"A\", \"A\"], kappa = [[1, 0.5], [0, 1]] }",
            "scenarios[0].profit_weights.firms: firm A is named twice",
        ),
    ] {
        let found = problems_of(top, scenario);
        assert!(found.len() == 1 && found[0].starts_with(expected), "{expected}: {found:#?}");
    }
    assert!(problems_of("outside_share = 0.4\npotential_buyers = 1e6", "").is_empty());
}

/// What is printed, in one line.
fn printed(error: EquilibriumError) -> String {
    let report = format!("{:?}", miette::Report::new(error));
    report.split_whitespace().filter(|w| !["│", "·"].contains(w)).collect::<Vec<_>>().join(" ")
}

#[test]
fn problems_are_plain_and_name_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let offers = "offer,firm,price,share\nA1,A,10,0.2\nB1,B,11,0.2\n";
    write("offers.csv", offers);
    let known = "offers = \"offers.csv\"\n[demand]\n";
    for (text, line, expected) in [
        (
            "title = \"t\"\noffers = \"nope.csv\"\ntypes = \"nor.csv\"\n",
            "market.toml:2:",
            "offers: cannot read",
        ),
        (
            "title = \"t\"\noffers = \"nope.csv\"\ntypes = \"nor.csv\"\n",
            "market.toml:3:",
            "types: cannot read",
        ),
        (
            &format!("{known}margin = {{ offer = \"A1\", value = 0.5 }}\nprice_sensitivity = nan\n"),
            "market.toml:4:",
            "demand.price_sensitivity: the price coefficient is NaN",
        ),
        (&format!("{known}rho = \"x\"\n"), "market.toml:3:", "expected a number, or one per nest"),
        (&format!("{known}own_elasticity = \"x\"\n"), "market.toml:3:", "expected a number, or { offer"),
        (
            &format!("{known}price_sensitivity = 1\n[[scenarios]]\nid = \"s\"\nmerge = \"A\"\n"),
            "market.toml:6:",
            "expected firms,",
        ),
        (
            &format!(
                "{known}price_sensitivity = 1\n[[stakes]]\nholder = \"A\"\ntarget = \"B\"\nshare = 0.1\ncontrol = \"slient\"\n"
            ),
            "market.toml:8:",
            "expected \"silent\", \"proportional\"",
        ),
        (
            &format!(
                "{known}price_sensitivity = 1\n[[scenarios]]\nid = \"s\"\ncosts = [\n  {{ percent = nan }},\n]\n"
            ),
            "market.toml:7:",
            "scenarios[0].costs[0].percent: NaN is no usable number",
        ),
    ] {
        write("market.toml", text);
        let report = printed(ask(&folder.path().join("market.toml")).expect_err(expected));
        assert!(report.contains(line) && report.contains(expected), "{line} {expected}: {report}");
    }
    // Targets that no market meets.
    write("units.csv", "offer,firm,price,units\nA1,A,10,20\nB1,B,11,30\n");
    write("market.toml", "offers = \"units.csv\"\n[demand]\nmarket_elasticity = -9\nown_elasticity = -2\n");
    let report = printed(ask(&folder.path().join("market.toml")).unwrap_err());
    assert!(report.contains("market.toml:4:"), "{report}");
    assert!(report.contains("demand.own_elasticity: no price sensitivity"), "{report}");
    assert!(report.contains("(together with demand.market_elasticity)"), "{report}");
    // The place of a wrong value in JSON is its own line, not where reading ended.
    write("market.json", "{\"demand\": {\n\"rho\": \"x\",\n\"alpha\": -1},\n\"products\": {}}");
    let report = printed(ask(&folder.path().join("market.json")).unwrap_err());
    assert!(report.contains("market.json:2:") && !report.contains("untagged"), "{report}");
    // Not a market at all.
    let report = printed(ask(&folder.path().join("offers.csv")).unwrap_err());
    assert!(report.contains("is a table, not a market") && report.contains("or a JSON file"), "{report}");
    write("market.txt", offers);
    let report = printed(ask(&folder.path().join("market.txt")).unwrap_err());
    assert!(report.contains("TOML file that names a CSV") && report.contains("or a JSON file"), "{report}");
}

#[test]
fn every_number_of_a_scenario_must_be_finite() {
    for (scenario, key) in [
        ("enter = [{ offer = \"N\", firm = \"A\", like = \"A1\", quality = BAD }]", "enter[0].quality"),
        ("enter = [{ offer = \"N\", firm = \"A\", like = \"A1\", cost = BAD }]", "enter[0].cost"),
        ("costs = [{ percent = 1 }, { firm = \"A\", percent = BAD }]", "costs[1].percent"),
        ("costs = [{ amount = BAD }]", "costs[0].amount"),
        ("credits = [{ offer = \"A1\", amount = BAD }]", "credits[0].amount"),
        // A later rule does not hide it.
        ("taxes = [{ rate = BAD }, { rate = 0.1 }]", "taxes[0].rate"),
        ("fixed_prices = [{ offer = \"A1\", price = BAD }]", "fixed_prices[0].price"),
        ("stakes = [{ holder = \"A\", target = \"B\", share = BAD }]", "stakes[0]"),
        ("stakes = [{ holder = \"A\", target = \"B\", share = 0.1, control = BAD }]", "stakes[0]"),
        (
            "profit_weights = { firms = [\"A\", \"B\"], kappa = [[1, BAD], [0, 1]] }",
            "profit_weights.kappa[0][1]",
        ),
    ] {
        for bad in ["nan", "inf", "-inf"] {
            let found = problems_of("", &scenario.replace("BAD", bad));
            let place = format!("scenarios[0].{key}: ");
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
            "demand.rho.z: no offer is in a nest z",
        ),
        (
            "offer,firm,nest,price,share\na,F1,x,10,0.2\nb,F2,y,11,0.3",
            "",
            "demand.rho.z: rho of nest z is 1.5",
        ),
        (
            "offer,firm,nest,price,share,units\na,F1,x,10,0.2,20\nb,F2,y,11,,30",
            "outside_share = 0.5",
            "a has a share",
        ),
        (
            "offer,firm,nest,price,share,units\na,F1,x,10,0.2,20\nb,F2,y,11,0.3,30",
            "potential_buyers = 1000",
            "potential_buyers: with 1000 potential buyers the units of a would be a share of 0.02",
        ),
    ] {
        write("offers.csv", offers);
        write(
            "market.toml",
            &format!(
                "offers = \"offers.csv\"\n{top}\n[demand]\nprice_sensitivity = 0.5\nrho = {{ x = 0.1, y = 0.1, z = 1.5 }}\n"
            ),
        );
        let Err(EquilibriumError::Input { problems, .. }) = ask(&folder.path().join("market.toml")) else {
            panic!("{expected}")
        };
        let all: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
        assert!(all.iter().any(|m| m.contains(expected)), "{expected}: {all:#?}");
    }
}
