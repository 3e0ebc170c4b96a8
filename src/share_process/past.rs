//! `Region`: the shares of a region's makers by year, on what basis each was counted.

use super::constants::Constants;

/// One row of a history table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Record<'a> {
    pub region: &'a str,
    /// A maker, or the name given for the whole region.
    pub maker: &'a str,
    pub year: i32,
    /// Units sold in the year, in any unit that is the same for the whole region.
    pub units: f64,
    /// What was counted; shares on different bases are not compared.
    pub basis: &'a str,
}

/// A region's past.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    pub name: String,
    /// In order of first mention.
    pub makers: Vec<Maker>,
    /// Whether the region's total was stated; else it is the sum of the makers.
    pub total_stated: bool,
}

/// A maker's past in a region.
#[derive(Clone, Debug, PartialEq)]
pub struct Maker {
    pub name: String,
    /// Year of the first sale here; `None` where it is not known, which counts as long ago.
    pub first_sale: Option<i32>,
    /// By year.
    pub points: Vec<Point>,
}

/// A share of a year.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    pub year: i32,
    /// Fraction of the region's units.
    pub share: f64,
    /// What was counted of the maker and of the region.
    pub basis: (String, String),
}

/// A maker's change of log share over one year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// The later year.
    pub year: i32,
    /// Share in the year before.
    pub before: f64,
    /// ln(share / share of the year before).
    pub log: f64,
    /// Whether the maker was new in the year before.
    pub new: bool,
}

/// Sorts records into regions, in order of first mention. `total` is the name of the whole region;
/// `first_sale(region, maker)` is looked up for every maker.
pub fn regions(
    records: &[Record],
    total: &str,
    first_sale: impl Fn(&str, &str) -> Option<i32>,
) -> Vec<Region> {
    let mut regions: Vec<Region> = Vec::new();
    for record in records.iter().filter(|record| regions_name_is_new(record, records)) {
        let here: Vec<&Record> = records.iter().filter(|other| other.region == record.region).collect();
        let (totals, makers): (Vec<&Record>, Vec<&Record>) =
            here.into_iter().partition(|record| record.maker == total);
        let mut region =
            Region { name: record.region.to_owned(), makers: Vec::new(), total_stated: !totals.is_empty() };
        for row in &makers {
            let Some((all, basis)) = whole(row, &totals, &makers) else { continue };
            if row.units <= 0.0 || all <= 0.0 {
                continue;
            }
            let place = region.makers.iter().position(|maker| maker.name == row.maker);
            let place = place.unwrap_or_else(|| {
                let first_sale = first_sale(row.region, row.maker);
                region.makers.push(Maker { name: row.maker.to_owned(), first_sale, points: Vec::new() });
                region.makers.len() - 1
            });
            let basis = (row.basis.to_owned(), basis.to_owned());
            region.makers[place].points.push(Point { year: row.year, share: row.units / all, basis });
        }
        for maker in &mut region.makers {
            maker.points.sort_by_key(|point| point.year);
        }
        regions.push(region);
    }
    regions
}

/// Whether a record is the first of its region.
fn regions_name_is_new(record: &Record, records: &[Record]) -> bool {
    let first = records.iter().find(|other| other.region == record.region);
    first.is_some_and(|first| std::ptr::eq(first, record))
}

/// Units of the whole region in a record's year, and on what basis: the total on the maker's own basis if
/// there are several, else the first; without totals the sum of the makers.
fn whole<'a>(row: &Record<'a>, totals: &[&Record<'a>], makers: &[&Record<'a>]) -> Option<(f64, &'a str)> {
    if totals.is_empty() {
        let same_year = makers.iter().filter(|other| other.year == row.year && other.basis == row.basis);
        return Some((same_year.map(|other| other.units).sum(), ""));
    }
    let mut of_year = totals.iter().filter(|total| total.year == row.year);
    let own = of_year.clone().find(|total| total.basis == row.basis);
    own.or_else(|| of_year.next()).map(|total| (total.units, total.basis))
}

impl Region {
    /// What was known at the end of a year: rows up to it, and first sales up to it.
    pub fn known_at(&self, origin: i32) -> Region {
        let makers = self.makers.iter().filter_map(|maker| {
            let points: Vec<Point> = maker.points.iter().filter(|p| p.year <= origin).cloned().collect();
            let first_sale = maker.first_sale.filter(|first| *first <= origin);
            (!points.is_empty()).then(|| Maker { name: maker.name.clone(), first_sale, points })
        });
        Region { name: self.name.clone(), makers: makers.collect(), total_stated: self.total_stated }
    }

