//! What several tests stand on: the program, scenarios on the fly, outcomes by name, reference markets.

pub mod attempt;
pub mod binary;
pub mod draft;
pub mod golden;
pub mod good_scenario;
pub mod lab;
pub mod markets;
pub mod mutate;
pub mod panels;
pub mod workbook;
