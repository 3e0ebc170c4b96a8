//! Solves a small dense system A x = b in place, every lane its own system.
//!
//! Gaussian elimination in the given order, without exchanging rows: lanes would each want another
//! row. For matrices near the identity, as Newton steps on a contraction have, the diagonal is a
//! good pivot; where it is not, the answer is large or NaN and the caller must check it. One system alone may
//! exchange rows: [`super::matrix::Lu`].

use super::Real;

/// Factors `matrix` (n × n, row-major) into L U in place, with the reciprocals of the pivots on the
/// diagonal. n is `n`; `matrix` may be longer.
#[inline(always)]
pub fn factor<R: Real>(matrix: &mut [R], n: usize) {
    for k in 0..n {
        eliminate(matrix, n, k);
    }
}

/// One step of [`factor`]: takes column `k` out of the rows below row `k`.
#[inline(always)]
pub fn eliminate<R: Real>(matrix: &mut [R], n: usize, k: usize) {
    let (above, below) = matrix[..n * n].split_at_mut((k + 1) * n);
    let pivot_row = &mut above[k * n..];
    let pivot = R::one(pivot_row[k].token()) / pivot_row[k];
    pivot_row[k] = pivot;
    let pivot_row = &pivot_row[k + 1..n];
    for row in below.chunks_exact_mut(n) {
        let multiple = row[k] * pivot;
        row[k] = multiple;
        for (entry, &above) in row[k + 1..].iter_mut().zip(pivot_row) {
            *entry -= multiple * above;
        }
    }
}

/// Solves with what [`factor`] left; `right` is overwritten by the solution.
#[inline(always)]
pub fn substitute<R: Real>(factors: &[R], right: &mut [R], n: usize) {
    for i in 1..n {
        for k in 0..i {
            let known = right[k];
            right[i] -= factors[i * n + k] * known;
        }
    }
    for i in (0..n).rev() {
        for k in i + 1..n {
            let known = right[k];
            right[i] -= factors[i * n + k] * known;
        }
        right[i] *= factors[i * n + i];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_a_system_near_the_identity() {
        let n = 5;
        let original: Vec<f64> = (0..n * n)
            .map(|i| f64::from(u8::from(i % (n + 1) == 0)) + 0.1 * ((i * 7 % 11) as f64 - 5.0) / 5.0)
            .collect();
        let x: Vec<f64> = (0..n).map(|i| i as f64 - 1.5).collect();
        let mut right: Vec<f64> =
            original.chunks(n).map(|row| row.iter().zip(&x).map(|(a, b)| a * b).sum()).collect();
        let mut factors = original;
        factor(&mut factors, n);
        substitute(&factors, &mut right, n);
        for (solved, known) in right.iter().zip(&x) {
            assert!((solved - known).abs() < 1e-14);
        }
    }
}
