//! Flux objects refer to each other and to folders.

use std::collections::{BTreeMap, BTreeSet};

use kiln_model::{Diagnostics, Node, nearest};

use crate::builds::{Builds, FLUX_GROUP, Object, flux_roots, is_below};
use crate::findings::{self, Place, called};
use crate::kustomization::Kustomizations;
use crate::outputs::{Document, Outputs, is_substituted, is_yaml, items};

/// Namespace and name.
type Key<'a> = (Option<&'a str>, &'a str);

/// Reports Flux Kustomizations whose path has no manifests.
///
/// A folder with manifests but without a `kustomization.yaml` is fine: Flux makes one.
pub(crate) fn missing_paths(
    outputs: &Outputs<'_>,
    kustomizations: &Kustomizations<'_>,
    sink: &mut Diagnostics,
) {
    for (document, path) in flux_roots(outputs) {
        let has_manifests = || outputs.paths().any(|it| is_below(it, &path) && is_yaml(it));
        if !kustomizations.contains_key(path.as_str()) && !has_manifests() {
            let place = place(outputs, document, document.find(&["spec", "path"]));
            sink.push(findings::missing_path(&place, document.text(&["spec", "path"]).unwrap_or("./")));
        }
    }
}

/// Reports dependencies between Flux Kustomizations that lead nowhere or in a circle.
pub(crate) fn dependencies(outputs: &Outputs<'_>, builds: &Builds<'_>, sink: &mut Diagnostics) {
    let all: BTreeMap<Key<'_>, &Object<'_>> = keyed(builds, FLUX_GROUP, "Kustomization");
    let mut edges: BTreeMap<Key<'_>, Vec<Key<'_>>> = BTreeMap::new();
    for (&from, object) in &all {
        for item in items(object.document.find(&["spec", "dependsOn"])) {
            let Some(name) = item.get("name").and_then(Node::as_str) else { continue };
            let to = (item.get("namespace").and_then(Node::as_str).or(from.0), name);
            if is_unknown(to) {
                continue;
            }
            if all.contains_key(&to) {
                edges.entry(from).or_default().push(to);
            } else {
                let place = place(outputs, object.document, Some(item));
                let (from, missing) = (called(from.0, from.1), called(to.0, to.1));
                let (elsewhere, near) = (namespaces(&all, name), near(&all, name));
                sink.push(findings::missing_dependency(&place, &from, &missing, &elsewhere, near));
            }
        }
    }
    for circle in circles(&edges) {
        let document = all[&circle[0]].document;
        let place = place(outputs, document, document.find(&["spec", "dependsOn"]));
        let names: Vec<String> =
            circle.iter().chain(circle.first()).map(|key| format!("`{}`", called(key.0, key.1))).collect();
        sink.push(findings::dependency_cycle(&place, &names.join(" → ")));
    }
}

/// Reports HelmReleases whose `chartRef` names an OCIRepository that does not exist.
pub(crate) fn charts(outputs: &Outputs<'_>, builds: &Builds<'_>, sink: &mut Diagnostics) {
    let sources = keyed(builds, "source.toolkit.fluxcd.io", "OCIRepository");
    let releases = keyed(builds, "helm.toolkit.fluxcd.io", "HelmRelease");
    for (release, object) in releases {
        let reference = |key: &str| object.document.text(&["spec", "chartRef", key]);
        let (Some("OCIRepository"), Some(name)) = (reference("kind"), reference("name")) else { continue };
        let wanted = (reference("namespace").or(release.0), name);
        if is_unknown(wanted) || sources.contains_key(&wanted) {
            continue;
        }
        let place = place(outputs, object.document, object.document.find(&["spec", "chartRef", "name"]));
        let (release, chart) = (called(release.0, release.1), called(wanted.0, name));
        let (elsewhere, near) = (namespaces(&sources, name), near(&sources, name));
        sink.push(findings::missing_chart(&place, &release, &chart, &elsewhere, near));
    }
}

