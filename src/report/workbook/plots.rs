//! The charts of the workbook, which spreadsheets draw from its cells.

use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartLineDashType,
    ChartSolidFill, Color,
};

/// Letters of a chart's description; more are refused.
const MOST_LETTERS: usize = 120;
const WIDTH: u32 = 520;
const HEIGHT: u32 = 300;
/// Rows of the sheet that a chart of lines covers, and one of bars.
pub const ROWS: u32 = 16;
pub const BARS_ROWS: u32 = 22;
const BARS_HEIGHT: u32 = 420;

const CONTEXT: Color = Color::RGB(0x6b6b6b);
/// Of M. Okabe and K. Ito (2008), as in the program's other charts.
const SUBJECTS: [Color; 5] = [
    Color::RGB(0x0072b2),
    Color::RGB(0xd55e00),
    Color::RGB(0x009e73),
    Color::RGB(0xcc79a7),
    Color::RGB(0xe69f00),
];

/// A line of a chart.
pub struct Line {
    pub name: String,
    /// The sheet's row of its values.
    pub row: u32,
    /// Its world among those compared; the reference has none.
    pub world: Option<usize>,
    /// Only a border of a band.
    pub border: bool,
}

/// Cells that a chart reads: a sheet, the row of its header, and its first and last column.
pub struct Range<'a> {
    pub sheet: &'a str,
    pub header: u32,
    pub columns: (u16, u16),
}

/// Lines over years; nothing without lines.
pub fn lines(title: &str, axis: &str, format: &str, range: &Range, lines: &[Line]) -> Option<Chart> {
    if lines.is_empty() {
        return None;
    }
    let mut chart = Chart::new_line();
    let (first, last) = range.columns;
    for line in lines {
        let mut stroke = ChartLine::new();
        stroke.set_color(line.world.map_or(CONTEXT, |world| SUBJECTS[world % SUBJECTS.len()]));
        stroke.set_width(if line.border { 0.75 } else { 2.25 });
        if line.border {
            stroke.set_dash_type(ChartLineDashType::Dash);
        }
        let series = chart.add_series();
        // What a border is stands at the axis.
        series.set_name(line.name.as_str()).delete_from_legend(line.border);
        series.set_categories((range.sheet, range.header, first, range.header, last));
        series.set_values((range.sheet, line.row, first, line.row, last));
        series.set_format(ChartFormat::new().set_line(&stroke));
    }
    framed(&mut chart, title);
    chart.x_axis().set_label_position(ChartAxisLabelPosition::Low).set_major_gridlines(false);
    chart.y_axis().set_name(axis).set_num_format(format);
    Some(chart)
}

/// One bar for each row of a table: names in its first column, values in another.
pub fn bars(title: &str, format: &str, sheet: &str, rows: (u32, u32), columns: &[(String, u16)]) -> Chart {
    let mut chart = Chart::new_bar();
    for (world, (name, column)) in columns.iter().enumerate() {
        let mut fill = ChartSolidFill::new();
        fill.set_color(SUBJECTS[world % SUBJECTS.len()]);
        let series = chart.add_series();
        series.set_name(name.as_str());
        series.set_categories((sheet, rows.0, 0, rows.1, 0));
        series.set_values((sheet, rows.0, *column, rows.1, *column));
        series.set_format(ChartFormat::new().set_solid_fill(&fill)).set_gap(40);
    }
    framed(&mut chart, title);
    // A bar chart lies on its side: its upright axis has the names, from top to bottom as in the table.
    let mut font = ChartFont::new();
    font.set_size(8);
    chart.y_axis().set_reverse().set_label_position(ChartAxisLabelPosition::Low);
    chart.y_axis().set_label_interval(1).set_font(&font).set_major_gridlines(false);
    chart.x_axis().set_num_format(format).set_major_gridlines(true);
    chart.set_height(BARS_HEIGHT);
    chart
}

fn framed(chart: &mut Chart, title: &str) {
    let title: String = title.chars().take(MOST_LETTERS).collect();
    chart.set_width(WIDTH).set_height(HEIGHT).set_alt_text(&title);
    let mut font = ChartFont::new();
    font.set_size(11).set_bold();
    chart.title().set_name(&title).set_font(&font);
    chart.legend().set_position(ChartLegendPosition::Bottom);
    let mut grid = ChartLine::new();
    grid.set_color(Color::RGB(0xe2e2e2)).set_width(0.75);
    for axis in [Chart::x_axis, Chart::y_axis] {
        axis(chart).set_major_gridlines_line(&grid);
    }
}
