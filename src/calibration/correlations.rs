//! Stated correlations: of inputs or yearly shocks that are drawn, between -1 and 1, and possible all at once.

use std::collections::HashSet;

use super::draws::Luck;
use crate::scenario::file::Correlation;
use crate::scenario::spelling::suggestion;
use crate::scenario::{Problem, Problems, Scenario};
use crate::uncertainty::correlation_matrix::{identity, is_possible, nearest};
use crate::uncertainty::{ParameterSpace, Role, pearson_of_rank, rank_of_pearson};

/// What a name in `between` stands for.
#[derive(Clone, Copy, PartialEq)]
enum Named<'a> {
    /// A stream that is drawn once.
    Once(&'a str),
    /// Shocks of every year.
    Yearly { kind: &'static str, name: &'a str },
}

impl Named<'_> {
    /// One name for what may be named in several ways, such as the points of a path.
    fn name(self) -> String {
        match self {
            Named::Once(stream) => stream.to_owned(),
            Named::Yearly { kind, name } => format!("{kind}.{name}"),
        }
    }
}

/// Correlates the streams of a parameter space as the scenario states. What is stated wrongly is left out.
pub(super) fn correlate(scenario: &Scenario, space: &mut ParameterSpace) {
    let mut pairs = Vec::new();
    for stated in stated(scenario) {
        let [one, other] = [0, 1].map(|end| named(scenario, space, &stated.between[end]));
        let Some(value) = pearson(stated) else { continue };
        match (one, other) {
            (Some(Named::Once(one)), Some(Named::Once(other))) => {
                pairs.push((one.to_owned(), other.to_owned(), value));
            }
            (Some(Named::Yearly { kind, name }), Some(Named::Yearly { kind: other_kind, name: other })) => {
                for year in scenario.base_year + 1..=scenario.last_year {
                    let one = Luck::Series { kind, name }.in_year(year);
                    pairs.push((one, Luck::Series { kind: other_kind, name: other }.in_year(year), value));
                }
            }
            _ => {}
        }
    }
    for (one, other, value) in pairs {
        space.correlate(&one, &other, value);
    }
}

/// What is wrong with a scenario's correlations.
pub fn correlations(scenario: &Scenario, space: &ParameterSpace) -> Problems {
    let mut problems = Problems::default();
    let mut wrong = |path: &[&str], what: String, remedy: String| {
        let path: Vec<String> =
            std::iter::once("correlations").chain(path.iter().copied()).map(str::to_owned).collect();
        let place = scenario.sources.place_at(None, &path);
        problems.push(Problem::new(what).fix(remedy).at(place));
    };
    let (mut seen, mut pairs, mut is_sound) = (HashSet::new(), Vec::new(), true);
    for (index, stated) in stated(scenario).iter().enumerate() {
        let item = index.to_string();
        let [one, other] = &stated.between;
        let found = [one, other].map(|name| named(scenario, space, name));
        for ((end, name), _) in
            ["0", "1"].into_iter().zip(&stated.between).zip(&found).filter(|(_, found)| found.is_none())
        {
            let (what, remedy) = not_drawn(scenario, space, name);
            wrong(&[&item, "between", end], what, remedy);
            is_sound = false;
        }
        if let [Some(first), Some(second)] = found {
            let is_yearly = |named| matches!(named, Named::Yearly { .. });
            if first == second {
                let what = match one == other {
                    true => format!("`{one}` is correlated with itself"),
                    false => {
                        format!("`{one}` and `{other}` are points of one path and move together already")
                    }
                };
                wrong(&[&item, "between"], what, "name two that are drawn apart".into());
                is_sound = false;
            } else if is_yearly(first) != is_yearly(second) {
                let what = format!("of `{one}` and `{other}` one is drawn once and one every year");
                wrong(
                    &[&item, "between"],
                    what,
                    "correlate inputs with inputs and shocks with shocks".into(),
                );
                is_sound = false;
            }
        }
        let names = [0, 1].map(|end| found[end].map_or_else(|| stated.between[end].clone(), Named::name));
        let mut pair = names.clone();
        pair.sort_unstable();
        if !seen.insert(pair) {
            wrong(
                &[&item, "between"],
                format!("`{one}` and `{other}` are correlated twice"),
                "keep one line".into(),
            );
        }
        let (key, value) = match (stated.rank, stated.pearson) {
            (Some(rank), None) => ("rank", rank),
            (None, Some(pearson)) => ("pearson", pearson),
            (both, _) => {
                let what = match both {
                    Some(_) => "a correlation is stated by `rank` and by `pearson`",
                    None => "a correlation without a value",
                };
                let remedy =
                    "write `rank` (Spearman\'s) or `pearson` (of the normal numbers behind), one of them";
                wrong(&[&item], what.into(), remedy.into());
                is_sound = false;
                continue;
            }
        };
        if !(-1.0..=1.0).contains(&value) {
            let hundredth = value / 100.0;
            let remedy = match (-1.0..=1.0).contains(&hundredth) {
                true => format!("did you mean {hundredth}?"),
                false => "write a number from -1 to 1".to_owned(),
            };
            wrong(&[&item, key], format!("a correlation of {value} is not between -1 and 1"), remedy);
            is_sound = false;
        } else if let (Some(value), true) = (pearson(stated), one != other) {
            pairs.push((names, stated.rank.is_some(), value));
        }
    }
    if let (true, Some(remedy)) = (is_sound, impossible(&pairs)) {
        let what =
            "these correlations are not possible together (their matrix is not positive semi-definite)";
        wrong(&[], what.into(), remedy);
    }
    problems
}

