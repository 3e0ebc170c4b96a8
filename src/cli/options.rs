//! Options that many commands have: whole numbers, threads, the progress bar.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;

/// No machine has use for more, and starting very many takes longer than the work.
pub(super) const MOST_THREADS: u64 = 1024;

/// Reads a whole number between two others, and asks for one if it is none.
pub(super) fn whole(least: u64, most: u64) -> impl Fn(&str) -> Result<u64, String> + Clone {
    move |text: &str| {
        let number = text.parse().ok().filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| format!("write a whole number from {least} to {most}"))
    }
}

/// So many threads; as many as there are cores where nobody says.
pub(super) fn threads(asked: Option<u64>) -> Result<rayon::ThreadPool, Failure> {
    let builder = rayon::ThreadPoolBuilder::new().num_threads(asked.map_or(0, |threads| threads as usize));
    builder.build().map_err(|error| Failure::Run(format!("cannot start threads: {error}")))
}

/// On a terminal only.
pub(super) fn progress_bar(replications: u64, quiet: bool) -> ProgressBar {
    match quiet {
        true => ProgressBar::hidden(),
        false => bar(replications, "simulating {bar:40} {pos}/{len} replications, {eta} left"),
    }
}

/// A bar of so many steps; on a terminal only.
pub(super) fn bar(steps: u64, style: &str) -> ProgressBar {
    match std::io::stderr().is_terminal() {
        true => {
            ProgressBar::new(steps).with_style(ProgressStyle::with_template(style).expect("a fixed template"))
        }
        false => ProgressBar::hidden(),
    }
}
