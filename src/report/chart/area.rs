//! `Area`: where on the page something is drawn.

use super::axis::Axis;
use super::canvas::{Anchor, Canvas, Type};
use super::number::ValueFormat;
use super::palette::Colour;

/// A rectangle, in pixels from the top left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Area {
    /// Says so in the middle, instead of empty axes.
    pub(super) fn write_no_values(self, canvas: &Canvas) {
        let middle = (0.5 * (self.left + self.right), 0.5 * (self.top + self.bottom) + 4.0);
        canvas.text(middle, Anchor::Middle, Type::regular(12.0, Colour::QUIET), "no values");
    }
}

/// Lines down from the ticks of a horizontal axis, and what the ticks say, as many as there is room for.
pub(super) fn upright_grid(
    canvas: &Canvas,
    axis: &Axis,
    (format, signed): (ValueFormat, bool),
    (top, bottom): (f64, f64),
) {
    let ticks = Type::regular(11.5, Colour::QUIET);
    let tick_label = |tick| format.write_bare(tick, axis.step, signed);
    let room = (axis.place(axis.high) - axis.place(axis.low)) / (axis.ticks.len() - 1) as f64;
    let every =
        (axis.ticks.iter().map(|&tick| ticks.width(&tick_label(tick))).fold(0.0, f64::max) + 8.0) / room;
    let zero = axis.ticks.iter().position(|&tick| tick == 0.0).unwrap_or(0);
    for (k, &tick) in axis.ticks.iter().enumerate() {
        let x = axis.place(tick);
        let (width, colour) = if tick == 0.0 { (1.4, Colour::QUIET) } else { (1.0, Colour::GRID) };
        canvas.line(&[(x, top), (x, bottom)], width, colour);
        if k.abs_diff(zero).is_multiple_of((every.ceil() as usize).max(1)) {
            canvas.text((x, bottom + 16.0), Anchor::Middle, ticks, &tick_label(tick));
        }
    }
}
