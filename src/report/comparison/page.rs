//! The comparison as a page of its own: words and tables, no script, nothing from the network.

use super::{Grid, MARK, ROWS_ON_PAGE, Section, left_out};
use crate::report::page::{STYLE, escaped, hash};

pub fn page(title: &str, sections: &[Section]) -> String {
    let body: String = sections.iter().map(section).collect();
    format!(
        "<!doctype html>\n<!-- {MARK} -->\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; base-uri 'none'; \
         form-action 'none'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"keiretsu {}\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header class=\"top\">\n\
         <p class=\"kicker\">keiretsu · what changed</p>\n<h1>{}</h1>\n</header>\n<main>\n{body}</main>\n</body>\n</html>\n",
        hash(STYLE),
        env!("CARGO_PKG_VERSION"),
        escaped(title),
        escaped(title),
    )
}

fn section(section: &Section) -> String {
    let heading = match section.title.is_empty() {
        true => String::new(),
        false => format!("<h2>{}</h2>\n", escaped(&section.title)),
    };
    let paragraph = |text: &String| format!("<p>{}</p>\n", escaped(text));
    let sentences: String = section.sentences.iter().map(paragraph).collect();
    let table = section.table.as_ref().map_or(String::new(), |grid| table(grid, &section.title));
    format!("<section>\n{heading}{sentences}{table}</section>\n")
}

fn table(grid: &Grid, label: &str) -> String {
    let class = |column: usize| if grid.figures.contains(&column) { " class=\"n\"" } else { "" };
    let head: String = (grid.header.iter().enumerate())
        .map(|(column, title)| format!("<th scope=\"col\"{}>{}</th>", class(column), escaped(title)))
        .collect();
    let row = |cells: &Vec<String>| {
        let cell = |(column, text): (usize, &String)| format!("<td{}>{}</td>", class(column), escaped(text));
        format!("<tr>{}</tr>\n", cells.iter().enumerate().map(cell).collect::<String>())
    };
    let rows: String = grid.rows.iter().take(ROWS_ON_PAGE).map(row).collect();
    let more = left_out(grid, ROWS_ON_PAGE);
    let more =
        more.map_or(String::new(), |more| format!("<p class=\"note\">{more}; --format json has all.</p>\n"));
    format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr>{head}</tr></thead>\n\
         <tbody>{rows}</tbody></table></div>\n{more}",
        escaped(label)
    )
}
