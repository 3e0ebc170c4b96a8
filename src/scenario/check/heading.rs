//! Rules about the horizon, the number of replications and what is reported.

use super::super::World;
use super::super::problem::{Problem, Problems};
use super::super::sources::Sources;
use super::Look;

/// The last year comes after the base year.
pub fn horizon(look: &mut Look) {
    let heading = &look.world.file.scenario;
    let (base, last) = (heading.base_year, heading.last_year);
    if last <= base {
        let what = format!("the last year ({last}) does not come after the base year ({base})");
        look.wrong(&["scenario", "last_year"], what, format!("write {} or a later year", base + 1));
    } else if last - base > 100 {
        let what = format!("the horizon of {} years is longer than 100", last - base);
        look.wrong(&["scenario", "last_year"], what, "is it a slip of the pen?");
    }
    if !(1800..=2300).contains(&base) {
        look.wrong(
            &["scenario", "base_year"],
            format!("the base year {base} does not lie between 1800 and 2300"),
            "write a year such as 2024",
        );
    }
}

/// More replications than any question needs, and few enough to count without overflow.
pub const MOST_REPLICATIONS: u64 = 1_000_000_000;

/// At least one replication and not too many, whether asked for in the file or on the command line.
pub fn replications(worlds: &[World], sources: &Sources, asked: Option<u64>, problems: &mut Problems) {
    let stated = worlds.first().map(|world| world.file.scenario.replications);
    let place = match asked {
        Some(_) => None,
        None => sources.place_of(None, "scenario.replications"),
    };
    let (what, remedy) = match asked.or(stated) {
        Some(0) => ("zero replications are no simulation".to_owned(), "ask for at least 1".to_owned()),
        Some(n) if n > MOST_REPLICATIONS => {
            (format!("{n} replications are too many"), format!("ask for at most {MOST_REPLICATIONS}"))
        }
        _ => return,
    };
    problems.push(Problem::new(what).fix(remedy).at(place));
}

/// A precision that can be reached.
pub fn precision(look: &mut Look) {
    let Some(asked) = &look.world.file.scenario.precision else { return };
    if !(asked.half_width.is_finite() && asked.half_width > 0.0) {
        let what = format!("no number of draws gives a half width of {}", asked.half_width);
        look.wrong(
            &["scenario", "precision", "half_width"],
            what,
            "write half the width of the 95 % interval that is wanted, above 0, such as 0.0005",
        );
    }
}

/// What is reported exists.
pub fn report(look: &mut Look) {
    let file = &look.world.file;
    let makers = look.world.maker_names();
    for (index, maker) in file.report.makers.iter().enumerate() {
        if look.knows_makers && !makers.contains(&maker.as_str()) {
            look.unknown(&["report", "makers", &index.to_string()], "maker", maker, &makers);
        }
    }
    if let Some(alliance) = file.report.alliance.as_ref().filter(|name| !file.alliances.contains_key(*name)) {
        let known: Vec<&str> = file.alliances.keys().map(String::as_str).collect();
        look.unknown(&["report", "alliance"], "alliance", alliance, &known);
    }
    let (base, last) = (file.scenario.base_year, file.scenario.last_year);
    // A shorter horizon laid over, as with --set, leaves later years out of the answer, without fuss.
    let shortened = look.sources.laid_over("scenario.last_year", "report.years");
    for (index, year) in file.report.years.iter().enumerate() {
        let what = match *year {
            year if year < base => format!("{year} lies before the base year ({base})"),
            year if year > last && last > base && !shortened => {
                format!("{year} lies after the last year ({last})")
            }
            _ => continue,
        };
        let remedy = format!("name years from {base} to {last}");
        look.wrong(&["report", "years", &index.to_string()], what, remedy);
    }
}

/// What is taken apart is a world that can differ, and in draws.
pub fn attribution(look: &mut Look) {
    let Some(asked) = &look.world.file.attribution else { return };
    let worlds = &look.world.file.worlds;
    let others: Vec<&str> =
        worlds.iter().filter(|(_, world)| !world.reference).map(|(name, _)| name.as_str()).collect();
    for (index, world) in asked.worlds.iter().flatten().enumerate() {
        let path = ["attribution", "worlds", &index.to_string()];
        if worlds.get(world).is_some_and(|world| world.reference) {
            let remedy = format!("name others: {}", others.join(", "));
            look.wrong(&path, format!("{world} is the reference: it differs in nothing"), remedy);
        } else if !others.contains(&world.as_str()) {
            look.unknown(&path, "world", world, &others);
        }
    }
    if asked.replications == 0 {
        look.wrong(&["attribution", "replications"], "no replications", "write 1 or more, such as 2000");
    }
    if asked.orders < 2 {
        let remedy = "write 2 or more, such as 50";
        look.wrong(&["attribution", "orders"], "fewer than two orders have no error", remedy);
    }
}
