//! Outcomes year by year: a row per region, maker, world and figure, a column per year.

use super::naming::Naming;
use super::sheet::{Sheet, figures, plain, ruled};
use crate::simulation::Condition;
use crate::simulation::outcomes::Key;

/// A figure of an outcome in a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    Mean,
    Low,
    High,
    /// Against the reference world, draw by draw, if it goes ahead.
    Change,
    ChangeLow,
    ChangeHigh,
}

impl Figure {
    pub const LEVELS: [Figure; 3] = [Figure::Mean, Figure::Low, Figure::High];
    pub const CHANGES: [Figure; 3] = [Figure::Change, Figure::ChangeLow, Figure::ChangeHigh];

    pub fn title(self) -> &'static str {
        match self {
            Figure::Mean => "mean",
            Figure::Low => "5 %",
            Figure::High => "95 %",
            Figure::Change => "change, mean",
            Figure::ChangeLow => "change, 5 %",
            Figure::ChangeHigh => "change, 95 %",
        }
    }

    pub fn is_change(self) -> bool {
        Figure::CHANGES.contains(&self)
    }

    /// The value, if it is recorded and defined.
    fn of(self, naming: &Naming, world: usize, key: &Key) -> f64 {
        let findings = naming.findings;
        let estimate = match self.is_change() {
            true => findings.difference(world, Condition::Proceeds, key),
            false => findings.level(world, key),
        };
        let Some(estimate) = estimate.filter(|estimate| estimate.n > 0) else { return f64::NAN };
        match self {
            Figure::Mean | Figure::Change => estimate.mean,
            Figure::Low | Figure::ChangeLow => estimate.p05,
            Figure::High | Figure::ChangeHigh => estimate.p95,
        }
    }
}

/// A row of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Of any year.
    pub key: Key,
    pub world: usize,
    pub figure: Figure,
}

/// The rows of some outcomes: levels of all worlds, then what each but the reference changes.
pub fn rows(naming: &Naming, keys: &[Key], levels: &[Figure]) -> Vec<Row> {
    let findings = naming.findings;
    let compared: Vec<usize> =
        findings.ensemble.comparisons.iter().map(|comparison| comparison.world).collect();
    let mut rows = Vec::new();
    for &key in keys {
        let mut add = |world: usize, figures: &[Figure]| {
            rows.extend(figures.iter().map(|&figure| Row { key, world, figure }));
        };
        add(findings.reference, levels);
        for &world in &compared {
            add(world, levels);
            add(world, &Figure::CHANGES);
        }
    }
    rows
}

/// Writes header and rows, and returns the sheet's row of the header; rows follow it.
pub fn write(sheet: &mut Sheet, naming: &Naming, rows: &[Row], with_outcome: bool) -> u32 {
    let years = naming.years();
    let mut titles: Vec<String> =
        if with_outcome { vec!["Outcome".into(), "Unit".into()] } else { Vec::new() };
    titles.extend(["Region", "Maker", "World", "Figure"].map(str::to_owned));
    let labels = titles.len();
    titles.extend(years.iter().map(i32::to_string));
    let header = sheet.row;
    // Years are numbers, so that charts take them for categories.
    sheet.header(&titles, labels);
    for row in rows {
        let unit = naming.findings.labels(&row.key).unit;
        let text = ruled(plain());
        let mut names = if with_outcome { vec![naming.outcome(&row.key), unit.clone()] } else { Vec::new() };
        names.extend([
            naming.region(row.key.region),
            naming.who(row.key.who),
            naming.world(row.world).to_owned(),
            row.figure.title().to_owned(),
        ]);
        for (column, name) in (0u16..).zip(&names) {
            sheet.text(column, name, &text);
        }
        let format = figures(&unit, row.figure.is_change());
        for (column, &year) in (labels as u16..).zip(&years) {
            let value = row.figure.of(naming, row.world, &row.key.in_year(year));
            sheet.figure(column, value, &format);
        }
        sheet.row += 1;
    }
    sheet.filter(header);
    sheet.freeze(header + 1, labels as u16);
    header
}
