//! Any bytes as what a part of a run holds: the first two say where.
#![no_main]

#[path = "../../tests/support/attempt.rs"]
#[allow(dead_code)]
mod attempt;

use std::sync::OnceLock;

static SAMPLE: OnceLock<attempt::Sample> = OnceLock::new();
static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let sample = SAMPLE.get_or_init(|| {
        let text = include_bytes!("../../scenarios/minimal.toml").to_vec();
        attempt::Sample::new(&vec![("minimal.toml".to_owned(), text)])
    });
    let [high, low, content @ ..] = bytes else { return };
    match u16::from_be_bytes([*high, *low]) {
        u16::MAX => {
            let folder = FOLDER.get_or_init(|| tempfile::tempdir().expect("a folder"));
            attempt::part_file(folder.path(), content);
        }
        number => {
            sample.merge_with(number.into(), content);
        }
    }
});
