//! Rules about numbers: sound distributions that stay where the number has a meaning.

use super::super::key::segments;
use super::super::limits::Limits;
use super::super::quantity::Quantity;
use super::Look;
use crate::uncertainty::Distribution;

/// What is wrong with a quantity and what to do, if anything is.
pub fn fault(quantity: &Quantity, limits: Limits) -> Option<(String, String)> {
    if let Err(wrong) = quantity.distribution.validate() {
        return Some((wrong, remedy(&quantity.distribution).to_owned()));
    }
    let (low, high) =
        if limits.hold_everywhere() { support(&quantity.distribution) } else { quantity.range() };
    if limits.allow(low) && limits.allow(high) {
        return None;
    }
    let extent = match low == high {
        true => format!("{low}"),
        false => format!("a range from {low} to {high}"),
    };
    Some((
        format!("{extent} is not {}", limits.interval().meaning),
        limits.remedy(&quantity.distribution, low, high),
    ))
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
        Distribution::LogNormal { median, sd_log, .. } => (vec![median, sd_log], sd_log),
        Distribution::Beta { alpha, beta, low, high } => (vec![alpha, beta, low, high, high - low], 0.0),
        Distribution::StudentT { median, scale, freedom } => (vec![median, scale, freedom], scale),
        Distribution::Gamma { shape, scale } => (vec![shape, scale], scale),
        Distribution::Hazard { ends, exposure } => (vec![ends, exposure], 0.0),
        Distribution::Discrete { ref values, ref weights } => ([&values[..], weights].concat(), 0.0),
    };
    if !numbers.iter().all(|number| number.is_finite()) {
        return "write a finite number";
    }
    if spread < 0.0 {
        return "a standard deviation is 0 or more";
    }
    match *distribution {
        Distribution::Normal { low: Some(low), high: Some(high), .. }
        | Distribution::LogNormal { low: Some(low), high: Some(high), .. }
            if low > high =>
        {
            "the lowest value comes first: low, high"
        }
        Distribution::Normal { .. } => "choose `low` and `high` on both sides of the mean, or leave them out",
        Distribution::LogNormal { median, .. } if median <= 0.0 => {
            "write a median above 0; what can be negative has another distribution, such as normal"
        }
        Distribution::LogNormal { sd_log, .. } if sd_log > 10.0 => {
            "write `sd_log` as a fraction, such as 0.1"
        }
        Distribution::LogNormal { .. } => {
            "choose `low` and `high` above 0 on both sides of the median, or leave them out"
        }
        Distribution::Beta { low, high, .. } if low > high => "the lowest value comes first: low, high",
        Distribution::Beta { .. }
        | Distribution::StudentT { .. }
        | Distribution::Gamma { .. }
        | Distribution::Hazard { .. } => "write a number above 0 of a sensible size, such as 3",
        Distribution::Discrete { .. } => {
            "give each value a weight of 0 or more, or leave `weights` out where all are as likely"
        }
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
        Distribution::LogNormal { sd_log, low, high, .. } if sd_log > 0.0 => {
            (low.unwrap_or(f64::MIN_POSITIVE), high.unwrap_or(f64::INFINITY))
        }
        Distribution::StudentT { scale, .. } if scale > 0.0 => (f64::NEG_INFINITY, f64::INFINITY),
        Distribution::Gamma { scale, .. } if scale > 0.0 => (f64::MIN_POSITIVE, f64::INFINITY),
        _ => distribution.range(),
    }
}

/// Every input, and the plain numbers of tables.
pub fn numbers(look: &mut Look) {
    let world = look.world;
    for input in &world.inputs {
        let Some((what, remedy)) = fault(&input.quantity, input.limits) else { continue };
        match input.cell {
            Some((table, row, column)) => {
                let is_plain = matches!(input.quantity.distribution, Distribution::Fixed(_));
                look.wrong_row(table, row, if is_plain { column } else { "dist" }, what, remedy);
            }
            None => {
                let key = &input.quantity.key;
                let path = segments(key);
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                look.wrong(&path, format!("`{key}`: {what}"), remedy);
            }
        }
    }
    for (row, maker) in world.manufacturers.iter().enumerate() {
        if !maker.figure.is_drawn() && !maker.value.distribution.is_fixed() {
            let what = "this figure is not drawn, so a distribution has no meaning here".to_owned();
            look.wrong_row("manufacturers", row, "dist", what, "write one value");
        }
    }
    for (row, share) in world.powertrain_history.iter().enumerate() {
        if let Some((what, remedy)) = fault(&share.share.into(), Limits::Fraction) {
            look.wrong_row("powertrain_history", row, "share", what, remedy);
        }
    }
    for (row, history) in world.history.iter().enumerate() {
        if let Some((what, remedy)) = fault(&history.units.into(), Limits::NotNegative) {
            look.wrong_row("history", row, "units", what, remedy);
        }
    }
}
