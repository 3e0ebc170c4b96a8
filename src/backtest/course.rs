//! `Course`: where a maker's log share goes after an origin, and how it spreads.

use crate::share_process::Outlook;

/// The course of one maker's log share after the origin; entry t − 1 is year t.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// Expected change up to the year.
    pub centre: Vec<f64>,
    /// What one sd of the maker's own direction adds up to the year.
    pub lean: Vec<f64>,
    /// Scale of each year's shock.
    pub sd: Vec<f64>,
    /// Whether the scale itself is drawn, for Student t shocks.
    pub heavy: bool,
    /// Past errors by horizon, sorted, to draw from instead.
    pub errors: Vec<Vec<f64>>,
}

impl Course {
    /// A random walk with one sd.
    pub fn walk(sd: f64, years: usize) -> Course {
        Course { centre: vec![0.0; years], lean: vec![0.0; years], sd: vec![sd; years], ..Course::default() }
    }

    /// The share process's.
    pub fn of(outlook: Outlook, damping: f64) -> Course {
        let years = outlook.sd.len();
        let (mut kept, mut sum) = (1.0, 0.0);
        let sums: Vec<f64> = (0..years)
            .map(|_| {
                sum += kept;
                kept *= damping;
                sum
            })
            .collect();
        Course {
            centre: sums.iter().map(|sum| outlook.step * sum + outlook.carry).collect(),
            lean: sums.iter().map(|sum| outlook.step_sd * sum).collect(),
            sd: outlook.sd,
            heavy: true,
            errors: Vec::new(),
        }
    }
}
