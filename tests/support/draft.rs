//! Small scenarios written on the fly.
use std::fmt::Write;
use std::path::Path;

use keiretsu::scenario::load;
use keiretsu::simulation::RegionFit;
use keiretsu::study::prepare;
use proptest::prelude::*;

use super::lab::Lab;

/// One row of the offers.
#[derive(Clone, Debug)]
pub struct Row {
    pub region: &'static str,
    pub maker: String,
    pub powertrain: &'static str,
    pub units: f64,
    pub price: f64,
}

/// A scenario in the making.
#[derive(Clone, Debug)]
pub struct Draft {
    pub linear: bool,
    pub last_year: i32,
    /// Own elasticity, market elasticity, ρ: TOML values.
    pub demand: [String; 3],
    pub offers: Vec<Row>,
    /// Keys of every region.
    pub region_keys: String,
    /// Further sections.
    pub sections: String,
    /// Lines of `[worlds]`.
    pub worlds: String,
    /// Name under `[tables]` and text of a CSV table.
    pub tables: Vec<(&'static str, String)>,
    /// Tables that only a world names.
    pub files: Vec<(&'static str, String)>,
}

impl Draft {
    /// One region, one powertrain; makers `A`, `B`, … with these units and prices.
    pub fn of(offers: &[(f64, f64)]) -> Draft {
        let makers = ["A", "B", "C", "D", "E", "F"];
        Draft {
            linear: false,
            last_year: 2028,
            demand: ["-4".into(), "-0.8".into(), "0".into()],
            offers: offers
                .iter()
                .zip(makers)
                .map(|(&(units, price), maker)| Row {
                    region: "Home",
                    maker: maker.into(),
                    powertrain: "all",
                    units,
                    price,
                })
                .collect(),
            region_keys: String::new(),
            sections: String::new(),
            worlds: "base = { reference = true }\n".into(),
            tables: Vec::new(),
            files: Vec::new(),
        }
    }

    pub fn sections(mut self, text: &str) -> Draft {
        self.sections += text;
        self.sections.push('\n');
        self
    }

    pub fn region_keys(mut self, text: &str) -> Draft {
        self.region_keys += text;
        self.region_keys.push('\n');
        self
    }

    /// Another world, with its patch as lines of `set.…`.
    pub fn world(mut self, name: &str, patch: &str) -> Draft {
        let patch = patch.lines().map(|line| format!("set.{}", line.trim())).collect::<Vec<_>>().join(", ");
        writeln!(self.worlds, "{name} = {{ {patch} }}").unwrap();
        self
    }

    pub fn table(mut self, name: &'static str, csv: &str) -> Draft {
        self.tables.push((name, format!("{csv}\n")));
        self
    }

    /// A CSV file that a world may name.
    pub fn file(mut self, name: &'static str, csv: &str) -> Draft {
        self.files.push((name, format!("{csv}\n")));
        self
    }

    pub fn text(&self) -> String {
        let mut text = format!(
            "[scenario]\ntitle = \"A draft\"\nbase_year = 2024\nlast_year = {}\n[demand]\nprice_response = \"{}\"\n",
            self.last_year,
            if self.linear { "linear" } else { "log" }
        );
        text += "[tables]\n";
        for (name, _) in &self.tables {
            writeln!(text, "{name} = \"{name}.csv\"").unwrap();
        }
        let mut regions: Vec<&str> = Vec::new();
        for row in &self.offers {
            if !regions.contains(&row.region) {
                regions.push(row.region);
            }
        }
        let [own, market, rho] = &self.demand;
        for region in regions {
            writeln!(
                text,
                "[regions.{region}]\nown_price_elasticity = {own}\nmarket_price_elasticity = {market}\n\
                 nest_rho = {rho}\n{}",
                self.region_keys
            )
            .unwrap();
        }
        for Row { region, maker, powertrain, units, price } in &self.offers {
            writeln!(
                text,
                "[[offers]]\nregion = \"{region}\"\nmanufacturer = \"{maker}\"\npowertrain = \"{powertrain}\"\n\
                 units = {units:?}\nprice = {price:?}"
            )
            .unwrap();
        }
        write!(text, "{}\n[worlds]\n{}", self.sections, self.worlds).unwrap();
        text
    }

    /// Writes the scenario and its tables into a folder.
    pub fn write(&self, folder: &Path) -> std::path::PathBuf {
        for (name, csv) in self.tables.iter().chain(&self.files) {
            std::fs::write(folder.join(format!("{name}.csv")), csv).unwrap();
        }
        let path = folder.join("draft.toml");
        std::fs::write(&path, self.text()).unwrap();
        path
    }

    /// Simulates the draft.
    pub fn run(&self, replications: u64, seed: u64) -> Lab {
        let folder = tempfile::tempdir().unwrap();
        let path = self.write(folder.path());
        Lab::try_run(&path, &[], replications, seed)
            .unwrap_or_else(|problems| panic!("{problems}\n{}", self.text()))
    }

    /// The central run only.
    pub fn central(&self) -> Lab {
        self.run(1, 1)
    }
}

/// Two regions, two powertrains, three or four makers of very different size, log price; with prices that
/// can be their makers' best ones, stakes or not.
pub fn markets() -> impl Strategy<Value = Draft> {
    let could_be = |draft: &Draft| {
        let folder = tempfile::tempdir().unwrap();
        let scenario = load(&draft.write(folder.path()), &[]).unwrap_or_else(|problems| panic!("{problems}"));
        let offers = |fits: Vec<RegionFit>| fits.into_iter().flat_map(|fit| fit.offers);
        prepare(&scenario).is_ok_and(|prepared| offers(prepared.fits).all(|offer| offer.margin < 0.6))
    };
    any_markets().prop_filter("a margin that no maker could have", could_be)
}

fn any_markets() -> impl Strategy<Value = Draft> {
    let makers = 3..5_usize;
    let cell = (4.0..6.2_f64, 15_000.0..60_000.0_f64);
    (makers, prop::collection::vec(cell, 16), 0.0..0.6_f64, -6.0..-3.5_f64, -1.0..-0.2_f64).prop_map(
        |(makers, cells, rho, own, market)| {
            let mut draft = Draft::of(&[]);
            draft.last_year = 2027;
            draft.demand = [own, market, rho].map(|value| format!("{value:?}"));
            let mut cells = cells.into_iter();
            for region in ["Here", "There"] {
                for powertrain in ["old", "new"] {
                    for maker in &["A", "B", "C", "D"][..makers] {
                        let (size, price) = cells.next().expect("sixteen cells");
                        draft.offers.push(Row {
                            region,
                            maker: (*maker).into(),
                            powertrain,
                            units: keiretsu::numeric::Real::exp(size * 2.3),
                            price,
                        });
                    }
                }
            }
            draft
        },
    )
}
