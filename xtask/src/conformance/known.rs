//! The differences from Jinja2 that stay.

use std::path::Path;

use serde::Deserialize;

use crate::Result;

/// The list of known differences.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Known {
    #[serde(rename = "difference")]
    pub(crate) differences: Vec<Difference>,
}

/// One difference, and the cases that show it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Difference {
    /// What it is about.
    pub(crate) title: String,
    /// Why it stays.
    pub(crate) reason: String,
    /// Names of cases; one may end with `*`.
    pub(crate) cases: Vec<String>,
}

impl Known {
    /// Reads the list.
    ///
    /// # Errors
    /// If the file cannot be read or has another form.
    pub(crate) fn read(root: &Path) -> Result<Known> {
        let path = root.join(super::CORPUS).join("known.toml");
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()).into())
    }

    /// Whether a case is listed.
    pub(crate) fn lists(&self, id: &str) -> bool {
        self.names().any(|name| covers(name, id))
    }

    /// The names that no case of `failed` has.
    #[cfg(test)]
    pub(crate) fn stale<'a>(&'a self, failed: &[&str]) -> Vec<&'a str> {
        self.names().filter(|name| !failed.iter().any(|id| covers(name, id))).collect()
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.differences.iter().flat_map(|it| it.cases.iter().map(String::as_str))
    }
}

/// Whether a name of the list means a case.
pub(crate) fn covers(name: &str, id: &str) -> bool {
    name.strip_suffix('*').map_or(name == id, |start| id.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_exact_or_a_beginning() {
        let text = "[[difference]]\ntitle='t'\nreason='r'\ncases=['a-1', 'b-*']\n";
        let known: Known = toml::from_str(text).unwrap();
        assert!(known.lists("a-1") && known.lists("b-22"));
        assert!(!known.lists("a-11") && !known.lists("c-1"));
        assert_eq!(known.stale(&["b-22"]), ["a-1"]);
    }
}
