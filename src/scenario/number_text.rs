//! How a number is written, and what a figure that is no plain number was meant to be. The advice never changes the
//! number: where a comma can be read both ways, both are given.

/// Marks that part thousands in print: spaces of several widths, underscores, apostrophes.
const GROUPING: [char; 7] = [' ', '\u{a0}', '\u{202f}', '\u{2009}', '_', '\'', '’'];

/// The shortest form of a number that reads back exactly.
pub fn shortest(value: f64) -> String {
    // Adding zero turns −0 into 0.
    let plain = (value + 0.0).to_string();
    let scientific = format!("{:e}", value + 0.0);
    if scientific.len() < plain.len() { scientific } else { plain }
}

/// How to write a figure that is no plain number.
pub fn advice(text: &str) -> String {
    let percent = text.strip_suffix('%').map(str::trim_end);
    let readings = readings(percent.unwrap_or(text));
    let plain = |reading: &String| match percent {
        Some(_) => format!("{}, a fraction", hundredth(reading.parse().unwrap_or(f64::NAN))),
        None => reading.clone(),
    };
    match readings.as_slice() {
        [one] => format!("write {}", plain(one)),
        [whole, parted] => format!(
            "write {} if the comma parts thousands, {} if it is a decimal comma",
            plain(whole),
            plain(parted)
        ),
        _ => "write a plain number such as 12500.5".to_owned(),
    }
}

/// A hundredth, without the noise of binary fractions.
pub fn hundredth(value: f64) -> f64 {
    format!("{:.6}", value / 100.0).parse().unwrap_or(value / 100.0)
}

/// The plain numbers that a figure can stand for: one, two, or none.
fn readings(text: &str) -> Vec<String> {
    let (sign, body) = match text.strip_prefix(['-', '−']) {
        Some(body) => ("-", body.trim_start()),
        None => ("", text),
    };
    let joined = match body.contains(GROUPING) {
        true => ungrouped(body, &GROUPING),
        false => Some(body.to_owned()),
    };
    let Some(body) = joined.filter(|body| body.starts_with(|first: char| first.is_ascii_digit())) else {
        return Vec::new();
    };
    let found = match (body.matches(',').count(), body.matches('.').count()) {
        (0, 0 | 1) => vec![Some(body.clone())],
        (1, 0) => commas(&body),
        (_, 0) => vec![ungrouped(&body, &[','])],
        (0, _) => vec![ungrouped(&body, &['.'])],
        // The mark that comes last is the decimal one.
        _ if body.rfind(',') < body.rfind('.') => vec![ungrouped(&body, &[','])],
        _ => vec![ungrouped(&body.replace(',', "\0"), &['.']).map(|body| body.replace('\0', "."))],
    };
    let numbers = found.into_iter().flatten().filter(|body| body.parse::<f64>().is_ok());
    numbers.map(|body| format!("{sign}{body}")).collect()
}

/// One comma and no point: thousands where three digits follow it and up to three stand before it.
fn commas(body: &str) -> Vec<Option<String>> {
    let parted = body.replace(',', ".");
    let whole = ungrouped(body, &[',']).filter(|_| !body.starts_with('0'));
    if whole.is_some() { vec![whole, Some(parted)] } else { vec![Some(parted)] }
}

/// The figure without the marks between its thousands; none if they stand elsewhere. After the first group
/// of one to three digits each has three (two where the lakh is counted), the last one three and what follows.
fn ungrouped(body: &str, marks: &[char]) -> Option<String> {
    let groups: Vec<&str> = body.split(marks).collect();
    let digits = |group: &str| group.chars().take_while(char::is_ascii_digit).count();
    let (last, others) = groups.split_last()?;
    let (first, inner) = others.split_first()?;
    let sound = digits(last) == 3
        && (1..=3).contains(&first.len())
        && inner.iter().all(|group| group.len() == 3 || group.len() == 2)
        && others.iter().all(|group| digits(group) == group.len());
    sound.then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_never_changes_the_number() {
        for (typed, advised) in [
            ("24000,50", "write 24000.50"),
            ("0,1", "write 0.1"),
            ("0,125", "write 0.125"),
            ("24000,500", "write 24000.500"),
            ("24,000", "write 24000 if the comma parts thousands, 24.000 if it is a decimal comma"),
            ("-1,234", "write -1234 if the comma parts thousands, -1.234 if it is a decimal comma"),
            ("2,704,549", "write 2704549"),
            ("27,04,549", "write 2704549"),
            ("2.704.549", "write 2704549"),
            ("24.000,50", "write 24000.50"),
            ("1.234.567,8", "write 1234567.8"),
            ("24,000.50", "write 24000.50"),
            ("24 000", "write 24000"),
            ("24\u{a0}000", "write 24000"),
            ("1\u{202f}234\u{202f}567,5", "write 1234567.5"),
            ("1_000", "write 1000"),
            ("1’234’567.25", "write 1234567.25"),
            ("−5", "write -5"),
            ("28%", "write 0.28, a fraction"),
            ("2,5 %", "write 0.025, a fraction"),
        ] {
            assert_eq!(advice(typed), advised, "{typed}");
        }
        let plain = "write a plain number such as 12500.5";
        for typed in
            ["many", "24,00,0", "1,2,3", "24 00", "24.00.00", "USD 5", ",5", "1,000,00", "1.2,3.4", ""]
        {
            assert_eq!(advice(typed), plain, "{typed}");
        }
    }
}
