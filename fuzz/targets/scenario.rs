//! Any bytes as a scenario, beside good tables.
#![no_main]

#[path = "../../tests/support/attempt.rs"]
#[allow(dead_code)]
mod attempt;
#[path = "good_files.rs"]
mod good_files;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut files = good_files::good_files();
    files[0].1 = bytes.to_vec();
    attempt::scenario(&files, &[]);
});
