//! Rules across worlds: exactly one reference, the same offers in all.

use super::super::World;
use super::super::problem::{Problem, Problems};
use super::super::sources::Sources;

/// Exactly one world is the reference, and all have the same offers.
pub fn worlds(worlds: &[World], sources: &Sources, problems: &mut Problems) {
    let is_reference =
        |world: &&World| world.file.worlds.get(&world.key).is_some_and(|stated| stated.reference);
    let references: Vec<&World> = worlds.iter().filter(is_reference).collect();
    match references[..] {
        [_] => {}
        [] => {
            let what = "no world is the reference that the others are compared with";
            let remedy = "write `reference = true` in one world";
            problems.push(Problem::at_key(sources, "worlds", what, remedy));
        }
        [first, ref others @ ..] => {
            for other in others {
                let what = format!("two worlds are the reference: `{}` and `{}`", first.key, other.key);
                let place = sources.place_of(None, &format!("worlds.\"{}\".reference", other.key));
                problems.push(Problem::new(what).fix("keep `reference = true` in one world only").at(place));
            }
        }
    }
    let Some(first) = worlds.first() else { return };
    let names = |world: &World| -> Vec<(String, String, String)> {
        let name = |offer: &super::super::tables::Offer| {
            (offer.region.clone(), offer.manufacturer.clone(), offer.powertrain.clone())
        };
        world.offers.iter().map(name).collect()
    };
    let expected = names(first);
    for world in &worlds[1..] {
        if names(world) != expected {
            let key =
                if world.file.tables.offers == first.file.tables.offers { "offers" } else { "tables.offers" };
            let what = format!(
                "world `{}` has other offers, or in another order, than world `{}`",
                world.key, first.key
            );
            let remedy = "give all worlds the same offers; a newcomer belongs in `[entries]`";
            problems.push(Problem::in_world(sources, Some(&world.key), key, what, remedy));
        }
    }
}
