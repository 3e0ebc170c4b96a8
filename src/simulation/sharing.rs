//! What alliances do in a year of one world: log cost effects, platform savings, shared research.

use super::base::Base;
use crate::market::cost::effective_volume;
use crate::market::model::{AllianceModel, MarketModel, PoolKind, PoolModel, Split, Values};
use crate::market::pool::{
    added_to, breakup_time, experience_effect, fade, joint_programme, partner_weight, platform_saving,
    purchasing_effect, ramp_until, shared_research, split_joint_cost,
};
use crate::numeric::Real;

/// One pool's members and effects; per member, then per component where it says so.
pub(super) struct PoolEffects<R> {
    pub alliance: usize,
    pub pool: usize,
    /// How far each member has come along the ramp from its own start; it goes no further after its end.
    ramp: Vec<R>,
    /// Part of its effect that an end of membership leaves a member, 1 while it lasts.
    remains: Vec<R>,
    /// 1 from the year on by whose middle the member has joined, 0 before.
    joined: Vec<R>,
    /// Ramp and what remains together: 0 before the start, 1 at full effect, less after a break-up.
    pub strength: Vec<R>,
    /// Log cost effect: `member · components + component`.
    pub log_cost: Vec<R>,
    /// Fixed cost saved, USD.
    pub fixed_saving: Vec<R>,
}

/// The alliances of one world in one block.
pub(super) struct Sharing<R> {
    /// Calendar time of each alliance's break-up.
    pub breakup: Vec<R>,
    /// Active pools of active alliances.
    pub pools: Vec<PoolEffects<R>>,
}

/// What a year's effects are computed from.
pub(super) struct YearView<'a, R> {
    pub model: &'a MarketModel,
    pub values: Values<'a, R>,
    pub base: &'a Base<R>,
    /// Experience, pooled volume and annual volume, by maker and component.
    pub experience: &'a [R],
    pub pool_volume: &'a [R],
    pub own: &'a [R],
    pub volume: &'a [R],
}

impl<R: Real> Sharing<R> {
    #[inline(always)]
    pub fn of(token: R::Token, model: &MarketModel, values: Values<R>, central: bool) -> Sharing<R> {
        let breakup = model
            .alliances
            .iter()
            .map(|alliance| match central {
                true => R::splat(token, f64::INFINITY),
                false => {
                    // What goes ahead reaches its first pool (without any, common control); from then on it
                    // can break up.
                    let shares = alliance.pools.iter().any(|pool| pool.active);
                    let mut start = R::splat(token, if shares { f64::INFINITY } else { alliance.control });
                    for pool in alliance.pools.iter().filter(|pool| pool.active) {
                        start = start.min(values.at(pool.start));
                    }
                    let start = start.max(R::splat(token, alliance.start));
                    breakup_time(start, values.at(alliance.breakup_hazard), values.at(alliance.breakup_draw))
                }
            })
            .collect();
        let mut pools = Vec::new();
        for (a, alliance) in model.alliances.iter().enumerate().filter(|(_, alliance)| alliance.active) {
            for (p, pool) in alliance.pools.iter().enumerate().filter(|(_, pool)| pool.active) {
                let zeros = |n: usize| vec![R::zero(token); n];
                let n = pool.members.len();
                pools.push(PoolEffects {
                    alliance: a,
                    pool: p,
                    strength: zeros(n),
                    remains: zeros(n),
                    joined: zeros(n),
                    ramp: zeros(n),
                    log_cost: zeros(n * model.components.len()),
                    fixed_saving: zeros(n),
                });
            }
        }
        Sharing { breakup, pools }
    }

