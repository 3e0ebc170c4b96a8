//! `Tornado`: how far each input moves a value, the longest bar on top; a bar runs from the value where the input is
//! low to the value where it is high.

use super::area::{Area, upright_grid};
use super::axis::Axis;
use super::canvas::{Anchor, Canvas, Type};
use super::key::KeyEntry;
use super::number::ValueFormat;
use super::palette::Colour;

/// What an input does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Swing {
    pub label: String,
    /// The value where the input is low, and where it is high.
    pub if_low: f64,
    pub if_high: f64,
}

/// Inputs and what they do to a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tornado {
    pub title: String,
    /// The horizontal axis in words.
    pub unit: String,
    pub format: ValueFormat,
    /// The value over all draws.
    pub mean: f64,
    /// In any order.
    pub swings: Vec<Swing>,
}

const ROW_HEIGHT: f64 = 25.0;
const BAR: f64 = 7.0;
const SIZE: f64 = 12.0;
/// Names of inputs are keys, and long.
const MOST_LABEL: f64 = 0.5;
/// Room above the rows for the ends of the grid, and below for the tick labels.
const ABOVE: f64 = 6.0;
const BELOW: f64 = 26.0;

impl Tornado {
    fn rows(&self) -> Vec<&Swing> {
        let width = |swing: &Swing| (swing.if_high - swing.if_low).abs();
        let mut rows: Vec<&Swing> = self.swings.iter().filter(|swing| width(swing).is_finite()).collect();
        rows.sort_by(|a, b| width(b).total_cmp(&width(a)));
        rows
    }

    /// The height of the plot below its titles.
    pub(super) fn height(&self) -> f64 {
        ABOVE + BELOW + ROW_HEIGHT * self.rows().len().max(1) as f64
    }

    /// What the signs in this panel mean.
    pub(super) fn key(&self) -> Vec<KeyEntry> {
        vec![KeyEntry::Swings]
    }

    /// Draws the plot below its titles.
    pub(super) fn draw(&self, canvas: &Canvas, area: Area) {
        let rows = self.rows();
        if rows.is_empty() || !self.mean.is_finite() {
            return area.write_no_values(canvas);
        }
        let names = Type::regular(SIZE, Colour::INK);
        let room = MOST_LABEL * (area.right - area.left);
        let labels: Vec<String> = rows.iter().map(|swing| names.shorten(&swing.label, room)).collect();
        let widest = labels.iter().map(|label| names.width(label)).fold(0.0, f64::max);
        let left = area.left + widest + 14.0;
        let ends = rows.iter().flat_map(|swing| [swing.if_low, swing.if_high, self.mean]);
        let axis = Axis::new(ends, (true, self.format.shortest_axis()), 4, (left, area.right - 14.0));
        let (top, bottom) = (area.top, area.top + ABOVE + ROW_HEIGHT * rows.len() as f64);
        upright_grid(canvas, &axis, (self.format, true), (top, bottom));
        let middle = axis.place(self.mean);
        for (k, swing) in rows.iter().enumerate() {
            let y = top + ABOVE + (k as f64 + 0.5) * ROW_HEIGHT;
            canvas.text((left - 14.0, y + 4.3), Anchor::End, names, &labels[k]);
            for (value, colour) in [(swing.if_low, Colour::QUIET), (swing.if_high, Colour::GAIN)] {
                let end = axis.place(value);
                canvas.rectangle(middle.min(end), y - BAR, middle.max(end), y + BAR, colour);
            }
        }
        canvas.line(&[(middle, top), (middle, bottom)], 1.4, Colour::INK);
    }
}
