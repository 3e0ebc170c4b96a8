//! Break-even: the value of an input at which a goal holds in just so large a part of draws.
//!
//! The part of draws is a function of the input, on common draws: looked at on a grid, and between two neighbours on
//! different sides of the confidence asked for by bisection. What lies between two neighbours on the same side is not
//! seen.

use super::goal::Goal;
use super::scan::Load;
use super::values::{evenly, typed};
use crate::preparation;
use crate::scenario::{Problem, Problems};
use crate::simulation::outcomes::{Outcomes, Wanted};
use crate::simulation::{Kept, Request, TWO_SIDED_95, simulate};

/// Points of the grid that crossings are looked for on.
pub const POINTS: usize = 17;
/// Halvings of a grid cell.
const HALVINGS: usize = 8;

/// What is asked.
pub struct Question<'a> {
    pub load: &'a Load<'a>,
    /// The input's key, as `--set` has it.
    pub input: String,
    pub range: (f64, f64),
    pub goal: Goal,
    /// The part of draws in which the goal is to hold, between 0 and 1.
    pub confidence: f64,
    /// The key of the world that is compared with the reference.
    pub world: String,
    pub replications: u64,
}

/// In how many draws a goal holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    pub held: u64,
    /// Draws in which every outcome of the goal is defined.
    pub n: u64,
}

impl Chance {
    /// Part of the draws; not a number where there are none.
    pub fn part(self) -> f64 {
        self.held as f64 / self.n as f64
    }
}

/// The chance at one value of the input; none where there is no market.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct At {
    pub value: f64,
    pub chance: Option<Chance>,
}

/// Where the goal begins or ceases to hold surely enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossing {
    pub value: f64,
    /// The goal holds above it, not below.
    pub rising: bool,
    /// Where the confidence is crossed once the sampling error of the part of draws (95 %) is taken away and added;
    /// none where that is beyond the range.
    pub low: Option<f64>,
    pub high: Option<f64>,
}

/// The answer for one setting of everything else.
#[derive(Clone, Debug, PartialEq)]
pub struct Breakeven {
    /// In order of values: the grid, and what was looked at between.
    pub curve: Vec<At>,
    /// In order of values.
    pub crossings: Vec<Crossing>,
}

impl Question<'_> {
    /// The chance with settings, each as `--set` has it: how often the goal holds where the world goes ahead.
    fn chance(&self, settings: &[String]) -> Result<Option<Chance>, Problems> {
        let scenario = (self.load)(settings)?;
        let Ok(market) = preparation::market(&scenario) else { return Ok(None) };
        let experiment = &market.experiment;
        let world = market.names.worlds.iter().position(|world| *world == self.world);
        let world = world.expect("a world that there is");
        let all = Outcomes::of(&experiment.models, &Wanted::All).expect("all that there is");
        let keys = self.goal.keys(&market.names, &all).map_err(|wrong| {
            Problems::from(
                Problem::new(wrong)
                    .fix("write an outcome with its year, as in `share alliance:hnm US 2035 > 0`"),
            )
        })?;
        let wanted = Wanted::Only(keys.clone());
        let request = Request::new(experiment, &[world], &wanted, 0..self.replications);
        let request = request.expect("a world and outcomes that there are");
        let mut kept = Kept::new(&request);
        simulate(experiment, &request, &mut [&mut kept], &|_| {});
        let place =
            |world: usize| request.worlds().iter().position(|&other| other == world).expect("simulated");
        let draws = |world: usize| -> Vec<&[f64]> {
            let columns = keys.iter().map(|key| request.outcomes.column(key).expect("asked for"));
            columns.map(|column| kept.draws(place(world), column)).collect()
        };
        let (with, without) = (draws(world), draws(experiment.reference));
        let mut chance = Chance { held: 0, n: 0 };
        for draw in 0..self.replications as usize {
            let values = with.iter().zip(&without).map(|(with, without)| (with[draw], without[draw]));
            if values.clone().any(|(with, without)| with.is_nan() || without.is_nan()) {
                continue;
            }
            chance.n += 1;
            let holds = self
                .goal
                .conditions
                .iter()
                .zip(values)
                .all(|(goal, (with, without))| goal.holds(with, without));
            chance.held += u64::from(holds);
        }
        Ok(Some(chance).filter(|chance| chance.n > 0))
    }

    /// The break-even values, with `others` set too; `looked` is called after each look.
    pub fn answer(&self, others: &[String], looked: &(dyn Fn() + Sync)) -> Result<Breakeven, Problems> {
        let look = |value: f64| {
            let mut settings = others.to_vec();
            settings.push(format!("{}={}", self.input, typed(value)));
            let chance = self.chance(&settings)?;
            looked();
            Ok(At { value, chance })
        };
        let grid = evenly(self.range, POINTS).into_iter().map(look).collect::<Result<Vec<At>, Problems>>()?;
        let mut search = Search { curve: grid, look: &look };
        let mut crossings = search.crossings(self.confidence)?;
        for crossing in &mut crossings {
            let n = search.draws_near(crossing.value);
            let error = TWO_SIDED_95 * (self.confidence * (1.0 - self.confidence) / n).sqrt();
            // Where the goal holds above, a lower bar is met further below.
            let (below, above) = match crossing.rising {
                true => (self.confidence - error, self.confidence + error),
                false => (self.confidence + error, self.confidence - error),
            };
            crossing.low = search.beyond(crossing, below, false)?;
            crossing.high = search.beyond(crossing, above, true)?;
        }
        Ok(Breakeven { curve: search.curve, crossings })
    }
}

