//! `png`: an SVG drawing as pixels, two for each unit of length, with the fonts that come with the program.

use super::canvas::{FAMILY, REGULAR, SEMIBOLD};
use resvg::{tiny_skia, usvg};

/// Pixels per logical pixel, for sharp print and screens.
const SCALE: f32 = 2.0;

/// The bytes of a PNG file that shows `svg`, on white.
///
/// # Panics
/// If `svg` is not well-formed SVG; what [`svg`](super::svg) returns always is.
pub fn png(svg: &str) -> Vec<u8> {
    let mut options = usvg::Options { font_family: FAMILY.to_owned(), ..usvg::Options::default() };
    let fonts = options.fontdb_mut();
    fonts.load_font_data(REGULAR.to_vec());
    fonts.load_font_data(SEMIBOLD.to_vec());
    let tree = usvg::Tree::from_str(svg, &options).expect("well-formed SVG");
    let size = tree.size().to_int_size();
    let (width, height) = (size.width() * SCALE as u32, size.height() * SCALE as u32);
    let mut pixels = tiny_skia::Pixmap::new(width, height).expect("a drawing has a size");
    pixels.fill(tiny_skia::Color::WHITE);
    resvg::render(&tree, tiny_skia::Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    pixels.encode_png().expect("pixels in memory can be encoded")
}
