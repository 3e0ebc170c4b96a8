//! `Work`: whether a simulation is made here as a whole, here in part, or put together from parts made elsewhere.
//!
//! A part is a shard's range of whole folds. Every shard simulates the pilot, so that all have the same bins; what the
//! sinks then hold is merged exactly: the whole is the same bytes however it was cut.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Experiment;
use super::batch::{Batch, Batches, FOLD, Sink};
use super::precision::Precision;
use super::progress::Progress;
use super::request::Request;
use super::saved::{Piece, Saved, Unfit};

/// The most shards of a run.
const MOST_SHARDS: u64 = 100_000;

/// One of the equal parts of a run, such as 3/16.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shard {
    /// From 1 on.
    pub number: u64,
    pub of: u64,
}

impl Shard {
    /// Its part of some replications: whole folds.
    pub fn range(&self, whole: &Range<u64>) -> Range<u64> {
        let fold = FOLD as u64;
        let folds = (whole.end - whole.start).div_ceil(fold);
        let cut = |number: u64| (whole.start + folds * number / self.of * fold).min(whole.end);
        cut(self.number - 1)..cut(self.number)
    }
}

impl FromStr for Shard {
    type Err = String;
    fn from_str(text: &str) -> Result<Shard, String> {
        let numbers =
            text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((number, of)) if number >= 1 && number <= of && of <= MOST_SHARDS => {
                Ok(Shard { number, of })
            }
            _ => Err(format!(
                "write which part of how many, from 1/1 to {MOST_SHARDS}/{MOST_SHARDS}, such as 3/16"
            )),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// A sink whose state can be saved and merged.
pub trait Shared: Sink {
    /// The first fold of the run, where its replications are counted elsewhere.
    fn pilot(&mut self, _batch: &Batch) {}
    /// What it holds of a shard's replications.
    fn save(&self) -> Vec<Piece>;
    /// Takes in what a like sink has saved; replications rise from call to call.
    fn merge(&mut self, saved: &[Piece], replications: Range<u64>) -> Result<(), Unfit>;
}

/// Parts made elsewhere, by rising shard; each holds one record for each simulation of a command.
pub trait Parts {
    fn shards(&self) -> Vec<Shard>;
    /// A part's next record.
    fn next(&mut self, part: usize) -> Result<Saved, Unfit>;
    /// What is wrong with a part, for people.
    fn blame(&self, part: usize, unfit: Unfit) -> Unfit;
}

/// How the simulations of a command are made, one after the other.
pub enum Work<'a> {
    /// All replications, here.
    Whole,
    /// A shard of them; what the sinks hold is added to the records.
    Shard(Shard, &'a mut Vec<Saved>),
    /// None here.
    Merged(&'a mut dyn Parts),
}

impl Work<'_> {
    /// Whether the sinks hold all that was asked for, so that there is something to conclude.
    pub fn is_complete(&self) -> bool {
        !matches!(self, Work::Shard(..))
    }

    /// Replications that are simulated here.
    pub fn replications(&self, whole: &Range<u64>) -> u64 {
        let range = match self {
            Work::Whole => whole.clone(),
            Work::Shard(shard, _) => shard.range(whole),
            Work::Merged(_) => 0..0,
        };
        range.end - range.start
    }

    /// Simulates what is asked for, or takes it from parts. Only a whole run can end when a precision is reached.
    pub fn simulate(
        &mut self,
        experiment: &Experiment,
        request: &Request,
        sinks: &mut [&mut dyn Shared],
        precision: Option<&mut Precision>,
        progress: &dyn Progress,
    ) -> Result<(), Unfit> {
        match self {
            Work::Whole => {
                let mut sinks: Vec<&mut dyn Sink> = sinks.iter_mut().map(|sink| &mut **sink as _).collect();
                simulate_until(experiment, request, &mut sinks, precision, progress);
            }
            Work::Shard(shard, records) => {
                let range = shard.range(&request.replications);
                if range.start > request.replications.start && !range.is_empty() {
                    let pilot = request.replications.start..request.replications.start + FOLD as u64;
                    let mut pilot = Batches::new(experiment, request, pilot);
                    if let Some(pilot) = pilot.simulate(u64::MAX, progress) {
                        sinks.iter_mut().for_each(|sink| sink.pilot(&pilot));
                    }
                }
                let mut batches = Batches::new(experiment, request, range.clone());
                while let Some(batch) = batches.simulate(u64::MAX, progress) {
                    sinks.iter_mut().for_each(|sink| sink.take(&batch));
                    progress.done(batch.first + batch.size as u64 - range.start);
                }
                records.push(sinks.iter().map(|sink| sink.save()).collect());
            }
            Work::Merged(parts) => {
                for (part, shard) in parts.shards().into_iter().enumerate() {
                    if progress.is_stopped() {
                        break;
                    }
                    let range = shard.range(&request.replications);
                    let mut take = || {
                        let saved = parts.next(part)?;
                        if saved.len() != sinks.len() {
                            return Err(Unfit::Content);
                        }
                        let mut pairs = sinks.iter_mut().zip(&saved);
                        pairs.try_for_each(|(sink, saved)| sink.merge(saved, range.clone()))
                    };
                    if let Err(unfit) = take() {
                        return Err(parts.blame(part, unfit));
                    }
                }
            }
        }
        if progress.is_stopped() { Err(Unfit::Stopped) } else { Ok(()) }
    }
}

/// Simulates what is asked for and hands every batch to every sink.
pub fn simulate(
    experiment: &Experiment,
    request: &Request,
    sinks: &mut [&mut dyn Sink],
    progress: &dyn Progress,
) {
    simulate_until(experiment, request, sinks, None, progress);
}

/// As [`simulate`], until a precision is reached.
fn simulate_until(
    experiment: &Experiment,
    request: &Request,
    sinks: &mut [&mut dyn Sink],
    mut precision: Option<&mut Precision>,
    progress: &dyn Progress,
) {
    let mut batches = Batches::new(experiment, request, request.replications.clone());
    let start = request.replications.start;
    loop {
        let up_to = precision.as_ref().map_or(u64::MAX, |precision| start + precision.next_look());
        let Some(batch) = batches.simulate(up_to, progress) else { return };
        sinks.iter_mut().for_each(|sink| sink.take(&batch));
        let done = batch.first + batch.size as u64 - start;
        if let Some(precision) = &mut precision {
            precision.take(&batch);
            if precision.is_met(done) {
                return;
            }
        }
        progress.done(done);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_whole_folds_and_leave_nothing_out() {
        for (n, of) in [(1, 3), (512, 2), (513, 2), (10_000, 16), (1_000_000, 7), (100, 16)] {
            let ranges: Vec<Range<u64>> =
                (1..=of).map(|number| Shard { number, of }.range(&(0..n))).collect();
            let mut next = 0;
            for range in &ranges {
                assert!(range.start == next && (range.start.is_multiple_of(FOLD as u64) || range.is_empty()));
                next = range.end;
            }
            assert_eq!(next, n);
        }
    }

    #[test]
    fn a_shard_is_written_as_a_fraction() {
        assert_eq!("3/16".parse(), Ok(Shard { number: 3, of: 16 }));
        for wrong in ["", "3", "0/4", "5/4", "1/0", "-1/4", "a/b", "1/100001"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
