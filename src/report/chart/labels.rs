//! `place_labels`: labels beside the points they name, without overlap.

/// Places for labels of one height, each as near to where it is wanted as the others allow: the centres
/// of kept labels are at least `height` apart and at least half a height inside `low` and `high`.
///
/// Wanted places may be in any order, equal, outside, or NaN (then there is no label). If there is not
/// room for all, the last ones in the list are left out. The squared distance from the wanted places
/// is the smallest possible (pool adjacent violators; R. E. Barlow et al., 1972).
pub fn place_labels(wanted: &[f64], height: f64, low: f64, high: f64) -> Vec<Option<f64>> {
    let mut places = vec![None; wanted.len()];
    let room =
        if height > 0.0 { ((high - low) / height + 1e-9).floor().max(0.0) as usize } else { usize::MAX };
    let mut order: Vec<usize> = (0..wanted.len()).filter(|&i| !wanted[i].is_nan()).take(room).collect();
    order.sort_by(|&i, &j| wanted[i].total_cmp(&wanted[j]));

    // Subtract from each the room that those before it need: then the places need only never fall.
    let mut pools: Vec<(f64, usize)> = Vec::new();
    let (first, last) = (low + 0.5 * height, high - 0.5 * height);
    for (k, &i) in order.iter().enumerate() {
        let wish = wanted[i].clamp(first.min(last), last.max(first)) - k as f64 * height;
        pools.push((wish, 1));
        while let [.., (before, m), (after, n)] = pools[..]
            && before > after
        {
            let mean = (before * m as f64 + after * n as f64) / (m + n) as f64;
            pools.truncate(pools.len() - 2);
            pools.push((mean, m + n));
        }
    }
    let slack = last - (order.len().max(1) - 1) as f64 * height;
    let levels = pools.iter().flat_map(|&(level, n)| std::iter::repeat_n(level, n));
    for ((k, &i), level) in order.iter().enumerate().zip(levels) {
        places[i] = Some(level.min(slack).max(first) + k as f64 * height);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn crowded_labels_share_the_room() {
        assert_eq!(place_labels(&[10.0, 50.0], 12.0, 0.0, 100.0), [Some(10.0), Some(50.0)]);
        assert_eq!(place_labels(&[50.0, 50.0], 12.0, 0.0, 100.0), [Some(44.0), Some(56.0)]);
        assert_eq!(place_labels(&[-9.0, f64::NAN, 0.0], 10.0, 0.0, 100.0), [Some(5.0), None, Some(15.0)]);
        assert_eq!(place_labels(&[99.0, 99.0, 1.0], 10.0, 0.0, 25.0), [Some(10.0), Some(20.0), None]);
    }

    proptest! {
        #[test]
        fn labels_never_overlap_and_stay_inside(
            wanted in prop::collection::vec(prop_oneof![any::<f64>(), 0.0..300.0f64, Just(150.0)], 0..40),
            height in 1.0..40.0f64, low in -50.0..50.0f64, extent in 0.0..400.0f64,
        ) {
            let high = low + extent;
            let places = place_labels(&wanted, height, low, high);
            let mut kept: Vec<f64> = places.iter().flatten().copied().collect();
            kept.sort_by(f64::total_cmp);
            prop_assert!(kept.windows(2).all(|pair| pair[1] - pair[0] >= height - 1e-6), "{:?}", kept);
            let inside = |place: &f64| *place >= low + 0.5 * height - 1e-6 && *place <= high - 0.5 * height + 1e-6;
            prop_assert!(kept.iter().all(inside), "{:?}", kept);
            let named = wanted.iter().filter(|place| !place.is_nan()).count();
            prop_assert_eq!(kept.len(), named.min(((extent / height) + 1e-9) as usize));
            // Nobody is passed on the way.
            for i in 0..wanted.len() {
                for j in 0..wanted.len() {
                    if let (Some(a), Some(b)) = (places[i], places[j]) && wanted[i] < wanted[j] {
                        prop_assert!(a < b);
                    }
                }
            }
        }
    }
}
