//! A backtest in words: how often the bands held, first of all.

use comfy_table::{CellAlignment, Table};

use crate::backtest::rivals::Method;
use crate::backtest::rolling::Kind;
use crate::backtest::summary::Row;
use crate::report::table_style::plain;

/// Fewer forecasts are no evidence.
const ENOUGH: usize = 20;
/// How many percentage points short of 90 % is still called as often as promised.
const TOLERATED: f64 = 0.05;

/// How often the 90 % bands of the share process held, all regions together: one sentence, and what follows
/// from it. `None` where too little was forecast to say anything.
pub fn sentence(rows: &[Row]) -> Option<String> {
    let several = rows.iter().any(|row| row.region.is_none());
    let of = |kind: Option<Kind>| {
        rows.iter()
            .filter(move |row| row.method == Method::Process && row.kind == kind)
            .filter(move |row| row.region.is_none() == several)
    };
    let held = |row: &Row| format!("{:.0}", 100.0 * row.inside_90);
    let mature: Vec<&Row> = of(Some(Kind::Mature)).filter(|row| row.n >= ENOUGH).collect();
    if mature.is_empty() {
        return None;
    }
    let listed = |rows: &[&Row], figure: &dyn Fn(&Row) -> String| {
        rows.iter().map(|row| figure(row)).collect::<Vec<_>>().join(" / ")
    };
    let horizons = listed(&mature, &|row| row.horizon.to_string());
    let plural = if mature.len() == 1 && mature[0].horizon == 1 { "year" } else { "years" };
    let n: usize = mature.iter().map(|row| row.n).sum();
    let mut text = format!(
        "In the past the 90 % bands held {} % of {n} forecasts of established makers {horizons} {plural} ahead",
        listed(&mature, &held),
    );
    let new: Vec<&Row> = of(Some(Kind::Newcomer)).filter(|row| row.n >= ENOUGH).collect();
    if !new.is_empty() {
        let horizons = listed(&new, &|row| row.horizon.to_string());
        text += &format!(", and {} % of newcomers' at {horizons}", listed(&new, &held));
    }
    let worst = mature.iter().chain(&new).map(|row| row.inside_90).fold(1.0, f64::min);
    text += match worst {
        held if held >= 0.9 - TOLERATED => ": about as often as they say.",
        held if held >= 0.75 => ": less often than they say; read them as somewhat too narrow.",
        _ => ": much less often than they say; read them as too narrow.",
    };
    Some(text)
}

/// The scores for programs: as in `scores.csv`, of every method.
pub fn json(rows: &[Row]) -> serde_json::Value {
    let row = |row: &Row| {
        serde_json::json!({
            "region": row.region.as_deref().unwrap_or("all"),
            "kind": row.kind.map_or("all", Kind::name),
            "horizon": row.horizon,
            "method": row.method.name(),
            "n": row.n,
            "held_50": row.inside_50,
            "held_90": row.inside_90,
            "crps": row.crps,
            "gain": row.gain,
            "p": row.paired.test.map(|test| test.1),
        })
    };
    serde_json::json!({ "sentence": sentence(rows), "scores": rows.iter().map(row).collect::<Vec<_>>() })
}

/// The scores of the share process for a terminal, beside "shares stay".
pub fn table(rows: &[Row]) -> String {
    let mut table: Table = plain([
        "region",
        "makers",
        "years",
        "n",
        "held 50 %",
        "held 90 %",
        "CRPS",
        "shares stay",
        "gain",
        "p",
    ]);
    for row in rows.iter().filter(|row| row.method == Method::Process) {
        let Some(kind) = row.kind else { continue };
        table.add_row([
            row.region.clone().unwrap_or_else(|| "all".to_owned()),
            kind.name().to_owned(),
            row.horizon.to_string(),
            row.n.to_string(),
            format!("{:.0} %", 100.0 * row.inside_50),
            format!("{:.0} %", 100.0 * row.inside_90),
            format!("{:.3}", row.crps),
            format!("{:.3}", row.yardstick),
            format!("{:+.1} %", 100.0 * row.gain),
            row.paired.test.map_or(String::new(), |(_, p)| format!("{p:.2}")),
        ]);
    }
    for column in 2..10 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    format!("{table}\n")
}
