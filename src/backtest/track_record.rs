//! `TrackRecord`: how the share process behind a run's bands would have done in the run's own regions, quickly.

use super::rivals::Method;
use super::rolling::{Kind, Plan, roll};
use super::summary::{Row, YARDSTICK, rows};
use crate::share_process::{Constants, Region};

/// Years of the past before the first origin.
pub const YEARS_BEFORE: i32 = 3;
const HORIZONS: [usize; 4] = [1, 3, 5, 10];
const DRAWS: usize = 1000;
/// Fewer forecasts are no evidence.
pub const ENOUGH: usize = 20;

/// Scores of the share process and of "shares stay", by region, kind and horizon.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrackRecord {
    pub rows: Vec<Row>,
    /// First and last year that was forecast from.
    pub origins: Option<(i32, i32)>,
    established: Vec<(String, String)>,
}

impl TrackRecord {
    /// From every year of the regions' past that has some years before it and one after. `now`: the year that a
    /// maker is new in, or not.
    pub fn of(regions: &[Region], now: i32, constants: &Constants, seed: u64) -> TrackRecord {
        let years = || regions.iter().filter_map(Region::years);
        let (Some(first), Some(last)) =
            (years().map(|years| years.0).min(), years().map(|years| years.1).max())
        else {
            return TrackRecord::default();
        };
        let rolled = roll(
            regions,
            &Plan {
                origins: (first + YEARS_BEFORE..last).collect(),
                horizons: HORIZONS.to_vec(),
                methods: vec![YARDSTICK, Method::Process],
                draws: DRAWS,
                seed,
                constants: constants.clone(),
            },
        );
        let makers = regions.iter().flat_map(|region| region.makers.iter().map(move |maker| (region, maker)));
        let established = makers.filter(|(_, maker)| !maker.is_new(now, constants.new_for_years));
        TrackRecord {
            origins: rolled.span(),
            rows: rows(&rolled, seed),
            established: established
                .map(|(region, maker)| (region.name.clone(), maker.name.clone()))
                .collect(),
        }
    }

    /// What a maker counts as in a region now; one without a past there is new.
    pub fn kind(&self, region: &str, maker: &str) -> Kind {
        let established = self.established.iter().any(|(at, name)| at == region && name == maker);
        if established { Kind::Mature } else { Kind::Newcomer }
    }

    /// Region and maker of those that have a past and are not new now.
    pub fn established(&self) -> &[(String, String)] {
        &self.established
    }

    /// Scores of the share process that rest on forecasts enough.
    pub fn enough(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.method == Method::Process && row.n >= ENOUGH)
    }

    /// How often the bands held for a kind of maker in a region so many years ahead, or at the nearest horizon that
    /// was scored often enough.
    pub fn at(&self, region: &str, kind: Kind, years: usize) -> Option<&Row> {
        self.enough()
            .filter(|row| row.kind == Some(kind) && row.region.as_deref() == Some(region))
            .min_by_key(|row| row.horizon.abs_diff(years))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::share_process::{Record, regions};

    #[test]
    fn calm_shares_have_a_good_record_at_the_nearest_horizon() {
        let names: Vec<String> = (0..6).map(|maker| format!("maker {maker}")).collect();
        let records: Vec<Record> = names
            .iter()
            .flat_map(|maker| {
                let row = |year| Record { region: "R", maker, year, units: 10.0, basis: "" };
                (2010..=2020).map(row)
            })
            .collect();
        let record = TrackRecord::of(&regions(&records, "TOTAL", |_, _| None), 2020, &Constants::CHOSEN, 1);
        assert_eq!(record.origins, Some((2013, 2019)));
        let row = record.at("R", Kind::Mature, 4).expect("scored");
        assert!((row.horizon == 3 || row.horizon == 5) && row.inside_90 == 1.0);
        assert_eq!(record.kind("R", "maker 1"), Kind::Mature);
        assert_eq!(record.kind("R", "an entrant"), Kind::Newcomer);
        assert!(record.at("R", Kind::Newcomer, 1).is_none() && record.at("S", Kind::Mature, 1).is_none());
        assert_eq!(TrackRecord::of(&[], 2020, &Constants::CHOSEN, 1), TrackRecord::default());
    }
}
