//! A value as it is typed for `--set`, in words for a table.

use crate::scenario::Quantity;
use crate::scenario::parameters::stated;

/// A number or a distribution as `docs/parameters.md` has it; other text in one line, cut after `longest` letters.
pub fn in_words(typed: &str, longest: usize) -> String {
    let table = format!("value = {typed}").parse::<toml::Table>().ok();
    let quantity = table.and_then(|table| Quantity::from_toml(table.get("value")?).ok());
    quantity.map_or_else(|| cut(typed, longest), |quantity| stated(&quantity.distribution))
}

/// Text in one line, cut after `longest` letters.
pub fn cut(text: &str, longest: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.chars().count() > longest {
        true => format!("{}…", line.chars().take(longest).collect::<String>()),
        false => line,
    }
}
