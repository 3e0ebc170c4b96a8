//! A rule's view of a market as typed, and where it reports.

use super::draft::Draft;
use crate::scenario::key::{dotted, segments};
use crate::scenario::{Layer, Limits, Place, Problem, Problems, fault, suggestion};

/// What is looked at, and what was found so far.
pub struct Look<'a> {
    pub draft: &'a Draft,
    pub problems: Problems,
}

/// A problem with what the market file says under a key.
pub fn at_key(main: &Layer, key: &str, what: &str, remedy: &str) -> Problem {
    let path = segments(key);
    let place = main.place(&path, false);
    Problem::new(format!("`{}`: {what}", dotted(&path))).fix(remedy).at(Some(place))
}

impl Look<'_> {
    /// Reports what is wrong with a key of the market file; its path stands before.
    pub fn wrong(&mut self, path: &str, what: impl AsRef<str>, remedy: impl Into<String>) {
        self.problems.push(at_key(&self.draft.main, path, what.as_ref(), &remedy.into()));
    }

    fn at(&mut self, place: Place, what: impl Into<String>, remedy: impl Into<String>) {
        self.problems.push(Problem::new(what).fix(remedy).at(Some(place)));
    }

    /// Reports a name that is not among the known ones, if these are known.
    pub fn unknown<'n>(
        &mut self,
        path: &str,
        what: impl AsRef<str>,
        name: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        if self.draft.complete {
            self.wrong(path, what, suggestion(name, known));
        }
    }

    /// Reports what was found to be wrong with a name or a text, if anything was.
    pub fn fit(&mut self, path: &str, found: Option<(String, String)>) {
        if let Some((what, remedy)) = found {
            self.wrong(path, what, remedy);
        }
    }

    /// Reports a number of the market file that has no meaning.
    pub fn number(&mut self, path: &str, value: f64, limits: Limits) {
        self.fit(path, fault(&value.into(), limits));
    }

    /// Reports a figure of an offer that has no meaning.
    pub fn figure(&mut self, offer: usize, column: &str, value: f64, limits: Limits) {
        let found = fault(&value.into(), limits);
        self.found(offer, column, found.map(|(what, remedy)| (format!("`{column}`: {what}"), remedy)));
    }

    /// Reports what was found to be wrong with an offer, if anything was.
    pub fn found(&mut self, offer: usize, column: &str, found: Option<(String, String)>) {
        if let Some((what, remedy)) = found {
            self.offer(offer, column, what, remedy);
        }
    }

    /// Reports what is wrong with an offer, in its row of the table or its place in the lists of a JSON file.
    pub fn offer(&mut self, offer: usize, column: &str, what: impl Into<String>, remedy: impl Into<String>) {
        let place = match &self.draft.offers_table {
            Some(table) => table.place(table.row_starts.get(offer).copied().unwrap_or(0), column),
            None => {
                let list = match column {
                    "offer" => "ids",
                    "firm" => "firm_ids",
                    "nest" => "nest_ids",
                    "price" => "prices",
                    _ => "shares",
                };
                self.draft.main.place(&["products".into(), list.into(), offer.to_string()], false)
            }
        };
        self.at(place, what, remedy);
    }

    /// Reports what is wrong with a column of the offers table, or with a list of a JSON file.
    pub fn of_table(&mut self, column: &str, list: &str, what: impl AsRef<str>, remedy: impl Into<String>) {
        match &self.draft.offers_table {
            Some(table) => self.at(table.place(0, column), what.as_ref(), remedy),
            None => self.wrong(&format!("products.{list}"), what, remedy),
        }
    }

    /// Reports what is wrong with a buyer type, or with all of them.
    pub fn of_type(
        &mut self,
        number: Option<usize>,
        key: &str,
        what: impl AsRef<str>,
        remedy: impl Into<String>,
    ) {
        match (&self.draft.types_table, number) {
            (Some(table), number) => {
                let start = number.and_then(|number| table.row_starts.get(number)).copied().unwrap_or(0);
                self.at(table.place(start, ""), what.as_ref(), remedy);
            }
            (None, Some(number)) => self.wrong(&format!("demand.agents.{key}.{number}"), what, remedy),
            (None, None) => self.wrong(&format!("demand.agents.{key}"), what, remedy),
        }
    }
}