    /// The effects of calendar year `year`; adds each pool's log cost effects to `log_cost` (by maker
    /// and component).
    #[inline(always)]
    pub fn update(&mut self, token: R::Token, year: f64, view: &YearView<R>, log_cost: &mut [R]) {
        if self.pools.is_empty() {
            return;
        }
        let (model, values) = (view.model, view.values);
        // Experience that earlier pools have already brought a maker is not counted again.
        let mut experience = view.experience.to_vec();
        let mut bought = vec![R::zero(token); log_cost.len()];
        for effects in &mut self.pools {
            let alliance = &model.alliances[effects.alliance];
            let pool = &alliance.pools[effects.pool];
            effects.strengths(token, alliance, pool, values, year, self.breakup[effects.alliance]);
            let realised = values.at(pool.realised_fraction);
            effects.costs(token, alliance, pool, view, &mut experience, realised);
            let n = model.components.len();
            let maker = |at: usize| alliance.members[pool.members[at]].maker;
            for at in 0..pool.members.len() {
                let f = maker(at);
                for k in 0..n {
                    let effect = &mut effects.log_cost[at * n + k];
                    if let PoolKind::Purchasing = pool.kind {
                        *effect = added_to(bought[f * n + k], *effect);
                        bought[f * n + k] += *effect;
                    }
                    log_cost[f * n + k] += *effect;
                }
            }
        }
    }

    /// Adds to `inflow` what technology pools bring each maker this year, given everyone's R&D.
    #[inline(always)]
    pub fn research(
        &self,
        model: &MarketModel,
        values: Values<R>,
        base: &Base<R>,
        rnd: &[R],
        inflow: &mut [R],
    ) {
        for effects in &self.pools {
            let alliance = &model.alliances[effects.alliance];
            let pool = &alliance.pools[effects.pool];
            let PoolKind::Technology { duplication, field_share } = pool.kind else { continue };
            let (duplication, field_share) = (values.at(duplication), values.at(field_share));
            let scale = values.at(pool.compatibility) * values.at(pool.realised_fraction);
            for (at, &member) in pool.members.iter().enumerate() {
                let f = alliance.members[member].maker;
                for (of, &partner) in pool.members.iter().enumerate() {
                    if of == at {
                        continue;
                    }
                    let h = alliance.members[partner].maker;
                    let strength = effects.strength[at].min(effects.strength[of]) * scale;
                    let (own, theirs) = (base.makers[f].rnd, base.makers[h].rnd);
                    inflow[f] += shared_research(rnd[h], field_share, duplication, own, theirs) * strength;
                }
            }
        }
    }
}

impl<R: Real> PoolEffects<R> {
    /// How far `of` is in the pool for member `at`.
    #[inline(always)]
    fn weight(&self, of: usize, at: usize) -> R {
        let fades = partner_weight(self.remains[of], self.remains[at]);
        self.joined[of] * fades * partner_weight(self.ramp[of], self.ramp[at])
    }

    #[inline(always)]
    fn strengths(
        &mut self,
        token: R::Token,
        alliance: &AllianceModel,
        pool: &PoolModel,
        values: Values<R>,
        year: f64,
        breakup: R,
    ) {
        for (at, &member) in pool.members.iter().enumerate() {
            let member = &alliance.members[member];
            let start = values.at(pool.start).max(R::splat(token, member.from));
            let end = breakup.min(R::splat(token, member.until));
            let remains = fade(year, end, values.at(alliance.fade_years));
            let joined = if member.from <= year + 0.5 { 1.0 } else { 0.0 };
            self.remains[at] = remains;
            self.joined[at] = R::splat(token, joined);
            self.ramp[at] = ramp_until(year, start, values.at(pool.ramp_years), end);
            self.strength[at] = self.ramp[at] * remains;
        }
    }

