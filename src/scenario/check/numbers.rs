//! Rules about numbers: sound distributions that stay where the number has a meaning.

use super::super::quantities::quantities;
use super::super::quantity::Quantity;
use super::super::sources::{dotted, segments};
use super::super::tables::{Figure, PolicyKind};
use super::Look;
use super::limits::{Limits, limits_of};
use crate::uncertainty::Distribution;

/// What is wrong with a quantity and what to do, if anything is.
pub fn fault(quantity: &Quantity, limits: Option<&Limits>) -> Option<(String, String)> {
    if let Err(wrong) = quantity.distribution.validate() {
        return Some((wrong, remedy(&quantity.distribution).to_owned()));
    }
    let limits = limits?;
    let (low, high) = if limits.everywhere { support(&quantity.distribution) } else { quantity.range() };
    if limits.allow(low) && limits.allow(high) {
        return None;
    }
    let extent = match low == high {
        true => format!("{low}"),
        false => format!("a range from {low} to {high}"),
    };
    Some((format!("{extent} is not {}", limits.meaning), limits.remedy(&quantity.distribution, low, high)))
}

/// What to do about a distribution that is none.
fn remedy(distribution: &Distribution) -> &'static str {
    let (numbers, spread) = match *distribution {
        Distribution::Fixed(value) => (vec![value], 0.0),
        Distribution::Uniform { low, high } => (vec![low, high, high - low], 0.0),
        Distribution::Triangular { low, mode, high } | Distribution::Pert { low, mode, high } => {
            (vec![low, mode, high, high - low], 0.0)
        }
        Distribution::Normal { mean, sd, low, high } => {
            (vec![mean, sd, low.unwrap_or(mean), high.unwrap_or(mean)], sd)
        }
        Distribution::LogNormal { median, sd_log } => (vec![median, sd_log], sd_log),
    };
    if !numbers.iter().all(|number| number.is_finite()) {
        return "write a finite number";
    }
    if spread < 0.0 {
        return "a standard deviation is 0 or more";
    }
    match *distribution {
        Distribution::Normal { low: Some(low), high: Some(high), .. } if low > high => {
            "the lowest value comes first: low, high"
        }
        Distribution::Normal { .. } => "choose `low` and `high` on both sides of the mean, or leave them out",
        Distribution::LogNormal { median, .. } if median <= 0.0 => {
            "write a median above 0; what can be negative has another distribution, such as normal"
        }
        Distribution::LogNormal { .. } => "write `sd_log` as a fraction, such as 0.1",
        Distribution::Uniform { .. } => "the lowest value comes first: low, high",
        _ => "the lowest value comes first: low, mode, high",
    }
}

/// The smallest and the largest value any draw can take.
fn support(distribution: &Distribution) -> (f64, f64) {
    match *distribution {
        Distribution::Normal { sd, low, high, .. } if sd > 0.0 => {
            (low.unwrap_or(f64::NEG_INFINITY), high.unwrap_or(f64::INFINITY))
        }
        Distribution::LogNormal { sd_log, .. } if sd_log > 0.0 => (f64::MIN_POSITIVE, f64::INFINITY),
        _ => distribution.range(),
    }
}

/// Every quantity of the scenario file.
pub fn quantities_of_file(look: &mut Look) {
    for (key, quantity) in quantities(&look.world.file) {
        let path = segments(&key);
        if let Some((what, remedy)) = fault(quantity, limits_of(&path)) {
            let parts: Vec<&str> = path.iter().map(String::as_str).collect();
            look.wrong(&parts, format!("`{}`: {what}", dotted(&path)), remedy);
        }
    }
}

/// Every quantity in a table.
pub fn table_values(look: &mut Look) {
    let world = look.world;
    for (row, figure) in world.manufacturers.iter().enumerate() {
        let limits = match figure.figure {
            Figure::WorldUnits | Figure::Revenue | Figure::Rnd => &Limits::NOT_NEGATIVE,
            Figure::OutsidePowertrainShare => &Limits::FRACTION,
            Figure::ExperienceYears => &Limits::POSITIVE,
            Figure::PublishedMargin => &Limits::RATE,
            Figure::FirstSale => &Limits::YEAR,
            Figure::OperatingProfit => &Limits::ANY,
        };
        report(look, "manufacturers", row, "value", &figure.value, limits);
    }
    for (row, policy) in world.policies.iter().enumerate() {
        let limits = match policy.kind {
            PolicyKind::Duty | PolicyKind::Tax => &Limits::AD_VALOREM,
            PolicyKind::Credit => &Limits::NOT_NEGATIVE,
            PolicyKind::Ban => &Limits::FRACTION,
        };
        report(look, "policies", row, "value", &policy.value, limits);
    }
    for (row, origin) in world.origins.iter().enumerate() {
        report(look, "origins", row, "share", &origin.share, &Limits::FRACTION);
    }
    for (row, share) in world.powertrain_history.iter().enumerate() {
        report(look, "powertrain_history", row, "share", &share.share.into(), &Limits::FRACTION);
    }
    for (row, history) in world.history.iter().enumerate() {
        report(look, "history", row, "units", &history.units.into(), &Limits::NOT_NEGATIVE);
    }
}

fn report(look: &mut Look, table: &str, row: usize, column: &str, quantity: &Quantity, limits: &Limits) {
    if let Some((what, remedy)) = fault(quantity, Some(limits)) {
        let column = if matches!(quantity.distribution, Distribution::Fixed(_)) { column } else { "dist" };
        look.wrong_row(table, row, column, what, remedy);
    }
}
