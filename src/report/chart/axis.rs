//! `Axis`: the range of values that a plot shows, with ticks at round numbers.

/// Values below this part of the shortest axis are nothing.
const NOTHING: f64 = 0.01;

/// A scale from values to places.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    pub low: f64,
    pub high: f64,
    /// Distance between ticks.
    pub step: f64,
    pub ticks: Vec<f64>,
    /// Nothing but zeros to show.
    flat: bool,
    /// Places of `low` and `high`, in pixels.
    from: f64,
    to: f64,
}

impl Axis {
    /// An axis that shows all finite `values`, with about `ticks` ticks, between two places. Includes 0
    /// if asked to, or if all values lie close to it on one side. It is at least `least` long.
    pub(super) fn new(
        values: impl Iterator<Item = f64>,
        (with_zero, least): (bool, f64),
        ticks: usize,
        (from, to): (f64, f64),
    ) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|value| value.abs() < 1e300) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if low.abs().max(high.abs()) <= NOTHING * least {
            // All is as good as zero: more ticks would only magnify what is not there.
            let reach = if least > 0.0 { least } else { 1.0 };
            let low = if with_zero { -reach } else { 0.0 };
            let ticks = if with_zero { vec![low, 0.0, reach] } else { vec![low, reach] };
            return Self { low, high: reach, step: reach, ticks, flat: true, from, to };
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
        (low, high) = widened(low, high, least);
        let step = round_step((high - low) / ticks.max(1) as f64);
        let (first, last) = ((low / step + 1e-6).floor(), (high / step - 1e-6).ceil());
        let marks = (0..=(last - first) as usize).map(|k| (first + k as f64) * step);
        Self { low: first * step, high: last * step, step, ticks: marks.collect(), flat: false, from, to }
    }

    /// An axis that shows a range and nothing beyond, with about `ticks` ticks inside.
    pub(super) fn within((low, high): (f64, f64), ticks: usize, (from, to): (f64, f64)) -> Self {
        let step = round_step((high - low) / ticks.max(1) as f64);
        let (first, last) = ((low / step - 1e-6).ceil(), (high / step + 1e-6).floor());
        let marks = (0..=(last - first).max(0.0) as usize).map(|k| (first + k as f64) * step);
        Self { low, high, step, ticks: marks.collect(), flat: false, from, to }
    }

    /// The place to which values beside the axis are rounded: finer than its ticks, if there is anything
    /// to tell apart.
    pub(super) fn finest(&self) -> f64 {
        if self.flat { self.step } else { decimal_place(0.05 * self.step) }
    }

    /// The place of a value.
    pub(super) fn place(&self, value: f64) -> f64 {
        let part = (value - self.low) / (self.high - self.low);
        self.from + (self.to - self.from) * part.clamp(0.0, 1.0)
    }
}

/// A range of at least a length: on from zero where it starts or ends there, else on both sides.
fn widened(low: f64, high: f64, least: f64) -> (f64, f64) {
    let missing = least - (high - low);
    match (low, high) {
        _ if missing <= 0.0 => (low, high),
        (0.0, _) => (0.0, least),
        (_, 0.0) => (-least, 0.0),
        (low, high) if low < 0.0 && high > 0.0 => (low.min(-least), high.max(least)),
        (low, high) => (low - 0.5 * missing, high + 0.5 * missing),
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
        let axis = Axis::new([0.03, 0.17].into_iter(), (false, 0.001), 5, (100.0, 0.0));
        assert_eq!(axis.ticks.len(), 5);
        assert_eq!(Axis::new([0.0, 0.3].into_iter(), (true, 0.001), 6, (0.0, 1.0)).ticks[0], 0.0);
        assert!((axis.high - 0.2).abs() < 1e-12 && axis.low == 0.0 && axis.place(0.1) == 50.0);
        assert_eq!(year_ticks(2015, 2035, 6), [2015, 2020, 2025, 2030, 2035]);
        assert_eq!(year_ticks(2024, 2024, 6), [2024]);
        assert_eq!(year_ticks(2024, 2035, 2), [2024, 2035]);
    }

    #[test]
    fn an_axis_within_a_range_ends_where_it_does() {
        let axis = Axis::within((0.17, 1.03), 5, (0.0, 100.0));
        assert_eq!((axis.low, axis.high, axis.ticks.len()), (0.17, 1.03, 5));
        assert!((axis.ticks[0] - 0.2).abs() < 1e-12 && (axis.ticks[4] - 1.0).abs() < 1e-12, "{axis:?}");
    }

    #[test]
    fn an_axis_does_not_magnify_nothing() {
        let axis =
            |values: [f64; 2], with_zero| Axis::new(values.into_iter(), (with_zero, 0.001), 6, (0.0, 1.0));
        assert_eq!(axis([0.0, 0.0], true).ticks, [-0.001, 0.0, 0.001]);
        assert_eq!(axis([-1e-17, 3e-18], true).ticks, [-0.001, 0.0, 0.001]);
        assert_eq!(axis([0.0, 0.0], false).ticks, [0.0, 0.001]);
        assert_eq!(axis([0.0, 0.0], true).finest(), 0.001);
        let small = axis([1e-5, 2e-4], true);
        assert!(small.low == 0.0 && (small.high - 0.001).abs() < 1e-12, "{small:?}");
        let small = axis([-1e-5, 2e-4], true);
        assert!(small.low <= -0.001 && small.high >= 0.001, "{small:?}");
        let level = axis([0.2999, 0.3001], false);
        assert!(level.high - level.low < 0.0016 && level.ticks.len() >= 5, "{level:?}");
    }

    proptest! {
        #[test]
        fn every_value_is_on_the_axis(a in any::<f64>(), b in any::<f64>(), zero: bool, ticks in 1usize..9, least in 0.0..10.0f64) {
            let axis = Axis::new([a, b, f64::NAN].into_iter(), (zero, least), ticks, (0.0, 1.0));
            prop_assert!(axis.ticks.len() >= 2 && axis.ticks.len() <= ticks + 4, "{:?}", axis);
            for value in [a, b].into_iter().filter(|value| value.abs() < 1e300 && value.abs() > 1e-280) {
                let slack = 1e-5 * axis.step;
                if axis.flat {
                    prop_assert!(value.abs() <= axis.high);
                    continue;
                }
                prop_assert!(axis.low - slack <= value && value <= axis.high + slack, "{:?}", axis);
            }
        }
    }
}
