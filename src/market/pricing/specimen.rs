//! Made-up markets for tests, and an independent check of their first-order conditions by complex step.
#![allow(clippy::disallowed_methods)]

use super::*;
use crate::market::conduct::Conduct;
use crate::numeric::{Kernel, Mask, Real};

/// Replications per specimen: one block of lanes.
pub const BLOCK: usize = 8;

/// One market in eight replications; columns hold offer-major numbers, `BLOCK` per offer.
#[derive(Clone, Debug)]
pub struct Specimen {
    pub layout: Layout,
    pub response: PriceResponse,
    pub weight: Vec<f64>,
    pub alpha: Vec<f64>,
    pub taste: Vec<f64>,
    pub rho: Vec<f64>,
    pub utility: Vec<f64>,
    pub cost: Vec<f64>,
    pub tax: Vec<f64>,
    pub credit: Vec<f64>,
    pub overhang: Vec<f64>,
    pub available: Vec<f64>,
    pub fixed_price: Vec<f64>,
    pub row: Vec<usize>,
    pub column: Vec<usize>,
    pub kappa: Vec<f64>,
    pub nest_shares: Vec<f64>,
    pub start: Option<Vec<f64>>,
    pub options: Options,
}

/// What came out of one replication.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub price: Vec<f64>,
    pub share: Vec<f64>,
    pub within_nest: Vec<f64>,
    pub margin: Vec<f64>,
    pub markup: Vec<f64>,
    pub log_sum: Vec<f64>,
    pub nest_shift: Vec<f64>,
    pub outside_share: f64,
    pub residual: f64,
    pub iterations: f64,
    pub converged: bool,
    pub markup_positive: bool,
}

impl Outcome {
    pub fn bits(&self) -> Vec<u64> {
        let columns = [&self.price, &self.share, &self.within_nest, &self.margin, &self.markup];
        let more = [&self.log_sum, &self.nest_shift];
        let ends = [self.outside_share, self.residual, self.iterations];
        let flags = [u64::from(self.converged), u64::from(self.markup_positive)];
        let numbers = columns.into_iter().chain(more).flatten().copied().chain(ends);
        numbers.map(f64::to_bits).chain(flags).collect()
    }
}

/// A repeatable source of numbers in [0, 1).
pub struct Random(pub u64);
impl Random {
    pub fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 11) as f64) / (1u64 << 53) as f64
    }
    pub fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }
    pub fn columns(&mut self, n: usize, low: f64, high: f64) -> Vec<f64> {
        (0..n * BLOCK).map(|_| self.within(low, high)).collect()
    }
}

