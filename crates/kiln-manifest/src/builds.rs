//! Which objects are applied together, and in which namespace each ends up.
//!
//! Kustomize gives the objects of a kustomization its `namespace`, the outermost one
//! winning; Flux puts `targetNamespace` over that.

use std::collections::BTreeSet;

use crate::kustomization::{Kustomizations, is_kustomization, resolve, split};
use crate::outputs::{Document, Outputs, is_substituted, is_yaml};

/// The API group of Flux's own Kustomization.
pub(crate) const FLUX_GROUP: &str = "kustomize.toolkit.fluxcd.io";

/// The name that Flux gives to the source of the repository it was installed from.
const OWN_SOURCE: &str = "flux-system";

/// A document as it is applied.
#[derive(Clone, Copy)]
pub(crate) struct Object<'a> {
    pub(crate) document: &'a Document<'a>,
    /// The namespace; `None` if nobody says.
    pub(crate) namespace: Option<&'a str>,
}

/// Everything that is applied, in the sets in which it is applied.
pub(crate) struct Builds<'a> {
    /// One per root: a Flux Kustomization, or a kustomization that nothing includes.
    pub(crate) sets: Vec<Vec<Object<'a>>>,
    /// Documents outside all kustomizations.
    loose: Vec<Object<'a>>,
    /// The folders of kustomizations that a Flux Kustomization leads to; `None` if there
    /// is no Flux Kustomization.
    pub(crate) reached: Option<BTreeSet<&'a str>>,
}

impl<'a> Builds<'a> {
    pub(crate) fn of(outputs: &'a Outputs<'a>, kustomizations: &'a Kustomizations<'a>) -> Builds<'a> {
        let mut walk = Walk { outputs, kustomizations, seen: BTreeSet::new(), applied: BTreeSet::new() };
        let roots: Vec<_> = flux_roots(outputs).collect();
        let mut sets: Vec<_> =
            roots.iter().map(|(ks, path)| walk.root(path, ks.text(&["spec", "targetNamespace"]))).collect();
        let reached = (!roots.is_empty()).then(|| walk.seen.clone());
        for folder in outer_folders(kustomizations) {
            if !walk.seen.contains(folder) {
                sets.push(walk.root(folder, None));
            }
        }
        let loose = outputs
            .documents()
            .iter()
            .filter(|it| !walk.applied.contains(it.output.path()) && !is_kustomization(it.output.path()))
            .map(|document| Object { document, namespace: document.text(&["metadata", "namespace"]) })
            .collect();
        Builds { sets, loose, reached }
    }

    /// All objects, one that is applied twice twice.
    pub(crate) fn objects(&self) -> impl Iterator<Item = &Object<'a>> {
        self.sets.iter().flatten().chain(&self.loose)
    }
}

/// The Flux Kustomizations whose path lies in these outputs, with that path.
pub(crate) fn flux_roots<'a>(outputs: &'a Outputs<'a>) -> impl Iterator<Item = (&'a Document<'a>, String)> {
    let own_source = |it: &Document<'_>| {
        let name = it.text(&["spec", "sourceRef", "name"]).unwrap_or_default();
        let kind = it.text(&["spec", "sourceRef", "kind"]).unwrap_or_default();
        name == OWN_SOURCE
            || !outputs.documents().iter().any(|it| it.kind() == kind && it.name() == Some(name))
    };
    outputs.documents().iter().filter(|it| it.is(FLUX_GROUP, "Kustomization")).filter_map(move |it| {
        let path = it.text(&["spec", "path"]).unwrap_or("./");
        let path = resolve("", path).filter(|_| !is_substituted(path) && own_source(it))?;
        Some((it, path))
    })
}

/// The folders of kustomizations that no other one includes.
fn outer_folders<'a>(kustomizations: &'a Kustomizations<'a>) -> impl Iterator<Item = &'a str> {
    let included: BTreeSet<&str> = kustomizations
        .values()
        .flat_map(|it| &it.includes)
        .filter_map(|reference| reference.target.as_deref())
        .collect();
    kustomizations.keys().copied().filter(move |folder| !included.contains(folder))
}

struct Walk<'a> {
    outputs: &'a Outputs<'a>,
    kustomizations: &'a Kustomizations<'a>,
    /// Folders of kustomizations that were walked.
    seen: BTreeSet<&'a str>,
    /// Paths of outputs that were found.
    applied: BTreeSet<&'a str>,
}

impl<'a> Walk<'a> {
    /// What is applied from `folder`. Without a kustomization there, Flux makes one of
    /// all the manifests below.
    fn root(&mut self, folder: &str, namespace: Option<&'a str>) -> Vec<Object<'a>> {
        let mut objects = Vec::new();
        if let Some(folder) = self.known(folder) {
            self.include(folder, namespace, &mut Vec::new(), &mut objects);
            return objects;
        }
        for path in self.outputs.paths().filter(|path| is_below(path, folder) && is_yaml(path)) {
            let nearest = ancestors(path).find_map(|it| self.known(it)).filter(|it| is_below(it, folder));
            match nearest {
                None => self.file(path, namespace, &mut objects),
                Some(inner) if !self.seen.contains(inner) => {
                    self.include(inner, namespace, &mut Vec::new(), &mut objects);
                }
                Some(_) => {}
            }
        }
        objects
    }

    fn known(&self, folder: &str) -> Option<&'a str> {
        self.kustomizations.get_key_value(folder).map(|(key, _)| *key)
    }

    /// Adds what a kustomization includes; `above` are the folders that led here, so
    /// that a circle ends.
    fn include(
        &mut self,
        folder: &'a str,
        namespace: Option<&'a str>,
        above: &mut Vec<&'a str>,
        objects: &mut Vec<Object<'a>>,
    ) {
        if above.contains(&folder) {
            return;
        }
        self.seen.insert(folder);
        let kustomization = &self.kustomizations[folder];
        let namespace = namespace.or(kustomization.namespace);
        above.push(folder);
        for target in kustomization.includes.iter().filter_map(|it| it.target.as_deref()) {
            match self.known(target) {
                Some(inner) => self.include(inner, namespace, above, objects),
                None => self.file(target, namespace, objects),
            }
        }
        above.pop();
    }

    fn file(&mut self, path: &str, namespace: Option<&'a str>, objects: &mut Vec<Object<'a>>) {
        for document in self.outputs.of(path) {
            self.applied.insert(document.output.path());
            let namespace = namespace.or_else(|| document.text(&["metadata", "namespace"]));
            objects.push(Object { document, namespace });
        }
    }
}

/// Whether a path lies in a folder, at any depth; everything lies in the root.
pub(crate) fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The folders of a path, the innermost first, the root last.
pub(crate) fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(path);
    std::iter::from_fn(move || {
        let folder = split(rest?).0;
        rest = (!folder.is_empty()).then_some(folder);
        Some(folder)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ancestors_go_outwards() {
        assert_eq!(ancestors("a/b/c.yaml").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(ancestors("c.yaml").collect::<Vec<_>>(), [""]);
    }

    #[test]
    fn a_folder_is_not_a_prefix_of_letters() {
        assert!(is_below("a/b", "a") && is_below("a", ""));
        assert!(!is_below("ab/c", "a") && !is_below("a", "a"));
    }
}
