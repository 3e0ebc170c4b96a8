//! Whole figures: well-formed, the same each time, complete, and without labels over one another.

use super::*;

/// A market of seven makers in two regions, 2015 to 2035.
fn shares(makers: &[(&str, f64, f64)], region: &str, palette: &Palette) -> Lines {
    let series = makers.iter().map(|&(name, start, drift)| {
        let spread = |year: i32| 0.1 * start * f64::from(year - 2024).max(0.0).sqrt();
        let share = |year: i32| start * (1.0 + drift * f64::from(year - 2024));
        let points = (2024..=2035).map(|year| Band {
            year,
            p05: (share(year) - 1.6 * spread(year)).max(0.0),
            p25: (share(year) - 0.7 * spread(year)).max(0.0),
            mean: share(year),
            p75: share(year) + 0.7 * spread(year),
            p95: share(year) + 1.9 * spread(year),
        });
        let wobble =
            |year: i32| 1.0 + 0.06 * f64::from((year * 7919 + start.to_bits() as i32 % 13) % 5 - 2) / 2.0;
        Series {
            label: name.to_owned(),
            colour: palette.colour(name),
            points: points.collect(),
            history: (2015..=2024)
                .map(|year| (year, share(year).max(0.001) * if year == 2024 { 1.0 } else { wobble(year) }))
                .collect(),
            observed: vec![(2025, share(2025) * 1.04)],
        }
    });
    Lines {
        title: region.to_owned(),
        unit: "Share of all cars sold".to_owned(),
        format: ValueFormat::Percent,
        series: series.collect(),
        base_year: Some(2024),
        ..Lines::default()
    }
}

fn palette() -> Palette {
    Palette::new(["Honda", "Nissan", "Mitsubishi Motors", "Toyota", "BYD", "Tesla", "Volkswagen"])
}

fn share_figure() -> Figure {
    let us = [
        ("Honda", 0.089, 0.004),
        ("Nissan", 0.057, -0.01),
        ("Mitsubishi Motors", 0.0068, 0.0),
        ("Toyota", 0.145, 0.002),
        ("Tesla", 0.039, 0.03),
        ("Volkswagen", 0.041, 0.002),
        ("General Motors", 0.168, -0.002),
    ];
    let china = [
        ("Honda", 0.037, -0.06),
        ("Nissan", 0.030, -0.065),
        ("Mitsubishi Motors", 0.0, 0.0),
        ("Toyota", 0.078, -0.03),
        ("BYD", 0.162, 0.04),
        ("Tesla", 0.029, 0.01),
        ("Volkswagen", 0.108, -0.04),
    ];
    Figure {
        title: "BYD pulls away in China while Japanese makers hold on in America".to_owned(),
        subtitle: "Market shares without the alliance: mean of 10,000 draws".to_owned(),
        source_line:
            "Sources: company reports, CAAM, national registration statistics; keiretsu simulation, \
                      scenario honda-nissan-mitsubishi, seed 2024"
                .to_owned(),
        panels: vec![
            Panel::Lines(shares(&us, "United States", &palette())),
            Panel::Lines(shares(&china, "China", &palette())),
        ],
    }
}

fn interval_rows() -> Vec<Interval> {
    [("Honda", 0.012), ("Nissan", 0.006), ("Mitsubishi Motors", 0.0004), ("Toyota", -0.005), ("BYD", -0.0002)]
        .into_iter()
        .chain([
            ("General Motors", -0.004),
            ("Tesla", -0.0012),
            ("Volkswagen", -0.0015),
            ("All others", -0.006),
        ])
        .map(|(name, mean)| {
            let spread = 0.0015 + 0.4 * f64::abs(mean);
            let [p05, p25, p75, p95] = [-1.6, -0.6, 0.7, 2.0].map(|z| mean + z * spread);
            Interval {
                label: name.to_owned(),
                colour: palette().colour(name),
                p05,
                p25,
                mean,
                p75,
                p95,
                seen: None,
            }
        })
        .collect()
}

