//! Doubts about sizes: figures that are possible, but so far from their neighbours that a unit or a digit may be wrong.

use super::super::problem::Problem;
use super::super::tables::Figure;
use super::Look;

/// Prices so many times above or below the middle price of their region are doubted.
const PRICES_APART: f64 = 30.0;
/// Units so many times below the middle of their region are doubted.
const UNITS_APART: f64 = 500.0;

/// Markets whose sales are so many times below a saturation volume in units may be in thousands.
const SATURATION_APART: f64 = 50.0;

/// Prices and units are of the size of the region's others, and the world's sales are no fewer than the regions'.
pub fn magnitudes(look: &mut Look) {
    let world = look.world;
    for region in world.region_names() {
        let of_region = || world.offers.iter().enumerate().filter(|(_, offer)| offer.region == region);
        let (prices, units): (Vec<f64>, Vec<f64>) =
            of_region().map(|(_, offer)| (offer.price, offer.units)).unzip();
        let (Some(price), Some(size)) = (middle(prices), middle(units)) else { continue };
        for (index, offer) in of_region() {
            if offer.price > PRICES_APART * price || offer.price < price / PRICES_APART {
                let what = format!(
                    "a price of {} among prices around {price} in {region}: {}",
                    offer.price, offer.manufacturer
                );
                look.doubt(look.place_of_offer(index, "price"), what);
            }
            if offer.units < size / UNITS_APART {
                let what = format!(
                    "{} units among offers of around {size} in {region}: {}",
                    offer.units, offer.manufacturer
                );
                look.doubt(look.place_of_offer(index, "units"), what);
            }
        }
    }
    for (row, figure) in world.manufacturers.iter().enumerate() {
        let offers = world.offers.iter().filter(|offer| offer.manufacturer == figure.manufacturer);
        let units: f64 = offers.map(|offer| offer.units).sum();
        let stated = figure.value.median();
        if figure.figure == Figure::WorldUnits && figure.region.is_empty() && stated < 0.99 * units {
            let what = format!(
                "{} sells {stated} units worldwide, fewer than the {units} in the regions",
                figure.manufacturer
            );
            look.doubt(look.place_of_cell("manufacturers", row, "value"), what);
        }
    }
}

/// A default that carries a unit does not pass unnoticed where sales are in another one.
pub fn default_saturation(look: &mut Look) {
    let (world, costs) = (look.world, &look.world.file.costs);
    let total: f64 = world.offers.iter().map(|offer| offer.units).sum();
    let saturation = costs.scale_saturation.median();
    let buys = costs.scale_elasticity.median() != 0.0
        || world.file.components.values().any(|component| {
            component.scale_elasticity.as_ref().is_some_and(|elasticity| elasticity.median() != 0.0)
        });
    let stated = look.sources.states(Some(&world.key), "costs.scale_saturation");
    if buys && !stated && total > 0.0 && total < saturation / SATURATION_APART {
        let what = format!(
            "all offers sum to {total} units, while the effect of scale is laid out for volumes around {saturation}: \
             costs.scale_saturation, which is not stated"
        );
        let place = look.sources.place_of(Some(&world.key), "costs");
        look.doubt(place, what);
    }
}

/// The median of three figures or more: of two nobody can tell which is odd.
fn middle(mut figures: Vec<f64>) -> Option<f64> {
    figures.retain(|figure| *figure > 0.0);
    figures.sort_by(f64::total_cmp);
    (figures.len() > 2).then(|| figures[figures.len() / 2])
}

impl Look<'_> {
    fn doubt(&mut self, place: Option<super::super::place::Place>, what: String) {
        let remedy = "is it in another unit, or is a digit missing? if it is right, leave it as it is";
        self.doubts.push(Problem::new(what).fix(remedy).at(place));
    }
}
