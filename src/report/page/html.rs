//! The parts of the page that are words: they can be read without the script.

use crate::analysis::Findings;
use crate::backtest::TrackRecord;
use crate::backtest::rivals::Method;
use crate::backtest::rolling::Kind;
use crate::report::answer::Answer;
use crate::report::subject::region_name;
use crate::scenario::Scenario;
use crate::share_process::Constants;

use super::assumptions::{assumptions, tally};
use super::content::patch;

/// Text as HTML shows it.
pub fn escaped(text: &str) -> String {
    let mut html = String::new();
    for letter in text.chars() {
        match letter {
            '&' => html += "&amp;",
            '<' => html += "&lt;",
            '>' => html += "&gt;",
            '"' => html += "&quot;",
            other => html.push(other),
        }
    }
    html
}

/// The three sentences.
pub fn answer(answer: &Answer) -> String {
    let score = answer.score().map(|score| format!("<p class=\"score\">{}</p>\n", escaped(&score)));
    let paragraph = |sentence: &String| format!("<p>{}</p>\n", escaped(sentence));
    score.into_iter().chain(answer.sentences().iter().map(paragraph)).collect()
}

/// How often the bands held in the past, by region, kind and horizon; empty where there is no past to score.
pub fn record(scenario: &Scenario, record: &TrackRecord) -> String {
    let Some((first, last)) = record.origins else { return String::new() };
    let rows = record.rows.iter().filter(|row| row.method == Method::Process);
    let rows: String = rows
        .filter_map(|row| {
            let region = row.region.as_deref().map_or("all regions", |region| region_name(scenario, region));
            let kind = match row.kind? {
                Kind::Mature => "established",
                Kind::Newcomer => "newcomers",
            };
            let part = |part: f64| format!("{:.0} %", 100.0 * part);
            let cells = [
                row.horizon.to_string(),
                row.n.to_string(),
                part(row.inside_50),
                part(row.inside_90),
                format!("{:.2}", row.crps),
                format!("{:.2}", row.yardstick),
            ];
            let cells: String = cells.iter().map(|cell| format!("<td class=\"n\">{cell}</td>")).collect();
            Some(format!("<tr><td>{}</td><td>{kind}</td>{cells}</tr>\n", escaped(region)))
        })
        .collect();
    format!(
        "<section id=\"record\" aria-labelledby=\"h-record\">\n<h2 id=\"h-record\">How such forecasts have done</h2>\n\
         <p>Forecasts from every year from {first} to {last} with what was known in it, by the share process that makes the \
         bands of this run; what it cannot show is how alliances or policy change shares. Newcomers: less than {} years after \
         the first sale. Of 50 % and 90 % bands that many should hold. The error (CRPS, percentage points; smaller is better) \
         stands beside that of “shares stay”. The rules were chosen on data to {}, so only later years are a test that nobody \
         could prepare for.</p>\n\
         <div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"How such forecasts have done\"><table><thead><tr>\
         <th scope=\"col\">region</th><th scope=\"col\">makers</th><th scope=\"col\" class=\"n\">years ahead</th>\
         <th scope=\"col\" class=\"n\">forecasts</th><th scope=\"col\" class=\"n\">50 % held</th>\
         <th scope=\"col\" class=\"n\">90 % held</th><th scope=\"col\" class=\"n\">error</th>\
         <th scope=\"col\" class=\"n\">shares stay</th></tr></thead>\n<tbody>{rows}</tbody></table></div>\n</section>",
        Constants::CHOSEN.new_for_years,
        Constants::CHOSEN_TO,
    )
}

/// The table that stands beside the sentences.
pub fn answer_table(answer: &Answer) -> String {
    let table = answer.table();
    if table.rows.is_empty() {
        return String::new();
    }
    let class = |column: usize| if column >= table.first_number { " class=\"n\"" } else { "" };
    let head: String = (table.header.iter().enumerate())
        .map(|(column, title)| format!("<th scope=\"col\"{}>{}</th>", class(column), escaped(title)))
        .collect();
    let row = |cells: &Vec<String>| {
        let cell = |(column, text): (usize, &String)| format!("<td{}>{}</td>", class(column), escaped(text));
        format!("<tr>{}</tr>\n", cells.iter().enumerate().map(cell).collect::<String>())
    };
    let rows: String = table.rows.iter().map(row).collect();
    format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"The answer as a table\"><table>\
         <thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table></div>\n<p class=\"note\">{}</p>",
        escaped(&table.note)
    )
}

/// What the answer rests on.
pub fn foundations(scenario: &Scenario, answer: &Answer) -> String {
    let mut lines = vec![format!(
        "{} All of them are in the table below, with where they come from.",
        tally(&assumptions(scenario))
    )];
    lines.extend(answer.foundations());
    list(&lines)
}

/// Paragraphs as a list.
pub fn list(lines: &[String]) -> String {
    let items: String = lines.iter().map(|line| format!("<li>{}</li>\n", escaped(line))).collect();
    format!("<ul>\n{items}</ul>")
}

/// Every world: what it is, and what it changes.
pub fn worlds(scenario: &Scenario) -> String {
    let mut html = String::new();
    for (at, world) in scenario.worlds.iter().enumerate() {
        let mark = if at == scenario.reference { " <span class=\"tag\">reference</span>" } else { "" };
        html += &format!("<dt>{}{mark}</dt>\n<dd>{}", escaped(&world.name), escaped(&world.description));
        let changes = patch(scenario, world);
        if !changes.is_empty() {
            let item = |(key, value): &(String, String)| {
                format!("<li><code>{}</code> → {}</li>", escaped(key), escaped(value))
            };
            html += &format!("<ul class=\"patch\">{}</ul>", changes.iter().map(item).collect::<String>());
        }
        html += "</dd>\n";
    }
    format!("<dl>{html}</dl>")
}

/// The command that gives the same run again.
pub fn command(scenario: &Scenario, findings: &Findings) -> String {
    let mut command = format!(
        "keiretsu run {}.toml --replications {} --seed {}",
        scenario.name, findings.ensemble.replications, scenario.seed
    );
    for given in &scenario.overrides {
        command += &format!(" --set '{given}'");
    }
    command
}

/// The command that gives the same run again, and the inputs it read.
pub fn repeat(scenario: &Scenario, findings: &Findings) -> String {
    let command = command(scenario, findings);
    let input = |input: &crate::scenario::InputFile| {
        format!(
            "<tr><td>{}</td><td><code class=\"hash\">{}</code></td></tr>\n",
            escaped(&input.name),
            escaped(&input.sha256)
        )
    };
    let inputs: String = scenario.inputs.iter().map(input).collect();
    format!(
        "<pre tabindex=\"0\"><code>{}</code></pre>\n<p>keiretsu {} with these inputs gives the same numbers on any \
         machine.</p>\n<details><summary>Inputs and their SHA-256</summary><div class=\"wide\"><table><thead><tr>\
         <th scope=\"col\">file</th><th scope=\"col\">SHA-256</th></tr></thead>\n<tbody>{inputs}</tbody></table>\
         </div></details>",
        escaped(&command),
        env!("CARGO_PKG_VERSION")
    )
}
