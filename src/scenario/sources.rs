//! The texts a scenario was made from, and where in them each key and each table row stands.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::value::RawValue;
use toml::de::{DeTable, DeValue};

use super::key::segments;
use super::place::Place;

/// Values further down in a JSON text have no place of their own.
const DEEPEST: usize = 8;

/// Every text that a scenario was read from: files, `--set` overrides, tables.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Later layers override earlier ones.
    pub(super) layers: Vec<Layer>,
    /// By path on disk.
    pub(super) tables: IndexMap<PathBuf, TableText>,
    /// Tables that could not be read, or not every row of which was understood.
    pub(super) incomplete: Vec<PathBuf>,
}

/// One TOML text.
#[derive(Clone, Debug)]
pub struct Layer {
    /// As shown to the user.
    pub shown: String,
    /// Where it was read from; none for `--set`.
    path: Option<PathBuf>,
    /// Folder that the paths in it are relative to.
    pub folder: PathBuf,
    pub text: Arc<str>,
    root: Node,
}

/// Where a key and its value stand, and what is below it.
#[derive(Clone, Debug, Default)]
struct Node {
    key: Range<usize>,
    value: Range<usize>,
    children: Vec<(String, Node)>,
}

/// One CSV text.
#[derive(Clone, Debug)]
pub struct TableText {
    pub shown: String,
    pub text: Arc<str>,
    pub header: Vec<String>,
    /// Where each row that was understood begins.
    pub row_starts: Vec<usize>,
}

impl Node {
    fn of_table(table: &DeTable) -> Vec<(String, Node)> {
        let node = |(key, value): (&toml::Spanned<_>, &toml::Spanned<DeValue>)| {
            let key: &toml::Spanned<toml::de::DeString> = key;
            (key.get_ref().to_string(), Node::of(key.span(), value))
        };
        table.iter().map(node).collect()
    }

    fn of(key: Range<usize>, value: &toml::Spanned<DeValue>) -> Node {
        let children = match value.get_ref() {
            DeValue::Table(table) => Node::of_table(table),
            DeValue::Array(array) => {
                let item = |(index, value): (usize, &toml::Spanned<DeValue>)| {
                    (index.to_string(), Node::of(value.span(), value))
                };
                array.iter().enumerate().map(item).collect()
            }
            _ => Vec::new(),
        };
        Node { key, value: value.span(), children }
    }

    /// A JSON value of the text, whose reader keeps the place of what it reads.
    fn of_json(text: &str, key: Range<usize>, value: &RawValue, depth: usize) -> Node {
        let start = value.get().as_ptr() as usize - text.as_ptr() as usize;
        let below = |key: String, value: &RawValue| {
            let at = value.get().as_ptr() as usize - text.as_ptr() as usize;
            (key, Node::of_json(text, at..at + value.get().len(), value, depth + 1))
        };
        let children = match value.get().as_bytes().first() {
            Some(b'{') if depth < DEEPEST => serde_json::from_str::<IndexMap<String, &RawValue>>(value.get())
                .map(|map| map.into_iter().map(|(key, value)| below(key, value)).collect()),
            Some(b'[') if depth < DEEPEST => {
                serde_json::from_str::<Vec<&RawValue>>(value.get()).map(|list| {
                    list.into_iter().enumerate().map(|(n, value)| below(n.to_string(), value)).collect()
                })
            }
            _ => Ok(Vec::new()),
        };
        Node { key, value: start..start + value.get().len(), children: children.unwrap_or_default() }
    }

    /// The deepest known node along the path, and how many of its keys were found.
    fn find(&self, path: &[String]) -> (usize, &Node) {
        let mut node = self;
        for (depth, key) in path.iter().enumerate() {
            match node.children.iter().find(|(name, _)| name == key) {
                Some((_, child)) => node = child,
                None => return (depth, node),
            }
        }
        (path.len(), node)
    }
}

impl Layer {
    /// A parsed TOML file.
    pub fn file(path: &Path, text: &Arc<str>, table: &toml::Spanned<DeTable>) -> Layer {
        let children = Node::of_table(table.get_ref());
        let root = Node { key: 0..0, value: 0..0, children };
        let shown = path.to_string_lossy().into_owned();
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        Layer { shown, path: Some(path.to_owned()), folder, text: Arc::clone(text), root }
    }

    /// A JSON file; of one that is none only the whole has a place.
    pub fn json(path: &Path, text: &Arc<str>) -> Layer {
        let value = serde_json::from_str::<&RawValue>(text);
        let root = value.map_or_else(|_| Node::default(), |value| Node::of_json(text, 0..0, value, 0));
        let shown = path.to_string_lossy().into_owned();
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        Layer { shown, path: Some(path.to_owned()), folder, text: Arc::clone(text), root }
    }

    /// A `--set` override: every key of its path stands in the whole of it.
    pub fn on_command_line(given: &str, folder: &Path, path: &[String]) -> Layer {
        let shown = "--set".to_owned();
        let whole = 0..given.len();
        let leaf = Node { key: whole.clone(), value: whole.clone(), children: Vec::new() };
        let root = path.iter().rev().fold(leaf, |below, key| Node {
            key: whole.clone(),
            value: whole.clone(),
            children: vec![(key.clone(), below)],
        });
        Layer { shown, path: None, folder: folder.to_owned(), text: given.into(), root }
    }

    /// Where a key stands (`of_key`) or its value; the deepest table that exists if it is absent.
    pub fn place(&self, path: &[String], of_key: bool) -> Place {
        let (depth, node) = self.root.find(path);
        let whole_line = depth < path.len() || of_key;
        let span = if whole_line && !node.key.is_empty() { node.key.clone() } else { node.value.clone() };
        Place::new(&self.shown, &self.text, span)
    }
}

