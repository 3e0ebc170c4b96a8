//! From files to a checked scenario: read, overlay, patch for each world, take in the tables, check.

use std::path::Path;

use toml::{Table, Value};

use super::check;
use super::defaults::fill_defaults;
use super::file::ScenarioFile;
use super::files::Files;
use super::inputs::Input;
use super::layers::{CellOverride, Stack, read_layers};
use super::limits::Limits;
use super::merge::{at, at_mut, merge};
use super::problem::{Problem, Problems};
use super::quantity::Quantity;
use super::shape::{Role, Shape};
use super::spelling::suggestion;
use super::table_reader::TableReader;
use super::tables::Offer;
use super::unit_words::UnitWords;
use super::{Scenario, World};

/// Keys that a world cannot change: they belong to the scenario as a whole.
const NOT_FOR_WORLDS: [&str; 6] = ["extends", "scenario", "worlds", "correlations", "report", "attribution"];

/// Reads a scenario with `--set` overrides, or finds everything that is wrong with it.
pub fn load(path: &Path, overrides: &[String]) -> Result<Scenario, Problems> {
    load_with(path, overrides, None, None)
}

/// As [`load`], with the number of replications and the seed replaced where given.
pub fn load_with(
    path: &Path,
    overrides: &[String],
    replications: Option<u64>,
    seed: Option<u64>,
) -> Result<Scenario, Problems> {
    load_from(&Files::Disk, path, overrides, replications, seed)
}

/// As [`load_with`], from wherever the files are.
pub fn load_from(
    files: &Files,
    path: &Path,
    overrides: &[String],
    replications: Option<u64>,
    seed: Option<u64>,
) -> Result<Scenario, Problems> {
    let mut problems = Problems::default();
    let shape = Shape::of_scenarios();
    let Some(mut stack) = read_layers(files, path, overrides, &shape, &mut problems) else {
        return Err(problems);
    };
    leave_out_worlds(&mut stack.whole);
    check::reference(&stack.whole, &stack.sources, &mut problems);
    fit_patches(&mut stack, &shape, &mut problems);

    let worlds: Vec<String> =
        at(&stack.whole, &["worlds"]).map(|worlds| worlds.keys().cloned().collect()).unwrap_or_default();
    // Without worlds there is nothing to compare; still look at what the scenario itself says.
    let worlds = if worlds.is_empty() { vec![String::new()] } else { worlds };
    let worlds = worlds.into_iter().map(|key| (settings(&stack.whole, &key), key)).collect();
    let draft = Draft {
        name: path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned()),
        stack,
        tables: TableReader::of(files),
        overrides: overrides.to_vec(),
        replications,
        seed,
    };
    assemble(draft, worlds, problems)
}

/// A scenario as it was typed: what its worlds, and further ones, are made of.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    name: String,
    stack: Stack,
    tables: TableReader,
    overrides: Vec<String>,
    replications: Option<u64>,
    seed: Option<u64>,
}

impl Scenario {
    /// Everything that holds in a world, as one TOML table: all files, overrides and the world's patch.
    pub fn settings(&self, world: usize) -> Table {
        settings(&self.draft.stack.whole, &self.worlds[world].key)
    }

    /// This scenario with its reference world and others: each with everything that holds in it, as
    /// [`Scenario::settings`] gives it, and a name of its own. They are checked like any.
    pub fn with_worlds(&self, others: Vec<(Table, String)>) -> Result<Scenario, Problems> {
        let reference = (self.settings(self.reference), self.worlds[self.reference].key.clone());
        let worlds = std::iter::once(reference).chain(others).collect();
        assemble(self.draft.clone(), worlds, Problems::default())
    }
}

/// What holds in a world: the scenario with its patch.
fn settings(whole: &Table, world: &str) -> Table {
    let mut table = whole.clone();
    table.remove("extends");
    table.entry("worlds").or_insert_with(|| Value::Table(Table::new()));
    if let Some(set) = at(whole, &["worlds", world, "set"]) {
        merge(&mut table, set);
    }
    table
}

