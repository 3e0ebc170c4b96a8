//! Colours that colour-blind readers can tell apart, and which maker gets which.
//!
//! The first colours are those of M. Okabe and K. Ito (2008) without yellow and black, the others from
//! P. Tol's "muted" scheme (2021) and one brown.

/// An sRGB colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Colour {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
}

impl Colour {
    const fn hex(rgb: u32) -> Self {
        Self { red: (rgb >> 16) as u8, green: (rgb >> 8) as u8, blue: rgb as u8 }
    }

    pub const WHITE: Self = Self::hex(0xffffff);
    /// Titles and axes.
    pub const INK: Self = Self::hex(0x1a1a1a);
    /// Subtitles, tick labels, sources.
    pub const QUIET: Self = Self::hex(0x5c5c5c);
    /// Lines that everything else lies on top of.
    pub const GRID: Self = Self::hex(0xe2e2e2);
    /// What adds to a total, and what takes from it.
    pub const GAIN: Self = Self::hex(0x0072b2);
    pub const LOSS: Self = Self::hex(0xd55e00);
    /// A series that is context, not subject.
    pub const CONTEXT: Self = Self::hex(0x8f8f8f);

    /// Darker, if needed, so that small letters in it can be read on white.
    pub fn for_text(self) -> Self {
        let light =
            0.299 * f64::from(self.red) + 0.587 * f64::from(self.green) + 0.114 * f64::from(self.blue);
        let factor = (118.0 / light).min(1.0);
        let darker = |part: u8| (f64::from(part) * factor) as u8;
        Self { red: darker(self.red), green: darker(self.green), blue: darker(self.blue) }
    }
}

/// For the subjects, in this order.
const SUBJECTS: [Colour; 12] = [
    Colour::hex(0x0072b2), // blue
    Colour::hex(0xd55e00), // vermilion
    Colour::hex(0x009e73), // bluish green
    Colour::hex(0xcc79a7), // pink
    Colour::hex(0xe69f00), // orange
    Colour::hex(0x332288), // indigo
    Colour::hex(0x56b4e9), // sky blue
    Colour::hex(0x882255), // wine
    Colour::hex(0x999933), // olive
    Colour::hex(0xaa4499), // purple
    Colour::hex(0x6b4c1e), // brown
    Colour::hex(0xcc6677), // rose
];

/// Which name has which colour: the same in every chart made with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Palette {
    subjects: Vec<String>,
}

impl Palette {
    /// The names that get a colour, in order of first appearance; all others, and those after the
    /// twelfth, are grey.
    pub fn new<S: Into<String>>(subjects: impl IntoIterator<Item = S>) -> Self {
        let mut distinct: Vec<String> = Vec::new();
        for name in subjects {
            let name = name.into();
            if !distinct.contains(&name) {
                distinct.push(name);
            }
        }
        Self { subjects: distinct }
    }

    pub fn colour(&self, name: &str) -> Colour {
        let place = self.subjects.iter().position(|subject| subject == name);
        place.and_then(|place| SUBJECTS.get(place)).copied().unwrap_or(Colour::CONTEXT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_colour() {
        let palette = Palette::new(["Honda", "Nissan", "Honda", "BYD"]);
        assert_eq!(palette.colour("Honda"), SUBJECTS[0]);
        assert_eq!(palette.colour("BYD"), SUBJECTS[2]);
        assert_eq!(palette.colour("Ford"), Colour::CONTEXT);
        let many = Palette::new((0..20).map(|i| i.to_string()));
        assert_eq!(many.colour("12"), Colour::CONTEXT);
        assert!((0..12).all(|i| (0..i).all(|j| SUBJECTS[i] != SUBJECTS[j])));
    }
}
