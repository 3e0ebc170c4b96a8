//! Writes a year's outcomes of a world into its columns.

use super::accounts::billions;
use super::outcomes::{FirmSlots, Outcomes, SavingSlots, SellerSlots, Slots};
use super::world::Walk;
use crate::market::welfare::consumer_surplus;
use crate::numeric::Real;

/// The columns of one world in one block: `column · lanes + lane`.
pub(super) struct Record<'a> {
    pub outcomes: &'a Outcomes,
    pub slots: &'a Slots,
    pub columns: &'a mut [f64],
}

/// Sums over offers that a price or a share is made of.
#[derive(Clone, Copy)]
struct Sales<R> {
    units: R,
    revenue: R,
    variable_profit: R,
}

impl<R: Real> Sales<R> {
    fn none(token: R::Token) -> Sales<R> {
        let zero = R::zero(token);
        Sales { units: zero, revenue: zero, variable_profit: zero }
    }
    #[inline(always)]
    fn add(&mut self, other: Sales<R>) {
        self.units += other.units;
        self.revenue += other.revenue;
        self.variable_profit += other.variable_profit;
    }
    /// Units-weighted price; undefined without sales.
    #[inline(always)]
    fn price(self) -> R {
        let token = self.units.token();
        let sold = R::zero(token).lt(self.units);
        R::select(sold, self.revenue / self.units, R::splat(token, f64::NAN))
    }
}

