//! Kustomizations and files name each other.

use std::collections::BTreeSet;

use kiln_model::Diagnostics;

use crate::builds::{Builds, ancestors};
use crate::findings;
use crate::kustomization::{Kustomizations, is_kustomization};
use crate::outputs::{Outputs, is_yaml};

/// Reports every path in a kustomization that is not an output.
pub(crate) fn missing(outputs: &Outputs<'_>, kustomizations: &Kustomizations<'_>, sink: &mut Diagnostics) {
    for kustomization in kustomizations.values() {
        for reference in kustomization.includes.iter().chain(&kustomization.files) {
            let exists = reference
                .target
                .as_deref()
                .is_some_and(|target| outputs.has(target) || kustomizations.contains_key(target));
            if !exists {
                let place = outputs.place(kustomization.document.output, reference.node);
                sink.push(findings::missing_resource(&place, reference));
            }
        }
    }
}

/// Reports files in the folders of kustomizations that no kustomization names, and
/// kustomizations that nothing leads to.
pub(crate) fn orphans(
    outputs: &Outputs<'_>,
    kustomizations: &Kustomizations<'_>,
    builds: &Builds<'_>,
    sink: &mut Diagnostics,
) {
    let named: BTreeSet<&str> = kustomizations
        .values()
        .flat_map(|it| it.includes.iter().chain(&it.files))
        .filter_map(|reference| reference.target.as_deref())
        .collect();
    for path in outputs.paths().filter(|path| is_yaml(path) && !is_kustomization(path)) {
        let nearest = ancestors(path).find_map(|folder| kustomizations.get(folder));
        let (Some(nearest), Some(output)) = (nearest, outputs.get(path)) else { continue };
        if !named.contains(path) {
            sink.push(findings::orphan_file(&outputs.whole(output), nearest.document.output.path()));
        }
    }
    let Some(reached) = &builds.reached else { return };
    for kustomization in kustomizations.values().filter(|it| !reached.contains(it.folder)) {
        if !named.contains(kustomization.folder) {
            sink.push(findings::orphan_folder(&outputs.whole(kustomization.document.output)));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{accept, places, reject};

    const MISSING: &str = "manifest.kustomization-missing-resource";

    #[test]
    fn what_a_kustomization_names_has_to_be_rendered() {
        accept(&[
            ("a/kustomization.yaml", "resources: [./x.yaml, b, ../shared/y.yaml]\n"),
            ("a/x.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}\n"),
            ("a/b/kustomization.yml", "resources: []\n"),
            ("shared/y.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: other}}\n"),
        ]);
        for text in [
            "resources: [./x.yaml]\n",
            "resources: [folder]\n",
            "components: [../../too/far/out]\n",
            "patches: [{path: patch.yaml}]\n",
            "configMapGenerator: [{name: x, files: [values.yaml=./values.yaml]}]\n",
            "replacements: [{path: r.yaml}]\n",
        ] {
            reject(&[("a/kustomization.yaml", text)], MISSING);
        }
    }

    #[test]
    fn files_that_are_not_manifests_can_be_named() {
        accept(&[
            (
                "a/kustomization.yaml",
                "configMapGenerator: [{name: x, files: [d.json=./d.json, v.yaml], literals: [a=b]}]\n\
                 patches: [{patch: \"- op: remove\"}, {path: p.yaml}]\n",
            ),
            ("a/d.json", "{}"),
            ("a/v.yaml", "values: 1\n"),
            ("a/p.yaml", "- op: remove\n"),
        ]);
        accept(&[("a/kustomization.yaml", "resources: ['https://example.com/crds.yaml']\n")]);
    }

    #[test]
    fn every_missing_one_is_reported_with_its_line() {
        let found = places(&[("a/kustomization.yaml", "resources:\n  - one.yaml\n  - two.yaml\n")]);
        assert_eq!(found, [["a/kustomization.yaml:2"], ["a/kustomization.yaml:3"]]);
    }

    const FLUX: &str = "{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, \
                        metadata: {name: all}, spec: {path: ./a}}\n";

    #[test]
    fn a_file_in_the_folder_of_a_kustomization_has_to_be_named() {
        let object = "{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}\n";
        reject(&[("a/kustomization.yaml", "resources: []\n"), ("a/deep/x.yaml", object)], "manifest.orphan");
        accept(&[("b/x.yaml", object), ("a/kustomization.yaml", "resources: [../b/x.yaml]\n")]);
        accept(&[("talos/talconfig.yaml", "nodes: []\n"), (".sops.yaml", "creation_rules: []\n")]);
    }

    #[test]
    fn something_has_to_lead_to_a_kustomization() {
        let lone = ("b/kustomization.yaml", "resources: []\n");
        let root = ("a/kustomization.yaml", "resources: [../b]\n");
        accept(&[("flux/ks.yaml", FLUX), root, lone]);
        reject(
            &[("flux/ks.yaml", FLUX), ("a/kustomization.yaml", "resources: []\n"), lone],
            "manifest.orphan",
        );
        // Without Flux nobody can say where the cluster begins.
        accept(&[lone]);
    }
}
