//! Rules across worlds: exactly one reference, and the same offers in all.

use super::super::World;
use super::super::problem::{Problem, Problems};
use super::super::sources::Sources;
use super::super::tables::Offer;

/// Exactly one world is the reference that all others are compared with.
pub fn reference(whole: &toml::Table, sources: &Sources, problems: &mut Problems) {
    let Some(worlds) = whole.get("worlds").and_then(toml::Value::as_table) else { return };
    let is_reference =
        |world: &toml::Value| world.get("reference").and_then(toml::Value::as_bool) == Some(true);
    let references: Vec<&String> =
        worlds.iter().filter(|(_, world)| is_reference(world)).map(|(key, _)| key).collect();
    match references[..] {
        [_] => {}
        [] => {
            let what = "no world is the reference that the others are compared with";
            let remedy = "write `reference = true` in one world";
            problems.push(Problem::at_key(sources, "worlds", what, remedy));
        }
        [first, ref others @ ..] => {
            for other in others {
                let what = format!("two worlds are the reference: `{first}` and `{other}`");
                let place = sources.place_of(None, &format!("worlds.\"{other}\".reference"));
                problems.push(Problem::new(what).fix("keep `reference = true` in one world only").at(place));
            }
        }
    }
}

/// All worlds have the same offers.
pub fn same_offers(worlds: &[World], sources: &Sources, problems: &mut Problems) {
    let Some(first) = worlds.first() else { return };
    let ids = |world: &World| world.offers.iter().map(Offer::id).collect::<Vec<_>>();
    let expected = ids(first);
    for world in &worlds[1..] {
        if ids(world) != expected {
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
