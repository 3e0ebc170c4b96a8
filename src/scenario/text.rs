//! Reading text files: UTF-8 with or without a byte-order mark, with the hash of the bytes.

use std::fmt::Write;
use std::path::Path;

use sha2::{Digest, Sha256};

/// A file's text without its byte-order mark, and the SHA-256 of its bytes.
#[derive(Clone, Debug)]
pub struct Text {
    pub text: String,
    pub sha256: String,
}

/// Why a file could not be taken in, and what to do.
#[derive(Clone, Debug)]
pub struct Unreadable {
    pub what: String,
    pub remedy: String,
}

/// Reads a whole text file.
pub fn read(path: &Path) -> Result<Text, Unreadable> {
    let bytes = std::fs::read(path).map_err(|error| {
        let (what, remedy) = match error.kind() {
            std::io::ErrorKind::NotFound => ("the file does not exist".to_owned(), "check the path"),
            std::io::ErrorKind::PermissionDenied => {
                ("the file may not be read".to_owned(), "give yourself read permission")
            }
            std::io::ErrorKind::IsADirectory => ("this is a folder, not a file".to_owned(), "name a file"),
            _ => (format!("the file cannot be read: {error}"), "check the path"),
        };
        Unreadable { what, remedy: remedy.to_owned() }
    })?;
    let sha256 = Sha256::digest(&bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    decode(bytes).map(|text| Text { text, sha256 })
}

fn decode(bytes: Vec<u8>) -> Result<String, Unreadable> {
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
}
