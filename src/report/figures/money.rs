//! Prices, costs, and what an alliance earns in the end.

use super::Draw;
use crate::report::answer::words::{of_100_draws, signed, sum};
use crate::report::chart::{Band, Figure, Lines, Panel, Series, ValueFormat};
use crate::report::drawing::band;
use crate::report::subject::{subject_name, subject_of};
use crate::simulation::Condition;
use crate::simulation::outcomes::{Key, Outcome, Who};
use crate::simulation::summary::Estimate;

/// Most makers in a chart of prices.
const MAKERS_DRAWN: usize = 7;
/// Smallest sum worth a word, billions of money: a thousand.
const VISIBLE_SUM: f64 = 1e-6;

impl Draw<'_> {
    /// Prices and unit costs of the alliance's members (or the makers of interest) in a region.
    pub(super) fn prices_and_costs(&self, region: usize) -> Figure {
        let makers: Vec<(usize, &str)> = self.drawn(region).into_iter().take(MAKERS_DRAWN).collect();
        let panel = |title: &str, outcome: Outcome| {
            let series = makers.iter().map(|(maker, name)| {
                Series::new(name, self.palette.colour(name), self.over_offers(region, *maker, outcome))
            });
            Lines {
                title: title.to_owned(),
                unit: self.findings.names.words.fill("{money} per {unit}"),
                format: ValueFormat::Money,
                series: series.collect(),
                base_year: Some(self.findings.base_year),
                ..Lines::default()
            }
        };
        let prices = panel("Price", Outcome::Price);
        let title = format!("{}: {}", self.region(region), moves(&prices.series));
        let costs = panel("Marginal cost", Outcome::MarginalCost);
        let subtitle = self.findings.names.words.fill("mean over draws and {units}");
        self.figure(
            title,
            format!("World {}: {subtitle} of a maker", self.reference()),
            vec![Panel::Lines(prices), Panel::Lines(costs)],
        )
    }

    /// Mean price or cost of a maker's offers in a region, weighted with their mean units.
    fn over_offers(&self, region: usize, maker: usize, outcome: Outcome) -> Vec<Band> {
        let of = |year| {
            let (mut sum, mut weight) = (0.0, 0.0);
            for powertrain in 0..self.findings.names.powertrains.len() {
                let level = |outcome| {
                    let total = Key::total(outcome, year).of(Who::Maker(maker));
                    let key = total.in_region(region).with_powertrain(powertrain);
                    self.findings.level(self.findings.reference, &key).filter(|level| level.n > 0)
                };
                let (Some(units), Some(value)) = (level(Outcome::Units), level(outcome)) else { continue };
                if units.mean > 0.0 {
                    sum += units.mean * value.mean;
                    weight += units.mean;
                }
            }
            (weight > 0.0).then(|| Band::line(year, sum / weight))
        };
        self.years().filter_map(of).collect()
    }

    /// What a world does to the operating profit of those it is about: a year, and added up.
    pub(super) fn profit(&self, world: usize) -> Figure {
        let who = subject_of(self.scenario, self.findings, world);
        let name = subject_name(self.scenario, self.findings, who);
        let change = |outcome, year| {
            self.findings.difference(world, Condition::Proceeds, &Key::total(outcome, year).of(who))
        };
        let paths =
            [Outcome::OperatingProfit, Outcome::CumulatedProfit].map(|outcome| -> Vec<(i32, &Estimate)> {
                self.years().filter_map(|year| Some((year, change(outcome, year)?))).collect()
            });
        let means: Vec<(i32, f64)> = paths[1].iter().map(|(year, e)| (*year, e.mean)).collect();
        let back = earned_back(&means);
        let titles = ["A year", &format!("Added up since {}, without interest", self.findings.base_year)];
        let panels = titles.iter().zip(&paths).enumerate().filter(|(_, (_, path))| !path.is_empty());
        let panels = panels.map(|(at, (title, path))| {
            let points = path.iter().map(|&(year, e)| band(year, e)).collect();
            let year = back.filter(|_| at == 1);
            Panel::Lines(Lines {
                title: (*title).to_owned(),
                unit: self.findings.names.words.fill("Change of operating profit, {money} bn"),
                format: ValueFormat::Number,
                series: vec![Series::new("change", self.palette.colour(&name), points)],
                base_year: Some(self.findings.base_year),
                zero_line: true,
                mark: year.map(|year| (year, format!("ahead from {year}"))),
            })
        });
        let panels = panels.collect();
        let mut subtitle = self.against_reference(world, "mean, 50 % and 90 % of draws");
        if let Some((year, end)) = paths[1].last() {
            subtitle += &format!("; ahead by {year} in {}", of_100_draws(end.prob_gain));
        }
        let told = told(&means, &name, &self.findings.names.words.fill("{money}"));
        self.figure(format!("{}: {told}", self.world(world)), subtitle, panels)
    }
}

