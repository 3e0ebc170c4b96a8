//! What coalitions come to in words, for a terminal and for programs.

use super::super::answer::words::{joined, of_100_draws, sum, three_digits};
use super::super::table_style;
use super::{billions, lines, named};
use crate::scenario::Scenario;
use crate::variants::coalitions::{Coalitions, Outsiders, Ranking, Valued};

/// Partners told of in a sentence.
const PARTNERS: usize = 3;
/// Part of the alliance's gain below which a payment is none.
const NO_PAYMENT: f64 = 0.005;

/// The answer in words: what it is worth and to whom, who would leave, what keeps everyone in, who might join.
pub fn sentences(scenario: &Scenario, found: &Coalitions) -> Vec<String> {
    let mut sentences = vec![worth(scenario, found), holds(found)];
    sentences.extend(smaller(found));
    sentences.extend(division(found));
    sentences.extend(alliance_partners(found));
    sentences.extend(member_partners(found));
    if !found.unseen.is_empty() {
        let unseen = joined(&found.unseen);
        sentences.push(format!(
            "Not counted is what {unseen} would gain: no sales in the regions that are modelled."
        ));
    }
    sentences.extend(left_out(found));
    sentences
}

fn money(found: &Coalitions) -> String {
    found.names.words.fill("{money}")
}

fn names(makers: &[&str]) -> String {
    joined(&makers.iter().map(|maker| (*maker).to_owned()).collect::<Vec<_>>())
}

/// Of one: `gains USD 1.20 bn`.
fn gains(value: f64, money: &str) -> String {
    format!("{} {}", if value < 0.0 { "loses" } else { "gains" }, sum(value, money))
}

/// Of several: `gain USD 1.20 bn`.
fn gain(value: f64, money: &str) -> String {
    format!("{} {}", if value < 0.0 { "lose" } else { "gain" }, sum(value, money))
}

fn worth(scenario: &Scenario, found: &Coalitions) -> String {
    let (money, whole) = (money(found), found.whole());
    let members: Vec<String> = found
        .members
        .iter()
        .zip(&whole.values)
        .map(|(m, e)| format!("{m} {}", gains(e.mean, &money)))
        .collect();
    let joint = &whole.joint;
    format!(
        "“{}”, if it goes ahead: counted to {} and discounted at {} % a year, {} together {} against nobody working together \
         (in 90 of 100 draws {} to {} {}): {}.",
        scenario.worlds[found.world].name,
        scenario.last_year,
        three_digits(100.0 * found.discount_rate)
            .trim_start_matches('+')
            .trim_end_matches('0')
            .trim_end_matches('.'),
        joined(&found.members),
        gain(joint.mean, &money),
        three_digits(joint.p05),
        three_digits(joint.p95),
        billions(found),
        joined(&members)
    )
}

fn holds(found: &Coalitions) -> String {
    let stable = found.whole().stability.as_ref().expect("an alliance has two members and more");
    let often = format!("in {} all would stay", of_100_draws(stable.internal));
    let wish =
        |member: &usize| format!("{} (in {})", found.members[*member], of_100_draws(stable.moves[*member]));
    match &stable.expected.leave[..] {
        [] => format!("On average no member would be better off outside; {often}."),
        leave => format!(
            "On average {} would be better off outside; {often}.",
            joined(&leave.iter().map(wish).collect::<Vec<_>>())
        ),
    }
}

/// The best of the smaller circles.
fn smaller(found: &Coalitions) -> Option<String> {
    let whole = found.whole();
    let several = |valued: &&Valued| {
        valued.coalition.count_ones() > 1 && valued.coalition != whole.coalition && valued.joint.n > 0
    };
    let best = found.coalitions.iter().filter(several);
    let best = best.max_by(|a, b| a.joint.mean.total_cmp(&b.joint.mean))?;
    let money = money(found);
    let inside = names(&found.inside(best.coalition));
    let outsiders = match found.outsiders {
        Outsiders::Alone => "",
        Outsiders::Together => ", the others allied too",
    };
    let gain = gain(best.joint.mean, &money);
    Some(match best.joint.mean > whole.joint.mean {
        true => format!("{inside} alone would do better together than all of them: they {gain}{outsiders}."),
        false => format!("Of the smaller circles {inside} would do best: they {gain} together{outsiders}."),
    })
}

fn division(found: &Coalitions) -> Option<String> {
    let division = found.division.as_ref()?;
    let rule = division.rules.iter().find(|rule| rule.name == "nucleolus")?;
    let (money, often) = (money(found), of_100_draws(division.part_with_core));
    if !division.has_core {
        return Some(format!(
            "No division of the gain keeps every group in: whatever is paid, some group would have {} more apart (there is \
             such a division in {often}).",
            sum(division.least_core, &money)
        ));
    }
    let least = NO_PAYMENT * found.whole().joint.mean.abs();
    let paid = |sign: f64, verb: &str| -> Vec<String> {
        let payments = found.members.iter().zip(&rule.transfers);
        let payments = payments.filter(|(_, transfer)| sign * **transfer > least);
        payments.map(|(maker, transfer)| format!("{maker} {verb} {}", sum(*transfer, &money))).collect()
    };
    let payments = [paid(-1.0, "pays"), paid(1.0, "receives")].concat();
    let start = format!("The gain can be divided so that no group would do better apart (in {often})");
    Some(match payments.is_empty() {
        true => format!("{start}; it needs no payment."),
        false => format!("{start}: most safely where {} (the nucleolus).", joined(&payments)),
    })
}

