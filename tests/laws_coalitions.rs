//! Coalitions: laws of cooperative games, and whole runs of the same worlds written by hand.
#![allow(clippy::disallowed_methods)]

use crate::support::draft::Draft;
use crate::support::lab::{Lab, assert_near, bits};
use keiretsu::games::Coalition;
use keiretsu::scenario::{Problems, load_with};
use keiretsu::simulation::Work;
use keiretsu::variants::coalitions::{Coalitions, Outsiders, Question, Valued, prepare};

const DRAWS: u64 = 200;
const SEED: u64 = 11;
const RATE: f64 = 0.08;
const FROM: &str = "from = 2025-01-01";

/// A and B are alike; C is smaller; they buy together, and share a platform. D looks on.
fn market() -> Draft {
    Draft::of(&[(500_000.0, 30_000.0), (500_000.0, 30_000.0), (200_000.0, 22_000.0), (900_000.0, 27_000.0)])
        .sections("[costs]\nscale_elasticity = { dist = \"uniform\", low = 0.02, high = 0.06 }")
}

fn terms(members: &[&str], key: &str) -> String {
    let mut text = format!("[alliances.{key}]\nactive = false\n");
    for member in members {
        text += &format!("members.{member}.{FROM}\n");
    }
    text += "realised_fraction = { dist = \"uniform\", low = -0.2, high = 1.0 }\nintegration_cost = 0.3\n";
    text += "breakup_hazard = 0.05\npools.buying = { kind = \"purchasing\", start = 2025 }\n";
    let cost = |member: &&str| format!("{member} = {}", if *member == "C" { "0.02" } else { "0.05" });
    let costs: Vec<String> = members.iter().filter(|member| **member != "Z").map(cost).collect();
    let costs = format!("stand_alone_cost = {{ {} }}", costs.join(", "));
    text += &format!(
        "pools.software = {{ kind = \"platform\", start = 2026, overhead = 0.2, split = \"volume\", {costs} }}\n"
    );
    text
}

fn allied(members: &[&str]) -> Draft {
    market().sections(&terms(members, "club")).world("allied", "alliances.club.active = true")
}

struct Asked<'a> {
    outsiders: Outsiders,
    partners: bool,
    outcomes: &'a [String],
}

const PLAIN: Asked = Asked { outsiders: Outsiders::Alone, partners: false, outcomes: &[] };

fn try_ask(draft: &Draft, asked: &Asked) -> Result<Coalitions, Problems> {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = load_with(&draft.write(folder.path()), &[], Some(DRAWS), Some(SEED))
        .unwrap_or_else(|problems| panic!("{problems}\n{}", draft.text()));
    let question = Question {
        scenario: &scenario,
        alliance: None,
        world: None,
        outsiders: asked.outsiders,
        partners: asked.partners,
        outcomes: asked.outcomes,
        discount_rate: RATE,
        replications: None,
    };
    Ok(prepare(&question)?.run(&mut Work::Whole, &|_| {}).unwrap().unwrap())
}

fn ask(draft: &Draft, asked: &Asked) -> Coalitions {
    try_ask(draft, asked).unwrap_or_else(|problems| panic!("{problems}"))
}

fn of(found: &Coalitions, members: &[&str]) -> Coalition {
    members.iter().map(|name| 1 << found.members.iter().position(|member| member == name).unwrap()).sum()
}

fn valued<'a>(found: &'a Coalitions, members: &[&str]) -> &'a Valued {
    let coalition = of(found, members);
    found.coalitions.iter().find(|valued| valued.coalition == coalition).unwrap()
}

fn mean(found: &Coalitions, members: &[&str], maker: &str) -> f64 {
    let maker = found.members.iter().position(|member| member == maker).unwrap();
    valued(found, members).values[maker].mean
}

/// What a coalition's members are worth together.
fn worth(found: &Coalitions, members: &[&str]) -> f64 {
    members.iter().map(|member| mean(found, members, member)).sum()
}

fn subsets<'a>(members: &[&'a str]) -> Vec<Vec<&'a str>> {
    let masks = 1..1_usize << members.len();
    masks
        .map(|mask| {
            members.iter().enumerate().filter(|(at, _)| mask >> at & 1 == 1).map(|(_, m)| *m).collect()
        })
        .collect()
}

