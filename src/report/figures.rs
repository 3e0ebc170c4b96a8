//! The charts of a run folder, made from findings: share paths, differences, winners and losers, prices
//! and costs. Each comes as SVG and PNG.

use rayon::prelude::*;

use super::attribution;
use super::chart::{
    Band, Colour, Figure, Interval, Intervals, Lines, Palette, Panel, Series, ValueFormat, png, svg,
};
use super::file_names::file_names;
use super::run_folder::File;
use super::subject::{
    main_regions, makers_of_interest, proposes_alliance, region_name, source_line, subject, subject_name,
    years,
};
use super::{sensitivity, sources};
use crate::analysis::{Findings, Observed, Sensitivity};
use crate::scenario::Scenario;
use crate::scenario::tables::TOTAL;
use crate::simulation::Condition;
use crate::simulation::outcomes::{Key, Outcome, Who};
use crate::simulation::summary::Estimate;
use crate::variants::Attribution;

/// Most makers in a chart of prices.
const MAKERS_DRAWN: usize = 7;
/// Most rows in a chart of winners and losers.
const ROWS: usize = 14;

/// What a run may have been asked for besides its findings.
#[derive(Clone, Copy, Default)]
pub struct Asked<'a> {
    pub attribution: Option<&'a Attribution>,
    pub sensitivity: Option<&'a Sensitivity>,
}

/// All charts of a run, as files under `charts/`.
pub fn files(scenario: &Scenario, findings: &Findings, observed: &[Observed], asked: Asked) -> Vec<File> {
    let draw = Draw { scenario, findings, observed, palette: palette(scenario, findings) };
    let mut figures = draw.figures();
    let of_worlds = file_names(findings.names.worlds.iter().map(String::as_str));
    let attributed =
        asked.attribution.map(|attribution| attribution::figures(scenario, findings, attribution));
    for (world, figure) in attributed.into_iter().flatten() {
        figures.push((format!("attribution-{}", of_worlds[world]), figure));
    }
    let driven = asked.sensitivity.map(|sensitivity| sensitivity::figures(scenario, findings, sensitivity));
    for (world, figure) in driven.into_iter().flatten() {
        figures.push((format!("sensitivity-{}", of_worlds[world]), figure));
    }
    for (world, figure) in sources::figures(scenario, findings) {
        figures.push((format!("sources-{}", of_worlds[world]), figure));
    }
    let drawn = figures.into_par_iter().map(|(name, figure)| {
        let picture = svg(&figure);
        let bytes = png(&picture);
        [
            File::new(&format!("charts/{name}.png"), bytes),
            File::new(&format!("charts/{name}.svg"), picture.into_bytes()),
        ]
    });
    drawn.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// What charts leave out, where there are many regions.
pub fn left_out(findings: &Findings) -> Option<String> {
    let (drawn, all) = (main_regions(findings).len(), findings.names.regions.len());
    (drawn < all).then(|| {
        format!("Charts are drawn of the {drawn} largest of {all} regions; tables and report.html have all of them.")
    })
}

/// Makers of interest in order, so that a maker has the same colour in every chart.
fn palette(scenario: &Scenario, findings: &Findings) -> Palette {
    let alliance = subject_name(scenario, findings, subject(scenario, findings));
    Palette::new([alliance].into_iter().chain(makers_of_interest(scenario, findings)))
}

struct Draw<'a> {
    scenario: &'a Scenario,
    findings: &'a Findings,
    observed: &'a [Observed],
    palette: Palette,
}

fn band(year: i32, estimate: &Estimate) -> Band {
    let e = estimate;
    Band { year, p05: e.p05, p25: e.p25, p50: e.p50, p75: e.p75, p95: e.p95 }
}

