//! `Axis`: the range of values that a plot shows, with ticks at round numbers.

/// A scale from values to places.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    pub low: f64,
    pub high: f64,
    /// Distance between ticks.
    pub step: f64,
    pub ticks: Vec<f64>,
    /// Places of `low` and `high`, in pixels.
    from: f64,
    to: f64,
}

impl Axis {
    /// An axis that shows all finite `values`, with about `ticks` ticks, between two places. Includes 0
    /// if asked to, or if all values lie close to it on one side.
    pub(super) fn new(
        values: impl Iterator<Item = f64>,
        with_zero: bool,
        ticks: usize,
        from: f64,
        to: f64,
    ) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|value| value.abs() < 1e300) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if with_zero || (low > 0.0 && low < 0.5 * high) {
            low = low.min(0.0);
        }
        if with_zero || (high < 0.0 && high > 0.5 * low) {
            high = high.max(0.0);
        }
        let size = low.abs().max(high.abs()).max(1e-290);
        if high - low < 1e-9 * size {
            (low, high) = (low - 0.05 * size, high + 0.05 * size);
        }
        let step = round_step((high - low) / ticks.max(1) as f64);
        let (first, last) = ((low / step + 1e-6).floor(), (high / step - 1e-6).ceil());
        let marks = (0..=(last - first) as usize).map(|k| (first + k as f64) * step);
        Self { low: first * step, high: last * step, step, ticks: marks.collect(), from, to }
    }

    /// The place of a value.
    pub(super) fn place(&self, value: f64) -> f64 {
        let part = (value - self.low) / (self.high - self.low);
        self.from + (self.to - self.from) * part.clamp(0.0, 1.0)
    }
}

/// The largest power of ten that is no more than `most`: a place to round to.
pub(super) fn decimal_place(most: f64) -> f64 {
    let mut power = 1.0;
    while power > most && power > 1e-300 {
        power /= 10.0;
    }
    while power * 10.0 <= most {
        power *= 10.0;
    }
    power
}

/// The smallest of 1, 2, 2.5, 5 times a power of ten that is at least `least`.
fn round_step(least: f64) -> f64 {
    let power = decimal_place(least);
    [1.0, 2.0, 2.5, 5.0]
        .into_iter()
        .map(|m| m * power)
        .find(|&step| step >= least * 0.999)
        .unwrap_or(10.0 * power)
}

/// Years to mark between `first` and `last`, at most `most` of them.
pub(super) fn year_ticks(first: i32, last: i32, most: usize) -> Vec<i32> {
    let most = most.max(2) as i64;
    let span = i64::from(last) - i64::from(first);
    let step = [1, 2, 5, 10, 20, 50, 100, 200, 500]
        .into_iter()
        .find(|step| span / step < most)
        .unwrap_or(span / most + 1);
    let marks: Vec<i32> = (first..=last).filter(|year| i64::from(*year) % step == 0).collect();
    if marks.len() < 2 && first < last { vec![first, last] } else { marks }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ticks_are_round() {
        let axis = Axis::new([0.03, 0.17].into_iter(), false, 5, 100.0, 0.0);
        assert_eq!(axis.ticks.len(), 5);
        assert_eq!(Axis::new([0.0, 0.3].into_iter(), true, 6, 0.0, 1.0).ticks[0], 0.0);
        assert!((axis.high - 0.2).abs() < 1e-12 && axis.low == 0.0 && axis.place(0.1) == 50.0);
        assert_eq!(year_ticks(2015, 2035, 6), [2015, 2020, 2025, 2030, 2035]);
        assert_eq!(year_ticks(2024, 2024, 6), [2024]);
        assert_eq!(year_ticks(2024, 2035, 2), [2024, 2035]);
    }

    proptest! {
        #[test]
        fn every_value_is_on_the_axis(a in any::<f64>(), b in any::<f64>(), zero: bool, ticks in 1usize..9) {
            let axis = Axis::new([a, b, f64::NAN].into_iter(), zero, ticks, 0.0, 1.0);
            prop_assert!(axis.ticks.len() >= 2 && axis.ticks.len() <= ticks + 4, "{:?}", axis);
            for value in [a, b].into_iter().filter(|value| value.abs() < 1e300 && value.abs() > 1e-280) {
                let slack = 1e-5 * axis.step;
                prop_assert!(axis.low - slack <= value && value <= axis.high + slack, "{:?}", axis);
            }
        }
    }
}
