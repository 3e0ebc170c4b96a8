//! `report.html`: the whole run as one page that works from disk, without network and without libraries.
//!
//! The words are in the page itself; the numbers are packed and read by a small script that draws. What
//! stands in the page is the text of `page.html` with its places filled; `page.css` and the scripts are
//! allowed by their hashes, everything else is forbidden.

mod assumptions;
mod caveats;
mod content;
mod html;
mod numbers;
mod why;

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use sha2::{Digest, Sha256};

use super::Past;
use super::answer::Answer;
use super::figures::Asked;
use crate::analysis::Findings;
use crate::scenario::Scenario;
use crate::simulation::RegionFit;

pub use assumptions::{Assumption, assumptions, tally};
pub use caveats::caveats;
pub use content::patch;
pub use html::{command, escaped};

const TEMPLATE: &str = include_str!("page.html");
pub(super) const STYLE: &str = include_str!("page.css");
/// One script: what it is made of shares one scope.
const SCRIPTS: [&str; 6] = [
    include_str!("data.js"),
    include_str!("draw.js"),
    include_str!("bars.js"),
    include_str!("why.js"),
    include_str!("sections.js"),
    include_str!("page.js"),
];

/// The page of a run.
pub fn page(
    scenario: &Scenario,
    findings: &Findings,
    fits: &[RegionFit],
    past: &Past,
    asked: Asked,
) -> Vec<u8> {
    let answer = Answer::of(scenario, findings, past);
    let script = format!("\"use strict\";\n{}", SCRIPTS.concat());
    let places = [
        ("script-hash", hash(&script)),
        ("style-hash", hash(STYLE)),
        ("title", html::escaped(&scenario.title)),
        ("question", html::escaped(&scenario.question)),
        ("answer", html::answer(&answer)),
        ("table", html::answer_table(&answer)),
        ("foundations", html::foundations(scenario, &answer)),
        ("worlds", html::worlds(scenario)),
        ("caveats", html::list(&caveats(scenario, findings))),
        ("repeat", html::repeat(scenario, findings)),
        ("source", html::escaped(&scenario.source)),
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("style", STYLE.to_owned()),
        ("record", html::record(scenario, &past.record)),
        ("data", packed(scenario, findings, fits, past, asked)),
        ("script", script),
    ];
    filled(TEMPLATE, &places).into_bytes()
}

/// A template with `{{name}}` replaced, each place once; what is filled in is not looked at again.
fn filled(template: &str, places: &[(&str, String)]) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, behind) = after.split_once("}}").expect("a place has an end");
        let place = places.iter().find(|(known, _)| *known == name);
        text += before;
        text += &place.unwrap_or_else(|| panic!("nothing to fill `{name}` with")).1;
        rest = behind;
    }
    text + rest
}

/// As a Content-Security-Policy names a text.
pub(super) fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

/// Content and numbers: the length of the content, the content as JSON, the numbers; deflated, in base64.
fn packed(scenario: &Scenario, findings: &Findings, fits: &[RegionFit], past: &Past, asked: Asked) -> String {
    let numbers = numbers::numbers(findings);
    let mut content = content::content(scenario, findings, fits, past);
    content["numbers"] = numbers.header;
    content["attribution"] = why::attribution(asked.attribution);
    content["sensitivity"] = why::sensitivity(scenario, findings, asked.sensitivity);
    let content = content.to_string();
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(7));
    let length = (content.len() as u32).to_le_bytes();
    for part in [&length[..], content.as_bytes(), &numbers.bytes] {
        encoder.write_all(part).expect("memory does not fail");
    }
    STANDARD.encode(encoder.finish().expect("memory does not fail"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_not_filled_again() {
        let places = [("a", "{{b}}".to_owned()), ("b", "x".to_owned())];
        assert_eq!(filled("1 {{a}} 2 {{b}} 3", &places), "1 {{b}} 2 x 3");
    }

    /// The example of the Content-Security-Policy specification (W3C, level 3, section 8.1).
    #[test]
    fn hashes_are_those_of_browsers() {
        assert_eq!(hash("alert('Hello, world.');"), "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=");
    }
}
