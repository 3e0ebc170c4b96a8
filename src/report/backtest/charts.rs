//! The charts of a backtest.

use crate::backtest::rivals::Method;
use crate::backtest::rolling::{Forecast, Kind, Rolled};
use crate::backtest::summary::Row;
use crate::report::chart::{
    Band, Colour, Figure, Interval, Intervals, Lines, Palette, Panel, Series, Shows, ValueFormat,
};
use crate::report::drawing::drawn;
use crate::report::run_folder::File;
use crate::share_process::Region;

/// Makers drawn per fan.
const MAKERS: usize = 6;
/// z of a 90 % interval.
const Z90: f64 = 1.645;
/// Fewer forecasts are not drawn as a coverage.
const ENOUGH: usize = 10;

/// Coverage, gain, PIT and fans, each as SVG and PNG.
pub fn charts(title: &str, regions: &[Region], rolled: &Rolled, rows: &[Row]) -> Vec<File> {
    let source_line = format!("{title}; only what was known at each origin was used");
    let mut figures = vec![
        ("coverage".to_owned(), coverage(rows)),
        ("gain".to_owned(), gain(rows)),
        ("pit".to_owned(), pit(rows)),
    ];
    let names = super::super::file_names::file_names(regions.iter().map(|region| region.name.as_str()));
    for (region, name) in regions.iter().zip(names) {
        figures.extend(fan(region, rolled).map(|figure| (format!("fan-{name}"), figure)));
    }
    let drawn = figures.into_iter().flat_map(|(name, mut figure)| {
        figure.source_line = source_line.clone();
        drawn(&name, &figure)
    });
    drawn.collect()
}

fn label(row: &Row) -> String {
    let years = if row.horizon == 1 { "year" } else { "years" };
    let makers = match row.kind {
        Some(Kind::Newcomer) => "newcomers",
        _ => "established",
    };
    format!("{}, {makers}, {} {years}", row.region.as_deref().unwrap_or("all"), row.horizon)
}

/// Rows of the share process, or of all regions together where there are many.
fn shown(rows: &[Row]) -> Vec<&Row> {
    let of_process = || rows.iter().filter(|row| row.method == Method::Process && row.kind.is_some());
    let all: Vec<&Row> = of_process().filter(|row| row.n >= ENOUGH).collect();
    if all.len() <= 24 { all } else { all.into_iter().filter(|row| row.region.is_none()).collect() }
}

/// How far the 90 % bands held more or less often than promised.
fn coverage(rows: &[Row]) -> Figure {
    let rows = shown(rows).into_iter().map(|row| {
        let (n, held) = (row.n as f64, row.inside_90);
        // E. B. Wilson's interval (JASA 22, 1927).
        let interval = |z: f64| {
            let centre = (held + z * z / (2.0 * n)) / (1.0 + z * z / n);
            let half = z / (1.0 + z * z / n) * (held * (1.0 - held) / n + z * z / (4.0 * n * n)).sqrt();
            (centre - half - 0.9, centre + half - 0.9)
        };
        let ((p05, p95), (p25, p75)) = (interval(Z90), interval(0.674));
        Interval { label: label(row), colour: colour(row), p05, p25, mean: held - 0.9, p75, p95, seen: None }
    });
    Figure {
        title: "How much more or less often than 90 % the 90 % bands held".into(),
        subtitle: "Share process; 50 % and 90 % binomial intervals, as if forecasts were independent".into(),
        panels: vec![Panel::Intervals(Intervals {
            title: "Inside the band, against 90 %".into(),
            unit: "Percentage points of forecasts".into(),
            format: ValueFormat::PercentagePoints,
            shows: Shows::Estimates,
            rows: rows.collect(),
        })],
        ..Figure::default()
    }
}

/// How much better than "shares stay".
fn gain(rows: &[Row]) -> Figure {
    let rows = shown(rows).into_iter().map(|row| {
        let yardstick = row.crps / (1.0 - row.gain);
        let (p05, p95) = row
            .paired
            .interval
            .map_or((f64::NAN, f64::NAN), |(low, high)| (-high / yardstick, -low / yardstick));
        Interval {
            label: label(row),
            colour: colour(row),
            p05,
            p25: f64::NAN,
            mean: row.gain,
            p75: f64::NAN,
            p95,
            seen: None,
        }
    });
    Figure {
        title: "How much better than “shares stay” the share process forecast".into(),
        subtitle: "CRPS against persistence with the same spread; 90 % by resampling origins".into(),
        panels: vec![Panel::Intervals(Intervals {
            title: "Error saved, as a part of the yardstick's".into(),
            unit: "Percent of CRPS".into(),
            format: ValueFormat::PercentagePoints,
            shows: Shows::Estimates,
            rows: rows.collect(),
        })],
        ..Figure::default()
    }
}