impl Specimen {
    /// A market with `offers` offers of `firms` firms in `nests` nests and nothing special.
    pub fn plain(seed: u64, response: PriceResponse, offers: usize, firms: usize, nests: usize) -> Specimen {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1);
        for _ in 0..4 {
            random.unit();
        }
        let firm_of: Vec<usize> = (0..offers).map(|j| j % firms).collect();
        let nest_of: Vec<usize> = (0..offers).map(|j| (j * 7 + j / firms) % nests).collect();
        let order = Layout::sorting(&firm_of, &nest_of);
        let sorted = |column: &[usize]| order.iter().map(|&j| column[j]).collect();
        let layout = Layout::new(sorted(&firm_of), sorted(&nest_of), vec![false; firms]);
        let log = response == PriceResponse::Log;
        Specimen {
            layout,
            response,
            weight: vec![1.0],
            alpha: random.columns(1, if log { 3.0 } else { 0.7 }, if log { 6.0 } else { 1.5 }),
            taste: vec![],
            rho: random.columns(nests, 0.0, if log { 0.6 } else { 0.8 }),
            utility: random.columns(offers, -1.0, 2.0),
            cost: random.columns(offers, 0.5, 1.5),
            tax: vec![],
            credit: vec![],
            overhang: vec![],
            available: vec![],
            fixed_price: vec![],
            row: vec![],
            column: vec![],
            kappa: vec![],
            nest_shares: vec![],
            start: None,
            options: Options::default(),
        }
    }

    /// The same with some of everything: tax, credit, overhang, offers not on sale, fixed prices, κ,
    /// a fringe firm, given nest shares.
    pub fn rich(seed: u64, response: PriceResponse, offers: usize, firms: usize, nests: usize) -> Specimen {
        let mut specimen = Specimen::plain(seed, response, offers, firms, nests);
        let mut random = Random(seed.wrapping_mul(0xd134_2543_de82_ef95) + 7);
        for _ in 0..4 {
            random.unit();
        }
        let mut sometimes = || random.unit() < 0.5;
        let flags: Vec<bool> = (0..7).map(|_| sometimes()).collect();
        if flags[0] {
            specimen.tax = random.columns(offers, 0.0, 0.3);
        }
        if flags[1] {
            specimen.credit = random.columns(offers, 0.0, 0.2);
        }
        if flags[2] {
            specimen.overhang = random.columns(offers, 0.0, 0.03);
        }
        if flags[3] {
            let some =
                |random: &mut Random| if random.unit() < 0.3 { 0.0 } else { 1.0 - random.unit() / 2.0 };
            specimen.available = (0..offers * BLOCK).map(|_| some(&mut random)).collect();
        }
        if flags[4] {
            let some =
                |random: &mut Random| if random.unit() < 0.2 { random.within(1.2, 2.5) } else { f64::NAN };
            specimen.fixed_price = (0..offers * BLOCK).map(|_| some(&mut random)).collect();
        }
        if flags[5] && firms > 2 {
            specimen.row = vec![0, 1, 2];
            specimen.column = vec![1, 0, 0];
            specimen.kappa = random.columns(3, 0.0, 1.0);
        }
        if flags[6] {
            specimen.nest_shares = random.columns(nests, 0.05, 0.8 / nests as f64);
        }
        if firms > 3 {
            specimen.layout.fringe[3] = random.unit() < 0.5;
        }
        specimen
    }

    /// Gives the specimen several types, with tastes.
    pub fn with_types(mut self, seed: u64, types: usize) -> Specimen {
        let mut random = Random(seed.wrapping_mul(0xa076_1d64_78bd_642f) + 11);
        for _ in 0..4 {
            random.unit();
        }
        let raw: Vec<f64> = (0..types).map(|_| random.within(0.5, 1.5)).collect();
        let sum: f64 = raw.iter().sum();
        self.weight = raw.iter().map(|w| w / sum).collect();
        let centre = self.alpha.clone();
        let spread = |random: &mut Random| random.within(0.8, 1.3);
        self.alpha = (0..types)
            .flat_map(|_| {
                let factor = spread(&mut random);
                centre.iter().map(move |alpha| alpha * factor).collect::<Vec<_>>()
            })
            .collect();
        self.taste = (0..types * self.layout.n_offers()).map(|_| random.within(-0.7, 0.7)).collect();
        self.nest_shares.clear();
        self
    }

    /// Loads replications `lane..lane + R::LANES` of a column.
    fn load<R: Real>(token: R::Token, column: &[f64], lane: usize) -> Vec<R> {
        column.chunks(BLOCK).map(|block| R::load(token, &block[lane..lane + R::LANES])).collect()
    }

    /// Hands the block that starts at `lane` to `use_it`.
    pub fn with_market<R: Real, T>(
        &self,
        token: R::Token,
        lane: usize,
        use_it: impl FnOnce(&Market<R>) -> T,
    ) -> T {
        let load = |column: &[f64]| Self::load::<R>(token, column, lane);
        use_it(&Market {
            layout: self.layout.clone(),
            response: self.response,
            types: Types { weight: self.weight.clone(), alpha: load(&self.alpha), taste: self.taste.clone() },
            rho: load(&self.rho),
            utility: load(&self.utility),
            cost: load(&self.cost),
            tax: load(&self.tax),
            credit: load(&self.credit),
            overhang: load(&self.overhang),
            available: load(&self.available),
            fixed_price: load(&self.fixed_price),
            conduct: Conduct {
                row: self.row.clone(),
                column: self.column.clone(),
                weight: load(&self.kappa),
            },
            closure: match self.nest_shares.is_empty() {
                true => Closure::OutsideGood,
                false => Closure::NestShares(load(&self.nest_shares)),
            },
        })
    }

    pub fn solve_one_by_one(&self) -> Vec<Outcome> {
        Solve(self).run::<f64>(())
    }
}

