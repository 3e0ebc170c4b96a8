//! `Heat`: a fraction over two numeric inputs, as shades, and the line where it reaches a level.

use super::area::Area;
use super::axis::Axis;
use super::canvas::{Anchor, Canvas, Type};
use super::curves::{below, number};
use super::key::KeyEntry;
use super::palette::Colour;

/// Shades over two inputs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heat {
    pub title: String,
    /// The vertical axis in words.
    pub unit: String,
    /// The horizontal axis in words.
    pub input: String,
    /// Rising, at least two each.
    pub across: Vec<f64>,
    pub up: Vec<f64>,
    /// Fractions, row by row from the first of `up`; NaN where there is none.
    pub values: Vec<Vec<f64>>,
    /// Where the level is reached: lines from place to place.
    pub frontier: Vec<Vec<(f64, f64)>>,
}

impl Heat {
    /// What the signs in this panel mean.
    pub(super) fn key(&self) -> Vec<KeyEntry> {
        let frontier = (!self.frontier.is_empty()).then_some(KeyEntry::Frontier);
        [KeyEntry::Shades].into_iter().chain(frontier).collect()
    }

    /// Draws the plot below its titles.
    pub(super) fn draw(&self, canvas: &Canvas, area: Area) {
        if self.across.len() < 2 || self.up.len() < 2 {
            return area.write_no_values(canvas);
        }
        let (top, bottom) = (area.top + 8.0, area.bottom - 40.0);
        let (columns, rows) = (edges(&self.across), edges(&self.up));
        let up = Axis::within((rows[0], rows[rows.len() - 1]), 6, (bottom, top));
        let ticks = Type::regular(11.5, Colour::QUIET);
        let widest = up.ticks.iter().map(|&tick| ticks.width(&number(&up, tick))).fold(0.0, f64::max);
        let (left, right) = (area.left + widest + 10.0, area.right - 8.0);
        let across = Axis::within((columns[0], columns[columns.len() - 1]), 5, (left, right));
        for (row, values) in self.values.iter().enumerate() {
            for (column, &value) in values.iter().enumerate().filter(|(_, value)| value.is_finite()) {
                let (x0, x1) = (across.place(columns[column]), across.place(columns[column + 1]));
                let (y0, y1) = (up.place(rows[row]), up.place(rows[row + 1]));
                let corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)];
                canvas.polygon(&corners, Colour::GAIN, 0.06 + 0.84 * value.clamp(0.0, 1.0));
                let colour = if value > 0.55 { Colour::WHITE } else { Colour::INK };
                if x1 - x0 > 26.0 && (y1 - y0).abs() > 13.0 {
                    let middle = (0.5 * (x0 + x1), 0.5 * (y0 + y1) + 4.0);
                    canvas.text(
                        middle,
                        Anchor::Middle,
                        Type::regular(10.5, colour),
                        &format!("{:.0}", 100.0 * value),
                    );
                }
            }
        }
        for &tick in &up.ticks {
            canvas.text((left - 8.0, up.place(tick) + 4.0), Anchor::End, ticks, &number(&up, tick));
        }
        below(canvas, &across, (left, right, bottom), &self.input);
        for line in &self.frontier {
            let line: Vec<(f64, f64)> = line.iter().map(|&(x, y)| (across.place(x), up.place(y))).collect();
            match line[..] {
                [] => {}
                [only] => canvas.dot(only, 4.0, Colour::LOSS),
                _ => canvas.line(&line, 2.6, Colour::LOSS),
            }
        }
    }
}

/// The edges of cells around rising values: half-way between neighbours, the ends as far beyond.
fn edges(values: &[f64]) -> Vec<f64> {
    let n = values.len();
    let mut edges: Vec<f64> = values.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect();
    edges.insert(0, values[0] - (edges[0] - values[0]));
    edges.push(values[n - 1] + (values[n - 1] - edges[n - 1]));
    edges
}

#[cfg(test)]
mod tests {
    #[test]
    fn cells_meet_half_way() {
        assert_eq!(super::edges(&[0.0, 1.0, 3.0]), [-0.5, 0.5, 2.0, 4.0]);
    }
}