fn difference_figure() -> Figure {
    let intervals = |region: &str| {
        Panel::Intervals(Intervals {
            title: region.to_owned(),
            unit: "Change of market share in 2035, percentage points".to_owned(),
            format: ValueFormat::PercentagePoints,
            rows: interval_rows(),
            ..Intervals::default()
        })
    };
    Figure {
        title: "The alliance's gain is mostly Toyota's and General Motors' loss".to_owned(),
        subtitle: "World 'merger' minus world 'none', same draws".to_owned(),
        source_line: "Source: keiretsu simulation".to_owned(),
        panels: vec![intervals("United States"), intervals("China")],
    }
}

fn lines_of(format: ValueFormat, scale: f64, noise: f64, zero_line: bool) -> Panel {
    let series = ["merger", "partnership"].iter().enumerate().map(|(k, name)| {
        let points = (2024..=2035).map(|year| {
            let mean = scale * (f64::from(year - 2024) * (0.1 - 0.05 * k as f64));
            let s = noise * scale * f64::from(year - 2024) * 0.08;
            Band {
                year,
                p05: mean - 1.6 * s,
                p25: mean - 0.7 * s,
                mean,
                p75: mean + 0.7 * s,
                p95: mean + 1.6 * s,
            }
        });
        Series::new(name, Palette::new(["merger", "partnership"]).colour(name), points.collect())
    });
    Panel::Lines(Lines {
        title: format!("{format:?}"),
        unit: "Alliance minus none".to_owned(),
        format,
        series: series.collect(),
        base_year: Some(2024),
        zero_line,
        mark: None,
    })
}

fn mixed_figure() -> Figure {
    Figure {
        title: "A long title that has to be broken over two lines because it does not fit, however one turns it, \
                and then some"
            .to_owned(),
        subtitle: "Differences and levels".to_owned(),
        source_line: "Source: keiretsu simulation".to_owned(),
        panels: vec![
            lines_of(ValueFormat::PercentagePoints, 0.02, 1.0, true),
            lines_of(ValueFormat::Money, 900.0, 0.5, true),
            lines_of(ValueFormat::Units, 1.4e6, 0.0, false),
            lines_of(ValueFormat::Money, -3.0, 1.0, true),
        ],
    }
}

/// One year, one maker; no values at all; a maker that leaves; tiny, huge and equal values.
fn odd_figures() -> Vec<Figure> {
    let band = |year, mean: f64, s: f64| Band {
        year,
        p05: mean - s,
        p25: mean - 0.4 * s,
        mean,
        p75: mean + 0.4 * s,
        p95: mean + s,
    };
    let one = |label: &str, points: Vec<Band>| {
        let series = vec![Series::new(label, palette().colour("Honda"), points)];
        let panel = Lines { series, unit: "Price".into(), base_year: Some(2024), ..Lines::default() };
        Figure { title: "Odd".into(), panels: vec![Panel::Lines(panel)], ..Figure::default() }
    };
    let crowd = (0..40).map(|k| {
        Series::new(&format!("Maker {k}"), Colour::CONTEXT, vec![band(2024, 1.0, 0.1), band(2025, 1.0, 0.1)])
    });
    let crowd = Lines { series: crowd.collect(), ..Lines::default() };
    vec![
        one("Honda", vec![band(2024, 3.0, 1.0)]),
        one("Honda", vec![]),
        one("Honda", vec![band(2024, f64::NAN, 0.0), band(2025, f64::NAN, 0.0)]),
        one("Leaves", (2024..2036).map(|y| band(y, if y < 2030 { 2.0 } else { f64::NAN }, 0.3)).collect()),
        one(
            "Gap",
            (2024..2036).map(|y| band(y, if y == 2028 || y == 2030 { f64::NAN } else { 2.0 }, 0.3)).collect(),
        ),
        one("Tiny", vec![band(2024, 1e-9, 1e-10), band(2030, 2e-9, 1e-10)]),
        one(
            "Huge & <odd> \"name\" that goes on and on without an end",
            vec![band(2024, 1e18, 0.0), band(2030, f64::INFINITY, 0.0)],
        ),
        one("Same", vec![band(2024, 0.3, 0.0), band(2030, 0.3, 0.0)]),
        Figure { title: "Crowd".into(), panels: vec![Panel::Lines(crowd)], ..Figure::default() },
        Figure { panels: vec![Panel::Intervals(Intervals::default())], ..Figure::default() },
        Figure::default(),
    ]
}

