//! Owners and profit weights: names to indices, stakes to κ.

use super::draft::*;
use super::look::Look;
use super::question::Ownership;
use crate::market::conduct::{self, Conduct, Stake, StakeError};

/// The base situation's firms, owners and κ.
pub fn ownership(look: &mut Look) -> Ownership {
    let draft = look.draft;
    let mut firms: Vec<String> = draft.firms.clone();
    let listed = !firms.is_empty();
    for (j, offer) in draft.offers.iter().enumerate() {
        if !firms.iter().any(|firm| firm == offer.firm()) {
            if listed {
                let what = format!("firm {} of offer {} is not in `firms`", offer.firm(), offer.name());
                let known = draft.firms.iter().map(String::as_str);
                look.unknown(&format!("products.firm_ids.{j}"), what, offer.firm(), known);
            }
            firms.push(offer.firm().to_owned());
        }
    }
    for (k, name) in draft.fringe.iter().enumerate().filter(|(_, name)| !firms.contains(name)) {
        let what = format!("fringe firm {name} sells nothing");
        look.unknown(&format!("fringe.{k}"), what, name, firms.iter().map(String::as_str));
    }
    let firm = draft.offers.iter().map(|o| index(&firms, o.firm())).collect();
    let fringe = firms.iter().map(|name| draft.fringe.contains(name)).collect();
    let (kappa, weighted) = weights(&draft.conduct, &firms, &firms, look);
    Ownership { firms, firm, kappa, fringe, weighted }
}

/// Position of a name that is known to be there.
pub fn index(names: &[String], name: &str) -> usize {
    names.iter().position(|known| known == name).unwrap_or(0)
}

/// The first name that stands twice in a list.
pub fn first_double(names: &[String]) -> Option<&String> {
    (1..names.len()).find(|&k| names[..k].contains(&names[k])).map(|k| &names[k])
}

/// κ, and whether it was given at all.
/// `known`: firms of the base situation, which may be named although they sell nothing any more.
pub fn weights(
    conduct: &DraftConduct,
    firms: &[String],
    known: &[String],
    look: &mut Look,
) -> (Conduct<f64>, bool) {
    match conduct {
        DraftConduct::Standard => (Conduct::default(), false),
        DraftConduct::Weights { firms: named, kappa: rows, path } => {
            let names = Names { firms, known };
            (matrix(named, rows, path, &names, look), true)
        }
        DraftConduct::Stakes(stakes) => (from_stakes(stakes, firms, look).unwrap_or_default(), true),
    }
}

/// Firms that sell, and firms that sold in the base situation.
struct Names<'a> {
    firms: &'a [String],
    known: &'a [String],
}

fn matrix(
    named: &[String],
    rows: &[Vec<Option<f64>>],
    path: &str,
    names: &Names,
    look: &mut Look,
) -> Conduct<f64> {
    let firms = names.firms;
    let mut kappa = Vec::new();
    if rows.len() != named.len() || rows.iter().any(|row| row.len() != named.len()) {
        let message =
            format!("kappa is not a {0} × {0} matrix, one row and column per firm named", named.len());
        look.wrong(&format!("{path}.kappa"), message, "row = the firm that sets the price");
        return Conduct::default();
    }
    if let Some(twice) = first_double(named) {
        let message = format!("firm {twice} is named twice");
        look.wrong(&format!("{path}.firms"), message, "give each firm one row and column");
        return Conduct::default();
    }
    for (a, row_firm) in named.iter().enumerate() {
        let Some(f) = firms.iter().position(|known| known == row_firm) else {
            if names.known.contains(row_firm) {
                continue;
            }
            let place = format!("{path}.firms.{a}");
            let what = format!("firm {row_firm} sells nothing here");
            look.unknown(&place, what, row_firm, firms.iter().map(String::as_str));
            continue;
        };
        for (b, column_firm) in named.iter().enumerate() {
            let place = format!("{path}.kappa.{a}.{b}");
            let Some(value) = rows[a][b].filter(|value| value.is_finite()) else {
                let message =
                    rows[a][b].map_or("a weight is missing".to_owned(), |v| format!("a weight is {v}"));
                look.wrong(&place, message, "write 0 where a firm does not care");
                continue;
            };
            if a == b && (value - 1.0).abs() > 1e-12 {
                let message = format!("{row_firm} counts its own profit with weight {value}");
                look.wrong(&place, message, "divide the row by its own weight, so that it is 1");
            }
            if let Some(g) = firms.iter().position(|known| known == column_firm) {
                kappa.push((f, g, value));
            }
        }
    }
    Conduct::of(kappa)
}

fn from_stakes(stakes: &[DraftStake], firms: &[String], look: &mut Look) -> Option<Conduct<f64>> {
    let mut owners: Vec<String> = firms.to_vec();
    let mut list = Vec::new();
    for stake in stakes {
        let Some(target) = firms.iter().position(|f| f == &stake.target) else {
            let message = format!("{} sells nothing here", stake.target);
            let known = firms.iter().map(String::as_str);
            look.unknown(&format!("{}.target", stake.path), message, &stake.target, known);
            continue;
        };
        if !owners.contains(&stake.holder) {
            owners.push(stake.holder.clone());
        }
        let holder = index(&owners, &stake.holder);
        list.push(Stake { holder, target, cash_flow: stake.share, control: stake.control });
    }
    if list.len() != stakes.len() {
        return None;
    }
    let of = |stake: usize| &stakes[stake];
    for fault in conduct::faults(firms.len(), &list) {
        let in_target =
            |target: usize| stakes.iter().find(|stake| stake.target == firms[target]).unwrap_or(of(0));
        let (stake, message, remedy) = match fault {
            StakeError::NotAFraction { stake } => (
                of(stake),
                "a stake or control right is not a fraction between 0 and 1".to_owned(),
                "stakes are fractions: 0.34 for 34 %",
            ),
            StakeError::NoSuchTarget { stake } => {
                let message = format!("{} cannot hold itself", of(stake).holder);
                (of(stake), message, "name another holder, or take the stake out")
            }
            StakeError::MoreThanAll { target, sum } => {
                let message = format!("stakes in {} sum to {sum:.4}, more than the whole", firms[target]);
                (in_target(target), message, "stakes are fractions: 0.34 for 34 %")
            }
            StakeError::MoreThanAllControl { target, sum } => {
                let message =
                    format!("control rights in {} sum to {sum:.4}, more than the whole", firms[target]);
                (in_target(target), message, "control rights are fractions: 0.34 for 34 %")
            }
            StakeError::TwoInControl { first, second } => {
                let (one, other) = (&of(first).holder, &of(second).holder);
                let message = format!("both {one} and {other} have total control of {}", of(first).target);
                (of(second), message, "let one of them decide alone, or write control = \"proportional\"")
            }
            StakeError::Circular { stake } => {
                let (holder, target) = (&of(stake).holder, &of(stake).target);
                let message =
                    format!("{holder} and {target} are in a ring of firms that own each other entirely");
                (of(stake), message, "leave a part of one of them to somebody outside the ring")
            }
        };
        look.wrong(&stake.path, message, remedy);
    }
    // Refused above, if it is not to be had.
    conduct::profit_weights(firms.len(), &list).ok()
}
