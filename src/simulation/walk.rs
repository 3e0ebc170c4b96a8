//! One world, all years, one block of replications: the model's story.
//!
//! Every year: what has been learnt and shared sets unit costs; trends, shocks, knowledge and loyalty
//! set quality; prices follow; buyers choose; accounts are drawn up; stocks move on. Costs, knowledge,
//! installed base and averaging weights of a year use the state at the end of the year before.

use super::Examined;
use super::failure::{Cause, Solved};
use super::lane::{examine, rescue};
use super::paths::RegionPath;
use super::record::Record;
use super::world::Walk;
use crate::market::pricing::{Closure, Conduct, Market, Options, Start, Types, solve_nested};
use crate::numeric::{Mask, Real};

/// What to do with a region's path: find it (the reference world's first walk) or follow it.
pub(super) enum Mode<'a, R> {
    Find(&'a mut [RegionPath<R>]),
    Follow(&'a [RegionPath<R>], Record<'a>),
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

impl<R: Real> Walk<'_, R> {
    /// Walks through all years. Each step is compiled as a function of its own.
    #[inline(always)]
    pub fn run(mut self, mut mode: Mode<R>) -> Walked<R> {
        let token = self.token;
        for year in 0..self.model.n_years {
            R::outlined(
                token,
                #[inline(always)]
                || self.component_costs(year),
            );
            for r in 0..self.model.regions.len() {
                R::outlined(
                    token,
                    #[inline(always)]
                    || self.terms(r, year),
                );
                self.prices(r, year, &mut mode);
            }
            R::outlined(
                token,
                #[inline(always)]
                || self.draw_up_accounts(year),
            );
            if let Mode::Follow(_, record) = &mut mode {
                R::outlined(
                    token,
                    #[inline(always)]
                    || record.year(&self, year),
                );
            }
            R::outlined(
                token,
                #[inline(always)]
                || self.advance(year),
            );
        }
        Walked {
            solved: self.solved,
            failures: self.failures,
            examined: self.examined,
            breakup: self.sharing.breakup,
        }
    }

    /// Solves a region's prices: at given nest shares, which finds the path's shift and buyers, or at
    /// given shift and buyers.
    #[inline(always)]
    fn prices(&mut self, r: usize, year: usize, mode: &mut Mode<R>) {
        let base = &self.base.regions[r];
        match mode {
            Mode::Find(paths) => {
                let path = &mut paths[r];
                let start = path.markup.last().unwrap_or(&base.markup).clone();
                self.solve(r, year, &start, Closure::NestShares(&path.nest_share[year]));
                let terms = &mut self.years[r];
                terms.buyers = path.volume[year] / (-base.outside_share + 1.0);
                let mut shift = terms.work.nest_shift.clone();
                if year == 0 {
                    // The base year is reproduced as it is, without the rounding of a shift.
                    shift.fill(R::zero(self.token));
                }
                path.buyers.push(terms.buyers);
                path.shift.push(shift);
                path.markup.push(terms.work.markup.clone());
            }
            Mode::Follow(paths, _) => {
                let path = &paths[r];
                let terms = &mut self.years[r];
                terms.buyers = path.buyers[year];
                for (utility, &g) in terms.utility.iter_mut().zip(&self.model.regions[r].layout.nest_of) {
                    *utility += path.shift[year][g];
                }
                self.solve(r, year, &path.markup[year], Closure::OutsideGood);
            }
        }
    }

    #[inline(always)]
    fn solve(&mut self, r: usize, year: usize, start: &[R], closure: Closure<R>) {
        let (region, base) = (&self.model.regions[r], &self.base.regions[r]);
        let last = year + 1 == self.model.n_years;
        let here = &mut self.years[r];
        let market = Market {
            layout: &region.layout,
            response: self.model.response,
            types: Types { weight: &[1.0], alpha: std::slice::from_ref(&base.alpha), taste: &[] },
            rho: &base.rho,
            utility: &here.utility,
            cost: &here.cost,
            tax: &here.tax,
            credit: &here.credit,
            overhang: &here.overhang,
            available: &here.available,
            fixed_price: &[],
            conduct: Conduct {
                row: &region.conduct.row,
                column: &region.conduct.column,
                weight: &here.conduct,
            },
            closure,
        };
        let solution =
            solve_nested(self.token, &market, &mut here.work, Start::Markups(start), Options::default());
        let mut most = R::zero(self.token);
        for &part in &here.available {
            most = most.max(part);
        }
        // A market in which nothing is on sale is solved by any price.
        let offered = R::zero(self.token).lt(most);
        let fine = solution.converged.and(solution.markup_positive).and(offered);
        if self.examine && last {
            self.examined.merge(examine(&market, &here.work, 0));
        }
        for lane in 0..self.lanes {
            // What has failed before goes on without sense.
            if self.failures[lane].is_some() {
                continue;
            }
            let residual = match fine.lane(lane) {
                true => Some(solution.residual.lane(lane)),
                false if offered.lane(lane) => rescue(&market, &mut here.work, lane),
                false => None,
            };
            self.solved.equilibria += 1;
            match residual {
                Some(residual) => self.solved.worst_residual = self.solved.worst_residual.max(residual),
                None => {
                    self.solved.failed += 1;
                    let calendar = self.model.base_year + year as i32;
                    let cause = if offered.lane(lane) { Cause::NoEquilibrium } else { Cause::NoOffers };
                    self.failures[lane] = Some((cause, r, calendar));
                }
            }
        }
    }
}
