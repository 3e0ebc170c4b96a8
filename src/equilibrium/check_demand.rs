//! Buyers: price coefficients, types and tastes, and what they are calibrated to.

use super::draft::*;
use super::problem::{Place, Problems};
use super::question::Calibration;
use crate::market::pricing::dense::calibration::Target;

/// How far weights of buyer types may sum from one.
const WEIGHT_TOLERANCE: f64 = 1e-8;

/// Weights, sensitivities and tastes μ_ij of the buyer types.
pub fn buyers(draft: &Draft, problems: &mut Problems) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let json = draft.types_file.is_none();
    let place = |problems: &mut Problems, key: &str, message: String, remedy: &str| match &draft.types_file {
        Some(file) => problems.add(Place::Line(file, 1), message, remedy),
        None => problems.add(Place::Path(&format!("demand.agents.{key}")), message, remedy),
    };
    let Some(types) = &draft.types else {
        let key = if json && matches!(draft.offers.first().map(|o| &o.typed), Some(Typed::Json(_))) {
            "demand.alpha"
        } else {
            "demand.price_sensitivity"
        };
        if let Some(alpha) = draft.sensitivity
            && !(alpha > 0.0 && alpha.is_finite())
        {
            let shown = if key == "demand.alpha" { -alpha } else { alpha };
            let remedy = if key == "demand.alpha" {
                "The price coefficient must be negative: utility falls in price."
            } else {
                "The price sensitivity must be positive: utility falls in price."
            };
            problems.add(Place::Path(key), format!("the price coefficient is {}", shown + 0.0), remedy);
        }
        if draft.sensitivity.is_none() && draft.targets.is_empty() {
            let remedy = "Give it, or an own_elasticity, a margin or the market_elasticity to calibrate it.";
            problems.add(Place::Path("demand"), "the price coefficient is missing", remedy);
        }
        return (vec![1.0], vec![draft.sensitivity.unwrap_or(1.0)], Vec::new());
    };
    let count = types.weight.len();
    if types.sensitivity.len() != count || types.taste.len() != count || count == 0 {
        let message = format!(
            "{count} weights, {} price coefficients and {} rows of tastes",
            types.sensitivity.len(),
            types.taste.len()
        );
        place(problems, "alpha", message, "Give one of each per type.");
        return (vec![1.0], vec![1.0], Vec::new());
    }
    let total: f64 = types.weight.iter().sum();
    if types.weight.iter().any(|w| !(*w > 0.0 && w.is_finite())) {
        place(
            problems,
            "weights",
            "a weight is not positive".to_owned(),
            "Leave out types that nobody belongs to.",
        );
    } else if (total - 1.0).abs() > WEIGHT_TOLERANCE {
        let remedy = "Divide them by their sum, or check whether a type is missing.";
        place(problems, "weights", format!("the weights of the types sum to {total}, not to 1"), remedy);
    }
    for (i, alpha) in types.sensitivity.iter().enumerate() {
        if !(*alpha > 0.0 && alpha.is_finite()) {
            let message = format!(
                "type {i} has price coefficient {}: its utility does not fall in price",
                -alpha + 0.0
            );
            let remedy = "Every type needs a negative price coefficient (a lognormal one, or one over income); otherwise its willingness to pay has no limit and no equilibrium exists.";
            match &draft.types_file {
                Some(file) => problems.add(Place::Line(file, i + 2), message, remedy),
                None => problems.add(Place::Path(&format!("demand.agents.alpha[{i}]")), message, remedy),
            }
        }
    }
    let width = draft.characteristics.len();
    let mut taste = Vec::new();
    if width == 0 && types.taste.iter().any(|row| !row.is_empty()) {
        let message = "tastes are given, but the offers have no characteristics (products.x)".to_owned();
        place(problems, "beta", message, "Give products.x, or leave beta out.");
    }
    if width > 0 {
        for (i, row) in types.taste.iter().enumerate() {
            if row.len() != width || row.iter().any(|b| !b.is_finite()) {
                let message = format!("type {i} has {} tastes for {width} characteristics", row.len());
                place(problems, "beta", message, "Give one taste per characteristic of products.x.");
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
pub fn calibration(
    draft: &Draft,
    seeks_rho: bool,
    seeks_outside: bool,
    problems: &mut Problems,
) -> Calibration {
    let mut targets = Vec::new();
    for target in &draft.targets {
        let position = |offer: &str| draft.offers.iter().position(|o| o.name == offer);
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
            let remedy = "Write { offer = \"NAME\", value = NUMBER } with an offer of the table.";
            problems.add(Place::Path(path), "it names no offer of this market", remedy);
            continue;
        };
        let sign_is_right = match found {
            Target::Margin { value, .. } => value > 0.0 && value < 1.0,
            Target::OwnElasticity { value, .. }
            | Target::MeanOwnElasticity { value }
            | Target::MarketElasticity { value } => value < 0.0 && value.is_finite(),
        };
        if !sign_is_right {
            problems.add(
                Place::Path(path),
                "elasticities are negative; a margin is a fraction of the price between 0 and 1",
                "Check the sign and the unit.",
            );
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
                "Give as many of own_elasticity, margin and market_elasticity as there are unknowns, or give an unknown itself."
            } else {
                "Give either the price sensitivity or one target for it."
            };
            problems.add(Place::Path("demand"), message, remedy);
            Calibration::Given
        }
    }
}