impl Sources {
    /// Every file that was read.
    pub fn files(&self) -> Vec<PathBuf> {
        let scenarios = self.layers.iter().filter_map(|layer| layer.path.clone());
        scenarios.chain(self.tables.keys().cloned()).collect()
    }

    /// The layer in which the base scenario or a world last states a key, and the path there; the
    /// layer that knows most of it if none states it whole.
    fn layer_of(&self, world: Option<&str>, path: &[String]) -> Option<(usize, Vec<String>, usize)> {
        let mut best: Option<(usize, Vec<String>, usize)> = None;
        let mut consider = |prefix: &[String], stated: Option<usize>| {
            let full = [prefix, path].concat();
            for (index, layer) in self.layers.iter().enumerate().rev() {
                let depth = layer.root.find(&full).0;
                let Some(depth) = depth.checked_sub(prefix.len()) else { continue };
                if depth >= stated.unwrap_or(0) && best.as_ref().is_none_or(|found| depth > found.2) {
                    best = Some((index, full.clone(), depth));
                }
            }
        };
        if let Some(world) = world {
            consider(&["worlds".to_owned(), world.to_owned(), "set".to_owned()], Some(1));
        }
        consider(&[], None);
        best
    }

    /// Where a dotted key of the base scenario or of a world is stated.
    pub fn place_of(&self, world: Option<&str>, key: &str) -> Option<Place> {
        self.place_at(world, &segments(key))
    }

    /// As [`Sources::place_of`], for a path already split into its keys.
    pub fn place_at(&self, world: Option<&str>, path: &[String]) -> Option<Place> {
        let (index, full, _) = self.layer_of(world, path)?;
        Some(self.layers[index].place(&full, false))
    }

    /// Every place that states a key for a world, each overriding those before it: in the scenario's texts, then in the
    /// world's patch in them.
    pub fn trail(&self, world: &str, path: &[String]) -> Vec<Place> {
        let patch = ["worlds".to_owned(), world.to_owned(), "set".to_owned()];
        let paths = [path.to_vec(), [&patch, path].concat()];
        let stated = |path: &Vec<String>| {
            let layers = self.layers.iter().filter(|layer| layer.root.find(path).0 == path.len());
            layers.map(|layer| layer.place(path, false)).collect::<Vec<_>>()
        };
        paths.iter().flat_map(stated).collect()
    }

    /// Where a misfit of the base scenario stands: its key or its value.
    pub(super) fn place_of_misfit(&self, path: &[String], of_key: bool) -> Option<Place> {
        let (index, full, _) = self.layer_of(None, path)?;
        Some(self.layers[index].place(&full, of_key))
    }

    /// The folder that a path written under this key is relative to.
    pub fn folder_of(&self, world: Option<&str>, path: &[String]) -> Option<&Path> {
        self.layer_of(world, path).map(|(index, _, _)| self.layers[index].folder.as_path())
    }

    /// Where on disk the table is that a world (or the base scenario) writes as `written`.
    pub fn table_path(&self, world: Option<&str>, table: &str, written: &str) -> PathBuf {
        let path = ["tables".to_owned(), table.to_owned()];
        self.folder_of(world, &path).unwrap_or(Path::new("")).join(written)
    }

    /// Whether the key itself is written somewhere.
    pub fn states(&self, world: Option<&str>, key: &str) -> bool {
        let path = segments(key);
        self.layer_of(world, &path).is_some_and(|(_, _, depth)| depth == path.len())
    }

    /// Whether one key of the base scenario is stated in a later text than another.
    pub fn laid_over(&self, key: &str, other: &str) -> bool {
        let layer = |key| self.layer_of(None, &segments(key)).map(|(index, _, _)| index);
        layer(key) > layer(other)
    }

    /// Where a row of a table stands; with a column's name, where its cell does.
    pub fn place_of_row(&self, table: &Path, row: usize, column: &str) -> Option<Place> {
        let table = self.tables.get(table)?;
        let start = *table.row_starts.get(row)?;
        Some(table.place(start, column))
    }
}

impl TableText {
    /// The place of a cell in the row that begins at `start`; of the whole row for an unknown column.
    pub fn place(&self, start: usize, column: &str) -> Place {
        let column = self.header.iter().position(|name| name == column);
        Place::new(&self.shown, &self.text, cell_span(&self.text, start, column))
    }
}

/// The bytes of one cell of the CSV row that begins at `start`, or of the whole row.
fn cell_span(text: &str, start: usize, column: Option<usize>) -> Range<usize> {
    let (mut quoted, mut cell, mut cell_start) = (false, 0, start);
    for (offset, byte) in text.bytes().enumerate().skip(start) {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                if column == Some(cell) {
                    return cell_start..offset;
                }
                (cell, cell_start) = (cell + 1, offset + 1);
            }
            b'\n' | b'\r' if !quoted => {
                return if column == Some(cell) { cell_start..offset } else { start..offset };
            }
            _ => {}
        }
    }
    if column == Some(cell) { cell_start..text.len() } else { start..text.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_behind_quoted_commas() {
        let text = "a,b,c\n1,\"x, y\",3\r\n";
        assert_eq!(&text[cell_span(text, 6, Some(1))], "\"x, y\"");
        assert_eq!(&text[cell_span(text, 6, Some(2))], "3");
        assert_eq!(&text[cell_span(text, 6, None)], "1,\"x, y\",3");
    }
}
