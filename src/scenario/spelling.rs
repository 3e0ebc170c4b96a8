//! The nearest known name to a misspelt one.

/// The most similar of the known names, if any is similar enough to suggest.
pub fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase();
    let distance = |name: &str| {
        let distance = strsim::damerau_levenshtein(&word, &name.to_lowercase());
        let shortened = word.len() > 3 && name.to_lowercase().starts_with(&word);
        if shortened { distance.min(2) } else { distance }
    };
    known
        .iter()
        .map(|name| (distance(name), *name))
        .filter(|(distance, name)| *distance <= 1 + name.len().max(word.len()) / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// "did you mean `x`?", or the list of what is known.
pub fn suggestion<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(word, &known) {
        Some(name) => format!("did you mean `{name}`?"),
        None if known.is_empty() => "none is defined".to_owned(),
        None if known.len() > 24 => format!("known: {}, …", known[..24].join(", ")),
        None => format!("known: {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_slips_are_recognised_and_strangers_are_not() {
        let known = ["own_price_elasticity", "market_price_elasticity", "nest_rho", "loyalty"];
        assert_eq!(nearest("own_price_elastisity", &known), Some("own_price_elasticity"));
        assert_eq!(nearest("nest_roh", &known), Some("nest_rho"));
        assert_eq!(nearest("banana", &known), None);
        assert_eq!(nearest("Nisan", &["Honda", "Nissan"]), Some("Nissan"));
        assert_eq!(nearest("Volkswagen", &["Honda", "Volkswagen Group"]), Some("Volkswagen Group"));
    }
}
