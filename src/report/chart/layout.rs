//! `svg`: where title, panels, key and source go.

use super::area::Area;
use super::canvas::{Anchor, Canvas, Type, draw};
use super::key::{KeyEntry, SIGN};
use super::palette::Colour;
use super::{Figure, Panel};

const MARGIN: f64 = 24.0;
const GAP: f64 = 34.0;
const LINES_HEIGHT: f64 = 290.0;
const HEAT_HEIGHT: f64 = 380.0;
const KEY_LINE: f64 = 20.0;

const TITLE: (f64, f64) = (21.0, 27.0);
const SUBTITLE: (f64, f64) = (14.0, 19.0);
const SOURCE: (f64, f64) = (11.0, 15.0);

impl Panel {
    fn titles(&self) -> (&str, &str) {
        match self {
            Self::Lines(lines) => (&lines.title, &lines.unit),
            Self::Intervals(intervals) => (&intervals.title, &intervals.unit),
            Self::Waterfall(waterfall) => (&waterfall.title, &waterfall.unit),
            Self::Tornado(tornado) => (&tornado.title, &tornado.unit),
            Self::Curves(curves) => (&curves.title, &curves.unit),
            Self::Heat(heat) => (&heat.title, &heat.unit),
        }
    }

    fn plot_height(&self) -> f64 {
        match self {
            Self::Lines(_) | Self::Curves(_) => LINES_HEIGHT,
            Self::Heat(_) => HEAT_HEIGHT,
            Self::Intervals(intervals) => intervals.height(),
            Self::Waterfall(waterfall) => waterfall.height(),
            Self::Tornado(tornado) => tornado.height(),
        }
    }

    fn key(&self) -> Vec<KeyEntry> {
        match self {
            Self::Lines(lines) => lines.key(),
            Self::Intervals(intervals) => intervals.key(),
            Self::Waterfall(waterfall) => waterfall.key(),
            Self::Tornado(tornado) => tornado.key(),
            Self::Curves(curves) => curves.key(),
            Self::Heat(heat) => heat.key(),
        }
    }
}

/// Draws a figure as an SVG document. The width follows from the number of panels: one 720, two or four
/// 1000, three or more 1240 logical pixels; the height from what is in them.
pub fn svg(figure: &Figure) -> String {
    let (columns, width) = match figure.panels.len() {
        0 | 1 => (1, 720.0),
        2 | 4 => (2, 1000.0),
        _ => (3, 1240.0),
    };
    let inner = width - 2.0 * MARGIN;
    let title = Type::semibold(TITLE.0, Colour::INK).wrap(&figure.title, inner);
    let subtitle = Type::regular(SUBTITLE.0, Colour::QUIET).wrap(&figure.subtitle, inner);
    let source = Type::regular(SOURCE.0, Colour::QUIET).wrap(&figure.source_line, inner);
    let key = key_rows(figure, inner);

    let rows: Vec<&[Panel]> = figure.panels.chunks(columns).collect();
    let panel_width = (inner - (columns - 1) as f64 * GAP) / columns as f64;
    let row_titles: Vec<f64> = rows.iter().map(|row| titles_height(row, panel_width)).collect();
    let row_heights: Vec<f64> =
        rows.iter().map(|row| row.iter().map(Panel::plot_height).fold(0.0, f64::max)).collect();

    let mut height = MARGIN + TITLE.1 * title.len() as f64 + SUBTITLE.1 * subtitle.len() as f64;
    height += row_titles.iter().chain(&row_heights).sum::<f64>() + 20.0 * rows.len() as f64;
    height += KEY_LINE * key.len() as f64 + 8.0 + SOURCE.1 * source.len() as f64 + 16.0;

    draw(width as u32, height.ceil() as u32, &figure.title, |canvas| {
        let mut y = MARGIN - 4.0;
        y = paragraph(canvas, y, &title, TITLE, Type::semibold(TITLE.0, Colour::INK));
        y = paragraph(canvas, y, &subtitle, SUBTITLE, Type::regular(SUBTITLE.0, Colour::QUIET));
        for ((row, above), plot) in rows.iter().zip(row_titles).zip(row_heights) {
            y += 20.0;
            for (k, panel) in row.iter().enumerate() {
                let left = MARGIN + k as f64 * (panel_width + GAP);
                panel_titles(canvas, panel, left, y, panel_width);
                let area = Area { left, top: y + above, right: left + panel_width, bottom: y + above + plot };
                match panel {
                    Panel::Lines(lines) => lines.draw(canvas, area),
                    Panel::Intervals(intervals) => intervals.draw(canvas, area),
                    Panel::Waterfall(waterfall) => waterfall.draw(canvas, area),
                    Panel::Tornado(tornado) => tornado.draw(canvas, area),
                    Panel::Curves(curves) => curves.draw(canvas, area),
                    Panel::Heat(heat) => heat.draw(canvas, area),
                }
            }
            y += above + plot;
        }
        for entries in &key {
            y += KEY_LINE;
            for &(x, entry) in entries {
                entry.draw(canvas, MARGIN + x, y - 4.0);
                let words = Type::regular(SOURCE.0, Colour::QUIET);
                canvas.text((MARGIN + x + SIGN + 8.0, y), Anchor::Start, words, entry.words());
            }
        }
        y += 8.0;
        paragraph(canvas, y, &source, SOURCE, Type::regular(SOURCE.0, Colour::QUIET));
    })
}

