//! Three proofs that a backtest sees nothing of what it forecasts.

use keiretsu::backtest::rivals::Method;
use keiretsu::backtest::rolling::{Kind, roll};
use keiretsu::numeric::Real;
use keiretsu::report::backtest::forecasts;
use keiretsu::share_process::{Change, Constants, Maker, Point, Region, estimate, outlook};
use keiretsu::uncertainty::{Distribution, Stream};

use crate::support::panels::{crps, held, of, plan, regions};

/// What an origin says does not change when everything after its targets is cut off.
#[test]
fn rows_are_the_same_when_the_tables_end_at_the_target() {
    let all = regions("us-china");
    for (origin, horizon) in [(2014, 3), (2019, 1), (2019, 5)] {
        let plan = plan(origin..=origin, &[horizon], &Method::ALL);
        let last = origin + horizon as i32;
        let cut: Vec<Region> = all.iter().map(|region| region.known_at(last)).collect();
        let whole = forecasts(&roll(&all, &plan));
        assert!(whole.len() > 2000);
        assert_eq!(String::from_utf8(whole), String::from_utf8(forecasts(&roll(&cut, &plan))));
    }
}

/// Nor when what comes after the origin is something else: only the actual shares and their scores differ.
#[test]
fn another_future_leaves_the_forecasts_as_they_are() {
    let all = regions("us-china");
    let origin = 2018;
    let mut other = all.clone();
    for point in other.iter_mut().flat_map(|region| &mut region.makers).flat_map(|maker| &mut maker.points) {
        if point.year > origin {
            point.share = 0.5 * point.share + 0.01;
        }
    }
    let plan = plan(origin..=origin, &[1, 3, 5], &Method::ALL);
    let (seen, unseen) = (roll(&all, &plan), roll(&other, &plan));
    assert_eq!(seen.forecasts.len(), unseen.forecasts.len());
    for (a, b) in seen.forecasts.iter().zip(&unseen.forecasts) {
        assert_ne!(a.actual, b.actual);
        assert_eq!((a.score.mean, a.score.quantiles), (b.score.mean, b.score.quantiles));
    }
    assert_eq!(seen.origins, unseen.origins);
}

/// Targets permuted among makers of about the same size: what the carry-over of surprises gained is gone.
#[test]
fn permuted_targets_take_the_gain_of_the_carry_over() {
    let china: Vec<Region> =
        regions("us-china").into_iter().filter(|region| region.name == "China").collect();
    let gain = |permuted: bool| {
        let (mut with, mut without) = (0.0, 0.0);
        for origin in 2012..=2023 {
            let table = if permuted { permute(&china[0], origin) } else { china[0].clone() };
            for (carries, sum) in [(true, &mut with), (false, &mut without)] {
                let mut plan = plan(origin..=origin, &[1], &[Method::Process]);
                plan.constants = Constants { carries, ..Constants::CHOSEN };
                let rolled = roll(std::slice::from_ref(&table), &plan);
                let forecasts = of(&rolled, Kind::Mature, Method::Process, 1);
                *sum += crps(&forecasts) * forecasts.len() as f64;
            }
        }
        1.0 - with / without
    };
    let (real, permuted) = (gain(false), gain(true));
    assert!(real > 0.08, "{real}");
    assert!(permuted < 0.01, "{permuted}");
}

/// The region with the changes of the year after the origin exchanged between neighbours in size.
fn permute(region: &Region, origin: i32) -> Region {
    let mut region = region.clone();
    let mut order: Vec<usize> = (0..region.makers.len())
        .filter(|&maker| region.makers[maker].comparable(origin, origin + 1).is_some())
        .collect();
    let share = |region: &Region, maker: usize| region.makers[maker].share(origin).expect("it sells");
    order.sort_by(|a, b| share(&region, *a).total_cmp(&share(&region, *b)));
    let ratios: Vec<f64> = order
        .iter()
        .map(|&maker| {
            let (before, after) = region.makers[maker].comparable(origin, origin + 1).expect("both years");
            after / before
        })
        .collect();
    for (place, &maker) in order.iter().enumerate() {
        // The neighbour's change: 0 ↔ 1, 2 ↔ 3, …; a last one without a neighbour takes its predecessor's.
        let other = if place ^ 1 < ratios.len() { place ^ 1 } else { place - 1 };
        let share = share(&region, maker) * ratios[other];
        let points = &mut region.makers[maker].points;
        points.iter_mut().filter(|point| point.year == origin + 1).for_each(|point| point.share = share);
    }
    region
}

