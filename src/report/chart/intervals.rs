//! `Intervals`: one row per name with a dot and an interval, largest first; gains are full dots, losses
//! hollow ones, and a stroke stands where nothing changes.

use super::area::{Area, upright_grid};
use super::axis::Axis;
use super::canvas::{Anchor, Canvas, Type};
use super::key::{KeyEntry, Median, mark, spread};
use super::number::ValueFormat;
use super::palette::Colour;

/// One row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Interval {
    pub label: String,
    pub colour: Colour,
    pub p05: f64,
    pub p25: f64,
    pub p50: f64,
    pub p75: f64,
    pub p95: f64,
}

/// Rows of intervals around zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Intervals {
    pub title: String,
    /// The horizontal axis in words.
    pub unit: String,
    pub format: ValueFormat,
    /// In any order; rows without a median are left out.
    pub rows: Vec<Interval>,
}

const ROW_HEIGHT: f64 = 23.0;
const SIZE: f64 = 12.0;
const MOST_LABEL_WIDTH: f64 = 170.0;
/// Room above the rows for the ends of the grid, and below for the tick labels.
const ABOVE: f64 = 6.0;
const BELOW: f64 = 26.0;

impl Intervals {
    fn sorted(&self) -> Vec<&Interval> {
        let mut rows: Vec<&Interval> = self.rows.iter().filter(|row| row.p50.is_finite()).collect();
        rows.sort_by(|a, b| b.p50.total_cmp(&a.p50));
        rows
    }

    /// The axis for all rows between two places.
    fn axis(&self, left: f64, right: f64) -> Axis {
        let rows = self.rows.iter().filter(|row| row.p50.is_finite());
        let ends = rows.flat_map(|row| [row.p05, row.p25, row.p50, row.p75, row.p95]);
        Axis::new(ends, (true, self.format.shortest_axis()), 4, (left, right))
    }

    /// What a row's median says, as it is written: to the place `finest`.
    fn median(&self, row: &Interval, finest: f64) -> Median {
        match self.format.is_written_zero(row.p50, finest) {
            true => Median::Same,
            false if row.p50 > 0.0 => Median::Gain,
            false => Median::Loss,
        }
    }

    /// The height of the plot below its titles.
    pub(super) fn height(&self) -> f64 {
        ABOVE + BELOW + ROW_HEIGHT * self.sorted().len().max(1) as f64
    }

    /// What the signs in this panel mean.
    pub(super) fn key(&self) -> Vec<KeyEntry> {
        let rows = self.sorted();
        let mut key = Vec::new();
        let finest = self.axis(0.0, 1.0).finest();
        for median in [Median::Gain, Median::Loss, Median::Same] {
            if rows.iter().any(|row| self.median(row, finest) == median) {
                key.push(KeyEntry::Median(median));
            }
        }
        if rows.iter().any(|row| row.p95 > row.p05) {
            key.push(KeyEntry::Intervals);
        }
        key
    }

    /// Draws the plot below its titles.
    pub(super) fn draw(&self, canvas: &Canvas, area: Area) {
        let rows = self.sorted();
        if rows.is_empty() {
            return area.write_no_values(canvas);
        }
        let names = Type::regular(SIZE, Colour::INK);
        let figures = Type::semibold(SIZE, Colour::INK);
        let step = self.axis(0.0, 1.0).finest();
        let labels: Vec<String> =
            rows.iter().map(|row| names.shorten(&row.label, MOST_LABEL_WIDTH)).collect();
        let values: Vec<String> =
            rows.iter().map(|row| self.format.write_bare(row.p50, step, true)).collect();
        let widest =
            |letters: Type, texts: &[String]| texts.iter().map(|t| letters.width(t)).fold(0.0, f64::max);
        let left = area.left + widest(names, &labels) + 14.0;
        let right = area.right - widest(figures, &values) - 14.0;
        let axis = self.axis(left, right);
        let (top, bottom) = (area.top, area.top + ABOVE + ROW_HEIGHT * rows.len().max(1) as f64);
        upright_grid(canvas, &axis, self.format, (top, bottom));
        for (k, row) in rows.iter().enumerate() {
            let y = top + ABOVE + (k as f64 + 0.5) * ROW_HEIGHT;
            canvas.text((left - 14.0, y + 4.3), Anchor::End, names, &labels[k]);
            spread(canvas, [row.p05, row.p25, row.p75, row.p95].map(|end| axis.place(end)), y, row.colour);
            mark(canvas, (axis.place(row.p50), y), self.median(row, step), row.colour);
            canvas.text((area.right, y + 4.3), Anchor::End, figures, &values[k]);
        }
    }
}
