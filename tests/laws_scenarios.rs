//! Laws that hold in every scenario that `run` takes, whatever it is about.

use std::sync::OnceLock;

use keiretsu::uncertainty::{Design, Draws};

use crate::support::lab::{Lab, assert_near, bits, run_scenarios, shipped};

const REPLICATIONS: u64 = 16;

/// Every scenario, simulated once.
fn labs() -> &'static [Lab] {
    static LABS: OnceLock<Vec<Lab>> = OnceLock::new();
    LABS.get_or_init(|| run_scenarios().iter().map(|path| Lab::run(path, &[], REPLICATIONS, 5)).collect())
}

fn of(outcome: &str, [region, maker, powertrain]: &[String; 3]) -> String {
    format!("{outcome} {maker} {region} {powertrain}")
}

#[test]
fn there_are_scenarios_to_test() {
    let names: Vec<&str> = labs().iter().map(|lab| lab.scenario.name.as_str()).collect();
    for name in ["honda-nissan-mitsubishi", "minimal", "three-regions", "ferries"] {
        assert!(names.contains(&name), "{names:?}");
    }
}

/// Shares are not negative, those of the base year positive, and close to 1 in every region and year.
#[test]
fn shares_close_to_one() {
    for lab in labs() {
        let scopes = lab.scopes("share");
        let regions = &lab.findings.names.regions;
        for world in lab.worlds() {
            for (region, year) in
                regions.iter().flat_map(|region| lab.years().map(move |year| (region, year)))
            {
                let (mut drawn, mut central) = (0.0, 0.0);
                for scope in &scopes {
                    if scope[0] != *region || scope[1].starts_with("alliance:") {
                        continue;
                    }
                    let key = of("share", scope);
                    let level = lab.level(world, &key, year);
                    assert_eq!(level.n, REPLICATIONS, "{key:?} {year}");
                    assert!(level.p05 >= 0.0, "{key:?} {year}");
                    drawn += level.mean;
                    central += lab.central(world, &key, year);
                }
                let name = &lab.scenario.name;
                assert!((drawn - 1.0).abs() <= 1e-12, "{name} {world} {region} {year}: {drawn}");
                assert!((central - 1.0).abs() <= 1e-12, "{name} {world} {region} {year}: {central}");
            }
        }
    }
}

/// The same for single draws instead of means: a run of one replication is one draw.
#[test]
fn shares_of_single_draws_are_positive_and_close_to_one() {
    for name in ["minimal.toml", "../tests/scenarios/ferries.toml"] {
        for seed in 0..6 {
            let lab = Lab::run(&shipped(name), &[], 1, seed);
            for world in lab.worlds() {
                for region in &lab.findings.names.regions {
                    for year in lab.years() {
                        let scopes = lab.scopes("share");
                        let shares: Vec<f64> = scopes
                            .iter()
                            .filter(|scope| scope[0] == *region && !scope[1].starts_with("alliance:"))
                            .map(|scope| lab.level(world, &of("share", scope), year).mean)
                            .collect();
                        assert!(shares.iter().all(|share| *share > 0.0));
                        assert!((shares.iter().sum::<f64>() - 1.0).abs() <= 1e-12);
                    }
                }
            }
        }
    }
}

/// Every equilibrium is solved to a residual of 1e-10, or counted as failed.
#[test]
fn equilibria_are_solved_or_counted() {
    for lab in labs() {
        let ensemble = &lab.findings.ensemble;
        let (regions, years) = (lab.findings.names.regions.len() as u64, lab.years().count() as u64);
        let worlds = lab.worlds().len() as u64;
        assert_eq!(
            ensemble.solved.equilibria,
            REPLICATIONS * regions * years * worlds,
            "{}",
            lab.scenario.name
        );
        assert!(ensemble.solved.worst_residual <= 1e-10, "{}", ensemble.solved.worst_residual);
        assert_eq!((ensemble.solved.failed, ensemble.failed), (0, 0), "{}", lab.scenario.name);
    }
}

/// Base-year units, prices and shares are the observed ones, in every world and replication.
#[test]
fn the_base_year_is_reproduced() {
    for lab in labs() {
        let scenario = &lab.scenario;
        for (world, stated) in lab.worlds().iter().zip(&scenario.worlds) {
            for offer in &stated.offers {
                for (outcome, observed) in [("units", offer.units), ("price", offer.price)] {
                    let key =
                        &format!("{outcome} {} {} {}", &offer.manufacturer, &offer.region, &offer.powertrain);
                    let level = lab.level(world, key, scenario.base_year);
                    let central = lab.central(world, key, scenario.base_year);
                    let what = format!("{} {world} {key:?}", scenario.name);
                    assert_eq!(level.n, REPLICATIONS, "{what}");
                    assert_near(central, observed, 1e-9, &what);
                    // With so few replications none can be off without moving the mean or the sd.
                    assert_near(level.mean, observed, 1e-9, &what);
                    assert!(level.sd <= 1e-9 * observed, "{what}: sd {}", level.sd);
                }
                let here = || stated.offers.iter().filter(|other| other.region == offer.region);
                let total: f64 = here().map(|other| other.units).sum();
                let own = here().filter(|other| other.manufacturer == offer.manufacturer);
                let share = own.map(|other| other.units).sum::<f64>() / total;
                let level = lab.level(
                    world,
                    &format!("share {} {}", &offer.manufacturer, &offer.region),
                    scenario.base_year,
                );
                assert_near(level.mean, share, 1e-9, "share");
                assert!(level.sd <= 1e-9);
            }
        }
    }
}