/// Reads and checks worlds.
fn assemble(
    mut draft: Draft,
    settings: Vec<(Table, String)>,
    mut problems: Problems,
) -> Result<Scenario, Problems> {
    let shape = Shape::of_scenarios();
    let mut worlds = Vec::new();
    for (table, key) in settings {
        worlds.extend(read_world(&key, table, &mut draft, &shape, &mut problems));
    }
    let mut sources = draft.stack.sources.clone();
    sources.tables.clone_from(&draft.tables.texts);
    sources.incomplete.clone_from(&draft.tables.incomplete);
    missing_cells(&draft.stack.cells, &worlds, &mut problems);
    let mut doubts = Problems::default();
    check::check(&worlds, &sources, draft.replications, &mut problems, &mut doubts);

    let Some(first) = worlds.first() else { return Err(problems) };
    let heading = first.file.scenario.clone();
    let words = heading.words();
    let reference = worlds.iter().position(|world| is_reference(&world.file, &world.key)).unwrap_or(0);
    let mut inputs = draft.stack.inputs.clone();
    inputs.extend(draft.tables.inputs.iter().cloned());
    let scenario = Scenario {
        name: draft.name.clone(),
        title: heading.title,
        question: heading.question,
        source: heading.source,
        words,
        base_year: heading.base_year,
        last_year: heading.last_year,
        replications: draft.replications.unwrap_or(heading.replications),
        seed: draft.seed.unwrap_or(heading.seed),
        design: heading.design,
        precision: heading.precision,
        report: first.file.report.clone(),
        attribution: first.file.attribution.clone(),
        reference,
        worlds,
        inputs,
        doubts: doubts.once(),
        overrides: draft.overrides.clone(),
        sources,
        draft,
    };
    problems.into_result(scenario)
}

fn is_reference(file: &ScenarioFile, key: &str) -> bool {
    file.worlds.get(key).is_some_and(|world| world.reference)
}

/// Takes out the worlds that are switched off, also where they are named.
fn leave_out_worlds(whole: &mut Table) {
    let off = |world: &Value| world.get("active").and_then(Value::as_bool) == Some(false);
    let Some(worlds) = at_mut(whole, &["worlds"]) else { return };
    let left_out: Vec<String> =
        worlds.iter().filter(|(_, world)| off(world)).map(|(name, _)| name.clone()).collect();
    worlds.retain(|_, world| !off(world));
    let named = at_mut(whole, &["attribution"]).and_then(|attribution| attribution.get_mut("worlds"));
    if let Some(Value::Array(named)) = named {
        named.retain(|world| !left_out.iter().any(|name| world.as_str() == Some(name)));
    }
}

/// Compares each world's patch with the scenario that it patches, and takes out what does not fit.
fn fit_patches(stack: &mut Stack, shape: &Shape, problems: &mut Problems) {
    let base = stack.whole.clone();
    let Some(worlds) = at_mut(&mut stack.whole, &["worlds"]) else { return };
    for (world, entry) in worlds.iter_mut() {
        let Some(set) = entry.get_mut("set").and_then(Value::as_table_mut) else { continue };
        let path =
            |inner: &[String]| [&["worlds".to_owned(), world.clone(), "set".to_owned()], inner].concat();
        for key in NOT_FOR_WORLDS {
            if set.remove(key).is_some() {
                let what = format!("a world cannot change `{key}`");
                let remedy = "state it once, for all worlds";
                let place = stack.sources.place_at(None, &path(&[key.to_owned()]));
                problems.push(Problem::new(what).fix(remedy).at(place));
            }
        }
        for misfit in shape.fit(set, Role::Patch, Some(&base)) {
            let place = stack.sources.place_of_misfit(&path(&misfit.path), misfit.of_key);
            problems.push(Problem::new(misfit.what).fix(misfit.remedy).at(place));
        }
    }
}

