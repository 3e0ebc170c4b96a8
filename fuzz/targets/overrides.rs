//! Any text as `--set`, line by line, on a good scenario.
#![no_main]

#[path = "../../tests/support/attempt.rs"]
#[allow(dead_code)]
mod attempt;
#[path = "good_files.rs"]
mod good_files;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let overrides: Vec<String> = text.lines().map(str::to_owned).collect();
    attempt::scenario(&good_files::good_files(), &overrides);
});
