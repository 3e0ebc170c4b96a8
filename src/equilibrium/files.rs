//! Writes offers.csv, elasticities.csv, diversion.csv and screens.csv: first to a temporary folder, then
//! renamed, so that no half-written file is ever seen.

use std::path::Path;

use super::answer::Answer;
use super::problem::EquilibriumError;

/// Writes the four tables into `folder` (made if missing). Tables of the same names from an earlier answer are
/// replaced; any other file of such a name, an input perhaps, is not.
pub fn write(answer: &Answer, folder: &Path) -> Result<(), EquilibriumError> {
    let tables = [
        ("offers.csv", offers(answer)),
        ("elasticities.csv", matrix(answer, "elasticity", &answer.baseline.elasticities)),
        ("diversion.csv", matrix(answer, "diversion", &answer.baseline.diversion)),
        ("screens.csv", screens(answer)),
    ];
    for (name, text) in &tables {
        refuse_strange(&folder.join(name), text)?;
    }
    let parent = folder.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let at = |path: &Path| {
        let path = path.display().to_string();
        move |error: std::io::Error| EquilibriumError::Output { path, cause: error.to_string() }
    };
    std::fs::create_dir_all(parent).map_err(at(parent))?;
    let temporary =
        tempfile::Builder::new().prefix(".equilibrium-").tempdir_in(parent).map_err(at(parent))?;
    for (name, text) in &tables {
        let path = temporary.path().join(name);
        std::fs::write(&path, text).map_err(at(&path))?;
    }
    std::fs::create_dir_all(folder).map_err(at(folder))?;
    for (name, _) in &tables {
        let path = folder.join(name);
        std::fs::rename(temporary.path().join(name), &path).map_err(at(&path))?;
    }
    Ok(())
}

/// A file that does not begin as the table does was not written here.
fn refuse_strange(path: &Path, table: &str) -> Result<(), EquilibriumError> {
    let header = table.lines().next().unwrap_or("");
    let known = std::fs::read(path).map_or(!path.exists(), |found| {
        found.strip_prefix(header.as_bytes()).is_some_and(|rest| rest.starts_with(b"\n"))
    });
    if known {
        return Ok(());
    }
    let message = format!("{} was not written by this command and would be lost", path.display());
    Err(EquilibriumError::refused("nothing was written", message, "Name another folder with --out."))
}

/// A number in the shortest form that reads back; nothing for what is undefined.
fn number(value: f64) -> String {
    if value.is_finite() { value.to_string() } else { String::new() }
}

/// A CSV field, quoted if it must be.
fn field(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn line(fields: &[String]) -> String {
    fields.join(",") + "\n"
}

fn offers(answer: &Answer) -> String {
    let header =
        "scenario,status,offer,firm,price,share,marginal_cost,margin,profit,own_elasticity,mean_utility\n";
    let mut text = header.to_owned();
    let base = &answer.baseline;
    for j in 0..base.ids.len() {
        text += &line(&[
            "baseline".to_owned(),
            base.trust.status.to_owned(),
            field(&base.ids[j]),
            field(&base.firm_ids[j]),
            number(base.prices[j]),
            number(base.shares[j]),
            number(base.costs[j]),
            number(base.lerner[j]),
            number(base.product_profits[j]),
            number(base.own_elasticities[j]),
            number(base.xi[j]),
        ]);
    }
    for scenario in &answer.scenarios {
        let results = &scenario.results;
        for j in 0..results.ids.len() {
            // The maker's margin, whatever the tax: profit per unit over the maker's price.
            let per_unit = results.product_profits[j] / results.shares[j];
            text += &line(&[
                field(&scenario.id),
                results.trust.status.to_owned(),
                field(&results.ids[j]),
                field(&results.firm_ids[j]),
                number(results.prices[j]),
                number(results.shares[j]),
                number(results.costs[j]),
                number(per_unit / (per_unit + results.costs[j])),
                number(results.product_profits[j]),
                String::new(),
                String::new(),
            ]);
        }
    }
    text
}

fn matrix(answer: &Answer, name: &str, rows: &[Vec<f64>]) -> String {
    let ids = &answer.baseline.ids;
    let mut text = format!("offer,other,{name}\n");
    for (j, row) in rows.iter().enumerate() {
        for (k, value) in row.iter().enumerate() {
            let other = if name == "diversion" && j == k { "outside good" } else { &ids[k] };
            text += &line(&[field(&ids[j]), field(other), number(*value)]);
        }
    }
    text
}

fn screens(answer: &Answer) -> String {
    let mut text = "merging,offer,firm,upp,guppi,compensating_cost,cmcr\n".to_owned();
    if let Some(screens) = &answer.screens {
        let pair = screens.merging.join(" + ");
        let base = &answer.baseline;
        for j in (0..base.ids.len()).filter(|&j| screens.merging.contains(&base.firm_ids[j])) {
            text += &line(&[
                field(&pair),
                field(&base.ids[j]),
                field(&base.firm_ids[j]),
                number(screens.upp[j]),
                number(screens.guppi[j]),
                number(screens.compensating_costs[j]),
                number(screens.cmcr[j]),
            ]);
        }
    }
    text
}
