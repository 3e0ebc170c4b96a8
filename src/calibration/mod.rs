//! From a checked scenario to market models: names become dense indices, stated numbers become inputs
//! of one parameter space that all worlds share.

mod alliances;
mod conduct;
mod correlation;
mod dated;
mod feasibility;
mod given_paths;
mod makers;
mod names;
mod regions;
mod sellers;
mod trends;

pub use feasibility::{feasibility, same_structure};
pub use names::Names;
pub use trends::{Trend, trends};

use crate::market::model::{ComponentModel, CurrencyModel, Input, MarketModel};
use crate::market::pricing::PriceResponse;
use crate::scenario::quantity::Quantity;
use crate::scenario::{Scenario, World, file};
use crate::uncertainty::{Distribution, ParameterSpace};

/// Everything a simulation needs: the worlds as models, the inputs they draw, and what to call things.
#[derive(Clone, Debug)]
pub struct Study {
    pub names: Names,
    pub space: ParameterSpace,
    /// One per world, in the scenario's order.
    pub models: Vec<MarketModel>,
}

/// Turns a checked scenario into a study.
pub fn study(scenario: &Scenario) -> Study {
    let names = Names::of(scenario);
    let mut builder = Builder { space: ParameterSpace::new(), names: &names };
    let models = scenario.worlds.iter().map(|world| builder.model(scenario, world)).collect();
    let space = builder.space;
    Study { names, space, models }
}

/// Registers inputs and looks up names while the models are built.
struct Builder<'a> {
    space: ParameterSpace,
    names: &'a Names,
}

impl Builder<'_> {
    fn quantity(&mut self, key: &str, quantity: &Quantity) -> Input {
        self.input(key, quantity.distribution.clone())
    }

    fn input(&mut self, key: &str, distribution: Distribution) -> Input {
        Input(self.space.add(key, distribution))
    }

    fn fixed(&mut self, value: f64) -> Input {
        self.input("constant", Distribution::Fixed(value))
    }

    /// A standard normal draw for each simulated year; the base year's is 0.
    fn yearly_normals(&mut self, key: &str, years: std::ops::RangeInclusive<i32>) -> Vec<Input> {
        let base = *years.start();
        years
            .map(|year| match year == base {
                true => self.fixed(0.0),
                false => self.input(
                    &format!("{key}.{year}"),
                    Distribution::Normal { mean: 0.0, sd: 1.0, low: None, high: None },
                ),
            })
            .collect()
    }

    /// A uniform draw between 0 and 1.
    fn uniform(&mut self, key: &str) -> Input {
        self.input(key, Distribution::Uniform { low: 0.0, high: 1.0 })
    }

    fn model(&mut self, scenario: &Scenario, world: &World) -> MarketModel {
        let file = &world.file;
        let n_years = (scenario.last_year - scenario.base_year + 1) as usize;
        let components = self.components(file);
        MarketModel {
            base_year: scenario.base_year,
            n_years,
            response: match file.demand.price_response {
                file::PriceResponse::Linear => PriceResponse::Linear,
                file::PriceResponse::Log => PriceResponse::Log,
            },
            n_powertrains: self.names.powertrains.len(),
            regions: (0..self.names.regions.len())
                .map(|region| self.region(scenario, world, region, &components))
                .collect(),
            makers: self.makers(scenario, world, &components),
            currencies: file
                .currencies
                .iter()
                .map(|(name, currency)| CurrencyModel {
                    shock_sd: self.quantity(&format!("currencies.{name}.shock_sd"), &currency.shock_sd),
                    persistence: self
                        .quantity(&format!("currencies.{name}.persistence"), &currency.persistence),
                    shocks: self.correlated_shocks(scenario, file, &format!("currency.{name}")),
                })
                .collect(),
            alliances: self.alliances(file),
            components,
            spillover: self.quantity("costs.spillover", &file.costs.spillover),
            scale_saturation: self.quantity("costs.scale_saturation", &file.costs.scale_saturation),
            pass_through: self.quantity("costs.pass_through", &file.costs.pass_through),
            outside_growth: self.quantity("costs.outside_growth", &file.costs.outside_growth),
            knowledge_depreciation: self
                .quantity("quality.knowledge_depreciation", &file.quality.knowledge_depreciation),
            rnd_growth: self.quantity("quality.rnd_growth", &file.quality.rnd_growth),
            trend_damping: self.quantity("trends.damping", &file.trends.damping),
            common_shock_share: self.quantity("shocks.common_share", &file.shocks.common_share),
            young_decay: self.quantity("shocks.young_decay", &file.shocks.young_decay),
            default_operating_margin: self
                .quantity("accounts.default_operating_margin", &file.accounts.default_operating_margin),
            default_rnd_intensity: self
                .quantity("accounts.default_rnd_intensity", &file.accounts.default_rnd_intensity),
        }
    }

    fn components(&mut self, file: &file::ScenarioFile) -> Vec<ComponentModel> {
        let powertrains = &self.names.powertrains;
        file.components
            .iter()
            .map(|(name, component)| {
                let key = |field: &str| format!("components.{name}.{field}");
                let carries = |powertrain: &String| {
                    component.weight.values().any(|by| by.contains_key(powertrain) || by.contains_key("all"))
                };
                ComponentModel {
                    learning_rate: self.quantity(&key("learning_rate"), &component.learning_rate),
                    experience_years: self.quantity(&key("experience_years"), &component.experience_years),
                    scale_elasticity: match &component.scale_elasticity {
                        Some(own) => self.quantity(&key("scale_elasticity"), own),
                        None => self.quantity("costs.scale_elasticity", &file.costs.scale_elasticity),
                    },
                    trend: self.quantity(&key("trend"), &component.trend),
                    carried_by: powertrains.iter().map(|p| component.remainder || carries(p)).collect(),
                    remainder: component.remainder,
                }
            })
            .collect()
    }
}