/// One world, complete: what holds in it, and the tables that it names.
fn read_world(
    key: &str,
    mut settings: Table,
    draft: &mut Draft,
    shape: &Shape,
    problems: &mut Problems,
) -> Option<World> {
    let (sources, tables) = (&draft.stack.sources, &mut draft.tables);
    let named = at(&settings, &["tables"]).cloned().unwrap_or_default();
    let from = |table: &str| {
        let name = named.get(table)?.as_str()?;
        let stated = sources.place_of(Some(key), &format!("tables.{table}"));
        Some((sources.table_path(Some(key), table, name), name.to_owned(), stated))
    };
    let mut offers = tables.offers(from("offers"), problems);
    let inline: Option<Vec<Offer>> = settings.get("offers").and_then(|listed| listed.clone().try_into().ok());
    offers.extend(inline.into_iter().flatten());
    fill_defaults(&mut settings, &offers);
    let words = words(&settings);
    let mut inputs = shape.name_inputs(&mut settings, &words);
    let file: ScenarioFile = match serde_path_to_error::deserialize(Value::Table(settings)) {
        Ok(file) => file,
        // Whatever was missing or of the wrong type has been reported with its line.
        Err(_) if !problems.0.is_empty() => return None,
        Err(error) => {
            let path = error.path().to_string();
            let place = sources.place_of(Some(key), &path);
            let message = error.inner().message();
            let problem = match message.starts_with("invalid value: integer") {
                true => Problem::new(format!("`{path}` is no number of its kind"))
                    .fix("write a whole number of a sensible size, such as a year of four digits"),
                false => Problem::new(format!("`{path}`: {message}")),
            };
            problems.push(problem.at(place));
            return None;
        }
    };
    let mut manufacturers = tables.manufacturers(from("manufacturers"), problems);
    let mut policies = tables.policies(from("policies"), problems);
    let mut origins = tables.origins(from("origins"), problems);
    let cells = &draft.stack.cells;
    for figure in &mut manufacturers {
        replace_cell(cells, &mut figure.value, figure.figure.terms().0, problems);
    }
    policies.iter_mut().for_each(|row| replace_cell(cells, &mut row.value, row.kind.terms().0, problems));
    origins.iter_mut().for_each(|row| replace_cell(cells, &mut row.share, Limits::Fraction, problems));
    inputs.extend(manufacturers.iter_mut().enumerate().map(|(row, figure)| {
        Input::of_cell(("manufacturers", row, "value"), &mut figure.value, figure.figure.terms(), &words)
    }));
    inputs.extend(policies.iter_mut().enumerate().map(|(row, policy)| {
        Input::of_cell(("policies", row, "value"), &mut policy.value, policy.kind.terms(), &words)
    }));
    inputs.extend(origins.iter_mut().enumerate().map(|(row, origin)| {
        let terms = (Limits::Fraction, "fraction of {units}");
        Input::of_cell(("origins", row, "share"), &mut origin.share, terms, &words)
    }));
    let heading = file.worlds.get(key);
    let (name, description) =
        heading.map_or((None, String::new()), |world| (world.name.clone(), world.description.clone()));
    Some(World {
        key: key.to_owned(),
        name: name.unwrap_or_else(|| key.to_owned()),
        description,
        offers,
        history: tables.history(from("history"), problems),
        powertrain_history: tables.powertrain_history(from("powertrain_history"), problems),
        manufacturers,
        policies,
        origins,
        inputs,
        file,
    })
}

/// A cell that the command line replaces takes its value, if that is sound.
fn replace_cell(cells: &[CellOverride], quantity: &mut Quantity, limits: Limits, problems: &mut Problems) {
    for cell in cells {
        if cell.key != quantity.key {
            continue;
        }
        let stated = Quantity::from_toml(&cell.value).map_err(|wrong| (wrong.what, wrong.remedy));
        let sound = stated.and_then(|stated| check::fault(&stated, limits).map_or(Ok(stated), Err));
        match sound {
            Ok(stated) => {
                (quantity.distribution, quantity.provenance) = (stated.distribution, stated.provenance)
            }
            Err((what, remedy)) => {
                problems.push(Problem::new(what).fix(remedy).at(Some(cell.place.clone())));
            }
        }
    }
}

/// Overrides of cells that no world has.
fn missing_cells(cells: &[CellOverride], worlds: &[World], problems: &mut Problems) {
    let inputs = || worlds.iter().flat_map(|world| &world.inputs).filter(|input| input.cell.is_some());
    for cell in cells {
        if !inputs().any(|input| input.quantity.key == cell.key) {
            let what = format!("no table has a row `{}`", cell.key);
            let remedy = suggestion(&cell.key, inputs().map(|input| input.quantity.key.as_str()));
            problems.push(Problem::new(what).fix(remedy).at(Some(cell.place.clone())));
        }
    }
}

/// What money and goods are called, before the heading is read.
fn words(table: &Table) -> UnitWords {
    let heading = at(table, &["scenario"]);
    let word = |key: &str| heading?.get(key)?.as_str();
    UnitWords::new(word("money"), word("unit"), word("units"))
}
