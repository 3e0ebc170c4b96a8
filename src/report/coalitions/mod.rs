//! Coalitions in a report: tables, charts, sentences.

mod charts;
mod sentences;

pub use charts::charts;
pub use sentences::{in_terminal, json, sentences};

use super::csv_file::{CsvFile, figure};
use super::run_folder::File;
use crate::analysis::{Labels, text};
use crate::simulation::summary::Estimate;
use crate::variants::coalitions::{Coalitions, Valued};

/// Present value of the operating profit's difference.
const VALUE: &str = "present_value";

const STATISTICS: &str = "n,mean,sd,se,p05,p25,p50,p75,p95,prob_gain,prob_loss";

/// `coalitions.csv`, `stability.csv`, `transfers.csv` and, where partners were asked for, `partners.csv`.
pub fn tables(found: &Coalitions) -> Vec<File> {
    let mut files = vec![
        File::new("coalitions.csv", values(found)),
        File::new("stability.csv", stability(found)),
        File::new("transfers.csv", transfers(found)),
    ];
    if !found.partners.is_empty() {
        files.push(File::new("partners.csv", partners(found)));
    }
    files
}

/// As the columns of files have it: `Honda + Nissan`.
fn named(found: &Coalitions, valued: &Valued) -> String {
    found.inside(valued.coalition).join(" + ")
}

fn billions(found: &Coalitions) -> String {
    found.names.words.fill("{money} bn")
}

fn statistics(e: &Estimate) -> Vec<String> {
    let figures = [e.mean, e.sd, e.se, e.p05, e.p25, e.p50, e.p75, e.p95, e.prob_gain, e.prob_loss];
    let figures = figures.map(|value| if e.n > 0 { figure(value) } else { String::new() });
    [vec![e.n.to_string()], figures.to_vec()].concat()
}

/// Every coalition, every member: differences to nobody working together; then those inside together (`joint`).
fn values(found: &Coalitions) -> Vec<u8> {
    let columns = format!("coalition,size,maker,inside,outcome,unit,region,powertrain,year,{STATISTICS}");
    let mut file = CsvFile::new(&columns);
    for valued in &found.coalitions {
        let mut row = |maker: &str, inside: &str, of: [String; 5], e: &Estimate| {
            let mut keys = vec![named(found, valued), valued.coalition.count_ones().to_string()];
            keys.extend([maker, inside].map(str::to_owned));
            keys.extend(of);
            file.row(keys, statistics(e));
        };
        let members = found.inside(valued.coalition);
        let inside = |maker: &str| match (maker.is_empty(), members.contains(&maker)) {
            (true, _) => "",
            (_, true) => "yes",
            (_, false) => "no",
        };
        let value = || [VALUE.to_owned(), billions(found), String::new(), String::new(), String::new()];
        for (maker, e) in found.members.iter().zip(&valued.values) {
            row(maker, inside(maker), value(), e);
        }
        let joint = [format!("joint_{VALUE}"), billions(found), String::new(), String::new(), String::new()];
        row("", "", joint, &valued.joint);
        for (key, e) in found.outcomes.iter().zip(&valued.outcomes) {
            let l = Labels::of(&found.names, key);
            let of = [l.outcome, l.unit, l.region, l.powertrain, key.year.to_string()];
            row(&l.manufacturer, inside(&l.manufacturer), of, e);
        }
    }
    file.bytes()
}

/// Coalitions of two and more: whether nobody would leave, nobody would join; then each member's own wish.
fn stability(found: &Coalitions) -> Vec<u8> {
    let mut file = CsvFile::new("coalition,property,maker,on_average,n,part,se");
    for valued in &found.coalitions {
        let Some(stable) = &valued.stability else { continue };
        let mut row = |property: &str, maker: &str, on_average: bool, part: f64| {
            let on_average = if on_average { "yes" } else { "no" };
            let keys = [named(found, valued).as_str(), property, maker, on_average].map(str::to_owned);
            let se = (part * (1.0 - part) / stable.n as f64).sqrt();
            file.row(keys.to_vec(), vec![stable.n.to_string(), figure(part), figure(se)]);
        };
        row("nobody_leaves", "", stable.expected.leave.is_empty(), stable.internal);
        row("nobody_joins", "", stable.expected.join.is_empty(), stable.external);
        let inside = found.inside(valued.coalition);
        for (at, (maker, part)) in found.members.iter().zip(&stable.moves).enumerate() {
            match inside.contains(&maker.as_str()) {
                true => row("would_leave", maker, stable.expected.leave.contains(&at), *part),
                false => row("would_join", maker, stable.expected.join.contains(&at), *part),
            }
        }
    }
    file.bytes()
}

/// Ways to divide what the whole alliance gains.
fn transfers(found: &Coalitions) -> Vec<u8> {
    let mut file =
        CsvFile::new("rule,keeps_everyone,maker,unit,alone,in_alliance,allocation,transfer,least_core");
    let Some(division) = &found.division else { return file.bytes() };
    for rule in &division.rules {
        let keeps = if rule.in_core { "yes" } else { "no" };
        for (at, maker) in found.members.iter().enumerate() {
            let alone = found.coalitions[(1_usize << at) - 1].values[at].mean;
            let whole = found.whole().values[at].mean;
            let keys = [rule.name, keeps, maker, &billions(found)].map(str::to_owned);
            let figures = [alone, whole, rule.allocation[at], rule.transfers[at], division.least_core];
            file.row(keys.to_vec(), figures.map(figure).to_vec());
        }
    }
    file.bytes()
}

/// Possible partners of the alliance and of each member, the one that brings most first.
fn partners(found: &Coalitions) -> Vec<u8> {
    let mut file =
        CsvFile::new(&format!("for,rank,partner,who,outcome,unit,part_neither_loses,{STATISTICS}"));
    for ranking in &found.partners {
        let taker = match ranking.of {
            Some(member) => found.members[member].clone(),
            None => format!("alliance:{}", found.alliance),
        };
        for (at, partner) in ranking.partners.iter().enumerate() {
            let rows = [("takers", Some(&partner.gain)), ("partner", partner.own.as_ref())];
            for (who, e) in rows.into_iter().chain([("together", Some(&partner.joint))]) {
                let Some(e) = e else { continue };
                let rank = (at + 1).to_string();
                let keys = [&taker, &rank, &partner.name, who, VALUE, &billions(found)].map(str::to_owned);
                let neither = figure(partner.neither_loses);
                file.row(keys.to_vec(), [vec![neither], statistics(e)].concat());
            }
        }
    }
    file.bytes()
}

/// Outcomes beside present values, as they are asked for.
fn lines(found: &Coalitions) -> Vec<String> {
    found.outcomes.iter().map(|key| text(&found.names, key)).collect()
}
