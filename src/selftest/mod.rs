//! What a user can check on their own machine: that intervals hold what they say, that draws are what they should be, and
//! that this machine computes the same bits as any other. Each check is a figure beside what was expected.

mod coverage;
mod draws;
mod market;

/// One check.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    pub about: &'static str,
    /// The figure, for people.
    pub found: String,
    pub expected: String,
    pub holds: bool,
}

/// How much is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Seeds whose intervals are compared with the true value.
    pub seeds: u64,
    /// Draws of every distribution and stream.
    pub draws: usize,
}

/// Groups of checks in the order they are made; the last takes as long as its seeds.
pub const GROUPS: [fn(Size) -> Vec<Check>; 5] =
    [draws::streams, draws::distributions, draws::correlations, market::checks, coverage::checks];
