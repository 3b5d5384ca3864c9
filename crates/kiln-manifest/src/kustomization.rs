//! What a `kustomization.yaml` refers to.
//!
//! The fields are those of the Kustomization API `kustomize.config.k8s.io` (v1beta1, and
//! v1alpha1 for components).

use std::collections::BTreeMap;

use kiln_model::Node;

use crate::outputs::{Document, Outputs, items};

/// The names under which kustomize looks for the file.
const FILE_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// One `kustomization.yaml`.
pub(crate) struct Kustomization<'a> {
    pub(crate) document: &'a Document<'a>,
    pub(crate) folder: &'a str,
    /// The namespace it gives to everything it includes.
    pub(crate) namespace: Option<&'a str>,
    /// Objects and other kustomizations it includes.
    pub(crate) includes: Vec<Reference<'a>>,
    /// Patches, generator inputs and the like.
    pub(crate) files: Vec<Reference<'a>>,
}

/// A path in a kustomization.
pub(crate) struct Reference<'a> {
    /// The field it stands in.
    pub(crate) field: &'static str,
    pub(crate) node: &'a Node,
    pub(crate) text: &'a str,
    /// The path under the output root; `None` if it leads out.
    pub(crate) target: Option<String>,
}

/// All kustomizations by folder.
pub(crate) type Kustomizations<'a> = BTreeMap<&'a str, Kustomization<'a>>;

/// Reads the kustomizations among the outputs.
pub(crate) fn read_all<'a>(outputs: &'a Outputs<'a>) -> Kustomizations<'a> {
    let of_folder = |document: &'a Document<'a>| {
        let (folder, name) = split(document.output.path());
        FILE_NAMES.contains(&name).then(|| (folder, read(document, folder)))
    };
    outputs.documents().iter().filter_map(of_folder).collect()
}

/// Whether an output is a kustomization file.
pub(crate) fn is_kustomization(path: &str) -> bool {
    FILE_NAMES.contains(&split(path).1)
}

/// Folder and name of a path; the folder of a path without one is empty.
pub(crate) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// Follows `text` from `folder`; `None` if that leads out of the root.
pub(crate) fn resolve(folder: &str, text: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn read<'a>(document: &'a Document<'a>, folder: &'a str) -> Kustomization<'a> {
    let mut reader = Reader { document, folder, found: Vec::new() };
    for field in ["resources", "bases", "components"] {
        reader.list(field, document.find(&[field]));
    }
    let includes = std::mem::take(&mut reader.found);
    for field in ["patchesStrategicMerge", "configurations", "crds", "generators", "transformers"] {
        reader.list(field, document.find(&[field]));
    }
    for field in ["patches", "patchesJson6902", "replacements"] {
        reader.each(field, "path");
    }
    for field in ["configMapGenerator", "secretGenerator"] {
        for item in items(document.find(&[field])) {
            reader.list(field, item.get("files"));
            reader.list(field, item.get("envs"));
            reader.one(field, item.get("env"));
        }
    }
    for item in items(document.find(&["helmCharts"])) {
        reader.one("helmCharts", item.get("valuesFile"));
        reader.list("helmCharts", item.get("additionalValuesFiles"));
    }
    let files = reader.found;
    Kustomization { document, folder, namespace: document.text(&["namespace"]), includes, files }
}

struct Reader<'a> {
    document: &'a Document<'a>,
    folder: &'a str,
    found: Vec<Reference<'a>>,
}

impl<'a> Reader<'a> {
    fn each(&mut self, field: &'static str, key: &str) {
        for item in items(self.document.find(&[field])) {
            self.one(field, item.get(key));
        }
    }

    fn list(&mut self, field: &'static str, list: Option<&'a Node>) {
        for item in items(list) {
            self.one(field, Some(item));
        }
    }

    /// Takes a path, unless it is the content itself or lies in another repository.
    fn one(&mut self, field: &'static str, node: Option<&'a Node>) {
        let Some((node, text)) = node.and_then(|node| Some((node, node.as_str()?))) else { return };
        // A generator's file may be written `name=path`.
        let text = if field.ends_with("Generator") {
            text.split_once('=').map_or(text, |(_, path)| path)
        } else {
            text
        };
        if !text.contains('\n') && !is_remote(text) {
            self.found.push(Reference { field, node, text, target: resolve(self.folder, text) });
        }
    }
}

/// A URL, or one of the short forms kustomize takes for a Git repository.
fn is_remote(text: &str) -> bool {
    text.contains("://")
        || text.contains("?ref=")
        || ["github.com/", "github.com:", "git@", "git::"].iter().any(|start| text.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_followed_from_its_folder() {
        assert_eq!(resolve("a/b", "./c.yaml").as_deref(), Some("a/b/c.yaml"));
        assert_eq!(resolve("a/b", "../../components/sops").as_deref(), Some("components/sops"));
        assert_eq!(resolve("", "./kubernetes//apps/").as_deref(), Some("kubernetes/apps"));
        assert_eq!(resolve("a", "../.."), None);
        assert_eq!(resolve("a", ".").as_deref(), Some("a"));
    }

    #[test]
    fn another_repository_is_not_a_path() {
        for text in ["https://example.com/x.yaml", "github.com/org/repo", "org/repo?ref=v1", "git@host:x/y"] {
            assert!(is_remote(text), "{text}");
        }
        assert!(!is_remote("../github.com.yaml"));
    }
}
