//! The few lines around a place in a text, cut to the width of a page, for the report printer.

use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::text;

/// The widest line shown, in characters.
const WIDTH: usize = 88;
/// How much of a long line is kept before the place.
const LEAD: usize = 32;

/// Up to three lines: the one with the place, the one before and the one after.
#[derive(Debug)]
pub struct Excerpt {
    name: String,
    /// The shown lines.
    text: String,
    /// Of the first shown line, counted from 0.
    first_line: usize,
    /// Of the place in the whole text, counted from 0.
    line: usize,
    column: usize,
    /// The place in the shown lines, in bytes.
    pub span: Range<usize>,
}

impl Excerpt {
    /// The lines around a byte range of a text. The range lies within one line, given with its column
    /// (both counted from 1).
    pub fn new(name: &str, text: &str, span: &Range<usize>, line: usize, column: usize) -> Excerpt {
        let line = line - 1;
        let first_line = line.saturating_sub(1);
        let mut shown = String::new();
        let mut shown_span = 0..0;
        for (index, full) in text.lines().enumerate().skip(first_line).take(line + 2 - first_line) {
            if index == line {
                let marked = text[span.clone()].chars().count();
                let start = if full.chars().count() <= WIDTH { 0 } else { (column - 1).saturating_sub(LEAD) };
                let begin = shown.len();
                let cut = crop(full, start);
                let before: usize =
                    cut.chars().take(column - 1 - start + usize::from(start > 0)).map(char::len_utf8).sum();
                let under: usize = cut[before..].chars().take(marked).map(char::len_utf8).sum();
                shown_span = begin + before..begin + before + under;
                shown.push_str(&cut);
            } else {
                shown.push_str(&crop(full, 0));
            }
            shown.push('\n');
        }
        Excerpt {
            name: text::shown(name),
            text: shown,
            first_line,
            line,
            column: column - 1,
            span: shown_span,
        }
    }
}

/// A line from a character on, cut to the width, with an ellipsis where something is left out.
fn crop(line: &str, start: usize) -> String {
    let mut cut = String::new();
    if start > 0 {
        cut.push('…');
    }
    let mut rest = line.chars().skip(start);
    cut.push_str(&text::shown(&rest.by_ref().take(WIDTH).collect::<String>()));
    if rest.next().is_some() {
        cut.push('…');
    }
    cut
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        // Without context only the place is asked for; with context, all there is to show.
        let (line, column) = if before == 0 { (self.line, self.column) } else { (self.first_line, 0) };
        let whole = SourceSpan::new(0.into(), self.text.len());
        let shown = if before == 0 { *span } else { whole };
        let bytes = &self.text.as_bytes()[shown.offset()..shown.offset() + shown.len()];
        let count = self.text.lines().count();
        Ok(Box::new(MietteSpanContents::new_named(self.name.clone(), bytes, shown, line, column, count)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let long = format!("{} HERE {}", "é".repeat(100), "y".repeat(200));
        let text = format!("first\n{long}\nlast\nfurther");
        let start = text.find("HERE").expect("there");
        let excerpt = Excerpt::new("x.toml", &text, &(start..start + 4), 2, 102);
        assert_eq!(&excerpt.text[excerpt.span.clone()], "HERE");
        assert_eq!(excerpt.text.lines().count(), 3);
        assert!(excerpt.text.lines().all(|line| line.chars().count() <= WIDTH + 2));
        let short = Excerpt::new("x.toml", "a = 1\nb = 2", &(4..5), 1, 5);
        assert_eq!((&short.text[short.span.clone()], short.first_line), ("1", 0));
    }
}
