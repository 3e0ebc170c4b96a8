//! What is drawn: the inputs under their own keys, and luck, whose draws are all named here.

use std::ops::RangeInclusive;

use super::Builder;
use crate::market::model::Input;
use crate::scenario::key::dotted;
use crate::scenario::quantity::Quantity;
use crate::uncertainty::{Distribution, Parameter, Provenance, Role};

/// A random event or shock: drawn, but nobody's input.
#[derive(Clone, Copy)]
pub(super) enum Luck<'a> {
    /// Whether an alliance goes ahead.
    GoesAhead { alliance: &'a str },
    /// When it breaks up.
    BreakUp { alliance: &'a str },
    /// Whether a maker leaves under an exit, year by year.
    Leaves { exit: &'a str, maker: &'a str },
    /// How far a newcomer to a region grows in its first year.
    Growth { region: &'a str, maker: &'a str },
    /// How wide a maker's shocks in a region are.
    Spread { region: &'a str, maker: &'a str },
    /// How fast a maker catches up in a powertrain.
    CatchUp { region: &'a str, maker: &'a str, powertrain: &'a str },
    /// Shocks to a maker's quality in all regions.
    Quality { maker: &'a str },
    /// Shocks to a maker's quality in one region.
    QualityIn { region: &'a str, maker: &'a str },
    /// Shocks to a region's `volume` or to the rate of a `currency`.
    Series { kind: &'a str, name: &'a str },
}

impl Luck<'_> {
    /// The name of the draw, or of the draws of all years.
    fn key(self) -> String {
        match self {
            Luck::GoesAhead { alliance } => dotted(&["luck", "goes-ahead", alliance]),
            Luck::BreakUp { alliance } => dotted(&["luck", "break-up", alliance]),
            Luck::Leaves { exit, maker } => dotted(&["luck", "leaves", exit, maker]),
            Luck::Growth { region, maker } => dotted(&["luck", "growth", region, maker]),
            Luck::Spread { region, maker } => dotted(&["luck", "spread", region, maker]),
            Luck::CatchUp { region, maker, powertrain } => {
                dotted(&["luck", "catch-up", region, maker, powertrain])
            }
            Luck::Quality { maker } => dotted(&["luck", "quality", maker]),
            Luck::QualityIn { region, maker } => dotted(&["luck", "quality-in", region, maker]),
            Luck::Series { kind, name } => dotted(&["luck", kind, name]),
        }
    }

    /// The name of one year's draw.
    pub(super) fn in_year(self, year: i32) -> String {
        format!("{}.{year}", self.key())
    }
}

const STANDARD_NORMAL: Distribution = Distribution::Normal { mean: 0.0, sd: 1.0, low: None, high: None };
const UNIFORM: Distribution = Distribution::Uniform { low: 0.0, high: 1.0 };

impl Builder<'_> {
    /// A stated number, drawn under its own key.
    pub(super) fn quantity(&mut self, quantity: &Quantity) -> Input {
        self.point_of_path(quantity, &quantity.key, Role::Input)
    }

    /// A number that shares its uniform with all others of a path.
    pub(super) fn point_of_path(&mut self, quantity: &Quantity, path: &str, role: Role) -> Input {
        Input(self.space.add(Parameter {
            role: if quantity.key.is_empty() { Role::Constant } else { role },
            key: quantity.key.clone(),
            stream: path.to_owned(),
            distribution: quantity.distribution.clone(),
            provenance: quantity.provenance.clone(),
        }))
    }

    /// A number that is no input.
    pub(super) fn fixed(&mut self, value: f64) -> Input {
        Input(self.space.constant(value))
    }

    /// One draw from a distribution that nobody stated.
    pub(super) fn luck(&mut self, luck: Luck, distribution: Distribution) -> Input {
        self.named(Role::Luck, luck.key(), distribution)
    }

    /// A uniform draw between 0 and 1.
    pub(super) fn chance(&mut self, luck: Luck) -> Input {
        self.luck(luck, UNIFORM)
    }

    /// A uniform draw between 0 and 1 for each year.
    pub(super) fn yearly_chances(&mut self, luck: Luck, years: RangeInclusive<i32>) -> Vec<Input> {
        years.map(|year| self.named(Role::Yearly, luck.in_year(year), UNIFORM)).collect()
    }

    /// A standard normal draw for each simulated year; the base year's is 0.
    pub(super) fn yearly_normals(&mut self, luck: Luck, years: RangeInclusive<i32>) -> Vec<Input> {
        let base = *years.start();
        years
            .map(|year| match year == base {
                true => self.fixed(0.0),
                false => self.named(Role::Yearly, luck.in_year(year), STANDARD_NORMAL),
            })
            .collect()
    }

    fn named(&mut self, role: Role, key: String, distribution: Distribution) -> Input {
        let (stream, provenance) = (key.clone(), Provenance::default());
        Input(self.space.add(Parameter { role, key, stream, distribution, provenance }))
    }
}
