//! Stored tables: what a change of the code has moved, row by row.
use std::collections::BTreeMap;
use std::fmt::Write;

/// The command that stores today's numbers.
pub const RENEW: &str = "KEIRETSU_UPDATE_GOLDEN=1 cargo test --test all golden";

/// Two numbers this close, relatively, are the same number.
const RELATIVE: f64 = 1e-10;

/// A figure this small beside the largest of its kind is near zero: there, the distance counts.
const NEAR_ZERO: f64 = 1e-4;

/// More differences than these are counted, not shown.
const SHOWN: usize = 30;

/// A CSV text by the keys of its rows. Keys are the columns before the first figure.
struct Table<'a> {
    header: Vec<&'a str>,
    rows: BTreeMap<Vec<&'a str>, Vec<&'a str>>,
}

/// A row's first figures, by which the keys end.
const FIRST_FIGURES: [&str; 4] = ["n", "units", "status", "upp"];

impl<'a> Table<'a> {
    /// No cell of the tables compared here needs a quote.
    fn read(text: &'a str) -> Table<'a> {
        let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let header = lines.next().unwrap_or_default();
        let keys = Table::keys(&header);
        Table { header, rows: lines.map(|row| (row[..keys].to_vec(), row[keys..].to_vec())).collect() }
    }

    fn keys(header: &[&str]) -> usize {
        let first = header.iter().position(|column| FIRST_FIGURES.contains(column));
        first.unwrap_or(header.len())
    }

    /// What a figure can be measured against: figures of one outcome, or of one column where columns are of
    /// different kinds.
    fn kind(&self, key: &[&'a str], column: &'a str) -> &'a str {
        match self.header.iter().position(|column| *column == "outcome") {
            Some(at) => key[at],
            None => column,
        }
    }

    fn figures(&self) -> &[&'a str] {
        &self.header[Table::keys(&self.header)..]
    }

    /// Adds the largest figure of every kind.
    fn measure(&self, sizes: &mut BTreeMap<&'a str, f64>) {
        for (key, row) in &self.rows {
            for (column, figure) in self.figures().iter().zip(row) {
                let size = sizes.entry(self.kind(key, column)).or_default();
                *size = size.max(figure.parse::<f64>().map_or(0.0, f64::abs));
            }
        }
    }
}

/// What differs between a stored table and a new one; empty if nothing does. `levels` are the figures beside which
/// those of the table may be near zero: prices, where the table has differences of prices.
pub fn differences(name: &str, old: &str, new: &str, levels: &str) -> String {
    let mut sizes = BTreeMap::new();
    let (old, new, levels) = (Table::read(old), Table::read(new), Table::read(levels));
    [&old, &levels].iter().for_each(|table| table.measure(&mut sizes));
    if old.header != new.header {
        let [old, new] = [old, new].map(|table| table.header.join(","));
        return format!("{name}: other columns\n  old {old}\n  new {new}\n");
    }
    let table = &new;
    let mut lines = Vec::new();
    for (key, before) in &old.rows {
        let Some(after) = new.rows.get(key) else {
            lines.push(format!("{}: no such row any more", key.join(",")));
            continue;
        };
        let moved: Vec<String> = new
            .figures()
            .iter()
            .zip(before.iter().zip(after))
            .filter(|(column, (old, new))| !same(old, new, sizes[table.kind(key, column)]))
            .map(|(column, (old, new))| format!("    {column:<14}{old:>24} {new:>24}{}", relative(old, new)))
            .collect();
        if !moved.is_empty() {
            lines.push(format!("{}\n{}", key.join(","), moved.join("\n")));
        }
    }
    for key in new.rows.keys().filter(|key| !old.rows.contains_key(*key)) {
        lines.push(format!("{}: a new row", key.join(",")));
    }
    let mut text = String::new();
    if !lines.is_empty() {
        writeln!(
            text,
            "{name}: {} of {} rows differ (old, new, relative difference)",
            lines.len(),
            old.rows.len()
        )
        .unwrap();
        lines.iter().take(SHOWN).for_each(|line| writeln!(text, "  {line}").unwrap());
    }
    if lines.len() > SHOWN {
        writeln!(text, "  … and {} more rows", lines.len() - SHOWN).unwrap();
    }
    text
}

fn same(old: &str, new: &str, largest: f64) -> bool {
    match (old.parse::<f64>(), new.parse::<f64>()) {
        (Ok(old), Ok(new)) => {
            let size = old.abs().max(new.abs()).max(NEAR_ZERO * largest);
            (old - new).abs() <= RELATIVE * size
        }
        _ => old == new,
    }
}

fn relative(old: &str, new: &str) -> String {
    match (old.parse::<f64>(), new.parse::<f64>()) {
        (Ok(old), Ok(new)) if old != 0.0 => format!(" {:+.1e}", (new - old) / old.abs()),
        _ => String::new(),
    }
}