/// The present value of a maker's mean profit difference in a run of a world written by hand.
fn by_hand(lab: &Lab, world: &str, maker: &str) -> f64 {
    let years = lab.years().skip(1).enumerate();
    years
        .map(|(at, year)| {
            let change = lab.difference(world, 0, &format!("operating_profit {maker}"), year).mean;
            change / (1.0 + RATE).powi(at as i32 + 1)
        })
        .sum()
}

#[test]
fn every_coalition_is_the_world_with_these_members() {
    let found = ask(&allied(&["A", "B", "C"]), &PLAIN);
    assert_eq!(found.coalitions.len(), 7);
    for members in subsets(&["A", "B", "C"]).iter().filter(|members| members.len() > 1) {
        let lab = allied(members).run(DRAWS, SEED);
        for maker in ["A", "B", "C"] {
            let expected = by_hand(&lab, "allied", maker);
            assert!(expected.abs() > 1e-6);
            assert_near(mean(&found, members, maker), expected, 1e-9, &format!("{maker} with {members:?}"));
        }
    }
    for member in ["A", "B", "C"] {
        let alone = &valued(&found, &[member]).values;
        assert!(alone.iter().all(|e| e.mean == 0.0 && e.p05 == 0.0), "{member} alone changes something");
    }
}

#[test]
fn members_alike_are_worth_alike() {
    let found = ask(&allied(&["A", "B", "C"]), &PLAIN);
    let all = ["A", "B", "C"];
    for (one, other) in [
        (mean(&found, &all, "A"), mean(&found, &all, "B")),
        (mean(&found, &["A", "C"], "C"), mean(&found, &["B", "C"], "C")),
        (mean(&found, &["A", "C"], "B"), mean(&found, &["B", "C"], "A")),
    ] {
        assert_near(one, other, 1e-9, "members alike");
    }
    for rule in &found.division.as_ref().unwrap().rules {
        let scale = worth(&found, &all);
        assert!((rule.allocation[0] - rule.allocation[1]).abs() < 1e-4 * scale, "{rule:?}");
    }
}

/// Z sells nowhere and takes part in no pool: with it nothing changes, to the bit.
#[test]
fn a_null_member_gets_nothing_and_changes_nothing() {
    let text = terms(&["A", "B", "C", "Z"], "club")
        .replace("kind = \"purchasing\",", "kind = \"purchasing\", members = [\"A\", \"B\", \"C\"],")
        .replace("kind = \"platform\",", "kind = \"platform\", members = [\"A\", \"B\", \"C\"],");
    let draft = market().sections(&text).world("allied", "alliances.club.active = true");
    let draft = draft.table("manufacturers", "manufacturer,figure,value\nZ,world_units,100000");
    let found = ask(&draft, &PLAIN);
    for members in subsets(&["A", "B", "C"]) {
        let with = [&members[..], &["Z"]].concat();
        let (without, with) = (valued(&found, &members), valued(&found, &with));
        for (a, b) in without.values.iter().zip(&with.values) {
            assert_eq!(bits(a), bits(b), "{members:?}");
        }
        assert_eq!(with.values[3].mean, 0.0);
    }
    let shapley = &found.division.as_ref().unwrap().rules[0];
    assert_eq!((shapley.name, shapley.allocation[3]), ("shapley", 0.0));
    assert_eq!(found.unseen, ["Z"]);
}

