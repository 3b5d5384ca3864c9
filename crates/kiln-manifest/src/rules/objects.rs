//! Every object has what every object needs, and exists once.

use std::collections::{BTreeMap, BTreeSet};

use kiln_model::Diagnostics;

use crate::builds::Builds;
use crate::findings::{self, Place};
use crate::kustomization::Kustomizations;
use crate::outputs::{Document, Outputs};

/// The fields without which kustomize takes no object, and the code for each.
const NEEDED: [(&[&str], &str, &str); 3] = [
    (&["apiVersion"], "apiVersion", "manifest.missing-api-version"),
    (&["kind"], "kind", "manifest.missing-kind"),
    (&["metadata", "name"], "metadata.name", "manifest.missing-name"),
];

/// Reports documents of resources that are no complete object. A list object has no name.
pub(crate) fn incomplete(outputs: &Outputs<'_>, kustomizations: &Kustomizations<'_>, sink: &mut Diagnostics) {
    let includes = kustomizations.values().flat_map(|it| &it.includes);
    let files: BTreeSet<&str> = includes
        .filter_map(|reference| reference.target.as_deref())
        .filter(|target| !kustomizations.contains_key(target))
        .collect();
    for document in files.into_iter().flat_map(|path| outputs.of(path)) {
        let place = place(outputs, document);
        if document.node.as_map().is_none() {
            sink.push(findings::not_an_object(&place));
            continue;
        }
        for (path, field, code) in NEEDED {
            let is_list = *code == *"manifest.missing-name" && document.kind().ends_with("List");
            match document.find(path) {
                _ if is_list || document.text(path).is_some() => {}
                Some(node) if !node.is_null() && node.as_str().is_none() => {
                    let place = outputs.place(document.output, node);
                    sink.push(findings::field_is_not_text(&place, code, field, document.kind()));
                }
                _ => sink.push(findings::missing_field(&place, code, field, document.kind())),
            }
        }
    }
}

/// Reports objects that are applied twice in one set.
pub(crate) fn duplicates(outputs: &Outputs<'_>, builds: &Builds<'_>, sink: &mut Diagnostics) {
    let mut reported = BTreeSet::new();
    for set in &builds.sets {
        let mut known = BTreeMap::new();
        for object in set {
            let document = object.document;
            let (Some(version), Some(name)) = (document.text(&["apiVersion"]), document.name()) else {
                continue;
            };
            let key = (version, document.kind(), object.namespace, name);
            let here = (document.output.path(), document.node.span());
            match known.get(&key) {
                None => {
                    known.insert(key, document);
                }
                Some(first) if reported.insert(here) => {
                    let (here, first) = (place(outputs, document), place(outputs, first));
                    sink.push(findings::duplicate_object(&here, document, &first));
                }
                Some(_) => {}
            }
        }
    }
}

fn place<'a>(outputs: &Outputs<'_>, document: &Document<'a>) -> Place<'a> {
    outputs.place(document.output, &document.node)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{accept, codes, places, reject};

    const LIST: &str = "resources: [x.yaml]\n";

    #[test]
    fn a_resource_is_an_object_with_version_kind_and_name() {
        accept(&[
            ("a/kustomization.yaml", LIST),
            ("a/x.yaml", "# nothing here\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}\n"),
        ]);
        accept(&[("a/kustomization.yaml", LIST), ("a/x.yaml", "{apiVersion: v1, kind: List, items: []}\n")]);
        for (text, code) in [
            ("{kind: ConfigMap, metadata: {name: x}}\n", "manifest.missing-api-version"),
            ("{apiVersion: v1, metadata: {name: x}}\n", "manifest.missing-kind"),
            ("{apiVersion: v1, kind: ConfigMap, metadata: {name: ''}}\n", "manifest.missing-name"),
            ("- apiVersion: v1\n", "manifest.not-an-object"),
        ] {
            reject(&[("a/kustomization.yaml", LIST), ("a/x.yaml", text)], code);
        }
    }

    #[test]
    fn a_name_that_kubernetes_takes_for_a_boolean_is_not_text() {
        let object = "{apiVersion: v1, kind: ConfigMap, metadata: {name: y}}\n";
        let found = codes(&[("a/kustomization.yaml", LIST), ("a/x.yaml", object)]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].message, "the `metadata.name` of a `ConfigMap` is not text");
    }

    #[test]
    fn yaml_that_no_kustomization_includes_is_not_an_object() {
        accept(&[("talos/patch.yaml", "machine: {}\n")]);
        accept(&[("a/kustomization.yaml", "patches: [{path: p.yaml}]\n"), ("a/p.yaml", "- op: remove\n")]);
    }

    #[test]
    fn an_object_is_applied_once() {
        let object = |namespace: &str| {
            format!("{{apiVersion: v1, kind: ConfigMap, metadata: {{name: x, namespace: {namespace}}}}}\n")
        };
        let outputs = |kustomization: &'static str, one: &str, two: &str| {
            [
                ("a/kustomization.yaml", kustomization.to_owned()),
                ("a/x.yaml", object(one)),
                ("a/y.yaml", object(two)),
            ]
        };
        let found = |outputs: [(&'static str, String); 3]| {
            let outputs: Vec<_> = outputs.iter().map(|(path, text)| (*path, text.as_str())).collect();
            codes(&outputs)
        };
        let plain = "resources: [x.yaml, y.yaml]\n";
        assert!(found(outputs(plain, "one", "two")).is_empty());
        assert_eq!(found(outputs(plain, "one", "one"))[0].code, "manifest.duplicate-object");
        let moved = "namespace: three\nresources: [x.yaml, y.yaml]\n";
        assert_eq!(found(outputs(moved, "one", "two")).len(), 1);
        let outputs = outputs(moved, "one", "two");
        let outputs = outputs.each_ref().map(|(path, text)| (*path, text.as_str()));
        assert_eq!(places(&outputs), [["a/y.yaml:1", "a/x.yaml:1"]]);
    }
}