/// Values that were looked at, in order, and the way to look at more.
struct Search<'a> {
    curve: Vec<At>,
    look: &'a dyn Fn(f64) -> Result<At, Problems>,
}

/// Whether the part of draws reaches a level; where there is no market nothing is reached or missed.
fn reaches(at: &At, level: f64) -> Option<bool> {
    at.chance.map(|chance| chance.part() >= level)
}

impl Search<'_> {
    /// Where neighbours lie on different sides of a level.
    fn crossings(&mut self, level: f64) -> Result<Vec<Crossing>, Problems> {
        let mut crossings = Vec::new();
        for pair in self.curve.clone().windows(2) {
            let sides = (reaches(&pair[0], level), reaches(&pair[1], level));
            if let (Some(before), Some(after)) = sides
                && before != after
            {
                let value = self.halve(pair[0], pair[1], level)?;
                crossings.push(Crossing { value, rising: after, low: None, high: None });
            }
        }
        Ok(crossings)
    }

    /// The value between two on different sides of a level, to a small part of their distance.
    fn halve(&mut self, mut a: At, mut b: At, level: f64) -> Result<f64, Problems> {
        let side = reaches(&a, level);
        for _ in 0..HALVINGS {
            let middle = (self.look)(0.5 * (a.value + b.value))?;
            self.keep(middle);
            match reaches(&middle, level) {
                None => break,
                now if now == side => a = middle,
                _ => b = middle,
            }
        }
        Ok(0.5 * (a.value + b.value))
    }

    fn keep(&mut self, at: At) {
        let place = self.curve.partition_point(|other| other.value < at.value);
        if self.curve.get(place).is_none_or(|other| other.value != at.value) {
            self.curve.insert(place, at);
        }
    }

    /// Draws at the nearest value that was looked at.
    fn draws_near(&self, value: f64) -> f64 {
        let solved = self.curve.iter().filter_map(|at| Some((at.value, at.chance?)));
        let nearest = solved.min_by(|a, b| (a.0 - value).abs().total_cmp(&(b.0 - value).abs()));
        nearest.map_or(f64::NAN, |(_, chance)| chance.n as f64)
    }

    /// Where another level is crossed, going up or down from a crossing; none before the range ends.
    fn beyond(&mut self, from: &Crossing, level: f64, up: bool) -> Result<Option<f64>, Problems> {
        let curve = self.curve.clone();
        let mut way: Vec<At> = curve.into_iter().filter(|at| (at.value > from.value) == up).collect();
        if !up {
            way.reverse();
        }
        // Above a rising crossing the part of draws is to reach the level, below it to fall short of it.
        let wanted = from.rising == up;
        let mut last: Option<At> = None;
        for at in way {
            match reaches(&at, level) {
                None => return Ok(None),
                Some(reached) if reached == wanted => {
                    return match last {
                        Some(last) => self.halve(last, at, level).map(Some),
                        None => Ok(Some(at.value)),
                    };
                }
                Some(_) => last = Some(at),
            }
        }
        Ok(None)
    }
}
