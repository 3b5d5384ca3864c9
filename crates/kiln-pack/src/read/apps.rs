//! `apps/*.yaml`.

use kiln_model::{Diagnostics, Map, Node, Value};

use super::tree::{expr, extra, items, maps, node_expr, text, when};
use crate::findings;
use crate::pack::{App, AppFile, Edge, Expr, Health, Kustomization, Level, Pack, PodSecurity};

pub(super) fn read(apps: &Map, pack: &mut Pack) {
    for (id, entry) in apps.iter() {
        if let Some(map) = entry.node.as_map() {
            pack.apps.insert(id.to_owned(), app(id, map));
        }
    }
}

/// References between apps and to charts must lead somewhere.
pub(super) fn check(pack: &Pack, sink: &mut Diagnostics) {
    let charts = pack.versions.get("charts").and_then(Node::as_map);
    for app in pack.apps.values() {
        if let Some(chart) = &app.chart
            && charts.is_none_or(|charts| charts.get(&chart.text).is_none())
        {
            let known = charts.map(Map::iter).into_iter().flatten().map(|(name, _)| name);
            sink.error(findings::unknown_chart(&chart.text, known, chart.span));
        }
        for edge in app.kustomizations.values().flat_map(|kustomization| &kustomization.depends_on) {
            let (id, folder) = edge.on.text.split_once('/').unwrap_or((&edge.on.text, "app"));
            if !pack.apps.get(id).is_some_and(|app| app.kustomizations.contains_key(folder)) {
                let names: Vec<String> = edges(pack).collect();
                let known = names.iter().map(String::as_str);
                sink.error(findings::unknown_app(&edge.on.text, known, edge.on.span));
            }
        }
    }
}

/// What a `depends_on` may name: the apps, and their folders.
fn edges(pack: &Pack) -> impl Iterator<Item = String> {
    let folders = |(id, app): (&String, &App)| {
        let folders = app.kustomizations.keys().map(|folder| format!("{id}/{folder}"));
        std::iter::once(id.clone()).chain(folders).collect::<Vec<_>>()
    };
    pack.apps.iter().flat_map(folders)
}

fn app(id: &str, map: &Map) -> App {
    let kustomizations = maps(map, "kustomizations")
        .into_iter()
        .map(|(folder, inner, _)| (folder.to_owned(), kustomization(id, folder, inner)));
    App {
        namespace: text(map, "namespace"),
        pod_security: pod_security(map.get("pod_security")),
        when: when(map),
        chart: expr(map, "chart"),
        kustomizations: kustomizations.collect(),
        extra: extra(map, &["namespace", "pod_security", "when", "chart", "kustomizations"]),
    }
}

fn pod_security(node: Option<&Node>) -> PodSecurity {
    let level = |node: Option<&Node>| match node.and_then(Node::as_str) {
        Some("restricted") => Level::Restricted,
        Some("baseline") => Level::Baseline,
        _ => Level::Privileged,
    };
    let of = |key| level(node.and_then(|node| node.get(key)));
    match node.map(|node| &node.value) {
        Some(Value::Map(_)) => PodSecurity { enforce: of("enforce"), audit: of("audit"), warn: of("warn") },
        _ => PodSecurity { enforce: level(node), audit: level(node), warn: level(node) },
    }
}

fn kustomization(app: &str, folder: &str, map: &Map) -> Kustomization {
    let files = map.get("files").and_then(Node::as_map);
    let files = files.into_iter().flat_map(Map::iter).map(|(name, entry)| {
        let own = entry.node.as_map();
        let template = own
            .and_then(|own| expr(own, "template"))
            .unwrap_or_else(|| Expr { text: format!("apps/{app}/{folder}/{name}.j2"), span: entry.key });
        (name.to_owned(), AppFile { when: own.map_or_else(Expr::always, when), template })
    });
    Kustomization {
        when: when(map),
        depends_on: items(map, "depends_on").iter().filter_map(edge).collect(),
        health: items(map, "health").iter().filter_map(health).collect(),
        files: files.collect(),
        extra: extra(map, &["when", "depends_on", "health", "files"]),
    }
}

fn edge(node: &Node) -> Option<Edge> {
    match node.as_map() {
        Some(map) => Some(Edge { on: expr(map, "on")?, when: when(map) }),
        None => Some(Edge { on: node_expr(node)?, when: Expr::always() }),
    }
}

fn health(node: &Node) -> Option<Health> {
    let map = node.as_map()?;
    let item = Node { value: Value::Map(extra(map, &["when"])), origin: node.origin.clone() };
    Some(Health { when: when(map), item })
}
