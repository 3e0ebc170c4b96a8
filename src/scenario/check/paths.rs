//! Rules about given paths: years after the base year, known powertrains, shares up to the whole.

use super::super::file::Region;
use super::Look;

/// Paths of volume and powertrain shares begin after the base year, which the offers give.
pub fn paths(look: &mut Look) {
    let world = look.world;
    for (region, stated) in &world.file.regions {
        for year in stated.volume.given.keys() {
            check_year(look, &["regions", region, "volume", "given", year], year);
        }
        let powertrains = world.powertrain_names();
        for (powertrain, path) in &stated.powertrain_share {
            let key = ["regions", region, "powertrain_share", powertrain];
            if !powertrains.contains(&powertrain.as_str()) {
                look.unknown(&key, "powertrain", powertrain, &powertrains);
            } else if powertrains[0] == powertrain {
                let what = format!(
                    "`{powertrain}` takes what the other powertrains leave and has no path of its own"
                );
                look.wrong(&key, what, "take the path out, or list another powertrain first");
            } else if look.knows_offers
                && !world
                    .offers
                    .iter()
                    .any(|offer| offer.region == *region && offer.powertrain == *powertrain)
            {
                let what = format!("there are no {powertrain} offers in {region} to follow the path");
                look.wrong(&key, what, "take the path out, or add offers");
            }
            for year in path.keys() {
                check_year(look, &["regions", region, "powertrain_share", powertrain, year], year);
            }
        }
        check_sums(look, region, stated);
    }
}

fn check_year(look: &mut Look, path: &[&str], year: &str) {
    let base = look.world.file.scenario.base_year;
    match year.parse::<i32>() {
        Ok(number) if number > base => {}
        Ok(_) => {
            let what =
                format!("{year} is not after the base year ({base}), whose figures are those of the offers");
            look.wrong(path, what, format!("begin with {}", base + 1));
        }
        Err(_) => look.wrong(path, format!("`{year}` is not a year"), "write years such as 2025"),
    }
}

/// Given shares leave something to the first powertrain.
fn check_sums(look: &mut Look, region: &str, stated: &Region) {
    let mut sums: Vec<(&String, &String, f64)> = Vec::new();
    for (powertrain, path) in &stated.powertrain_share {
        for (year, share) in path {
            match sums.iter_mut().find(|(known, ..)| *known == year) {
                Some((_, last, sum)) => (*last, *sum) = (powertrain, *sum + share.range().1),
                None => sums.push((year, powertrain, share.range().1)),
            }
        }
    }
    for (year, powertrain, sum) in sums {
        let within_limits = stated.powertrain_share[powertrain][year].range().1 <= 1.0;
        if sum >= 1.0 && within_limits {
            let what =
                format!("powertrain shares of {year} in {region} can reach {sum:.4}, the whole market");
            let path = ["regions", region, "powertrain_share", powertrain, year];
            look.wrong(&path, what, "lower the high ends, so that the first powertrain keeps a share");
        }
    }
}
