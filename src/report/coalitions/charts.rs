//! Charts: what each coalition is worth to each member; which partners bring most.

use super::super::chart::{Colour, Figure, Interval, Intervals, Panel, ValueFormat};
use super::super::drawing::{drawn, interval};
use super::super::run_folder::File;
use super::super::subject::source_line;
use super::{billions, named};
use crate::scenario::Scenario;
use crate::simulation::summary::Estimate;
use crate::variants::coalitions::{Coalitions, Outsiders};

/// Most rows of a panel.
const ROWS: usize = 12;

/// Both figures, as PNG and SVG.
pub fn charts(scenario: &Scenario, found: &Coalitions) -> Vec<File> {
    let mut files = Vec::from(drawn("coalitions", &coalitions(scenario, found)));
    if !found.partners.is_empty() {
        files.extend(drawn("partners", &partners(scenario, found)));
    }
    files
}

fn row(label: &str, e: &Estimate) -> Interval {
    interval(label, Colour::GAIN, e)
}

fn figure(scenario: &Scenario, found: &Coalitions, title: String, panels: Vec<Panel>) -> Figure {
    let outsiders = match found.outsiders {
        Outsiders::Alone => "members outside stay alone",
        Outsiders::Together => "members outside ally among themselves",
    };
    Figure {
        title,
        subtitle: format!(
            "“{}”, if it goes ahead: present value to {} of the change of operating profit; {outsiders}; the same {} draws",
            scenario.worlds[found.world].name, scenario.last_year, found.replications
        ),
        source_line: source_line(scenario),
        panels,
    }
}

/// A panel per member: its value in every coalition of two and more, inside and outside.
fn coalitions(scenario: &Scenario, found: &Coalitions) -> Figure {
    let panels = found.members.iter().enumerate().map(|(member, name)| {
        let mut rows: Vec<(bool, Interval)> = Vec::new();
        for valued in found.coalitions.iter().filter(|valued| valued.stability.is_some()) {
            let inside = found.inside(valued.coalition).contains(&name.as_str());
            let label =
                if inside { named(found, valued) } else { format!("outside {}", named(found, valued)) };
            rows.push((inside, row(&label, &valued.values[member])));
        }
        // With many members the coalitions that one is in come first.
        rows.sort_by_key(|(inside, _)| !inside);
        Panel::Intervals(Intervals {
            title: name.clone(),
            unit: billions(found),
            format: ValueFormat::Number,
            rows: rows.into_iter().take(ROWS).map(|(_, row)| row).collect(),
            ..Intervals::default()
        })
    });
    let stable = found.whole().stability.as_ref();
    let leave = stable.map_or(Vec::new(), |stable| stable.expected.leave.clone());
    let title = match &leave[..] {
        [] => "On average every member is best off inside".to_owned(),
        leave => {
            let names: Vec<String> = leave.iter().map(|&member| found.members[member].clone()).collect();
            format!("{} would be better off outside", super::super::answer::words::joined(&names))
        }
    };
    figure(scenario, found, title, panels.collect())
}

/// A panel for the alliance and one per member: what the best partners bring.
fn partners(scenario: &Scenario, found: &Coalitions) -> Figure {
    let panels = found.partners.iter().map(|ranking| {
        let title = match ranking.of {
            None => "To all members, if it joins".to_owned(),
            Some(member) => format!("To {}, in an alliance of two", found.members[member]),
        };
        let rows = ranking.partners.iter().take(ROWS).map(|partner| row(&partner.name, &partner.gain));
        let (unit, rows) = (billions(found), rows.collect());
        Panel::Intervals(Intervals { title, unit, format: ValueFormat::Number, rows, ..Intervals::default() })
    });
    let best = found.partners[0].partners.first().map_or("Nobody", |partner| partner.name.as_str());
    figure(scenario, found, format!("{best} would bring the alliance most"), panels.collect())
}
