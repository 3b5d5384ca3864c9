//! `rules.toml`: where the numbers of the rule catalogue are held that no rule of the pack names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use crate::Result;

/// How many numbers the catalogue has.
const COUNT: u16 = 165;

/// The content of `rules.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Catalogue {
    /// What kiln itself holds: the schemas, the loader, `kiln doctor`.
    pub(crate) elsewhere: Vec<Elsewhere>,
    /// What is not held at all.
    #[serde(default)]
    pub(crate) left_out: Vec<LeftOut>,
}

/// Rules that no pack has.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Elsewhere {
    pub(crate) source: Vec<String>,
    pub(crate) codes: Vec<String>,
    pub(crate) severity: String,
    /// What is held, in a few words.
    pub(crate) note: String,
    /// The test that breaks the rule, where no data file can.
    pub(crate) tested_in: Option<String>,
}

/// Rules that do not fit.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeftOut {
    pub(crate) source: Vec<String>,
    pub(crate) reason: String,
}

impl Catalogue {
    /// Where the file lies, below the workspace.
    pub(crate) const PATH: &str = "xtask/rules.toml";

    /// Reads it.
    ///
    /// # Errors
    /// If it cannot be read or has another shape.
    pub(crate) fn read(root: &Path) -> Result<Catalogue> {
        Catalogue::parse(&std::fs::read_to_string(root.join(Catalogue::PATH))?)
    }

    /// Takes its text apart.
    ///
    /// # Errors
    /// If it has another shape.
    pub(crate) fn parse(text: &str) -> Result<Catalogue> {
        toml::from_str(text).map_err(|error| format!("{}: {error}", Catalogue::PATH).into())
    }

    /// What is wrong with the numbers, given those that the rules of the pack name, by rule.
    pub(crate) fn faults(&self, rules: &BTreeMap<String, Vec<String>>) -> Vec<String> {
        let in_rules: BTreeSet<&String> = rules.values().flatten().collect();
        let elsewhere: BTreeSet<&String> = self.elsewhere.iter().flat_map(|it| &it.source).collect();
        let left_out: BTreeSet<&String> = self.left_out.iter().flat_map(|it| &it.source).collect();
        let held: BTreeSet<&String> = in_rules.union(&elsewhere).copied().collect();
        let done: BTreeSet<&String> = held.union(&left_out).copied().collect();
        let all: BTreeSet<String> = numbers().collect();
        let mut faults = Vec::new();
        let mut each = |numbers: Vec<&String>, fault: &str| {
            faults.extend(numbers.into_iter().map(|number| format!("{number} {fault}")));
        };
        each(all.iter().filter(|it| !done.contains(it)).collect(), "stands nowhere");
        each(held.intersection(&left_out).copied().collect(), "is held and left out");
        each(done.iter().copied().filter(|it| !all.contains(*it)).collect(), "is no number");
        faults
    }
}

/// Every number of the catalogue.
pub(crate) fn numbers() -> impl Iterator<Item = String> {
    (1..=COUNT).map(|number| format!("R{number:03}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_stands_somewhere_and_none_is_both_held_and_left_out() {
        let text = "[[elsewhere]]\nsource = ['R001', 'R002']\ncodes = ['a.b']\nseverity = 'error'\nnote = ''\n\
             [[left-out]]\nsource = ['R003', 'R999']\nreason = ''\n";
        let catalogue = Catalogue::parse(text).unwrap();
        let held: Vec<String> =
            numbers().filter(|it| !["R001", "R002", "R004"].contains(&it.as_str())).collect();
        let faults = catalogue.faults(&BTreeMap::from([("check.x".to_owned(), held)]));
        let expected = ["R004 stands nowhere", "R003 is held and left out", "R999 is no number"];
        assert_eq!(faults, expected);
    }
}
