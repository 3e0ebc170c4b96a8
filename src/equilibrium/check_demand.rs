//! Buyers: price coefficients, types and tastes, and what they are calibrated to.

use super::draft::*;
use super::look::Look;
use super::question::Calibration;
use crate::market::pricing::dense::calibration::Target;
use crate::scenario::Limits;

/// How far weights of buyer types may sum from one.
const WEIGHT_TOLERANCE: f64 = 1e-8;

/// Weights, sensitivities and tastes μ_ij of the buyer types.
pub fn buyers(look: &mut Look) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let draft = look.draft;
    let is_json = draft.offers_table.is_none();
    let Some(types) = &draft.types else {
        match draft.sensitivity {
            Some(alpha) if is_json => look.number("demand.alpha", -alpha, Limits::PriceCoefficient),
            Some(alpha) => look.number("demand.price_sensitivity", alpha, Limits::Positive),
            None if draft.targets.is_empty() => {
                let remedy =
                    "give it, or an own_elasticity, a margin or the market_elasticity to calibrate it";
                look.wrong("demand", "the price sensitivity is missing", remedy);
            }
            None => {}
        }
        return (vec![1.0], vec![draft.sensitivity.unwrap_or(1.0)], Vec::new());
    };
    let count = types.weight.len();
    if types.sensitivity.len() != count || types.taste.len() != count || count == 0 {
        let what = format!(
            "{count} weights, {} price coefficients and {} rows of tastes",
            types.sensitivity.len(),
            types.taste.len()
        );
        look.of_type(None, "alpha", what, "give one of each per type");
        return (vec![1.0], vec![1.0], Vec::new());
    }
    for (i, (weight, alpha)) in types.weight.iter().zip(&types.sensitivity).enumerate() {
        if !(*weight > 0.0 && weight.is_finite()) {
            let what = format!("type {i} has weight {weight}, not above 0");
            look.of_type(Some(i), "weights", what, "leave out types that nobody belongs to");
        }
        if !(*alpha > 0.0 && alpha.is_finite()) {
            let what = format!(
                "type {i} has price coefficient {}: its utility does not fall in price",
                -alpha + 0.0
            );
            let remedy = "every type needs a negative price coefficient (a lognormal one, or one over income), which is a `price_sensitivity` above 0; otherwise its willingness to pay has no limit and no equilibrium exists";
            look.of_type(Some(i), "alpha", what, remedy);
        }
    }
    let total: f64 = types.weight.iter().sum();
    if total.is_finite() && (total - 1.0).abs() > WEIGHT_TOLERANCE && draft.complete {
        let what = format!("the weights of the types sum to {total}, not to 1");
        let remedy = "divide them by their sum, or check whether a type is missing";
        look.of_type(None, "weights", what, remedy);
    }
    let width = draft.characteristics.len();
    let mut taste = Vec::new();
    if width == 0 && types.taste.iter().any(|row| !row.is_empty()) {
        let what = "tastes are given, but the offers have no characteristics (products.x)";
        look.of_type(None, "beta", what, "give products.x, or leave beta out");
    }
    if width > 0 {
        for (i, row) in types.taste.iter().enumerate() {
            if row.len() != width || row.iter().any(|b| !b.is_finite()) {
                let what = format!("type {i} has {} tastes for {width} characteristics", row.len());
                look.of_type(Some(i), "beta", what, "give one finite taste per characteristic of products.x");
                continue;
            }
            for offer in &draft.offers {
                taste.push(row.iter().zip(&offer.x).map(|(b, x)| b * x).sum());
            }
        }
    }
    (types.weight.clone(), types.sensitivity.clone(), taste)
}

/// Which unknowns the targets are for.
pub fn calibration(look: &mut Look, seeks_rho: bool, seeks_outside: bool) -> Calibration {
    let draft = look.draft;
    let mut targets = Vec::new();
    for target in &draft.targets {
        let position = |offer: &str| draft.offers.iter().position(|o| o.name() == offer);
        let path = target.key();
        let found = match target {
            DraftTarget::MeanOwnElasticity(value) => Some(Target::MeanOwnElasticity { value: *value }),
            DraftTarget::MarketElasticity(value) => Some(Target::MarketElasticity { value: *value }),
            DraftTarget::OwnElasticity { offer, value } => {
                position(offer).map(|offer| Target::OwnElasticity { offer, value: *value })
            }
            DraftTarget::Margin { offer, value } => {
                position(offer).map(|offer| Target::Margin { offer, value: *value })
            }
        };
        let Some(found) = found else {
            if draft.complete {
                let remedy = "write { offer = \"NAME\", value = NUMBER } with an offer of the table";
                look.wrong(path, "it names no offer of this market", remedy);
            }
            continue;
        };
        match found {
            Target::Margin { value, .. } => look.number(path, value, Limits::Inside),
            Target::OwnElasticity { value, .. }
            | Target::MeanOwnElasticity { value }
            | Target::MarketElasticity { value } => look.number(path, value, Limits::Negative),
        }
        targets.push(found);
    }
    let known = draft.sensitivity.is_some_and(|a| a > 0.0) || draft.types.is_some();
    let sought = seeks_rho || seeks_outside;
    match (targets.as_slice(), seeks_rho, seeks_outside) {
        ([], false, false) => Calibration::Given,
        ([one], false, false) if draft.sensitivity.is_none() || draft.types.is_some() => {
            Calibration::Sensitivity(*one)
        }
        ([one, two], true, false) if draft.types.is_none() => Calibration::SensitivityAndRho([*one, *two]),
        ([one, two], false, true) => Calibration::SensitivityAndOutside([*one, *two]),
        _ => {
            let mut unknown = Vec::new();
            if !known || !targets.is_empty() {
                unknown.push("the price sensitivity");
            }
            if seeks_rho {
                unknown.push("rho");
            }
            if seeks_outside {
                unknown.push("the outside share (potential_buyers or outside_share)");
            }
            let message = format!("{} targets are given for {}", targets.len(), unknown.join(" and "));
            let remedy = if sought {
                "give as many of own_elasticity, margin and market_elasticity as there are unknowns, or give an unknown itself"
            } else {
                "give either the price sensitivity or one target for it"
            };
            look.wrong("demand", message, remedy);
            Calibration::Given
        }
    }
}
