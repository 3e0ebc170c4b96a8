//! Spoils a text as people, editors and other programs do: the same way for the same seed.

use super::markets::Draws;

/// What stands in for a number.
const NUMBERS: [&str; 22] = [
    "0",
    "-1",
    "1e308",
    "-1e308",
    "1e-308",
    "5e-324",
    "1e400",
    "nan",
    "inf",
    "-inf",
    "-0.0",
    "0x10",
    "1_000",
    "1e15",
    "0.9999999999999999",
    "99999999999999999999",
    "9223372036854775807",
    "-9223372036854775808",
    "4294967296",
    "\"1\"",
    "1,5",
    "2024-02-30",
];

/// What stands in for a word.
const WORDS: [&str; 26] = [
    "",
    "日本",
    "e\u{301}",
    "é",
    "\u{202e}gnp",
    "\u{feff}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{0}",
    "\u{1b}[31m",
    "🚗",
    "\u{a0}",
    "=1+1",
    "@x",
    "'",
    "\"",
    "\"\"\"",
    "[",
    "]",
    "{",
    "}",
    "#",
    "[[worlds]]",
    "a.b.c",
    "../../etc",
    "true",
];

/// A span of one kind of letters: a word, a number, spaces, or one other sign.
fn tokens(text: &[u8]) -> Vec<std::ops::Range<usize>> {
    let kind = |byte: u8| match byte {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'.' | b'-' | 0x80.. => 0,
        b' ' => 1,
        other => u16::from(other) + 2,
    };
    let mut spans: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, &byte) in text.iter().enumerate() {
        match spans.last_mut() {
            Some(last) if kind(byte) < 2 && kind(text[last.start]) == kind(byte) => last.end = at + 1,
            _ => spans.push(at..at + 1),
        }
    }
    spans
}

/// One or two edits of a text; `others` lend words.
pub fn mutate(text: &[u8], others: &[u8], draws: &mut Draws) -> Vec<u8> {
    let mut text = text.to_vec();
    for _ in 0..draws.up_to(2) {
        edit(&mut text, others, draws);
    }
    text
}

fn edit(text: &mut Vec<u8>, others: &[u8], draws: &mut Draws) {
    if text.is_empty() {
        text.extend_from_slice(others);
        return;
    }
    let spans = tokens(text);
    let letter = |span: &std::ops::Range<usize>, text: &[u8]| text[span.start].is_ascii_alphanumeric();
    let words: Vec<_> = spans.iter().filter(|span| letter(span, text)).cloned().collect();
    let numbers: Vec<_> = words.iter().filter(|span| text[span.start].is_ascii_digit()).cloned().collect();
    let pick = |from: &[std::ops::Range<usize>], draws: &mut Draws| match from.len() {
        0 => 0..text.len().min(1),
        n => from[draws.below(n)].clone(),
    };
    let lines: Vec<_> = text
        .split_inclusive(|byte| *byte == b'\n')
        .scan(0, |start, line| {
            *start += line.len();
            Some(*start - line.len()..*start)
        })
        .collect();
    match draws.below(12) {
        // A flipped bit.
        0 => {
            let at = draws.below(text.len());
            text[at] ^= 1 << draws.below(8);
        }
        // A few letters are gone.
        1 => {
            let at = draws.below(text.len());
            let end = (at + draws.up_to(20)).min(text.len());
            text.drain(at..end);
        }
        // A line is gone, twice there, or another's.
        2 => drop(text.drain(pick(&lines, draws))),
        3 => {
            let line = text[pick(&lines, draws)].to_vec();
            let at = pick(&lines, draws).start;
            text.splice(at..at, line);
        }
        // Two words change places.
        4 => {
            let (a, b) = (pick(&words, draws), pick(&words, draws));
            let (first, second) = if a.start <= b.start { (a, b) } else { (b, a) };
            if first.end <= second.start {
                let (one, two) = (text[first.clone()].to_vec(), text[second.clone()].to_vec());
                text.splice(second, one);
                text.splice(first, two);
            }
        }
        // The text ends early.
        5 => text.truncate(draws.below(text.len())),
        6 => {
            let sign = pick(&spans, draws);
            text.drain(sign);
        }
        7 | 8 => {
            let number = NUMBERS[draws.below(NUMBERS.len())].bytes();
            text.splice(pick(&numbers, draws), number);
        }
        9 => {
            let word = WORDS[draws.below(WORDS.len())].bytes();
            text.splice(pick(&words, draws), word);
        }
        10 => {
            let sign = WORDS[draws.below(WORDS.len())].bytes();
            let at = pick(&spans, draws).start;
            text.splice(at..at, sign);
        }
        // A word from elsewhere.
        _ => {
            let theirs = tokens(others);
            let word = others[pick(&theirs, draws)].to_vec();
            text.splice(pick(&words, draws), word);
        }
    }
}
