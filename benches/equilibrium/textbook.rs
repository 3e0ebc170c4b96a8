//! The yardstick: a plain scalar loop over the textbook ζ fixed point (Morrow and Skerlos 2011), one
//! replication at a time, stopped when no price moves by more than 1e-12 of itself.

use crate::markets::Batch;
use keiretsu::market::pricing::PriceResponse;
use keiretsu::numeric::Real;

const TOLERANCE: f64 = 1e-12;

/// Solves every replication; returns the prices and the median-free total of iterations.
pub fn solve(batch: &Batch, start: &[f64]) -> (Vec<f64>, usize) {
    let offers = batch.layout.n_offers();
    let mut prices = vec![0.0; start.len()];
    let mut iterations = 0;
    for r in 0..batch.n {
        let column = |values: &[f64]| (0..offers).map(|j| values[j * batch.n + r]).collect::<Vec<f64>>();
        let mut price = column(start);
        let (utility, cost) = (column(&batch.utility), column(&batch.cost));
        iterations += if batch.alpha.len() == 1 {
            one_type(batch, batch.alpha[0] * batch.alpha_factor[r], &utility, &cost, &mut price)
        } else {
            many_types(batch, &utility, &cost, &mut price)
        };
        for j in 0..offers {
            prices[j * batch.n + r] = price[j];
        }
    }
    (prices, iterations)
}

fn one_type(batch: &Batch, alpha: f64, utility: &[f64], cost: &[f64], price: &mut [f64]) -> usize {
    let layout = &batch.layout;
    let (offers, nests, firms) = (layout.n_offers(), layout.nests.len(), layout.firms.len());
    let log = batch.response == PriceResponse::Log;
    let mut weight = vec![0.0; offers];
    let mut firm_profit = vec![0.0; firms];
    let mut group_profit = vec![0.0; layout.groups.len()];
    let mut nest_total = vec![0.0; nests];
    let mut nest_weight = vec![0.0; nests];
    for iteration in 1..1000 {
        nest_total.fill(0.0);
        for j in 0..offers {
            let g = layout.nest_of[j];
            let of_price = if log { Real::ln(price[j]) } else { price[j] };
            weight[j] = Real::exp((utility[j] - alpha * of_price) / (1.0 - batch.rho[g]));
            nest_total[g] += weight[j];
        }
        let mut all = 1.0;
        for g in 0..nests {
            nest_weight[g] = Real::exp((1.0 - batch.rho[g]) * Real::ln(nest_total[g]));
            all += nest_weight[g];
        }
        firm_profit.fill(0.0);
        group_profit.fill(0.0);
        for j in 0..offers {
            let g = layout.nest_of[j];
            let within = weight[j] / nest_total[g];
            let margin = price[j] - cost[j];
            group_profit[layout.group_of[j]] += within * margin;
            firm_profit[layout.firm_of[j]] += within * nest_weight[g] / all * margin;
        }
        let mut change = 0.0_f64;
        for j in 0..offers {
            let rho = batch.rho[layout.nest_of[j]];
            let slope = if log { alpha / price[j] } else { alpha };
            let markup = (1.0 - rho) * (1.0 / slope + firm_profit[layout.firm_of[j]])
                + rho * group_profit[layout.group_of[j]];
            let next = cost[j] + markup;
            change = change.max((next - price[j]).abs() / next);
            price[j] = next;
        }
        if change <= TOLERANCE {
            return iteration;
        }
    }
    panic!("the textbook loop did not converge");
}

/// Linear price, no nests.
fn many_types(batch: &Batch, utility: &[f64], cost: &[f64], price: &mut [f64]) -> usize {
    let layout = &batch.layout;
    let (offers, firms) = (layout.n_offers(), layout.firms.len());
    let mut share = vec![0.0; offers];
    let mut firm_profit = vec![0.0; firms];
    let (mut sum, mut fall, mut cross) = (vec![0.0; offers], vec![0.0; offers], vec![0.0; offers]);
    for iteration in 1..1000 {
        for column in [&mut sum, &mut fall, &mut cross] {
            column.fill(0.0);
        }
        for (i, (&alpha, &weight)) in batch.alpha.iter().zip(&batch.weight).enumerate() {
            let taste = &batch.taste[i * offers..(i + 1) * offers];
            let mut total = 1.0;
            for j in 0..offers {
                share[j] = Real::exp(utility[j] + taste[j] - alpha * price[j]);
                total += share[j];
            }
            firm_profit.fill(0.0);
            for j in 0..offers {
                share[j] /= total;
                firm_profit[layout.firm_of[j]] += share[j] * (price[j] - cost[j]);
            }
            for j in 0..offers {
                sum[j] += weight * share[j];
                fall[j] += weight * alpha * share[j];
                cross[j] += weight * alpha * share[j] * firm_profit[layout.firm_of[j]];
            }
        }
        let mut change = 0.0_f64;
        for j in 0..offers {
            let next = cost[j] + (sum[j] + cross[j]) / fall[j];
            change = change.max((next - price[j]).abs() / next);
            price[j] = next;
        }
        if change <= TOLERANCE {
            return iteration;
        }
    }
    panic!("the textbook loop did not converge");
}
