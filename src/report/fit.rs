//! What the base year implies, as tables for people, with warnings where a number is implausible.

use comfy_table::CellAlignment;

use super::table_style;
use crate::calibration::Names;
use crate::scenario::Scenario;
use crate::scenario::tables::Figure;
use crate::simulation::{OfferFit, RegionFit};

/// Margins over price outside this range are worth a second look in a market of durable goods.
const PLAUSIBLE_MARGIN: std::ops::RangeInclusive<f64> = 0.05..=0.45;
/// Rivals shown in the table of diversion.
const RIVALS_SHOWN: usize = 3;

/// The base year of the central run, for a terminal.
pub fn text(scenario: &Scenario, names: &Names, fits: &[RegionFit]) -> String {
    let mut text = format!(
        "{}\nBase year {}, every uncertain input at its median.\n",
        scenario.title, scenario.base_year
    );
    let mut warnings = Vec::new();
    for (region, fit) in fits.iter().enumerate() {
        let name = &names.regions[region];
        text += &format!(
            "\n{name}: price sensitivity α {:.4}, nesting ρ {:.3}, outside share {:.3}\n  mean own-price \
             elasticity {:.2}, market elasticity {:.2}, mean margin {:.3}, HHI {:.0}\n\n{}\n",
            fit.alpha,
            fit.rho,
            fit.outside_share,
            fit.own_elasticity,
            fit.market_elasticity,
            fit.margin,
            fit.hhi,
            offers(scenario, names, name, fit),
        );
        warnings.extend(fit.offers.iter().filter_map(|offer| warning(names, name, offer)));
    }
    if !warnings.is_empty() {
        text += &format!("\nWorth a second look:\n{}\n", warnings.join("\n"));
    }
    text
}

fn offers(scenario: &Scenario, names: &Names, region: &str, fit: &RegionFit) -> comfy_table::Table {
    let mut table = table_style::plain([
        "manufacturer",
        "powertrain",
        "units",
        "share",
        "price",
        "cost",
        "margin",
        "published",
        "elasticity",
        "buyers lost go to",
    ]);
    let world = &scenario.worlds[scenario.reference];
    for offer in &fit.offers {
        let maker = &names.makers[offer.maker];
        let published = world
            .manufacturers
            .iter()
            .find(|f| {
                f.manufacturer == *maker
                    && f.figure == Figure::PublishedMargin
                    && (f.region.is_empty() || f.region == region)
            })
            .map_or_else(String::new, |f| format!("{:.3}", f.value.distribution.median()));
        table.add_row([
            maker.clone(),
            names.powertrains[offer.powertrain].clone(),
            format!("{:.0}", offer.units),
            format!("{:.4}", offer.share),
            format!("{:.0}", offer.price),
            format!("{:.0}", offer.marginal_cost),
            format!("{:.3}", offer.margin),
            published,
            format!("{:.2}", offer.own_elasticity),
            diversion(names, fit, offer),
        ]);
    }
    for column in 2..9 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// Where most of the buyers that a price rise drives away go.
fn diversion(names: &Names, fit: &RegionFit, offer: &OfferFit) -> String {
    let mut to: Vec<(f64, usize)> = offer.diversion.iter().copied().zip(0..).collect();
    to.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut parts: Vec<String> = to
        .into_iter()
        .take(RIVALS_SHOWN)
        .filter(|(part, _)| *part > 0.0)
        .map(|(part, k)| {
            let rival = &fit.offers[k];
            let powertrain = &names.powertrains[rival.powertrain];
            format!("{} {powertrain} {:.0} %", names.makers[rival.maker], part * 100.0)
        })
        .collect();
    parts.push(format!("none {:.0} %", offer.diversion_outside * 100.0));
    parts.join(", ")
}

fn warning(names: &Names, region: &str, offer: &OfferFit) -> Option<String> {
    (!PLAUSIBLE_MARGIN.contains(&offer.margin)).then(|| {
        format!(
            "  {} {}, {region}: margin {:.3}; look at its price, or at the region's own_price_elasticity",
            names.makers[offer.maker], names.powertrains[offer.powertrain], offer.margin
        )
    })
}
