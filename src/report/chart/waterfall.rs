//! `Waterfall`: parts that add up to a total, one bar below the other, each beginning where the last one ends.

use super::area::{Area, upright_grid};
use super::axis::{Axis, decimal_place};
use super::canvas::{Anchor, Canvas, Type};
use super::key::KeyEntry;
use super::number::ValueFormat;
use super::palette::Colour;

/// One part, or the total.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    pub label: String,
    pub mean: f64,
    pub p05: f64,
    pub p95: f64,
}

/// Parts of a total, from zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Waterfall {
    pub title: String,
    /// The horizontal axis in words.
    pub unit: String,
    pub format: ValueFormat,
    /// In the order in which they are drawn.
    pub parts: Vec<Step>,
    pub total: Step,
}

const ROW_HEIGHT: f64 = 25.0;
const BAR: f64 = 7.0;
const SIZE: f64 = 12.0;
const MOST_LABEL_WIDTH: f64 = 150.0;
/// Room above the rows for the ends of the grid, and below for the tick labels.
const ABOVE: f64 = 6.0;
const BELOW: f64 = 26.0;

/// A bar from one value to another, and the step it shows.
struct Bar<'a> {
    step: &'a Step,
    from: f64,
    colour: Colour,
}

impl Waterfall {
    fn bars(&self) -> Vec<Bar<'_>> {
        let mut reached = 0.0;
        let mut bars = Vec::new();
        for step in self.parts.iter().filter(|step| step.mean.is_finite()) {
            bars.push(Bar {
                step,
                from: reached,
                colour: if step.mean < 0.0 { Colour::LOSS } else { Colour::GAIN },
            });
            reached += step.mean;
        }
        if self.total.mean.is_finite() {
            bars.push(Bar { step: &self.total, from: 0.0, colour: Colour::QUIET });
        }
        bars
    }

    fn axis(&self, left: f64, right: f64) -> Axis {
        let bars = self.bars();
        let ends = bars.iter().flat_map(|bar| {
            let Step { mean, p05, p95, .. } = bar.step;
            [bar.from, bar.from + mean, bar.from + p05, bar.from + p95]
        });
        Axis::new(ends, (true, self.format.shortest_axis()), 4, (left, right))
    }

    /// The height of the plot below its titles.
    pub(super) fn height(&self) -> f64 {
        ABOVE + BELOW + ROW_HEIGHT * self.bars().len().max(1) as f64
    }

    /// What the signs in this panel mean.
    pub(super) fn key(&self) -> Vec<KeyEntry> {
        vec![KeyEntry::Steps]
    }

    /// Draws the plot below its titles.
    pub(super) fn draw(&self, canvas: &Canvas, area: Area) {
        let bars = self.bars();
        if bars.is_empty() {
            return area.write_no_values(canvas);
        }
        let names = Type::regular(SIZE, Colour::INK);
        let figures = Type::semibold(SIZE, Colour::INK);
        // Parts may be far smaller than the intervals that the axis has to show.
        let parts = self.parts.iter().map(|part| part.mean.abs()).filter(|size| size.is_finite());
        let largest = parts.fold(0.0, f64::max).max(0.01 * self.format.shortest_axis());
        let finest = self.axis(0.0, 1.0).finest().min(decimal_place((0.05 * largest).max(1e-290)));
        let labels: Vec<String> =
            bars.iter().map(|bar| names.shorten(&bar.step.label, MOST_LABEL_WIDTH)).collect();
        let values: Vec<String> =
            bars.iter().map(|bar| self.format.write_bare(bar.step.mean, finest, true)).collect();
        let widest =
            |letters: Type, texts: &[String]| texts.iter().map(|t| letters.width(t)).fold(0.0, f64::max);
        let left = area.left + widest(names, &labels) + 14.0;
        let right = area.right - widest(figures, &values) - 14.0;
        let axis = self.axis(left, right);
        let (top, bottom) = (area.top, area.top + ABOVE + ROW_HEIGHT * bars.len() as f64);
        upright_grid(canvas, &axis, (self.format, true), (top, bottom));
        for (k, bar) in bars.iter().enumerate() {
            let Step { mean, p05, p95, .. } = *bar.step;
            let y = top + ABOVE + (k as f64 + 0.5) * ROW_HEIGHT;
            let (start, end) = (axis.place(bar.from), axis.place(bar.from + mean));
            canvas.text((left - 14.0, y + 4.3), Anchor::End, names, &labels[k]);
            canvas.rectangle(
                start.min(end),
                y - BAR,
                start.max(end).max(start.min(end) + 1.0),
                y + BAR,
                bar.colour,
            );
            if p95 > p05 {
                let whisker = [(axis.place(bar.from + p05), y), (axis.place(bar.from + p95), y)];
                canvas.line(&whisker, 1.4, Colour::INK);
            }
            if k + 1 < bars.len() {
                canvas.line(&[(end, y + BAR), (end, y + ROW_HEIGHT - BAR)], 1.0, Colour::QUIET);
            }
            canvas.text((area.right, y + 4.3), Anchor::End, figures, &values[k]);
        }
    }
}
