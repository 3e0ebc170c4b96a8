//! What text may be: its encoding, the characters that are fit to be shown, and the names that are fit for tables.

/// Why a file could not be taken in, and what to do.
#[derive(Clone, Debug)]
pub struct Unreadable {
    pub what: String,
    pub remedy: String,
}

/// The text of a file: UTF-8, without its byte-order mark.
pub fn decode(bytes: Vec<u8>) -> Result<String, Unreadable> {
    let refuse = |encoding: &str| Unreadable {
        what: format!("the file is in {encoding}, not in UTF-8"),
        remedy: "save it as UTF-8 (in a spreadsheet: \"CSV UTF-8\")".to_owned(),
    };
    let zeros = |odd: usize| bytes.iter().skip(odd).step_by(2).take(200).filter(|byte| **byte == 0).count();
    match bytes[..] {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => return Err(refuse("UTF-32")),
        [0xFF, 0xFE, ..] => return Err(refuse("UTF-16 LE")),
        [0xFE, 0xFF, ..] => return Err(refuse("UTF-16 BE")),
        _ if bytes.len() > 3 && zeros(1) > bytes.len().min(400) / 4 => return Err(refuse("UTF-16 LE")),
        _ if bytes.len() > 3 && zeros(0) > bytes.len().min(400) / 4 => return Err(refuse("UTF-16 BE")),
        _ => {}
    }
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let position = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let line = 1 + bytes[..position].iter().filter(|byte| **byte == b'\n').count();
        Unreadable {
            what: format!(
                "the file is not UTF-8: byte {} (line {line}) is 0x{:02X}, as in Latin-1 (Windows-1252), \
                 Shift-JIS or GBK",
                position + 1,
                bytes[position]
            ),
            remedy: "save it as UTF-8 (in a spreadsheet: \"CSV UTF-8\")".to_owned(),
        }
    })?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
        text.shrink_to_fit();
    }
    Ok(text)
}

/// Control characters, overrides of the direction of text, invisible marks and code points that are no
/// characters: they change what a terminal, a chart or a spreadsheet shows.
fn is_unfit(letter: char) -> bool {
    let invisible = matches!(letter, '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}');
    let direction = matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let line = matches!(letter, '\u{2028}' | '\u{2029}');
    let no_character =
        matches!(letter as u32 & 0xffff, 0xfffe | 0xffff) || ('\u{fdd0}'..='\u{fdef}').contains(&letter);
    letter.is_control() || invisible || direction || line || no_character
}

/// What is wrong with a text that is to be printed and what to do, if anything is. It may have several lines.
pub fn unfit_text(text: &str) -> Option<(String, String)> {
    let found = text.chars().find(|letter| is_unfit(*letter) && !['\n', '\r', '\t'].contains(letter))?;
    let what = format!("the invisible character U+{:04X} stands in this text", u32::from(found));
    Some((what, "take it out".to_owned()))
}

/// What is wrong with a name and what to do, if anything is. Names go into tables, which spreadsheets open.
pub fn unfit_name(name: &str) -> Option<(String, String)> {
    if let Some(found) = name.chars().find(|letter| is_unfit(*letter)) {
        let what = format!(
            "the invisible character U+{:04X} stands in the name `{}`",
            u32::from(found),
            shown(name)
        );
        return Some((what, "take it out".to_owned()));
    }
    let first = name.chars().next().filter(|first| ['=', '+', '-', '@'].contains(first))?;
    let what = format!("the name `{name}` begins with `{first}`, which a spreadsheet takes for a formula");
    Some((what, "begin it with a letter or a digit".to_owned()))
}

/// The text with a mark in place of every character that is not fit to be shown; line ends and tabs stay.
pub fn shown(text: &str) -> String {
    text.chars()
        .map(|letter| if is_unfit(letter) && !['\n', '\t'].contains(&letter) { '\u{fffd}' } else { letter })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_encodings_are_refused_by_name() {
        let wrong = |bytes: &[u8]| decode(bytes.to_vec()).unwrap_err().what;
        assert!(wrong(b"\xff\xfea\0b\0").contains("UTF-16 LE"));
        assert!(wrong(b"\xfe\xff\0a\0b").contains("UTF-16 BE"));
        assert!(wrong(b"a\0b\0c\0d\0").contains("UTF-16 LE"));
        assert!(wrong(b"\0a\0b\0c\0d").contains("UTF-16 BE"));
        let latin = wrong(b"name\nCitro\xebn\n");
        assert!(latin.contains("Latin-1") && latin.contains("byte 11 (line 2)"), "{latin}");
    }

    #[test]
    fn a_byte_order_mark_is_dropped() {
        assert_eq!(decode(b"\xef\xbb\xbfa = 1\r\n".to_vec()).unwrap(), "a = 1\r\n");
        assert_eq!(decode("Citroën".as_bytes().to_vec()).unwrap(), "Citroën");
    }

    #[test]
    fn names_and_texts_show_what_they_are() {
        for name in ["Citroën", "日産", "4Runner", "a-b=c", "Ťatra", "شركة"] {
            assert_eq!(unfit_name(name), None, "{name}");
        }
        for name in
            ["=1+1", "+x", "-x", "@SUM", "a\u{1b}[31m", "a\nb", "a\u{202e}b", "a\u{ffff}", "a\u{200b}"]
        {
            assert!(unfit_name(name).is_some(), "{name:?}");
        }
        assert_eq!(unfit_text("= two\nlines\t- and a tab"), None);
        assert!(unfit_text("\u{7}").unwrap().0.contains("U+0007"));
        assert_eq!(shown("a\u{1b}[31m\nb\u{202e}"), "a\u{fffd}[31m\nb\u{fffd}");
    }
}
