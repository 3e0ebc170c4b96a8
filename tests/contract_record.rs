//! A run says first how such forecasts have done: the same figures as `keiretsu backtest`.

use crate::support::binary::{Csv, assert_done, keiretsu, scenario, stdout};

#[test]
fn the_record_of_a_run_is_that_of_its_backtest() {
    let folder = tempfile::tempdir().unwrap();
    let main = scenario("scenarios/honda-nissan-mitsubishi.toml");
    let run = ["run", &main, "--replications", "8", "--out", "run", "--format", "json"];
    let output = keiretsu(folder.path(), &run);
    assert_done(&output);
    let answer: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let said = answer["track_record"].as_str().expect("a past to score");
    let start = "How such forecasts have done: 90 % bands for the shares of established makers, drawn from what was known in \
                 2015 to 2024, held ";
    assert!(said.starts_with(start), "{said}");
    assert!(said.contains(" lie inside its bands."), "{said}");

    let backtest =
        ["backtest", &main, "--horizons", "1,3,5,10", "--draws", "1000", "--out", "back", "--quiet"];
    assert_done(&keiretsu(folder.path(), &backtest));
    let scores = Csv::read(&folder.path().join("back"), "scores.csv");
    let record = Csv::read(&folder.path().join("run"), "track-record.csv");
    let mut compared = 0;
    for row in &record.rows {
        let [region, kind, horizon] = [0, 1, 2].map(|column| row[column].as_str());
        let same = scores.rows.iter().find(|other| {
            [other[0].as_str(), &other[1], &other[2], &other[3]] == [region, kind, horizon, "process"]
        });
        let same = same.unwrap_or_else(|| panic!("{region} {kind} {horizon} is not in the backtest"));
        for (own, other) in [("n", "n"), ("held_90", "c90"), ("crps", "crps")] {
            assert_eq!(row[record.at(own)], same[scores.at(other)], "{region} {kind} {horizon} {own}");
        }
        compared += 1;
    }
    assert!(compared > 15, "{compared}");
}
