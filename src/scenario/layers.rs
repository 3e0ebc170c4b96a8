//! The TOML texts of a scenario, one laid over the other: the files it extends, itself, `--set`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::de::DeTable;
use toml::{Table, Value};

use super::files::{Files, never_absolute};
use super::key::dotted;
use super::merge::{at_mut, merge, parse_override, with_whole_lists};
use super::place::Place;
use super::printable::unfit_in;
use super::problem::{Problem, Problems};
use super::shape::{Role, Shape};
use super::sources::{Layer, Sources};
use super::{InputFile, from_file};

/// The longest chain of files that extend each other.
const LONGEST_CHAIN: usize = 32;

/// All layers merged, and where each came from.
#[derive(Clone, Debug)]
pub struct Stack {
    pub whole: Table,
    pub sources: Sources,
    pub inputs: Vec<InputFile>,
    /// Overrides of cells of tables, in their order.
    pub cells: Vec<CellOverride>,
}

/// A number in a table that the command line replaces: `--set tables.policies.US.duty.Japan.2025-04-03=0.2`.
#[derive(Clone, Debug)]
pub struct CellOverride {
    /// The input's key.
    pub key: String,
    pub value: Value,
    pub place: Place,
}

/// One file of a chain of scenarios that extend each other.
struct FileLayer {
    layer: Layer,
    table: Table,
    input: InputFile,
}

/// Reads the scenario, the files it extends and the overrides. `None` if nothing can be made of them.
pub fn read_layers(
    files: &Files,
    path: &Path,
    overrides: &[String],
    shape: &Shape,
    problems: &mut Problems,
) -> Option<Stack> {
    let shown = path.to_string_lossy().into_owned();
    let name = path.file_name().map_or_else(|| shown.clone(), |name| name.to_string_lossy().into_owned());
    let mut chain = Vec::new();
    read_chain(files, path, &shown, &name, None, &mut chain, problems)?;

    let inputs = chain.iter().map(|file| file.input.clone()).collect();
    let mut stack = Stack { whole: Table::new(), sources: Sources::default(), inputs, cells: Vec::new() };
    // What is extended lies below what extends it.
    for (index, file) in chain.into_iter().rev().enumerate() {
        let role = if index == 0 { Role::Whole } else { Role::Extension };
        stack.lay(files, file.layer, file.table, role, shape, problems);
    }
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    for given in overrides {
        match parse_override(given) {
            // Below the name of a table there are its cells.
            Ok((path, mut table)) if path.len() > 2 && path[0] == "tables" => {
                let (last, above) = path.split_last().expect("three parts and more");
                let above: Vec<&str> = above.iter().map(String::as_str).collect();
                let value = at_mut(&mut table, &above).and_then(|row| row.remove(last)).expect("just nested");
                let place = Layer::on_command_line(given, &folder, &path).place(&path, false);
                stack.cells.push(CellOverride { key: dotted(&path), value, place });
            }
            Ok((path, table)) => {
                let table = with_whole_lists(&stack.whole, &table);
                let layer = Layer::on_command_line(given, &folder, &path);
                stack.lay(files, layer, table, Role::Patch, shape, problems);
            }
            Err(wrong) => problems.extend(wrong),
        }
    }
    Some(stack)
}

impl Stack {
    /// Lays one more text on top, without what does not fit the format.
    fn lay(
        &mut self,
        files: &Files,
        layer: Layer,
        mut table: Table,
        role: Role,
        shape: &Shape,
        problems: &mut Problems,
    ) {
        self.inputs.extend(from_file::fill(files, &layer, &mut table, problems));
        let base = (role != Role::Whole).then_some(&self.whole);
        for misfit in unfit_in(&table).into_iter().chain(shape.fit(&mut table, role, base)) {
            let place = layer.place(&misfit.path, misfit.of_key);
            problems.push(Problem::new(misfit.what).fix(misfit.remedy).at(Some(place)));
        }
        merge(&mut self.whole, &table);
        self.sources.layers.push(layer);
    }
}

/// Reads a file and, below it, those that it extends.
fn read_chain(
    files: &Files,
    path: &Path,
    shown: &str,
    name: &str,
    named_at: Option<Place>,
    chain: &mut Vec<FileLayer>,
    problems: &mut Problems,
) -> Option<()> {
    let read = match files.read(path) {
        Ok(read) => read,
        Err(wrong) => {
            let problem = Problem::new(format!("{shown}: {}", wrong.what)).fix(wrong.remedy);
            problems.push(problem.at(named_at));
            return None;
        }
    };
    let (layer, table) = parse(path, read.text, problems)?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let extends = table.get("extends").and_then(|value| value.as_str()).map(str::to_owned);
    let stated = layer.place(&["extends".to_owned()], false);
    let input = InputFile { name: name.to_owned(), sha256: read.sha256 };
    chain.push(FileLayer { layer, table, input });
    let Some(extends) = extends else { return Some(()) };
    let below: PathBuf = folder.join(&extends);
    let shown_below = below.to_string_lossy().into_owned();
    if chain.iter().any(|file| files.are_same(Path::new(&file.layer.shown), &below)) {
        let what = format!("`{extends}` extends itself, directly or through others");
        problems.push(Problem::new(what).fix("take one `extends` away").at(Some(stated)));
        return None;
    }
    if chain.len() == LONGEST_CHAIN {
        let what = format!("more than {LONGEST_CHAIN} files extend each other");
        problems.push(Problem::new(what).fix("put some of them together").at(Some(stated)));
        return None;
    }
    read_chain(files, &below, &shown_below, &never_absolute(&extends), Some(stated), chain, problems)
}

/// Reads a TOML text, or reports every line that is none.
pub fn parse(path: &Path, text: String, problems: &mut Problems) -> Option<(Layer, Table)> {
    let text: Arc<str> = text.into();
    let (spans, mut errors) = DeTable::parse_recoverable(&text);
    // Numbers are only read here: one too large for its type is no error before.
    let table = text.parse::<Table>();
    if errors.is_empty() {
        errors.extend(table.as_ref().err().cloned());
    }
    for error in &errors {
        let place = Place::new(&path.to_string_lossy(), &text, error.span().unwrap_or(0..0));
        let what = format!("this is not TOML: {}", error.message());
        let remedy = syntax_remedy(error.message());
        problems.push(Problem::new(what).fix(remedy).at(Some(place)));
    }
    let table = table.ok().filter(|_| errors.is_empty())?;
    Some((Layer::file(path, &text, &spans), table))
}

fn syntax_remedy(message: &str) -> &'static str {
    if message.contains("duplicate key") {
        "state each key once"
    } else if message.contains("date") {
        "write a day of the calendar, such as 2024-11-08"
    } else if message.contains("string") {
        "put text in straight double quotes"
    } else if message.contains("overflowed") || message.contains("integer") {
        "write a number that a computer can hold: below 1e308, whole numbers below 9.2e18"
    } else {
        "a line is `key = value` or a `[section]`; text stands in double quotes"
    }
}
