//! Every quantity of a scenario under its dotted key, for listing and checking.

use super::World;
use super::alliance::{Alliance, Pool, Stake};
use super::file::*;
use super::quantity::Quantity;
use super::sources::dotted;
use super::tables::{Figure, PolicyKind};

/// Every quantity of a scenario file with its dotted key, defaults included.
pub fn quantities(file: &ScenarioFile) -> Vec<(String, &Quantity)> {
    let mut found = Vec::new();
    file.collect(&mut Vec::new(), &mut found);
    found
}

/// Every quantity in a world's tables, under the table's name and the keys of its row.
pub fn table_quantities(world: &World) -> Vec<(String, &Quantity)> {
    let key = |parts: &[&str]| {
        let parts: Vec<String> =
            parts.iter().filter(|part| !part.is_empty()).map(|part| (*part).to_owned()).collect();
        dotted(&parts)
    };
    let figures = world.manufacturers.iter().map(|row| {
        let figure =
            Figure::NAMES.iter().find(|(_, figure)| *figure == row.figure).map_or("", |named| named.0);
        (key(&["manufacturers", &row.manufacturer, figure, &row.region, &row.powertrain]), &row.value)
    });
    let policies = world.policies.iter().map(|row| {
        let kind = PolicyKind::NAMES.iter().find(|(_, kind)| *kind == row.kind).map_or("", |named| named.0);
        (key(&["policies", &row.region, kind, &row.applies_to, &row.date.to_string()]), &row.value)
    });
    let origins = world.origins.iter().map(|row| {
        (key(&["origins", &row.region, &row.manufacturer, &row.powertrain, &row.origin]), &row.share)
    });
    figures.chain(policies).chain(origins).collect()
}

/// Something with quantities in it.
trait Quantities {
    fn collect<'a>(&'a self, path: &mut Vec<String>, found: &mut Vec<(String, &'a Quantity)>);
}

impl Quantities for Quantity {
    fn collect<'a>(&'a self, path: &mut Vec<String>, found: &mut Vec<(String, &'a Quantity)>) {
        found.push((dotted(path), self));
    }
}

impl<T: Quantities> Quantities for Option<T> {
    fn collect<'a>(&'a self, path: &mut Vec<String>, found: &mut Vec<(String, &'a Quantity)>) {
        if let Some(inner) = self {
            inner.collect(path, found);
        }
    }
}

impl<T: Quantities> Quantities for Named<T> {
    fn collect<'a>(&'a self, path: &mut Vec<String>, found: &mut Vec<(String, &'a Quantity)>) {
        for (name, inner) in self {
            path.push(name.clone());
            inner.collect(path, found);
            path.pop();
        }
    }
}

/// The fields of each section that are quantities or hold some, in the order of the format.
macro_rules! quantities_in {
    ($($section:ty { $($field:ident),+ })+) => {
        $(impl Quantities for $section {
            fn collect<'a>(&'a self, path: &mut Vec<String>, found: &mut Vec<(String, &'a Quantity)>) {
                $(
                    path.push(stringify!($field).to_owned());
                    self.$field.collect(path, found);
                    path.pop();
                )+
            }
        })+
    };
}

quantities_in! {
    ScenarioFile {
        regions, powertrains, components, costs, quality, trends, shocks, accounts, origins, currencies,
        stakes, alliances, overhangs, entries, exits
    }
    Region {
        own_price_elasticity, market_price_elasticity, nest_rho, loyalty, scrappage, knowledge_effect, volume,
        powertrain_share, volatility
    }
    Volume { given, growth, shock_sd, persistence }
    Powertrain { catch_up }
    Component { weight, learning_rate, experience_years, scale_elasticity, trend }
    Costs { spillover, scale_elasticity, scale_saturation, pass_through, outside_growth }
    Quality { knowledge_depreciation, rnd_growth }
    Trends { damping, prior_sd }
    Shocks { common_share, young_volatility, young_decay }
    Accounts { default_operating_margin, default_rnd_intensity }
    Origin { dutiable }
    Currency { shock_sd, persistence }
    Stake { share }
    Alliance {
        proceeds, breakup_hazard, fade_years, realised_fraction, reinvested_share, integration_cost,
        integration_years, pools
    }
    Pool {
        start, ramp_years, compatibility, realised_fraction, overhead, parts, stand_alone_cost, duplication,
        field_share
    }
    Overhang { share, fade_years }
    Entry { quality, cost, ramp_years }
    Exit { avoidable_fixed_share, yearly_chance }
}

#[cfg(test)]
mod tests {
    use super::super::shape::Shape;
    use super::super::sources::segments;
    use super::*;

    /// A scenario in which every quantity of the format is stated once, under the name `x`.
    fn with_everything(keys: &[String]) -> ScenarioFile {
        let mut text =
            String::from("scenario = { title = 't', base_year = 1, last_year = 2 }\nworlds = {}\n");
        text += "stakes.x = { holder = 'h', target = 't' }\n";
        text += "alliances.x = { members = {}, pools.x = { kind = 'platform' } }\n";
        text += "overhangs.x = { region = 'r', manufacturer = 'm' }\n";
        text += "entries.x = { region = 'r', manufacturer = 'm', powertrain = 'p', from = 2024-01-01, like = 'l' }\n";
        text += "exits.x = { region = 'r', manufacturers = [] }\n";
        let mut table: toml::Table = text.parse().expect("TOML");
        for key in keys {
            let given = format!("{}=1", key.replace('*', "x"));
            super::super::merge::merge(&mut table, &super::super::merge::parse_override(&given).unwrap().1);
        }
        toml::Value::Table(table).try_into().expect("a scenario")
    }

    #[test]
    fn no_quantity_of_the_format_is_forgotten() {
        let mut keys = Shape::of_scenarios().quantity_keys();
        let file = with_everything(&keys);
        let mut found: Vec<String> = quantities(&file).into_iter().map(|(key, _)| key).collect();
        let of_format = |key: &String| segments(key).join(".").replace(".x", ".*");
        found = found.iter().map(of_format).collect();
        keys.sort();
        found.sort();
        assert_eq!(found, keys);
    }
}
