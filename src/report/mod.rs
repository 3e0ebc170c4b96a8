//! From findings to what a reader sees.

pub mod chart;
