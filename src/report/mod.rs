//! From findings to what a reader sees: tables, manifest, charts and words, as pure functions to bytes.
//! Only [`run_folder`] writes to disk.

pub mod answer;
pub mod attribution;
pub mod backtest;
pub mod breakeven;
pub mod chart;
pub mod coalitions;
pub mod comparison;
pub mod csv_file;
mod draft_folder;
mod drawing;
pub mod draws;
pub mod explain;
pub mod figures;
mod file_names;
pub mod fit;
pub mod inputs;
pub mod manifest;
pub mod page;
pub mod parquet_file;
mod past;
pub mod questions;
pub mod record;
pub mod replay;
pub mod run_folder;
pub mod scan;
pub mod sensitivity;
pub mod sources;
mod subject;
pub mod table;
pub mod table_style;
pub mod tables;
mod typed;
pub mod workbook;

pub use past::Past;