/// Prices and unit costs: three panels of many plain lines.
fn price_figure() -> Figure {
    let makers = ["Honda", "Nissan", "Mitsubishi Motors", "Toyota", "BYD", "Tesla", "Mercedes-Benz Group AG"];
    let panel = |title: &str, unit: &str, level: f64| {
        let series = makers.iter().enumerate().map(|(k, name)| {
            let price =
                move |year: i32| level * (1.0 + 0.06 * k as f64) * (1.0 - 0.012 * f64::from(year - 2024));
            Series::new(
                name,
                palette().colour(name),
                (2024..=2035).map(|y| Band::line(y, price(y))).collect(),
            )
        });
        Panel::Lines(Lines {
            title: title.to_owned(),
            unit: unit.to_owned(),
            format: ValueFormat::Money,
            series: series.collect(),
            base_year: Some(2024),
            ..Lines::default()
        })
    };
    Figure {
        title: "Batteries make electric cars cheaper, and prices follow costs".to_owned(),
        subtitle: "World 'none', mean".to_owned(),
        source_line: "Source: keiretsu simulation".to_owned(),
        panels: vec![
            panel("Price, United States", "US dollars per car, all powertrains", 34_000.0),
            panel("Price, China", "US dollars per car, all powertrains", 19_000.0),
            panel("Marginal cost of battery-electric cars", "US dollars per car", 26_000.0),
        ],
    }
}

fn all_figures() -> Vec<Figure> {
    [share_figure(), difference_figure(), mixed_figure(), price_figure()]
        .into_iter()
        .chain(odd_figures())
        .collect()
}

/// The box around each piece of text, as the rasteriser sees it.
fn text_boxes(drawing: &str) -> Vec<(String, resvg::tiny_skia::Rect)> {
    use resvg::usvg;
    fn collect(group: &usvg::Group, boxes: &mut Vec<(String, resvg::tiny_skia::Rect)>) {
        for node in group.children() {
            match node {
                usvg::Node::Group(group) => collect(group, boxes),
                usvg::Node::Text(text) => {
                    let letters = text.chunks().iter().map(|chunk| chunk.text()).collect();
                    boxes.push((letters, text.abs_bounding_box()));
                }
                _ => {}
            }
        }
    }
    let mut options = usvg::Options::default();
    options.fontdb_mut().load_font_data(canvas::REGULAR.to_vec());
    options.fontdb_mut().load_font_data(canvas::SEMIBOLD.to_vec());
    let tree = usvg::Tree::from_str(drawing, &options).expect("well-formed");
    let mut boxes = Vec::new();
    collect(tree.root(), &mut boxes);
    boxes
}

#[test]
fn no_text_lies_on_another_or_outside_the_picture() {
    for figure in all_figures() {
        let drawing = svg(&figure);
        let size = resvg::usvg::Tree::from_str(&drawing, &resvg::usvg::Options::default()).unwrap().size();
        let boxes = text_boxes(&drawing);
        for (k, (text, a)) in boxes.iter().enumerate() {
            assert!(a.left() >= 0.0 && a.right() <= size.width(), "{text} in {}", figure.title);
            assert!(a.top() >= 0.0 && a.bottom() <= size.height(), "{text} in {}", figure.title);
            for (other, b) in &boxes[k + 1..] {
                let apart_x = a.right() <= b.left() + 0.5 || b.right() <= a.left() + 0.5;
                // Boxes reach from ascent to descent; letters do not.
                let apart_y = a.bottom() <= b.top() + 3.0 || b.bottom() <= a.top() + 3.0;
                assert!(apart_x || apart_y, "{text} on {other} in {}", figure.title);
            }
        }
    }
}

