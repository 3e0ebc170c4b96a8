//! Rules about imports and policies: known origins, currencies, powertrains; shares up to the whole.

use std::collections::{HashMap, HashSet};

use super::super::tables::PolicyKind;
use super::Look;

/// Origins, currencies and policies fit together.
pub fn trade(look: &mut Look) {
    let file = &look.world.file;
    let currencies: Vec<&str> = file.currencies.keys().map(String::as_str).collect();
    for (name, origin) in &file.origins {
        if let Some(currency) = origin.currency.as_ref().filter(|name| !currencies.contains(&name.as_str())) {
            look.unknown(&["origins", name, "currency"], "currency", currency, &currencies);
        }
    }
    origins(look);
    policies(look);
}

fn origins(look: &mut Look) {
    let world = look.world;
    let known: Vec<&str> = world.file.origins.keys().map(String::as_str).collect();
    let (regions, powertrains) = (world.region_names(), world.powertrain_names());
    let mut sums: HashMap<(&str, &str, &str), f64> = HashMap::new();
    let mut seen = HashSet::new();
    for (index, row) in world.origins.iter().enumerate() {
        let (region, maker) = (row.region.as_str(), row.manufacturer.as_str());
        if !regions.contains(&region) {
            look.unknown_in_row("origins", index, "region", region, &regions);
        } else if !row.powertrain.is_empty() && !powertrains.contains(&row.powertrain.as_str()) {
            look.unknown_in_row("origins", index, "powertrain", &row.powertrain, &powertrains);
        } else if look.knows_offers
            && !world.sells(
                maker,
                region,
                Some(&row.powertrain).filter(|name| !name.is_empty()).map(|name| name.as_str()),
            )
        {
            let sellers = world.offers.iter().filter(|offer| offer.region == region);
            let sellers: Vec<&str> = sellers.map(|offer| offer.manufacturer.as_str()).collect();
            let what = format!("{maker} has no such offer in {region}");
            let remedy = super::suggestion(maker, sellers.into_iter().filter(|name| *name != maker));
            look.wrong_row("origins", index, "manufacturer", what, remedy);
        }
        if !known.contains(&row.origin.as_str()) {
            look.unknown_in_row("origins", index, "origin", &row.origin, &known);
        }
        if !seen.insert((region, maker, row.powertrain.as_str(), row.origin.as_str())) {
            let what = format!("the share of {} in {maker}'s units is there twice", row.origin);
            look.wrong_row("origins", index, "origin", what, "keep one row");
        }
        let sum = sums.entry((region, maker, row.powertrain.as_str())).or_default();
        *sum += row.share.range().1;
        if *sum > 1.0 + 1e-9 && *sum - row.share.range().1 <= 1.0 + 1e-9 && row.share.range().1 <= 1.0 {
            let what =
                format!("the shares of {maker}'s origins in {region} can sum to {sum:.4}, more than 1");
            look.wrong_row(
                "origins",
                index,
                "share",
                what,
                "lower them; what is left is built in the region",
            );
        }
    }
}

fn policies(look: &mut Look) {
    let world = look.world;
    let known: Vec<&str> = world.file.origins.keys().map(String::as_str).collect();
    let (regions, powertrains, makers) =
        (world.region_names(), world.powertrain_names(), world.maker_names());
    let mut seen = HashSet::new();
    for (index, row) in world.policies.iter().enumerate() {
        if !regions.contains(&row.region.as_str()) {
            look.unknown_in_row("policies", index, "region", &row.region, &regions);
        }
        let target = row.applies_to.as_str();
        match row.kind {
            // `origin`, or `origin/powertrain` for a duty of its own.
            PolicyKind::Duty
                if target.split_once('/').map_or(!known.contains(&target), |(origin, powertrain)| {
                    !known.contains(&origin) || !powertrains.contains(&powertrain)
                }) =>
            {
                look.wrong_row(
                    "policies",
                    index,
                    "applies_to",
                    format!("a duty applies to an origin, and `{target}` is none"),
                    super::suggestion(target, known.iter().copied()),
                );
            }
            PolicyKind::Credit | PolicyKind::Tax if !powertrains.contains(&target) => {
                look.wrong_row(
                    "policies",
                    index,
                    "applies_to",
                    format!("a credit or tax applies to a powertrain, and `{target}` is none"),
                    super::suggestion(target, powertrains.iter().copied()),
                );
            }
            PolicyKind::Ban if look.knows_makers => {
                let (maker, powertrain) = target.split_once('/').unwrap_or((target, ""));
                if !makers.contains(&maker) {
                    look.unknown_in_row("policies", index, "applies_to", maker, &makers);
                } else if !powertrain.is_empty() && !powertrains.contains(&powertrain) {
                    look.unknown_in_row("policies", index, "applies_to", powertrain, &powertrains);
                }
            }
            _ => {}
        }
        let in_question = |offer: &&super::super::tables::Offer| {
            row.kind == PolicyKind::Credit && offer.region == row.region && offer.powertrain == target
        };
        let cheapest = world.offers.iter().filter(in_question).min_by(|a, b| a.price.total_cmp(&b.price));
        if let Some(offer) = cheapest.filter(|offer| offer.price > 0.0 && row.value.range().1 >= offer.price)
        {
            let what = format!(
                "a credit of up to {} is not less than {}'s price of {}",
                row.value.range().1,
                offer.manufacturer,
                offer.price
            );
            look.wrong_row(
                "policies",
                index,
                "value",
                what,
                "a credit is in money per unit, below every price",
            );
        }
        if !seen.insert((row.date, &row.region, row.kind as u8, target)) {
            let what = format!("two values for {target} in {} begin on {}", row.region, row.date);
            look.wrong_row("policies", index, "date", what, "keep one row");
        }
    }
}
