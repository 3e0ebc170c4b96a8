//! `Place`: where in a file something stands.

use std::ops::Range;
use std::sync::Arc;

use super::excerpt::Excerpt;

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// As shown to the user.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    text: Arc<str>,
    span: Range<usize>,
}

impl Place {
    /// The place of a byte range in a file's text.
    pub fn new(file: &str, text: &Arc<str>, span: Range<usize>) -> Place {
        let mut start = span.start.min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        // A table header may span pages; one line is enough to show.
        let line_length = text[start..].find(['\r', '\n']).unwrap_or(text.len() - start);
        let end = span.end.clamp(start, start + line_length);
        Place {
            file: file.to_owned(),
            line: 1 + before.matches('\n').count(),
            column: 1 + before[line_start..].chars().count(),
            text: Arc::clone(text),
            span: start..end,
        }
    }

    /// The lines around it.
    pub fn excerpt(&self) -> Excerpt {
        Excerpt::new(&self.file, &self.text, &self.span, self.line, self.column)
    }
}