#[test]
fn a_figure_is_drawn_the_same_way_each_time_with_all_its_words() {
    let figure = share_figure();
    let drawing = svg(&figure);
    assert_eq!(drawing, svg(&figure));
    assert_eq!(png(&drawing), png(&drawing));
    assert!(drawing.starts_with("<svg width=\"1000\""));
    let texts: Vec<String> = text_boxes(&drawing).into_iter().map(|(text, _)| text).collect();
    let wanted = [
        figure.title.as_str(),
        "China",
        "United States",
        "BYD 23.3 %",
        "2035",
        "after 2024: simulated",
        "reported",
    ];
    assert!(wanted.iter().all(|wanted| texts.iter().any(|text| text == wanted)), "{texts:?}");
}

#[test]
fn signs_of_markup_in_names_are_escaped() {
    let drawing = svg(&Figure { title: "R&D <cost> \"now\"".to_owned(), ..Figure::default() });
    assert!(text_boxes(&drawing).iter().any(|(text, _)| text == "R&D <cost> \"now\""));
}

#[test]
fn png_decodes_at_twice_the_size() {
    let bytes = png(&svg(&difference_figure()));
    let pixels = resvg::tiny_skia::Pixmap::decode_png(&bytes).unwrap();
    assert_eq!(pixels.width(), 2000);
    let ink = pixels.pixels().iter().filter(|pixel| pixel.red() < 250).count();
    assert!(ink > 10_000 && ink < pixels.pixels().len() / 3);
}

/// Letters that the embedded fonts lack are boxes, in both weights: a name is never just missing.
#[test]
fn letters_without_a_shape_are_boxes() {
    let ink = |title: &str, subtitle: &str| {
        let figure = Figure { title: title.to_owned(), subtitle: subtitle.to_owned(), ..Figure::default() };
        let pixels = resvg::tiny_skia::Pixmap::decode_png(&png(&svg(&figure))).unwrap();
        pixels.pixels().iter().filter(|pixel| pixel.red() < 128).count()
    };
    assert_eq!(ink("", ""), 0);
    assert!(ink("提携", "") > 200 && ink("", "합병") > 100);
}

/// As drawn on the first machine: no other may differ. (The rasteriser's arithmetic has been compared on
/// one kind of processor only.)
#[test]
fn bytes_are_the_same_everywhere() {
    use sha2::{Digest, Sha256};
    let drawing = svg(&share_figure());
    let hex =
        |bytes: &[u8]| Sha256::digest(bytes).iter().take(8).map(|b| format!("{b:02x}")).collect::<String>();
    assert_eq!(hex(drawing.as_bytes()), "6f9233b48932de3c");
    if cfg!(target_arch = "x86_64") {
        assert_eq!(hex(&png(&drawing)), "858835c89cf42d62");
    }
}

/// Writes every figure of these tests as SVG and PNG, to look at: `CHARTS=folder cargo test -- --ignored gallery`.
#[test]
#[ignore = "writes files"]
fn gallery() {
    let folder = std::env::var("CHARTS").expect("CHARTS names a folder");
    for (k, figure) in all_figures().into_iter().enumerate() {
        let drawing = svg(&figure);
        std::fs::write(format!("{folder}/{k:02}.png"), png(&drawing)).unwrap();
        std::fs::write(format!("{folder}/{k:02}.svg"), drawing).unwrap();
    }
}
