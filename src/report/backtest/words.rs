//! A backtest in words: how often the bands held, first of all.

use comfy_table::{CellAlignment, Table};

use crate::backtest::ENOUGH;
use crate::backtest::rivals::Method;
use crate::backtest::rolling::Kind;
use crate::backtest::summary::Row;
use crate::report::answer::words::joined;
use crate::report::table_style::plain;

/// How far from 90 % is still called as often as promised.
const TOLERATED: f64 = 0.05;
/// Bands that hold less often than this are much too narrow: twice to three times as many misses as promised.
const MUCH_TOO_SELDOM: f64 = 0.75;

/// How often the 90 % bands of the share process held, all regions together, and what follows from it.
/// `origins`: first and last year that was forecast from; `named`: a region's name for people. `None` where
/// too little was forecast to say anything.
pub fn sentence(rows: &[Row], origins: (i32, i32), named: &dyn Fn(&str) -> String) -> Option<String> {
    let several = rows.iter().any(|row| row.region.is_none());
    let scored = || rows.iter().filter(|row| row.method == Method::Process && row.n >= ENOUGH);
    let of = |kind: Kind| -> Vec<&Row> {
        scored().filter(|row| row.kind == Some(kind) && row.region.is_none() == several).collect()
    };
    let (mature, new) = (of(Kind::Mature), of(Kind::Newcomer));
    if mature.is_empty() {
        return None;
    }
    let n: usize = mature.iter().map(|row| row.n).sum();
    let (first, last) = origins;
    let mut text = format!(
        "How such forecasts have done: 90 % bands for the shares of established makers, drawn from what was known in {first} \
         to {last}, held {} ({n} forecasts)",
        held(&mature, " of the time"),
    );
    if !new.is_empty() {
        text += &format!(", and those of newcomers {}", held(&new, ""));
    }
    let worst = mature.iter().chain(&new).map(|row| row.inside_90).fold(1.0, f64::min);
    text += match worst {
        worst if worst > 0.9 + TOLERATED => {
            ". That is more often than they say: take them for somewhat too wide."
        }
        worst if worst >= 0.9 - TOLERATED => ". That is about as often as they say.",
        worst if worst >= MUCH_TOO_SELDOM => {
            ". That is less often than they say: take them for somewhat too narrow."
        }
        _ => ". That is much less often than they say: take them for too narrow.",
    };
    let by_region = scored().filter(|row| row.kind.is_some() && row.region.is_some());
    let lowest = by_region.min_by(|a, b| a.inside_90.total_cmp(&b.inside_90));
    let lowest = lowest.filter(|row| several && row.inside_90 < worst.min(0.9 - TOLERATED));
    if let Some((row, region)) = lowest.and_then(|row| Some((row, row.region.as_deref()?))) {
        let kind = if row.kind == Some(Kind::Newcomer) { "newcomers" } else { "established makers" };
        text += &format!(" They did worst for {kind} in {} ({}).", named(region), held(&[row], ""));
    }
    Some(text)
}

/// 91 % of the time one year, 86 % three and 83 % five years ahead; `of` stands behind the first.
fn held(rows: &[&Row], of: &str) -> String {
    let parts = rows.iter().enumerate().map(|(at, row)| {
        let of = if at == 0 { of } else { "" };
        let years = if row.horizon == 1 { " year" } else { " years" };
        let years = if at + 1 == rows.len() || row.horizon == 1 { years } else { "" };
        format!("{:.0} %{of} {}{years}", 100.0 * row.inside_90, in_words(row.horizon))
    });
    joined(&parts.collect::<Vec<_>>()) + " ahead"
}

fn in_words(horizon: usize) -> String {
    const WORDS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let word = horizon.checked_sub(1).and_then(|place| WORDS.get(place));
    word.map_or(horizon.to_string(), |word| (*word).to_owned())
}

/// The scores for programs: as in `scores.csv`, of every method.
pub fn json(rows: &[Row], origins: (i32, i32)) -> serde_json::Value {
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
    serde_json::json!({ "sentence": sentence(rows, origins, &str::to_owned), "scores": rows.iter().map(row).collect::<Vec<_>>() })
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
