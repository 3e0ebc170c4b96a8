//! The parts of the page that are words: they can be read without the script.

use crate::analysis::Findings;
use crate::report::answer::Answer;
use crate::scenario::Scenario;

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
    let paragraph = |sentence: &String| format!("<p>{}</p>\n", escaped(sentence));
    answer.sentences().iter().map(paragraph).collect()
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