/// Before anything has happened no world differs from the reference by more than rounding.
#[test]
fn differences_of_the_base_year_are_zero() {
    for lab in labs() {
        for comparison in &lab.findings.ensemble.comparisons {
            for (condition, estimates) in comparison.conditions.iter().enumerate() {
                for outcome in ["share", "units", "price", "operating_profit", "knowledge", "saving"] {
                    for scope in lab.scopes(outcome) {
                        let key = of(outcome, &scope);
                        let column = lab.column(&key, lab.scenario.base_year);
                        let difference = &estimates[column];
                        let all_zero =
                            [difference.mean, difference.p05, difference.p95, difference.prob_gain];
                        let what = format!("{} {condition} {}", lab.scenario.name, lab.label(column));
                        assert!(difference.n == 0 || all_zero == [0.0; 4], "{what}: {difference:?}");
                    }
                }
            }
        }
    }
}

/// Operating profit of the base year is the stated figure where one is stated.
#[test]
fn accounts_start_from_the_stated_profit() {
    let lab = Lab::run(&shipped("honda-nissan-mitsubishi.toml"), &[], 8, 1);
    let mut stated = 0;
    for figure in &lab.scenario.worlds[lab.scenario.reference].manufacturers {
        if figure.figure != keiretsu::scenario::tables::Figure::OperatingProfit {
            continue;
        }
        if !lab.scopes("operating_profit").iter().any(|scope| scope[1] == figure.manufacturer) {
            continue;
        }
        let median = figure.value.distribution.median();
        let key = &format!("operating_profit {}", figure.manufacturer.as_str());
        let world = &lab.worlds()[lab.scenario.reference];
        let profit = lab.central(world, key, 2024);
        assert!(
            (profit - median).abs() <= 1e-9 * median.abs().max(1.0),
            "{key:?}: {profit} against {median}"
        );
        stated += 1;
    }
    assert!(stated >= 5, "only {stated} makers with a stated profit");
}

/// Nothing is infinite, and what is undefined is so for a stated reason: a price without sales.
#[test]
fn only_prices_can_be_undefined() {
    for lab in labs() {
        for (world, levels) in lab.worlds().iter().zip(&lab.findings.ensemble.levels) {
            for (column, level) in levels.iter().enumerate() {
                let what = lab.label(column);
                let may_be_undefined =
                    ["price", "marginal_cost", "margin"].iter().any(|outcome| what.starts_with(outcome));
                assert!(level.n == REPLICATIONS || may_be_undefined, "{world} {what}: n = {}", level.n);
                assert!(level.n == 0 || level.mean.is_finite(), "{world} {what}");
                assert!(lab.findings.ensemble.central[0][column].is_finite() || may_be_undefined, "{what}");
            }
        }
    }
}

/// Industry volume and powertrain shares of the reference world are the drawn paths, draw by draw.
#[test]
fn the_reference_world_meets_its_paths() {
    for seed in [3, 8] {
        let lab = Lab::run(&shipped("honda-nissan-mitsubishi.toml"), &[], 1, seed);
        let world = lab.worlds()[lab.scenario.reference].clone();
        let mut values = vec![0.0; lab.space.len() * 8];
        Draws::new(&lab.space, seed, Design::MonteCarlo).evaluate_block(0, 8, &mut values);
        let file = &lab.scenario.worlds[lab.scenario.reference].file;
        let drawn = |quantity: &keiretsu::scenario::Quantity| {
            let mut all = lab.space.parameters().iter().enumerate();
            let found = all.find(|(_, p)| p.key == quantity.key && p.distribution == quantity.distribution);
            values[found.unwrap_or_else(|| panic!("no input {}", quantity.key)).0 * 8]
        };
        let mut met = 0;
        for (name, region) in &file.regions {
            for (year, given) in &region.volume.given {
                let want = drawn(given);
                let units = lab.level(&world, &format!("units {name}"), year.parse().unwrap()).mean;
                assert_near(units, want, 1e-9, &format!("volume {name} {year}"));
                met += 1;
            }
            for (powertrain, path) in &region.powertrain_share {
                for (year, share) in path {
                    let want = drawn(share);
                    let outcome = format!("{}_share", powertrain.replace('-', "_"));
                    let got = lab.level(&world, &format!("{outcome} {name}"), year.parse().unwrap()).mean;
                    assert_near(got, want, 1e-9, &format!("{powertrain} {name} {year}"));
                    met += 1;
                }
            }
        }
        assert!(met >= 10, "{met}");
    }
}

/// The same scenario, seed and replications give the same bits on one thread and on two.
#[test]
fn threads_change_nothing() {
    let path = shipped("../tests/scenarios/ferries.toml");
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| Lab::run(&path, &[], 600, 2))
    };
    let (one, two) = (on(1), on(2));
    let (one, two) = (&one.findings.ensemble, &two.findings.ensemble);
    assert!(one.levels.iter().flatten().map(bits).eq(two.levels.iter().flatten().map(bits)));
    let differences = |ensemble: &keiretsu::simulation::Ensemble| {
        let all = ensemble.comparisons.iter().flat_map(|c| c.conditions.iter().flatten());
        all.map(bits).collect::<Vec<_>>()
    };
    assert_eq!(differences(one), differences(two));
}
