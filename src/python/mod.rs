//! The Python package's engine, `keiretsu._core`: thin calls of what the command line calls. What users see is in
//! `python/keiretsu`.

mod columns;
mod problems;
mod study;
mod waiting;

use pyo3::prelude::*;

#[pymodule]
#[pyo3(name = "_core")]
fn core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("VERSION", env!("CARGO_PKG_VERSION"))?;
    module.add("TABLES", crate::study::TABLES.to_vec())?;
    module.add_class::<columns::Columns>()?;
    module.add_class::<study::PyStudy>()?;
    module.add_function(wrap_pyfunction!(problems::check, module)?)?;
    module.add_function(wrap_pyfunction!(problems::files, module)?)?;
    module.add_function(wrap_pyfunction!(problems::solve, module)?)?;
    module.add_function(wrap_pyfunction!(study::run, module)?)?;
    module.add_function(wrap_pyfunction!(study::shard, module)?)?;
    module.add_function(wrap_pyfunction!(study::merge, module)?)?;
    Ok(())
}
