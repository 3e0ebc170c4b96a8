//! Any bytes as a market in JSON.
#![no_main]

#[path = "../../tests/support/attempt.rs"]
#[allow(dead_code)]
mod attempt;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    attempt::equilibrium(&vec![("market.json".to_owned(), bytes.to_vec())]);
});
