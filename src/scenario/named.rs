//! Things with names, which can be switched on and off.

use indexmap::IndexMap;

/// Names in the order in which the user wrote them.
pub type Named<T> = IndexMap<String, T>;

/// What is stated is on unless it says otherwise.
pub(super) fn yes() -> bool {
    true
}
