//! Dense matrices of one number each: linear solves with row exchanges, definiteness and the largest
//! eigenvalue of symmetric matrices.
//!
//! The textbook O(n³) algorithms of Golub & Van Loan, *Matrix Computations*: §3.4 (LU), §4.2 (Cholesky),
//! §8.3 (tridiagonal form), §8.4 (bisection).

use super::linear;
use std::ops::{Index, IndexMut};

/// A matrix stored row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    entries: Vec<f64>,
}

impl Matrix {
    pub fn zeros(rows: usize, columns: usize) -> Matrix {
        Matrix { rows, columns, entries: vec![0.0; rows * columns] }
    }

    pub fn identity(n: usize) -> Matrix {
        let mut identity = Matrix::zeros(n, n);
        (0..n).for_each(|j| identity[(j, j)] = 1.0);
        identity
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    pub fn row(&self, row: usize) -> &[f64] {
        &self.entries[row * self.columns..(row + 1) * self.columns]
    }

    pub fn row_mut(&mut self, row: usize) -> &mut [f64] {
        &mut self.entries[row * self.columns..(row + 1) * self.columns]
    }

    /// The largest eigenvalue of the symmetric part: Householder's tridiagonal form, then bisection on the
    /// number of eigenvalues above a value (Sturm). NaN if an entry is.
    pub fn largest_eigenvalue(&self) -> f64 {
        let (diagonal, beside) = self.tridiagonal();
        let n = diagonal.len();
        let reach = |j: usize| {
            let before = if j > 0 { beside[j - 1].abs() } else { 0.0 };
            before + beside.get(j).map_or(0.0, |e: &f64| e.abs())
        };
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for (j, &centre) in diagonal.iter().enumerate() {
            if !(centre.is_finite() && reach(j).is_finite()) {
                return f64::NAN;
            }
            low = low.min(centre - reach(j));
            high = high.max(centre + reach(j));
        }
        // The pivots of A − x are all negative where x lies above every eigenvalue.
        let above_all = |x: f64| {
            let mut pivot = -1.0;
            (0..n).all(|j| {
                let square = if j > 0 { beside[j - 1] * beside[j - 1] } else { 0.0 };
                pivot = diagonal[j] - x - square / pivot;
                pivot < 0.0
            })
        };
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            *(if above_all(middle) { &mut high } else { &mut low }) = middle;
        }
        high
    }

    /// Diagonal and off-diagonal of an orthogonally similar tridiagonal matrix, of the symmetric part.
    fn tridiagonal(&self) -> (Vec<f64>, Vec<f64>) {
        let n = self.rows;
        let mut a = Matrix::zeros(n, n);
        for j in 0..n {
            for k in 0..n {
                a[(j, k)] = 0.5 * (self[(j, k)] + self[(k, j)]);
            }
        }
        let mut beside = Vec::with_capacity(n.saturating_sub(1));
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        for k in 0..n.saturating_sub(1) {
            // The reflection that leaves only the first entry of row k beyond the diagonal.
            let mut v = a.row(k)[k + 1..].to_vec();
            let size = v.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
            if size == 0.0 {
                beside.push(0.0);
                continue;
            }
            // Scaled, so that no square underflows.
            v.iter_mut().for_each(|x| *x /= size);
            let length = dot(&v, &v).sqrt();
            let first = if v[0] > 0.0 { -length } else { length };
            beside.push(first * size);
            v[0] -= first;
            let square = dot(&v, &v);
            let scale = 2.0 / square;
            let mut w: Vec<f64> = (k + 1..n).map(|j| scale * dot(&a.row(j)[k + 1..], &v)).collect();
            let along = 0.5 * scale * dot(&w, &v);
            w.iter_mut().zip(&v).for_each(|(w, v)| *w -= along * v);
            for j in k + 1..n {
                let (v_j, w_j) = (v[j - k - 1], w[j - k - 1]);
                for ((entry, v), w) in a.row_mut(j)[k + 1..].iter_mut().zip(&v).zip(&w) {
                    *entry -= v_j * w + w_j * v;
                }
            }
        }
        ((0..n).map(|j| a[(j, j)]).collect(), beside)
    }

    /// Whether the symmetric part is positive definite with every Cholesky pivot above `floor`
    /// times its diagonal entry.
    pub fn is_positive_definite(&self, floor: f64) -> bool {
        let n = self.rows;
        let mut factor = Matrix::zeros(n, n);
        for j in 0..n {
            for k in 0..=j {
                let mut sum = 0.5 * (self[(j, k)] + self[(k, j)]);
                for l in 0..k {
                    sum -= factor[(j, l)] * factor[(k, l)];
                }
                if j == k {
                    let pivot = sum;
                    if pivot.is_nan() || pivot <= floor * self[(j, j)].abs() {
                        return false;
                    }
                    factor[(j, j)] = pivot.sqrt();
                } else {
                    factor[(j, k)] = sum / factor[(k, k)];
                }
            }
        }
        true
    }
}

