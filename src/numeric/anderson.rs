//! Anderson acceleration of a fixed point x = g(x), every lane its own (Anderson 1965; Walker and Ni 2011).
//!
//! With r_k = g(x_k) − x_k, differences Δr are kept orthonormal (q_i, modified Gram–Schmidt), and the
//! same combinations of Δg beside them (w_i): x_{k+1} = g(x_k) − Σ_i (q_i·r_k) w_i. The memory is emptied
//! when it is full.

use super::{Mask, Real};

/// Differences remembered.
const DEPTH: usize = 12;
/// A difference that lies this much (squared) inside the span of the others is left out.
const DEPENDENT: f64 = 1e-18;

/// Memory of an accelerated iteration; allocated once for vectors of one length.
#[derive(Clone, Debug)]
pub struct Anderson<R> {
    length: usize,
    used: usize,
    /// Whether `last_*` hold an iterate.
    started: bool,
    residuals: Vec<R>,
    images: Vec<R>,
    last_residual: Vec<R>,
    last_image: Vec<R>,
}

impl<R: Real> Anderson<R> {
    pub fn new(token: R::Token, length: usize) -> Anderson<R> {
        let zeros = |n: usize| vec![R::zero(token); n];
        Anderson {
            length,
            used: 0,
            started: false,
            residuals: zeros(DEPTH * length),
            images: zeros(DEPTH * length),
            last_residual: zeros(length),
            last_image: zeros(length),
        }
    }

    /// How long the vectors are.
    pub fn length(&self) -> usize {
        self.length
    }

    /// Forgets everything: a new iteration begins.
    #[inline(always)]
    pub fn restart(&mut self) {
        self.used = 0;
        self.started = false;
    }

    /// Forgets what the marked lanes remember.
    #[inline(always)]
    pub fn forget(&mut self, token: R::Token, lanes: R::Mask) {
        if lanes.any() {
            let zero = R::zero(token);
            for value in &mut self.residuals[..self.used * self.length] {
                *value = R::select(lanes, zero, *value);
            }
        }
    }

    /// Takes the image g(x) and the residual g(x) − x of the current point, learns from the change
    /// since the last one, and overwrites `image` with the next point.
    #[inline(always)]
    pub fn next(&mut self, token: R::Token, image: &mut [R], residual: &[R]) {
        let n = self.length;
        if self.started {
            if self.used == DEPTH {
                self.used = 0;
            }
            self.learn(token, image, residual);
        }
        self.started = true;
        self.last_residual.copy_from_slice(residual);
        self.last_image.copy_from_slice(image);
        for i in 0..self.used {
            let q = &self.residuals[i * n..(i + 1) * n];
            let w = &self.images[i * n..(i + 1) * n];
            let along = dot(token, q, residual);
            for (x, &w) in image.iter_mut().zip(w) {
                *x -= along * w;
            }
        }
    }

    #[inline(always)]
    fn learn(&mut self, token: R::Token, image: &[R], residual: &[R]) {
        let (zero, one) = (R::zero(token), R::one(token));
        let n = self.length;
        let (known_r, new_r) = self.residuals.split_at_mut(self.used * n);
        let (known_g, new_g) = self.images.split_at_mut(self.used * n);
        let (new_r, new_g) = (&mut new_r[..n], &mut new_g[..n]);
        for j in 0..n {
            new_r[j] = residual[j] - self.last_residual[j];
            new_g[j] = image[j] - self.last_image[j];
        }
        let before = dot(token, new_r, new_r);
        for (q, w) in known_r.chunks_exact(n).zip(known_g.chunks_exact(n)) {
            let along = dot(token, q, new_r);
            for j in 0..n {
                new_r[j] -= along * q[j];
                new_g[j] -= along * w[j];
            }
        }
        let after = dot(token, new_r, new_r);
        let useful = (before * DEPENDENT).lt(after);
        let scale = R::select(useful, one / after.sqrt(), zero);
        for j in 0..n {
            // Zero times infinity must not spoil a lane that learns nothing.
            new_r[j] = R::select(useful, new_r[j] * scale, zero);
            new_g[j] = R::select(useful, new_g[j] * scale, zero);
        }
        self.used += 1;
    }
}

/// Σ a_j b_j in four strands, which keeps the additions from waiting for each other.
#[inline(always)]
fn dot<R: Real>(token: R::Token, a: &[R], b: &[R]) -> R {
    let mut strands = [R::zero(token); 4];
    let (quads_a, quads_b) = (a.chunks_exact(4), b.chunks_exact(4));
    let (rest_a, rest_b) = (quads_a.remainder(), quads_b.remainder());
    for (a, b) in quads_a.zip(quads_b) {
        for i in 0..4 {
            strands[i] += a[i] * b[i];
        }
    }
    for (i, (&a, &b)) in rest_a.iter().zip(rest_b).enumerate() {
        strands[i] += a * b;
    }
    (strands[0] + strands[1]) + (strands[2] + strands[3])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_a_linear_fixed_point_in_as_many_steps_as_dimensions() {
        // g(x) = M x + b with spectral radius near .9: plain iteration needs 250 steps for 1e-12.
        let n = 5_usize;
        let matrix: Vec<f64> = (0..n * n).map(|k| 0.9 / (1.0 + (k / n).abs_diff(k % n) as f64)).collect();
        let shrink = 0.9 / 2.2;
        let mut memory = Anderson::<f64>::new((), n);
        let mut x = vec![0.0; n];
        let mut worst = f64::INFINITY;
        for _ in 0..8 {
            let mut image: Vec<f64> = (0..n)
                .map(|i| 1.0 + i as f64 + shrink * (0..n).map(|j| matrix[i * n + j] * x[j]).sum::<f64>())
                .collect();
            let residual: Vec<f64> = image.iter().zip(&x).map(|(g, x)| g - x).collect();
            worst = residual.iter().fold(0.0, |most: f64, r| most.max(r.abs()));
            memory.next((), &mut image, &residual);
            x = image;
        }
        assert!(worst < 1e-9, "residual {worst:e} after eight evaluations");
    }
}
