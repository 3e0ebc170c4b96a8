//! How a sheet of the workbook looks: fonts, number formats, frozen panes, print area.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Url, Worksheet};

/// Most characters that a cell holds.
const MOST_LETTERS: usize = 32_000;
/// Letters of the text font in a line of one unit of column width.
const LETTERS_OF_A_UNIT: f64 = 1.12;
const LINE_HEIGHT: f64 = 15.0;
const INK: Color = Color::RGB(0x1a1a1a);
const HEADER: Color = Color::RGB(0x1f3a5f);
const QUIET: Color = Color::RGB(0x5c5c5c);

/// A sheet that is filled from top to bottom.
pub struct Sheet {
    pub sheet: Worksheet,
    /// The next free row.
    pub row: u32,
    widths: Vec<f64>,
}

impl Sheet {
    /// An empty sheet with the widths of its columns (in letters) and a title.
    pub fn new(name: &str, title: &str, widths: &[f64]) -> Sheet {
        let mut sheet = Worksheet::new();
        sheet.set_name(name).expect("names of sheets are short and plain");
        sheet.set_screen_gridlines(false).set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
        sheet.set_footer("&L&8&A&R&8Page &P of &N");
        for (column, width) in (0u16..).zip(widths) {
            sheet.set_column_width(column, *width).expect("a column of the sheet");
        }
        let mut sheet = Sheet { sheet, row: 0, widths: widths.to_vec() };
        sheet.text(0, title, &Format::new().set_bold().set_font_size(15).set_font_color(HEADER));
        sheet.row = 1;
        sheet
    }

    /// Text in a cell of the current row; nothing stays empty.
    pub fn text(&mut self, column: u16, text: &str, format: &Format) {
        let short: String = text.chars().take(MOST_LETTERS).collect();
        self.sheet
            .write_string_with_format(self.row, column, short, format)
            .expect("a short text in the sheet");
    }

    /// A figure in a cell of the current row; what is not a number stays empty.
    pub fn figure(&mut self, column: u16, figure: f64, format: &Format) {
        if figure.is_finite() {
            // Adding zero turns −0 into 0, as in the CSV files.
            let written = self.sheet.write_number_with_format(self.row, column, figure + 0.0, format);
            written.expect("a cell of the sheet");
        }
    }

    /// A paragraph over the width of the sheet, in as many lines as it takes.
    pub fn paragraph(&mut self, text: &str, format: &Format) {
        let width: f64 = self.widths.iter().sum();
        let last = self.widths.len() as u16 - 1;
        let short: String = text.chars().take(MOST_LETTERS).collect();
        let format = format.clone().set_text_wrap().set_align(FormatAlign::Top);
        self.sheet.merge_range(self.row, 0, self.row, last, &short, &format).expect("rows are merged once");
        self.height(&[(text, width)]);
        self.row += 1;
    }

    /// Makes the current row as high as the longest of its texts is, each in its width.
    pub fn height(&mut self, texts: &[(&str, f64)]) {
        let lines_of = |(text, width): &(&str, f64)| {
            (text.chars().count() as f64 / (width * LETTERS_OF_A_UNIT)).ceil().max(1.0)
        };
        let lines = texts.iter().map(lines_of).fold(1.0, f64::max);
        self.sheet.set_row_height(self.row, lines.min(26.0) * LINE_HEIGHT + 1.0).expect("a row of the sheet");
    }

    /// Text of a row that wraps in its columns.
    pub fn wrapped_row(&mut self, texts: &[&str], format: &Format) {
        let format = format.clone().set_text_wrap().set_align(FormatAlign::Top);
        for (column, text) in (0u16..).zip(texts) {
            self.text(column, text, &format);
        }
        let widths = self.widths.clone();
        self.height(&texts.iter().copied().zip(widths).collect::<Vec<_>>());
        self.row += 1;
    }

    /// A heading with room above it.
    pub fn heading(&mut self, text: &str) {
        self.row += 1;
        self.text(0, text, &Format::new().set_bold().set_font_size(12).set_font_color(HEADER));
        self.row += 1;
    }

    /// The names of a table's columns; those from `first_number` on stand over numbers.
    pub fn header(&mut self, titles: &[String], first_number: usize) {
        for (column, title) in titles.iter().enumerate() {
            let align = if column < first_number { FormatAlign::Left } else { FormatAlign::Right };
            let format = Format::new().set_bold().set_font_color(Color::White).set_background_color(HEADER);
            self.text(column as u16, title, &format.set_align(align).set_text_wrap());
        }
        self.row += 1;
    }

    /// A link to another sheet.
    pub fn link(&mut self, column: u16, name: &str) {
        let url = Url::new(format!("internal:'{name}'!A1")).set_text(name);
        self.sheet.write_url(self.row, column, url).expect("a short link");
    }

    /// The columns and rows above and left of a cell stay in view, and the rows are printed on every page.
    pub fn freeze(&mut self, row: u32, column: u16) {
        self.sheet.set_freeze_panes(row, column).expect("a cell of the sheet");
        if row > 0 {
            self.sheet.set_repeat_rows(row - 1, row - 1).expect("a row of the sheet");
        }
    }

    /// Filters in the header of the table that ends above the current row.
    pub fn filter(&mut self, header: u32) {
        if self.row > header + 1 {
            let last = self.widths.len() as u16 - 1;
            self.sheet.autofilter(header, 0, self.row - 1, last).expect("one filter in the sheet");
        }
    }

    /// What is there is printed: as many rows as are filled, or more where charts stand.
    pub fn finished(mut self, rows: u32) -> Worksheet {
        let (last_row, last_column) = (self.row.max(rows).max(1) - 1, self.widths.len() as u16 - 1);
        self.sheet.set_print_area(0, 0, last_row, last_column).expect("an area of the sheet");
        self.sheet
    }
}

/// Plain text.
pub fn plain() -> Format {
    Format::new().set_font_color(INK)
}

/// Text that explains.
pub fn quiet() -> Format {
    Format::new().set_font_color(QUIET).set_italic()
}

/// A row of a table: a hair line below.
pub fn ruled(format: Format) -> Format {
    format.set_border_bottom(FormatBorder::Hair).set_border_bottom_color(Color::RGB(0xc8c8c8))
}

/// How figures of a unit are shown: levels, or changes with their sign.
pub fn figures(unit: &str, change: bool) -> Format {
    // What rounds to zero has no sign.
    let (level, signed) = match unit {
        "fraction" => ("0.00%", "[>=0.000005]+0.000%;[<=-0.000005]-0.000%;0.000%"),
        "index" => ("0.000", "[>=0.00005]+0.0000;[<=-0.00005]-0.0000;0.0000"),
        _ if unit.ends_with(" bn") => ("#,##0.00", "[>=0.0005]+#,##0.000;[<=-0.0005]-#,##0.000;0.000"),
        _ => ("#,##0", "[>=0.05]+#,##0.0;[<=-0.05]-#,##0.0;0.0"),
    };
    ruled(plain()).set_num_format(if change { signed } else { level })
}

/// Whole numbers without separators: years.
pub fn year() -> Format {
    ruled(plain()).set_num_format("0")
}

/// Parts of draws.
pub fn chance() -> Format {
    ruled(plain()).set_num_format("0.0%")
}

/// Numbers of draws.
pub fn count() -> Format {
    ruled(plain()).set_num_format("#,##0")
}