fn stated(scenario: &Scenario) -> &[Correlation] {
    &scenario.worlds[scenario.reference].file.correlations
}

/// The correlation of the normal numbers behind the two.
fn pearson(stated: &Correlation) -> Option<f64> {
    stated.pearson.or(stated.rank.map(pearson_of_rank))
}

/// What is drawn under a name.
fn named<'a>(scenario: &'a Scenario, space: &'a ParameterSpace, name: &str) -> Option<Named<'a>> {
    let file = &scenario.worlds[scenario.reference].file;
    let is_drawn = |role| matches!(role, Role::Input | Role::Between | Role::Luck);
    let of_kind = |kind: &str| name.split_once('.').filter(|(known, _)| *known == kind).map(|(_, of)| of);
    if let Some(region) = of_kind("volume").and_then(|of| file.regions.keys().find(|known| *known == of)) {
        return Some(Named::Yearly { kind: "volume", name: region });
    }
    if let Some(currency) =
        of_kind("currency").and_then(|of| file.currencies.keys().find(|known| *known == of))
    {
        return Some(Named::Yearly { kind: "currency", name: currency });
    }
    let drawn =
        space.parameters().iter().filter(|known| is_drawn(known.role) && !known.distribution.is_fixed());
    let mut of_name = drawn.filter(|known| known.key == name || known.stream == name);
    of_name.next().map(|known| Named::Once(&known.stream))
}

/// Why a name stands for nothing that is drawn, and what to do.
fn not_drawn(scenario: &Scenario, space: &ParameterSpace, name: &str) -> (String, String) {
    if space.parameters().iter().any(|known| known.key == name) {
        let remedy = "give it a distribution, or take the correlation out";
        return (format!("`{name}` has one value and nothing to be correlated with"), remedy.into());
    }
    let file = &scenario.worlds[scenario.reference].file;
    let shocks = file.regions.keys().map(|name| format!("volume.{name}"));
    let shocks = shocks.chain(file.currencies.keys().map(|name| format!("currency.{name}")));
    let mut known: Vec<String> = shocks.collect();
    known.extend(space.inputs().map(|(_, input)| input.key.clone()));
    (format!("unknown input or shock `{name}`"), suggestion(name, known.iter().map(String::as_str)))
}

/// What to write instead, if no random numbers have these correlations.
///
/// `pairs`: of whom, whether stated by rank, and the correlation of the normal numbers behind.
fn impossible(pairs: &[([String; 2], bool, f64)]) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    let mut place = |name| {
        names.iter().position(|known| *known == name).unwrap_or_else(|| {
            names.push(name);
            names.len() - 1
        })
    };
    let cells: Vec<[usize; 2]> =
        pairs.iter().map(|(names, ..)| [0, 1].map(|end| place(names[end].as_str()))).collect();
    let mut matrix = identity(names.len());
    for ([row, column], (.., value)) in cells.iter().zip(pairs) {
        matrix[*row][*column] = *value;
        matrix[*column][*row] = *value;
    }
    if is_possible(&matrix) {
        return None;
    }
    let nearest = nearest(&matrix);
    let shown = (0..names.len()).flat_map(|row| (row + 1..names.len()).map(move |column| (row, column)));
    let shown = shown.filter_map(|(row, column)| {
        let at = cells.iter().position(|cell| *cell == [row, column] || *cell == [column, row]);
        let pearson = nearest[row][column];
        let (kind, value) = match at.is_some_and(|at| pairs[at].1) {
            true => ("rank", rank_of_pearson(pearson)),
            false => ("pearson", pearson),
        };
        let is_worth_a_line = at.is_some() || value.abs() >= 0.00005;
        is_worth_a_line.then(|| format!("{} with {} {kind} {value:.4}", names[row], names[column]))
    });
    Some(format!("the nearest that are: {}", shown.collect::<Vec<_>>().join(", ")))
}
