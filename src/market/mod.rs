//! The equations of the market: demand, prices, cost, alliances, quality, welfare. Dense arrays and
//! indices only: no names, no files. Generic over [`crate::numeric::Real`], so each equation is
//! written once for one replication and for eight side by side.

pub mod conduct;
pub mod cost;
pub mod model;
pub mod overhead;
pub mod pool;
pub mod pricing;
pub mod quality;
pub mod welfare;
