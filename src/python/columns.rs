//! A table as columns in memory, for numpy (as bytes) and for everything that reads Arrow.

use std::sync::Arc;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Float64Array, Int32Array, Int64Array, RecordBatch, RecordBatchIterator,
    StringArray,
};
use arrow_schema::ArrowError;
use indexmap::IndexSet;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyCapsule};

use crate::report::table::{Cell, Kind, Table};

enum Values {
    /// Codes of words, from 0 on.
    Text(Vec<i32>, IndexSet<String>),
    Whole(Vec<i64>),
    Figure(Vec<f64>),
}

/// A column's numpy type, its bytes, and the words that text's codes stand for.
type Shown<'py, 'a> = (&'static str, Bound<'py, PyByteArray>, Option<Vec<&'a str>>);

/// A table's columns by name.
#[pyclass(frozen, module = "keiretsu._core")]
pub struct Columns {
    columns: Vec<(String, Values)>,
    n: usize,
}

impl Columns {
    pub fn of(table: &Table) -> Columns {
        let empty = table.columns.iter().map(|column| match column.kind {
            Kind::Text => Values::Text(Vec::new(), IndexSet::new()),
            Kind::Year | Kind::Count => Values::Whole(Vec::new()),
            Kind::Figure => Values::Figure(Vec::new()),
        });
        let mut values: Vec<Values> = empty.collect();
        let mut n = 0;
        table.each_row(|row| {
            n += 1;
            for (values, cell) in values.iter_mut().zip(row) {
                match (values, *cell) {
                    (Values::Text(codes, words), Cell::Text(word)) => {
                        let code =
                            words.get_index_of(word).unwrap_or_else(|| words.insert_full(word.to_owned()).0);
                        codes.push(code as i32);
                    }
                    (Values::Whole(values), Cell::Year(year)) => values.push(year.into()),
                    (Values::Whole(values), Cell::Count(count)) => values.push(count as i64),
                    (Values::Figure(values), Cell::Figure(value)) => values.push(value),
                    _ => unreachable!("a cell is of the kind of its column"),
                }
            }
        });
        let names = table.columns.iter().map(|column| column.name.to_string());
        Columns { columns: names.zip(values).collect(), n }
    }

    fn batch(&self) -> Result<RecordBatch, ArrowError> {
        let columns = self.columns.iter().map(|(name, values)| {
            let array: ArrayRef = match values {
                Values::Text(codes, words) => {
                    let words = StringArray::from_iter_values(words);
                    let codes = Int32Array::from(codes.clone());
                    Arc::new(DictionaryArray::<Int32Type>::try_new(codes, Arc::new(words))?)
                }
                Values::Whole(values) => Arc::new(Int64Array::from(values.clone())),
                Values::Figure(values) => Arc::new(Float64Array::from(values.clone())),
            };
            Ok((name.clone(), array))
        });
        RecordBatch::try_from_iter(columns.collect::<Result<Vec<_>, ArrowError>>()?)
    }
}

#[pymethods]
impl Columns {
    fn __len__(&self) -> usize {
        self.n
    }

    /// Names of the columns.
    #[getter]
    fn names(&self) -> Vec<&str> {
        self.columns.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// A column: its numpy type, its bytes, and the words that text's codes stand for.
    fn column<'py>(&self, py: Python<'py>, place: usize) -> PyResult<Shown<'py, '_>> {
        let (_, values) = self.columns.get(place).ok_or_else(|| PyRuntimeError::new_err("no such column"))?;
        let bytes = |bytes: Vec<u8>| PyByteArray::new(py, &bytes);
        Ok(match values {
            Values::Text(codes, words) => (
                "int32",
                bytes(codes.iter().flat_map(|code| code.to_ne_bytes()).collect()),
                Some(words.iter().map(String::as_str).collect()),
            ),
            Values::Whole(values) => {
                ("int64", bytes(values.iter().flat_map(|value| value.to_ne_bytes()).collect()), None)
            }
            Values::Figure(values) => {
                ("float64", bytes(values.iter().flat_map(|value| value.to_ne_bytes()).collect()), None)
            }
        })
    }

    /// The Arrow PyCapsule interface, as a stream of one batch.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A consumer casts what it would rather have.
        drop(requested_schema);
        let batch = self.batch().map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        let schema = batch.schema();
        let stream = FFI_ArrowArrayStream::new(Box::new(RecordBatchIterator::new([Ok(batch)], schema)));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }
}