/// The objects of a kind by namespace and name.
fn keyed<'a, 'b>(builds: &'b Builds<'a>, group: &str, kind: &str) -> BTreeMap<Key<'a>, &'b Object<'a>> {
    let objects = builds.objects().filter(|it| it.document.is(group, kind));
    objects.filter_map(|it| Some(((it.namespace, it.document.name()?), it))).collect()
}

/// The namespaces in which there is an object of this name.
fn namespaces<'a>(all: &BTreeMap<Key<'a>, &Object<'a>>, name: &str) -> Vec<&'a str> {
    all.keys().filter(|key| key.1 == name).filter_map(|key| key.0).collect()
}

/// The name among these that was perhaps meant.
fn near<'a>(all: &BTreeMap<Key<'a>, &Object<'a>>, name: &str) -> Option<&'a str> {
    nearest(name, all.keys().map(|key| key.1))
}

fn is_unknown(key: Key<'_>) -> bool {
    is_substituted(key.1) || key.0.is_some_and(is_substituted)
}

fn place<'a>(outputs: &Outputs<'_>, document: &Document<'a>, node: Option<&Node>) -> Place<'a> {
    outputs.place(document.output, node.unwrap_or(&document.node))
}

/// Circles among the edges, each once, from its smallest member on.
fn circles<'a>(edges: &BTreeMap<Key<'a>, Vec<Key<'a>>>) -> BTreeSet<Vec<Key<'a>>> {
    let mut found = BTreeSet::new();
    let mut done = BTreeSet::new();
    for start in edges.keys() {
        let mut path = Vec::new();
        follow(edges, *start, &mut path, &mut done, &mut found);
    }
    found
}

