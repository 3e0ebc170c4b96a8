//! Rules about the base year: it was observed, so nothing that a scenario adds may happen before it is over.

use super::super::date::{Date, fraction_in_force};
use super::super::limits::Limits;
use super::super::tables::{Offer, PolicyKind, PolicyRow};
use super::Look;

/// Pools and entries begin after the base year; what was sold in it was not banned all through it.
pub fn base_year(look: &mut Look) {
    let base = look.world.file.scenario.base_year;
    pools(look, base);
    entries(look, base);
    bans(look, base);
}

fn pools(look: &mut Look, base: i32) {
    let world = look.world;
    for (key, alliance) in &world.file.alliances {
        for (name, pool) in &alliance.pools {
            let earliest = pool.start.range().0;
            // What is no year at all is reported as that.
            if earliest >= f64::from(base + 1) || !Limits::Year.allow(earliest) {
                continue;
            }
            let what = format!("the pool `{name}` can start in {earliest}, before {base} is over");
            let remedy = format!(
                "what was shared in {base} is in that year's cost already: start it in {} or later, and put \
                 makers that bought together by then into [base_pools]",
                base + 1
            );
            look.wrong(&["alliances", key, "pools", name, "start"], what, remedy);
        }
    }
}

fn entries(look: &mut Look, base: i32) {
    let world = look.world;
    for (key, entry) in world.file.entries.iter().filter(|(_, entry)| entry.from.year <= base) {
        let what = format!("{} enters on {}, before {base} is over", entry.manufacturer, entry.from);
        let remedy =
            format!("an entry comes after the base year; what was sold in {base} is an offer of its own");
        look.wrong(&["entries", key, "from"], what, remedy);
    }
}

fn bans(look: &mut Look, base: i32) {
    let world = look.world;
    for offer in world.offers.iter().filter(|offer| offer.units > 0.0) {
        let Some((row, part)) = ban_in_year(&world.policies, offer, base) else { continue };
        if part < 1.0 - 1e-9 {
            continue;
        }
        let Offer { region, manufacturer, .. } = offer;
        let what = format!("{manufacturer} sold in {region} in {base}, and this bans it for the whole year");
        let remedy = format!("a ban starts after the base year: on {} or later", Date::new_year(base + 1));
        look.wrong_row("policies", row, "date", what, remedy);
    }
}

/// The part of a year for which an offer is banned, and the first row that says so.
fn ban_in_year(policies: &[PolicyRow], offer: &Offer, year: i32) -> Option<(usize, f64)> {
    let narrow = format!("{}/{}", offer.manufacturer, offer.powertrain);
    let mut first = None;
    let mut part = 0.0;
    for applies_to in [&offer.manufacturer, &narrow] {
        let mut steps: Vec<(usize, &PolicyRow)> = policies
            .iter()
            .enumerate()
            .filter(|(_, row)| row.kind == PolicyKind::Ban && row.region == offer.region)
            .filter(|(_, row)| row.applies_to == *applies_to)
            .collect();
        steps.sort_by_key(|(_, row)| row.date);
        for (at, (index, row)) in steps.iter().enumerate() {
            let until = steps.get(at + 1).map(|(_, next)| next.date);
            let in_force = fraction_in_force(year, Some(row.date), until) * row.value.range().1;
            if in_force > 0.0 {
                first = first.or(Some(*index));
                part += in_force;
            }
        }
    }
    first.map(|index| (index, part))
}
