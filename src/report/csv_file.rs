//! How CSV files and the numbers in them are written.

/// The shortest form of a number that reads back exactly.
pub fn shortest(value: f64) -> String {
    // Adding zero turns −0 into 0.
    let plain = (value + 0.0).to_string();
    let scientific = format!("{:e}", value + 0.0);
    if scientific.len() < plain.len() { scientific } else { plain }
}

/// 10 to the power of `exponent`, the nearest number there is.
pub fn power_of_ten(exponent: i32) -> f64 {
    format!("1e{exponent}").parse().unwrap_or(f64::NAN)
}

/// The power of ten at or below a number's size: 3 for 1,234; 0 for nothing.
pub fn order_of_magnitude(size: f64) -> i32 {
    format!("{size:e}").split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0)
}

/// A CSV file in the making.
pub struct CsvFile(csv::Writer<Vec<u8>>);

impl CsvFile {
    /// A file with the names of its columns, parted by commas.
    pub fn new(header: &str) -> CsvFile {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(header.split(',').map(str::trim)).expect("memory does not fail");
        CsvFile(writer)
    }

    /// One more row: its keys, then its figures.
    pub fn row(&mut self, keys: Vec<String>, figures: Vec<String>) {
        self.0.write_record(keys.iter().chain(&figures)).expect("rows are as wide as the header");
    }

    /// The whole file.
    pub fn bytes(self) -> Vec<u8> {
        self.0.into_inner().expect("memory does not fail")
    }
}
