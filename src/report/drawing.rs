//! From statistics to what a chart draws, and from figures to files.

use super::chart::{Band, Colour, Figure, Interval, png, svg};
use super::run_folder::File;
use crate::simulation::summary::Estimate;

/// A figure as files of a run folder.
pub fn drawn(name: &str, figure: &Figure) -> [File; 2] {
    let picture = svg(figure);
    [
        File::new(&format!("charts/{name}.png"), png(&picture)),
        File::new(&format!("charts/{name}.svg"), picture.into_bytes()),
    ]
}

/// A year of a path.
pub fn band(year: i32, e: &Estimate) -> Band {
    Band { year, mean: e.mean, p05: e.p05, p25: e.p25, p75: e.p75, p95: e.p95 }
}

/// A row of intervals.
pub fn interval(label: &str, colour: Colour, e: &Estimate) -> Interval {
    let Estimate { mean, p05, p25, p75, p95, .. } = *e;
    Interval { label: label.to_owned(), colour, mean, p05, p25, p75, p95, seen: None }
}
