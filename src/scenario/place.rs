//! `Place`: where in a file something stands.

use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

use super::excerpt::Excerpt;

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// As shown to the user.
    pub file: String,
    text: Arc<str>,
    span: Range<usize>,
}

/// Where it stands tells it from others; the text is the file's.
impl Hash for Place {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.file, &self.span).hash(state);
    }
}

impl Place {
    /// The place of a byte range in a file's text.
    pub fn new(file: &str, text: &Arc<str>, span: Range<usize>) -> Place {
        let mut start = span.start.min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        // A table header may span pages; one line is enough to show.
        let line_length = text[start..].find(['\r', '\n']).unwrap_or(text.len() - start);
        let end = span.end.clamp(start, start + line_length);
        Place { file: file.to_owned(), text: Arc::clone(text), span: start..end }
    }

    /// Bytes of the file before it.
    pub(super) fn start(&self) -> usize {
        self.span.start
    }

    /// Counted from 1; counts the lines before it.
    pub fn line(&self) -> usize {
        1 + self.text[..self.span.start].matches('\n').count()
    }

    /// Counted from 1, in characters.
    pub fn column(&self) -> usize {
        let before = &self.text[..self.span.start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        1 + before[line_start..].chars().count()
    }

    /// What stands there, up to the end of its line.
    pub fn text(&self) -> &str {
        &self.text[self.span.clone()]
    }

    /// The lines around it.
    pub fn excerpt(&self) -> Excerpt {
        Excerpt::new(&self.file, &self.text, &self.span, self.line(), self.column())
    }
}
