//! The answer for programs.

use serde::Serialize;

use super::Answer;

impl Answer<'_> {
    /// As JSON.
    pub fn json(&self) -> String {
        let rows: Vec<Row> = self
            .headlines
            .iter()
            .map(|headline| Row {
                world: &self.findings.names.worlds[headline.world],
                region: &self.findings.names.regions[headline.region],
                manufacturer: self.findings.who(headline.who),
                year: headline.year,
                reference_share: headline.reference_share,
                share: headline.share,
                change: headline.change.mean,
                p05: headline.change.p05,
                p50: headline.change.p50,
                p95: headline.change.p95,
                prob_gain: headline.change.prob_gain,
                prob_loss: headline.change.prob_loss,
                lasting: self.lasting(headline).map(|(_, change)| change.mean),
                unconditional: headline.unconditional.mean,
                makers: headline
                    .moves
                    .iter()
                    .map(|m| Maker {
                        manufacturer: &self.findings.names.makers[m.maker],
                        change: m.change.mean,
                    })
                    .collect(),
                sentence: self.sentence(headline),
            })
            .collect();
        serde_json::to_string_pretty(&Json {
            title: &self.scenario.title,
            question: &self.scenario.question,
            reference: &self.findings.names.worlds[self.findings.reference],
            replications: self.findings.ensemble.replications,
            failed_replications: self.findings.ensemble.failed,
            track_record: self.score(),
            sentences: self.sentences(),
            answer: rows,
        })
        .expect("plain figures and text")
    }
}

#[derive(Serialize)]
struct Json<'a> {
    title: &'a str,
    question: &'a str,
    reference: &'a str,
    replications: u64,
    failed_replications: u64,
    /// How such forecasts have done; none where there is no past to score.
    track_record: Option<String>,
    sentences: Vec<String>,
    answer: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    world: &'a str,
    region: &'a str,
    manufacturer: String,
    year: i32,
    reference_share: f64,
    share: f64,
    change: f64,
    p05: f64,
    p50: f64,
    p95: f64,
    prob_gain: f64,
    prob_loss: f64,
    /// The mean change where it has not broken up; none where nothing can, or all has.
    lasting: Option<f64>,
    unconditional: f64,
    makers: Vec<Maker<'a>>,
    sentence: String,
}

#[derive(Serialize)]
struct Maker<'a> {
    manufacturer: &'a str,
    change: f64,
}
