//! The answer as tables and sentences for people.

use comfy_table::{CellAlignment, Table};

use super::answer::{Answer, Results, Trust};
use crate::report::table_style::plain;

/// Rows shown before a table is cut.
const MOST_ROWS: usize = 40;

/// The whole answer as text.
pub fn text(answer: &Answer) -> String {
    let mut text = String::new();
    let title = if answer.title.is_empty() { &answer.id } else { &answer.title };
    text += &format!("{title}\n\n");
    text += &baseline(answer);
    text += &screens(answer);
    for scenario in &answer.scenarios {
        let what = if scenario.description.is_empty() {
            String::new()
        } else {
            format!(" – {}", scenario.description)
        };
        text += &format!("\n{}{what}\n", scenario.id);
        text += &results(answer, &scenario.results);
    }
    text
}

fn finish(mut table: Table, text_columns: usize) -> String {
    for column in table.column_iter_mut().skip(text_columns) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let lines: Vec<String> = table.to_string().lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n") + "\n"
}

/// A number with about five significant digits.
fn figure(value: f64) -> String {
    let size = value.abs();
    match size {
        _ if !value.is_finite() => "–".to_owned(),
        _ if size >= 1e9 => format!("{:.2} billion", value / 1e9),
        _ if size >= 1e6 => format!("{:.2} million", value / 1e6),
        _ if size >= 1000.0 => format!("{value:.0}"),
        _ if size >= 10.0 => format!("{value:.2}"),
        _ if size >= 0.001 || size == 0.0 => format!("{value:.4}"),
        _ => format!("{value:.3e}"),
    }
}

fn percent(value: f64) -> String {
    if value.is_finite() { format!("{:.2} %", 100.0 * value) } else { "–".to_owned() }
}

fn change(now: f64, before: f64) -> String {
    let ratio = now / before - 1.0;
    if ratio.is_finite() { signed(100.0 * ratio, 2) + " %" } else { "–".to_owned() }
}

/// A signed number; what rounds to zero has no sign.
fn signed(value: f64, decimals: usize) -> String {
    let text = format!("{value:+.decimals$}");
    if text.contains(|digit: char| ('1'..='9').contains(&digit)) { text } else { text[1..].to_owned() }
}

fn cut(shown: usize, all: usize) -> String {
    if all > shown {
        format!("… and {} more; see --out or --format json\n", all - shown)
    } else {
        String::new()
    }
}

fn baseline(answer: &Answer) -> String {
    let base = &answer.baseline;
    let inside = 1.0 - base.outside_share;
    let mut rows = plain([
        "offer",
        "firm",
        "price paid",
        "market share",
        "marginal cost",
        "margin",
        "own elasticity",
        "to outside",
    ]);
    let shown = base.ids.len().min(MOST_ROWS);
    for j in 0..shown {
        rows.add_row(vec![
            base.ids[j].clone(),
            base.firm_ids[j].clone(),
            figure(base.prices[j]),
            percent(base.shares[j] / inside),
            figure(base.costs[j]),
            percent(base.lerner[j]),
            figure(base.own_elasticities[j]),
            percent(base.diversion_to_outside[j]),
        ]);
    }
    let unit = if answer.price_unit.is_empty() {
        String::new()
    } else {
        format!(" (money in {})", answer.price_unit)
    };
    let mut text = format!("Base situation{unit}\n{}{}", finish(rows, 2), cut(shown, base.ids.len()));
    let alpha: Vec<String> = base.alpha.iter().take(3).map(|a| figure(*a)).collect();
    let types =
        if base.alpha.len() > 1 { format!(" ({} buyer types)", base.alpha.len()) } else { String::new() };
    text += &format!(
        "Price coefficient {}{}{types}, rho {}. {} of potential buyers buy nothing. Market elasticity {}.\n",
        alpha.join(", "),
        if base.alpha.len() > 3 { " …" } else { "" },
        base.rho.iter().map(|r| figure(*r)).collect::<Vec<_>>().join(", "),
        percent(base.outside_share),
        figure(base.market_elasticity)
    );
    text += &format!("HHI {:.0}.", base.hhi);
    if let Some(mhhi) = base.mhhi {
        text += &format!(" With the profit weights in force it is as if it were {mhhi:.0} (MHHI).");
    }
    if let Some(passthrough) = &base.passthrough {
        let own: Vec<f64> = (0..base.ids.len()).map(|j| passthrough[j][j]).collect();
        let low = own.iter().copied().fold(f64::INFINITY, f64::min);
        let high = own.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        text += &format!(" A cost rise of 1 on one offer raises its price by {low:.2} to {high:.2}.");
    }
    text + "\n"
}

fn screens(answer: &Answer) -> String {
    let Some(screens) = &answer.screens else { return String::new() };
    let base = &answer.baseline;
    let mut rows = plain(["offer", "firm", "UPP", "GUPPI", "cost that would keep the price", "CMCR"]);
    let chosen: Vec<usize> =
        (0..base.ids.len()).filter(|&j| screens.merging.contains(&base.firm_ids[j])).collect();
    for &j in chosen.iter().take(MOST_ROWS) {
        rows.add_row(vec![
            base.ids[j].clone(),
            base.firm_ids[j].clone(),
            figure(screens.upp[j]),
            percent(screens.guppi[j]),
            figure(screens.compensating_costs[j]),
            percent(screens.cmcr[j]),
        ]);
    }
    let highest = chosen.iter().map(|&j| screens.guppi[j]).fold(f64::NEG_INFINITY, f64::max);
    format!(
        "\nFirst look at a merger of {} and {}\n{}{}At today's shares the HHI rises by {:.0} to {:.0}. The largest upward pressure is {} of the price.\n",
        screens.merging[0],
        screens.merging[1],
        finish(rows, 2),
        cut(MOST_ROWS, chosen.len()),
        screens.hhi_change,
        screens.hhi + screens.hhi_change,
        percent(highest),
    )
}