fn colour(row: &Row) -> Colour {
    let palette = Palette::new(["established", "newcomers"]);
    palette.colour(if row.kind == Some(Kind::Newcomer) { "newcomers" } else { "established" })
}

/// Where in the forecast distributions what happened lay, by tenths: level if they were right.
fn pit(rows: &[Row]) -> Figure {
    let several = rows.iter().any(|row| row.region.is_none());
    let palette = Palette::new(["1", "3", "5"]);
    let panels = [Kind::Mature, Kind::Newcomer].into_iter().filter_map(|kind| {
        let series: Vec<Series> = rows
            .iter()
            .filter(|row| row.method == Method::Process && row.kind == Some(kind))
            .filter(|row| row.region.is_none() == several && row.n >= 2 * ENOUGH)
            .map(|row| {
                let points = row.pit.iter().zip(1..).map(|(fraction, tenth)| Band::line(tenth, *fraction));
                let years = if row.horizon == 1 { "year" } else { "years" };
                let label = format!("{} {years}", row.horizon);
                Series::new(&label, palette.colour(&row.horizon.to_string()), points.collect())
            })
            .collect();
        let title = if kind == Kind::Mature { "Established makers" } else { "Newcomers" };
        (!series.is_empty()).then(|| {
            Panel::Lines(Lines {
                title: title.into(),
                unit: "Part of forecasts, by tenth of the forecast distribution".into(),
                format: ValueFormat::Percent,
                series,
                zero_line: true,
                ..Lines::default()
            })
        })
    });
    Figure {
        title: "Where what happened lay in the forecasts: 10 % in each tenth if they were right".into(),
        subtitle: "Share process; tenths from lowest (1) to highest (10)".into(),
        panels: panels.collect(),
        ..Figure::default()
    }
}

/// The forecasts from the last origin of which the longest horizon is known.
fn fan(region: &Region, rolled: &Rolled) -> Option<Figure> {
    let here = || rolled.forecasts.iter().filter(|f| f.region == region.name && f.method == Method::Process);
    let longest = here().map(|f| f.horizon).max()?;
    let origin = here().filter(|f| f.horizon == longest).map(|f| f.origin).max()?;
    let mut makers: Vec<(&str, f64)> = Vec::new();
    for f in here().filter(|f| f.origin == origin) {
        if makers.iter().all(|(name, _)| *name != f.manufacturer) {
            makers.push((&f.manufacturer, f.share_origin));
        }
    }
    makers.sort_by(|a, b| b.1.total_cmp(&a.1));
    makers.truncate(MAKERS);
    let palette = Palette::new(makers.iter().map(|(name, _)| *name));
    let series = makers.iter().map(|(name, share)| {
        let own: Vec<&Forecast> = here().filter(|f| f.origin == origin && f.manufacturer == *name).collect();
        let mut points =
            vec![Band { year: origin, p05: *share, p25: *share, mean: *share, p75: *share, p95: *share }];
        points.extend(own.iter().map(|f| {
            let [p05, p25, _, p75, p95] = f.score.quantiles;
            Band { year: origin + f.horizon as i32, p05, p25, mean: f.score.mean, p75, p95 }
        }));
        let maker = region.makers.iter().find(|maker| maker.name == *name);
        let mut history: Vec<(i32, f64)> = maker
            .iter()
            .flat_map(|maker| &maker.points)
            .filter(|point| point.year < origin)
            .map(|point| (point.year, point.share))
            .collect();
        history.dedup_by_key(|point| point.0);
        let observed = own.iter().map(|f| (origin + f.horizon as i32, f.actual)).collect();
        Series { history, observed, ..Series::new(name, palette.colour(name), points) }
    });
    Some(Figure {
        title: format!("What was forecast from {origin}, and what came"),
        subtitle: "Share process: mean, 50 % and 90 % of draws".into(),
        panels: vec![Panel::Lines(Lines {
            title: region.name.clone(),
            unit: "Share of units sold".into(),
            format: ValueFormat::Percent,
            series: series.collect(),
            base_year: Some(origin),
            ..Lines::default()
        })],
        ..Figure::default()
    })
}