impl Draw<'_> {
    fn figures(&self) -> Vec<(String, Figure)> {
        let mut figures = Vec::new();
        let names = &self.findings.names;
        let of_regions = file_names(names.regions.iter().map(String::as_str));
        for region in main_regions(self.findings) {
            let name = &of_regions[region];
            figures.push((format!("shares-{name}"), self.share_paths(region)));
            figures.push((format!("prices-and-costs-{name}"), self.prices_and_costs(region)));
        }
        let of_worlds = file_names(names.worlds.iter().map(String::as_str));
        for world in self.findings.ensemble.comparisons.iter().map(|comparison| comparison.world) {
            let name = &of_worlds[world];
            figures.push((format!("difference-{name}"), self.difference(world)));
            figures.push((format!("winners-and-losers-{name}"), self.winners_and_losers(world)));
        }
        figures
    }

    fn figure(&self, title: String, subtitle: String, panels: Vec<Panel>) -> Figure {
        let source_line = source_line(self.scenario);
        Figure { title, subtitle, source_line, panels }
    }

    fn path(&self, world: usize, key: &Key) -> Vec<Band> {
        (self.findings.base_year..=self.findings.last_year())
            .filter_map(|year| Some(band(year, self.findings.level(world, &key.in_year(year))?)))
            .collect()
    }

    /// Makers of interest that sell in a region, with their colours.
    fn drawn(&self, region: usize) -> Vec<(usize, &str)> {
        let interest = makers_of_interest(self.scenario, self.findings);
        let names = &self.findings.names;
        interest
            .iter()
            .filter_map(|name| names.makers.iter().position(|maker| maker == name))
            .filter(|&maker| {
                let key = share(region, Who::Maker(maker), self.findings.base_year);
                self.findings.level(self.findings.reference, &key).is_some()
            })
            .map(|maker| (maker, names.makers[maker].as_str()))
            .collect()
    }

    /// Shares in the reference world, with history and what has happened since; the alliance's members
    /// in one panel, their rivals in another.
    fn share_paths(&self, region: usize) -> Figure {
        let members: Vec<usize> = match subject(self.scenario, self.findings) {
            Who::Alliance(alliance) => {
                let file = &self.scenario.worlds[self.scenario.reference].file;
                let members = &file.alliances[&self.findings.names.alliances[alliance]].members;
                let names = &self.findings.names.makers;
                members.keys().filter_map(|name| names.iter().position(|maker| maker == name)).collect()
            }
            _ => Vec::new(),
        };
        let (inside, rivals): (Vec<_>, Vec<_>) =
            self.drawn(region).into_iter().partition(|(maker, _)| members.contains(maker));
        let panel = |title: &str, makers: &[(usize, &str)]| {
            let series = makers.iter().map(|(maker, name)| self.share_series(region, *maker, name));
            Panel::Lines(Lines {
                title: title.to_owned(),
                unit: "Share of units sold".into(),
                format: ValueFormat::Percent,
                series: series.collect(),
                base_year: Some(self.findings.base_year),
                zero_line: false,
            })
        };
        let mut panels = Vec::new();
        if !inside.is_empty() {
            panels.push(panel("Members of the alliance", &inside));
        }
        if !rivals.is_empty() {
            panels.push(panel(if inside.is_empty() { "Makers" } else { "Their rivals" }, &rivals));
        }
        let reference = &self.scenario.worlds[self.findings.reference].name;
        let mut subtitle = format!("World “{reference}”: median, 50 % and 90 % of draws");
        let drawn = inside.iter().chain(&rivals);
        if drawn.into_iter().any(|(maker, _)| self.seen(region, *maker).next().is_some()) {
            subtitle += "; hollow points: what has happened since";
        }
        self.figure(format!("{}: where market shares are heading", self.region(region)), subtitle, panels)
    }

    fn share_series(&self, region: usize, maker: usize, name: &str) -> Series {
        let key = share(region, Who::Maker(maker), self.findings.base_year);
        let mut series =
            Series::new(name, self.palette.colour(name), self.path(self.findings.reference, &key));
        series.history = self.history(region, name);
        series.observed = self.seen(region, maker).collect();
        series
    }

    /// Shares since the base year.
    fn seen(&self, region: usize, maker: usize) -> impl Iterator<Item = (i32, f64)> {
        let seen = self.observed.iter().filter(move |seen| seen.region == region && seen.maker == maker);
        seen.map(|seen| (seen.year, seen.share))
    }

    /// Shares up to the base year.
    fn history(&self, region: usize, maker: &str) -> Vec<(i32, f64)> {
        let world = &self.scenario.worlds[self.scenario.reference];
        let region = &self.findings.names.regions[region];
        let rows = |name: &'_ str| -> Vec<(i32, f64)> {
            let of = world.history.iter().filter(|r| r.region == *region && r.manufacturer == name);
            of.filter(|r| r.year <= self.findings.base_year).map(|r| (r.year, r.units)).collect()
        };
        let totals = rows(TOTAL);
        rows(maker)
            .into_iter()
            .filter_map(|(year, units)| {
                let total = totals.iter().find(|total| total.0 == year)?.1;
                Some((year, units / total))
            })
            .collect()
    }

    /// The alliance's combined share, world minus reference, by region; of a proposed alliance if it
    /// goes ahead, and if it lasts too.
    fn difference(&self, world: usize) -> Figure {
        let who = subject(self.scenario, self.findings);
        let name = subject_name(self.scenario, self.findings, who);
        let years = self.findings.base_year..=self.findings.last_year();
        let proposed = proposes_alliance(self.scenario, self.findings, world);
        let share_of = if matches!(who, Who::Alliance(_)) { "combined share" } else { "share" };
        let panels = main_regions(self.findings).into_iter().map(|region| {
            let of = |condition, year| self.findings.difference(world, condition, &share(region, who, year));
            let going_ahead: Vec<Band> =
                years.clone().filter_map(|year| Some(band(year, of(Condition::Proceeds, year)?))).collect();
            let lasting: Vec<Band> = years
                .clone()
                .filter_map(|year| Some(Band::line(year, of(Condition::Survives, year)?.p50)))
                .collect();
            let label = if proposed { "if it goes ahead" } else { "change" };
            let mut series = vec![Series::new(label, self.palette.colour(&name), going_ahead)];
            if proposed && lasting.iter().zip(&series[0].points).any(|(a, b)| a.p50 != b.p50) {
                series.push(Series::new("… and lasts", Colour::CONTEXT, lasting));
            }
            Panel::Lines(Lines {
                title: self.region(region).to_owned(),
                unit: format!("Change of {share_of}, percentage points"),
                format: ValueFormat::PercentagePoints,
                series,
                base_year: Some(self.findings.base_year),
                zero_line: true,
            })
        });
        self.figure(
            format!("What “{}” does to the share of {name}", self.scenario.worlds[world].name),
            self.against_reference(),
            panels.collect(),
        )
    }

    /// The makers' changes of share in the last year quoted, the smallest left out where there are many.
    fn winners_and_losers(&self, world: usize) -> Figure {
        let year = years(self.scenario, self.findings).into_iter().max().unwrap_or(self.findings.last_year());
        let mut left_out = Vec::new();
        let panels = main_regions(self.findings).into_iter().map(|region| {
            let rows: Vec<Interval> = (0..self.findings.names.makers.len())
                .filter_map(|maker| {
                    let key = share(region, Who::Maker(maker), year);
                    let change = self.findings.difference(world, Condition::Survives, &key)?;
                    let name = &self.findings.names.makers[maker];
                    Some(Interval {
                        label: name.clone(),
                        colour: self.palette.colour(name),
                        p05: change.p05,
                        p25: change.p25,
                        p50: change.p50,
                        p75: change.p75,
                        p95: change.p95,
                    })
                })
                .collect();
            let (rows, smaller) = largest(rows);
            left_out.push((self.region(region), smaller));
            Panel::Intervals(Intervals {
                title: self.region(region).to_owned(),
                unit: format!("Change of share in {year}, percentage points"),
                format: ValueFormat::PercentagePoints,
                rows,
            })
        });
        let panels = panels.collect();
        let lasts = match proposes_alliance(self.scenario, self.findings, world) {
            true => ", if it lasts",
            false => "",
        };
        self.figure(
            format!("“{}” in {year}{lasts}: who gains and who loses", self.scenario.worlds[world].name),
            self.against_reference() + &smaller_ones(&left_out),
            panels,
        )
    }

    /// Prices and unit costs of the alliance's members (or the makers of interest) in a region.
    fn prices_and_costs(&self, region: usize) -> Figure {
        let makers: Vec<(usize, &str)> = self.drawn(region).into_iter().take(MAKERS_DRAWN).collect();
        let panel = |title: &str, outcome: Outcome| {
            let series = makers.iter().map(|(maker, name)| {
                let points = self.central(self.findings.reference, region, *maker, outcome);
                Series::new(name, self.palette.colour(name), points)
            });
            Panel::Lines(Lines {
                title: title.to_owned(),
                unit: self.findings.names.words.fill("{money} per {unit}"),
                format: ValueFormat::Money,
                series: series.collect(),
                base_year: Some(self.findings.base_year),
                zero_line: false,
            })
        };
        let reference = &self.scenario.worlds[self.findings.reference].name;
        self.figure(
            format!(
                "{}: what a {} sells for, and what it costs to make",
                self.region(region),
                self.findings.names.words.unit
            ),
            format!("World “{reference}”: median of draws, mean over all units of a maker"),
            vec![panel("Price", Outcome::Price), panel("Marginal cost", Outcome::MarginalCost)],
        )
    }

    /// Median price or cost of a maker's offers in a region, weighted with their median units.
    fn central(&self, world: usize, region: usize, maker: usize, outcome: Outcome) -> Vec<Band> {
        let years = self.findings.base_year..=self.findings.last_year();
        years
            .filter_map(|year| {
                let (mut sum, mut weight) = (0.0, 0.0);
                for powertrain in 0..self.findings.names.powertrains.len() {
                    let key = |outcome| {
                        let total = Key::total(outcome, year).of(Who::Maker(maker));
                        total.in_region(region).with_powertrain(powertrain)
                    };
                    let Some(units) = self.findings.level(world, &key(Outcome::Units)) else { continue };
                    let Some(value) = self.findings.level(world, &key(outcome)) else { continue };
                    if value.n > 0 && units.p50 > 0.0 {
                        sum += units.p50 * value.p50;
                        weight += units.p50;
                    }
                }
                (weight > 0.0).then(|| Band::line(year, sum / weight))
            })
            .collect()
    }

    fn against_reference(&self) -> String {
        let reference = &self.scenario.worlds[self.findings.reference].name;
        format!("Against “{reference}”, draw by draw: median, 50 % and 90 % of draws")
    }

    fn region(&self, region: usize) -> &str {
        region_name(self.scenario, &self.findings.names.regions[region])
    }
}

