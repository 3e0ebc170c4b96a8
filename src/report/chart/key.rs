//! The key: the signs that a figure uses, and what they mean.

use super::canvas::Canvas;
use super::palette::Colour;

/// Width of the signs in the key.
pub(super) const SIGN: f64 = 22.0;

/// What the band around a curve is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Around {
    /// 90 % of draws around their mean.
    #[default]
    Draws,
    /// The sampling error of a part of draws, 95 %.
    Sampling,
}

/// A sign that the key explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyEntry {
    Bands,
    History,
    Observed,
    Mark(Mark, Shows),
    Intervals(Shows),
    Published,
    Steps,
    Swings,
    Around(Around),
    Shades,
    Frontier,
}

/// What rows of intervals show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shows {
    /// Changes over draws.
    #[default]
    Changes,
    /// Values over draws.
    Levels,
    /// Values beside published ones, without draws.
    Central,
    /// Estimates with their errors.
    Estimates,
}

/// How a row's middle is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Value,
    Gain,
    Loss,
    Same,
}

impl KeyEntry {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Bands => "mean, with 50 % and 90 % of draws",
            Self::History => "reported",
            Self::Observed => "actual, not used as input",
            Self::Mark(Mark::Value, Shows::Central) => "model",
            Self::Mark(Mark::Value, _) => "mean",
            Self::Mark(Mark::Gain, Shows::Estimates) => "more",
            Self::Mark(Mark::Loss, Shows::Estimates) => "less",
            Self::Mark(Mark::Same, Shows::Estimates) => "neither",
            Self::Mark(Mark::Gain, _) => "mean: gain",
            Self::Mark(Mark::Loss, _) => "mean: loss",
            Self::Mark(Mark::Same, _) => "mean: no change",
            Self::Intervals(Shows::Estimates) => "50 % and 90 % confidence",
            Self::Intervals(_) => "50 % and 90 % of draws",
            Self::Published => "published, not used as input",
            Self::Steps | Self::Around(Around::Draws) => "mean, with 90 % of draws around it",
            Self::Swings => "mean where the input is in its lowest fifth (grey) and in its highest",
            Self::Around(Around::Sampling) => "part of draws, with its sampling error (95 %)",
            Self::Shades => "part of draws, in per cent: the darker, the more",
            Self::Frontier => "as sure as asked for",
        }
    }

    pub(super) fn draw(self, canvas: &Canvas, x: f64, y: f64) {
        let grey = Colour::QUIET;
        let bar = |half: f64, alpha| {
            let (top, bottom) = (y - half, y + half);
            canvas.polygon(&[(x, top), (x + SIGN, top), (x + SIGN, bottom), (x, bottom)], grey, alpha);
        };
        let block = |half: f64| canvas.rectangle(x, y - half, x + SIGN - 6.0, y + half, grey);
        let middle = (x + 0.5 * SIGN, y);
        match self {
            Self::Bands => {
                bar(6.5, 0.18);
                bar(3.5, 0.25);
                canvas.line(&[(x, y), (x + SIGN, y)], 2.2, grey);
            }
            Self::Around(_) => {
                bar(5.5, 0.18);
                canvas.line(&[(x, y), (x + SIGN, y)], 2.2, grey);
            }
            Self::Shades => {
                for (k, alpha) in [0.15, 0.45, 0.8].into_iter().enumerate() {
                    let left = x + 7.0 * k as f64;
                    let corners =
                        [(left, y - 5.0), (left + 7.0, y - 5.0), (left + 7.0, y + 5.0), (left, y + 5.0)];
                    canvas.polygon(&corners, Colour::GAIN, alpha);
                }
            }
            Self::Frontier => canvas.line(&[(x, y), (x + SIGN, y)], 2.6, Colour::LOSS),
            Self::History => canvas.line(&[(x, y), (x + SIGN, y)], 1.2, grey),
            Self::Observed | Self::Published => canvas.ring(middle, 3.2, 1.6, grey),
            Self::Mark(sign, _) => mark(canvas, middle, sign, grey),
            Self::Steps => {
                block(5.0);
                canvas.line(&[(x + 6.0, y), (x + SIGN + 2.0, y)], 1.4, Colour::INK);
            }
            Self::Swings => {
                canvas.rectangle(x, y - 5.0, x + 0.5 * SIGN, y + 5.0, grey);
                canvas.rectangle(x + 0.5 * SIGN, y - 5.0, x + SIGN, y + 5.0, Colour::GAIN);
                canvas.line(&[(x + 0.5 * SIGN, y - 6.5), (x + 0.5 * SIGN, y + 6.5)], 1.4, Colour::INK);
            }
            Self::Intervals(_) => {
                spread(canvas, [x - 2.0, x + 4.0, x + SIGN - 4.0, x + SIGN + 2.0], y, grey);
            }
        }
    }
}

/// A thin line from the first to the last of four places and a pale bar between the middle two.
pub(super) fn spread(canvas: &Canvas, [p05, p25, p75, p95]: [f64; 4], y: f64, colour: Colour) {
    if p25.is_finite() && p75.is_finite() {
        let (top, bottom) = (y - 5.5, y + 5.5);
        canvas.polygon(&[(p25, top), (p75, top), (p75, bottom), (p25, bottom)], colour, 0.35);
    }
    if p05.is_finite() && p95.is_finite() {
        canvas.line(&[(p05, y), (p95, y)], 1.6, colour);
    }
}

/// A full dot for a gain, a hollow one for a loss, an upright stroke for neither.
pub(super) fn mark(canvas: &Canvas, (x, y): (f64, f64), sign: Mark, colour: Colour) {
    match sign {
        Mark::Value | Mark::Gain => canvas.dot((x, y), 4.4, colour),
        Mark::Loss => canvas.ring((x, y), 3.5, 1.8, colour),
        Mark::Same => canvas.line(&[(x, y - 5.0), (x, y + 5.0)], 4.0, colour),
    }
}
