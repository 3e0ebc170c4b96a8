//! `Lines`: paths over years with their bands, history before the base year, and names at the ends.

use super::area::Area;
use super::axis::{Axis, year_ticks};
use super::canvas::{Anchor, Canvas, Type};
use super::key::KeyEntry;
use super::labels::place_labels;
use super::number::ValueFormat;
use super::palette::Colour;

/// One year of a path over replications; NaN where there is no value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    pub year: i32,
    pub p05: f64,
    pub p25: f64,
    pub mean: f64,
    pub p75: f64,
    pub p95: f64,
}

impl Band {
    /// A value without spread.
    pub fn line(year: i32, value: f64) -> Self {
        Self { year, p05: f64::NAN, p25: f64::NAN, mean: value, p75: f64::NAN, p95: f64::NAN }
    }
}

/// One line with its name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    pub label: String,
    pub colour: Colour,
    /// In order of years.
    pub points: Vec<Band>,
    /// What was reported up to the base year.
    pub history: Vec<(i32, f64)>,
    /// What happened after the base year and was not used as input.
    pub observed: Vec<(i32, f64)>,
}

impl Series {
    pub fn new(label: &str, colour: Colour, points: Vec<Band>) -> Self {
        Self { label: label.to_owned(), colour, points, ..Self::default() }
    }
}

/// Paths over years, the most important series first: it lies on top, and if there is not room for all
/// names at the right, the last ones are left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lines {
    pub title: String,
    /// The vertical axis in words.
    pub unit: String,
    pub format: ValueFormat,
    pub series: Vec<Series>,
    /// Where history ends and the simulation starts.
    pub base_year: Option<i32>,
    /// Shows 0, as a line that stands out.
    pub zero_line: bool,
    /// A year that stands out, and why.
    pub mark: Option<(i32, String)>,
}

const TICK_SIZE: f64 = 11.5;
const LABEL_SIZE: f64 = 12.0;
const LABEL_HEIGHT: f64 = 15.0;
const MOST_LABEL_WIDTH: f64 = 220.0;

impl Lines {
    fn values(&self) -> impl Iterator<Item = f64> {
        self.series.iter().flat_map(|series| {
            let bands = series.points.iter().flat_map(|b| [b.p05, b.p25, b.mean, b.p75, b.p95]);
            bands.chain(series.history.iter().chain(&series.observed).map(|point| point.1))
        })
    }

    fn years(&self) -> (i32, i32) {
        let all = self.series.iter().flat_map(|series| {
            let points = series.points.iter().map(|band| band.year);
            points.chain(series.history.iter().chain(&series.observed).map(|point| point.0))
        });
        let (first, last) = all.fold((i32::MAX, i32::MIN), |(a, b), year| (a.min(year), b.max(year)));
        if first > last { (0, 0) } else { (first, last) }
    }

    /// Of levels no less than a tenth of the highest, lest a small move look like a collapse.
    fn shortest_axis(&self) -> f64 {
        let highest = self.values().filter(|value| value.is_finite()).map(f64::abs).fold(0.0, f64::max);
        let least = self.format.shortest_axis();
        if self.zero_line { least } else { least.max(0.1 * highest) }
    }

    /// What the signs in this panel mean.
    pub(super) fn key(&self) -> Vec<KeyEntry> {
        let any = |has: fn(&Series) -> bool| self.series.iter().any(has);
        let mut key = Vec::new();
        if any(|series| series.points.iter().any(|band| band.p95 > band.p05)) {
            key.push(KeyEntry::Bands);
        }
        if any(|series| !series.history.is_empty()) {
            key.push(KeyEntry::History);
        }
        if any(|series| !series.observed.is_empty()) {
            key.push(KeyEntry::Observed);
        }
        key
    }

