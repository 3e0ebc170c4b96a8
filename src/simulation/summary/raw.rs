//! `Raw`: all values of a column, as a multiset; a value that keeps coming back is only counted.

/// The defined values so far, in no particular order.
#[derive(Clone, Debug, Default)]
pub(super) struct Raw {
    /// The first value that came, and how often it has come.
    repeated: f64,
    times: usize,
    others: Vec<f64>,
}

impl Raw {
    pub(super) fn fold(&mut self, block: &[f64]) {
        for &value in block.iter().filter(|value| value.is_finite()) {
            self.add(value, 1);
        }
    }

    fn add(&mut self, value: f64, times: usize) {
        if self.times == 0 {
            self.repeated = value;
        }
        if value.to_bits() == self.repeated.to_bits() {
            self.times += times;
        } else {
            self.others.extend(std::iter::repeat_n(value, times));
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if other.times > 0 {
            self.add(other.repeated, other.times);
        }
        for &value in &other.others {
            self.add(value, 1);
        }
    }

    /// All values, rising.
    pub(super) fn sorted(&self) -> Vec<f64> {
        let mut values = self.others.clone();
        values.extend(std::iter::repeat_n(self.repeated, self.times));
        values.sort_unstable_by(f64::total_cmp);
        values
    }

    pub(super) fn bytes(&self) -> usize {
        self.others.capacity() * size_of::<f64>()
    }
}

/// The value that occurs most often in a rising list (the lowest such), and how often.
pub(super) fn most_frequent(sorted: &[f64]) -> Option<(f64, usize)> {
    let mut best: Option<(f64, usize)> = None;
    for same in sorted.chunk_by(|a, b| a == b) {
        if best.is_none_or(|(_, times)| same.len() > times) {
            best = Some((same[0], same.len()));
        }
    }
    best
}
