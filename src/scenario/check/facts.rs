//! Rules about facts: what the model takes as known cannot be stated as a distribution.

use super::Look;

const REMEDY: &str = "the model takes this as known and would use the median: write the number itself";

/// Stakes and the spread of trends are one number each.
pub fn facts(look: &mut Look) {
    let file = &look.world.file;
    for (key, stake) in &file.stakes {
        if !stake.share.distribution.is_fixed() {
            look.wrong(&["stakes", key, "share"], format!("the stake `{key}` is uncertain"), REMEDY);
        }
    }
    if file.trends.prior_sd.as_ref().is_some_and(|prior| !prior.distribution.is_fixed()) {
        look.wrong(&["trends", "prior_sd"], "`trends.prior_sd` is uncertain", REMEDY);
    }
}
