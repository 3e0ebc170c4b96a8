//! `keiretsu equilibrium`: one market, no time, no draws. Reads a market, calibrates its base situation,
//! solves its counterfactuals and says how far each equilibrium can be trusted.
//!
//! A market file (`json_file` or `small_file` with `tables_in`) becomes a `draft` as typed, a checked
//! `question` (`check`), an `answer` (`solve`), and then JSON, tables or CSV files.

pub mod answer;
mod calibrate;
mod check;
mod check_conduct;
mod check_demand;
mod check_scenarios;
mod counterfactual;
mod csv_files;
mod draft;
mod json_file;
mod look;
mod market_file;
mod question;
mod screens;
mod small_file;
mod small_layout;
mod solve;
mod tables;
mod tables_in;

pub use answer::Unanswered;
pub use csv_files::csv_files;
pub use market_file::answer;
pub use small_file::schema;
pub use tables::text;
