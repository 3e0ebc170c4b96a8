//! Small dense matrices: products, linear solves by LU with partial pivoting, definiteness and
//! eigenvalues of symmetric blocks.
//!
//! Markets have at most a few hundred offers, so the textbook O(n³) algorithms are enough:
//! Golub & Van Loan, *Matrix Computations*, §3.4 (LU), §4.2 (Cholesky), §8.5 (Jacobi).

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

    /// The largest eigenvalue of the symmetric part, by cyclic Jacobi rotations.
    pub fn largest_eigenvalue(&self) -> f64 {
        let n = self.rows;
        let mut a = Matrix::zeros(n, n);
        for j in 0..n {
            for k in 0..n {
                a[(j, k)] = 0.5 * (self[(j, k)] + self[(k, j)]);
            }
        }
        for _ in 0..60 {
            let off: f64 = (0..n).flat_map(|j| (0..j).map(move |k| (j, k))).map(|i| a[i] * a[i]).sum();
            let size: f64 = (0..n).map(|j| a[(j, j)] * a[(j, j)]).sum();
            if off <= 1e-30 * size || !off.is_finite() {
                break;
            }
            for p in 0..n {
                for q in p + 1..n {
                    a.rotate(p, q);
                }
            }
        }
        (0..n).map(|j| a[(j, j)]).fold(f64::NEG_INFINITY, |m, x| if x.is_nan() { x } else { m.max(x) })
    }

    /// One Jacobi rotation that zeroes entry (p, q) of a symmetric matrix.
    fn rotate(&mut self, p: usize, q: usize) {
        if self[(p, q)] == 0.0 {
            return;
        }
        let theta = (self[(q, q)] - self[(p, p)]) / (2.0 * self[(p, q)]);
        let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
        let c = 1.0 / (t * t + 1.0).sqrt();
        let s = t * c;
        for k in 0..self.rows {
            let (kp, kq) = (self[(k, p)], self[(k, q)]);
            self[(k, p)] = c * kp - s * kq;
            self[(k, q)] = s * kp + c * kq;
        }
        for k in 0..self.rows {
            let (pk, qk) = (self[(p, k)], self[(q, k)]);
            self[(p, k)] = c * pk - s * qk;
            self[(q, k)] = s * pk + c * qk;
        }
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
                for l in 0..n {
                    let held = a[(k, l)];
                    a[(k, l)] = a[(pivot, l)];
                    a[(pivot, l)] = held;
                }
            }
            for j in k + 1..n {
                let ratio = a[(j, k)] / a[(k, k)];
                a[(j, k)] = ratio;
                if ratio != 0.0 {
                    for l in k + 1..n {
                        let above = a[(k, l)];
                        a[(j, l)] -= ratio * above;
                    }
                }
            }
        }
        Some(Lu { factors: a, exchanges })
    }

    /// Solves A x = b in place.
    pub fn solve(&self, b: &mut [f64]) {
        let n = b.len();
        for (k, &pivot) in self.exchanges.iter().enumerate() {
            b.swap(k, pivot);
        }
        for j in 0..n {
            let known: f64 = (0..j).map(|k| self.factors[(j, k)] * b[k]).sum();
            b[j] -= known;
        }
        for j in (0..n).rev() {
            let known: f64 = (j + 1..n).map(|k| self.factors[(j, k)] * b[k]).sum();
            b[j] = (b[j] - known) / self.factors[(j, j)];
        }
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
        assert!(a.is_positive_definite(1e-12));
        assert!(!matrix(&[&[1.0, 2.0], &[2.0, 1.0]]).is_positive_definite(1e-12));
    }
}
