//! The tables of a run folder: what their columns are and where their rows come from.

use super::table::{Cell, Column, Kind, Table, columns};
use crate::analysis::{Findings, Labels};
use crate::calibration::Names;
use crate::simulation::outcomes::{Key, Outcome};
use crate::simulation::summary::Estimate;
use crate::simulation::{Condition, RegionFit};

/// What makes a table from findings.
pub type OfFindings = fn(&Findings) -> Table<'_>;

/// The tables that other formats have too, by the names of their files.
pub const NAMED: [(&str, OfFindings); 3] =
    [("shares", shares), ("outcomes", outcomes), ("comparison", comparison)];

/// `shares`: one row per world, region, manufacturer and year.
pub fn shares(findings: &Findings) -> Table<'_> {
    let columns = columns(Kind::Text, "world,region,manufacturer").chain(statistics_columns());
    Table::new(columns.collect(), |take| {
        for (world, levels) in findings.ensemble.levels.iter().enumerate() {
            for (key, level) in findings.ensemble.outcomes.keys.iter().zip(levels) {
                if key.outcome == Outcome::Share {
                    let labels = findings.labels(key);
                    let world = &findings.names.worlds[world];
                    let mut row =
                        [world, &labels.region, &labels.manufacturer].map(|t| Cell::Text(t)).to_vec();
                    row.extend(statistics(key, level));
                    take(&row);
                }
            }
        }
    })
}

/// `outcomes`: every outcome of every world.
pub fn outcomes(findings: &Findings) -> Table<'_> {
    let keys = "world,outcome,unit,region,manufacturer,powertrain";
    Table::new(columns(Kind::Text, keys).chain(statistics_columns()).collect(), |take| {
        for (world, levels) in findings.ensemble.levels.iter().enumerate() {
            for (key, level) in findings.ensemble.outcomes.keys.iter().zip(levels) {
                let labels = findings.labels(key);
                let mut row = vec![Cell::Text(&findings.names.worlds[world])];
                row.extend(scope(&labels));
                row.extend(statistics(key, level));
                take(&row);
            }
        }
    })
}

/// `comparison`: every world minus the reference, under every condition.
pub fn comparison(findings: &Findings) -> Table<'_> {
    let keys = "world,reference,condition,outcome,unit,region,manufacturer,powertrain";
    let chances = columns(Kind::Figure, "prob_gain,prob_loss,prob_gain_se");
    let columns = columns(Kind::Text, keys).chain(statistics_columns()).chain(chances);
    let reference = &findings.names.worlds[findings.reference];
    Table::new(columns.collect(), move |take| {
        for comparison in &findings.ensemble.comparisons {
            let world = &findings.names.worlds[comparison.world];
            for (condition, estimates) in Condition::ALL.iter().zip(&comparison.conditions) {
                for (key, estimate) in findings.ensemble.outcomes.keys.iter().zip(estimates) {
                    let labels = findings.labels(key);
                    let mut row = [world, reference, condition_name(*condition)].map(Cell::Text).to_vec();
                    row.extend(scope(&labels));
                    row.extend(statistics(key, estimate));
                    let chances = [estimate.prob_gain, estimate.prob_loss, estimate.prob_gain_se];
                    row.extend(chances.map(|chance| figure(estimate, chance)));
                    take(&row);
                }
            }
        }
    })
}

/// `calibration`: what the base year implies for every offer in the central run.
pub fn calibration<'a>(names: &'a Names, fits: &'a [RegionFit]) -> Table<'a> {
    let figures = "units,share,price,marginal_cost,margin,own_elasticity,mean_utility";
    let keys = columns(Kind::Text, "region,manufacturer,powertrain");
    Table::new(keys.chain(columns(Kind::Figure, figures)).collect(), |take| {
        let mut offers: Vec<_> = fits.iter().flat_map(|fit| &fit.offers).collect();
        offers.sort_by_key(|offer| (offer.region, offer.maker, offer.powertrain));
        for offer in offers {
            take(&[
                Cell::Text(&names.regions[offer.region]),
                Cell::Text(&names.makers[offer.maker]),
                Cell::Text(&names.powertrains[offer.powertrain]),
                Cell::Figure(offer.units),
                Cell::Figure(offer.share),
                Cell::Figure(offer.price),
                Cell::Figure(offer.marginal_cost),
                Cell::Figure(offer.margin),
                Cell::Figure(offer.own_elasticity),
                Cell::Figure(offer.mean_utility),
            ]);
        }
    })
}

/// The name of a condition in the files.
pub fn condition_name(condition: Condition) -> &'static str {
    match condition {
        Condition::Proceeds => "proceeds",
        Condition::Survives => "survives",
        Condition::Unconditional => "unconditional",
    }
}

/// The cells from `outcome` to `powertrain`.
pub(super) fn scope(labels: &Labels) -> [Cell<'_>; 5] {
    [&labels.outcome, &labels.unit, &labels.region, &labels.manufacturer, &labels.powertrain]
        .map(|label| Cell::Text(label))
}

fn statistics_columns() -> impl Iterator<Item = Column> {
    let year = columns(Kind::Year, "year").chain(columns(Kind::Count, "n"));
    year.chain(columns(Kind::Figure, "mean,sd,se,p05,p25,p50,p75,p95"))
}

/// The cells from `year` to `p95`.
pub(super) fn statistics(key: &Key, estimate: &Estimate) -> Vec<Cell<'static>> {
    let e = estimate;
    let mut cells = vec![Cell::Year(key.year), Cell::Count(e.n)];
    cells.extend([e.mean, e.sd, e.se, e.p05, e.p25, e.p50, e.p75, e.p95].map(|value| figure(e, value)));
    cells
}

/// No figure where nothing was counted.
fn figure(estimate: &Estimate, value: f64) -> Cell<'static> {
    Cell::Figure(if estimate.n > 0 { value } else { f64::NAN })
}