    #[inline(always)]
    fn costs(
        &mut self,
        token: R::Token,
        alliance: &AllianceModel,
        pool: &PoolModel,
        view: &YearView<R>,
        experience: &mut [R],
        realised: R,
    ) {
        let (model, values, base) = (view.model, view.values, view.base);
        let n = model.components.len();
        let compatibility = values.at(pool.compatibility);
        let maker = |at: usize| alliance.members[pool.members[at]].maker;
        let members = 0..pool.members.len();
        match &pool.kind {
            PoolKind::Experience => {
                let counts = -values.at(model.spillover) + 1.0;
                for &k in &pool.components {
                    for at in members.clone() {
                        let own = maker(at) * n + k;
                        let mut extra = R::zero(token);
                        for of in members.clone().filter(|of| *of != at) {
                            let strength = self.strength[at].min(self.strength[of]);
                            extra += view.own[maker(of) * n + k] * strength;
                        }
                        let with = experience[own] + counts * compatibility * extra;
                        self.log_cost[at * n + k] =
                            experience_effect(base.learning[k], with, experience[own], realised);
                        experience[own] = with;
                    }
                }
            }
            PoolKind::Purchasing => {
                let saturation = values.at(model.scale_saturation);
                for &k in &pool.components {
                    let elasticity = values.at(model.components[k].scale_elasticity);
                    for at in members.clone() {
                        let own = maker(at) * n + k;
                        let mut new = effective_volume(view.volume[own], base.volume[own]);
                        for of in members.clone().filter(|of| *of != at) {
                            let theirs = maker(of) * n + k;
                            new += effective_volume(view.volume[theirs], base.volume[theirs])
                                * self.weight(of, at);
                        }
                        let strength = self.strength[at] * compatibility * realised;
                        self.log_cost[at * n + k] =
                            purchasing_effect(elasticity, new, view.pool_volume[own], saturation, strength);
                    }
                }
            }
            PoolKind::Platform { overhead, split, stand_alone } => {
                let whole = model.components.iter().position(|c| c.remainder).unwrap_or(0);
                for at in members.clone() {
                    let weight: Vec<R> = members.clone().map(|of| self.weight(of, at)).collect();
                    let weighted = |value: &dyn Fn(usize) -> R| -> Vec<R> {
                        members.clone().map(|of| value(of) * weight[of]).collect()
                    };
                    let alone = weighted(&|of| values.at(stand_alone[of]));
                    let mut charges = match split {
                        Split::StandAlone => alone.clone(),
                        Split::Volume => weighted(&|of| view.volume[maker(of) * n + whole]),
                        Split::Stated(parts) => parts.iter().map(|part| values.at(*part)).collect(),
                    };
                    let joint = joint_programme(token, &alone, values.at(*overhead));
                    split_joint_cost(token, &alone, joint, &mut charges);
                    let strength = self.strength[at] * compatibility * realised;
                    self.fixed_saving[at] =
                        platform_saving(alone[at], charges[at], strength) * super::base::BILLION;
                }
            }
            PoolKind::Technology { .. } => {}
        }
    }
}

impl<R: Real> Sharing<R> {
    /// What integration costs each pool member, USD: a multiple of the yearly saving at base-year
    /// volumes and cost if the pool were at full effect and all went as planned. `spend` is what each
    /// maker spends worldwide on each component in the base year.
    #[inline(always)]
    pub fn integration_costs(
        token: R::Token,
        model: &MarketModel,
        values: Values<R>,
        base: &Base<R>,
        spend: &[R],
    ) -> Vec<Vec<R>> {
        let n = model.components.len();
        let mut sharing = Sharing::of(token, model, values, true);
        let view = YearView {
            model,
            values,
            base,
            experience: &base.experience,
            pool_volume: &base.pool_volume,
            own: &base.own,
            volume: &base.volume,
        };
        let mut experience = base.experience.clone();
        let as_planned = R::one(token);
        sharing
            .pools
            .iter_mut()
            .map(|effects| {
                let alliance = &model.alliances[effects.alliance];
                let pool = &alliance.pools[effects.pool];
                effects.ramp.fill(as_planned);
                effects.remains.fill(as_planned);
                effects.joined.fill(as_planned);
                effects.strength.fill(as_planned);
                effects.costs(token, alliance, pool, &view, &mut experience, as_planned);
                let multiple = values.at(alliance.integration_cost);
                (0..pool.members.len())
                    .map(|at| {
                        let f = alliance.members[pool.members[at]].maker;
                        effects.saving(token, at, &spend[f * n..][..n]) * multiple
                    })
                    .collect()
            })
            .collect()
    }
}

impl<R: Real> PoolEffects<R> {
    /// What a member saves in a year, USD, if it spends `spend` on each component with the pool.
    #[inline(always)]
    pub fn saving(&self, token: R::Token, at: usize, spend: &[R]) -> R {
        let mut sum = R::zero(token);
        for (effect, &spent) in self.log_cost[at * spend.len()..].iter().zip(spend) {
            sum += spent * ((-*effect).exp() - 1.0);
        }
        sum + self.fixed_saving[at]
    }
}
