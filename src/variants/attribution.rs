//! Attribution: what a world's difference to the reference comes from.
//!
//! A world's changes are grouped into channels ([`Channels`]); every combination of them is simulated as a world
//! of its own on the same draws, and each channel's part is its Shapley value (Shapley 1953; as a decomposition,
//! Shorrocks 2013), draw by draw. With many channels the Shapley value is estimated from sampled orders (Castro,
//! Gómez & Tejada 2009): that error is in the standard error.

use crate::analysis;
use crate::calibration::{self, Names};
use crate::games::{Marginals, Orders};
use crate::preparation;
use crate::scenario::attribution::Attribution as Asked;
use crate::scenario::{Problem, Problems, Scenario, dotted};
use crate::simulation::outcomes::{Key, Outcomes, Wanted};
use crate::simulation::saved::Unfit;
use crate::simulation::summary::Estimate;
use crate::simulation::{Contrast, Contrasts, Experiment, Progress, Request, Work};
use crate::uncertainty::Stream;

use super::channels::{Channels, is_stated};
use super::usual::usual_outcomes;

/// The parts of all outcomes that were asked for, by world.
#[derive(Clone, Debug)]
pub struct Attribution {
    pub worlds: Vec<Attributed>,
}

/// What a world's difference to the reference is made of.
#[derive(Clone, Debug)]
pub struct Attributed {
    /// The world's position in the scenario.
    pub world: usize,
    /// Its channels; without any it is the reference in all but name.
    pub channels: Vec<String>,
    pub orders: Orders,
    pub outcomes: Vec<Key>,
    /// What the indices of the outcomes stand for.
    pub names: Names,
    pub replications: u64,
    /// Per outcome: each channel's part, then the total. Standard errors hold the error of sampled orders.
    pub parts: Vec<Vec<Estimate>>,
}

/// A world's combinations of channels, ready to be simulated.
#[derive(Clone, Debug)]
pub struct PreparedAttribution {
    world: usize,
    channels: Vec<String>,
    marginals: Marginals,
    names: Names,
    experiment: Experiment,
    request: Request,
}

/// Builds the combinations that the scenario's `[attribution]` asks for; refuses outcomes that there are not.
pub fn prepare(scenario: &Scenario) -> Result<Vec<PreparedAttribution>, Problems> {
    let Some(asked) = &scenario.attribution else { return Ok(Vec::new()) };
    let worlds = (0..scenario.worlds.len()).filter(|&world| {
        let named = asked.worlds.as_ref();
        world != scenario.reference && named.is_none_or(|named| named.contains(&scenario.worlds[world].key))
    });
    let worlds: Vec<(usize, Channels)> =
        worlds.map(|world| (world, Channels::of(scenario, world, &asked.paths()))).collect();
    let mut problems = nowhere_stated(scenario, asked);
    let mut prepared = Vec::new();
    for (world, channels) in worlds {
        match prepare_world(scenario, world, channels) {
            Ok(ready) => prepared.push(ready),
            Err(wrong) => problems.extend(wrong),
        }
    }
    problems.into_result(prepared)
}

/// Named settings that no world states, so that none can differ in them.
fn nowhere_stated(scenario: &Scenario, asked: &Asked) -> Problems {
    let mut problems = Problems::default();
    for (name, paths) in asked.paths() {
        for (index, path) in paths.iter().enumerate().filter(|(_, path)| !is_stated(scenario, path)) {
            let key = format!("attribution.channels.{}.{index}", dotted(std::slice::from_ref(&name)));
            let what = format!("no world states `{}`", dotted(path));
            let remedy = "name a pool (alliances.hnm.pools.battery), a setting or a section that makes a world differ \
                          from the reference, or take it out";
            problems.push(Problem::at_key(&scenario.sources, &key, what, remedy));
        }
    }
    problems
}

