//! Where each number of a scenario has a meaning: a fraction, a negative elasticity, a year.

use super::super::number_text::hundredth;
use crate::uncertainty::Distribution;

/// An interval of meaningful values.
pub struct Limits {
    low: f64,
    high: f64,
    low_included: bool,
    high_included: bool,
    /// What a value inside is, to complete "12 is not …".
    pub meaning: &'static str,
    /// No draw at all may leave the interval; else 99.8 % of them must stay inside.
    pub everywhere: bool,
}

const INF: f64 = f64::INFINITY;

const fn limits(low: f64, high: f64, included: (bool, bool), meaning: &'static str) -> Limits {
    Limits { low, high, low_included: included.0, high_included: included.1, meaning, everywhere: true }
}

impl Limits {
    pub const ANY: Limits = limits(-INF, INF, (true, true), "a number");
    pub const FRACTION: Limits = limits(0.0, 1.0, (true, true), "a fraction between 0 and 1");
    pub const INSIDE: Limits = limits(0.0, 1.0, (false, false), "a fraction above 0 and below 1");
    pub const BELOW_ONE: Limits = limits(0.0, 1.0, (true, false), "a fraction from 0 to below 1");
    pub const POSITIVE: Limits = limits(0.0, INF, (false, true), "above 0");
    pub const NOT_NEGATIVE: Limits = limits(0.0, INF, (true, true), "0 or more");
    pub const NEGATIVE: Limits = limits(-INF, 0.0, (true, false), "below 0, as an elasticity of demand is");
    pub const PRICE_COEFFICIENT: Limits =
        limits(-INF, 0.0, (true, false), "below 0, as utility falls in price");
    pub const AD_VALOREM: Limits =
        limits(0.0, 3.0, (true, true), "a duty or tax as a fraction (0.25 is 25 %)");
    pub const RATE: Limits =
        Limits { everywhere: false, ..limits(-1.0, 1.0, (false, false), "a fraction (0.05 is 5 %)") };
    pub const MULTIPLE: Limits =
        Limits { everywhere: false, ..limits(-3.0, 3.0, (true, true), "a fraction (1 is the whole)") };
    pub const YEAR: Limits =
        Limits { everywhere: false, ..limits(1800.0, 2300.0, (true, true), "a calendar year") };

    /// From one value to another, both included.
    pub const fn between(low: f64, high: f64, meaning: &'static str) -> Limits {
        limits(low, high, (true, true), meaning)
    }

    /// Whether a value has a meaning; an unbounded end is only allowed where the interval is unbounded.
    pub fn allow(&self, value: f64) -> bool {
        let above = if self.low_included { value >= self.low } else { value > self.low };
        let below = if self.high_included { value <= self.high } else { value < self.high };
        above && below
    }

    /// What to do about a range that leaves the interval.
    pub fn remedy(&self, distribution: &Distribution, low: f64, high: f64) -> String {
        let of_fractions = self.high <= 3.0 && self.high > 0.0;
        let stated = [low, high].into_iter().filter(|value| value.is_finite());
        let worst =
            stated.fold(0.0_f64, |worst, value| if value.abs() > worst.abs() { value } else { worst });
        if of_fractions && worst > self.high && worst <= 100.0 * self.high {
            return format!("did you mean {}?", hundredth(worst));
        }
        if self.high == 0.0 && low > 0.0 {
            return format!("did you mean -{}?", if low == high { low } else { worst });
        }
        if !low.is_finite() || !high.is_finite() {
            if let Distribution::Normal { .. } = distribution {
                return format!(
                    "cut the distribution off with `low` and `high` so that it stays {}",
                    self.meaning
                );
            }
            return format!("choose a distribution that stays {}", self.meaning);
        }
        format!("write a value or a range that is {}", self.meaning)
    }
}

