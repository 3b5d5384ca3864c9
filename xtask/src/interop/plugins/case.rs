//! A project with a plugin, in one TOML file. The tests of the command use this file, too.

use std::path::Path;

use serde::Deserialize;

use super::project::{Outcome, Project};

/// A project with a plugin.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What the plugin imports beside Python's own library.
    #[serde(default)]
    pub(crate) needs: Vec<String>,
    /// Whether makejinja does not come to an end with it.
    #[serde(default)]
    pub(crate) endless: bool,
    /// The project.
    pub(crate) project: Project,
}

/// What is recorded beside a case.
pub(crate) struct Recorded {
    /// What is left behind.
    pub(crate) outcome: Outcome,
    /// What kiln complains of; none if nothing.
    pub(crate) complaint: String,
}

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

impl Case {
    /// Reads all cases of a folder, with their names.
    ///
    /// # Errors
    /// If one cannot be read.
    pub(crate) fn all(folder: &Path) -> Result<Vec<(String, Case)>> {
        let mut cases = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|it| it == "toml") {
                let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                let text = std::fs::read_to_string(&path)?;
                cases.push((name, toml::from_str(&text).map_err(|error| format!("{path:?}: {error}"))?));
            }
        }
        cases.sort_by(|left: &(String, Case), right| left.0.cmp(&right.0));
        Ok(cases)
    }
}

impl Recorded {
    /// What is recorded for a case.
    ///
    /// # Errors
    /// If nothing is.
    pub(crate) fn of(folder: &Path, name: &str) -> Result<Recorded> {
        let outcome = Project::recorded(folder, name)?;
        let path = folder.join(format!("{name}.stderr"));
        let complaint = if outcome.exit == Some(0) { String::new() } else { std::fs::read_to_string(path)? };
        Ok(Recorded { outcome, complaint })
    }
}
