//! What a reader's words mean: names in any order, by their keys, by their names for people or by a part of
//! them. Whatever asks for a number in words asks through [`choose_with_year`].

use crate::scenario::spelling::nearest;

/// Most possibilities that a message lists.
const MOST_LISTED: usize = 12;
/// Words that say nothing, unless a name with them is meant.
const FILLING: [&str; 10] = ["of", "in", "the", "for", "by", "and", "to", "at", "world", "region"];

/// One thing that can be asked for, and the words that ask for it.
#[derive(Clone, Debug)]
pub struct Wording {
    /// As messages write it.
    pub line: String,
    /// Its parts, the outcome first; each may be called in several ways, each way in words.
    parts: Vec<Vec<Vec<String>>>,
    /// The first so many must be said to mean this and nothing else.
    needed: usize,
}

impl Wording {
    /// `needed` parts must be said, those `aside` may be; each in one of its ways.
    pub fn new(line: String, needed: &[Vec<&str>], aside: &[Vec<&str>]) -> Wording {
        let ways = |part: &Vec<&str>| part.iter().map(|way| words(way)).collect();
        Wording { line, parts: needed.iter().chain(aside).map(ways).collect(), needed: needed.len() }
    }

    fn says(&self, word: &String) -> bool {
        self.parts.iter().flatten().flatten().any(|known| known == word)
    }

    /// How many words of what must be said were not.
    fn unsaid(&self, said: &[String]) -> usize {
        let missing = |way: &Vec<String>| way.iter().filter(|word| !said.contains(word)).count();
        let least = |part: &Vec<Vec<String>>| part.iter().map(missing).min().unwrap_or(0);
        self.parts[..self.needed].iter().map(least).sum()
    }
}

/// What a line of words means, with a year among them or without: the positions of all candidates it names in
/// full; if it names none in full, of all that contain every word. The error says what is unknown and what is near.
pub fn choose_with_year(line: &str, candidates: &[Wording]) -> Result<(Vec<usize>, Option<i32>), String> {
    let split: Vec<&str> = line.split_whitespace().collect();
    let bare = |word: &&str| word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_owned();
    let is_year =
        |word: &&&str| bare(word).len() == 4 && bare(word).bytes().all(|byte| byte.is_ascii_digit());
    let Some(year) = split.iter().rfind(is_year) else { return Ok((choose(line, candidates)?, None)) };
    // A name may contain a number too: if the whole line is one, it is meant.
    if let Ok(found) = choose(line, candidates)
        && found.iter().all(|&at| candidates[at].unsaid(&words(line)) == 0)
    {
        return Ok((found, None));
    }
    let others = split.iter().filter(|word| *word != year).copied().collect::<Vec<_>>().join(" ");
    Ok((choose(&others, candidates)?, bare(year).parse().ok()))
}

/// That an outcome has no such year, and which it has.
pub fn no_year(line: &str, year: i32, years: &[i32]) -> String {
    let (first, last) = (years.iter().min().unwrap_or(&0), years.iter().max().unwrap_or(&0));
    format!("`{line}` has no year {year}: it goes from {first} to {last}")
}

/// As [`choose_with_year`], without a year.
fn choose(line: &str, candidates: &[Wording]) -> Result<Vec<usize>, String> {
    let mut said = words(line);
    let containing = |said: &[String]| -> Vec<usize> {
        (0..candidates.len()).filter(|&at| said.iter().all(|word| candidates[at].says(word))).collect()
    };
    // A name may contain such a word too: "Isle of Reeds".
    if containing(&said).is_empty() {
        said.retain(|word| !FILLING.contains(&word.as_str()));
    }
    if said.is_empty() {
        return Err("say what to look for, such as `share Honda US 2035`".to_owned());
    }
    let containing = containing(&said);
    let in_full: Vec<usize> =
        containing.iter().copied().filter(|&at| candidates[at].unsaid(&said) == 0).collect();
    match (in_full.is_empty(), containing.is_empty()) {
        (false, _) => Ok(in_full),
        (true, false) => Ok(containing),
        (true, true) => Err(unknown(line, &said, candidates)),
    }
}

/// That several things may be meant, and which.
pub fn ambiguous<'a>(line: &str, meant: impl IntoIterator<Item = &'a str>) -> String {
    format!("`{}` may mean several things; say which:{}", line.trim(), listed(meant))
}

