//! Any bytes as one of the tables of a good scenario: the first byte says which.
#![no_main]

#[path = "../../tests/support/attempt.rs"]
#[allow(dead_code)]
mod attempt;
#[path = "good_files.rs"]
mod good_files;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((which, table)) = bytes.split_first() else { return };
    let mut files = good_files::good_files();
    let at = 1 + usize::from(*which) % (files.len() - 1);
    files[at].1 = table.to_vec();
    attempt::scenario(&files, &[]);
});
