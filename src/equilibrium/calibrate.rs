//! The base situation: sensitivity, mean utilities and costs that reproduce what was observed.

use super::answer::Unanswered;
use super::question::{Calibration, Question, Targets};
use crate::market::pricing::Market;
use crate::market::pricing::dense::Conditions;
use crate::market::pricing::dense::calibration::{self, CalibrationError};
use crate::market::pricing::dense::inversion::{self, InversionError};
use crate::scenario::Problem;

/// The calibrated base situation.
pub struct Base {
    pub market: Market<f64>,
    /// What makers receive.
    pub price: Vec<f64>,
    pub share: Vec<f64>,
    pub conditions: Conditions,
    pub potential_buyers: Option<f64>,
}

/// Calibrates demand, then inverts shares and prices.
pub fn calibrate(question: &Question) -> Result<Base, Unanswered> {
    let mut market = question.market.clone();
    let price = question.received.clone();
    let mut share = question.share.clone();
    let mut potential_buyers = question.potential_buyers;
    let refused = |error| refuse(error, &question.targets);
    match question.calibration {
        Calibration::Given => {}
        Calibration::Sensitivity(target) => {
            market.types.alpha =
                calibration::price_sensitivity(&market, &price, &share, target).map_err(refused)?;
        }
        Calibration::SensitivityAndRho(targets) => {
            let (alpha, rho) =
                calibration::sensitivity_and_rho(&market, &price, &share, targets).map_err(refused)?;
            market.types.alpha = vec![alpha];
            market.rho.fill(rho);
        }
        Calibration::SensitivityAndOutside(targets) => {
            let (alpha, outside) =
                calibration::sensitivity_and_outside(&market, &price, &share, targets).map_err(refused)?;
            market.types.alpha = alpha;
            share.iter_mut().for_each(|s| *s *= 1.0 - outside);
            potential_buyers = question.units.map(|units| units / (1.0 - outside));
        }
    }
    market.utility = inversion::mean_utilities(&market, &price, &share).map_err(fail)?;
    market.cost = inversion::marginal_costs(&market, &price).map_err(fail)?;
    let conditions = Conditions::at(&market, &price);
    Ok(Base { market, price, share, conditions, potential_buyers })
}

fn refuse(error: CalibrationError, targets: &Targets) -> Unanswered {
    let (message, remedy) = match error {
        CalibrationError::WrongSign => (
            "the targets ask for a price sensitivity that is not positive",
            "an own elasticity must be larger in size than the market's, and a margin in line with it",
        ),
        CalibrationError::OutOfReach => (
            "no price sensitivity (with rho or outside share) meets the targets",
            "roughly, |market elasticity| must be below |own elasticity| · (1 − rho); check both, and rho",
        ),
        CalibrationError::Inversion(error) => return fail(error),
    };
    let message = match targets.keys.split_first() {
        Some((first, [])) => format!("`{first}`: {message}"),
        Some((first, others)) => format!("`{first}`: {message} (together with {})", others.join(", ")),
        None => message.to_owned(),
    };
    Unanswered::Input(Problem::new(message).fix(remedy).at(Some(targets.place.clone())).into())
}

fn fail(error: InversionError) -> Unanswered {
    let message = match error {
        InversionError::NotConverged { gap } => {
            format!(
                "the shares could not be inverted: ln s is off by up to {gap:e}; look for a share or outside share that is almost 0, rho almost 1, or buyer types whose price sensitivities lie far apart"
            )
        }
        InversionError::Singular => {
            "the first-order conditions are singular at the observed prices".to_owned()
        }
    };
    Unanswered::Numerics(message)
}