/// Walks in depth; an edge back into the path closes a circle.
fn follow<'a>(
    edges: &BTreeMap<Key<'a>, Vec<Key<'a>>>,
    at: Key<'a>,
    path: &mut Vec<Key<'a>>,
    done: &mut BTreeSet<Key<'a>>,
    found: &mut BTreeSet<Vec<Key<'a>>>,
) {
    if let Some(start) = path.iter().position(|key| *key == at) {
        let mut circle = path[start..].to_vec();
        let smallest = circle.iter().enumerate().min_by_key(|(_, key)| **key).map_or(0, |(index, _)| index);
        circle.rotate_left(smallest);
        found.insert(circle);
    } else if !done.contains(&at) {
        path.push(at);
        for to in edges.get(&at).into_iter().flatten() {
            follow(edges, *to, path, done, found);
        }
        path.pop();
        done.insert(at);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{accept, codes, reject};

    fn ks(name: &str, spec: &str) -> String {
        format!(
            "{{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, \
             metadata: {{name: {name}}}, spec: {{{spec}}}}}\n---\n"
        )
    }

    #[test]
    fn a_path_has_to_have_manifests() {
        let entry = ks("apps", "path: ./kubernetes/apps");
        let object = "{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}\n";
        reject(&[("flux/ks.yaml", &entry)], "manifest.flux-missing-path");
        accept(&[("flux/ks.yaml", &entry), ("kubernetes/apps/kustomization.yaml", "resources: []\n")]);
        // Flux makes a kustomization of these.
        accept(&[("flux/ks.yaml", &entry), ("kubernetes/apps/x/y.yaml", object)]);
        reject(
            &[("flux/ks.yaml", &entry), ("kubernetes/apps2/y.yaml", object)],
            "manifest.flux-missing-path",
        );
        accept(&[("flux/ks.yaml", &ks("apps", "path: './${CLUSTER}/apps'"))]);
    }

    #[test]
    fn a_path_in_another_repository_is_not_ours() {
        let other = ks("podinfo", "path: ./kustomize, sourceRef: {kind: GitRepository, name: podinfo}");
        let source =
            "{apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository, metadata: {name: podinfo}}\n";
        accept(&[("flux/ks.yaml", &other), ("flux/source.yaml", source)]);
        reject(&[("flux/ks.yaml", &other)], "manifest.flux-missing-path");
    }

    /// Two namespaces, each with a Flux Kustomization of its folder.
    fn two_namespaces(one: &str, two: &str) -> Vec<(&'static str, String)> {
        vec![
            ("apps/kustomization.yaml", "resources: [one, two]\n".to_owned()),
            ("apps/one/kustomization.yaml", "namespace: one\nresources: [ks.yaml]\n".to_owned()),
            ("apps/one/ks.yaml", one.to_owned()),
            ("apps/two/kustomization.yaml", "namespace: two\nresources: [ks.yaml]\n".to_owned()),
            ("apps/two/ks.yaml", two.to_owned()),
            ("flux/ks.yaml", ks("all", "path: ./apps")),
        ]
    }

    fn found(outputs: &[(&'static str, String)]) -> Vec<(String, String)> {
        let outputs: Vec<(&str, &str)> = outputs.iter().map(|(path, text)| (*path, text.as_str())).collect();
        codes(&outputs).into_iter().map(|it| (it.code.to_string(), it.message)).collect()
    }

    #[test]
    fn a_dependency_is_looked_up_in_the_namespace_that_the_kustomization_gives() {
        let base = ks("base", "path: ./apps");
        let same = ks("app", "path: ./apps, dependsOn: [{name: base}]");
        let other = ks("app", "path: ./apps, dependsOn: [{name: base, namespace: one}]");
        assert_eq!(found(&two_namespaces(&format!("{base}{same}"), "")), []);
        assert_eq!(found(&two_namespaces(&base, &other)), []);
        assert_eq!(
            found(&two_namespaces(&base, &same)),
            [(
                "manifest.depends-on-missing".to_owned(),
                "`two/app` depends on `two/base`, which does not exist".to_owned()
            )]
        );
    }

    #[test]
    fn a_circle_is_reported_once() {
        let depends = |name: &str, on: &str| ks(name, &format!("path: ./apps, dependsOn: [{{name: {on}}}]"));
        let three = [depends("b", "c"), depends("c", "a"), depends("a", "b"), depends("d", "a")].concat();
        assert_eq!(
            found(&two_namespaces(&three, "")),
            [(
                "manifest.depends-on-cycle".to_owned(),
                "these Kustomizations wait for each other: `one/a` → `one/b` → `one/c` → `one/a`".to_owned()
            )]
        );
        let itself = depends("a", "a");
        assert_eq!(found(&two_namespaces(&itself, ""))[0].0, "manifest.depends-on-cycle");
    }

    const CHART: &str =
        "{apiVersion: source.toolkit.fluxcd.io/v1, kind: OCIRepository, metadata: {name: c}}\n";

    fn release(reference: &str) -> String {
        format!(
            "{{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {{name: r}}, \
             spec: {{chartRef: {{kind: OCIRepository, {reference}}}}}}}\n"
        )
    }

    #[test]
    fn a_chart_is_looked_up_in_the_target_namespace() {
        let with = |reference: &str, target: &str| {
            vec![
                ("a/kustomization.yaml", "resources: [r.yaml]\n".to_owned()),
                ("a/r.yaml", release(reference)),
                ("b/kustomization.yaml", "resources: [c.yaml]\n".to_owned()),
                ("b/c.yaml", CHART.to_owned()),
                ("flux/a.yaml", ks("a", "path: ./a, targetNamespace: one")),
                ("flux/b.yaml", ks("b", &format!("path: ./b, targetNamespace: {target}"))),
            ]
        };
        assert_eq!(found(&with("name: c", "one")), []);
        assert_eq!(found(&with("name: c, namespace: two", "two")), []);
        assert_eq!(found(&with("name: '${CHART}'", "two")), []);
        let missing = codes(
            &with("name: c", "two").iter().map(|(path, text)| (*path, text.as_str())).collect::<Vec<_>>(),
        );
        assert_eq!(missing.len(), 1);
        assert_eq!(missing[0].code, "manifest.chart-ref-missing");
        assert!(missing[0].message.contains("`one/c`"), "{}", missing[0].message);
        assert!(missing[0].help.as_deref().unwrap().contains("`two`"));
    }
}
