//! The constants of the share process.

/// What is assumed before a region's own past is seen, and how much past outweighs it.
#[derive(Clone, Debug, PartialEq)]
pub struct Constants {
    /// Exponent of the size law, sd ∝ share^(−exponent). M. H. R. Stanley et al. (Nature 379, 1996).
    pub size_exponent: f64,
    /// Share at which the size law is 1, and the share below which it rises no further.
    pub size_reference: f64,
    pub size_floor: f64,
    /// Share up to which a newcomer is expected to grow.
    pub room: f64,
    /// Yearly sd of log share at the reference size before any data, and its weight in changes.
    pub scale: f64,
    pub scale_weight: f64,
    /// Part of last year's surprise that goes on for one year, and its weight in pairs of changes.
    pub carry: f64,
    pub carry_weight: f64,
    /// Growth of newcomers per unit of room, log points a year, and its weight in changes.
    pub growth: f64,
    pub growth_weight: f64,
    /// Spread of a newcomer against a mature maker of its size, and its weight in changes.
    pub newcomer_scale: f64,
    pub newcomer_weight: f64,
    /// Fraction of a newcomer's growth that remains from one year to the next.
    pub growth_damping: f64,
    /// Sd between newcomers of their growth in the first year, log points.
    pub growth_sd: f64,
    /// Degrees of freedom of the draws in scale (Student t).
    pub freedom: f64,
    /// A maker is new for so many years after its first sale.
    pub new_for_years: i32,
    /// Smaller makers are neither used in estimates nor forecast.
    pub least_share: f64,
    /// Whether last year's surprise is carried over at all.
    pub carries: bool,
}

impl Constants {
    /// The last year that chose any of these constants.
    pub const CHOSEN_TO: i32 = 2024;
    /// Chosen on the development panels, with targets up to that year.
    pub const CHOSEN: Constants = Constants {
        size_exponent: 1.0 / 3.0,
        size_reference: 0.05,
        size_floor: 0.002,
        room: 0.03,
        scale: 0.13,
        scale_weight: 40.0,
        carry: 0.1,
        carry_weight: 40.0,
        growth: 0.2,
        growth_weight: 5.0,
        newcomer_scale: 1.5,
        newcomer_weight: 5.0,
        growth_damping: 0.8,
        growth_sd: 0.1,
        freedom: 5.0,
        new_for_years: 12,
        least_share: 0.001,
        carries: true,
    };
}

impl Constants {
    /// The constants that the development panels without a region's own would have led to, for a region of
    /// one of these panels.
    pub fn chosen_without(region: &str) -> Option<Constants> {
        let refit = |scale, scale_weight, size_exponent, growth, newcomer_scale, freedom| Constants {
            scale,
            scale_weight,
            size_exponent,
            growth,
            newcomer_scale,
            freedom,
            ..Constants::CHOSEN
        };
        match region {
            "US" => Some(refit(0.11, 80.0, 1.0 / 3.0, 0.25, 1.2, 5.0)),
            "China" => Some(refit(0.11, 80.0, 0.3, 0.25, 1.2, 8.0)),
            "US-EPA" => Some(refit(0.13, 10.0, 0.25, 0.3, 1.5, 6.0)),
            country if country.starts_with("EU-") => Some(refit(0.11, 80.0, 0.25, 0.25, 1.2, 8.0)),
            _ => None,
        }
    }
}

impl Default for Constants {
    fn default() -> Constants {
        Constants::CHOSEN
    }
}
