//! `derive/*.yaml` and `checks/*.yaml`.

use kiln_model::{Diagnostics, Map, Node, Severity, Span};

use super::tree::{expr, items, node_expr, text, when};
use crate::findings;
use crate::layer::Layer;
use crate::pack::{AssertRule, Derive, Expr, Pack};

pub(super) fn read(layer: &Layer, pack: &mut Pack) {
    for (id, entry) in layer.derive.iter() {
        if let Some(map) = entry.node.as_map() {
            pack.derive.insert(id.to_owned(), derive(id, map, entry.key));
        }
    }
    for (id, entry) in layer.checks.iter() {
        if let Some(map) = entry.node.as_map() {
            pack.checks.insert(id.to_owned(), check(map));
        }
    }
}

/// The names that kiln itself gives to expressions and templates.
const OWN_NAMES: [&str; 8] = [
    "versions",
    "secrets",
    "given_secrets",
    "apps",
    "app_kustomizations",
    "app_files",
    "namespaces",
    "outputs",
];

/// A computed value does not take a name of kiln's own.
pub(super) fn refuse_own_names(pack: &Pack, sink: &mut Diagnostics) {
    for derive in pack.derive.values().filter(|derive| derive.each.is_none()) {
        if OWN_NAMES.contains(&derive.key.as_str()) {
            sink.error(findings::reserved_name(&derive.key, derive.span));
        }
    }
}

fn derive(id: &str, map: &Map, span: Span) -> Derive {
    let item = match text(map, "as") {
        name if name.is_empty() => "item".to_owned(),
        name => name,
    };
    let (each, key) = match id.split_once("[].") {
        Some((list, key)) => (Some((list.to_owned(), item)), key),
        None => (None, id),
    };
    Derive {
        each,
        key: key.to_owned(),
        span,
        only_absent: map.get("mode").and_then(Node::as_str) == Some("absent"),
        when: when(map),
        value: expr(map, "value").unwrap_or_else(Expr::always),
    }
}

fn check(map: &Map) -> AssertRule {
    AssertRule {
        severity: match map.get("severity").and_then(Node::as_str) {
            Some("warning") => Severity::Warning,
            Some("info") => Severity::Info,
            _ => Severity::Error,
        },
        each: expr(map, "each").map(|each| (each, text(map, "as"))),
        when: when(map),
        assert: expr(map, "assert").unwrap_or_else(Expr::always),
        at: items(map, "at").iter().filter_map(node_expr).collect(),
        label: expr(map, "label"),
        message: expr(map, "message").unwrap_or_else(Expr::always),
        help: expr(map, "help"),
        fix: expr(map, "fix"),
        compat: map.get("compat").and_then(Node::as_bool).unwrap_or(false),
        why: map.get("why").and_then(Node::as_str).map(|why| why.trim().to_owned()),
        source: items(map, "source").iter().filter_map(Node::as_str).map(str::to_owned).collect(),
    }
}
