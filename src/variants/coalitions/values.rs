//! From draws to what coalitions are worth, who would move, and ways to divide.

use super::structures::Structure;
use crate::games::{Coalition, Marginals, Stability, core, grand, has, has_core, players};
use crate::simulation::Kept;
use crate::simulation::summary::Estimate;

/// A difference smaller than this part of the members' profits moves nobody: rounding is no reason.
const ROUNDING: f64 = 1e-9;

/// What a coalition is worth: differences to nobody working together.
#[derive(Clone, Debug)]
pub struct Valued {
    pub coalition: Coalition,
    /// Present value by member of the whole alliance, inside or not; billions of money.
    pub values: Vec<Estimate>,
    /// Of the members inside, together.
    pub joint: Estimate,
    /// What else was looked at, in the order of [`super::Coalitions::outcomes`].
    pub outcomes: Vec<Estimate>,
    /// Of a coalition of two and more.
    pub stability: Option<Stable>,
}

/// Whether a coalition holds (d'Aspremont et al. 1983), outsiders being other members of the whole alliance.
#[derive(Clone, Debug)]
pub struct Stable {
    /// Who would move, by mean values.
    pub expected: Stability,
    /// Draws that the parts are of.
    pub n: u64,
    /// Part of draws in which nobody inside would leave.
    pub internal: f64,
    /// Part of draws in which nobody outside would join.
    pub external: f64,
    /// Per member, the part of draws in which it would leave, or join.
    pub moves: Vec<f64>,
}

/// Ways to divide what the whole alliance gains, by mean values.
#[derive(Clone, Debug)]
pub struct Division {
    /// What the worst-off coalition lacks in the least core, billions of money; below zero, what it has to spare.
    pub least_core: f64,
    /// Whether some division leaves no coalition better off apart.
    pub has_core: bool,
    /// Part of draws in which there is such a division, and their number.
    pub part_with_core: f64,
    pub n: u64,
    pub rules: Vec<Rule>,
}

/// One way to divide.
#[derive(Clone, Debug)]
pub struct Rule {
    pub name: &'static str,
    /// Whether it leaves no coalition better off apart.
    pub in_core: bool,
    /// What each member is left with, billions of money.
    pub allocation: Vec<f64>,
    /// What each member is paid for that (below zero: pays); they sum to zero.
    pub transfers: Vec<f64>,
}

/// All draws of all worlds, and where in them the coalitions stand.
pub(super) struct Draws<'a> {
    pub kept: &'a Kept,
    pub n_members: usize,
    /// Per coalition mask, its world; the first is that of nobody together.
    pub worlds: Vec<usize>,
    /// The first sums are the members' present values; those of outcomes begin here.
    pub first_outcome: usize,
    pub n_outcomes: usize,
}

