//! `Curves`: values over a numeric input, with bands, names at the ends, a level to compare with and marked values.

use super::area::Area;
use super::axis::Axis;
use super::canvas::{Anchor, Canvas, Type};
use super::key::{Around, KeyEntry};
use super::labels::place_labels;
use super::number::ValueFormat;
use super::palette::Colour;

/// One place of a curve; NaN where there is no value or no band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    pub x: f64,
    pub low: f64,
    pub middle: f64,
    pub high: f64,
}

/// One curve with its name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    pub label: String,
    pub colour: Colour,
    /// In order of x.
    pub places: Vec<Place>,
}

/// A value of x to point at, with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    pub x: f64,
    pub low: f64,
    pub high: f64,
}

/// Curves over a numeric input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    pub title: String,
    /// The vertical axis in words.
    pub unit: String,
    /// The horizontal axis in words.
    pub input: String,
    pub format: ValueFormat,
    pub around: Around,
    pub curves: Vec<Curve>,
    /// Shows 0, as a line that stands out.
    pub zero_line: bool,
    /// A value of the vertical axis to compare with.
    pub level: Option<f64>,
    pub marks: Vec<Mark>,
}

const TICK_SIZE: f64 = 11.5;
const LABEL_SIZE: f64 = 12.0;
const LABEL_HEIGHT: f64 = 15.0;
const MOST_LABEL_WIDTH: f64 = 120.0;

impl Curves {
    fn places(&self) -> impl Iterator<Item = &Place> {
        self.curves.iter().flat_map(|curve| &curve.places)
    }

    /// What the signs in this panel mean.
    pub(super) fn key(&self) -> Vec<KeyEntry> {
        match self.places().any(|place| place.high > place.low) {
            true => vec![KeyEntry::Around(self.around)],
            false => Vec::new(),
        }
    }

    /// Draws the plot below its titles.
    pub(super) fn draw(&self, canvas: &Canvas, area: Area) {
        let values =
            || self.places().flat_map(|place| [place.low, place.middle, place.high]).chain(self.level);
        if !self.places().any(|place| place.middle.is_finite()) {
            return area.write_no_values(canvas);
        }
        let (top, bottom) = (area.top + 8.0, area.bottom - 40.0);
        let y_axis = Axis::new(values(), (self.zero_line, self.format.shortest_axis()), 6, (bottom, top));
        let ticks = Type::regular(TICK_SIZE, Colour::QUIET);
        let tick_label = |value| self.format.write_bare(value, y_axis.step, self.zero_line);
        let widest = y_axis.ticks.iter().map(|&tick| ticks.width(&tick_label(tick))).fold(0.0, f64::max);
        let names = Type::semibold(LABEL_SIZE, Colour::INK);
        let labels: Vec<String> =
            self.curves.iter().map(|curve| names.shorten(&curve.label, MOST_LABEL_WIDTH)).collect();
        let label_width = labels.iter().map(|label| names.width(label)).fold(0.0, f64::max);
        let (left, right) = (area.left + widest + 8.0, area.right - label_width - 14.0);
        let x_axis = Axis::new(self.places().map(|place| place.x), (false, 0.0), 5, (left, right));

        for &tick in &y_axis.ticks {
            let y = y_axis.place(tick);
            let (width, colour) = if tick == 0.0 { (1.2, Colour::QUIET) } else { (1.0, Colour::GRID) };
            canvas.line(&[(left, y), (right, y)], width, colour);
            canvas.text((left - 8.0, y + 4.0), Anchor::End, ticks, &tick_label(tick));
        }
        below(canvas, &x_axis, (left, right, bottom), &self.input);
        if let Some(level) = self.level {
            canvas.line(&[(left, y_axis.place(level)), (right, y_axis.place(level))], 1.4, Colour::INK);
        }
        let at = |x: f64, value: f64| (x_axis.place(x), y_axis.place(value));
        for mark in &self.marks {
            let (low, high) = (x_axis.place(mark.low), x_axis.place(mark.high));
            canvas.polygon(&[(low, top), (high, top), (high, bottom), (low, bottom)], Colour::QUIET, 0.15);
            canvas.line(&[(x_axis.place(mark.x), top), (x_axis.place(mark.x), bottom)], 1.2, Colour::QUIET);
        }
        self.curves.iter().rev().for_each(|curve| curve.draw(canvas, &at));
        for mark in &self.marks {
            if let Some(level) = self.level {
                canvas.dot(at(mark.x, level), 4.4, Colour::INK);
            }
        }
        let ends: Vec<Option<(f64, f64)>> =
            self.curves.iter().map(|curve| curve.last().map(|place| at(place.x, place.middle))).collect();
        let wanted: Vec<f64> = ends.iter().map(|end| end.map_or(f64::NAN, |end| end.1)).collect();
        let heights = place_labels(&wanted, LABEL_HEIGHT, top - 4.0, bottom + 5.0);
        for ((curve, label), y) in self.curves.iter().zip(&labels).zip(heights) {
            if let Some(y) = y {
                let letters = Type::semibold(LABEL_SIZE, curve.colour.for_text());
                canvas.text((right + 10.0, y + 4.3), Anchor::Start, letters, label);
            }
        }
    }
}

/// Ticks of a horizontal axis, and what it is, below a plot.
pub(super) fn below(canvas: &Canvas, axis: &Axis, (left, right, bottom): (f64, f64, f64), input: &str) {
    let ticks = Type::regular(TICK_SIZE, Colour::QUIET);
    for &tick in &axis.ticks {
        let x = axis.place(tick);
        canvas.line(&[(x, bottom), (x, bottom + 4.0)], 1.0, Colour::QUIET);
        canvas.text((x, bottom + 17.0), Anchor::Middle, ticks, &number(axis, tick));
    }
    let input = ticks.shorten(input, right - left);
    canvas.text((0.5 * (left + right), bottom + 34.0), Anchor::Middle, ticks, &input);
}

/// A tick of an input's axis; years and their like have no separators.
pub(super) fn number(axis: &Axis, tick: f64) -> String {
    let written = ValueFormat::Number.write(tick, axis.step, false);
    if tick.abs() < 10_000.0 { written.replace(',', "") } else { written }
}

impl Curve {
    fn last(&self) -> Option<&Place> {
        self.places.iter().rfind(|place| place.middle.is_finite())
    }

    fn draw(&self, canvas: &Canvas, at: &impl Fn(f64, f64) -> (f64, f64)) {
        let whole = |place: &Place| place.low.is_finite() && place.high.is_finite();
        for run in self.places.chunk_by(|a, b| whole(a) == whole(b)).filter(|run| whole(&run[0])) {
            let upper = run.iter().map(|place| at(place.x, place.high));
            let lower = run.iter().rev().map(|place| at(place.x, place.low));
            canvas.polygon(&upper.chain(lower).collect::<Vec<_>>(), self.colour, 0.15);
        }
        let finite = |place: &Place| place.middle.is_finite();
        for run in self.places.chunk_by(|a, b| finite(a) == finite(b)).filter(|run| finite(&run[0])) {
            let run: Vec<(f64, f64)> = run.iter().map(|place| at(place.x, place.middle)).collect();
            canvas.line(&run, 2.2, self.colour);
            run.iter().for_each(|&place| canvas.dot(place, 2.4, self.colour));
        }
    }
}
