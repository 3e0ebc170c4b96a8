//! Draws of a region's shares in the years after an origin. All methods use the same draws, so the difference
//! between two methods is theirs and not luck's.

use crate::numeric::Real;
use crate::share_process::heavy_factor;
use crate::uncertainty::{Distribution, Stream};

use super::course::Course;

/// Standard normal draws of every maker: its direction, its scale and its yearly shocks. The second half of
/// the draws are the first with the shocks and directions turned round.
pub struct Shocks {
    makers: Vec<MakerShocks>,
    draws: usize,
}

struct MakerShocks {
    /// Uniform, to choose among past errors.
    rank: Vec<f64>,
    direction: Vec<f64>,
    scale: Vec<f64>,
    years: Vec<Vec<f64>>,
}

impl Shocks {
    /// The shocks of makers after an origin; they depend on names, never on what else is drawn.
    pub fn new(seed: u64, region: &str, origin: i32, makers: &[&str], years: usize, draws: usize) -> Shocks {
        let half = draws.div_ceil(2);
        let normal = Distribution::Normal { mean: 0.0, sd: 1.0, low: None, high: None }.quantile_function();
        let uniforms = |maker: &str, what: &str| {
            let stream = Stream::new(seed, &format!("backtest.{region}.{maker}.{origin}.{what}"));
            let mut uniforms = vec![0.0; half];
            stream.uniforms(0, &mut uniforms);
            uniforms
        };
        let ranks = |maker: &str| {
            let mut ranks = uniforms(maker, "rank");
            let turned: Vec<f64> = ranks.iter().take(draws - half).map(|rank| 1.0 - rank).collect();
            ranks.extend(turned);
            ranks
        };
        let normals = |maker: &str, what: &str, turned: bool| {
            let mut values: Vec<f64> = uniforms(maker, what).iter().map(|u| normal.quantile(*u)).collect();
            values.extend_from_within(..draws - half);
            if turned {
                values[half..].iter_mut().for_each(|value| *value = -*value);
            }
            values
        };
        let makers = makers.iter().map(|maker| MakerShocks {
            rank: ranks(maker),
            direction: normals(maker, "direction", true),
            scale: normals(maker, "scale", false),
            years: (1..=years).map(|year| normals(maker, &format!("shock.{year}"), true)).collect(),
        });
        Shocks { makers: makers.collect(), draws }
    }
}

/// Shares of every maker at a horizon, draw by draw: `shares[maker][draw]`. The last maker is the rest of
/// the market; shares of a draw sum to what those of the origin do: one, or more where the makers were counted more
/// widely than the region.
pub fn simulate(
    shocks: &Shocks,
    shares: &[f64],
    courses: &[Course],
    horizon: usize,
    freedom: f64,
) -> Vec<Vec<f64>> {
    let mut simulated: Vec<Vec<f64>> = shares
        .iter()
        .zip(courses)
        .zip(&shocks.makers)
        .map(|((share, course), shocks)| {
            let change = |draw: usize| changed(course, shocks, draw, horizon, freedom);
            (0..shocks.scale.len()).map(|draw| share * Real::exp(change(draw))).collect()
        })
        .collect();
    let whole: f64 = shares.iter().sum();
    for draw in 0..shocks.draws {
        let sum: f64 = simulated.iter().map(|values| values[draw]).sum();
        simulated.iter_mut().for_each(|values| values[draw] *= whole / sum);
    }
    simulated
}

/// Change of a maker's log share up to the horizon, before shares are closed.
fn changed(course: &Course, shocks: &MakerShocks, draw: usize, horizon: usize, freedom: f64) -> f64 {
    if let Some(errors) = course.errors.get(horizon - 1) {
        let place = (shocks.rank[draw] * errors.len() as f64) as usize;
        return errors[place.min(errors.len() - 1)];
    }
    let shock: f64 = (0..horizon).map(|year| course.sd[year] * shocks.years[year][draw]).sum();
    let factor = if course.heavy { heavy_factor(shocks.scale[draw], freedom) } else { 1.0 };
    course.centre[horizon - 1] + course.lean[horizon - 1] * shocks.direction[draw] + factor * shock
}
