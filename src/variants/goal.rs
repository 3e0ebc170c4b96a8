//! Goals in words: `share alliance:hnm US 2035 > 0 and level price Nissan US 2030 < 30000`.

use crate::analysis;
use crate::calibration::Names;
use crate::simulation::outcomes::{Key, Outcomes};

/// What has to hold in one draw: all of its conditions.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    pub text: String,
    pub conditions: Vec<Condition>,
}

/// An outcome above or below a bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The outcome in words, with its year.
    pub outcome: String,
    /// The level in the world, not its difference to the reference.
    pub level: bool,
    pub above: bool,
    /// In the unit of the outcome; a difference of shares of one percentage point is 0.01.
    pub bound: f64,
}

impl Goal {
    /// Reads conditions joined by `and`; bounds may be numbers, or per cent (`0.1 %`).
    pub fn parse(text: &str) -> Result<Goal, String> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let conditions: Vec<Condition> = text.split(" and ").map(condition).collect::<Result<_, _>>()?;
        Ok(Goal { text, conditions })
    }

    /// The keys of the conditions' outcomes, in their order.
    pub fn keys(&self, names: &Names, outcomes: &Outcomes) -> Result<Vec<Key>, String> {
        let keys = self.conditions.iter().map(|condition| {
            let found = analysis::find(names, outcomes, &condition.outcome)?;
            match found[..] {
                [key] => Ok(key),
                _ => Err(format!(
                    "`{}` has no year; say which, such as {}",
                    condition.outcome,
                    found[found.len() - 1].year
                )),
            }
        });
        keys.collect()
    }
}

impl Condition {
    /// Whether it holds, given the outcome in the world and in the reference.
    pub fn holds(&self, world: f64, reference: f64) -> bool {
        let value = if self.level { world } else { world - reference };
        if self.above { value > self.bound } else { value < self.bound }
    }
}

fn condition(text: &str) -> Result<Condition, String> {
    let wrong = |what: &str| {
        format!(
            "`{text}`: {what}; write an outcome and a bound, such as `share alliance:hnm US 2035 > 0`, of its \
                 difference to the reference; `level share …` is the outcome itself"
        )
    };
    let at = text.find(['>', '<']).ok_or_else(|| wrong("there is no > or <"))?;
    let above = text[at..].starts_with('>');
    let (outcome, bound) = (text[..at].trim(), text[at + 1..].trim());
    let (number, factor) = match bound.strip_suffix('%') {
        Some(number) => (number.trim(), 0.01),
        None => (bound, 1.0),
    };
    let bound = number.parse::<f64>().ok().filter(|bound| bound.is_finite());
    let bound = factor * bound.ok_or_else(|| wrong("the bound is no number"))?;
    let (outcome, level) = match outcome.strip_prefix("level ") {
        Some(outcome) => (outcome, true),
        None => (outcome, false),
    };
    match outcome.is_empty() {
        true => Err(wrong("there is no outcome")),
        false => Ok(Condition { outcome: outcome.to_owned(), level, above, bound }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_differences_unless_they_say_level() {
        let goal =
            Goal::parse("share alliance:hnm US  2035 > 0.1 % and level price Nissan US 2030 <30000").unwrap();
        let [share, price] = &goal.conditions[..] else { panic!("{goal:?}") };
        assert_eq!(
            (share.outcome.as_str(), share.level, share.above, share.bound),
            ("share alliance:hnm US 2035", false, true, 0.001)
        );
        assert_eq!(
            (price.outcome.as_str(), price.level, price.above, price.bound),
            ("price Nissan US 2030", true, false, 30_000.0)
        );
        assert!(share.holds(0.102, 0.1) && !share.holds(0.1005, 0.1));
        assert!(price.holds(29_000.0, 31_000.0) && !price.holds(31_000.0, 29_000.0));
        // What is not defined holds no goal.
        assert!(!share.holds(f64::NAN, 0.0));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, what) in
            [("share US 2035", "no > or <"), ("share > x", "no number"), ("> 0", "no outcome")]
        {
            assert!(Goal::parse(text).unwrap_err().contains(what), "{text}");
        }
    }
}
