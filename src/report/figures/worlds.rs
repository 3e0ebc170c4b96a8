//! What a world changes against the reference: the share of those it is about, and everyone's.

use super::{Draw, ROWS, share};
use crate::report::answer::words::{VISIBLE, in_region, joined, points, unsigned_points};
use crate::report::chart::{Band, Colour, Figure, Interval, Intervals, Lines, Panel, Series, ValueFormat};
use crate::report::drawing::{band, interval};
use crate::report::subject::{main_regions, proposes_alliance, subject_name, subject_of};
use crate::simulation::Condition;
use crate::simulation::outcomes::Who;
use crate::simulation::summary::Estimate;

/// Most regions named in a title.
const REGIONS_NAMED: usize = 3;

impl Draw<'_> {
    /// The share of those whom a world is about, world minus reference, by region; of a proposed alliance if it
    /// goes ahead, and if it lasts too.
    pub(super) fn difference(&self, world: usize) -> Figure {
        let who = subject_of(self.scenario, self.findings, world);
        let name = subject_name(self.scenario, self.findings, who);
        let proposed = proposes_alliance(self.scenario, self.findings, world);
        let mut moves = Vec::new();
        let panels = main_regions(self.findings).into_iter().map(|region| {
            let of = |condition, year| self.findings.difference(world, condition, &share(region, who, year));
            let path = |condition| -> Vec<Band> {
                self.years().filter_map(|year| Some(band(year, of(condition, year)?))).collect()
            };
            let change = of(Condition::Proceeds, self.last_year());
            moves.extend(change.map(|change| (self.region(region), change.mean)));
            let label = if proposed { "if it goes ahead" } else { "change" };
            let mut series = vec![Series::new(label, self.palette.colour(&name), path(Condition::Proceeds))];
            let lasting = path(Condition::Survives);
            if proposed && lasting.iter().zip(&series[0].points).any(|(a, b)| a.mean != b.mean) {
                let lasting = lasting.iter().map(|band| Band::line(band.year, band.mean));
                series.push(Series::new("… and lasts", Colour::CONTEXT, lasting.collect()));
            }
            Panel::Lines(Lines {
                title: self.region(region).to_owned(),
                unit: format!("{}: change, percentage points", self.share_of(who)),
                format: ValueFormat::PercentagePoints,
                series,
                base_year: Some(self.findings.base_year),
                zero_line: true,
                mark: None,
            })
        });
        let panels: Vec<Panel> = panels.collect();
        let several = matches!(who, Who::Alliance(_));
        let title = format!("{}: {name} {}", self.world(world), gains(&moves, several, self.last_year()));
        self.figure(title, self.against_reference(world, "mean, 50 % and 90 % of draws"), panels)
    }

    /// The makers' changes of share in the last year quoted, the smallest left out where there are many.
    pub(super) fn winners_and_losers(&self, world: usize) -> Figure {
        let year = self.last_year();
        let mut left_out = Vec::new();
        let mut all: Vec<(&str, &str, f64)> = Vec::new();
        let panels = main_regions(self.findings).into_iter().map(|region| {
            let change = |maker: usize| -> Option<(&str, &Estimate)> {
                let key = share(region, Who::Maker(maker), year);
                let change = self.findings.difference(world, Condition::Proceeds, &key)?;
                Some((self.findings.names.makers[maker].as_str(), change))
            };
            let changes: Vec<_> = (0..self.findings.names.makers.len()).filter_map(change).collect();
            all.extend(changes.iter().map(|(name, change)| (*name, self.region(region), change.mean)));
            let row = |(name, change): &(&str, &Estimate)| interval(name, self.palette.colour(name), change);
            let (rows, smaller) = largest(changes.iter().map(row).collect());
            left_out.push((self.region(region), smaller));
            Panel::Intervals(Intervals {
                title: self.region(region).to_owned(),
                unit: format!("Change of share in {year}, percentage points"),
                format: ValueFormat::PercentagePoints,
                rows,
                ..Intervals::default()
            })
        });
        let panels: Vec<Panel> = panels.collect();
        self.figure(
            format!("{} in {year}: {}", self.world(world), who_gains(&all)),
            self.against_reference(world, "mean, 50 % and 90 % of draws") + &smaller_ones(&left_out),
            panels,
        )
    }

    /// How a world is compared, and what is drawn of it.
    pub(super) fn against_reference(&self, world: usize, drawn: &str) -> String {
        let goes = match proposes_alliance(self.scenario, self.findings, world) {
            true => ", if it goes ahead",
            false => "",
        };
        format!("Against {}{goes}, draw by draw: {drawn}", self.reference())
    }
}