#[test]
fn a_division_adds_up_and_one_of_the_core_leaves_nobody_better_off() {
    let all = ["A", "B", "C"];
    let mut with_core = 0;
    for outsiders in [Outsiders::Alone, Outsiders::Together] {
        // Buying together takes from those outside; a platform alone saves everyone something.
        for other in ["", "alliances.club.integration_cost = 3\n", "costs.scale_elasticity = 0.0\n"] {
            let draft = market()
                .sections(&terms(&all, "club"))
                .world("allied", &format!("{other}alliances.club.active = true"));
            let found = ask(&draft, &Asked { outsiders, ..PLAIN });
            let division = found.division.as_ref().unwrap();
            let scale = subsets(&all).iter().map(|s| worth(&found, s).abs()).fold(0.0, f64::max);
            for rule in &division.rules {
                let sum: f64 = rule.transfers.iter().sum();
                assert!(sum.abs() < 1e-12 * scale.max(1.0), "{} transfers sum to {sum}", rule.name);
                let lacks = |members: &Vec<&str>| {
                    let gets: f64 = rule
                        .allocation
                        .iter()
                        .zip(all)
                        .filter(|(_, member)| members.contains(member))
                        .map(|(gets, _)| gets)
                        .sum();
                    worth(&found, members) - gets
                };
                let most = subsets(&all).iter().map(lacks).fold(f64::NEG_INFINITY, f64::max);
                assert_eq!(rule.in_core, most < 1e-5 * scale, "{}: {most}", rule.name);
                if rule.name == "nucleolus" {
                    assert_eq!(rule.in_core, division.has_core);
                    let parts = subsets(&all).into_iter().filter(|members| members.len() < 3);
                    let most = parts.map(|members| lacks(&members)).fold(f64::NEG_INFINITY, f64::max);
                    assert!((most - division.least_core).abs() < 1e-4 * scale, "least core");
                }
            }
            with_core += usize::from(division.has_core);
        }
    }
    assert!(with_core > 0, "no game had a core: the law was not tried");
}

/// With two members the parts are those of the signs of what they get.
#[test]
fn two_members_stay_as_often_as_neither_loses() {
    let found = ask(&allied(&["A", "C"]), &PLAIN);
    let whole = found.whole();
    let stable = whole.stability.as_ref().unwrap();
    for member in 0..2 {
        assert_eq!(stable.moves[member], whole.values[member].prob_loss);
        assert_eq!(stable.expected.leave.contains(&member), whole.values[member].mean < 0.0);
    }
    let losers: f64 = whole.values.iter().map(|e| e.prob_loss).sum();
    assert!(stable.internal >= 1.0 - losers && stable.internal <= 1.0 - losers / 2.0);
    assert_eq!((stable.external, stable.n), (1.0, DRAWS));
}

/// With outsiders together a structure is one world, whichever of its groups is asked about.
#[test]
fn outsiders_together_are_an_alliance_of_their_own() {
    let together = Asked { outsiders: Outsiders::Together, ..PLAIN };
    let found = ask(&allied(&["A", "B", "C", "D"]), &together);
    for (group, rest) in [(["A", "B"], ["C", "D"]), (["A", "C"], ["B", "D"])] {
        for (a, b) in valued(&found, &group).values.iter().zip(&valued(&found, &rest).values) {
            assert_eq!(bits(a), bits(b));
        }
    }
    // As written by hand: the first group keeps the alliance's name, the others' is another one on the same terms.
    let draft = market()
        .sections(&terms(&["A", "C"], "club"))
        .sections(&terms(&["B", "D"], "club-2"))
        .world("allied", "alliances.club.active = true\nalliances.club-2.active = true");
    let lab = draft.run(DRAWS, SEED);
    for maker in ["A", "B", "C", "D"] {
        assert_near(mean(&found, &["A", "C"], maker), by_hand(&lab, "allied", maker), 1e-9, maker);
    }
    // Alone against three together.
    let lab = allied(&["B", "C", "D"]).run(DRAWS, SEED);
    assert_near(mean(&found, &["A"], "A"), by_hand(&lab, "allied", "A"), 1e-9, "alone");
}

