//! Dotted keys, written as in TOML: `regions.US.nest_rho`, `stakes."Dogwood Motors".share`.

use toml::{Table, Value};

/// Splits a dotted key into its parts; quotes keep a dot or a space inside one part.
pub fn segments(key: &str) -> Vec<String> {
    of_toml(key).unwrap_or_else(|| by_dots(key))
}

/// The parts of a key that TOML understands.
fn of_toml(key: &str) -> Option<Vec<String>> {
    let mut table = format!("{key} = 0").parse::<Table>().ok()?;
    let mut parts = Vec::new();
    loop {
        let name = table.keys().next()?.clone();
        let below = table.remove(&name).filter(|_| table.len() < 2)?;
        parts.push(name);
        match below {
            Value::Table(inner) => table = inner,
            _ => return Some(parts),
        }
    }
}

/// As people type them: spaces and letters of any kind without quotes.
fn by_dots(key: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quote = None;
    for letter in key.chars() {
        match (letter, quote) {
            ('"' | '\'', None) => quote = Some(letter),
            (_, Some(open)) if letter == open => quote = None,
            ('.', None) => parts.push(String::new()),
            _ => parts.last_mut().expect("never empty").push(letter),
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).collect()
}

/// Joins the parts of a key, with quotes where TOML wants them.
pub fn dotted<T: AsRef<str>>(path: &[T]) -> String {
    path.iter().map(|part| quoted(part.as_ref())).collect::<Vec<_>>().join(".")
}

fn quoted(part: &str) -> String {
    if !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
        return part.to_owned();
    }
    let escaped = part.chars().map(|c| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
        c => c.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

/// Where the key of `key=value` ends: at the first `=` outside quotes.
pub fn end_of_key(given: &str) -> Option<usize> {
    let (mut quote, mut escaped) = (None, false);
    for (at, letter) in given.char_indices() {
        match (letter, quote) {
            _ if escaped => escaped = false,
            ('\\', Some('"')) => escaped = true,
            ('"' | '\'', None) => quote = Some(letter),
            (_, Some(open)) if letter == open => quote = None,
            ('=', None) => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_split_and_joined() {
        let key = "worlds.merger.set.regions.US.\"plug.in\"";
        assert_eq!(segments(key)[5], "plug.in");
        assert_eq!(dotted(&segments(key)), key);
        assert_eq!(dotted(&segments("a.General Motors")), "a.\"General Motors\"");
        for name in ["say \"so\"", "back\\slash", "x=y", "é", "tab\there", "it's", ""] {
            let path = ["stakes", name, "share"];
            assert_eq!(segments(&dotted(&path)), path, "{name}");
        }
    }

    #[test]
    fn an_equals_sign_in_quotes_belongs_to_the_key() {
        assert_eq!(end_of_key("a.\"x=y\\\"=\".b=1"), Some(12));
        assert_eq!(end_of_key("a.b"), None);
    }
}
