//! `Canvas`: lines, areas and letters on an SVG drawing, in logical pixels.
//!
//! plotters rounds every coordinate to a whole unit; so it draws at eight times the size, and the
//! drawing is then declared to be of the logical size.

use super::palette::Colour;
use plotters::prelude::*;
use plotters::style::register_font;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::sync::LazyLock;

pub(super) static REGULAR: &[u8] = include_bytes!("fonts/Inter-Regular.ttf");
pub(super) static SEMIBOLD: &[u8] = include_bytes!("fonts/Inter-SemiBold.ttf");

/// The embedded font, and what a browser that lacks it falls back to.
const FAMILIES: &str = "Inter, 'Helvetica Neue', Arial, sans-serif";
pub(super) const FAMILY: &str = "Inter";

/// Drawing units per logical pixel.
const UNITS: f64 = 8.0;
/// plotters' font size is the height of a line; SVG's is the em.
const LINE_HEIGHT: f64 = 1.24;
/// How far plotters puts the baseline below a text's top, in em.
const TOP_TO_BASELINE: f64 = 0.76;

static FONTS: LazyLock<()> = LazyLock::new(|| {
    for (style, font) in [(FontStyle::Normal, REGULAR), (FontStyle::Bold, SEMIBOLD)] {
        assert!(register_font(FAMILIES, style, font).is_ok(), "the embedded fonts can be read");
    }
});

/// Which end of a text its x is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Size in pixels per em, weight and colour of letters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Type {
    pub size: f64,
    pub semibold: bool,
    pub colour: Colour,
}

impl Type {
    pub(super) fn regular(size: f64, colour: Colour) -> Self {
        Self { size, semibold: false, colour }
    }

    pub(super) fn semibold(size: f64, colour: Colour) -> Self {
        Self { size, semibold: true, colour }
    }

    fn font(self) -> FontDesc<'static> {
        LazyLock::force(&FONTS);
        let style = if self.semibold { FontStyle::Bold } else { FontStyle::Normal };
        FontDesc::new(FontFamily::Name(FAMILIES), self.size * LINE_HEIGHT * UNITS, style)
    }

    /// The width of a text in pixels (2 % on the safe side).
    pub(super) fn width(self, text: &str) -> f64 {
        let ((x0, _), (x1, _)) = self.font().layout_box(text).expect("the embedded fonts can be read");
        f64::from(x1 - x0) / UNITS
    }

    /// `text`, with its end replaced by "…" if it is wider than `width`.
    pub(super) fn shorten(self, text: &str, width: f64) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let ends: Vec<usize> = text.char_indices().map(|(start, _)| start).collect();
        let shorter = |end: usize| format!("{}…", text[..end].trim_end());
        let fitting = ends.partition_point(|&end| self.width(&shorter(end)) <= width);
        shorter(ends[fitting.saturating_sub(1)])
    }

    /// `text` in lines no wider than `width`, broken between words.
    pub(super) fn wrap(self, text: &str, width: f64) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            if let Some(line) = lines.last_mut() {
                let longer = format!("{line} {word}");
                if self.width(&longer) <= width {
                    *line = longer;
                    continue;
                }
            }
            lines.push(self.shorten(word, width));
        }
        lines
    }
}

/// A drawing of a given size.
pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, plotters::coord::Shift>,
}

/// Draws on a canvas of a logical size and returns the SVG document.
pub(super) fn draw(width: u32, height: u32, title: &str, paint: impl FnOnce(&Canvas)) -> String {
    let mut svg = String::new();
    let (w, h) = (width * UNITS as u32, height * UNITS as u32);
    {
        let area = SVGBackend::with_string(&mut svg, (w, h)).into_drawing_area();
        let canvas = Canvas { area };
        canvas.rectangle(0.0, 0.0, f64::from(width), f64::from(height), Colour::WHITE);
        paint(&canvas);
        canvas.area.present().expect("drawing into memory does not fail");
    }
    let declared = format!("width=\"{w}\" height=\"{h}\"");
    let logical = format!("width=\"{width}\" height=\"{height}\" role=\"img\" stroke-linejoin=\"round\"");
    let svg = svg.replacen(&declared, &logical, 1);
    let end_of_tag = svg.find('>').map_or(0, |end| end + 1);
    let (tag, rest) = svg.split_at(end_of_tag);
    format!("{tag}\n<title>{}</title>{rest}", escape(title))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn units((x, y): (f64, f64)) -> (i32, i32) {
    ((x * UNITS).round() as i32, (y * UNITS).round() as i32)
}

fn paint(colour: Colour, alpha: f64) -> RGBAColor {
    RGBAColor(colour.red, colour.green, colour.blue, alpha)
}

impl Canvas<'_> {
    fn add<E>(&self, element: E)
    where
        for<'e> &'e E: plotters::element::PointCollection<'e, (i32, i32)>,
        E: for<'b> plotters::element::Drawable<SVGBackend<'b>>,
    {
        self.area.draw(&element).expect("drawing into memory does not fail");
    }

    pub(super) fn line(&self, points: &[(f64, f64)], width: f64, colour: Colour) {
        let points: Vec<(i32, i32)> = points.iter().copied().map(units).collect();
        let style = paint(colour, 1.0).stroke_width((width * UNITS).round() as u32);
        self.add(PathElement::new(points, style));
    }

    pub(super) fn polygon(&self, points: &[(f64, f64)], colour: Colour, alpha: f64) {
        let points: Vec<(i32, i32)> = points.iter().copied().map(units).collect();
        self.add(Polygon::new(points, paint(colour, alpha).filled()));
    }

    pub(super) fn rectangle(&self, x0: f64, y0: f64, x1: f64, y1: f64, colour: Colour) {
        self.add(Rectangle::new([units((x0, y0)), units((x1, y1))], paint(colour, 1.0).filled()));
    }

    /// A filled disc.
    pub(super) fn dot(&self, at: (f64, f64), radius: f64, colour: Colour) {
        self.add(Circle::new(units(at), (radius * UNITS).round() as i32, paint(colour, 1.0).filled()));
    }

    /// A ring around white.
    pub(super) fn ring(&self, at: (f64, f64), radius: f64, width: f64, colour: Colour) {
        self.dot(at, radius + 0.5 * width, colour);
        self.dot(at, radius - 0.5 * width, Colour::WHITE);
    }

    /// Letters whose baseline starts, is centred or ends at `at`.
    pub(super) fn text(&self, at: (f64, f64), anchor: Anchor, letters: Type, text: &str) {
        if text.is_empty() {
            return;
        }
        let h_pos = match anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let colour = paint(letters.colour, 1.0);
        let style = letters.font().color(&colour).pos(Pos::new(h_pos, VPos::Top));
        let top = at.1 - TOP_TO_BASELINE * letters.size;
        self.add(Text::new(text.to_owned(), units((at.0, top)), style));
    }
}