/// Futures drawn from the process itself, after real pasts: the 90 % bands hold 88 to 92 %.
#[test]
fn bands_hold_on_futures_from_the_process() {
    let c = Constants::CHOSEN;
    let mut inside = [0; 2];
    let mut n = [0; 2];
    for future in 0..25 {
        for region in regions("us-china") {
            for origin in [2012, 2016, 2020, 2023] {
                let simulated = continued(&region.known_at(origin), origin, 5, future, &c);
                let mut plan = plan(origin..=origin, &[1, 5], &[Method::Process]);
                plan.draws = 400;
                let rolled = roll(&[simulated], &plan);
                for (place, horizon) in [1, 5].into_iter().enumerate() {
                    for kind in [Kind::Mature, Kind::Newcomer] {
                        let forecasts = of(&rolled, kind, Method::Process, horizon);
                        inside[place] += held(&forecasts);
                        n[place] += forecasts.len();
                    }
                }
            }
        }
    }
    for (inside, n) in inside.into_iter().zip(n) {
        let part = f64::from(inside as u32) / f64::from(n as u32);
        assert!(n > 2000 && (0.88..=0.92).contains(&part), "{inside} of {n}");
    }
}

/// A region's past continued by the process with the estimates of the origin.
fn continued(known: &Region, origin: i32, years: usize, future: u64, c: &Constants) -> Region {
    let changes: Vec<Vec<Change>> =
        known.makers.iter().map(|maker| maker.changes(c.least_share, c.new_for_years)).collect();
    let estimate = estimate(&changes, c);
    let normal = Distribution::Normal { mean: 0.0, sd: 1.0, low: None, high: None };
    let mut makers: Vec<Maker> = known.makers.clone();
    makers.retain(|maker| maker.share(origin).is_some());
    let rest = 1.0 - makers.iter().map(|maker| maker.share(origin).unwrap()).sum::<f64>();
    let mut paths: Vec<Vec<f64>> = Vec::new();
    for maker in makers.iter().map(Some).chain([None]) {
        let (name, share) = maker.map_or(("rest", rest), |maker| (&maker.name, maker.share(origin).unwrap()));
        let place = maker.and_then(|maker| known.makers.iter().position(|other| other.name == maker.name));
        let last = place.and_then(|place| changes[place].last()).filter(|change| change.year == origin);
        let new = maker.is_some_and(|maker| maker.is_new(origin, c.new_for_years));
        let outlook = outlook(&estimate, c, share, new, last, years);
        let draw = |what: String| {
            let name = format!("{}.{name}.{origin}.{what}", known.name);
            normal.quantile(Stream::new(99, &name).uniform(future))
        };
        // χ²₅ as a sum of squares.
        let chi: f64 = (0..5).map(|part| draw(format!("chi.{part}"))).map(|z| z * z).sum();
        let factor = (5.0 / chi).sqrt();
        let mut step = outlook.step + outlook.step_sd * draw("step".into());
        let mut log = outlook.carry;
        let path = (0..years).map(|year| {
            log += step + factor * outlook.sd[year] * draw(format!("year.{year}"));
            step *= c.growth_damping;
            share * Real::exp(log)
        });
        paths.push(path.collect());
    }
    for year in 0..years {
        let sum: f64 = paths.iter().map(|path| path[year]).sum();
        for (maker, path) in makers.iter_mut().zip(&paths) {
            let basis = maker.points.last().unwrap().basis.clone();
            maker.points.push(Point { year: origin + 1 + year as i32, share: path[year] / sum, basis });
        }
    }
    Region { makers, ..known.clone() }
}