/// What the keys of the scenario file must stay within; `*` stands for any name.
const RULES: &[(&str, Limits)] = &[
    ("regions.*.own_price_elasticity", Limits::NEGATIVE),
    ("regions.*.market_price_elasticity", Limits::NEGATIVE),
    ("regions.*.nest_rho", Limits::BELOW_ONE),
    ("regions.*.loyalty", Limits::BELOW_ONE),
    ("regions.*.scrappage", Limits::FRACTION),
    ("regions.*.knowledge_effect.*", Limits::BELOW_ONE),
    ("regions.*.volume.given.*", Limits::POSITIVE),
    ("regions.*.volume.growth", Limits::RATE),
    ("regions.*.volume.shock_sd", Limits::BELOW_ONE),
    ("regions.*.volume.persistence", Limits::BELOW_ONE),
    ("regions.*.powertrain_share.*.*", Limits::FRACTION),
    ("regions.*.volatility", Limits::BELOW_ONE),
    ("powertrains.*.catch_up", Limits::FRACTION),
    ("components.*.weight.*.*", Limits::FRACTION),
    ("components.*.learning_rate", Limits::BELOW_ONE),
    ("components.*.experience_years", Limits::POSITIVE),
    ("components.*.scale_elasticity", Limits::BELOW_ONE),
    ("components.*.trend", Limits::RATE),
    ("costs.spillover", Limits::FRACTION),
    ("costs.scale_elasticity", Limits::BELOW_ONE),
    ("costs.scale_saturation", Limits::POSITIVE),
    ("costs.pass_through", Limits::FRACTION),
    ("costs.outside_growth", Limits::RATE),
    ("quality.knowledge_depreciation", Limits::FRACTION),
    ("quality.rnd_growth", Limits::RATE),
    ("trends.damping", Limits::FRACTION),
    ("trends.prior_sd", Limits::NOT_NEGATIVE),
    ("shocks.common_share", Limits::FRACTION),
    ("shocks.young_volatility", Limits::NOT_NEGATIVE),
    ("shocks.young_decay", Limits::FRACTION),
    ("accounts.default_operating_margin", Limits::RATE),
    ("accounts.default_rnd_intensity", Limits::FRACTION),
    ("origins.*.dutiable", Limits::FRACTION),
    ("currencies.*.shock_sd", Limits::BELOW_ONE),
    ("currencies.*.persistence", Limits::BELOW_ONE),
    ("stakes.*.share", Limits::FRACTION),
    ("alliances.*.proceeds", Limits::FRACTION),
    ("alliances.*.breakup_hazard", Limits::FRACTION),
    ("alliances.*.fade_years", Limits::NOT_NEGATIVE),
    ("alliances.*.realised_fraction", Limits::MULTIPLE),
    ("alliances.*.reinvested_share", Limits::FRACTION),
    ("alliances.*.integration_cost", Limits::NOT_NEGATIVE),
    ("alliances.*.integration_years", Limits::POSITIVE),
    ("alliances.*.pools.*.start", Limits::YEAR),
    ("alliances.*.pools.*.ramp_years", Limits::NOT_NEGATIVE),
    ("alliances.*.pools.*.compatibility", Limits::FRACTION),
    ("alliances.*.pools.*.realised_fraction", Limits::MULTIPLE),
    ("alliances.*.pools.*.overhead", Limits::NOT_NEGATIVE),
    ("alliances.*.pools.*.parts.*", Limits::FRACTION),
    ("alliances.*.pools.*.stand_alone_cost.*", Limits::NOT_NEGATIVE),
    ("alliances.*.pools.*.duplication", Limits::FRACTION),
    ("alliances.*.pools.*.field_share", Limits::FRACTION),
    ("overhangs.*.share", Limits::BELOW_ONE),
    ("overhangs.*.fade_years", Limits::NOT_NEGATIVE),
    ("entries.*.quality", Limits::ANY),
    ("entries.*.cost", Limits::POSITIVE),
    ("entries.*.ramp_years", Limits::NOT_NEGATIVE),
    ("exits.*.avoidable_fixed_share", Limits::FRACTION),
    ("exits.*.yearly_chance", Limits::FRACTION),
];

/// The limits of a key of the scenario file.
pub fn limits_of(path: &[String]) -> Option<&'static Limits> {
    let fits = |pattern: &str| {
        let parts: Vec<&str> = pattern.split('.').collect();
        parts.len() == path.len() && parts.iter().zip(path).all(|(part, key)| *part == "*" || part == key)
    };
    RULES.iter().find(|(pattern, _)| fits(pattern)).map(|(_, limits)| limits)
}

#[cfg(test)]
mod tests {
    use super::super::super::shape::Shape;
    use super::*;

    #[test]
    fn every_quantity_of_the_format_has_limits() {
        for key in Shape::of_scenarios().quantity_keys() {
            let path: Vec<String> = key.split('.').map(str::to_owned).collect();
            assert!(limits_of(&path).is_some(), "no limits for {key}");
        }
    }

    #[test]
    fn ends_are_in_or_out() {
        assert!(Limits::FRACTION.allow(1.0) && !Limits::BELOW_ONE.allow(1.0));
        assert!(Limits::NOT_NEGATIVE.allow(0.0) && !Limits::POSITIVE.allow(0.0));
        assert!(!Limits::FRACTION.allow(f64::INFINITY) && Limits::POSITIVE.allow(f64::INFINITY));
    }
}
