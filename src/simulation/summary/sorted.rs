//! Values in rising order.

/// The finite values, rising: by their bits as integers, which sort faster and in the order of `total_cmp`.
pub(super) fn sorted(values: &[f64]) -> Vec<f64> {
    let flip = |bits: i64| bits ^ (((bits >> 63) as u64) >> 1) as i64;
    let finite = values.iter().filter(|value| value.is_finite());
    let mut keys: Vec<i64> = finite.map(|value| flip(value.to_bits() as i64)).collect();
    keys.sort_unstable();
    keys.into_iter().map(|key| f64::from_bits(flip(key) as u64)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_the_order_of_total_cmp() {
        let values = [3.0, -0.0, f64::NAN, 0.0, -7.5, 1e-320, f64::INFINITY, -1e-320, 3.0, f64::MIN];
        let mut expected: Vec<f64> = values.into_iter().filter(|x| x.is_finite()).collect();
        expected.sort_by(f64::total_cmp);
        let bits = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&sorted(&values)), bits(&expected));
        assert_eq!(most_frequent(&expected), Some((-0.0, 2)));
    }
}
