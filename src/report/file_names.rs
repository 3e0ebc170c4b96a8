//! `file_names`: names of worlds and regions as parts of file names, each different.

/// Longer ones are cut: with a prefix and an ending, the name must fit the 255 bytes of most file systems.
const MOST_BYTES: usize = 200;

/// A part of a file name for each name, in the order of the names: letters and digits of any script, in
/// lower case, and `-` for all else. Of equal ones the first stays as it is, the others get a number.
pub fn file_names<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taken: Vec<String> = Vec::new();
    for name in names {
        let plain = plain(name);
        let numbered = (2..).map(|number: usize| format!("{plain}-{number}"));
        let free = std::iter::once(plain.clone()).chain(numbered).find(|name| !taken.contains(name));
        taken.extend(free);
    }
    taken
}

fn plain(name: &str) -> String {
    let lower = name.chars().flat_map(char::to_lowercase);
    let mut plain = String::new();
    for letter in lower.map(|c| if c.is_alphanumeric() { c } else { '-' }) {
        if plain.len() + letter.len_utf8() > MOST_BYTES {
            break;
        }
        plain.push(letter);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_stay_readable_and_apart() {
        let of = |names: &[&str]| file_names(names.iter().copied());
        assert_eq!(of(&["US", "China", "no-deals"]), ["us", "china", "no-deals"]);
        assert_eq!(of(&["提携", "合併"]), ["提携", "合併"]);
        assert_eq!(of(&["to gether", "to-gether", "To/gether"]), ["to-gether", "to-gether-2", "to-gether-3"]);
        assert_eq!(of(&["a-2", "a", "A"]), ["a-2", "a", "a-3"]);
        assert_eq!(of(&["!", "?", ""]), ["-", "--2", ""]);
    }

    proptest! {
        #[test]
        fn no_two_files_have_the_same_name(names in prop::collection::vec("[aA ./äÄ提]{0,4}|.*|(é){150}", 0..9)) {
            let parts = file_names(names.iter().map(String::as_str));
            prop_assert_eq!(parts.len(), names.len());
            for (k, part) in parts.iter().enumerate() {
                prop_assert!(!parts[..k].contains(part) && part.len() < 210);
                prop_assert!(part.chars().all(|c| c.is_alphanumeric() || c == '-'));
            }
        }
    }
}
