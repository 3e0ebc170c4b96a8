//! Reads the cells of a workbook: enough of Office Open XML (ECMA-376) for what this program writes.
use std::collections::BTreeMap;
use std::io::Read;

#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Text(String),
    Number(f64),
}

impl Cell {
    pub fn text(&self) -> &str {
        match self {
            Cell::Text(text) => text,
            Cell::Number(number) => panic!("{number} is no text"),
        }
    }
}

/// A sheet's cells by row and column, both from 0.
pub type Sheet = BTreeMap<usize, BTreeMap<usize, Cell>>;

/// The sheets of a workbook by name, in their order.
pub fn sheets(bytes: &[u8]) -> Vec<(String, Sheet)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a ZIP archive");
    let mut part = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).expect("a part").read_to_string(&mut text).expect("UTF-8");
        text
    };
    let strings: Vec<String> =
        elements(&part("xl/sharedStrings.xml"), "si").iter().map(|(_, inner)| plain(inner)).collect();
    let names = elements(&part("xl/workbook.xml"), "sheet");
    let names: Vec<String> = names.iter().map(|(attributes, _)| attribute(attributes, "name")).collect();
    let sheets = names.into_iter().enumerate().map(|(at, name)| {
        let mut sheet = Sheet::new();
        for (attributes, inner) in elements(&part(&format!("xl/worksheets/sheet{}.xml", at + 1)), "c") {
            let value = elements(&inner, "v");
            let Some((_, value)) = value.first() else { continue };
            let (row, column) = place(&attribute(&attributes, "r"));
            let cell = match attribute(&attributes, "t").as_str() {
                "s" => Cell::Text(strings[value.parse::<usize>().expect("an index")].clone()),
                _ => Cell::Number(value.parse().expect("a number")),
            };
            sheet.entry(row).or_default().insert(column, cell);
        }
        (name, sheet)
    });
    sheets.collect()
}

/// Elements of a name: attributes and content.
fn elements(xml: &str, name: &str) -> Vec<(String, String)> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut found = Vec::new();
    let mut rest = xml;
    while let Some(at) = rest.find(&open) {
        rest = &rest[at + open.len()..];
        if !rest.starts_with([' ', '>', '/']) {
            continue;
        }
        let end = rest.find('>').expect("a tag ends");
        let attributes = rest[..end].to_owned();
        rest = &rest[end + 1..];
        let inner = match attributes.ends_with('/') {
            true => String::new(),
            false => rest[..rest.find(&close).expect("an element ends")].to_owned(),
        };
        found.push((attributes, inner));
    }
    found
}

fn attribute(attributes: &str, name: &str) -> String {
    let found = attributes.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split_once('"'));
    found.map_or(String::new(), |(value, _)| unescaped(value))
}

/// The text of all `t` elements.
fn plain(xml: &str) -> String {
    elements(xml, "t").iter().map(|(_, inner)| unescaped(inner)).collect()
}

fn unescaped(text: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (escape, letter)| text.replace(escape, letter))
}

/// `B3` is row 2, column 1.
fn place(reference: &str) -> (usize, usize) {
    let digits = reference.find(|c: char| c.is_ascii_digit()).expect("a row");
    let column = reference[..digits].bytes().fold(0, |column, b| column * 26 + usize::from(b - b'A') + 1);
    (reference[digits..].parse::<usize>().expect("a row") - 1, column - 1)
}