/// `gain 0.09 points in the United States and lose 0.02 in China by 2035`: of the regions with the largest changes
/// that can be seen, in their order.
fn gains(moves: &[(&str, f64)], several: bool, year: i32) -> String {
    let verb = |up| match (up, several) {
        (true, true) => "gain",
        (true, false) => "gains",
        (false, true) => "lose",
        (false, false) => "loses",
    };
    let mut sizes: Vec<f64> =
        moves.iter().map(|change| change.1.abs()).filter(|size| *size >= VISIBLE).collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    let Some(&least) = sizes.get(REGIONS_NAMED.min(sizes.len()).saturating_sub(1)) else {
        return format!("{} no visible change of share by {year}", if several { "see" } else { "sees" });
    };
    let named: Vec<_> = moves.iter().filter(|change| change.1.abs() >= least).take(REGIONS_NAMED).collect();
    let clause = |(at, (region, change)): (usize, &&(&str, f64))| {
        let goes_on = at > 0 && named[at - 1].1.is_sign_positive() == change.is_sign_positive();
        let verb = if goes_on { String::new() } else { format!("{} ", verb(*change > 0.0)) };
        let unit = if at == 0 { " points" } else { "" };
        format!("{verb}{}{unit} in {}", unsigned_points(*change), in_region(region))
    };
    let clauses: Vec<String> = named.iter().enumerate().map(clause).collect();
    format!("{} by {year}", joined(&clauses))
}

/// The maker that gains most and the one that loses most, wherever.
fn who_gains(changes: &[(&str, &str, f64)]) -> String {
    let by_change = |a: &&(&str, &str, f64), b: &&(&str, &str, f64)| a.2.total_cmp(&b.2);
    let finite = || changes.iter().filter(|change| change.2.is_finite());
    let say = |(name, region, change): &(&str, &str, f64), what: &str| {
        format!("{name} {what} most ({} points in {})", points(*change), in_region(region))
    };
    let up = finite().max_by(by_change).filter(|up| up.2 >= VISIBLE).map(|up| say(up, "gains"));
    let down = finite().min_by(by_change).filter(|down| down.2 <= -VISIBLE).map(|down| say(down, "loses"));
    let parts: Vec<String> = [up, down].into_iter().flatten().collect();
    if parts.is_empty() { "nobody's share moves visibly".to_owned() } else { parts.join(", ") }
}

/// The rows with the largest mean effects, up or down, and how many smaller ones there are.
fn largest(mut rows: Vec<Interval>) -> (Vec<Interval>, usize) {
    rows.retain(|row| row.mean.is_finite());
    rows.sort_by(|a, b| b.mean.abs().total_cmp(&a.mean.abs()));
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
        _ => some.iter().map(|(region, count)| format!("{count} in {}", in_region(region))).collect(),
    };
    format!("; smaller changes not shown: {}", counts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_changes_are_left_out_and_counted() {
        let row = |mean: f64| Interval { mean, ..Interval::default() };
        let rows: Vec<Interval> = (1..=20).map(|k| row(0.001 * f64::from(k))).chain([row(-0.5)]).collect();
        let (kept, smaller) = largest(rows);
        assert_eq!((kept.len(), smaller), (ROWS, 7));
        assert!(kept.iter().all(|row| row.mean.abs() > 0.0075) && kept[0].mean == -0.5);
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

    #[test]
    fn a_title_says_what_is_seen() {
        let moves = [("United States", 0.0009), ("Small", 1e-7), ("China", 0.0002), ("India", -0.001)];
        assert_eq!(
            gains(&moves, true, 2035),
            "gain 0.09 points in the United States, 0.02 in China and lose 0.10 in India by 2035"
        );
        assert_eq!(gains(&moves[1..2], false, 2035), "sees no visible change of share by 2035");
        assert_eq!(gains(&[("China", f64::NAN)], false, 2035), "sees no visible change of share by 2035");
        assert_eq!(
            who_gains(&[("A", "China", 0.001), ("B", "China", -0.0004), ("C", "China", f64::NAN)]),
            "A gains most (+0.10 points in China), B loses most (−0.04 points in China)"
        );
        assert_eq!(who_gains(&[("A", "China", 1e-6)]), "nobody's share moves visibly");
    }
}
