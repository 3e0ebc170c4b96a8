//! Charts in the manner of a good newspaper: pure functions from figures to SVG and PNG.
//!
//! No system library and no system font is used, so a figure gives the same bytes on every machine.
//!
//! ```
//! use keiretsu::report::chart::{Band, Figure, Lines, Palette, Panel, Series, ValueFormat, png, svg};
//!
//! let palette = Palette::new(["Toyota"]);
//! let points = (2024..=2035).map(|year| Band::line(year, 0.15)).collect();
//! let figure = Figure {
//!     title: "Toyota holds its share".into(),
//!     panels: vec![Panel::Lines(Lines {
//!         title: "United States".into(),
//!         unit: "Share of units sold".into(),
//!         format: ValueFormat::Percent,
//!         base_year: Some(2024),
//!         series: vec![Series::new("Toyota", palette.colour("Toyota"), points)],
//!         ..Lines::default()
//!     })],
//!     ..Figure::default()
//! };
//! let drawing = svg(&figure);
//! assert!(drawing.starts_with("<svg"));
//! assert_eq!(&png(&drawing)[1..4], b"PNG");
//! ```

mod area;
mod axis;
mod canvas;
mod curves;
mod heat;
mod intervals;
mod key;
mod labels;
mod layout;
mod lines;
mod number;
mod palette;
mod raster;
mod tornado;
mod waterfall;

pub use curves::{Curve, Curves, Mark, Place};
pub use heat::Heat;
pub use intervals::{Interval, Intervals};
pub use key::{Around, Shows};
pub use labels::place_labels;
pub use layout::svg;
pub use lines::{Band, Lines, Series};
pub use number::ValueFormat;
pub use palette::{Colour, Palette};
pub use raster::png;
pub use tornado::{Swing, Tornado};
pub use waterfall::{Step, Waterfall};

/// One picture: a title, one to four panels (more are put in rows of three), and where it comes from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figure {
    /// What the picture shows, as a sentence.
    pub title: String,
    /// What is drawn: quantity, unit, scenario.
    pub subtitle: String,
    /// Sources, printed small at the bottom.
    pub source_line: String,
    pub panels: Vec<Panel>,
}

/// One plot of a figure.
#[derive(Clone, Debug, PartialEq)]
pub enum Panel {
    /// Paths over years.
    Lines(Lines),
    /// One interval per row, largest first.
    Intervals(Intervals),
    /// Parts that add up.
    Waterfall(Waterfall),
    /// How far each input moves a value.
    Tornado(Tornado),
    /// Values over a numeric input.
    Curves(Curves),
    /// A fraction over two numeric inputs.
    Heat(Heat),
}

#[cfg(test)]
mod tests;
