//! Rules about what moves over time: knowledge and loyalty, trends, history.

use std::collections::HashSet;

use super::super::tables::{HistoryRow, TOTAL};
use super::Look;

/// Feedbacks stay bounded, and estimates have their history.
pub fn dynamics(look: &mut Look) {
    feedbacks(look);
    history(look);
}

/// γ + λ stays below 1 in every draw: at 1 a lead feeds itself without end.
fn feedbacks(look: &mut Look) {
    let world = look.world;
    let powertrains = world.powertrain_names();
    for (region, stated) in &world.file.regions {
        for (powertrain, effect) in &stated.knowledge_effect {
            let path = ["regions", region, "knowledge_effect", powertrain];
            if !powertrains.contains(&powertrain.as_str()) {
                look.unknown(&path, "powertrain", powertrain, &powertrains);
            }
            let (knowledge, loyalty) = (effect.range().1, stated.loyalty.range().1);
            if knowledge + loyalty >= 1.0 && knowledge < 1.0 && loyalty < 1.0 {
                let what = format!(
                    "knowledge effect and loyalty in {region} can sum to {:.4}; from 1 on, a lead feeds itself",
                    knowledge + loyalty
                );
                look.wrong(&path, what, "lower one of the high ends");
            }
        }
    }
}

/// Trends and volatilities need a history before the base year; no row is there twice.
fn history(look: &mut Look) {
    let world = look.world;
    let file = &world.file;
    let is_named = file.tables.history.is_some();
    if file.trends.estimate && !is_named {
        let remedy = "name a table under [tables], history = \"...\", or write estimate = false";
        look.wrong(&["trends", "estimate"], "trends cannot be estimated without a history table", remedy);
    }
    let unstated = file.regions.values().any(|region| region.volatility.is_none());
    if file.shocks.quality && !is_named && unstated {
        let remedy = "state `volatility` in every region, or name a history table under [tables]";
        look.wrong(
            &["shocks", "quality"],
            "quality shocks have no size: no volatility and no history",
            remedy,
        );
    }
    let regions = world.region_names();
    let mut seen = HashSet::new();
    for (index, row) in world.history.iter().enumerate() {
        if !regions.contains(&row.region.as_str()) {
            look.unknown_in_row("history", index, "region", &row.region, &regions);
        }
        if !seen.insert((&row.region, &row.manufacturer, row.year)) {
            let what = format!("{} in {} has two figures for {}", row.manufacturer, row.region, row.year);
            look.wrong_row("history", index, "year", what, "keep one row");
        }
    }
    for region in regions.iter().filter(|_| is_named && file.trends.estimate) {
        let has_total = |row: &HistoryRow| row.region == *region && row.manufacturer == TOTAL;
        let is_sold_in = world.offers.iter().any(|offer| offer.region == *region);
        if is_sold_in && !world.history.is_empty() && !world.history.iter().any(has_total) {
            let what = format!("the history table has no rows `{region},TOTAL`, so shares cannot be formed");
            look.wrong(
                &["tables", "history"],
                what,
                "add the region's total by year under the maker `TOTAL`",
            );
        }
    }
    let powertrains = world.powertrain_names();
    for (index, row) in world.powertrain_history.iter().enumerate() {
        if !regions.contains(&row.region.as_str()) {
            look.unknown_in_row("powertrain_history", index, "region", &row.region, &regions);
        }
        if !powertrains.contains(&row.powertrain.as_str()) {
            look.unknown_in_row("powertrain_history", index, "powertrain", &row.powertrain, &powertrains);
        }
    }
}
