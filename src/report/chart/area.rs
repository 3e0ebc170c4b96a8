//! `Area`: where on the page something is drawn.

use super::canvas::{Anchor, Canvas, Type};
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