/// Writes lines below `y` and returns where they end.
fn paragraph(
    canvas: &Canvas,
    mut y: f64,
    lines: &[String],
    (_, line_height): (f64, f64),
    letters: Type,
) -> f64 {
    for line in lines {
        y += line_height;
        canvas.text((MARGIN, y - 0.25 * line_height), Anchor::Start, letters, line);
    }
    y
}

const PANEL_TITLE: (f64, f64) = (14.0, 19.0);
const UNIT: (f64, f64) = (12.0, 17.0);

fn wrapped_titles(panel: &Panel, width: f64) -> (Vec<String>, Vec<String>) {
    let (title, unit) = panel.titles();
    let title = Type::semibold(PANEL_TITLE.0, Colour::INK).wrap(title, width);
    (title, Type::regular(UNIT.0, Colour::QUIET).wrap(unit, width))
}

/// The height of the panel titles of a row: that of the tallest.
fn titles_height(row: &[Panel], width: f64) -> f64 {
    let height = |panel: &Panel| {
        let (title, unit) = wrapped_titles(panel, width);
        PANEL_TITLE.1 * title.len() as f64 + UNIT.1 * unit.len() as f64 + 6.0
    };
    row.iter().map(height).fold(0.0, f64::max)
}

fn panel_titles(canvas: &Canvas, panel: &Panel, left: f64, top: f64, width: f64) {
    let (title, unit) = wrapped_titles(panel, width);
    let mut y = top;
    for line in &title {
        y += PANEL_TITLE.1;
        canvas.text((left, y - 5.0), Anchor::Start, Type::semibold(PANEL_TITLE.0, Colour::INK), line);
    }
    for line in &unit {
        y += UNIT.1;
        canvas.text((left, y - 5.0), Anchor::Start, Type::regular(UNIT.0, Colour::QUIET), line);
    }
}

/// The entries of the key that the panels need, each once, in rows that fit the width.
fn key_rows(figure: &Figure, width: f64) -> Vec<Vec<(f64, KeyEntry)>> {
    let mut entries: Vec<KeyEntry> = Vec::new();
    for entry in figure.panels.iter().flat_map(Panel::key) {
        if !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    let words = Type::regular(SOURCE.0, Colour::QUIET);
    let mut rows: Vec<Vec<(f64, KeyEntry)>> = Vec::new();
    let mut x = f64::INFINITY;
    for entry in entries {
        let needed = SIGN + 8.0 + words.width(entry.words());
        if x + needed > width {
            rows.push(Vec::new());
            x = 0.0;
        }
        if let Some(row) = rows.last_mut() {
            row.push((x, entry));
        }
        x += needed + 22.0;
    }
    rows
}