/// D joins on the alliance's terms, its platform cost that of the largest member scaled by units.
#[test]
fn a_partner_is_the_world_with_one_member_more() {
    let found = ask(&allied(&["A", "C"]), &Asked { partners: true, ..PLAIN });
    let cost = 0.05 * 900_000.0 / 500_000.0;
    let hand = |members: &[&str]| {
        let text = terms(members, "club").replace("D = 0.05", &format!("D = {cost:?}"));
        market().sections(&text).world("allied", "alliances.club.active = true").run(DRAWS, SEED)
    };
    let (with, without) = (hand(&["A", "C", "D"]), hand(&["A", "C"]));
    let change = |maker: &str| by_hand(&with, "allied", maker) - by_hand(&without, "allied", maker);
    let ranking = &found.partners[0];
    assert_eq!((ranking.of, found.partners.len()), (None, 3));
    let d = ranking.partners.iter().find(|partner| partner.name == "D").unwrap();
    assert_near(d.gain.mean, change("A") + change("C"), 1e-8, "to the members");
    assert_near(d.own.unwrap().mean, change("D"), 1e-8, "to itself");
    assert_near(d.joint.mean, d.gain.mean + d.own.unwrap().mean, 1e-9, "together");
    // A pair of C and D, the platform's cost of D scaled from C in it as in the alliance.
    let of_c = &found.partners[2];
    let names: Vec<&str> = of_c.partners.iter().map(|partner| partner.name.as_str()).collect();
    assert!(of_c.of == Some(1) && names.len() == 3 && names.contains(&"A") && names.contains(&"D"));
    let pair = hand(&["C", "D"]);
    let d = of_c.partners.iter().find(|partner| partner.name == "D").unwrap();
    assert_near(d.gain.mean, by_hand(&pair, "allied", "C"), 1e-8, "to C");
    assert!(of_c.partners.windows(2).all(|two| two[0].gain.mean >= two[1].gain.mean));
}

/// What ends with the alliance holds among those who are in it.
#[test]
fn mergers_and_stakes_of_the_alliance_go_with_their_owners() {
    let ties = "[mergers.one]\nactive = false\nmembers = [\"A\", \"B\"]\nfrom = 2026-01-01\nalliance = \"club\"\n\
                [stakes.held]\nactive = false\nholder = \"A\"\ntarget = \"C\"\nshare = 0.3\nfrom = 2026-01-01\nalliance = \"club\"";
    let on = "alliances.club.active = true\nmergers.one.active = true\nstakes.held.active = true";
    let draft = market().sections(&terms(&["A", "B", "C"], "club")).sections(ties).world("allied", on);
    let found = ask(&draft, &PLAIN);
    let hand = |members: &[&str], on: &str| {
        market().sections(&terms(members, "club")).sections(ties).world("allied", on).run(DRAWS, SEED)
    };
    let cases: [(&[&str], &str); 3] = [
        (&["A", "B"], "alliances.club.active = true\nmergers.one.active = true"),
        (&["A", "C"], "alliances.club.active = true\nstakes.held.active = true"),
        (&["B", "C"], "alliances.club.active = true"),
    ];
    for (members, on) in cases {
        let lab = hand(members, on);
        for maker in ["A", "B", "C"] {
            let expected = by_hand(&lab, "allied", maker);
            assert_near(mean(&found, members, maker), expected, 1e-9, &format!("{maker} with {members:?}"));
        }
    }
}

#[test]
fn what_cannot_be_asked_is_said_with_its_remedy() {
    let mut seven = market();
    for maker in ["E", "F", "G"] {
        let mut row = seven.offers[0].clone();
        row.maker = maker.into();
        seven.offers.push(row);
    }
    let members = ["A", "B", "C", "D", "E", "F", "G"];
    let draft = seven.sections(&terms(&members, "club")).world("allied", "alliances.club.active = true");
    let wrong = try_ask(&draft, &PLAIN).unwrap_err();
    assert!(wrong.0[0].what.contains("7 members") && wrong.0[0].place.is_some(), "{wrong}");
    let outcomes = ["share alliance:club Home 2028".to_owned(), "share Q Home".to_owned()];
    let wrong = try_ask(&allied(&["A", "B"]), &Asked { outcomes: &outcomes, ..PLAIN }).unwrap_err();
    assert_eq!(wrong.0.len(), 2, "{wrong}");
    assert!(wrong.0[0].what.contains("other members in every coalition"), "{wrong}");
    let none = market().sections(&terms(&["A", "B"], "club")).world("other", "costs.scale_elasticity = 0.01");
    let wrong = try_ask(&none, &PLAIN).unwrap_err();
    assert!(wrong.0[0].what.contains("in force in no world"), "{wrong}");
    let wrong = try_ask(&market(), &PLAIN).unwrap_err();
    assert!(wrong.0[0].what.contains("no alliance"), "{wrong}");
}