fn alliance_partners(found: &Coalitions) -> Option<String> {
    let ranking = found.partners.iter().find(|ranking| ranking.of.is_none())?;
    let money = money(found);
    let told = ranking.partners.iter().take(PARTNERS).map(|partner| {
        let own =
            partner.own.as_ref().map_or(String::new(), |own| format!(", itself {}", gains(own.mean, &money)));
        format!("{} (the members together {}{own})", partner.name, gain(partner.gain.mean, &money))
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| {
        format!(
            "Of {} makers outside, those who would bring the alliance most by joining are {}; what a platform would cost a \
             newcomer alone is an estimate, scaled by units.",
            ranking.partners.len(),
            joined(&told)
        )
    })
}

fn member_partners(found: &Coalitions) -> Option<String> {
    let money = money(found);
    let best = |ranking: &Ranking| {
        let member = &found.members[ranking.of?];
        let partner = ranking.partners.first()?;
        let what = gains(partner.gain.mean, &money);
        Some(format!("{} for {member} ({member} {what})", partner.name))
    };
    let best: Vec<String> = found.partners.iter().filter_map(best).collect();
    (!best.is_empty()).then(|| format!("In an alliance of two the best partner would be {}.", joined(&best)))
}

fn left_out(found: &Coalitions) -> Option<String> {
    let why: Vec<String> = found.left_out.iter().map(|(maker, why)| format!("{maker}: {why}")).collect();
    (!why.is_empty()).then(|| format!("Not looked at as partners: {}", why.join("; ")))
}

/// What each coalition is worth, and the best partners, for a terminal.
pub fn in_terminal(found: &Coalitions) -> String {
    let unit = billions(found);
    let mut header = vec!["coalition"];
    header.extend(found.members.iter().map(String::as_str));
    header.extend(["together", "nobody leaves", "nobody joins"]);
    let mut table = table_style::plain(header);
    let alone = found.outsiders == Outsiders::Alone;
    for valued in found.coalitions.iter().filter(|valued| valued.stability.is_some() || !alone) {
        let mut row = vec![named(found, valued)];
        let inside = found.inside(valued.coalition);
        row.extend(found.members.iter().zip(&valued.values).map(|(maker, e)| {
            let value = three_digits(e.mean);
            if inside.contains(&maker.as_str()) { value } else { format!("({value})") }
        }));
        row.push(three_digits(valued.joint.mean));
        let of_100 = |part: f64| format!("{:.0} %", 100.0 * part);
        let nobody_else = valued.coalition == found.whole().coalition;
        row.extend(match &valued.stability {
            Some(stable) if nobody_else => [of_100(stable.internal), "–".to_owned()],
            Some(stable) => [of_100(stable.internal), of_100(stable.external)],
            None => ["–", "–"].map(str::to_owned),
        });
        table.add_row(row);
    }
    let mut text = format!(
        "Present value against nobody working together, {unit} (outside in brackets), and in which part of draws a \
         coalition holds\n{table}\n\n"
    );
    if let Some(ranking) = found.partners.first() {
        let mut table = table_style::plain(["who might join", "members", "itself", "neither loses"]);
        for partner in ranking.partners.iter().take(10) {
            let own = partner.own.as_ref().map_or("–".to_owned(), |own| three_digits(own.mean));
            let neither = format!("{:.0} %", 100.0 * partner.neither_loses);
            table.add_row([&partner.name, &three_digits(partner.gain.mean), &own, &neither]);
        }
        text += &format!("What joining the whole alliance brings, {unit}\n{table}\n\n");
    }
    text
}

/// For programs.
pub fn json(scenario: &Scenario, found: &Coalitions) -> serde_json::Value {
    let coalitions = found.coalitions.iter().map(|valued| {
        let values = found.members.iter().zip(&valued.values).map(|(m, e)| (m.clone(), e.mean.into()));
        let outcomes = lines(found).into_iter().zip(&valued.outcomes).map(|(line, e)| (line, e.mean.into()));
        let stable = valued.stability.as_ref();
        serde_json::json!({
            "coalition": found.inside(valued.coalition),
            "values": values.collect::<serde_json::Map<String, serde_json::Value>>(),
            "joint": valued.joint.mean,
            "outcomes": outcomes.collect::<serde_json::Map<String, serde_json::Value>>(),
            "nobody_leaves": stable.map(|stable| stable.internal),
            "nobody_joins": stable.map(|stable| stable.external),
        })
    });
    let rules = found.division.iter().flat_map(|division| &division.rules);
    let rules = rules.map(|rule| {
        serde_json::json!({
            "rule": rule.name,
            "keeps_everyone": rule.in_core,
            "allocation": rule.allocation,
            "transfers": rule.transfers,
        })
    });
    let partners = found.partners.iter().map(|ranking| {
        let of = ranking.of.map(|member| &found.members[member]);
        let partners = ranking.partners.iter().map(|partner| {
            serde_json::json!({
                "partner": partner.name,
                "takers": partner.gain.mean,
                "own": partner.own.as_ref().map(|own| own.mean),
                "together": partner.joint.mean,
                "neither_loses": partner.neither_loses,
            })
        });
        serde_json::json!({ "for": of, "partners": partners.collect::<Vec<_>>() })
    });
    serde_json::json!({
        "sentences": sentences(scenario, found),
        "alliance": found.alliance,
        "world": found.names.worlds.first().map(|_| &scenario.worlds[found.world].key),
        "members": found.members,
        "unit": billions(found),
        "coalitions": coalitions.collect::<Vec<_>>(),
        "has_core": found.division.as_ref().map(|division| division.has_core),
        "part_with_core": found.division.as_ref().map(|division| division.part_with_core),
        "rules": rules.collect::<Vec<_>>(),
        "partners": partners.collect::<Vec<_>>(),
    })
}