    /// Draws the plot below its titles.
    pub(super) fn draw(&self, canvas: &Canvas, area: Area) {
        if !self.values().any(f64::is_finite) {
            return area.write_no_values(canvas);
        }
        let (top, bottom) = (area.top + 20.0, area.bottom - 22.0);
        let y_axis = Axis::new(self.values(), (self.zero_line, self.shortest_axis()), 6, (bottom, top));
        let ticks = Type::regular(TICK_SIZE, Colour::QUIET);
        let tick_label = |value| self.format.write_bare(value, y_axis.step, self.zero_line);
        let widest = y_axis.ticks.iter().map(|&tick| ticks.width(&tick_label(tick))).fold(0.0, f64::max);
        let most = (0.42 * (area.right - area.left)).min(MOST_LABEL_WIDTH);
        let labels = self.end_labels(y_axis.finest(), most);
        let names = Type::semibold(LABEL_SIZE, Colour::INK);
        let label_width = labels.iter().map(|label| names.width(label)).fold(0.0, f64::max);
        let (left, right) = (area.left + widest + 8.0, area.right - label_width - 14.0);
        let years = Years::new(self.years(), left, right);

        for &tick in &y_axis.ticks {
            let y = y_axis.place(tick);
            let zero = tick == 0.0;
            let (width, colour) = if zero { (1.2, Colour::QUIET) } else { (1.0, Colour::GRID) };
            canvas.line(&[(left, y), (right, y)], width, colour);
            canvas.text((left - 8.0, y + 4.0), Anchor::End, ticks, &tick_label(tick));
        }
        for year in year_ticks(years.first, years.last, ((right - left) / 46.0) as usize) {
            let x = years.place(year);
            canvas.line(&[(x, bottom), (x, bottom + 4.0)], 1.0, Colour::QUIET);
            canvas.text((x, bottom + 17.0), Anchor::Middle, ticks, &year.to_string());
        }
        if let Some(base) = self.base_year.filter(|&year| years.first < year && year < years.last) {
            let x = years.place(base);
            canvas.line(&[(x, top - 15.0), (x, bottom)], 1.0, Colour::CONTEXT);
            canvas.text((x + 6.0, top - 7.0), Anchor::Start, ticks, &format!("after {base}: simulated"));
        }
        if let Some((year, why)) = &self.mark {
            let x = years.place(*year);
            canvas.line(&[(x, top), (x, bottom)], 1.0, Colour::INK);
            let anchor = if x > 0.5 * (left + right) { Anchor::End } else { Anchor::Start };
            let beside = if x > 0.5 * (left + right) { x - 6.0 } else { x + 6.0 };
            canvas.text((beside, top + 12.0), anchor, ticks, why);
        }
        let at = |year: i32, value: f64| (years.place(year), y_axis.place(value));
        // Many bands lie on one another: the more there are, the paler each.
        let ink = if self.series.len() > 4 { 0.75 } else { 1.0 };
        self.series.iter().rev().for_each(|series| series.draw_bands(canvas, ink, &at));
        self.series.iter().rev().for_each(|series| series.draw_lines(canvas, &at));
        self.draw_end_labels(canvas, &labels, &at, (top - 8.0, bottom + 5.0), right);
    }

    /// Name and last value, to a step, of each series, with the year if others go on.
    fn end_labels(&self, step: f64, most: f64) -> Vec<String> {
        let names = Type::semibold(LABEL_SIZE, Colour::INK);
        let last = self.years().1;
        self.series
            .iter()
            .map(|series| {
                let Some((year, value)) = series.last() else { return String::new() };
                let value = self.format.write(value, step, self.zero_line);
                let figures = if year == last { format!(" {value}") } else { format!(" {value} ({year})") };
                let name = names.shorten(&series.label, (most - names.width(&figures)).max(0.4 * most));
                format!("{name}{figures}")
            })
            .collect()
    }

