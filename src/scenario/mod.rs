//! The scenario: what a user states, read, patched and checked.

pub mod alliance;
pub mod attribution;
mod check;
mod csv_table;
pub mod date;
mod defaults;
mod equations;
mod excerpt;
pub mod explain;
mod families;
pub mod file;
mod files;
mod from_file;
mod history_file;
pub mod inputs;
pub mod key;
mod layers;
mod limits;
mod load;
mod merge;
mod named;
mod number_text;
pub mod ownership;
pub mod parameters;
mod place;
mod printable;
mod problem;
pub mod quantity;
mod rows;
mod schema;
mod sections;
mod shape;
pub mod sources;
pub mod spelling;
pub mod statements;
mod table_reader;
pub mod tables;
mod text;
mod unit_words;

pub use check::MOST_REPLICATIONS;
pub(crate) use check::{fault, offer_figure};
pub(crate) use csv_table::{Columns, CsvTable};
pub use date::Date;
pub use files::Files;
pub use history_file::{HistoryFile, read_history};
pub use inputs::Input;
pub(crate) use key::{dotted, end_of_key};
pub(crate) use layers::parse as parse_toml;
pub use limits::Limits;
pub use load::{load, load_from, load_with};
pub use number_text::shortest;
pub use parameters::parameter_table;
pub(crate) use place::Place;
pub use problem::{Problem, Problems};
pub use quantity::Quantity;
pub use schema::schema;
pub(crate) use schema::{schema_of, text as schema_text};
pub(crate) use shape::{Role, Shape};
pub use sources::Sources;
pub(crate) use sources::{Layer, TableText};
pub(crate) use spelling::suggestion;
pub(crate) use table_reader::read_csv;
pub use tables::OfferId;
pub(crate) use text::{unfit_name, unfit_text};
pub use unit_words::UnitWords;

use attribution::Attribution;
use file::{Report, ScenarioFile};
use tables::{HistoryRow, MakerFigure, Offer, OriginRow, PolicyRow, PowertrainShareRow};

/// A checked scenario: every world complete, all with the same offers in the same order.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The file's name without folder and ending.
    pub name: String,
    pub title: String,
    pub question: String,
    pub source: String,
    /// What money and goods are called.
    pub words: UnitWords,
    pub base_year: i32,
    pub last_year: i32,
    pub replications: u64,
    pub seed: u64,
    pub design: file::Design,
    /// When enough has been drawn, if that is stated.
    pub precision: Option<file::Precision>,
    pub report: Report,
    /// What the differences are made of, if that is asked for.
    pub attribution: Option<Attribution>,
    /// In the order of the file.
    pub worlds: Vec<World>,
    /// Index into `worlds`.
    pub reference: usize,
    /// Every file read, for the manifest.
    pub inputs: Vec<InputFile>,
    /// What is possible but hardly meant.
    pub doubts: Problems,
    /// `--set` overrides as given.
    pub overrides: Vec<String>,
    /// The texts behind it, to point at lines.
    pub sources: Sources,
    draft: load::Draft,
}

/// One world: the scenario with its patch applied, and the tables it names.
#[derive(Clone, Debug)]
pub struct World {
    pub key: String,
    pub name: String,
    pub description: String,
    pub file: ScenarioFile,
    pub offers: Vec<Offer>,
    pub history: Vec<HistoryRow>,
    pub powertrain_history: Vec<PowertrainShareRow>,
    pub manufacturers: Vec<MakerFigure>,
    pub policies: Vec<PolicyRow>,
    pub origins: Vec<OriginRow>,
    /// Every number that may be uncertain, in the order of the format and then of the tables.
    pub inputs: Vec<Input>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFile {
    /// As named in the scenario, never an absolute path.
    pub name: String,
    pub sha256: String,
}
