//! Share paths: makers in the reference world, and whom a world is about with it and without.

use super::{Draw, share};
use crate::report::answer::words::{VISIBLE, in_region, percent};
use crate::report::chart::{Colour, Figure, Lines, Panel, Series, ValueFormat};
use crate::report::subject::{main_regions, proposes_alliance, subject, subject_name, subject_of};
use crate::scenario::tables::TOTAL;
use crate::simulation::outcomes::Who;

impl Draw<'_> {
    /// Shares in the reference world, with history and what has happened since; the alliance's members
    /// in one panel, their rivals in another.
    pub(super) fn share_paths(&self, region: usize) -> Figure {
        let members = self.members(subject(self.scenario, self.findings));
        let is_inside = |(maker, _): &(usize, &str)| members.len() > 1 && members.contains(maker);
        let (inside, rivals): (Vec<_>, Vec<_>) = self.drawn(region).into_iter().partition(is_inside);
        let panel = |title: &str, makers: &[(usize, &str)]| {
            let series = makers.iter().map(|&(maker, name)| {
                let who = Who::Maker(maker);
                let path = self.path(self.findings.reference, &share(region, who, self.findings.base_year));
                let series = Series::new(name, self.palette.colour(name), path);
                Series { history: self.history(region, who), observed: self.seen(region, who), ..series }
            });
            self.lines(title, "Share of units sold".into(), series.collect())
        };
        let mut panels = Vec::new();
        if !inside.is_empty() {
            panels.push(panel("Members of the alliance", &inside));
        }
        if !rivals.is_empty() {
            panels.push(panel(if inside.is_empty() { "Makers" } else { "Their rivals" }, &rivals));
        }
        let mut subtitle = format!("World {}: mean, 50 % and 90 % of draws", self.reference());
        let mut drawn = inside.iter().chain(&rivals);
        if drawn.any(|(maker, _)| !self.seen(region, Who::Maker(*maker)).is_empty()) {
            subtitle += "; hollow points: what has happened since";
        }
        let title = format!("{}: {}", self.region(region), self.heading(region));
        self.figure(title, subtitle, panels)
    }

    /// Which of the makers drawn gain and lose most to the last year.
    fn heading(&self, region: usize) -> String {
        let level = |maker, year| {
            let key = share(region, Who::Maker(maker), year);
            Some(self.findings.level(self.findings.reference, &key)?.mean).filter(|mean| mean.is_finite())
        };
        let (base, last) = (self.findings.base_year, self.last_year());
        let mut moves: Vec<(f64, &str)> = self
            .drawn(region)
            .into_iter()
            .filter_map(|(maker, name)| Some((level(maker, last)? - level(maker, base)?, name)))
            .collect();
        moves.sort_by(|a, b| b.0.total_cmp(&a.0));
        let up = moves.first().filter(|up| up.0 > VISIBLE).map(|up| format!("{} gains most", up.1));
        let down = moves.last().filter(|down| down.0 < -VISIBLE).map(|down| format!("{} loses most", down.1));
        let parts: Vec<String> = [up, down].into_iter().flatten().collect();
        match parts.is_empty() {
            true => format!("shares hardly move to {last}"),
            false => format!("{} by {last}", parts.join(", ")),
        }
    }

    /// The combined share of those whom a world is about, with it and without, by region.
    pub(super) fn with_and_without(&self, world: usize) -> Figure {
        let who = subject_of(self.scenario, self.findings, world);
        let name = subject_name(self.scenario, self.findings, who);
        let year = self.last_year();
        let proposed = proposes_alliance(self.scenario, self.findings, world);
        let mut told = String::new();
        let panels = main_regions(self.findings).into_iter().filter_map(|region| {
            let key = share(region, who, year);
            let of = |world| self.findings.level(world, &key);
            if let (true, Some(with), Some(without)) =
                (told.is_empty(), of(world), of(self.findings.reference))
            {
                told = format!(
                    "{} of {} with {}, {} without",
                    percent(with.mean),
                    in_region(self.region(region)),
                    self.world(world),
                    percent(without.mean)
                );
            }
            let with = Series::new("with", self.palette.colour(&name), self.path(world, &key));
            let without = Series {
                history: self.history(region, who),
                observed: self.seen(region, who),
                ..Series::new("without", Colour::CONTEXT, self.path(self.findings.reference, &key))
            };
            let is_there = !without.points.is_empty();
            is_there.then(|| self.lines(self.region(region), self.share_of(who), vec![with, without]))
        });
        let panels: Vec<Panel> = panels.collect();
        let goes = if proposed { ", if it goes ahead" } else { "" };
        let title = match told.is_empty() {
            true => format!("The share of {name} with {} and without", self.world(world)),
            false => format!("{name} in {year}: {told}"),
        };
        let subtitle =
            format!("With {}{goes}, and without it (world {})", self.world(world), self.reference());
        self.figure(title, subtitle, panels)
    }

    fn lines(&self, title: &str, unit: String, series: Vec<Series>) -> Panel {
        Panel::Lines(Lines {
            title: title.to_owned(),
            unit,
            format: ValueFormat::Percent,
            series,
            base_year: Some(self.findings.base_year),
            ..Lines::default()
        })
    }

    /// What is drawn of an alliance or a maker.
    pub(super) fn share_of(&self, who: Who) -> String {
        let several = self.members(who).len() > 1;
        if several { "Combined share of units sold" } else { "Share of units sold" }.to_owned()
    }

    /// The makers of an alliance, or the maker itself.
    fn members(&self, who: Who) -> Vec<usize> {
        let alliance = match who {
            Who::Alliance(alliance) => &self.findings.names.alliances[alliance],
            Who::Maker(maker) => return vec![maker],
            Who::Everyone => return Vec::new(),
        };
        let mut stated = self.scenario.worlds.iter().filter_map(|world| world.file.alliances.get(alliance));
        let members = stated.next().map(|alliance| alliance.members.keys()).into_iter().flatten();
        let makers = &self.findings.names.makers;
        members.filter_map(|name| makers.iter().position(|maker| maker == name)).collect()
    }

    /// Members that sell in a region.
    fn sellers(&self, region: usize, who: Who) -> Vec<usize> {
        let sells = |maker: &usize| {
            let key = share(region, Who::Maker(*maker), self.findings.base_year);
            self.findings.level(self.findings.reference, &key).is_some()
        };
        self.members(who).into_iter().filter(sells).collect()
    }

    /// Shares since the base year, of years in which every member's is known.
    fn seen(&self, region: usize, who: Who) -> Vec<(i32, f64)> {
        let of_region = self.observed.iter().filter(|seen| seen.region == region);
        summed(&self.sellers(region, who), |maker| {
            of_region.clone().filter(|seen| seen.maker == maker).map(|seen| (seen.year, seen.share)).collect()
        })
    }

    /// Shares up to the base year, of years in which every member's is known.
    fn history(&self, region: usize, who: Who) -> Vec<(i32, f64)> {
        let world = &self.scenario.worlds[self.scenario.reference];
        let name = &self.findings.names.regions[region];
        let rows = |maker: &str| -> Vec<(i32, f64)> {
            let of = world.history.iter().filter(|r| r.region == *name && r.manufacturer == maker);
            of.filter(|r| r.year <= self.findings.base_year).map(|r| (r.year, r.units)).collect()
        };
        let totals = rows(TOTAL);
        let share =
            |(year, units): (i32, f64)| Some((year, units / totals.iter().find(|total| total.0 == year)?.1));
        summed(&self.sellers(region, who), |maker| {
            rows(&self.findings.names.makers[maker]).into_iter().filter_map(share).collect()
        })
    }
}

/// The sum over makers, in the years in which all have a value.
fn summed(makers: &[usize], of: impl Fn(usize) -> Vec<(i32, f64)>) -> Vec<(i32, f64)> {
    let Some((first, others)) = makers.split_first() else { return Vec::new() };
    let mut sum = of(*first);
    for &maker in others {
        let more = of(maker);
        let plus =
            |(year, value): (i32, f64)| Some((year, value + more.iter().find(|point| point.0 == year)?.1));
        sum = sum.into_iter().filter_map(plus).collect();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_has_the_years_that_all_have() {
        let of = |maker: usize| match maker {
            0 => vec![(2020, 0.25), (2021, 0.5)],
            _ => vec![(2021, 0.25), (2022, 0.5)],
        };
        assert_eq!(summed(&[0, 1], of), [(2021, 0.75)]);
        assert_eq!((summed(&[1], of).len(), summed(&[], of).len()), (2, 0));
    }
}
