//! A table of figures as its columns and rows, whatever the file it goes into.

use std::borrow::Cow;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name or a unit; empty where it does not apply.
    Text,
    /// A calendar year.
    Year,
    /// How many.
    Count,
    /// A figure; not a number where there is nothing to report.
    Figure,
}

/// A column's name, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: Cow<'static, str>,
    pub kind: Kind,
}

/// One value; of the kind of its column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    Text(&'a str),
    Year(i32),
    Count(u64),
    Figure(f64),
}

/// Takes rows one by one.
pub type TakeRow<'a> = dyn FnMut(&[Cell<'_>]) + 'a;

/// Columns, and a function that gives the rows, each as wide as the columns.
pub struct Table<'a> {
    pub columns: Vec<Column>,
    rows: Box<dyn Fn(&mut TakeRow<'_>) + 'a>,
}

impl<'a> Table<'a> {
    pub fn new(columns: Vec<Column>, rows: impl Fn(&mut TakeRow<'_>) + 'a) -> Table<'a> {
        Table { columns, rows: Box::new(rows) }
    }

    /// Gives every row to `take`, in their order.
    pub fn each_row(&self, mut take: impl FnMut(&[Cell<'_>])) {
        (self.rows)(&mut take);
    }
}

/// Columns of one kind, from their names parted by commas.
pub fn columns(kind: Kind, names: &'static str) -> impl Iterator<Item = Column> {
    names.split(',').map(move |name| Column { name: name.into(), kind })
}
