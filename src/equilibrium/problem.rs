//! What is wrong with an input: where, why, and what to do about it; all problems in one pass.

use std::path::Path;
use std::sync::Arc;

use miette::{Diagnostic, NamedSource, SourceSpan};
use thiserror::Error;

/// Lines longer than this many bytes are named, not shown.
const LONGEST_LINE_SHOWN: usize = 400;

/// What the command reads, for whoever gives it something else.
pub const FORMATS: &str = "A market is a TOML file that names a CSV of offers (example: scenarios/merger.toml) or a JSON file (docs/equilibrium.md).";

/// A text file that was read.
#[derive(Clone, Debug)]
pub struct Source {
    pub name: String,
    pub text: Arc<String>,
}

impl Source {
    /// Reads UTF-8 text; a byte-order mark is dropped, other encodings are refused by name.
    pub fn read(path: &Path) -> Result<Source, EquilibriumError> {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| {
            EquilibriumError::input(format!("cannot read {name}: {error}"), "Check the path.")
        })?;
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            let message = format!("{name} is UTF-16, not UTF-8");
            return Err(EquilibriumError::input(message, "Save the file as UTF-8."));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let line = 1 + error.as_bytes()[..error.utf8_error().valid_up_to()]
                .iter()
                .filter(|b| **b == b'\n')
                .count();
            let message = format!("{name} is not UTF-8 (line {line}); it may be Latin-1 or Windows-1252");
            EquilibriumError::input(message, "Save the file as UTF-8.")
        })?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        Ok(Source { name, text: Arc::new(text) })
    }

    /// The whole of a line, counted from 1.
    pub fn line_span(&self, line: usize) -> Option<SourceSpan> {
        let start: usize = self.text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
        let length = self.text.get(start..)?.lines().next().map_or(0, str::len);
        Some((start, length).into())
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, Error, Diagnostic)]
#[error("{message}")]
pub struct Problem {
    pub message: String,
    #[help]
    pub remedy: String,
    #[source_code]
    source_code: Option<NamedSource<Arc<String>>>,
    #[label("here")]
    span: Option<SourceSpan>,
}

/// Why the command cannot go on.
#[derive(Debug, Error, Diagnostic)]
pub enum EquilibriumError {
    /// The market file or the command line is wrong (exit code 2).
    #[error("{summary}")]
    Input {
        summary: String,
        #[related]
        problems: Vec<Problem>,
    },
    /// The base situation cannot be computed (exit code 1).
    #[error("{message}")]
    Numerics { message: String },
    /// Writing failed (exit code 1).
    #[error("cannot write {path}: {cause}")]
    Output { path: String, cause: String },
}

impl EquilibriumError {
    /// One problem without a place in a file.
    pub fn input(message: String, remedy: &str) -> EquilibriumError {
        EquilibriumError::refused("the market cannot be read", message, remedy)
    }

    /// As [`EquilibriumError::input`], with its own summary.
    pub fn refused(summary: &str, message: String, remedy: &str) -> EquilibriumError {
        let problem = Problem { message, remedy: remedy.to_owned(), source_code: None, span: None };
        EquilibriumError::Input { summary: summary.to_owned(), problems: vec![problem] }
    }

    pub fn exit_code(&self) -> u8 {
        match self {
            EquilibriumError::Input { .. } => 2,
            EquilibriumError::Numerics { .. } | EquilibriumError::Output { .. } => 1,
        }
    }
}

/// Where a problem sits.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// Nowhere in particular.
    Nowhere,
    /// A key path of the main file, such as `products.shares[2]`.
    Path(&'a str),
    /// A line of a file.
    Line(&'a Source, usize),
}

/// Gathers problems of one main file and the tables beside it.
#[derive(Debug)]
pub struct Problems<'a> {
    main: &'a Source,
    list: Vec<Problem>,
}

impl<'a> Problems<'a> {
    pub fn of(main: &'a Source) -> Problems<'a> {
        Problems { main, list: Vec::new() }
    }

    /// Goes on from problems found earlier.
    pub fn continued(main: &'a Source, found: Vec<Problem>) -> Problems<'a> {
        Problems { main, list: found }
    }

    pub fn into_list(self) -> Vec<Problem> {
        self.list
    }

    pub fn add(&mut self, place: Place, message: impl Into<String>, remedy: impl Into<String>) {
        let (source, span) = match place {
            Place::Nowhere => (None, None),
            Place::Path(path) => (Some(self.main), super::position::span_of(&self.main.text, path)),
            Place::Line(source, line) => (Some(source), source.line_span(line)),
        };
        let message = match place {
            Place::Path(path) if !path.is_empty() => format!("{path}: {}", message.into()),
            Place::Line(source, line) => format!("{}, line {line}: {}", source.name, message.into()),
            _ => message.into(),
        };
        self.push(source, span, message, remedy.into());
    }

    fn push(
        &mut self,
        source: Option<&Source>,
        span: Option<SourceSpan>,
        mut message: String,
        remedy: String,
    ) {
        let mut source_code = source.map(|s| NamedSource::new(&s.name, Arc::clone(&s.text)));
        // A file on one endless line is not worth showing: name the place instead.
        if let (Some(source), Some(span)) = (source, span) {
            let before = &source.text[..span.offset().min(source.text.len())];
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            let length = source.text[start..].find('\n').unwrap_or(source.text.len() - start);
            if length > LONGEST_LINE_SHOWN {
                let line = 1 + before.matches('\n').count();
                let column = 1 + source.text[start..before.len()].chars().count();
                message = format!("{}:{line}:{column}: {message}", source.name);
                source_code = None;
            }
        }
        let span = source_code.as_ref().and(span);
        self.list.push(Problem { message, remedy, source_code, span });
    }

    /// Adds a problem at a byte span of the main file.
    pub fn add_at(
        &mut self,
        span: Option<SourceSpan>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.push(Some(self.main), span, message.into(), remedy.into());
    }

    /// The error, if there is any problem.
    pub fn into_result(self) -> Result<(), EquilibriumError> {
        if self.list.is_empty() {
            return Ok(());
        }
        let count = self.list.len();
        let plural = if count == 1 { "problem" } else { "problems" };
        let summary = format!("{count} {plural} in {}", self.main.name);
        Err(EquilibriumError::Input { summary, problems: self.list })
    }
}