/// `prices move by −33 % (General Motors) to −3 % (Nissan) by 2035`.
fn moves(series: &[Series]) -> String {
    let change = |series: &Series| {
        let (first, last) = (series.points.first()?, series.points.last()?);
        Some((last.mean / first.mean - 1.0, series.label.clone(), last.year))
    };
    let mut changes: Vec<(f64, String, i32)> = series.iter().filter_map(change).collect();
    changes.retain(|(change, ..)| change.is_finite());
    changes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let said = |(change, name, _): &(f64, String, i32)| format!("{} % ({name})", signed(100.0 * change, 0));
    match &changes[..] {
        [] => "prices and costs".to_owned(),
        [one] => format!("prices move by {} by {}", said(one), one.2),
        [first, .., last] => format!("prices move by {} to {} by {}", said(first), said(last), last.2),
    }
}

/// The year from which the sum so far is never below zero again, if it ever was and ends above.
fn earned_back(sums: &[(i32, f64)]) -> Option<i32> {
    let behind = sums.iter().rposition(|(_, sum)| *sum < -VISIBLE_SUM)?;
    sums.get(behind + 1).filter(|_| sums.last().is_some_and(|end| end.1 > 0.0)).map(|(year, _)| *year)
}

/// Whether it pays, in a sentence.
fn told(sums: &[(i32, f64)], name: &str, money: &str) -> String {
    let Some(&(year, end)) = sums.last().filter(|end| end.1.abs() > VISIBLE_SUM) else {
        return format!("what {name} earn does not change");
    };
    let size = sum(end, money);
    match earned_back(sums) {
        Some(back) => format!("its costs are earned back by {back}; by {year} {name} are {size} ahead"),
        None if end > 0.0 => format!("it pays from the start; by {year} {name} are {size} ahead"),
        None => format!("by {year} {name} are {size} behind"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_of_break_even_is_the_one_after_the_last_loss() {
        let sums = |values: &[f64]| -> Vec<(i32, f64)> { (2024..).zip(values.iter().copied()).collect() };
        assert_eq!(earned_back(&sums(&[0.0, -1.0, 0.5, -0.2, 0.0, 1.0])), Some(2028));
        assert_eq!(earned_back(&sums(&[0.0, 0.1, 0.5])), None);
        assert_eq!(earned_back(&sums(&[0.0, 0.1, -0.5])), None);
        assert_eq!(earned_back(&[]), None);
        let said = |values: &[f64]| told(&sums(values), "A + B", "USD");
        assert_eq!(
            said(&[0.0, -1.0, 0.5]),
            "its costs are earned back by 2026; by 2026 A + B are USD 0.50 bn ahead"
        );
        assert_eq!(said(&[0.0, 1.0]), "it pays from the start; by 2025 A + B are USD 1.00 bn ahead");
        assert_eq!(said(&[0.0, 1.0, -2.0]), "by 2026 A + B are USD 2.00 bn behind");
        assert_eq!(said(&[0.0, 1e-12]), "what A + B earn does not change");
    }

    #[test]
    fn prices_are_told_from_the_largest_fall() {
        let of = |name: &str, last: f64| {
            let points = vec![Band::line(2024, 20_000.0), Band::line(2035, last)];
            Series { label: name.to_owned(), points, ..Series::default() }
        };
        assert_eq!(
            moves(&[of("A", 19_000.0), of("B", 10_000.0), of("C", 21_000.0)]),
            "prices move by −50 % (B) to +5 % (C) by 2035"
        );
        assert_eq!(moves(&[of("A", 19_000.0)]), "prices move by −5 % (A) by 2035");
        assert_eq!(moves(&[]), "prices and costs");
    }
}
