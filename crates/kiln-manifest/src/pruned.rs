//! What goes from a cluster when files of its repository go or change.

use std::collections::BTreeSet;

use kiln_model::{Diagnostics, Rendered, Span};

use crate::builds::FLUX_GROUP;
use crate::outputs::{Document, Outputs};

/// An object that takes others with it: when Flux deletes it, it deletes everything that it made
/// of the manifests at its path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pruned {
    /// Its namespace, if its file says one.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// The path of the manifests that it stands for, as its file writes it.
    pub path: String,
}

/// The Flux Kustomizations of files as they were, by path and text, that no file declares any more.
/// One that says that nothing is deleted with it (`prune: false` or `deletionPolicy: Orphan`) takes
/// nothing with it and is left out.
pub fn pruned(before: &[(&str, &str)], after: &[(&str, &str)]) -> Vec<Pruned> {
    let before = declared(before);
    if before.is_empty() {
        return Vec::new();
    }
    let after = declared(after);
    let is_gone = |it: &Declared| !after.iter().any(|other| other.is_same(it));
    let taken: BTreeSet<Pruned> =
        before.into_iter().filter(|it| it.takes_along && is_gone(it)).map(|it| it.object).collect();
    taken.into_iter().collect()
}

/// A Flux Kustomization, and whether others are deleted with it.
struct Declared {
    object: Pruned,
    takes_along: bool,
}

impl Declared {
    fn is_same(&self, other: &Declared) -> bool {
        (&self.object.namespace, &self.object.name) == (&other.object.namespace, &other.object.name)
    }
}

fn declared(files: &[(&str, &str)]) -> Vec<Declared> {
    let named = files.iter().filter(|(_, text)| text.contains(FLUX_GROUP));
    let rendered: Vec<Rendered> =
        named.map(|(path, text)| Rendered::new(*path, *text, Span::NONE, Vec::new())).collect();
    // What does not parse declares nothing.
    let outputs = Outputs::read(&rendered, &mut Diagnostics::new());
    outputs.documents().iter().filter(|it| it.is(FLUX_GROUP, "Kustomization")).map(one).collect()
}

fn one(document: &Document<'_>) -> Declared {
    let prunes = document.find(&["spec", "prune"]).and_then(kiln_model::Node::as_bool) == Some(true);
    let takes_along = match document.text(&["spec", "deletionPolicy"]) {
        Some("Delete" | "WaitForTermination") => true,
        Some("Orphan") => false,
        _ => prunes,
    };
    let object = Pruned {
        namespace: document.text(&["metadata", "namespace"]).map(str::to_owned),
        name: document.name().unwrap_or_default().to_owned(),
        path: document.text(&["spec", "path"]).unwrap_or("./").to_owned(),
    };
    Declared { object, takes_along }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(spec: &str) -> Vec<String> {
        let head = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n";
        let text = format!(
            "---\nkind: ConfigMap\n---\n{head}metadata: {{name: echo, namespace: apps}}\nspec: {{{spec}}}\n"
        );
        let found = pruned(&[("ks.yaml", &text), ("again.yaml", &text)], &[]).into_iter();
        found.map(|it| format!("{} {} {}", it.namespace.unwrap_or_default(), it.name, it.path)).collect()
    }

    #[test]
    fn what_flux_deletes_is_named() {
        assert_eq!(named("path: ./kubernetes/echo, prune: true"), ["apps echo ./kubernetes/echo"]);
        assert_eq!(named("prune: false, deletionPolicy: Delete"), ["apps echo ./"]);
    }

    #[test]
    fn what_stays_in_the_cluster_is_not_named() {
        assert!(named("path: ./x, prune: false").is_empty());
        assert!(named("path: ./x").is_empty());
        assert!(named("path: ./x, prune: true, deletionPolicy: Orphan").is_empty());
    }

    #[test]
    fn the_kustomization_of_kustomize_is_another_kind() {
        for text in ["kind: Kustomization\nresources: []\n", "a: [ # kustomize.toolkit.fluxcd.io\n"] {
            assert!(pruned(&[("kustomization.yaml", text)], &[]).is_empty());
        }
    }

    #[test]
    fn what_another_file_declares_or_the_same_one_in_other_words_does_not_go() {
        let text = |name: &str, more: &str| {
            format!(
                "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n\
                 metadata: {{name: {name}}}\nspec: {{path: ./{name}, {more}}}\n"
            )
        };
        let (one, two) = (text("one", "prune: true"), text("two", "prune: true"));
        let before = [("a.yaml", &*format!("{one}{two}"))];
        let after = [("a.yaml", two.as_str()), ("moved.yaml", &text("one", "prune: false"))];
        assert!(pruned(&before, &after).is_empty());
        let gone: Vec<String> = pruned(&before, &after[..1]).into_iter().map(|it| it.name).collect();
        assert_eq!(gone, ["one"]);
    }
}
