//! `Intervals`: one row per name with a dot and an interval, largest first. Of changes, gains are full dots, losses
//! hollow ones, and a stroke stands where nothing changes; of values, a ring is what was seen.

use super::area::{Area, upright_grid};
use super::axis::Axis;
use super::canvas::{Anchor, Canvas, Type};
use super::key::{KeyEntry, Mark, Shows, mark, spread};
use super::number::ValueFormat;
use super::palette::Colour;

/// One row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Interval {
    pub label: String,
    pub colour: Colour,
    pub p05: f64,
    pub p25: f64,
    pub mean: f64,
    pub p75: f64,
    pub p95: f64,
    /// What was seen, of a value.
    pub seen: Option<f64>,
}

impl Interval {
    /// A value without spread.
    pub fn value(label: &str, colour: Colour, mean: f64) -> Self {
        let nan = f64::NAN;
        Self { label: label.to_owned(), colour, mean, p05: nan, p25: nan, p75: nan, p95: nan, seen: None }
    }
}

/// Rows of intervals, on an axis with zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Intervals {
    pub title: String,
    /// The horizontal axis in words.
    pub unit: String,
    pub format: ValueFormat,
    pub shows: Shows,
    /// In any order; rows without a mean are left out.
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
        let mut rows: Vec<&Interval> = self.rows.iter().filter(|row| row.mean.is_finite()).collect();
        rows.sort_by(|a, b| b.mean.total_cmp(&a.mean));
        rows
    }

    /// The axis for all rows between two places.
    fn axis(&self, left: f64, right: f64) -> Axis {
        let rows = self.rows.iter().filter(|row| row.mean.is_finite());
        let ends =
            rows.flat_map(|row| [row.p05, row.p25, row.mean, row.p75, row.p95, row.seen.unwrap_or(f64::NAN)]);
        Axis::new(ends, (true, self.format.shortest_axis()), 4, (left, right))
    }

    fn are_changes(&self) -> bool {
        matches!(self.shows, Shows::Changes | Shows::Estimates)
    }

    /// What a row's mean says, as it is written: to the place `finest`.
    fn mark(&self, row: &Interval, finest: f64) -> Mark {
        match self.format.is_written_zero(row.mean, finest) {
            _ if !self.are_changes() => Mark::Value,
            true => Mark::Same,
            false if row.mean > 0.0 => Mark::Gain,
            false => Mark::Loss,
        }
    }

    /// The mean in figures, and what was seen.
    fn write(&self, row: &Interval, finest: f64) -> String {
        let write = |value| self.format.write_bare(value, finest, self.are_changes());
        match row.seen {
            Some(seen) => format!("{} ({})", write(row.mean), write(seen)),
            None => write(row.mean),
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
        for sign in [Mark::Value, Mark::Gain, Mark::Loss, Mark::Same] {
            if rows.iter().any(|row| self.mark(row, finest) == sign) {
                key.push(KeyEntry::Mark(sign, self.shows));
            }
        }
        if rows.iter().any(|row| row.p95 > row.p05) {
            key.push(KeyEntry::Intervals(self.shows));
        }
        if rows.iter().any(|row| row.seen.is_some()) {
            key.push(if self.shows == Shows::Central { KeyEntry::Published } else { KeyEntry::Observed });
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
        let values: Vec<String> = rows.iter().map(|row| self.write(row, step)).collect();
        let widest =
            |letters: Type, texts: &[String]| texts.iter().map(|t| letters.width(t)).fold(0.0, f64::max);
        let left = area.left + widest(names, &labels) + 14.0;
        let right = area.right - widest(figures, &values) - 14.0;
        let axis = self.axis(left, right);
        let (top, bottom) = (area.top, area.top + ABOVE + ROW_HEIGHT * rows.len().max(1) as f64);
        upright_grid(canvas, &axis, (self.format, self.are_changes()), (top, bottom));
        for (k, row) in rows.iter().enumerate() {
            let y = top + ABOVE + (k as f64 + 0.5) * ROW_HEIGHT;
            canvas.text((left - 14.0, y + 4.3), Anchor::End, names, &labels[k]);
            spread(canvas, [row.p05, row.p25, row.p75, row.p95].map(|end| axis.place(end)), y, row.colour);
            mark(canvas, (axis.place(row.mean), y), self.mark(row, step), row.colour);
            if let Some(seen) = row.seen {
                canvas.ring((axis.place(seen), y), 4.4, 1.8, Colour::INK);
            }
            canvas.text((area.right, y + 4.3), Anchor::End, figures, &values[k]);
        }
    }
}
