//! Numbers in words: shares, points, money, draws, each in one form wherever it is printed.

use crate::report::csv_file::{order_of_magnitude, power_of_ten};

/// Smallest change of share that a reader is told of: what rounds to a hundredth of a percentage point.
pub const VISIBLE: f64 = 5e-5;
/// Fewer draws than this have no 5 % and no 95 % quantile worth the name.
pub const FEWEST_DRAWS: u64 = 20;
/// Smallest change of profit worth a word: a dollar, in billions.
const VISIBLE_PROFIT: f64 = 1e-9;

/// A share of the market.
pub fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

/// A difference of shares in percentage points: two decimals, three where two would hide its sign.
pub fn points(difference: f64) -> String {
    let value = difference * 100.0;
    if (0.0005..0.005).contains(&value.abs()) { signed(value, 3) } else { signed(value, 2) }
}

/// As [`points`], where the sentence says the direction.
pub fn unsigned_points(difference: f64) -> String {
    points(difference.abs()).trim_start_matches('+').to_owned()
}

/// With a sign; without one where it rounds to zero.
pub fn signed(value: f64, decimals: usize) -> String {
    let text = format!("{value:+.decimals$}");
    let zero = text.trim_start_matches(['+', '-']).bytes().all(|b| matches!(b, b'0' | b'.'));
    if zero { text[1..].to_owned() } else { text.replace('-', "−") }
}

/// A number with a sign, to three significant digits.
pub fn three_digits(value: f64) -> String {
    let decimals = (2 - order_of_magnitude(value.abs())).clamp(0, 9);
    signed(value, decimals as usize)
}

/// A stated or drawn number, to four significant digits.
pub fn four_digits(value: f64) -> String {
    let rounded: f64 = format!("{value:.3e}").parse().expect("just written");
    rounded.to_string()
}

/// A difference in a unit of the files: fractions in percentage points.
pub fn difference(value: f64, unit: &str) -> String {
    match unit {
        _ if !value.is_finite() => "–".to_owned(),
        "fraction" => format!("{} points", points(value)),
        unit => format!("{} {unit}", three_digits(value)),
    }
}

/// A number of goods to two significant digits, with separators.
pub fn about(count: f64) -> String {
    let count = count.abs();
    let step = power_of_ten((order_of_magnitude(count.max(1.0)) - 1).max(0));
    thousands((count / step).round() * step)
}

