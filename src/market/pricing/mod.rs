//! Bertrand–Nash prices with profit weights (model section 3).

pub mod dense;
mod evaluate;
pub mod invert;
#[cfg(test)]
mod invert_tests;
mod layout;
mod line;
mod mixed;
#[cfg(test)]
mod mixed_tests;
#[cfg(test)]
mod nested_tests;
mod newton;
mod reference;
mod solve;
#[cfg(test)]
mod specimen;
mod terms;
mod types;
mod workspace;

pub use layout::{Group, Layout};
pub use solve::{solve, solve_nested};
pub use terms::{Closure, Market, PriceResponse, Types};
pub use workspace::{Options, Solution, Start, Workspace};
