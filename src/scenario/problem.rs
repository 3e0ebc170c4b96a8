//! What is wrong with a scenario: where, what, why, and what to do about it.

use std::collections::{HashMap, HashSet};
use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::excerpt::Excerpt;
use super::place::Place;
use super::sources::Sources;
use super::text::shown;

/// One thing that is wrong with a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Problem {
    pub place: Option<Place>,
    /// What is wrong.
    pub what: String,
    /// Why it is wrong, where that is not plain.
    pub cause: Option<String>,
    /// What to do.
    pub remedy: Option<String>,
}

impl Problem {
    /// A problem without a place yet.
    pub fn new(what: impl Into<String>) -> Problem {
        Problem { place: None, what: what.into(), cause: None, remedy: None }
    }

    /// A problem with what the base scenario says under a dotted key, such as `regions.US.nest_rho`.
    pub fn at_key(
        sources: &Sources,
        key: &str,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Problem {
        Problem::in_world(sources, None, key, what, remedy)
    }

    /// As [`Problem::at_key`]; points into the world's patch where that sets the key.
    pub fn in_world(
        sources: &Sources,
        world: Option<&str>,
        key: &str,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Problem {
        Problem::new(what).fix(remedy).at(sources.place_of(world, key))
    }

    /// Says where.
    pub fn at(mut self, place: Option<Place>) -> Problem {
        self.place = place;
        self
    }

    /// Says why.
    pub fn because(mut self, cause: impl Into<String>) -> Problem {
        self.cause = Some(cause.into());
        self
    }

    /// Says what to do.
    pub fn fix(mut self, remedy: impl Into<String>) -> Problem {
        self.remedy = Some(remedy.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(&self.what))?;
        self.cause.as_ref().map_or(Ok(()), |cause| write!(f, " ({})", shown(cause)))
    }
}

impl std::error::Error for Problem {}

/// A problem with its source attached, as the report printer wants it.
#[derive(Debug)]
struct Shown<'a> {
    problem: &'a Problem,
    excerpt: Option<Excerpt>,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.problem.remedy.as_ref().map(|remedy| Box::new(shown(remedy)) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = &self.excerpt.as_ref()?.span;
        let label = LabeledSpan::new(None, span.start, span.len());
        Some(Box::new(std::iter::once(label)))
    }
}

/// Problems with the same remedy that are printed in full: a hundred rows with one mistake are one lesson.
const MOST_ALIKE: usize = 10;

/// Everything that is wrong with a scenario, found in one pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Adds a problem.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Adds all problems of another list.
    pub fn extend(&mut self, others: Problems) {
        self.0.extend(others.0);
    }

    /// Each problem once, where it comes first.
    pub fn once(mut self) -> Problems {
        let mut seen = HashSet::new();
        self.0.retain(|problem| seen.insert(problem.clone()));
        self
    }

    /// `Ok` if nothing is wrong, otherwise all problems from the top of each file to its end; what several worlds have
    /// in common is said once.
    pub fn into_result<T>(mut self, value: T) -> Result<T, Problems> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self = self.once();
        let mut files: Vec<String> = Vec::new();
        for problem in &self.0 {
            let file = problem.place.as_ref().map_or("", |place| &place.file);
            if !files.iter().any(|known| known == file) {
                files.push(file.to_owned());
            }
        }
        self.0.sort_by_key(|problem| {
            let place = problem.place.as_ref();
            let file = place.map_or("", |place| &place.file);
            (files.iter().position(|known| known == file), place.map_or(0, Place::start))
        });
        Err(self)
    }

    /// All problems as text with source snippets, in colour or plain, and their number; `noun` is what one is called.
    pub fn render(&self, colour: bool, noun: &str) -> String {
        let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let printer = GraphicalReportHandler::new_themed(theme).with_width(100).with_links(false);
        let mut text = String::new();
        let mut alike: HashMap<&str, Vec<&Problem>> = HashMap::new();
        for problem in &self.0 {
            if let Some(remedy) = &problem.remedy {
                let same = alike.entry(remedy).or_default();
                same.push(problem);
                if same.len() > MOST_ALIKE {
                    continue;
                }
            }
            let excerpt = problem.place.as_ref().map(Place::excerpt);
            let shown = Shown { problem, excerpt };
            if printer.render_report(&mut text, &shown).is_err() {
                text.push_str(&shown.to_string());
            }
            text.push('\n');
        }
        // In the order of the first of each, not of the map.
        let more = self.0.iter().filter_map(|problem| alike.remove(problem.remedy.as_deref()?));
        for same in more.filter(|same| same.len() > MOST_ALIKE) {
            let (rest, first) = (&same[MOST_ALIKE..], same[MOST_ALIKE]);
            let place = first
                .place
                .as_ref()
                .map_or(String::new(), |place| format!(" ({}:{})", place.file, place.line()));
            text.push_str(&format!("{} more with the same help; the next: {first}{place}\n\n", rest.len()));
        }
        let count = self.0.len();
        text.push_str(&format!("{count} {noun}{}\n", if count == 1 { "" } else { "s" }));
        text
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Problems {
        Problems(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false, "problem"))
    }
}

impl std::error::Error for Problems {}
