//! What the share process is worth on the history tables: the figures that it was built to reach, and that it
//! is no worse than "shares stay". Origins and targets up to 2024.

use keiretsu::backtest::rivals::Method;
use keiretsu::backtest::rolling::{Kind, Rolled, roll};
use keiretsu::backtest::summary;

use crate::support::panels::{crps, held, of, plan, regions};

const BOTH: [Method; 2] = [Method::PersistenceSize, Method::Process];

/// CRPS within 4 %, or better, and coverage within two forecasts, or nearer to 90 %, of a prototype in another
/// language (origins 2012–2022).
#[test]
fn the_share_process_reaches_the_prototype() {
    let all = regions("us-china");
    let figures = [
        ("US", Kind::Mature, 1, 137, 0.308, 0.93),
        ("US", Kind::Mature, 3, 124, 0.532, 0.94),
        ("US", Kind::Mature, 5, 93, 0.694, 0.94),
        ("China", Kind::Mature, 1, 99, 0.446, 0.91),
        ("China", Kind::Mature, 3, 81, 1.289, 0.80),
        ("China", Kind::Mature, 5, 52, 1.833, 0.69),
        ("China", Kind::Newcomer, 1, 18, 0.192, 0.83),
        ("China", Kind::Newcomer, 3, 12, 0.468, 0.83),
    ];
    let plan = plan(2012..=2022, &[1, 3, 5], &BOTH);
    for (name, kind, horizon, n, expected, coverage) in figures {
        let region: Vec<_> = all.iter().filter(|region| region.name == name).cloned().collect();
        let rolled = roll(&region, &plan);
        let forecasts = of(&rolled, kind, Method::Process, horizon);
        assert_eq!(forecasts.len(), n, "{name} {kind:?} {horizon}");
        let own = crps(&forecasts);
        assert!(own < 1.04 * expected, "{name} {kind:?} {horizon}: {own}");
        let (own, wanted) = (held(&forecasts) as f64, (coverage * n as f64).round());
        let promised = 0.9 * n as f64;
        let near = (own - wanted).abs() <= 2.0 || (own - promised).abs() < (wanted - promised).abs();
        assert!(near, "{name} {kind:?} {horizon}: {own} of {n}");
    }
}

/// All development panels together: established makers' bands hold 85 to 95 %, newcomers' 80 % or more.
#[test]
fn bands_hold_what_they_say() {
    let mut rolled = Rolled::default();
    for (table, origins) in [("us-china", 2005..=2023), ("us-epa", 1991..=2007), ("europe", 2017..=2023)] {
        let part = roll(&regions(table), &plan(origins, &[1, 3, 5], &[Method::Process]));
        rolled.forecasts.extend(part.forecasts);
    }
    for horizon in [1, 3, 5] {
        let mature = of(&rolled, Kind::Mature, Method::Process, horizon);
        let part = held(&mature) as f64 / mature.len() as f64;
        assert!((0.85..=0.95).contains(&part), "{horizon}: {part}");
        let new = of(&rolled, Kind::Newcomer, Method::Process, horizon);
        assert!(held(&new) as f64 >= 0.8 * new.len() as f64, "{horizon}: {} of {}", held(&new), new.len());
    }
}

/// No group is significantly worse than "shares stay", and newcomers are forecast much better.
#[test]
fn it_is_no_worse_than_shares_stay() {
    for (table, origins) in [("us-china", 2012..=2022), ("us-epa", 1994..=2007), ("europe", 2018..=2023)] {
        let rolled = roll(&regions(table), &plan(origins, &[1, 3, 5], &BOTH));
        for row in summary::rows(&rolled, 1).iter().filter(|row| row.method == Method::Process) {
            let worse = row.gain < 0.0 && row.paired.test.is_some_and(|(_, p)| p < 0.05);
            assert!(!worse, "{table}: {row:?}");
            if row.region.is_none() && row.kind == Some(Kind::Newcomer) && row.n >= 20 {
                assert!(row.gain > 0.05, "{table}: {row:?}");
            }
        }
    }
}