/// Solves all replications of a specimen, with one type or several.
#[derive(Clone)]
pub struct Solve<'a>(pub &'a Specimen);
impl Kernel for Solve<'_> {
    type Output = Vec<Outcome>;
    #[inline(always)]
    fn run<R: Real>(self, token: R::Token) -> Vec<Outcome> {
        let specimen = self.0;
        let mut outcomes = Vec::new();
        let mut work = Workspace::<R>::new(token, &specimen.layout);
        for lane in (0..BLOCK).step_by(R::LANES) {
            let start = specimen.start.as_ref().map(|prices| Specimen::load::<R>(token, prices, lane));
            let start = start.as_deref().map_or(Start::Cold, Start::Prices);
            let solution = specimen
                .with_market(token, lane, |market| solve(token, market, &mut work, start, specimen.options));
            for i in 0..R::LANES {
                let pick = |column: &[R]| column.iter().map(|x| x.lane(i)).collect::<Vec<f64>>();
                outcomes.push(Outcome {
                    price: pick(&work.price),
                    share: pick(&work.share),
                    within_nest: pick(&work.within_nest),
                    margin: pick(&work.margin),
                    markup: pick(&work.markup),
                    log_sum: pick(&work.log_sum),
                    nest_shift: pick(&work.nest_shift),
                    outside_share: work.outside_share[0].lane(i),
                    residual: solution.residual.lane(i),
                    iterations: solution.iterations.lane(i),
                    converged: solution.converged.lane(i),
                    markup_positive: solution.markup_positive.lane(i),
                });
            }
        }
        outcomes
    }
}

/// A complex number, for derivatives without cancellation: f'(x) = Im f(x + iε)/ε.
#[derive(Clone, Copy)]
struct Complex(f64, f64);
impl Complex {
    fn times(self, other: Complex) -> Complex {
        Complex(self.0 * other.0 - self.1 * other.1, self.0 * other.1 + self.1 * other.0)
    }
    fn plus(self, other: Complex) -> Complex {
        Complex(self.0 + other.0, self.1 + other.1)
    }
    fn scaled(self, by: f64) -> Complex {
        Complex(self.0 * by, self.1 * by)
    }
    fn over(self, other: Complex) -> Complex {
        let square = other.0 * other.0 + other.1 * other.1;
        self.times(Complex(other.0 / square, -other.1 / square))
    }
    fn exp(self) -> Complex {
        Complex(self.1.cos(), self.1.sin()).scaled(self.0.exp())
    }
    fn ln(self) -> Complex {
        Complex(self.0.hypot(self.1).ln(), self.1.atan2(self.0))
    }
}

/// Shares (complex) at prices (complex): the model's text, nothing clever.
fn complex_shares(market: &Market<f64>, shift: &[f64], price: &[Complex]) -> Vec<Complex> {
    let layout = &market.layout;
    let (offers, nests) = (layout.n_offers(), layout.nests.len());
    let or = |column: &[f64], j: usize, default| if column.is_empty() { default } else { column[j] };
    let mut total = vec![Complex(0.0, 0.0); offers];
    for (i, weight) in market.types.weight.iter().enumerate() {
        let mut scaled = vec![Complex(0.0, 0.0); offers];
        let mut sums = vec![Complex(0.0, 0.0); nests];
        for j in 0..offers {
            let g = layout.nest_of[j];
            let paid = price[j].scaled(1.0 + or(&market.tax, j, 0.0));
            let paid = paid.plus(Complex(-or(&market.credit, j, 0.0), 0.0));
            let paid = if market.response == PriceResponse::Log { paid.ln() } else { paid };
            let utility = market.utility[j] + or(&market.types.taste, i * offers + j, 0.0);
            let utility = Complex(utility, 0.0).plus(paid.scaled(-market.types.alpha[i]));
            let available = or(&market.available, j, 1.0);
            if available > 0.0 {
                scaled[j] = utility.scaled(1.0 / (1.0 - market.rho[g])).exp().scaled(available);
            }
            sums[g] = sums[g].plus(scaled[j]);
        }
        let nest_weight = |g: usize| {
            let keep = 1.0 - market.rho[g];
            let inclusive = if sums[g].0 > 0.0 { sums[g].ln().scaled(keep) } else { Complex(-1e3, 0.0) };
            inclusive.plus(Complex(shift[g], 0.0)).exp()
        };
        let nest_weights: Vec<Complex> = (0..nests).map(nest_weight).collect();
        let all = nest_weights.iter().fold(Complex(1.0, 0.0), |sum, &w| sum.plus(w));
        for j in 0..offers {
            let g = layout.nest_of[j];
            if sums[g].0 > 0.0 {
                let share = scaled[j].over(sums[g]).times(nest_weights[g]).over(all);
                total[j] = total[j].plus(share.scaled(*weight));
            }
        }
    }
    total
}

