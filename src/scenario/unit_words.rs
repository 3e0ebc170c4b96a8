//! What money and goods are called.

/// What money and goods are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitWords {
    /// Such as `USD`.
    pub money: String,
    /// One of the goods, such as `car`.
    pub unit: String,
    /// Several of them.
    pub units: String,
}

impl UnitWords {
    /// From the heading's keys; neutral words for those that are left out.
    pub fn new(money: Option<&str>, unit: Option<&str>, units: Option<&str>) -> UnitWords {
        let unit = unit.unwrap_or("unit");
        UnitWords {
            money: money.unwrap_or("money").to_owned(),
            unit: unit.to_owned(),
            units: units.map_or_else(|| format!("{unit}s"), str::to_owned),
        }
    }

    /// A unit with `{money}`, `{unit}` and `{units}` filled in.
    pub fn fill(&self, unit: &str) -> String {
        unit.replace("{money}", &self.money).replace("{units}", &self.units).replace("{unit}", &self.unit)
    }
}
