//! The numbers of the rule catalogue.

use std::collections::BTreeMap;

use serde_yaml::Value;

use super::Finding;
use super::house::House;
use super::sources::Repository;
use crate::catalogue::Catalogue;

/// Every number is held by a rule, by kiln itself, or is left out with a reason; what is said to
/// hold it exists.
pub(super) fn numbers(repository: &Repository, _: &House) -> Vec<Finding> {
    let text = repository.files.iter().find(|file| file.path == Catalogue::PATH);
    let catalogue = match Catalogue::parse(text.map_or("", |file| &file.text)) {
        Ok(catalogue) => catalogue,
        Err(error) => return vec![Finding::new(Catalogue::PATH, 1, error.to_string())],
    };
    let mut faults = catalogue.faults(&sources(repository));
    for entry in &catalogue.elsewhere {
        let unknown = entry.codes.iter().filter(|code| !is_said(repository, code));
        faults.extend(unknown.map(|code| format!("no source says the code `{code}`")));
        let lost = entry.tested_in.iter().filter(|path| !repository.paths.contains(path));
        faults.extend(lost.map(|path| format!("there is no `{path}`")));
    }
    faults.into_iter().map(|fault| Finding::new(Catalogue::PATH, 1, fault)).collect()
}

/// The numbers that each rule of a pack names, by its code.
fn sources(repository: &Repository) -> BTreeMap<String, Vec<String>> {
    let is_checks = |path: &str| path.starts_with("templates/") && path.contains("/checks/");
    let mut sources = BTreeMap::new();
    for file in repository.files.iter().filter(|file| is_checks(&file.path)) {
        let rules: BTreeMap<String, Value> = serde_yaml::from_str(&file.text).unwrap_or_default();
        for (id, rule) in rules {
            let numbers = rule.get("source").and_then(Value::as_sequence).into_iter().flatten();
            let numbers = numbers.filter_map(Value::as_str).map(str::to_owned).collect();
            sources.insert(format!("check.{id}"), numbers);
        }
    }
    sources
}

fn is_said(repository: &Repository, code: &str) -> bool {
    let quoted = format!("\"{code}\"");
    repository.rust().any(|file| file.shipped_lines().iter().any(|(_, line)| line.contains(&quoted)))
}
