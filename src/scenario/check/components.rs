//! Rules about cost components: weights with known names, never more than the whole, one remainder.

use super::super::file::Component;
use super::super::quantity::Quantity;
use super::Look;

/// The weight of a component in a region and powertrain: the most specific one stated.
fn weight<'a>(component: &'a Component, region: &str, powertrain: &str) -> Option<&'a Quantity> {
    [region, "all"].iter().find_map(|region| {
        let by_powertrain = component.weight.get(*region)?;
        by_powertrain.get(powertrain).or_else(|| by_powertrain.get("all"))
    })
}

/// Exactly one component takes the remainder, and the others leave one.
pub fn components(look: &mut Look) {
    let world = look.world;
    let (regions, powertrains) = (world.region_names(), world.powertrain_names());
    let (regions, powertrains) = ([&regions[..], &["all"]].concat(), [&powertrains[..], &["all"]].concat());
    let components = &world.file.components;
    let remainders: Vec<&String> =
        components.iter().filter(|(_, component)| component.remainder).map(|(name, _)| name).collect();
    match remainders[..] {
        [_] => {}
        [] => {
            let remedy = "write `remainder = true` in the component that takes what the others leave";
            look.wrong(&["components"], "no component takes the remainder", remedy);
        }
        [first, ref others @ ..] => {
            for other in others {
                let what = format!("two components take the remainder: `{first}` and `{other}`");
                look.wrong(&["components", other, "remainder"], what, "keep it in one component only");
            }
        }
    }
    for (name, component) in components {
        if component.remainder && !component.weight.is_empty() {
            let what = format!("`{name}` takes the remainder and states weights as well");
            look.wrong(&["components", name, "weight"], what, "take one of the two out");
        }
        if !component.remainder && component.weight.is_empty() && !remainders.is_empty() {
            let what = format!("the component `{name}` has no weight");
            let remedy = "add a [components.NAME.weight] with region.powertrain = share of cost";
            look.wrong(&["components", name], what, remedy);
        }
        for (region, by_powertrain) in &component.weight {
            if !regions.contains(&region.as_str()) {
                look.unknown(&["components", name, "weight", region], "region", region, &regions);
            }
            for powertrain in by_powertrain.keys().filter(|name| !powertrains.contains(&name.as_str())) {
                let path = ["components", name, "weight", region, powertrain];
                look.unknown(&path, "powertrain", powertrain, &powertrains);
            }
        }
    }
    for region in world.region_names() {
        for powertrain in world.powertrain_names() {
            let weights = components.values().filter_map(|component| weight(component, region, powertrain));
            let highest: f64 = weights.map(|weight| weight.range().1).sum();
            if highest > 1.0 + 1e-9 {
                let what = format!(
                    "the components' weights in {region} / {powertrain} can sum to {highest:.4}, more than 1"
                );
                look.wrong(&["components"], what, "lower the high ends, so that a remainder is left");
            }
        }
    }
}
