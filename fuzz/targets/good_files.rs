//! A scenario that uses every part of the format, with its tables: `tests/good-scenario`.

macro_rules! file {
    ($name:literal) => {
        ($name.to_owned(), include_bytes!(concat!("../../tests/good-scenario/", $name)).to_vec())
    };
}

pub fn good_files() -> crate::attempt::Files {
    vec![
        file!("test.toml"),
        file!("offers.csv"),
        file!("history.csv"),
        file!("makers.csv"),
        file!("policies.csv"),
        file!("origins.csv"),
    ]
}
