//! Scrambled Sobol' points: the direction numbers of Joe and Kuo, and Owen's scrambling, at any place without the points
//! before it.
//!
//! I. M. Sobol', USSR Computational Mathematics and Mathematical Physics 7 (1967); S. Joe and F. Y. Kuo, SIAM Journal on
//! Scientific Computing 30 (2008); A. B. Owen, Monte Carlo and Quasi-Monte Carlo Methods in Scientific Computing (1995).

use std::sync::OnceLock;

use super::stream::mixed;

/// Binary digits of a direction number; a design has at most 2^32 points.
const DIGITS: u32 = 32;

/// The polynomial and first direction numbers of every dimension but the first.
const TABLE: &str = include_str!("joe-kuo.txt");

/// Direction numbers of one dimension: what each digit of a point's index adds to the point, modulo 2.
type Directions = [u32; DIGITS as usize];

/// The dimensions there are direction numbers for.
pub(super) fn dimensions() -> usize {
    directions().len()
}

fn directions() -> &'static [Directions] {
    static ALL: OnceLock<Vec<Directions>> = OnceLock::new();
    ALL.get_or_init(|| {
        let first = std::array::from_fn(|digit| 1 << (DIGITS - 1 - digit as u32));
        let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
        std::iter::once(first).chain(rows.map(of_row)).collect()
    })
}

/// The direction numbers that follow from a row of the table, by the recurrence of its polynomial.
fn of_row(row: &str) -> Directions {
    let numbers: Vec<u32> = row.split(' ').map(|number| number.parse().expect("a number")).collect();
    let [_, degree, inner, ref initial @ ..] = numbers[..] else { panic!("a row has four numbers or more") };
    let degree = degree as usize;
    let mut found = [0; DIGITS as usize];
    for digit in 0..DIGITS as usize {
        found[digit] = match digit.checked_sub(degree) {
            None => initial[digit] << (DIGITS - 1 - digit as u32),
            Some(before) => (1..degree)
                .filter(|back| inner >> (degree - 1 - back) & 1 == 1)
                .fold(found[before] ^ (found[before] >> degree), |sum, back| sum ^ found[digit - back]),
        };
    }
    found
}

/// One scrambled coordinate of the points of a design.
#[derive(Clone, Debug)]
pub(super) struct Coordinate {
    directions: &'static Directions,
    /// The design has two to this power points.
    power: u32,
    /// What the scrambling is keyed by.
    key: u64,
}

impl Coordinate {
    /// `power`: at most 32.
    pub(super) fn new(dimension: usize, power: u32, key: u64) -> Coordinate {
        Coordinate { directions: &directions()[dimension], power, key }
    }

    /// The stratum, of 2^power, of a point. Each has one point of the design. Owen's scrambling of the digits that
    /// follow would make them uniform and independent, so a uniform number within the stratum has the same law.
    pub(super) fn stratum(&self, point: u64, round_of_design: u64) -> u64 {
        let mut unscrambled = 0;
        let mut rest = point;
        while rest != 0 {
            unscrambled ^= self.directions[rest.trailing_zeros() as usize];
            rest &= rest - 1;
        }
        let key = self.key ^ mixed(round_of_design);
        let mut stratum = 0;
        // The digits above one, with a 1 in front of them, are its node in the tree.
        let mut node = 1u64;
        for place in 1..=self.power {
            let digit = u64::from(unscrambled >> (DIGITS - place) & 1);
            stratum = stratum << 1 | (digit ^ (mixed(key ^ node) >> 63));
            node = node << 1 | digit;
        }
        stratum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first points, by hand from the recurrence.
    #[test]
    fn direction_numbers_are_those_of_the_table() {
        let point = |dimension: usize, index: usize| {
            let digits = (0..DIGITS as usize).filter(|digit| index >> digit & 1 == 1);
            let bits = digits.fold(0, |sum, digit| sum ^ directions()[dimension][digit]);
            f64::from(bits) / (1u64 << 32) as f64
        };
        let expected = [
            [0.5, 0.5, 0.5, 0.5],
            [0.25, 0.75, 0.75, 0.75],
            [0.75, 0.25, 0.25, 0.25],
            [0.125, 0.625, 0.375, 0.125],
            [0.625, 0.125, 0.875, 0.625],
        ];
        for (index, expected) in (1..).zip(expected) {
            assert_eq!(std::array::from_fn::<f64, 4, _>(|d| point(d, index)), expected, "point {index}");
        }
        assert_eq!(dimensions(), 2048);
    }

    /// Every dimension alone meets every stratum once; dimensions 1 and 2 together every rectangle of one point.
    #[test]
    fn scrambled_points_are_a_net() {
        const POWER: u32 = 10;
        let strata = |dimension: usize| {
            let coordinate = Coordinate::new(dimension, POWER, mixed(dimension as u64));
            (0..1u64 << POWER).map(move |point| coordinate.stratum(point, 0))
        };
        for dimension in [0, 1, 2, 17, 400, 2047] {
            let mut all: Vec<u64> = strata(dimension).collect();
            all.sort_unstable();
            assert!(all.into_iter().eq(0..1 << POWER), "dimension {dimension}");
        }
        for across in 0..=POWER {
            let cells = strata(0)
                .zip(strata(1))
                .map(|(x, y)| (x >> (POWER - across)) << (POWER - across) | (y >> across));
            let mut all: Vec<u64> = cells.collect();
            all.sort_unstable();
            assert!(all.into_iter().eq(0..1 << POWER), "rectangles 2^-{across} wide");
        }
    }

    /// A smooth sum over 20 numbers: the error of its mean falls far below that of independent draws.
    #[test]
    fn a_mean_over_scrambled_points_is_unbiased_and_far_more_exact() {
        const POWER: u32 = 10;
        let mean = |seed: u64| {
            let all: Vec<Coordinate> =
                (0..20).map(|d| Coordinate::new(d, POWER, mixed(seed ^ mixed(d as u64)))).collect();
            let product = |point: u64| {
                let u = |c: &Coordinate| (c.stratum(point, 0) as f64 + 0.5) / f64::from(1 << POWER);
                all.iter().zip(1..).map(|(c, k)| 1.0 + (u(c) - 0.5) / f64::from(k)).product::<f64>()
            };
            (0..1 << POWER).map(product).sum::<f64>() / f64::from(1 << POWER)
        };
        let means: Vec<f64> = (0..200).map(mean).collect();
        let average = means.iter().sum::<f64>() / 200.0;
        let variance = means.iter().map(|m| (m - average) * (m - average)).sum::<f64>() / 199.0;
        // Of independent draws: the product of 1 + 1/(12 k²), less 1, over the number of points.
        let independent =
            ((1..=20).map(|k| 1.0 + 1.0 / f64::from(12 * k * k)).product::<f64>() - 1.0) / 1024.0;
        assert!((average - 1.0).abs() < 4.0 * (variance / 200.0).sqrt() + 1e-9, "{average}");
        assert!(variance < independent / 300.0, "{variance} of {independent}");
    }
}
