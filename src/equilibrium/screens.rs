//! Concentration and first looks at a merger.
//!
//! ```text
//! HHI  = 10⁴ Σ_f (S_f/S)²                     MHHI = 10⁴ Σ_fg κ_fg S_f S_g / S²
//! UPP_j = Σ_{k in partner} D_jk (p_k − c_k)   GUPPI_j = UPP_j / p_j
//! compensating costs: costs of all offers at which today's prices stay optimal after the merger, outsiders'
//! stakes in the merging firms bought out; CMCR = (c − c*)/c
//! ```
//!
//! S_f: firm f's share of potential buyers, S their sum. Sources: Farrell & Shapiro (2010); Salop & Moresi
//! (2009); Werden (1996); O'Brien & Salop (2000).

use super::answer::Screens;
use super::calibrate::Base;
use super::question::{Ownership, Question};
use crate::market::conduct::{self, Conduct};
use crate::market::pricing::Layout;
use crate::market::pricing::dense::{demand, inversion};

/// Share of potential buyers of each firm.
fn firm_shares(share: &[f64], firm: &[usize], n_firms: usize) -> Vec<f64> {
    let mut total = vec![0.0; n_firms];
    share.iter().zip(firm).for_each(|(s, &f)| total[f] += s);
    total
}

/// HHI on shares among buyers, 0 to 10,000.
pub fn hhi(share: &[f64], firm: &[usize], n_firms: usize) -> f64 {
    let inside: f64 = share.iter().sum();
    firm_shares(share, firm, n_firms).iter().map(|s| s / inside * (s / inside)).sum::<f64>() * 1e4
}

/// Modified HHI: HHI plus the cross terms that profit weights add.
pub fn mhhi(share: &[f64], firm: &[usize], n_firms: usize, kappa: &Conduct<f64>) -> f64 {
    let inside: f64 = share.iter().sum();
    let firms = firm_shares(share, firm, n_firms);
    let across: f64 = kappa.entries().map(|(f, g, weight)| weight * firms[f] * firms[g]).sum();
    hhi(share, firm, n_firms) + across / (inside * inside) * 1e4
}

/// Screens for the first two firms that a scenario brings under one roof.
pub fn screens(question: &Question, base: &Base) -> Option<Screens> {
    let [a, b] = question.scenarios.iter().find_map(|s| merging(&question.ownership, &s.ownership))?;
    let firms = &question.ownership;
    let n = question.offers.len();
    let diversion = demand::diversion(&base.market, &base.conditions);
    let markup = &base.conditions.markup;
    let partner = |j: usize| match firms.firm[j] {
        f if f == a => Some(b),
        f if f == b => Some(a),
        _ => None,
    };
    let upp: Vec<f64> = (0..n)
        .map(|j| {
            let rivals = (0..n).filter(|&k| Some(firms.firm[k]) == partner(j));
            rivals.map(|k| diversion[(j, k)] * markup[k]).sum()
        })
        .collect();
    let guppi = (0..n).map(|j| upp[j] / base.price[j]).collect();
    let mut merged = base.market.clone();
    // The second firm's offers are the first one's.
    let kappa = conduct::bought_out(&conduct::merge(&firms.kappa, &[a, b]), &[a, b]);
    merged.conduct = Conduct::of(kappa.entries().filter(|(f, g, _)| ![*f, *g].contains(&b)).collect());
    let joint: Vec<usize> = firms.firm.iter().map(|&f| if f == b { a } else { f }).collect();
    let (nests, fringe) = (&base.market.layout.nest_of, &base.market.layout.fringe);
    merged.layout = Layout::of_nests(joint.clone(), nests.clone(), fringe.clone(), merged.rho.len());
    // Of all offers at once: an outsider with a stake has other costs too once the margins it counts change.
    let compensating = inversion::marginal_costs(&merged, &base.price).unwrap_or_else(|_| vec![f64::NAN; n]);
    let cmcr = compensating.iter().zip(&base.market.cost).map(|(c, old)| (old - c) / old).collect();
    let before = hhi(&base.share, &firms.firm, firms.firms.len());
    Some(Screens {
        merging: [firms.firms[a].clone(), firms.firms[b].clone()],
        hhi: before,
        hhi_change: hhi(&base.share, &joint, firms.firms.len()) - before,
        upp,
        guppi,
        compensating_costs: compensating,
        cmcr,
    })
}

/// The first two base firms whose offers all end up with one owner.
fn merging(before: &Ownership, after: &Ownership) -> Option<[usize; 2]> {
    let n = before.firms.len();
    let owner_of = |f: usize| -> Option<usize> {
        let mut owners = (0..before.firm.len()).filter(|&j| before.firm[j] == f).map(|j| after.firm[j]);
        let first = owners.next()?;
        owners.all(|owner| owner == first).then_some(first)
    };
    let owners: Vec<Option<usize>> = (0..n).map(owner_of).collect();
    (0..n)
        .flat_map(|a| (a + 1..n).map(move |b| [a, b]))
        .find(|&[a, b]| owners[a].is_some() && owners[a] == owners[b])
}
