//! Bertrand–Nash prices with profit weights (model section 3).

pub mod dense;
mod layout;
mod terms;

pub use layout::{Group, Layout};
pub use terms::{Closure, Conduct, Market, PriceResponse, Types};
