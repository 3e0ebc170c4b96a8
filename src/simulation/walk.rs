//! One world, all years, one block of replications: the model's story.
//!
//! Every year the makers *learn*: experience, scale and what they share set unit costs. In each region they
//! *offer*: growth, shocks, knowledge and loyalty set quality, policies and dates what is on sale. They *price*,
//! and buyers choose. They *account* for sales, R&D and savings; and stocks *advance*. Costs, knowledge, installed
//! base and averaging weights of a year use the state at the end of the year before.

use super::Examined;
use super::failure::{Cause, Solved};
use super::paths::RegionPath;
use super::record::Record;
use super::world::Walk;
use crate::numeric::Real;

/// What to do with a region's path: find it (the reference world's first walk) or follow it.
pub(super) enum Mode<'a, R> {
    Find(&'a mut [RegionPath<R>]),
    Follow(&'a [RegionPath<R>], Record<'a>),
}

impl<R> Mode<'_, R> {
    /// The given share of each nest of a region, by year.
    fn nest_share(&self, region: usize) -> &[Vec<R>] {
        match self {
            Mode::Find(paths) => &paths[region].nest_share,
            Mode::Follow(paths, _) => &paths[region].nest_share,
        }
    }
}

/// What a walk leaves besides its recorded outcomes.
pub(super) struct Walked<R> {
    pub solved: Solved,
    /// Per lane: what failed first, in which region and calendar year.
    pub failures: [Option<(Cause, usize, i32)>; 8],
    pub examined: Examined,
    /// Calendar time of each alliance's break-up.
    pub breakup: Vec<R>,
}

/// Calls a step compiled as a function of its own: the code of all in one would be too large.
macro_rules! step {
    ($token:ident, $call:expr) => {
        R::outlined(
            $token,
            #[inline(always)]
            || $call,
        )
    };
}

impl<R: Real> Walk<'_, R> {
    /// Walks through all years.
    #[inline(always)]
    pub fn run(mut self, mut mode: Mode<R>) -> Walked<R> {
        let token = self.token;
        for year in 0..self.model.n_years {
            step!(token, self.learn(year));
            for region in 0..self.model.regions.len() {
                step!(token, self.offer(region, year, &mode.nest_share(region)[year]));
                self.price(region, year, &mut mode);
            }
            step!(token, self.account(year));
            if let Mode::Follow(_, record) = &mut mode {
                step!(token, record.year(&self, year));
            }
            step!(token, self.advance(year));
        }
        let Walk { solved, failures, examined, sharing, .. } = self;
        Walked { solved, failures, examined, breakup: sharing.breakup }
    }
}
