//! One setting and the values that it takes in turn: `costs.scale_elasticity=0.01..0.08:8`.

use serde::{Deserialize, Serialize};

use crate::scenario::end_of_key;

/// Most values of one setting.
const MOST_VALUES: usize = 1000;

/// A key, as `--set` has it, and values as they are typed there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Values {
    pub key: String,
    pub values: Vec<String>,
}

impl Values {
    /// Reads `key=from..to:n` (so many evenly spaced values, both ends among them) or a list `key=a,b,c`.
    pub fn parse(text: &str) -> Result<Values, String> {
        let wrong = |what: &str| {
            format!(
                "{what}; write path.to.key=from..to:n, such as costs.scale_elasticity=0.01..0.08:8, or a list key=a,b,c"
            )
        };
        let end = end_of_key(text).ok_or_else(|| wrong("there is no `=`"))?;
        let (key, values) = (text[..end].trim().to_owned(), text[end + 1..].trim());
        if key.is_empty() {
            return Err(wrong("there is no key before `=`"));
        }
        let values = match values.split_once("..") {
            Some((from, rest)) => {
                let (to, n) =
                    rest.rsplit_once(':').ok_or_else(|| wrong("a range needs `:n`, its number of values"))?;
                let n = n.trim().parse().ok().filter(|n| (2..=MOST_VALUES).contains(n));
                let n = n.ok_or_else(|| wrong(&format!("a range has from 2 to {MOST_VALUES} values")))?;
                evenly(range(from, to).map_err(|what| wrong(&what))?, n).into_iter().map(typed).collect()
            }
            None => list(values),
        };
        match values.iter().enumerate().find(|(at, value)| value.is_empty() || values[..*at].contains(value))
        {
            Some((_, value)) if value.is_empty() => Err(wrong("a value is empty")),
            Some((_, value)) => Err(wrong(&format!("{value} is there twice"))),
            None if values.len() > MOST_VALUES => {
                Err(wrong(&format!("there are more than {MOST_VALUES} values")))
            }
            None => Ok(Values { key, values }),
        }
    }

    /// The values as numbers, if all of them are.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        self.values.iter().map(|value| value.parse().ok().filter(|number: &f64| number.is_finite())).collect()
    }
}

/// The items of a list; commas inside brackets, braces and quotes part nothing.
fn list(text: &str) -> Vec<String> {
    let (mut depth, mut quote, mut start) = (0_i32, None, 0);
    let mut items = Vec::new();
    for (at, letter) in text.char_indices() {
        match letter {
            _ if quote == Some(letter) => quote = None,
            _ if quote.is_some() => {}
            '"' | '\'' => quote = Some(letter),
            '[' | '{' => depth += 1,
            ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(text[start..at].trim().to_owned());
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(text[start..].trim().to_owned());
    items
}

/// Two numbers, the first below the second.
pub fn range(from: &str, to: &str) -> Result<(f64, f64), String> {
    let number = |text: &str| {
        let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
        number.ok_or_else(|| format!("`{}` is no number", text.trim()))
    };
    match (number(from)?, number(to)?) {
        (from, to) if from < to => Ok((from, to)),
        (from, to) => Err(format!("a range goes up: {from} is not below {to}")),
    }
}

/// So many values from one end to the other.
pub fn evenly((from, to): (f64, f64), n: usize) -> Vec<f64> {
    let last = (n - 1) as f64;
    let at = |k: usize| if k + 1 == n { to } else { from + (to - from) * (k as f64 / last) };
    (0..n).map(|k| typed(at(k)).parse().expect("just written")).collect()
}

/// A number as one would type it: twelve digits, so that 0.1 + 0.2 is 0.3.
pub fn typed(value: f64) -> String {
    let rounded: f64 = format!("{value:.11e}").parse().expect("just written");
    (rounded + 0.0).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        Values::parse(text).expect("values").values
    }

    #[test]
    fn a_range_has_both_ends_and_round_values() {
        assert_eq!(values("a.b=0.1..0.5:5"), ["0.1", "0.2", "0.3", "0.4", "0.5"]);
        assert_eq!(values("a.b=-2..0:3"), ["-2", "-1", "0"]);
        assert_eq!(Values::parse("a.b = 1..2:2").unwrap().key, "a.b");
    }

    #[test]
    fn a_list_may_hold_anything_that_set_takes() {
        assert_eq!(values("a=1, 2.5,3"), ["1", "2.5", "3"]);
        assert_eq!(values("a=log,linear"), ["log", "linear"]);
        let distributions = "a={ dist = \"uniform\", low = 0, high = 1 },\"x, y\"";
        assert_eq!(values(distributions), ["{ dist = \"uniform\", low = 0, high = 1 }", "\"x, y\""]);
        assert_eq!(Values::parse("a=1,2").unwrap().numbers(), Some(vec![1.0, 2.0]));
        assert_eq!(Values::parse("a=log,2").unwrap().numbers(), None);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, what) in [
            ("a", "no `=`"),
            ("=1", "no key"),
            ("a=1..2", "needs `:n`"),
            ("a=1..2:1", "from 2 to"),
            ("a=2..1:3", "goes up"),
            ("a=x..1:3", "`x` is no number"),
            ("a=1,,2", "empty"),
            ("a=1,1", "twice"),
        ] {
            assert!(Values::parse(text).unwrap_err().contains(what), "{text}");
        }
    }
}