/// Largest relative distance of the prices from (1 − o)(c + ζ(p)), with ζ from the definition:
/// Σ_k H_jk m_k ∂s_k/∂p_j + s_j = Λ_j (ζ_j − m_j), by complex step; and of the shares from the model.
/// Only for offers on sale whose price is free, of firms that are not fringe; and only for the usual
/// closure, where nest shares respond to price.
pub fn worst_condition(market: &Market<f64>, outcome: &Outcome) -> f64 {
    const STEP: f64 = 1e-40;
    let layout = &market.layout;
    let real: Vec<Complex> = outcome.price.iter().map(|&p| Complex(p, 0.0)).collect();
    let shares = complex_shares(market, &outcome.nest_shift, &real);
    let mut worst = 0.0_f64;
    for j in 0..layout.n_offers() {
        worst = worst.max((shares[j].0 - outcome.share[j]).abs() / shares[j].0.max(1e-12));
        let free = market.fixed_price.is_empty() || market.fixed_price[j].is_nan();
        let firm = layout.firm_of[j];
        if !free || shares[j].0 == 0.0 || layout.fringe[firm] {
            continue;
        }
        let mut shifted = real.clone();
        shifted[j].1 = STEP;
        let moved = complex_shares(market, &outcome.nest_shift, &shifted);
        let mut condition = shares[j].0;
        for (k, moved) in moved.iter().enumerate() {
            let other = layout.firm_of[k];
            let mut profit_weight = f64::from(u8::from(other == firm));
            for (at, &weight) in market.conduct.weight.iter().enumerate() {
                if (market.conduct.row[at], market.conduct.column[at]) == (firm, other) {
                    profit_weight += weight;
                }
            }
            condition += profit_weight * (outcome.price[k] - market.cost[k]) * moved.1 / STEP;
        }
        // −Λ_j = Σ_i w_i h_ij s_ij/(1−ρ): the part of −∂s_j/∂p_j that survives when everything else
        // is scaled out; equal to h s/(1−ρ) with one type.
        let gross = 1.0 + if market.tax.is_empty() { 0.0 } else { market.tax[j] };
        let credit = if market.credit.is_empty() { 0.0 } else { market.credit[j] };
        let paid = outcome.price[j] * gross - credit;
        let slope = if market.response == PriceResponse::Log { gross / paid } else { gross };
        let mut fall = 0.0;
        for (i, weight) in market.types.weight.iter().enumerate() {
            let mut single = market.clone();
            let taste = if market.types.taste.is_empty() {
                Vec::new()
            } else {
                market.types.taste[i * layout.n_offers()..(i + 1) * layout.n_offers()].to_vec()
            };
            single.types = Types { weight: vec![1.0], alpha: vec![market.types.alpha[i]], taste };
            let share = complex_shares(&single, &outcome.nest_shift, &real)[j].0;
            fall += weight * market.types.alpha[i] * slope * share;
        }
        let keep = 1.0 - market.rho[layout.nest_of[j]];
        let zeta = outcome.price[j] - market.cost[j] + condition * keep / fall;
        let kept = 1.0 - if market.overhang.is_empty() { 0.0 } else { market.overhang[j] };
        let off = (outcome.price[j] - kept * (market.cost[j] + zeta)).abs() / outcome.price[j];
        worst = worst.max(off);
    }
    worst
}
