//! The charts of a run folder, made from findings. Each comes as SVG and PNG; the line in each is the mean over
//! draws, as in the answer.

mod checks;
mod money;
mod paths;
mod worlds;

use rayon::prelude::*;

use super::chart::{Band, Figure, Palette, Panel};
use super::drawing::{band, drawn};
use super::file_names::file_names;
use super::run_folder::File;
use super::subject::{
    main_regions, makers_of_interest, region_name, source_line, subject, subject_name, years,
};
use super::{attribution, sensitivity, sources};
use crate::analysis::{Findings, Observed, Sensitivity};
use crate::scenario::Scenario;
use crate::simulation::RegionFit;
use crate::simulation::outcomes::{Key, Outcome, Who};
use crate::variants::Attribution;

/// Most rows of a panel.
const ROWS: usize = 14;

/// What a run may have been asked for besides its findings.
#[derive(Clone, Copy, Default)]
pub struct Asked<'a> {
    pub attribution: Option<&'a Attribution>,
    pub sensitivity: Option<&'a Sensitivity>,
}

/// All charts of a run, as files under `charts/`.
pub fn files(
    scenario: &Scenario,
    findings: &Findings,
    fits: &[RegionFit],
    observed: &[Observed],
    asked: Asked,
) -> Vec<File> {
    let draw = Draw { scenario, findings, observed, palette: palette(scenario, findings) };
    let names = &findings.names;
    let of_regions = file_names(names.regions.iter().map(String::as_str));
    let of_worlds = file_names(names.worlds.iter().map(String::as_str));
    let mut figures: Vec<(String, Figure)> = Vec::new();
    for region in main_regions(findings) {
        let name = &of_regions[region];
        figures.push((format!("shares-{name}"), draw.share_paths(region)));
        figures.push((format!("prices-and-costs-{name}"), draw.prices_and_costs(region)));
    }
    figures.push(("margins".into(), draw.margins(fits)));
    figures.extend(draw.check().map(|figure| ("check".into(), figure)));
    let mut of_world = |kind: &str, world: usize, figure| {
        figures.push((format!("{kind}-{}", of_worlds[world]), figure));
    };
    for world in findings.ensemble.comparisons.iter().map(|comparison| comparison.world) {
        of_world("with-and-without", world, draw.with_and_without(world));
        of_world("difference", world, draw.difference(world));
        of_world("winners-and-losers", world, draw.winners_and_losers(world));
        of_world("profit", world, draw.profit(world));
    }
    let attributed =
        asked.attribution.map(|attribution| attribution::figures(scenario, findings, attribution));
    for (world, figure) in attributed.into_iter().flatten() {
        of_world("attribution", world, figure);
    }
    let driven = asked.sensitivity.map(|sensitivity| sensitivity::figures(scenario, findings, sensitivity));
    for (world, figure) in driven.into_iter().flatten() {
        of_world("sensitivity", world, figure);
    }
    for (world, figure) in sources::figures(scenario, findings) {
        of_world("sources", world, figure);
    }
    let drawn = figures.into_par_iter().map(|(name, figure)| drawn(&name, &figure));
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

impl Draw<'_> {
    fn figure(&self, title: String, subtitle: String, panels: Vec<Panel>) -> Figure {
        let source_line = source_line(self.scenario);
        Figure { title, subtitle, source_line, panels }
    }

    /// Base year to last year.
    fn years(&self) -> std::ops::RangeInclusive<i32> {
        self.findings.base_year..=self.findings.last_year()
    }

    /// The last year that the report is asked for.
    fn last_year(&self) -> i32 {
        years(self.scenario, self.findings).into_iter().max().unwrap_or(self.findings.last_year())
    }

    fn path(&self, world: usize, key: &Key) -> Vec<Band> {
        let of = |year| Some(band(year, self.findings.level(world, &key.in_year(year))?));
        self.years().filter_map(of).collect()
    }

    /// Makers of interest that sell in a region.
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

    fn region(&self, region: usize) -> &str {
        region_name(self.scenario, &self.findings.names.regions[region])
    }

    fn world(&self, world: usize) -> String {
        format!("“{}”", self.scenario.worlds[world].name)
    }

    fn reference(&self) -> String {
        self.world(self.findings.reference)
    }
}

fn share(region: usize, who: Who, year: i32) -> Key {
    Key::total(Outcome::Share, year).of(who).in_region(region)
}
