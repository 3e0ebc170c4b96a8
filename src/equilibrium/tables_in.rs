//! The CSV tables beside a market file: offers, and buyer types.
//!
//! Offers: `offer,firm,price` and `share` or `units`; optional `nest`, `tax`, `credit`; every other
//! column is a characteristic if a buyer type has a taste for it, and a remark otherwise.
//! Types: `weight,price_sensitivity` and one taste column per characteristic.

use std::path::Path;

use super::draft::{DraftOffer, DraftTypes, Typed};
use super::problem::{EquilibriumError, Place, Problems, Source};

const KNOWN: [&str; 8] = ["offer", "firm", "nest", "price", "share", "units", "tax", "credit"];

/// A CSV as text, with the line of each row.
struct Table {
    source: Source,
    header: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
}

fn read_table(path: &Path, problems: &mut Problems) -> Result<Table, EquilibriumError> {
    let source = Source::read(path)?;
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .flexible(true)
        .from_reader(source.text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(str::to_owned).collect(),
        Err(error) => {
            problems.add(Place::Line(&source, 1), error.to_string(), "The first line names the columns.");
            Vec::new()
        }
    };
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, |p| p.line() as usize);
                if record.len() != header.len() {
                    let message = format!("{} fields where the header has {}", record.len(), header.len());
                    problems.add(Place::Line(&source, line), message, "Quote fields that contain a comma.");
                }
                rows.push((line, record.iter().map(str::to_owned).collect()));
            }
            Err(error) => {
                let line = error.position().map_or(1, |p| p.line() as usize);
                problems.add(Place::Line(&source, line), error.to_string(), "Check the quotes and commas.");
            }
        }
    }
    Ok(Table { source, header, rows })
}

impl Table {
    fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    fn text(&self, row: usize, name: &str) -> Option<&str> {
        let cell = self.rows[row].1.get(self.column(name)?)?;
        (!cell.is_empty()).then_some(cell.as_str())
    }

    fn number(&self, row: usize, name: &str, problems: &mut Problems) -> Option<f64> {
        let text = self.text(row, name)?;
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Some(value),
            _ => {
                let message = format!("{name} is \"{text}\", not a number");
                let place = Place::Line(&self.source, self.rows[row].0);
                problems.add(place, message, "Write plain numbers: no thousands separators, no unit.");
                None
            }
        }
    }

    fn require(&self, names: &[&str], problems: &mut Problems) {
        for name in names.iter().filter(|name| self.column(name).is_none()) {
            let near = self
                .header
                .iter()
                .map(|h| (strsim::damerau_levenshtein(h, name), h))
                .filter(|(distance, _)| *distance <= 2)
                .min();
            let remedy = match near {
                Some((_, close)) => format!("Is column \"{close}\" meant to be \"{name}\"?"),
                None => format!("Add a column \"{name}\"."),
            };
            problems.add(Place::Line(&self.source, 1), format!("column \"{name}\" is missing"), remedy);
        }
    }
}

/// The offers, with every column that may be a characteristic.
pub struct OffersTable {
    pub source: Source,
    offers: Vec<DraftOffer>,
    /// Other columns: name and numbers (NaN where not a number).
    columns: Vec<(String, Vec<f64>)>,
}

impl OffersTable {
    /// The offers with the characteristics asked for; one that is not there is NaN.
    pub fn rows(&self, characteristics: &[String]) -> Vec<DraftOffer> {
        let mut offers = self.offers.clone();
        for name in characteristics {
            let column = self.columns.iter().find(|(column, _)| column == name);
            for (j, offer) in offers.iter_mut().enumerate() {
                offer.x.push(column.map_or(f64::NAN, |(_, values)| values[j]));
            }
        }
        offers
    }
}

pub fn read_offers(path: &Path, problems: &mut Problems) -> Result<OffersTable, EquilibriumError> {
    let table = read_table(path, problems)?;
    table.require(&["offer", "firm", "price"], problems);
    if table.column("share").is_none() && table.column("units").is_none() {
        let place = Place::Line(&table.source, 1);
        problems.add(place, "neither \"share\" nor \"units\" is given", "Add one of the two columns.");
    }
    let offers = (0..table.rows.len())
        .map(|row| DraftOffer {
            name: table.text(row, "offer").unwrap_or_default().to_owned(),
            firm: table.text(row, "firm").unwrap_or_default().to_owned(),
            nest: table.text(row, "nest").map(str::to_owned),
            price: table.number(row, "price", problems),
            share: table.number(row, "share", problems),
            units: table.number(row, "units", problems),
            tax: table.number(row, "tax", problems).unwrap_or(0.0),
            credit: table.number(row, "credit", problems).unwrap_or(0.0),
            x: Vec::new(),
            typed: Typed::Row(table.rows[row].0),
        })
        .collect();
    let columns = table
        .header
        .iter()
        .enumerate()
        .filter(|(_, name)| !KNOWN.contains(&name.as_str()))
        .map(|(c, name)| {
            let value = |row: &Vec<String>| row.get(c).and_then(|cell| cell.parse().ok()).unwrap_or(f64::NAN);
            (name.clone(), table.rows.iter().map(|(_, row)| value(row)).collect())
        })
        .collect();
    Ok(OffersTable { source: table.source, offers, columns })
}

/// The buyer types.
pub struct TypesTable {
    pub source: Source,
    pub types: DraftTypes,
    pub characteristics: Vec<String>,
}

pub fn read_types(path: &Path, problems: &mut Problems) -> Result<TypesTable, EquilibriumError> {
    let table = read_table(path, problems)?;
    table.require(&["weight", "price_sensitivity"], problems);
    let remarks = ["weight", "price_sensitivity", "type", "note", "source"];
    let characteristics: Vec<String> =
        table.header.iter().filter(|name| !remarks.contains(&name.as_str())).cloned().collect();
    let mut types = DraftTypes { weight: Vec::new(), sensitivity: Vec::new(), taste: Vec::new() };
    for row in 0..table.rows.len() {
        types.weight.push(table.number(row, "weight", problems).unwrap_or(f64::NAN));
        types.sensitivity.push(table.number(row, "price_sensitivity", problems).unwrap_or(f64::NAN));
        let tastes = characteristics.iter().map(|name| table.number(row, name, problems).unwrap_or(0.0));
        types.taste.push(tastes.collect());
    }
    Ok(TypesTable { source: table.source, types, characteristics })
}
