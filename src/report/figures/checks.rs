//! What the model says beside what was published and what came, neither of which it was fitted to.

use super::{Draw, ROWS, share};
use crate::report::chart::{Figure, Interval, Intervals, Panel, Shows, ValueFormat};
use crate::report::drawing::interval;
use crate::report::subject::main_regions;
use crate::scenario::tables::Figure as Stated;
use crate::simulation::RegionFit;
use crate::simulation::outcomes::Who;

impl Draw<'_> {
    /// Margins that the base year implies, per maker, beside the published ones.
    pub(super) fn margins(&self, fits: &[RegionFit]) -> Figure {
        let mut told: Vec<(String, f64)> = Vec::new();
        let panels = main_regions(self.findings).into_iter().map(|region| {
            let mut makers: Vec<(f64, Interval)> = Vec::new();
            for (maker, name) in self.findings.names.makers.iter().enumerate() {
                let offers = fits[region].offers.iter().filter(|offer| offer.maker == maker);
                let (revenue, profit) = offers.fold((0.0, 0.0), |sum, offer| {
                    let revenue = offer.units * offer.price;
                    (sum.0 + revenue, sum.1 + revenue * offer.margin)
                });
                if revenue > 0.0 {
                    let (mean, seen) = (profit / revenue, self.published(name, region));
                    let row = Interval::value(name, self.palette.colour(name), mean);
                    let row = Interval { seen, ..row };
                    makers.push((revenue, row));
                }
            }
            // Those with a published margin first, then the largest.
            makers.sort_by(|a, b| b.1.seen.is_some().cmp(&a.1.seen.is_some()).then(b.0.total_cmp(&a.0)));
            makers.truncate(ROWS);
            let rows: Vec<Interval> = makers.into_iter().map(|(_, row)| row).collect();
            told.extend(rows.iter().filter_map(|row| Some((row.label.clone(), row.mean - row.seen?))));
            Panel::Intervals(Intervals {
                title: self.region(region).to_owned(),
                unit: "Price minus marginal cost, of the price (published)".into(),
                format: ValueFormat::Percent,
                shows: Shows::Central,
                rows,
            })
        });
        let panels = panels.collect();
        let base = self.findings.base_year;
        let far = told.iter().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
        let title = match far {
            None => format!("What is left of a price in {base}, by the model"),
            Some((name, gap)) => format!(
                "The model's margins of {base} lie up to {:.1} points {} published ones ({name})",
                100.0 * gap.abs(),
                if *gap > 0.0 { "above" } else { "below" },
            ),
        };
        let subtitle = "Every uncertain number at its median; published margins as companies define them";
        self.figure(title, subtitle.into(), panels)
    }

    /// A maker's published margin in a region, or of all its business.
    fn published(&self, maker: &str, region: usize) -> Option<f64> {
        let region = &self.findings.names.regions[region];
        let figures = self.scenario.worlds[self.scenario.reference].manufacturers.iter();
        let mut of_maker =
            figures.filter(|row| row.figure == Stated::PublishedMargin && row.manufacturer == maker);
        let found = of_maker.find(|row| row.region.is_empty() || row.region == *region)?;
        Some(found.value.distribution.median())
    }

    /// Shares seen since the base year beside what the reference world said of them.
    pub(super) fn check(&self) -> Option<Figure> {
        let year = self.observed.iter().map(|seen| seen.year).min()?;
        let (mut inside, mut all) = (0, 0);
        let panels = main_regions(self.findings).into_iter().filter_map(|region| {
            let mut rows: Vec<Interval> = Vec::new();
            for seen in self.observed.iter().filter(|seen| seen.region == region && seen.year == year) {
                let key = share(region, Who::Maker(seen.maker), year);
                let Some(level) = self.findings.level(self.findings.reference, &key) else { continue };
                let name = &self.findings.names.makers[seen.maker];
                all += 1;
                inside += usize::from((level.p05..=level.p95).contains(&seen.share));
                let row = interval(name, self.palette.colour(name), level);
                rows.push(Interval { seen: Some(seen.share), ..row });
            }
            rows.sort_by(|a, b| b.mean.total_cmp(&a.mean));
            rows.truncate(ROWS);
            (!rows.is_empty()).then(|| {
                Panel::Intervals(Intervals {
                    title: self.region(region).to_owned(),
                    unit: format!("Share of units sold in {year} (what came)"),
                    format: ValueFormat::Percent,
                    shows: Shows::Levels,
                    rows,
                })
            })
        });
        let panels: Vec<Panel> = panels.collect();
        let title = format!("{inside} of {all} shares of {year} lie in their 90 % band");
        let subtitle = format!(
            "World {}: mean, 50 % and 90 % of draws; the largest makers of each region",
            self.reference()
        );
        (all > 0).then(|| self.figure(title, subtitle, panels))
    }
}
