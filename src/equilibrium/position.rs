//! Where a key path such as `products.shares[2]` stands in a TOML or JSON text.

use miette::SourceSpan;
use toml::de::{DeTable, DeValue};

/// One step of a path.
#[derive(Debug, PartialEq)]
enum Step<'a> {
    Key(&'a str),
    Item(usize),
}

fn steps(path: &str) -> Vec<Step<'_>> {
    path.split('.')
        .flat_map(|part| {
            let (key, items) = part.split_once('[').map_or((part, ""), |(key, items)| (key, items));
            let key = (!key.is_empty()).then_some(Step::Key(key));
            let items = items.split(['[', ']']).filter_map(|item| item.parse().ok()).map(Step::Item);
            key.into_iter().chain(items).collect::<Vec<_>>()
        })
        .collect()
}

/// The span of the deepest part of the path that exists.
pub fn span_of(text: &str, path: &str) -> Option<SourceSpan> {
    let steps = steps(path);
    if text.trim_start().starts_with('{') { json_span(text, &steps) } else { toml_span(text, &steps) }
}

fn toml_span(text: &str, steps: &[Step]) -> Option<SourceSpan> {
    let table = DeTable::parse(text).ok()?;
    let mut found = None;
    let Some((Step::Key(first), rest)) = steps.split_first() else { return None };
    let (key, value) = table.get_ref().iter().find(|(key, _)| key.get_ref() == first)?;
    found = found.or(Some(key.span()));
    let mut at = value;
    found = Some(if at.span().len() > 200 { found? } else { at.span() });
    for step in rest {
        let next = match (step, at.get_ref()) {
            (Step::Key(name), DeValue::Table(table)) => {
                table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value)
            }
            (Step::Item(item), DeValue::Array(items)) => items.get(*item),
            _ => None,
        };
        let Some(next) = next else { break };
        at = next;
        found = Some(at.span());
    }
    let span = found?;
    // A whole table is too much to point at: its first line.
    let end = text[span.start..span.end].find('\n').map_or(span.end, |line| span.start + line);
    Some((span.start, end.max(span.start) - span.start).into())
}

fn json_span(text: &str, steps: &[Step]) -> Option<SourceSpan> {
    let bytes = text.as_bytes();
    let mut at = skip_space(bytes, 0);
    let mut found = (at, at + 1);
    for step in steps {
        let Some(next) = json_child(bytes, at, step) else { break };
        at = next;
        let end = skip_value(bytes, at);
        found = (at, if end - at > 60 { at + 1 } else { end });
    }
    Some((found.0, found.1.saturating_sub(found.0)).into())
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|b| b.is_ascii_whitespace() || *b == b',' || *b == b':') {
        at += 1;
    }
    at
}

/// The position after the value that starts at `at`.
fn skip_value(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0usize;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at += 1;
                while bytes.get(at).is_some_and(|b| *b != b'"') {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return at,
            b'}' | b']' => depth -= 1,
            b',' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
        if depth == 0 && matches!(byte, b'"' | b'}' | b']') {
            return at;
        }
    }
    bytes.len()
}

fn json_child(bytes: &[u8], at: usize, step: &Step) -> Option<usize> {
    let mut inside = skip_space(bytes, at + 1);
    match (step, bytes.get(at)?) {
        (Step::Key(name), b'{') => {
            while bytes.get(inside) == Some(&b'"') {
                let end = skip_value(bytes, inside);
                let value = skip_space(bytes, end);
                if bytes.get(inside + 1..end - 1) == Some(name.as_bytes()) {
                    return Some(value);
                }
                inside = skip_space(bytes, skip_value(bytes, value));
            }
            None
        }
        (Step::Item(item), b'[') => {
            for _ in 0..*item {
                inside = skip_space(bytes, skip_value(bytes, inside));
            }
            (bytes.get(inside)? != &b']').then_some(inside)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, path: &str) -> String {
        let span = span_of(text, path).unwrap();
        text[span.offset()..span.offset() + span.len()].to_owned()
    }

    #[test]
    fn paths_are_found_in_both_formats() {
        let json = r#"{"a": {"b": [1, {"c": "x,]"}, -2.5]}, "d": null}"#;
        assert_eq!(shown(json, "a.b[2]"), "-2.5");
        assert_eq!(shown(json, "a.b[1].c"), "\"x,]\"");
        assert_eq!(shown(json, "d"), "null");
        let toml = "x = 1\n[a]\nb = [1, 2]\n[[s]]\nid = \"m\"\n[[s]]\nid = \"n\"\n";
        assert_eq!(shown(toml, "a.b[1]"), "2");
        assert_eq!(shown(toml, "s[1].id"), "\"n\"");
        assert_eq!(shown(toml, "s[1].missing"), "[[s]]");
    }
}