    /// The changes of every maker, in their order.
    pub fn changes(&self, constants: &Constants) -> Vec<Vec<Change>> {
        let (least, new) = (constants.least_share, constants.new_for_years);
        self.makers.iter().map(|maker| maker.changes(least, new)).collect()
    }

    /// SHA-256 of makers, first sales, years, shares and bases, in hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        use sha2::{Digest, Sha256};
        use std::fmt::Write;
        let mut hash = Sha256::new();
        for maker in &self.makers {
            hash.update(format!("{}\u{0}{:?}\n", maker.name, maker.first_sale));
            for point in &maker.points {
                let (own, whole) = &point.basis;
                hash.update(format!("{}\u{0}{}\u{0}{own}\u{0}{whole}\n", point.year, point.share));
            }
        }
        hash.finalize().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    /// First and last year of any maker.
    pub fn years(&self) -> Option<(i32, i32)> {
        let years = || self.makers.iter().flat_map(|maker| maker.points.iter().map(|point| point.year));
        Some((years().min()?, years().max()?))
    }
}

impl Maker {
    /// The share of a year; where it was counted in several ways, the first.
    pub fn share(&self, year: i32) -> Option<f64> {
        self.points.iter().find(|point| point.year == year).map(|point| point.share)
    }

    /// Shares of two years counted in the same way; `None` without such a pair.
    pub fn comparable(&self, before: i32, after: i32) -> Option<(f64, f64)> {
        let mut earlier = self.points.iter().filter(|point| point.year == before);
        earlier.find_map(|early| {
            let mut later = self.points.iter().filter(|point| point.year == after);
            let later = later.find(|late| late.basis == early.basis)?;
            Some((early.share, later.share))
        })
    }

    /// Whether the maker is new in a year.
    pub fn is_new(&self, year: i32, new_for_years: i32) -> bool {
        self.first_sale.is_some_and(|first| year - first < new_for_years)
    }

    /// Changes over consecutive years on one basis, from shares of at least `least_share`, by year.
    pub fn changes(&self, least_share: f64, new_for_years: i32) -> Vec<Change> {
        use crate::numeric::Real;
        let mut years: Vec<i32> = self.points.iter().map(|point| point.year).collect();
        years.dedup();
        let changes = years.iter().filter_map(|&year| {
            let (before, after) = self.comparable(year - 1, year)?;
            let new = self.is_new(year - 1, new_for_years);
            (before >= least_share).then(|| Change { year, before, log: Real::ln(after / before), new })
        });
        changes.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record<'a>(maker: &'a str, year: i32, units: f64, basis: &'a str) -> Record<'a> {
        Record { region: "R", maker, year, units, basis }
    }

    #[test]
    fn a_change_of_basis_is_no_change_of_share() {
        let records = [
            record("TOTAL", 2020, 100.0, "cars"),
            record("TOTAL", 2021, 100.0, "cars"),
            record("TOTAL", 2022, 200.0, "cars and vans"),
            record("A", 2020, 10.0, "retail"),
            record("A", 2021, 20.0, "retail"),
            record("A", 2021, 30.0, "company"),
            record("A", 2022, 90.0, "company"),
            record("B", 2021, 50.0, "retail"),
            record("B", 2022, 50.0, "retail"),
        ];
        let region = &regions(&records, "TOTAL", |_, _| None)[0];
        let changes = region.makers[0].changes(0.001, 12);
        assert_eq!(changes.len(), 1, "the total's own basis breaks in 2022");
        assert_eq!((changes[0].year, changes[0].before), (2021, 0.1));
        assert!((changes[0].log - std::f64::consts::LN_2).abs() < 1e-15);
        assert!(region.makers[1].changes(0.001, 12).is_empty());
    }

    #[test]
    fn without_a_total_the_makers_are_the_whole() {
        let records = [record("A", 2020, 30.0, ""), record("B", 2020, 70.0, "")];
        let region = &regions(&records, "TOTAL", |_, _| None)[0];
        assert!(!region.total_stated);
        assert_eq!(region.makers[0].share(2020), Some(0.3));
    }

    #[test]
    fn what_comes_later_is_not_known() {
        let records = [record("A", 2020, 30.0, ""), record("A", 2021, 70.0, ""), record("B", 2021, 1.0, "")];
        let region = &regions(&records, "TOTAL", |_, _| Some(2021))[0];
        let known = region.known_at(2020);
        assert_eq!(known.makers.len(), 1);
        assert_eq!(known.makers[0].first_sale, None);
        assert_eq!(known.years(), Some((2020, 2020)));
        assert!(region.makers[0].is_new(2032, 12) && !region.makers[0].is_new(2033, 12));
    }
}