impl Index<(usize, usize)> for Matrix {
    type Output = f64;
    #[inline(always)]
    fn index(&self, (row, column): (usize, usize)) -> &f64 {
        &self.entries[row * self.columns + column]
    }
}

impl IndexMut<(usize, usize)> for Matrix {
    #[inline(always)]
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut f64 {
        &mut self.entries[row * self.columns + column]
    }
}

/// An LU factorisation with row exchanges.
pub struct Lu {
    factors: Matrix,
    exchanges: Vec<usize>,
}

impl Lu {
    /// Factors a square matrix; `None` if it is singular or holds a value that is not finite.
    pub fn new(mut a: Matrix) -> Option<Lu> {
        let n = a.rows;
        let mut exchanges = Vec::with_capacity(n);
        for k in 0..n {
            let mut pivot = k;
            for j in k + 1..n {
                if a[(j, k)].abs() > a[(pivot, k)].abs() {
                    pivot = j;
                }
            }
            if a[(pivot, k)] == 0.0 || !a[(pivot, k)].is_finite() {
                return None;
            }
            exchanges.push(pivot);
            if pivot != k {
                let (above, below) = a.entries.split_at_mut(pivot * n);
                above[k * n..(k + 1) * n].swap_with_slice(&mut below[..n]);
            }
            linear::eliminate(&mut a.entries, n, k);
        }
        Some(Lu { factors: a, exchanges })
    }

    /// Solves A x = b in place.
    pub fn solve(&self, b: &mut [f64]) {
        for (k, &pivot) in self.exchanges.iter().enumerate() {
            b.swap(k, pivot);
        }
        linear::substitute(&self.factors.entries, b, self.factors.rows);
    }
}

/// Solves A x = b with one step of iterative refinement; `None` if A is singular.
pub fn solve(a: &Matrix, b: &[f64]) -> Option<Vec<f64>> {
    let lu = Lu::new(a.clone())?;
    let mut x = b.to_vec();
    lu.solve(&mut x);
    let mut error: Vec<f64> = (0..b.len())
        .map(|j| b[j] - a.row(j).iter().zip(&x).map(|(entry, value)| entry * value).sum::<f64>())
        .collect();
    lu.solve(&mut error);
    x.iter_mut().zip(&error).for_each(|(value, change)| *value += change);
    x.iter().all(|value| value.is_finite()).then_some(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rows: &[&[f64]]) -> Matrix {
        let mut a = Matrix::zeros(rows.len(), rows[0].len());
        for (j, row) in rows.iter().enumerate() {
            row.iter().enumerate().for_each(|(k, &value)| a[(j, k)] = value);
        }
        a
    }

    #[test]
    fn solves_a_system_that_needs_pivoting() {
        let a = matrix(&[&[0.0, 2.0, 1.0], &[1.0, 0.0, 0.0], &[3.0, 1.0, -1.0]]);
        let x = solve(&a, &[7.0, 1.0, 2.0]).unwrap();
        assert!(x.iter().zip([1.0, 2.0, 3.0]).all(|(a, b)| (a - b).abs() < 1e-14), "{x:?}");
        assert!(solve(&matrix(&[&[1.0, 2.0], &[2.0, 4.0]]), &[1.0, 1.0]).is_none());
    }

    #[test]
    fn eigenvalue_and_definiteness() {
        let a = matrix(&[&[2.0, -1.0, 0.0], &[-1.0, 2.0, -1.0], &[0.0, -1.0, 2.0]]);
        assert!((a.largest_eigenvalue() - (2.0 + 2.0_f64.sqrt())).abs() < 1e-14);
        // A full one: with eigenvalues 1, 2, …, 12 in the basis of a reflection.
        let n = 12;
        let v: Vec<f64> = (0..n).map(|j| 1.0 + (j * 5 % 7) as f64).collect();
        let square: f64 = v.iter().map(|x| x * x).sum();
        let mut full = Matrix::zeros(n, n);
        for j in 0..n {
            for k in 0..n {
                let reflected = |a: usize, l: usize| f64::from(u8::from(a == l)) - 2.0 * v[a] * v[l] / square;
                full[(j, k)] = (0..n).map(|l| reflected(j, l) * (l + 1) as f64 * reflected(k, l)).sum();
            }
        }
        assert!((full.largest_eigenvalue() - 12.0).abs() < 1e-12);
        assert_eq!(matrix(&[&[-3.0]]).largest_eigenvalue(), -3.0);
        let tiny = matrix(&[&[-1.0, 1e-170, 0.0], &[1e-170, -2.0, 1e-200], &[0.0, 1e-200, -3.0]]);
        assert_eq!(tiny.largest_eigenvalue(), -1.0);
        assert!(matrix(&[&[f64::NAN, 0.0], &[0.0, 1.0]]).largest_eigenvalue().is_nan());
        assert!(a.is_positive_definite(1e-12));
        assert!(!matrix(&[&[1.0, 2.0], &[2.0, 1.0]]).is_positive_definite(1e-12));
    }
}
