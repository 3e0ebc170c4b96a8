//! What is asked of a simulation: outcomes by name, some worlds, some replications; and where batches go.

use keiretsu::analysis::{find, text};
use keiretsu::simulation::outcomes::Wanted;
use keiretsu::simulation::{self, Batch, Request, Sink, Unknown};
use keiretsu::study::{self, Prepared};

use crate::support::lab::{Lab, bits, shipped};

fn prepared() -> Prepared {
    let path = shipped("honda-nissan-mitsubishi.toml");
    study::prepare(&keiretsu::scenario::load(&path, &[]).expect("a sound scenario")).expect("a base year")
}

#[test]
fn outcomes_are_asked_for_in_words() {
    let Prepared { names, request, .. } = prepared();
    let of = |words: &str| find(&names, &request.outcomes, words);
    for words in [
        "share alliance:hnm US 2035",
        "price General Motors US plug-in 2030",
        "units China 2024",
        "operating_profit Volkswagen Group 2029",
        "saving_per_car:purchasing Nissan 2031",
        "plug_in_share US 2026",
    ] {
        let keys = of(words).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(keys.iter().map(|key| text(&names, key)).collect::<Vec<_>>(), [words]);
    }
    assert_eq!(
        of("2035 us share hnm"),
        of("share alliance:hnm US 2035"),
        "words in any order, names in part"
    );
    let several = of("profit Honda 2035").unwrap_err();
    assert!(
        several.contains("\n  operating_profit Honda\n") || several.ends_with("\n  operating_profit Honda")
    );
    assert!(several.contains("variable_profit Honda US") && !several.contains("alliance"), "{several}");
    assert_eq!(of("  share   Honda  US ").unwrap().len(), 12, "all years");
    assert!(of("share Hondo US 2035").unwrap_err().contains("did you mean `share Honda US`?"));
    assert!(of("shares alliance:hmn US 2035").unwrap_err().contains("did you mean `share alliance:hnm US`?"));
    let late = of("share Honda US 2036").unwrap_err();
    assert!(late.contains("no year 2036") && late.contains("2024 to 2035"), "{late}");
    assert!(of("").is_err());
}

#[test]
fn what_is_asked_for_is_what_the_whole_run_finds() {
    let whole = Lab::run(&shipped("honda-nissan-mitsubishi.toml"), &[], 600, 20_240_801);
    let Prepared { experiment, names, request, .. } = prepared();
    let merger = names.worlds.iter().position(|world| world == "merger").unwrap();
    let words = ["share alliance:hnm US 2035", "price Nissan US plug-in 2030", "hhi China 2024"];
    let keys: Vec<_> =
        words.iter().flat_map(|words| find(&names, &request.outcomes, words).unwrap()).collect();
    let some = Request::new(&experiment, &[merger], &Wanted::Only(keys.clone()), 0..600).unwrap();
    assert_eq!(some.worlds(), [experiment.reference, merger]);
    let ensemble = simulation::run(&experiment, &some, &|_| {});
    assert_eq!(ensemble.levels.iter().map(Vec::len).collect::<Vec<_>>(), [3, 0, 3]);
    assert_eq!(ensemble.solved.equilibria, 600 * 2 * 2 * 12, "replications, worlds, regions, years");
    for key in keys {
        let column = ensemble.outcomes.column(&key).unwrap();
        for world in [experiment.reference, merger] {
            let level = whole.findings.level(world, &key).unwrap();
            assert_eq!(bits(&ensemble.levels[world][column]), bits(level), "{}", text(&names, &key));
        }
        for condition in simulation::Condition::ALL {
            let difference = whole.findings.difference(merger, condition, &key).unwrap();
            let found = &ensemble.comparisons[0].conditions[condition as usize][column];
            assert_eq!(bits(found), bits(difference), "{}", text(&names, &key));
        }
    }
}

