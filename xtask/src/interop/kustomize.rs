//! kustomize builds every kustomization of the output trees.

use std::path::Path;

use super::example::{documents, read_tree};
use super::install::Cache;
use super::{Bench, Tally};
use crate::Result;
use crate::command::Run;

/// Asks kustomize to build every folder that holds a kustomization.
pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    for example in bench.examples {
        let tree = example.decrypted(bench.cache)?;
        for folder in folders(tree)? {
            let claim = format!("{}: kustomize builds {folder}", example.name());
            tally.claim(&claim, build(bench.cache, tree, &folder).map(drop));
        }
    }
    Ok(())
}

/// What kustomize makes of one folder of a decrypted tree.
///
/// # Errors
/// If it makes nothing of it.
pub(super) fn build(cache: &Cache, tree: &Path, folder: &str) -> Result<Vec<u8>> {
    let built = Run::new(cache.program("kustomize")).dir(tree).args(["build", folder]).stdout()?;
    if documents(&built)?.is_empty() { Err("nothing comes out".into()) } else { Ok(built) }
}

/// The folders of a tree that hold a kustomization. A component is none: it is built as a
/// part of those that name it.
///
/// # Errors
/// If a file cannot be read, or there is no kustomization at all.
pub(super) fn folders(tree: &Path) -> Result<Vec<String>> {
    let mut folders = Vec::new();
    for (path, content) in read_tree(tree)? {
        let Some(folder) = path.strip_suffix("/kustomization.yaml") else { continue };
        let is_component = documents(&content)?
            .iter()
            .any(|it| it.get("kind").and_then(|it| it.as_str()) == Some("Component"));
        if !is_component {
            folders.push(folder.to_owned());
        }
    }
    if folders.is_empty() { Err("there is no kustomization".into()) } else { Ok(folders) }
}