impl Draws<'_> {
    /// A world's difference to another, draw by draw.
    pub fn change(&self, world: usize, from: usize, sum: usize) -> Vec<f64> {
        let (with, without) = (self.kept.draws(world, sum), self.kept.draws(from, sum));
        with.iter().zip(without).map(|(with, without)| with - without).collect()
    }

    /// Differences to nobody together: by coalition, by member, by draw.
    pub fn values(&self) -> Vec<Vec<Vec<f64>>> {
        let of_world = |&world: &usize| -> Vec<Vec<f64>> {
            (0..self.n_members).map(|member| self.change(world, self.worlds[0], member)).collect()
        };
        self.worlds.iter().map(of_world).collect()
    }

    /// What every coalition is worth, and how the whole can be divided.
    pub fn coalitions(&self) -> (Vec<Valued>, Option<Division>) {
        let values = self.values();
        let means: Vec<Vec<f64>> =
            values.iter().map(|of| of.iter().map(|draws| Estimate::of(draws).mean).collect()).collect();
        let rounding = self.rounding();
        let valued = (1..=grand(self.n_members)).map(|coalition| {
            let of = &values[coalition as usize];
            let joint = added(players(coalition).map(|member| &of[member]));
            let world = self.worlds[coalition as usize];
            let outcomes = 0..self.n_outcomes;
            let outcomes = outcomes.map(|outcome| {
                Estimate::of(&self.change(world, self.worlds[0], self.first_outcome + outcome))
            });
            Valued {
                coalition,
                values: of.iter().map(|draws| Estimate::of(draws)).collect(),
                joint: Estimate::of(&joint),
                outcomes: outcomes.collect(),
                stability: (coalition.count_ones() > 1)
                    .then(|| self.stability(coalition, &values, &means, &rounding)),
            }
        });
        (valued.collect(), self.division(&values, &means))
    }

    /// Per draw, what is too little to move for.
    fn rounding(&self) -> Vec<f64> {
        let levels = added_sizes((0..self.n_members).map(|member| self.kept.draws(self.worlds[0], member)));
        levels.into_iter().map(|level| ROUNDING * level).collect()
    }

    fn stability(
        &self,
        coalition: Coalition,
        values: &[Vec<Vec<f64>>],
        means: &[Vec<f64>],
        rounding: &[f64],
    ) -> Stable {
        let n = self.n_members;
        let worth_it = Estimate::of(rounding).mean;
        let expected =
            Stability::of(n, coalition, worth_it, |member, alliance| means[alliance as usize][member]);
        let (mut count, mut internal, mut external) = (0_u64, 0_u64, 0_u64);
        let mut moves = vec![0_u64; n];
        for (draw, &worth_it) in rounding.iter().enumerate().filter(|(_, level)| level.is_finite()) {
            let found = Stability::of(n, coalition, worth_it, |member, alliance| {
                values[alliance as usize][member][draw]
            });
            count += 1;
            internal += u64::from(found.leave.is_empty());
            external += u64::from(found.join.is_empty());
            found.leave.iter().chain(&found.join).for_each(|&member| moves[member] += 1);
        }
        let part = |times: u64| times as f64 / count as f64;
        Stable {
            expected,
            n: count,
            internal: part(internal),
            external: part(external),
            moves: moves.into_iter().map(part).collect(),
        }
    }

    fn division(&self, values: &[Vec<Vec<f64>>], means: &[Vec<f64>]) -> Option<Division> {
        let n = self.n_members;
        let all = grand(n);
        let game = |value: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
            let worth = |coalition: Coalition| -> f64 {
                players(coalition).map(|member| value(coalition as usize, member)).sum()
            };
            (0..=all).map(worth).collect()
        };
        let worth = game(&|coalition, member| means[coalition][member]);
        let allocation = core(n, &worth)?;
        let marginals = Marginals::exact(n)?;
        let shapley: Vec<f64> = (0..n).map(|member| marginals.value(member, &worth)).collect();
        let rule = |name, allocation: Vec<f64>| Rule {
            name,
            in_core: in_core(&worth, &allocation),
            transfers: allocation.iter().zip(&means[all as usize]).map(|(gets, has)| gets - has).collect(),
            allocation,
        };
        let draws = values[0].first().map_or(0, Vec::len);
        let of_draws = (0..draws).map(|draw| game(&|coalition, member| values[coalition][member][draw]));
        let defined = of_draws.filter(|worth| worth.iter().all(|value| value.is_finite()));
        let cores: Vec<bool> = defined.filter_map(|worth| has_core(n, &worth)).collect();
        let with = cores.iter().filter(|has_core| **has_core).count();
        Some(Division {
            least_core: allocation.least_core,
            has_core: allocation.has_core,
            part_with_core: with as f64 / cores.len() as f64,
            n: cores.len() as u64,
            rules: vec![rule("shapley", shapley), rule("nucleolus", allocation.nucleolus)],
        })
    }
}

/// Whether no coalition would be better off apart, but for the tolerance of a linear programme.
fn in_core(worth: &[f64], allocation: &[f64]) -> bool {
    let scale = worth.iter().fold(0.0_f64, |scale, value| scale.max(value.abs()));
    worth.iter().enumerate().skip(1).all(|(coalition, value)| {
        let gets: f64 = players(coalition as Coalition).map(|member| allocation[member]).sum();
        gets >= value - 1e-5 * scale
    })
}

/// Sums draw by draw.
pub(super) fn added<'a>(draws: impl Iterator<Item = &'a Vec<f64>>) -> Vec<f64> {
    sum(draws.map(Vec::as_slice), |value| value)
}

fn added_sizes<'a>(draws: impl Iterator<Item = &'a [f64]>) -> Vec<f64> {
    sum(draws, f64::abs)
}

fn sum<'a>(draws: impl Iterator<Item = &'a [f64]>, of: impl Fn(f64) -> f64) -> Vec<f64> {
    let mut total: Vec<f64> = Vec::new();
    for draws in draws {
        total.resize(draws.len(), 0.0);
        total.iter_mut().zip(draws).for_each(|(total, &value)| *total += of(value));
    }
    total
}

/// The groups of a coalition structure: the coalition, and what its outsiders do.
pub(super) fn groups(members: &[String], coalition: Coalition, together: bool) -> Structure {
    let of = |inside: bool| -> Vec<String> {
        let these = members.iter().enumerate().filter(|(member, _)| has(coalition, *member) == inside);
        these.map(|(_, name)| name.clone()).collect()
    };
    let mut groups = vec![of(true)];
    if together && coalition != 0 {
        groups.push(of(false));
    }
    groups.retain(|group| group.len() > 1);
    // A structure is one world, whichever of its groups is asked about.
    groups.sort_by_key(|group| members.iter().position(|member| *member == group[0]));
    groups
}
