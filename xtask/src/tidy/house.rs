//! `house.toml`: the rules that are data.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::Result;

/// The content of `house.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct House {
    /// What each crate of the workspace may name, by crate.
    pub(super) crates: BTreeMap<String, Room>,
    /// Libraries that several crates may name, with the reason.
    pub(super) shared: BTreeMap<String, String>,
    /// Words kept out of Rust sources.
    pub(super) words: Words,
    /// The crate that may call a function, by the text of the call.
    pub(super) calls: BTreeMap<String, String>,
    /// The form of diagnostic codes.
    pub(super) codes: Codes,
}

/// What one crate may name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Room {
    /// Crates of the workspace.
    #[serde(default)]
    pub(super) may_use: Vec<String>,
    /// Libraries from outside that it alone may name.
    #[serde(default)]
    pub(super) owns: Vec<String>,
    /// A tool is not shipped and may name anything.
    #[serde(default)]
    pub(super) tool: bool,
}

/// Words kept out of Rust sources.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    /// The words, in lower case.
    pub(super) forbidden: Vec<String>,
    /// The crates that may contain them.
    pub(super) allowed_in: Vec<String>,
}

/// The form of diagnostic codes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Codes {
    /// What may stand before the dot.
    pub(super) stages: Vec<String>,
}

impl House {
    /// Reads the file.
    ///
    /// # Errors
    /// If it cannot be read or has another shape.
    pub(super) fn read(path: &Path) -> Result<House> {
        let text = std::fs::read_to_string(path)?;
        toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()).into())
    }
}
