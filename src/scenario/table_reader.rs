//! Reads each table file once, whatever number of worlds name it.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use super::InputFile;
use super::csv_table::{Columns, CsvTable};
use super::files::Files;
use super::files::never_absolute;
use super::place::Place;
use super::problem::{Problem, Problems};
use super::rows::FromRow;
use super::sources::TableText;
use super::tables::{FirstSaleRow, HistoryRow, MakerFigure, Offer, OriginRow, PolicyRow, PowertrainShareRow};

/// Where a table is on disk, how the scenario writes its path, and where it does so.
pub type Named = Option<(PathBuf, String, Option<Place>)>;

/// The tables read so far.
#[derive(Clone, Debug, Default)]
pub struct TableReader {
    files: Files,
    pub texts: IndexMap<PathBuf, TableText>,
    pub inputs: Vec<InputFile>,
    /// Tables that could not be read, or not every row of which was understood.
    pub incomplete: Vec<PathBuf>,
    offers: IndexMap<PathBuf, Vec<Offer>>,
    history: IndexMap<PathBuf, Vec<HistoryRow>>,
    first_sales: IndexMap<PathBuf, Vec<FirstSaleRow>>,
    powertrain_history: IndexMap<PathBuf, Vec<PowertrainShareRow>>,
    manufacturers: IndexMap<PathBuf, Vec<MakerFigure>>,
    policies: IndexMap<PathBuf, Vec<PolicyRow>>,
    origins: IndexMap<PathBuf, Vec<OriginRow>>,
}

macro_rules! read_each_once {
    ($($table:ident: $row:ty),*) => {
        impl TableReader {
            $(pub fn $table(&mut self, named: Named, problems: &mut Problems) -> Vec<$row> {
                let Some((path, written, stated)) = named else { return Vec::new() };
                if let Some(rows) = self.$table.get(&path) {
                    return rows.clone();
                }
                let rows = self.read::<$row>(path.clone(), written, stated, problems);
                self.$table.insert(path, rows.clone());
                rows
            })*
        }
    };
}

read_each_once!(
    offers: Offer,
    history: HistoryRow,
    first_sales: FirstSaleRow,
    powertrain_history: PowertrainShareRow,
    manufacturers: MakerFigure,
    policies: PolicyRow,
    origins: OriginRow
);

impl TableReader {
    pub fn of(files: &Files) -> TableReader {
        TableReader { files: files.clone(), ..TableReader::default() }
    }

    fn read<R: FromRow>(
        &mut self,
        path: PathBuf,
        written: String,
        stated: Option<Place>,
        problems: &mut Problems,
    ) -> Vec<R> {
        let Some((mut table, sha256)) = read_csv(&self.files, &path, stated, &R::COLUMNS, problems) else {
            self.incomplete.push(path);
            return Vec::new();
        };
        let rows = table.rows(problems, R::from_row);
        if !table.is_complete() {
            self.incomplete.push(path.clone());
        }
        self.inputs.push(InputFile { name: never_absolute(&written), sha256 });
        self.texts.insert(path, table.text);
        rows
    }
}

/// A table and the hash of its bytes; a file that cannot be read is reported where it is named.
pub fn read_csv(
    files: &Files,
    path: &Path,
    stated: Option<Place>,
    columns: &Columns,
    problems: &mut Problems,
) -> Option<(CsvTable, String)> {
    let shown = path.to_string_lossy();
    match files.read(path) {
        Ok(read) => Some((CsvTable::read(&shown, &read.text, columns, problems), read.sha256)),
        Err(wrong) => {
            problems.push(Problem::new(format!("{shown}: {}", wrong.what)).fix(wrong.remedy).at(stated));
            None
        }
    }
}