    fn draw_end_labels(
        &self,
        canvas: &Canvas,
        labels: &[String],
        at: &impl Fn(i32, f64) -> (f64, f64),
        (top, bottom): (f64, f64),
        right: f64,
    ) {
        let ends: Vec<Option<(f64, f64)>> =
            self.series.iter().map(|series| series.last().map(|(year, value)| at(year, value))).collect();
        let wanted: Vec<f64> = ends.iter().map(|end| end.map_or(f64::NAN, |end| end.1)).collect();
        let places = place_labels(&wanted, LABEL_HEIGHT, top, bottom);
        for (((series, label), end), place) in self.series.iter().zip(labels).zip(ends).zip(places) {
            let (Some(end), Some(y)) = (end, place) else { continue };
            let colour = series.colour.for_text();
            if (y - end.1).abs() > 3.0 || right - end.0 > 4.0 {
                canvas.line(&[(end.0 + 4.0, end.1), (right + 11.0, y)], 0.6, Colour::CONTEXT);
            }
            canvas.text((right + 14.0, y + 4.3), Anchor::Start, Type::semibold(LABEL_SIZE, colour), label);
        }
    }
}

/// Lower and upper end of a band in one year.
type Edge = fn(&Band) -> (f64, f64);

impl Series {
    /// The last year with a value.
    fn last(&self) -> Option<(i32, f64)> {
        let last = self.points.iter().rfind(|band| band.mean.is_finite()).map(|band| (band.year, band.mean));
        last.or_else(|| self.history.iter().copied().rfind(|point| point.1.is_finite()))
    }

    fn draw_bands(&self, canvas: &Canvas, ink: f64, at: &impl Fn(i32, f64) -> (f64, f64)) {
        let edges: [(Edge, f64, f64); 2] = [(|b| (b.p05, b.p95), 0.13, 1.2), (|b| (b.p25, b.p75), 0.22, 4.0)];
        for (edge, alpha, whisker) in edges {
            let whole = |b: &Band| edge(b).0.is_finite() && edge(b).1.is_finite();
            for run in self.points.chunk_by(|a, b| whole(a) == whole(b)).filter(|run| whole(&run[0])) {
                if let [only] = run {
                    let ends = [at(only.year, edge(only).0), at(only.year, edge(only).1)];
                    canvas.line(&ends, whisker, self.colour);
                    continue;
                }
                let upper = run.iter().map(|b| at(b.year, edge(b).1));
                let lower = run.iter().rev().map(|b| at(b.year, edge(b).0));
                canvas.polygon(&upper.chain(lower).collect::<Vec<_>>(), self.colour, alpha * ink);
            }
        }
    }

    fn draw_lines(&self, canvas: &Canvas, at: &impl Fn(i32, f64) -> (f64, f64)) {
        let means: Vec<(i32, f64)> = self.points.iter().map(|band| (band.year, band.mean)).collect();
        let mut history = self.history.clone();
        // Lead the thin line up to where the thick one starts.
        if let (Some(&(last, _)), Some(&first)) = (history.last(), means.first())
            && first.0 == last + 1
        {
            history.push(first);
        }
        let width = if self.colour == Colour::CONTEXT { 1.4 } else { 2.2 };
        for (points, width) in [(&history, 0.55 * width), (&means, width)] {
            for run in points.chunk_by(|a, b| a.1.is_finite() == b.1.is_finite()) {
                let run: Vec<(f64, f64)> =
                    run.iter().filter(|p| p.1.is_finite()).map(|&(y, v)| at(y, v)).collect();
                match run[..] {
                    [] => {}
                    [only] => canvas.dot(only, 1.6 * width, self.colour),
                    _ => canvas.line(&run, width, self.colour),
                }
            }
        }
        for &(year, value) in self.observed.iter().filter(|point| point.1.is_finite()) {
            canvas.ring(at(year, value), 3.2, 1.6, self.colour.for_text());
        }
    }
}

/// A scale from years to places.
struct Years {
    first: i32,
    last: i32,
    left: f64,
    right: f64,
}

impl Years {
    fn new((first, last): (i32, i32), left: f64, right: f64) -> Self {
        Self { first, last, left, right }
    }

    fn place(&self, year: i32) -> f64 {
        if self.first == self.last {
            return 0.5 * (self.left + self.right);
        }
        let part = (f64::from(year) - f64::from(self.first)) / (f64::from(self.last) - f64::from(self.first));
        self.left + (self.right - self.left) * part
    }
}
