//! From a checked scenario to market models: names become dense indices, stated numbers become inputs
//! of one parameter space that all worlds share.

mod alliances;
mod conduct;
mod correlations;
mod dated;
mod draws;
mod feasibility;
mod given_paths;
mod makers;
mod names;
mod past;
mod regions;
mod sellers;

pub use correlations::correlations;
pub use feasibility::{feasibility, same_structure};
pub use names::Names;
pub use past::{past, past_of};
pub use sellers::share_constants;

use crate::market::model::{ComponentModel, CurrencyModel, MarketModel};
use crate::market::pricing::PriceResponse;
use crate::scenario::{Scenario, World, file};
use crate::share_process::Constants;
use crate::uncertainty::ParameterSpace;
use draws::Luck;

/// Everything a simulation needs: the worlds as models, the inputs they draw, and what to call things.
#[derive(Clone, Debug)]
pub struct Calibrated {
    pub names: Names,
    pub space: ParameterSpace,
    /// One per world, in the scenario's order.
    pub models: Vec<MarketModel>,
}

/// Turns a checked scenario into market models.
pub fn calibrate(scenario: &Scenario) -> Calibrated {
    let names = Names::of(scenario);
    let mut builder = Builder { space: ParameterSpace::new(), names: &names };
    let models = scenario.worlds.iter().map(|world| builder.model(scenario, world)).collect();
    let mut space = builder.space;
    correlations::correlate(scenario, &mut space);
    Calibrated { names, space, models }
}

/// Registers inputs and looks up names while the models are built.
struct Builder<'a> {
    space: ParameterSpace,
    names: &'a Names,
}

impl Builder<'_> {
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
                    shock_sd: self.quantity(&currency.shock_sd),
                    persistence: self.quantity(&currency.persistence),
                    shocks: self.yearly_normals(
                        Luck::Series { kind: "currency", name },
                        scenario.base_year..=scenario.last_year,
                    ),
                })
                .collect(),
            alliances: self.alliances(file),
            components,
            spillover: self.quantity(&file.costs.spillover),
            scale_saturation: self.quantity(&file.costs.scale_saturation),
            pass_through: self.quantity(&file.costs.pass_through),
            outside_growth: self.quantity(&file.costs.outside_growth),
            knowledge_depreciation: self.quantity(&file.quality.knowledge_depreciation),
            rnd_growth: self.quantity(&file.quality.rnd_growth),
            growth_damping: self.quantity(&file.trends.damping),
            common_shock_share: self.quantity(&file.shocks.common_share),
            shock_freedom: Constants::CHOSEN.freedom,
            default_operating_margin: self.quantity(&file.accounts.default_operating_margin),
            default_rnd_intensity: self.quantity(&file.accounts.default_rnd_intensity),
            fixed_cost_elasticity: self.quantity(&file.accounts.fixed_cost_elasticity),
            fixed_cost_adjustment: self.quantity(&file.accounts.fixed_cost_adjustment),
        }
    }

    fn components(&mut self, file: &file::ScenarioFile) -> Vec<ComponentModel> {
        let powertrains = &self.names.powertrains;
        file.components
            .values()
            .map(|component| {
                let carries = |powertrain: &String| {
                    component.weight.values().any(|by| by.contains_key(powertrain) || by.contains_key("all"))
                };
                ComponentModel {
                    learning_rate: self.quantity(&component.learning_rate),
                    experience_years: self.quantity(&component.experience_years),
                    scale_elasticity: match &component.scale_elasticity {
                        Some(own) => self.quantity(own),
                        None => self.quantity(&file.costs.scale_elasticity),
                    },
                    trend: self.quantity(&component.trend),
                    carried_by: powertrains.iter().map(|p| component.remainder || carries(p)).collect(),
                    remainder: component.remainder,
                }
            })
            .collect()
    }
}
