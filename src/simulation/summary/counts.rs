//! `Counts`: how many values lie in each bin, in as few bytes as the replications need.

use serde::{Deserialize, Serialize};

/// A counter per bin that starts anew at its end; how often it has done so is kept aside. Few bins of a column
/// ever do (only those that hold a value which comes back again and again), so memory does not grow.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(into = "Filled", try_from = "Filled")]
pub(super) struct Counts {
    pub low: Low,
    /// Bins that have started anew, rising, and how often.
    pub again: Again,
}

#[derive(Clone, Debug)]
pub(super) enum Low {
    Byte(Box<[u8]>),
    Word(Box<[u16]>),
}

/// Counters as they are saved: only those that are not zero, each after so many others.
#[derive(Serialize, Deserialize)]
struct Filled {
    bins: u16,
    words: bool,
    filled: Vec<(u16, u64)>,
}

impl From<Counts> for Filled {
    fn from(counts: Counts) -> Filled {
        let (bins, words) = (counts.bins(), matches!(counts.low, Low::Word(_)));
        let mut again = counts.again.0.iter().peekable();
        let (mut filled, mut skipped) = (Vec::with_capacity(bins / 2), 0);
        for bin in 0..bins {
            let low = match &counts.low {
                Low::Byte(low) => u64::from(low[bin]),
                Low::Word(low) => u64::from(low[bin]),
            };
            let times = again.next_if(|(known, _)| usize::from(*known) == bin).map_or(0, |(_, times)| *times);
            let count = low + (u64::from(times) << if words { 16 } else { 8 });
            if count == 0 {
                skipped += 1;
            } else {
                filled.push((skipped, count));
                skipped = 0;
            }
        }
        Filled { bins: bins as u16, words, filled }
    }
}

impl TryFrom<Filled> for Counts {
    type Error = &'static str;
    fn try_from(saved: Filled) -> Result<Counts, &'static str> {
        let mut counts = Counts::new(usize::from(saved.bins), if saved.words { u64::MAX } else { 0 });
        let mut bin = 0;
        for (skipped, count) in saved.filled {
            bin += usize::from(skipped);
            if bin >= usize::from(saved.bins) {
                return Err("a bin beyond the last");
            }
            let again = match &mut counts.low {
                Low::Byte(low) => {
                    low[bin] = count as u8;
                    count >> 8
                }
                Low::Word(low) => {
                    low[bin] = count as u16;
                    count >> 16
                }
            };
            if again > 0 {
                let again = u32::try_from(again).map_err(|_| "more values than any run has")?;
                counts.again.add(bin, again);
            }
            bin += 1;
        }
        Ok(counts)
    }
}

/// More replications than this would carry in most bins of a byte.
const MOST_FOR_BYTES: u64 = 100_000;

#[derive(Clone, Debug, Default)]
pub(super) struct Again(Vec<(u16, u32)>);

impl Again {
    #[cold]
    #[inline(never)]
    pub fn add(&mut self, bin: usize, times: u32) {
        match self.0.binary_search_by_key(&(bin as u16), |entry| entry.0) {
            Ok(at) => self.0[at].1 += times,
            Err(at) => self.0.insert(at, (bin as u16, times)),
        }
    }

    fn of(&self, bin: usize) -> u64 {
        let found = self.0.binary_search_by_key(&(bin as u16), |entry| entry.0);
        found.map_or(0, |at| u64::from(self.0[at].1))
    }
}

impl Counts {
    /// For so many bins and about so many replications in all.
    pub fn new(bins: usize, replications: u64) -> Counts {
        let low = match replications <= MOST_FOR_BYTES {
            true => Low::Byte(vec![0; bins].into()),
            false => Low::Word(vec![0; bins].into()),
        };
        Counts { low, again: Again::default() }
    }

    /// The same bins, empty.
    pub fn empty_copy(&self) -> Counts {
        let low = match &self.low {
            Low::Byte(counts) => Low::Byte(vec![0; counts.len()].into()),
            Low::Word(counts) => Low::Word(vec![0; counts.len()].into()),
        };
        Counts { low, again: Again::default() }
    }

    pub fn get(&self, bin: usize) -> u64 {
        match &self.low {
            Low::Byte(counts) => u64::from(counts[bin]) + (self.again.of(bin) << 8),
            Low::Word(counts) => u64::from(counts[bin]) + (self.again.of(bin) << 16),
        }
    }

    /// How many bins there are.
    pub fn bins(&self) -> usize {
        match &self.low {
            Low::Byte(counts) => counts.len(),
            Low::Word(counts) => counts.len(),
        }
    }

    /// Whether the counters are of one kind and number.
    pub fn is_like(&self, other: &Counts) -> bool {
        let same_kind = std::mem::discriminant(&self.low) == std::mem::discriminant(&other.low);
        same_kind && self.bins() == other.bins()
    }

    /// Adds the counts of an [`empty_copy`](Self::empty_copy) that has seen other values.
    pub fn merge(&mut self, other: &Counts) {
        match (&mut self.low, &other.low) {
            (Low::Byte(counts), Low::Byte(more)) => {
                for (bin, (count, more)) in counts.iter_mut().zip(more).enumerate() {
                    let (sum, carried) = count.overflowing_add(*more);
                    *count = sum;
                    if carried {
                        self.again.add(bin, 1);
                    }
                }
            }
            (Low::Word(counts), Low::Word(more)) => {
                for (bin, (count, more)) in counts.iter_mut().zip(more).enumerate() {
                    let (sum, carried) = count.overflowing_add(*more);
                    *count = sum;
                    if carried {
                        self.again.add(bin, 1);
                    }
                }
            }
            _ => unreachable!("copies count alike"),
        }
        for &(bin, times) in &other.again.0 {
            self.again.add(usize::from(bin), times);
        }
    }

    pub fn bytes(&self) -> usize {
        let low = match &self.low {
            Low::Byte(counts) => counts.len(),
            Low::Word(counts) => 2 * counts.len(),
        };
        low + self.again.0.capacity() * size_of::<(u16, u32)>()
    }

    /// The most that a column takes for so many replications, where its bins are the usual number.
    pub fn usual_bytes(bins: usize, replications: u64) -> usize {
        if replications <= MOST_FOR_BYTES { bins } else { 2 * bins }
    }
}