fn share(region: usize, who: Who, year: i32) -> Key {
    Key::total(Outcome::Share, year).of(who).in_region(region)
}

/// The rows with the largest median effects, up or down, and how many smaller ones there are.
fn largest(mut rows: Vec<Interval>) -> (Vec<Interval>, usize) {
    rows.retain(|row| row.p50.is_finite());
    rows.sort_by(|a, b| b.p50.abs().total_cmp(&a.p50.abs()));
    let smaller = rows.len().saturating_sub(ROWS);
    rows.truncate(ROWS);
    (rows, smaller)
}

/// How many makers each region's panel leaves out, as the end of a subtitle.
fn smaller_ones(left_out: &[(&str, usize)]) -> String {
    let some: Vec<_> = left_out.iter().filter(|(_, count)| *count > 0).collect();
    let counts: Vec<String> = match (left_out, &some[..]) {
        (_, []) => return String::new(),
        ([_], [(_, count)]) => vec![count.to_string()],
        _ => some.iter().map(|(region, count)| format!("{count} in {region}")).collect(),
    };
    format!("; smaller changes not shown: {}", counts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_changes_are_left_out_and_counted() {
        let row = |p50: f64| Interval { p50, ..Interval::default() };
        let rows: Vec<Interval> = (1..=20).map(|k| row(0.001 * f64::from(k))).chain([row(-0.5)]).collect();
        let (kept, smaller) = largest(rows);
        assert_eq!((kept.len(), smaller), (ROWS, 7));
        assert!(kept.iter().all(|row| row.p50.abs() > 0.0075) && kept[0].p50 == -0.5);
        assert_eq!(largest(vec![row(0.1), row(f64::NAN)]).0.len(), 1);
    }

    #[test]
    fn a_subtitle_says_how_many_are_left_out() {
        assert_eq!(smaller_ones(&[]), "");
        assert_eq!(smaller_ones(&[("North", 0), ("South", 0)]), "");
        let start = "; smaller changes not shown: ";
        assert_eq!(smaller_ones(&[("North", 4)]), format!("{start}4"));
        assert_eq!(
            smaller_ones(&[("North", 2), ("South", 0), ("East", 1)]),
            format!("{start}2 in North, 1 in East")
        );
    }
}
