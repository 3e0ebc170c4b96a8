//! Correlation matrices: whether random numbers can have them, and the nearest that they can have.
//!
//! A set of correlations is possible if their matrix has no negative eigenvalue. If it has, the nearest matrix without:
//! N. J. Higham (2002), Computing the nearest correlation matrix, IMA Journal of Numerical Analysis 22(3).

/// A symmetric matrix, row by row.
pub type Matrix = Vec<Vec<f64>>;

/// The matrix of numbers that have nothing to do with each other.
pub fn identity(n: usize) -> Matrix {
    (0..n).map(|row| (0..n).map(|column| f64::from(u8::from(row == column))).collect()).collect()
}

/// Eigenvalues of a symmetric matrix and its eigenvectors in columns, by Jacobi's rotations.
fn eigen(matrix: &Matrix) -> (Vec<f64>, Matrix) {
    let n = matrix.len();
    let (mut a, mut vectors) = (matrix.clone(), identity(n));
    for _sweep in 0..60 {
        let rest: f64 =
            (0..n).flat_map(|p| (0..p).map(move |q| (p, q))).map(|(p, q)| a[p][q] * a[p][q]).sum();
        if rest < 1e-30 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                if a[p][q] == 0.0 {
                    continue;
                }
                let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
                let tangent = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
                let sine = tangent * cosine;
                for row in &mut a {
                    (row[p], row[q]) = (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
                }
                let (upper, lower) = a.split_at_mut(q);
                for (above, below) in upper[p].iter_mut().zip(&mut lower[0]) {
                    (*above, *below) = (cosine * *above - sine * *below, sine * *above + cosine * *below);
                }
                for row in &mut vectors {
                    (row[p], row[q]) = (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
                }
            }
        }
    }
    ((0..n).map(|k| a[k][k]).collect(), vectors)
}

/// The nearest matrix without a negative eigenvalue.
fn without_negative(matrix: &Matrix) -> Matrix {
    let (values, vectors) = eigen(matrix);
    let n = matrix.len();
    let entry = |row: usize, column: usize| -> f64 {
        (0..n).map(|k| vectors[row][k] * values[k].max(0.0) * vectors[column][k]).sum()
    };
    (0..n).map(|row| (0..n).map(|column| entry(row, column)).collect()).collect()
}

/// Whether random numbers can have these correlations: their matrix has no negative eigenvalue.
pub fn is_possible(matrix: &Matrix) -> bool {
    eigen(matrix).0.iter().all(|value| *value >= -1e-9)
}

/// The nearest correlation matrix, drawn in by a thousandth so that its rounded figures are possible too.
pub fn nearest(matrix: &Matrix) -> Matrix {
    let n = matrix.len();
    let cells = || (0..n).flat_map(move |row| (0..n).map(move |column| (row, column)));
    let mut current = matrix.clone();
    let mut correction = vec![vec![0.0; n]; n];
    for _ in 0..300 {
        let mut shifted = current.clone();
        cells().for_each(|(row, column)| shifted[row][column] -= correction[row][column]);
        current = without_negative(&shifted);
        cells()
            .for_each(|(row, column)| correction[row][column] = current[row][column] - shifted[row][column]);
        (0..n).for_each(|k| current[k][k] = 1.0);
    }
    cells().filter(|(row, column)| row != column).for_each(|(row, column)| current[row][column] *= 0.999);
    current
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_correlation_matrix_is_highams() {
        // Higham's example: the nearest has 0.7607 beside the diagonal and 0.1573 in the corner.
        let matrix = vec![vec![1.0, 1.0, 0.0], vec![1.0, 1.0, 1.0], vec![0.0, 1.0, 1.0]];
        let found = nearest(&matrix);
        assert!((found[0][1] / 0.999 - 0.7607).abs() < 1e-4, "{found:?}");
        assert!((found[0][2] / 0.999 - 0.1573).abs() < 1e-4, "{found:?}");
        assert!(eigen(&found).0.iter().all(|value| *value > 0.0));
    }

    #[test]
    fn eigenvalues_of_a_known_matrix() {
        let (mut values, _) = eigen(&vec![vec![1.0, 0.5], vec![0.5, 1.0]]);
        values.sort_by(f64::total_cmp);
        assert!((values[0] - 0.5).abs() < 1e-12 && (values[1] - 1.5).abs() < 1e-12);
    }
}