/// A line for each, once, and how many more there are.
fn listed<'a>(all: impl IntoIterator<Item = &'a str>) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in all {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let mut text: String = lines.iter().take(MOST_LISTED).map(|line| format!("\n  {line}")).collect();
    if lines.len() > MOST_LISTED {
        text += &format!("\n  … and {} more", lines.len() - MOST_LISTED);
    }
    text
}

fn unknown(line: &str, said: &[String], candidates: &[Wording]) -> String {
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut known: Vec<&str> = Vec::new();
    for word in candidates.iter().flat_map(|candidate| candidate.parts.iter().flatten().flatten()) {
        if !known.contains(&word.as_str()) {
            known.push(word);
        }
    }
    let strange: Vec<&String> = said.iter().filter(|word| !known.contains(&word.as_str())).collect();
    if !strange.is_empty() {
        let mut lines: Vec<&str> = candidates.iter().map(|candidate| candidate.line.as_str()).collect();
        lines.dedup();
        if let Some(near) = nearest(&line, &lines) {
            return format!("no outcome `{line}`: did you mean `{near}`?");
        }
        let of = |word: &&String| match nearest(word, &known) {
            Some(near) => format!("`{word}` (did you mean `{near}`?)"),
            None => format!("`{word}`"),
        };
        let strange: Vec<String> = strange.iter().map(of).collect();
        return format!("no outcome `{line}`: nothing is called {}", strange.join(" or "));
    }
    let spoken = |candidate: &Wording| said.iter().filter(|word| candidate.says(word)).count();
    let most = candidates.iter().map(spoken).max().unwrap_or(0);
    let mut near: Vec<&Wording> = candidates.iter().filter(|candidate| spoken(candidate) == most).collect();
    // Those of the outcome that was said come first.
    near.sort_by_key(|candidate| {
        !said.iter().any(|word| candidate.parts[0].iter().flatten().any(|w| w == word))
    });
    let near = listed(near.iter().map(|candidate| candidate.line.as_str()));
    format!("no outcome has all of `{line}`; the nearest are:{near}")
}

/// Lower-case words: runs of letters and digits, and `&` (R&D).
fn words(text: &str) -> Vec<String> {
    let split = text.split(|letter: char| !letter.is_alphanumeric() && letter != '&');
    split.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates() -> Vec<Wording> {
        let of = |line: &str, parts: &[Vec<&str>]| Wording::new(line.to_owned(), parts, &[]);
        let region = || vec!["US", "United States"];
        vec![
            of("units US", &[vec!["units"], region()]),
            of("units Honda US", &[vec!["units"], vec!["Honda"], region()]),
            of("units alliance:hnm US", &[vec!["units"], vec!["alliance:hnm", "Honda + Nissan"], region()]),
            of("operating_profit Honda", &[vec!["operating_profit"], vec!["Honda"]]),
            of("variable_profit Honda US", &[vec!["variable_profit"], vec!["Honda"], region()]),
            of("rnd Honda", &[vec!["rnd", "R&D"], vec!["Honda"]]),
        ]
    }

    #[test]
    fn names_are_understood_in_any_order_and_by_any_of_their_ways() {
        let of = |line: &str| choose(line, &candidates()).unwrap();
        assert_eq!(of("US units"), [0]);
        assert_eq!(of("honda UNITS in the united states"), [1]);
        assert_eq!(
            of("Honda + Nissan units US"),
            [2],
            "the alliance, which is named in full, not its member"
        );
        assert_eq!(of("Honda"), [1, 2, 3, 4, 5]);
        assert_eq!(of("profit Honda"), [3, 4]);
        assert_eq!(of("hnm units"), [2], "the only one with these words");
        assert_eq!(of("r&d honda"), [5]);
    }

    #[test]
    fn what_is_not_understood_is_named_with_what_is_near() {
        let of = |line: &str| choose(line, &candidates()).unwrap_err();
        assert!(of("units Hondo US").contains("did you mean `units Honda US`?"));
        assert!(of("in the US, how many did hondo sell").contains("`hondo` (did you mean `honda`?)"));
        assert!(of("rnd US Honda").contains("the nearest are:\n  rnd Honda\n"), "{}", of("rnd US Honda"));
        assert!(of(" ").contains("say what to look for"));
    }
}
