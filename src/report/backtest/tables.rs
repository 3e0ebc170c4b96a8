//! The CSV files of a backtest. Shares are fractions, as in a run folder; scores of shares are in percentage
//! points.

use crate::backtest::TrackRecord;
use crate::backtest::rivals::Method;
use crate::backtest::rolling::{Kind, Rolled};
use crate::backtest::summary::Row;
use crate::report::csv_file::{CsvFile, shortest};

/// `forecasts.csv`: one row per origin, horizon, region, manufacturer and method.
pub fn forecasts(rolled: &Rolled) -> Vec<u8> {
    let mut table = CsvFile::new(
        "origin,horizon,region,manufacturer,kind,method,mode,path,share_origin,actual,mean,p05,p25,p50,p75,p95,\
         pit,crps,crps_log,pinball,in50,in90",
    );
    for f in &rolled.forecasts {
        let keys = vec![
            f.origin.to_string(),
            f.horizon.to_string(),
            f.region.clone(),
            f.manufacturer.clone(),
            f.kind.name().to_owned(),
            f.method.name().to_owned(),
            mode(f.method).to_owned(),
            path(f.method).to_owned(),
        ];
        let score = &f.score;
        let mut figures = vec![f.share_origin, f.actual, score.mean];
        figures.extend(score.quantiles);
        figures.extend([score.pit, 100.0 * score.crps, score.crps_log, 100.0 * score.pinball]);
        let mut cells: Vec<String> = figures.into_iter().map(shortest).collect();
        cells.extend([score.inside_50(f.actual), score.inside_90(f.actual)].map(|is| is.to_string()));
        table.row(keys, cells);
    }
    table.bytes()
}

/// `scores.csv`: one row per region, kind, horizon and method; `all` for all together.
pub fn scores(rows: &[Row]) -> Vec<u8> {
    let mut table = CsvFile::new(
        "region,kind,horizon,method,path,n,origins,crps,crps_log,energy,pinball,c50,c90,below,above,width,gain,\
         dm_t,dm_p,boot05,boot95",
    );
    for row in rows {
        let mut keys = group(row);
        keys.extend([path(row.method).to_owned(), row.n.to_string(), row.origins.to_string()]);
        let optional = |value: Option<f64>| value.map_or(String::new(), shortest);
        let mut cells = vec![shortest(row.crps), shortest(row.crps_log), optional(row.energy)];
        cells.extend(
            [row.pinball, row.inside_50, row.inside_90, row.below, row.above, row.width, row.gain]
                .map(shortest),
        );
        let (test, interval) = (row.paired.test, row.paired.interval);
        cells.extend([
            optional(test.map(|test| test.0)),
            optional(test.map(|test| test.1)),
            optional(interval.map(|interval| interval.0)),
            optional(interval.map(|interval| interval.1)),
        ]);
        table.row(keys, cells);
    }
    table.bytes()
}

/// `track-record.csv` of a run: how the share process would have done, one row per region, kind and horizon.
pub fn track_record(record: &TrackRecord) -> Vec<u8> {
    let mut table =
        CsvFile::new("region,kind,horizon,first_origin,last_origin,n,held_50,held_90,crps,crps_stays");
    for row in record.rows.iter().filter(|row| row.method == Method::Process) {
        let (first, last) = record.origins.unwrap_or_default();
        let mut keys = group(row);
        keys.truncate(3);
        keys.extend([first.to_string(), last.to_string(), row.n.to_string()]);
        table.row(keys, [row.inside_50, row.inside_90, row.crps, row.yardstick].map(shortest).to_vec());
    }
    table.bytes()
}

/// `pit.csv`: where in its forecast distribution what happened lay, by tenths.
pub fn pit(rows: &[Row]) -> Vec<u8> {
    let mut table = CsvFile::new("region,kind,horizon,method,decile,fraction");
    for row in rows {
        for (decile, fraction) in row.pit.iter().enumerate() {
            let mut keys = group(row);
            keys.push(decile.to_string());
            table.row(keys, vec![shortest(*fraction)]);
        }
    }
    table.bytes()
}

/// `skipped.csv`: what was not scored, and why. An empty horizon stands for all.
pub fn skipped(rolled: &Rolled) -> Vec<u8> {
    let mut table = CsvFile::new("origin,horizon,region,manufacturer,reason");
    for skipped in &rolled.skipped {
        let horizon = skipped.horizon.map_or(String::new(), |horizon| horizon.to_string());
        let (region, maker) = (skipped.region.clone(), skipped.manufacturer.clone());
        table
            .row(vec![skipped.origin.to_string(), horizon, region, maker, skipped.reason.to_owned()], vec![]);
    }
    table.bytes()
}

fn group(row: &Row) -> Vec<String> {
    vec![
        row.region.clone().unwrap_or_else(|| "all".to_owned()),
        row.kind.map_or("all", Kind::name).to_owned(),
        row.horizon.to_string(),
        row.method.name().to_owned(),
    ]
}

/// What a method forecasts with: shares alone, or the whole market.
fn mode(_method: Method) -> &'static str {
    "shares"
}

/// Whose path of powertrain shares a method was given.
fn path(_method: Method) -> &'static str {
    "none"
}