/// A whole number with separators.
pub fn thousands(count: f64) -> String {
    let digits = format!("{count:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) && digits.as_bytes()[place - 1] != b'-' {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How often something happens.
pub fn of_100_draws(part: f64) -> String {
    match part {
        _ if part <= 0.0 => "no draw".into(),
        _ if part >= 1.0 => "all draws".into(),
        _ if part < 0.005 => "fewer than 1 of 100 draws".into(),
        _ if part > 0.995 => "more than 99 of 100 draws".into(),
        _ => format!("{:.0} of 100 draws", part * 100.0),
    }
}

/// A chance, from the lowest to the highest that is thought possible.
pub fn chance((low, high): (f64, f64)) -> String {
    let (low, high) = (format!("{:.0}", low * 100.0), format!("{:.0}", high * 100.0));
    if low == high { format!("{low} %") } else { format!("{low} to {high} %") }
}

/// A sum of money in billions, in the unit that keeps its digits: `USD 0.32 bn`, `USD 4.1 m`, `USD 250`.
pub fn sum(billions: f64, money: &str) -> String {
    let (factor, unit) = money_unit(billions.abs());
    let value = billions.abs() * factor;
    let decimals = if unit.is_empty() { 0 } else { 2 };
    format!("{money} {value:.decimals$}{unit}")
}

/// By what billions are multiplied, and what the product is called: small sums in a smaller unit.
fn money_unit(most: f64) -> (f64, &'static str) {
    match most {
        _ if most >= 0.05 => (1.0, " bn"),
        _ if most >= 5e-5 => (1e3, " m"),
        _ => (1e9, ""),
    }
}

/// What happens to a profit in billions a year.
pub fn change_of_profit(mean: f64, interval: Option<(f64, f64)>, money: &str) -> String {
    let (p05, p95) = interval.unwrap_or((mean, mean));
    let most = [mean, p05, p95].into_iter().map(f64::abs).fold(0.0, f64::max);
    if most < VISIBLE_PROFIT {
        return "does not change".into();
    }
    let (factor, unit) = money_unit(most);
    let decimals = if unit.is_empty() { 0 } else { 2 };
    let range = match interval {
        Some((p05, p95)) => {
            format!(
                " (90 of 100 draws: {} to {}{unit})",
                signed(factor * p05, decimals),
                signed(factor * p95, decimals)
            )
        }
        None => String::new(),
    };
    let size = format!("{:.decimals$}", factor * mean.abs());
    match mean >= 0.0 {
        _ if size.bytes().all(|b| matches!(b, b'0' | b'.')) => format!("is the same on average{range}"),
        true => format!("is {money} {size}{unit} a year higher on average{range}"),
        false => format!("is {money} {size}{unit} a year lower on average{range}"),
    }
}

/// As a sentence begins.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// One or several, with the number.
pub fn counted(n: u64, one: &str, several: &str) -> String {
    format!("{} {}", thousands(n as f64), if n == 1 { one } else { several })
}

/// A list as a sentence has it.
pub fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// A region's name where a sentence goes on.
pub fn in_region(name: &str) -> String {
    let with_article =
        name.starts_with("United ") || matches!(name, "US" | "USA" | "UK" | "EU" | "European Union");
    if with_article { format!("the {name}") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_low_end_keeps_its_sign() {
        assert_eq!(points(0.0011), "+0.11");
        assert_eq!(points(0.00002), "+0.002");
        assert_eq!(points(-0.00002), "−0.002");
        assert_eq!(points(1e-8), "0.00");
        assert_eq!(points(-1e-17), "0.00");
        assert_eq!(points(-0.0122), "−1.22");
    }

    #[test]
    fn counts_are_round_and_have_separators() {
        assert_eq!(about(17_321.0), "17,000");
        assert_eq!(about(-1_251_000.0), "1,300,000");
        assert_eq!(about(7.4), "7");
        assert_eq!(thousands(960_000.0), "960,000");
        assert_eq!(thousands(-1_000.0), "-1,000");
        assert_eq!(counted(1, "draw", "draws"), "1 draw");
    }

    #[test]
    fn certainty_is_only_claimed_where_it_was_seen() {
        assert_eq!(of_100_draws(0.949), "95 of 100 draws");
        assert_eq!(of_100_draws(0.9999), "more than 99 of 100 draws");
        assert_eq!(of_100_draws(1.0), "all draws");
        assert_eq!(of_100_draws(0.0001), "fewer than 1 of 100 draws");
        assert_eq!(of_100_draws(0.0), "no draw");
    }

    #[test]
    fn a_profit_that_does_not_move_is_neither_higher_nor_lower() {
        let change = |mean, p05, p95| change_of_profit(mean, Some((p05, p95)), "USD");
        assert_eq!(change(0.0, 0.0, 0.0), "does not change");
        assert_eq!(change(-1e-11, -1e-10, 0.0), "does not change");
        assert_eq!(change(0.001, -1.5, 1.5), "is the same on average (90 of 100 draws: −1.50 to +1.50 bn)");
        assert_eq!(
            change(-0.5, -1.0, 0.0),
            "is USD 0.50 bn a year lower on average (90 of 100 draws: −1.00 to 0.00 bn)"
        );
        assert_eq!(
            change(0.004, 0.001, 0.006),
            "is USD 4.00 m a year higher on average (90 of 100 draws: +1.00 to +6.00 m)"
        );
        assert_eq!(change_of_profit(4e-7, None, "EUR"), "is EUR 400 a year higher on average");
        assert_eq!(sum(-0.18, "USD"), "USD 0.18 bn");
    }

    #[test]
    fn lists_and_chances_read_as_sentences() {
        let list =
            |n: usize| joined(&["a", "b", "c"][..n].iter().map(|s| (*s).to_owned()).collect::<Vec<_>>());
        assert_eq!((list(1), list(2), list(3)), ("a".into(), "a and b".into(), "a, b and c".into()));
        assert_eq!(chance((0.35, 0.75)), "35 to 75 %");
        assert_eq!(chance((0.5, 0.5)), "50 %");
        assert_eq!(in_region("United States"), "the United States");
        assert_eq!(in_region("China"), "China");
    }
}