#[test]
fn what_there_is_not_is_refused() {
    let Prepared { experiment, request, .. } = prepared();
    let late = request.outcomes.keys[0].in_year(2050);
    let refused = Request::new(&experiment, &[0], &Wanted::Only(vec![late]), 0..1).unwrap_err();
    assert_eq!(refused, Unknown::Outcomes(vec![late]));
    assert_eq!(Request::new(&experiment, &[7], &Wanted::All, 0..1).unwrap_err(), Unknown::Worlds(vec![7]));
}

/// Keeps everything of one column and one parameter.
struct Keep {
    next: u64,
    parameter: usize,
    values: Vec<f64>,
    drawn: Vec<f64>,
}

impl Sink for Keep {
    fn take(&mut self, batch: &Batch) {
        assert_eq!(batch.first, self.next, "in the order of replications");
        self.next += batch.size as u64;
        for fold in 0..batch.folds() {
            self.values.extend(&batch.column(0, 0, fold)[..batch.in_fold(fold)]);
        }
        self.drawn.extend(batch.drawn(self.parameter));
    }
}

#[test]
fn every_replication_comes_once_with_its_draws_and_a_part_is_the_part_of_the_whole() {
    let Prepared { experiment, names, request, .. } = prepared();
    let keys = find(&names, &request.outcomes, "units Honda US 2030").unwrap();
    let parameters = experiment.space.parameters();
    let parameter = parameters.iter().position(|of| of.key == "regions.US.own_price_elasticity").unwrap();
    let keep = |replications: std::ops::Range<u64>| {
        let next = replications.start;
        let request = Request::new(&experiment, &[], &Wanted::Only(keys.clone()), replications).unwrap();
        let mut keep = Keep { next, parameter, values: Vec::new(), drawn: Vec::new() };
        simulation::simulate(&experiment, &request, &mut [&mut keep], &|_| {});
        keep
    };
    let (whole, part) = (keep(0..1100), keep(512..700));
    assert_eq!(whole.values.len(), 1100);
    assert_eq!(part.values, whole.values[512..700]);
    assert_eq!(part.drawn, whole.drawn[512..700]);
    let stream = keiretsu::uncertainty::Stream::new(experiment.seed, "regions.US.own_price_elasticity");
    let quantile = parameters[parameter].distribution.quantile_function();
    for (replication, drawn) in whole.drawn.iter().enumerate() {
        assert_eq!(*drawn, quantile.quantile(stream.uniform(replication as u64)));
    }
}

/// A study of 32 coalitions: worlds that are the main scenario's, over and over.
#[test]
fn thirty_two_worlds_of_fifty_outcomes_are_small() {
    let mut prepared = prepared();
    let models = prepared.experiment.models.clone();
    let worlds: Vec<_> = (0..32).map(|world| models[world % models.len()].clone()).collect();
    let experiment =
        simulation::Experiment::new(worlds, 0, prepared.experiment.space.clone(), prepared.experiment.seed);
    prepared.experiment = experiment;
    let keys = prepared.request.outcomes.keys.iter().step_by(153).take(50).copied().collect();
    let all: Vec<usize> = (0..32).collect();
    let request = Request::new(&prepared.experiment, &all, &Wanted::Only(keys), 0..2_000).unwrap();
    let bytes = simulation::memory(&prepared.experiment, &request);
    assert!(bytes < 40 << 20, "{bytes}");
    let whole = Request::everything(&prepared.experiment, 0..2_000);
    assert!(simulation::memory(&prepared.experiment, &whole) > 1 << 30, "what it would take in full");
    let few = Request::new(&prepared.experiment, &all, &Wanted::Only(request.outcomes.keys.clone()), 0..8);
    let ensemble = simulation::run(&prepared.experiment, &few.unwrap(), &|_| {});
    let column = 17;
    for world in 0..32 {
        assert_eq!(bits(&ensemble.levels[world][column]), bits(&ensemble.levels[world % 3][column]));
    }
}
