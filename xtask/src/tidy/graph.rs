//! Which crate names which, compared with `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cargo_metadata::{DependencyKind, MetadataCommand};

use super::Finding;
use super::house::House;
use crate::Result;

/// The dependencies of each crate of the workspace that get into a build.
struct Graph {
    /// The manifest of a crate, relative to the workspace.
    manifests: BTreeMap<String, String>,
    /// The packages it names.
    names: BTreeMap<String, BTreeSet<String>>,
}

/// The breaches of `may_use` and `owns`, and the entries of `house.toml` that say nothing.
///
/// # Errors
/// If cargo cannot tell the dependencies.
pub(super) fn breaches(root: &Path, house: &House) -> Result<Vec<Finding>> {
    Ok(compare(&read(root)?, house))
}

fn read(root: &Path) -> Result<Graph> {
    let metadata = MetadataCommand::new().manifest_path(root.join("Cargo.toml")).no_deps().exec()?;
    let mut graph = Graph { manifests: BTreeMap::new(), names: BTreeMap::new() };
    for package in metadata.workspace_packages() {
        let name = package.name.to_string();
        let manifest = package.manifest_path.strip_prefix(&metadata.workspace_root)?;
        let built = package.dependencies.iter().filter(|it| it.kind != DependencyKind::Development);
        graph.manifests.insert(name.clone(), manifest.to_string());
        graph.names.insert(name, built.map(|it| it.name.clone()).collect());
    }
    Ok(graph)
}

fn compare(graph: &Graph, house: &House) -> Vec<Finding> {
    let mut findings = strangers(graph, house);
    for (name, used) in &graph.names {
        let Some(room) = house.crates.get(name) else { continue };
        if room.tool {
            continue;
        }
        let manifest = &graph.manifests[name];
        for other in used {
            let is_ours = graph.names.contains_key(other);
            if is_ours && !room.may_use.contains(other) {
                findings.push(Finding::new(manifest, 1, format!("{name} may not use {other}")));
            }
            if !is_ours && !room.owns.contains(other) && !house.shared.contains_key(other) {
                let text = format!("{name} names {other}, which it does not own");
                findings.push(Finding::new(manifest, 1, text));
            }
        }
        for owned in room.owns.iter().filter(|it| !used.contains(*it)) {
            let text = format!("{name} owns {owned} but does not name it");
            findings.push(Finding::new("xtask/house.toml", 1, text));
        }
    }
    findings.extend(claims(house));
    findings
}

/// Crates that only one of the two sides knows.
fn strangers(graph: &Graph, house: &House) -> Vec<Finding> {
    let known: BTreeSet<&String> = house.crates.keys().collect();
    let there: BTreeSet<&String> = graph.names.keys().collect();
    known
        .symmetric_difference(&there)
        .map(|name| format!("{name} is in only one of house.toml and the workspace"))
        .map(|text| Finding::new("xtask/house.toml", 1, text))
        .collect()
}

/// Libraries that have more than one owner, or one although they are shared.
fn claims(house: &House) -> Vec<Finding> {
    let mut owner: BTreeMap<&String, &String> = BTreeMap::new();
    let mut findings = Vec::new();
    for (name, library) in
        house.crates.iter().flat_map(|(name, room)| room.owns.iter().map(move |library| (name, library)))
    {
        let other = owner.insert(library, name).map(String::as_str);
        let other = other.or(house.shared.contains_key(library).then_some("everyone"));
        if let Some(other) = other {
            let text = format!("{library} belongs to {name} and to {other}");
            findings.push(Finding::new("xtask/house.toml", 1, text));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUSE: &str = r#"
        calls = {}
        words = { forbidden = [], allowed_in = [] }
        codes = { stages = [] }
        [shared]
        log = "said everywhere"
        [crates.noun]
        [crates.stage]
        may_use = ["noun"]
        owns = ["engine"]
        [crates.other]
        may_use = ["noun"]
        [crates.tools]
        tool = true
    "#;

    fn check(edges: &[(&str, &[&str])], expected: &[&str]) {
        let mut names: BTreeMap<String, BTreeSet<String>> =
            ["noun", "stage", "other", "tools"].map(|it| (it.to_owned(), BTreeSet::new())).into();
        names.insert("stage".to_owned(), ["engine".to_owned()].into());
        for (name, used) in edges {
            names.entry((*name).to_owned()).or_default().extend(used.iter().map(ToString::to_string));
        }
        let manifests = names.keys().map(|name| (name.clone(), format!("{name}/Cargo.toml"))).collect();
        let house = toml::from_str(HOUSE).unwrap();
        let found = compare(&Graph { manifests, names }, &house);
        let texts: Vec<String> = found.into_iter().map(|it| it.text).collect();
        assert_eq!(texts, expected);
    }

    #[test]
    fn a_stage_uses_nouns_and_its_own_library() {
        check(&[("stage", &["noun", "engine", "log"]), ("tools", &["stage", "engine"])], &[]);
    }

    #[test]
    fn a_stage_does_not_use_a_stage() {
        check(&[("other", &["stage"])], &["other may not use stage"]);
    }

    #[test]
    fn a_library_is_named_by_its_owner_alone() {
        check(&[("other", &["engine"])], &["other names engine, which it does not own"]);
    }

    #[test]
    fn a_new_crate_needs_an_entry() {
        check(&[("new", &[])], &["new is in only one of house.toml and the workspace"]);
    }

    #[test]
    fn a_library_has_one_owner() {
        let text = HOUSE.replace("[crates.noun]", "[crates.noun]\nowns = [\"engine\", \"log\"]");
        let texts: Vec<String> =
            claims(&toml::from_str(&text).unwrap()).into_iter().map(|it| it.text).collect();
        let expected = ["log belongs to noun and to everyone", "engine belongs to stage and to noun"];
        assert_eq!(texts, expected);
    }
}