fn verdict(trust: &Trust) -> String {
    let roots = match trust.stationary_points {
        0 => String::new(),
        1 => ", the only root found".to_owned(),
        several => format!(", one of {several} roots found"),
    };
    format!("{} (residual {:.1e}, {}{roots})", trust.status, trust.residual, trust.method)
}

fn results(answer: &Answer, results: &Results) -> String {
    if !results.trust.has_prices() {
        return format!("No equilibrium to show: {}.\n", verdict(&results.trust));
    }
    let base = &answer.baseline;
    let (inside, before) = (1.0 - results.outside_share, 1.0 - base.outside_share);
    let old = |values: &[f64], j: usize| values.get(j).copied().unwrap_or(f64::NAN);
    let points = |j: usize| 100.0 * (results.shares[j] / inside - old(&base.shares, j) / before);
    let moved = |j: usize| (results.prices[j] / old(&base.prices, j) - 1.0).abs();
    let shown = worth_showing(results, moved);
    let mut rows =
        plain(["offer", "firm", "price paid", "change", "market share", "points", "profit change"]);
    for &j in &shown {
        rows.add_row(vec![
            results.ids[j].clone(),
            results.firm_ids[j].clone(),
            figure(results.prices[j]),
            change(results.prices[j], old(&base.prices, j)),
            percent(results.shares[j] / inside),
            if points(j).is_finite() { signed(points(j), 3) } else { "new".to_owned() },
            change(results.product_profits[j], old(&base.product_profits, j)),
        ]);
    }
    let rest: Vec<usize> = (0..results.ids.len()).filter(|j| !shown.contains(j)).collect();
    let mut text = finish(rows, 2);
    if !rest.is_empty() {
        let most = rest.iter().map(|&j| moved(j)).fold(0.0, f64::max);
        text += &format!(
            "The prices of the other {} offers move by at most {:.3} %.\n",
            rest.len(),
            100.0 * most
        );
    }
    let paid = |prices: &[f64], shares: &[f64]| -> f64 {
        let on_sale = || prices.iter().zip(shares).filter(|(p, _)| p.is_finite());
        on_sale().map(|(p, s)| p * s).sum::<f64>() / on_sale().map(|(_, s)| s).sum::<f64>()
    };
    let average = change(paid(&results.prices, &results.shares), paid(&base.prices, &base.shares));
    let cv = results.compensating_variation;
    let money = match answer.potential_buyers {
        Some(buyers) => format!("{} {}", figure(cv.abs() * buyers), answer.price_unit),
        None => format!("{} {} per potential buyer", figure(cv.abs()), answer.price_unit),
    };
    text += &format!(
        "The average price paid changes by {average}; buyers {} {}; HHI {:.0} ({}).",
        if cv > 0.0 { "lose" } else { "gain" },
        money.trim_end(),
        results.hhi,
        signed(results.hhi - base.hhi, 0)
    );
    if let Some(mhhi) = results.mhhi {
        text += &format!(" MHHI {mhhi:.0}.");
    }
    if let Some(revenue) = results.tax_revenue {
        text += &format!(" Tax revenue {} per potential buyer.", figure(revenue));
    }
    let profits = firm_profit_changes(answer, results);
    let firms: Vec<String> = profits
        .into_iter()
        .filter(|(_, change)| change.abs() >= 5e-5)
        .take(8)
        .map(|(firm, change)| format!("{firm} {:+.2} %", 100.0 * change))
        .collect();
    if !firms.is_empty() {
        text += &format!(" Operating profit with the same offers: {}.", firms.join(", "));
    }
    text + &format!("\nEquilibrium: {}.\n", verdict(&results.trust))
}

/// The offers of a counterfactual table: all of a small market; else the twenty whose prices move most.
fn worth_showing(results: &Results, moved: impl Fn(usize) -> f64) -> Vec<usize> {
    let n = results.ids.len();
    let mut order: Vec<usize> = (0..n).collect();
    if n > 24 {
        let size = |j: usize| if moved(j).is_nan() { f64::INFINITY } else { moved(j) };
        order.sort_by(|&a, &b| size(b).total_cmp(&size(a)));
        order.truncate(20);
        let most = order.first().map_or(0.0, |&j| if size(j).is_finite() { size(j) } else { 0.0 });
        order.retain(|&j| size(j) >= 0.05 * most);
        order.sort_unstable();
    }
    order
}

/// Each firm's operating profit against what the offers it now owns earned before, largest change first.
fn firm_profit_changes(answer: &Answer, results: &Results) -> Vec<(String, f64)> {
    let base = &answer.baseline;
    let mut changes: Vec<(String, f64)> = results
        .firm_profits
        .0
        .iter()
        .filter_map(|(firm, profit)| {
            let offers = (0..base.ids.len()).filter(|&j| &results.firm_ids[j] == firm);
            let before: f64 = offers.map(|j| base.product_profits[j]).sum();
            let change = profit / before - 1.0;
            change.is_finite().then(|| (firm.clone(), change))
        })
        .collect();
    changes.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    changes
}
