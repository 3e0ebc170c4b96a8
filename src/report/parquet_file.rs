//! How Parquet files are written: names in dictionaries, years and counts as integers, figures as doubles;
//! null where a CSV file has nothing.

use std::collections::HashMap;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::Result;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

use super::table::{Cell, Column, Kind, Table};

/// Rows that are written at once.
const ROWS_OF_A_GROUP: usize = 1 << 17;

/// A table as a Parquet file.
pub fn parquet(table: &Table) -> Vec<u8> {
    written(table).expect("cells are of their column's kind, and memory does not fail")
}

fn written(table: &Table) -> Result<Vec<u8>> {
    let fields = table.columns.iter().map(|column| Ok(Arc::new(field(column)?))).collect::<Result<_>>()?;
    let schema = Type::group_type_builder("keiretsu").with_fields(fields).build()?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(format!("keiretsu {}", env!("CARGO_PKG_VERSION")))
        .build();
    let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties))?;
    let mut group = Group::of(&table.columns);
    let mut outcome = Ok(());
    table.each_row(|row| {
        if outcome.is_ok() {
            group.push(row);
            if group.rows == ROWS_OF_A_GROUP {
                outcome = group.write(&mut writer);
            }
        }
    });
    outcome?;
    group.write(&mut writer)?;
    writer.into_inner()
}

fn field(column: &Column) -> Result<Type> {
    let (physical, logical, repetition) = match column.kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String), Repetition::OPTIONAL),
        Kind::Year => (Physical::INT32, None, Repetition::REQUIRED),
        Kind::Count => (Physical::INT64, None, Repetition::REQUIRED),
        Kind::Figure => (Physical::DOUBLE, None, Repetition::OPTIONAL),
    };
    let builder = Type::primitive_type_builder(&column.name, physical);
    builder.with_repetition(repetition).with_logical_type(logical).build()
}

/// Rows that wait to be written, column by column.
struct Group {
    columns: Vec<Values>,
    rows: usize,
    /// Every text once: rows share it.
    texts: HashMap<String, ByteArray>,
}

/// A column's values; `None` is null.
enum Values {
    Text(Vec<Option<ByteArray>>),
    Year(Vec<Option<i32>>),
    Count(Vec<Option<i64>>),
    Figure(Vec<Option<f64>>),
}

impl Group {
    fn of(columns: &[Column]) -> Group {
        let empty = |column: &Column| match column.kind {
            Kind::Text => Values::Text(Vec::new()),
            Kind::Year => Values::Year(Vec::new()),
            Kind::Count => Values::Count(Vec::new()),
            Kind::Figure => Values::Figure(Vec::new()),
        };
        Group { columns: columns.iter().map(empty).collect(), rows: 0, texts: HashMap::new() }
    }

    fn push(&mut self, row: &[Cell]) {
        self.rows += 1;
        for (values, cell) in self.columns.iter_mut().zip(row) {
            match (values, *cell) {
                (Values::Text(values), Cell::Text("")) => values.push(None),
                (Values::Text(values), Cell::Text(text)) => {
                    if !self.texts.contains_key(text) {
                        self.texts.insert(text.to_owned(), ByteArray::from(text.as_bytes().to_vec()));
                    }
                    values.push(self.texts.get(text).cloned());
                }
                (Values::Year(values), Cell::Year(year)) => values.push(Some(year)),
                (Values::Count(values), Cell::Count(count)) => values.push(i64::try_from(count).ok()),
                // Adding zero turns −0 into 0, as in the CSV files.
                (Values::Figure(values), Cell::Figure(figure)) => {
                    values.push(figure.is_finite().then_some(figure + 0.0));
                }
                (_, cell) => unreachable!("{cell:?} in a column of another kind"),
            }
        }
    }

    /// Writes the rows and forgets them.
    fn write(&mut self, writer: &mut SerializedFileWriter<Vec<u8>>) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = writer.next_row_group()?;
        for values in &mut self.columns {
            match values {
                Values::Text(values) => column::<ByteArrayType>(&mut group, values, true)?,
                Values::Year(values) => column::<Int32Type>(&mut group, values, false)?,
                Values::Count(values) => column::<Int64Type>(&mut group, values, false)?,
                Values::Figure(values) => column::<DoubleType>(&mut group, values, true)?,
            }
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

fn column<T: DataType>(
    group: &mut SerializedRowGroupWriter<Vec<u8>>,
    values: &mut Vec<Option<T::T>>,
    nullable: bool,
) -> Result<()> {
    let there: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
    let values: Vec<T::T> = values.drain(..).flatten().collect();
    let mut column = group.next_column()?.expect("as many columns as the schema has");
    column.typed::<T>().write_batch(&values, nullable.then_some(&there[..]), None)?;
    column.close()
}
