//! Rules about ownership: nobody owns itself, and nobody is owned by more than one whole.

use super::super::date::Date;
use super::Look;

/// Stakes are between two parties, begin before they end, and sum to at most 1 in each target.
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
    let start = |from: Option<Date>| from.unwrap_or(Date::new_year(0));
    for (key, stake) in stakes.iter().filter(|(_, stake)| stake.active) {
        let day = start(stake.from);
        let at_that_time = stakes.values().filter(|other| {
            other.active
                && other.target == stake.target
                && start(other.from) <= day
                && other.until.is_none_or(|until| until > day)
        });
        let sum: f64 = at_that_time.map(|other| other.share.range().1).sum();
        if sum > 1.0 + 1e-9 && stake.share.range().1 <= 1.0 {
            let when = stake.from.map_or(String::new(), |from| format!(" on {from}"));
            let what = format!("stakes in {} sum to {sum:.4}{when}, more than the whole", stake.target);
            look.wrong(&["stakes", key, "share"], what, "lower a stake, or end one with `until`");
        }
    }
}
