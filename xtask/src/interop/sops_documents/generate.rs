//! Documents of every format, from a seed.

mod flat;
mod json;
mod scalar;
mod yaml;

use fastrand::Rng;

/// Where a document has comments; what is neither YAML nor INI takes no notice.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Comments {
    /// Nowhere.
    None,
    /// Above the keys of mappings and behind their values.
    InMaps,
    /// Wherever they may stand.
    Anywhere,
}

/// The text of a document of this format.
pub(super) fn document(format: &str, comments: Comments, rng: &mut Rng) -> Vec<u8> {
    match format {
        "yaml" => yaml::stream(comments, rng).into_bytes(),
        "json" => json::document(rng).into_bytes(),
        "dotenv" => flat::dotenv(rng),
        "ini" => flat::ini(comments, rng).into_bytes(),
        _ => flat::binary(rng),
    }
}

/// One of these.
fn one_of<T: Copy>(rng: &mut Rng, choices: &[T]) -> T {
    choices[rng.usize(..choices.len())]
}

/// Whether something happens that happens so many times in a hundred.
fn sometimes(rng: &mut Rng, percent: u32) -> bool {
    rng.u32(..100) < percent
}
