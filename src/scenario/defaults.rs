//! What a scenario means where it leaves the powertrains or the components out.

use super::file::{Component, Named, Powertrain, ScenarioFile};
use super::tables::Offer;

/// One powertrain per name in the offers, and one component that is the whole cost.
pub fn fill_defaults(file: &mut ScenarioFile, offers: &[Offer]) {
    if file.powertrains.is_empty() {
        for offer in offers {
            let plain = || Powertrain { name: None, catch_up: 0.0.into() };
            file.powertrains.entry(offer.powertrain.clone()).or_insert_with(plain);
        }
    }
    if file.components.is_empty() {
        let whole = Component {
            weight: Named::new(),
            remainder: true,
            learning_rate: 0.0.into(),
            experience_years: 1.0.into(),
            scale_elasticity: None,
            trend: 0.0.into(),
        };
        file.components.insert("unit".to_owned(), whole);
    }
}