fn prepare_world(
    scenario: &Scenario,
    world: usize,
    channels: Channels,
) -> Result<PreparedAttribution, Problems> {
    let asked = scenario.attribution.as_ref().expect("asked for");
    let n = channels.channels.len();
    let marginals = Marginals::exact(n)
        .unwrap_or_else(|| Marginals::along(n, &sampled_orders(scenario.seed, n, asked.orders)));
    let key = &scenario.worlds[world].key;
    // With no channel on the world is the reference itself.
    let combinations = marginals.coalitions.iter().skip(1);
    let combinations = combinations.map(|&on| (channels.settings(on), format!("{key} with {on:b}")));
    let variants = scenario.with_worlds(combinations.collect())?;
    let calibration::Calibrated { names, space, models } = calibration::calibrate(&variants);
    let experiment = Experiment::new(models, variants.reference, space, scenario.seed)
        .with_design(preparation::design(scenario));
    let outcomes = Outcomes::of(&experiment.models, &Wanted::All).expect("all that there is");
    let keys = match asked.outcomes.is_empty() {
        true => usual_outcomes(scenario, world, &names, &outcomes),
        false => asked_outcomes(scenario, &asked.outcomes, &names, &outcomes)?,
    };
    let worlds: Vec<usize> = (0..experiment.models.len()).collect();
    let replications = 0..asked.replications.min(scenario.replications);
    let request = Request::new(&experiment, &worlds, &Wanted::Only(keys), replications)
        .expect("worlds and outcomes that there are");
    let channels = channels.channels.into_iter().map(|channel| channel.name).collect();
    Ok(PreparedAttribution { world, channels, marginals, names, experiment, request })
}

/// Orders in which channels join, from a stream of their own.
fn sampled_orders(seed: u64, players: usize, orders: u32) -> Vec<Vec<usize>> {
    let stream = Stream::new(seed, "attribution.orders");
    let mut uniforms = vec![0.0; players];
    let shuffled = (0..u64::from(orders)).map(|order| {
        stream.uniforms(order * players as u64, &mut uniforms);
        let mut players: Vec<usize> = (0..players).collect();
        players.sort_by(|&a, &b| uniforms[a].total_cmp(&uniforms[b]));
        players
    });
    shuffled.collect()
}

/// The outcomes that lines ask for, as [`analysis::find`] reads them.
fn asked_outcomes(
    scenario: &Scenario,
    lines: &[String],
    names: &Names,
    outcomes: &Outcomes,
) -> Result<Vec<Key>, Problems> {
    let mut problems = Problems::default();
    let mut keys = Vec::new();
    for line in lines {
        match analysis::find(names, outcomes, line) {
            Ok(found) => keys.extend(found),
            Err(wrong) => {
                let remedy = "write an outcome, a maker or alliance:<name>, a region and a year, as in `share \
                              alliance:hnm US 2035`";
                problems.push(Problem::at_key(&scenario.sources, "attribution.outcomes", wrong, remedy));
            }
        }
    }
    problems.into_result(keys)
}

impl PreparedAttribution {
    /// Worlds that are simulated, the reference among them.
    pub fn combinations(&self) -> usize {
        self.experiment.models.len()
    }

    /// Replications that are simulated here.
    pub fn replications(&self, work: &Work) -> u64 {
        work.replications(&self.request.replications)
    }

    /// Simulates all combinations; `progress` is called with the replications done so far. Of a shard nothing is said.
    pub fn run(&self, work: &mut Work, progress: &dyn Progress) -> Result<Option<Attributed>, Unfit> {
        let players = self.channels.len();
        let sampled = self.marginals.orders != Orders::All;
        let mut contrasts: Vec<Contrast> =
            (0..players).map(|player| Contrast(self.marginals.terms(player).to_vec())).collect();
        contrasts.push(Contrast(vec![(self.marginals.coalitions.len() - 1, 0, 1.0)]));
        if sampled {
            let each = 0..self.marginals.coalitions.len();
            contrasts.extend(each.map(|combination| Contrast(vec![(combination, 0, 1.0)])));
        }
        let mut sink = Contrasts::new(&self.request, contrasts);
        work.simulate(&self.experiment, &self.request, &mut [&mut sink], None, progress)?;
        if !work.is_complete() {
            return Ok(None);
        }
        let mut parts = sink.estimates();
        for parts in &mut parts {
            let values: Vec<f64> = parts.drain(players + 1..).map(|value| value.mean).collect();
            for (player, part) in parts[..players].iter_mut().enumerate().filter(|_| sampled) {
                let of_orders = self.marginals.order_error(player, &values);
                part.se = (part.se * part.se + of_orders * of_orders).sqrt();
            }
        }
        Ok(Some(Attributed {
            replications: sink.replications,
            world: self.world,
            channels: self.channels.clone(),
            orders: self.marginals.orders,
            outcomes: self.request.outcomes.keys.clone(),
            names: self.names.clone(),
            parts,
        }))
    }
}