impl Record<'_> {
    #[inline(always)]
    fn put<R: Real>(&mut self, slot: usize, year: usize, value: R) {
        if let Some(column) = self.outcomes.place(slot, year) {
            value.store(&mut self.columns[column * R::LANES..][..R::LANES]);
        }
    }

    #[inline(always)]
    pub fn year<R: Real>(&mut self, walk: &Walk<R>, year: usize) {
        for r in 0..walk.model.regions.len() {
            self.region(walk, r, year);
        }
        self.makers(walk, year);
        self.savings(walk, year);
    }

    #[inline(always)]
    fn region<R: Real>(&mut self, walk: &Walk<R>, r: usize, year: usize) {
        let token = walk.token;
        let (model, here, base) = (walk.model, &walk.regions[r], &walk.base.regions[r]);
        let region = &model.regions[r];
        let slots = &self.slots.regions[r];
        let nan = R::splat(token, f64::NAN);
        let mut all = Sales::none(token);
        let mut sellers = vec![Sales::none(token); region.sellers.len()];
        for (j, slots) in slots.offers.iter().enumerate() {
            let units = here.buyers * here.work.share[j];
            let (price, margin) = (here.work.price[j], here.work.margin[j]);
            let sold = R::zero(token).lt(units);
            let sales = Sales { units, revenue: units * price, variable_profit: units * margin };
            sellers[region.seller_of[j]].add(sales);
            all.add(sales);
            self.put(slots.units, year, units);
            self.put(slots.price, year, R::select(sold, price, nan));
            self.put(slots.marginal_cost, year, R::select(sold, here.market.cost[j], nan));
            self.put(slots.margin, year, R::select(sold, margin / price, nan));
        }
        let mut hhi = R::zero(token);
        for (s, (slots, sales)) in slots.sellers.iter().zip(&sellers).enumerate() {
            let share = sales.units / all.units;
            // A fringe stands for many small makers, whose squared shares are next to nothing.
            if !region.layout.fringe[region.sellers[s].maker] {
                hhi += share * share * 1e4;
            }
            self.seller(slots, year, *sales, share);
        }
        for (slots, alliance) in slots.alliances.iter().zip(&model.alliances) {
            let mut together = Sales::none(token);
            for member in &alliance.members {
                if let Some(s) = region.sellers.iter().position(|seller| seller.maker == member.maker) {
                    together.add(sellers[s]);
                }
            }
            self.seller(slots, year, together, together.units / all.units);
        }
        self.put(slots.units, year, all.units);
        self.put(slots.price, year, all.price());
        self.put(slots.hhi, year, hhi);
        for (nest, slot) in slots.nest_share.iter().enumerate() {
            if let Some(slot) = slot {
                let inside = -here.work.outside_share[0] + 1.0;
                self.put(*slot, year, here.work.nest_share[nest] / inside);
            }
        }
        let surplus = consumer_surplus(
            model.response,
            base.alpha,
            here.work.outside_share[0],
            base.outside_share,
            here.buyers,
            base.spending,
        );
        self.put(slots.consumer_surplus, year, billions(surplus));
    }

    #[inline(always)]
    fn seller<R: Real>(&mut self, slots: &SellerSlots, year: usize, sales: Sales<R>, share: R) {
        self.put(slots.units, year, sales.units);
        self.put(slots.price, year, sales.price());
        self.put(slots.share, year, share);
        self.put(slots.variable_profit, year, billions(sales.variable_profit));
    }

    #[inline(always)]
    fn makers<R: Real>(&mut self, walk: &Walk<R>, year: usize) {
        let (token, model, ledger) = (walk.token, walk.model, &walk.ledger);
        let slots = self.slots;
        for (f, slots) in slots.makers.iter().enumerate() {
            if let Some(slots) = slots {
                let knowledge = walk.state.knowledge[f] / walk.base.makers[f].knowledge;
                let profit = [ledger.operating_profit[f], walk.state.earned[f]];
                self.firm(slots, year, ledger.units[f], profit, ledger.rnd[f], knowledge);
            }
        }
        for (slots, alliance) in slots.alliances.iter().zip(&model.alliances) {
            let mut sums = [R::zero(token); 6];
            for member in alliance.members.iter().filter(|member| model.makers[member.maker].sells) {
                let f = member.maker;
                let (stock, base) = (walk.state.knowledge[f], walk.base.makers[f].knowledge);
                let profit = [ledger.operating_profit[f], walk.state.earned[f]];
                let parts = [ledger.units[f], profit[0], profit[1], ledger.rnd[f], stock, base];
                for (sum, part) in sums.iter_mut().zip(parts) {
                    *sum += part;
                }
            }
            self.firm(slots, year, sums[0], [sums[1], sums[2]], sums[3], sums[4] / sums[5]);
        }
    }

    #[inline(always)]
    fn firm<R: Real>(
        &mut self,
        slots: &FirmSlots,
        year: usize,
        units: R,
        [profit, cumulated]: [R; 2],
        rnd: R,
        knowledge: R,
    ) {
        self.put(slots.units, year, units);
        self.put(slots.operating_profit, year, billions(profit));
        if let Some(slot) = slots.cumulated_profit {
            self.put(slot, year, billions(cumulated));
        }
        self.put(slots.rnd, year, billions(rnd));
        self.put(slots.knowledge, year, knowledge);
    }

    /// Savings by pool and member, per member over all pools, and per alliance; zero without a pool.
    #[inline(always)]
    fn savings<R: Real>(&mut self, walk: &Walk<R>, year: usize) {
        let (token, model, ledger) = (walk.token, walk.model, &walk.ledger);
        let slots = self.slots;
        let zero = R::zero(token);
        let mut by_maker = vec![zero; model.makers.len()];
        let mut by_alliance = vec![zero; model.alliances.len()];
        let mut cars = vec![zero; model.alliances.len()];
        for (a, alliance) in model.alliances.iter().enumerate() {
            for member in alliance.members.iter().filter(|member| model.makers[member.maker].sells) {
                cars[a] += ledger.world_units[member.maker];
            }
            for (p, pool) in alliance.pools.iter().enumerate() {
                let active = walk.sharing.pools.iter().position(|e| e.alliance == a && e.pool == p);
                let mut together = zero;
                for (at, &member) in pool.members.iter().enumerate() {
                    let maker = alliance.members[member].maker;
                    let saving = active.map_or(zero, |active| ledger.savings[active][at]);
                    by_maker[maker] += saving;
                    if let Some(slots) = &slots.pools[a][p].members[at] {
                        together += saving;
                        self.saving(slots, year, saving, ledger.world_units[maker]);
                    }
                }
                by_alliance[a] += together;
                self.saving(&slots.pools[a][p].alliance, year, together, cars[a]);
            }
        }
        for (maker, slots) in slots.maker_saving.iter().enumerate() {
            if let Some(slots) = slots {
                self.saving(slots, year, by_maker[maker], ledger.world_units[maker]);
            }
        }
        for (a, slots) in slots.alliance_saving.iter().enumerate() {
            self.saving(slots, year, by_alliance[a], cars[a]);
        }
    }

    #[inline(always)]
    fn saving<R: Real>(&mut self, slots: &SavingSlots, year: usize, usd: R, cars: R) {
        self.put(slots.total, year, billions(usd));
        self.put(slots.per_car, year, usd / cars);
    }
}
