//! The answer as CSV files: offers, elasticities, diversion, screens.

use super::answer::Answer;
use crate::report::csv_file::{CsvFile, shortest};

/// Every file by its name.
pub fn csv_files(answer: &Answer) -> [(&'static str, Vec<u8>); 4] {
    let base = &answer.baseline;
    [
        ("offers.csv", offers(answer)),
        ("elasticities.csv", matrix(answer, "elasticity", &base.elasticities)),
        ("diversion.csv", matrix(answer, "diversion", &base.diversion)),
        ("screens.csv", screens(answer)),
    ]
}

/// A number in the shortest form that reads back; nothing for what is undefined.
fn number(value: f64) -> String {
    if value.is_finite() { shortest(value) } else { String::new() }
}

fn offers(answer: &Answer) -> Vec<u8> {
    let mut table = CsvFile::new(
        "scenario,status,offer,firm,price,share,marginal_cost,margin,profit,own_elasticity,mean_utility,buyer_price",
    );
    let base = &answer.baseline;
    for j in 0..base.ids.len() {
        let status = base.trust.status.to_owned();
        let keys = vec!["baseline".to_owned(), status, base.ids[j].clone(), base.firm_ids[j].clone()];
        let figures = [
            base.maker_prices[j],
            base.shares[j],
            base.costs[j],
            base.lerner[j],
            base.product_profits[j],
            base.own_elasticities[j],
            base.xi[j],
            base.prices[j],
        ];
        table.row(keys, figures.map(number).to_vec());
    }
    for scenario in &answer.scenarios {
        let results = &scenario.results;
        for j in 0..results.ids.len() {
            let status = results.trust.status.to_owned();
            let keys = vec![scenario.id.clone(), status, results.ids[j].clone(), results.firm_ids[j].clone()];
            let (price, cost) = (results.maker_prices[j], results.costs[j]);
            let figures = [
                price,
                results.shares[j],
                cost,
                (price - cost) / price,
                results.product_profits[j],
                f64::NAN,
                f64::NAN,
                results.prices[j],
            ];
            table.row(keys, figures.map(number).to_vec());
        }
    }
    table.bytes()
}

fn matrix(answer: &Answer, name: &str, rows: &[Vec<f64>]) -> Vec<u8> {
    let ids = &answer.baseline.ids;
    let mut table = CsvFile::new(&format!("offer,other,{name}"));
    for (j, row) in rows.iter().enumerate() {
        for (k, value) in row.iter().enumerate() {
            let other = if name == "diversion" && j == k { "outside good" } else { &ids[k] };
            table.row(vec![ids[j].clone(), other.to_owned()], vec![number(*value)]);
        }
    }
    table.bytes()
}

fn screens(answer: &Answer) -> Vec<u8> {
    let mut table = CsvFile::new("merging,offer,firm,upp,guppi,compensating_cost,cmcr");
    if let Some(screens) = &answer.screens {
        let base = &answer.baseline;
        for j in (0..base.ids.len()).filter(|&j| screens.merging.contains(&base.firm_ids[j])) {
            let keys = vec![screens.merging.join(" + "), base.ids[j].clone(), base.firm_ids[j].clone()];
            let figures = [screens.upp[j], screens.guppi[j], screens.compensating_costs[j], screens.cmcr[j]];
            table.row(keys, figures.map(number).to_vec());
        }
    }
    table.bytes()
}
