//! What goes from a cluster when a file goes from its repository.

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

/// The Flux Kustomizations of a file. One that says that nothing is deleted with it (`prune: false`
/// or `deletionPolicy: Orphan`) takes nothing with it and is left out.
pub fn pruned(path: &str, text: &str) -> Vec<Pruned> {
    let file = [Rendered::new(path, text, Span::NONE, Vec::new())];
    // What does not parse declares nothing, and is no output any more.
    let outputs = Outputs::read(&file, &mut Diagnostics::new());
    outputs.documents().iter().filter(|it| it.is(FLUX_GROUP, "Kustomization")).filter_map(one).collect()
}

fn one(document: &Document<'_>) -> Option<Pruned> {
    let prunes = document.find(&["spec", "prune"]).and_then(kiln_model::Node::as_bool) == Some(true);
    let takes_along = match document.text(&["spec", "deletionPolicy"]) {
        Some("Delete" | "WaitForTermination") => true,
        Some("Orphan") => false,
        _ => prunes,
    };
    takes_along.then(|| Pruned {
        namespace: document.text(&["metadata", "namespace"]).map(str::to_owned),
        name: document.name().unwrap_or_default().to_owned(),
        path: document.text(&["spec", "path"]).unwrap_or("./").to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(spec: &str) -> Vec<String> {
        let head = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n";
        let text = format!(
            "---\nkind: ConfigMap\n---\n{head}metadata: {{name: echo, namespace: apps}}\nspec: {{{spec}}}\n"
        );
        let found = pruned("ks.yaml", &text).into_iter();
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
        assert!(pruned("kustomization.yaml", "kind: Kustomization\nresources: []\n").is_empty());
        assert!(pruned("x.yaml", "a: [\n").is_empty());
    }
}
