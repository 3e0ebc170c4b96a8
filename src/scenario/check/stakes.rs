//! Rules about ownership: on every day, who holds what of whom must fit together.

use indexmap::IndexSet;

use super::super::date::Date;
use super::super::ownership::{changes, holdings};
use super::Look;
use crate::market::conduct::{StakeError, faults};

/// Stakes are between two parties and begin before they end; on every day nobody is owned or controlled by
/// more than one whole.
pub fn stakes(look: &mut Look) {
    let stakes = &look.world.file.stakes;
    for (key, stake) in stakes {
        if stake.holder == stake.target {
            let what = format!("{} cannot hold a stake in itself", stake.holder);
            look.wrong(&["stakes", key, "holder"], what, "name another holder, or take the stake out");
        }
        if !stake.share.distribution.is_fixed() {
            let what = format!("the stake `{key}` is uncertain");
            let remedy = "give a number: profit weights are worked out once, for all draws; compare two sizes of \
                          a stake as two worlds";
            look.wrong(&["stakes", key, "share"], what, remedy);
        }
        if let (Some(from), Some(until)) = (stake.from, stake.until)
            && until <= from
        {
            let what = format!("the stake `{key}` ends on {until}, not after it begins on {from}");
            look.wrong(&["stakes", key, "until"], what, "`until` is the first day without the stake");
        }
    }
    together(look);
}

/// Whether the stakes of every stretch of days fit together. A fault is told once, where and when it begins.
fn together(look: &mut Look) {
    let file = &look.world.file;
    let targets: IndexSet<&str> = file.stakes.values().map(|stake| stake.target.as_str()).collect();
    let targets: Vec<&str> = targets.into_iter().collect();
    let mut told: Vec<(&str, &str)> = Vec::new();
    for day in std::iter::once(None).chain(changes(file).into_iter().map(Some)) {
        let now = holdings(file, &targets, day.map_or(f64::NEG_INFINITY, Date::as_year));
        let when = day.map_or(String::new(), |day| format!(" on {day}"));
        for fault in faults(targets.len(), &now.stakes) {
            let of = |stake: usize| &file.stakes[now.keys[stake]];
            let whole = |target: usize, sum: f64| {
                let held = (0..now.stakes.len()).filter(|&k| now.stakes[k].target == target);
                let what =
                    format!("stakes in {} sum to {sum:.4}{when}, more than the whole", targets[target]);
                (held.max_by_key(|&k| of(k).from), what, "lower a stake, or end one with `until`")
            };
            let (stake, what, remedy) = match fault {
                // Said above, and by the limits of numbers.
                StakeError::NotAFraction { .. } | StakeError::NoSuchTarget { .. } => continue,
                StakeError::MoreThanAll { target, sum } => whole(target, sum),
                StakeError::MoreThanAllControl { target, sum } => whole(target, sum),
                StakeError::TwoInControl { first, second } => {
                    let (one, other, target) = (&of(first).holder, &of(second).holder, &of(first).target);
                    let what = format!("both {one} and {other} have total control of {target}{when}");
                    let remedy = "let one of them decide alone, or write control = \"proportional\"";
                    ([first, second].into_iter().max_by_key(|&k| of(k).from), what, remedy)
                }
                StakeError::Circular { stake } => {
                    let what = format!(
                        "{} and {} are in a ring of makers that own each other entirely{when}",
                        of(stake).holder,
                        of(stake).target
                    );
                    (Some(stake), what, "leave a part of one of them to somebody outside the ring")
                }
            };
            let Some(key) = stake.map(|stake| now.keys[stake]) else { continue };
            if !told.contains(&(key, remedy)) {
                told.push((key, remedy));
                look.wrong(&["stakes", key, "share"], what, remedy);
            }
        }
    }
}
