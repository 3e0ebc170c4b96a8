//! A region's prices in a year: solved for all lanes at once, rescued one by one where that does not do.

use super::failure::Cause;
use super::lane::{examine, rescue};
use super::region_year::RegionYear;
use super::walk::Mode;
use super::world::Walk;
use crate::market::pricing::{Closure, Options, Start, solve_nested};
use crate::numeric::{Mask, Real};

impl<R: Real> Walk<'_, R> {
    /// Solves a region's prices: at given nest shares, which finds the path's shift and buyers, or at
    /// given shift and buyers.
    #[inline(always)]
    pub(super) fn price(&mut self, r: usize, year: usize, mode: &mut Mode<R>) {
        let base = &self.base.regions[r];
        match mode {
            Mode::Find(paths) => {
                let path = &mut paths[r];
                let start = path.markup.last().unwrap_or(&base.markup).clone();
                self.solve(r, year, &start, Closure::NestShares(path.nest_share[year].clone()));
                let here = &mut self.regions[r];
                here.buyers = path.volume[year] / (-base.outside_share + 1.0);
                let mut shift = here.work.nest_shift.clone();
                if year == 0 {
                    // The base year is reproduced as it is, without the rounding of a shift.
                    shift.fill(R::zero(self.token));
                }
                path.buyers.push(here.buyers);
                path.shift.push(shift);
                path.markup.push(here.work.markup.clone());
            }
            Mode::Follow(paths, _) => {
                let path = &paths[r];
                let here = &mut self.regions[r];
                here.buyers = path.buyers[year];
                for (utility, &g) in here.market.utility.iter_mut().zip(&self.model.regions[r].layout.nest_of)
                {
                    *utility += path.shift[year][g];
                }
                self.solve(r, year, &path.markup[year], Closure::OutsideGood);
            }
        }
    }

    #[inline(always)]
    fn solve(&mut self, r: usize, year: usize, start: &[R], closure: Closure<R>) {
        let last = year + 1 == self.model.n_years;
        let RegionYear { market, work, .. } = &mut self.regions[r];
        market.closure = closure;
        let solution = solve_nested(self.token, market, work, Start::Markups(start), Options::default());
        let mut most = R::zero(self.token);
        for &part in &market.available {
            most = most.max(part);
        }
        // A market in which nothing is on sale is solved by any price.
        let offered = R::zero(self.token).lt(most);
        let fine = solution.converged.and(solution.markup_positive).and(offered);
        if self.examine && last {
            self.examined.merge(examine(market, work, 0));
        }
        for lane in 0..self.lanes {
            // What has failed before goes on without sense.
            if self.failures[lane].is_some() {
                continue;
            }
            let residual = match fine.lane(lane) {
                true => Some(solution.residual.lane(lane)),
                false if offered.lane(lane) => rescue(market, work, lane),
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
