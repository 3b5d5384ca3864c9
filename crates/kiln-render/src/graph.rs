//! The enabled apps, their namespaces and files, and the edges between them.

use std::collections::{BTreeMap, BTreeSet};

use kiln_jinja::{Engine, Scope};
use kiln_model::{Diagnostics, Map, Node, Sources, Value};
use kiln_pack::{App, Expr, Kustomization, Level, Pack};

use crate::findings;
use crate::value::{list, mapping, node, text};

/// What templates see of the apps.
pub(crate) struct Graph {
    pub(crate) apps: Value,
    pub(crate) app_kustomizations: Value,
    pub(crate) app_files: Value,
    pub(crate) namespaces: Value,
}

/// The names of the lists that templates see of the apps.
pub(crate) const LISTS: [&str; 4] = ["apps", "app_kustomizations", "app_files", "namespaces"];

impl Graph {
    /// Puts the lists into a scope.
    pub(crate) fn add_to(&self, scope: &mut Scope) {
        let values = [&self.apps, &self.app_kustomizations, &self.app_files, &self.namespaces];
        LISTS.into_iter().zip(values).for_each(|(name, value)| scope.set(name, value));
    }
}

/// An enabled Kustomization.
struct Unit<'a> {
    app: &'a str,
    folder: &'a str,
    of: &'a App,
    kustomization: &'a Kustomization,
    files: Vec<(&'a str, &'a Expr)>,
}

impl Unit<'_> {
    fn name(&self) -> String {
        if self.folder == "app" { self.app.to_owned() } else { format!("{}-{}", self.app, self.folder) }
    }
}

/// Says whether conditions hold, and reports where that cannot be said.
pub(crate) struct Conditions<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) scope: &'a Scope,
    pub(crate) sources: &'a Sources,
    /// Whether all are taken as met, to learn what there could be.
    pub(crate) are_met: bool,
}

impl Conditions<'_> {
    pub(crate) fn hold(&self, expr: &Expr, sink: &mut Diagnostics) -> bool {
        self.are_met
            || self.engine.holds(&expr.text, self.scope).unwrap_or_else(|failure| {
                failure.report("render", expr.span, self.sources, sink);
                false
            })
    }
}

/// Computes the enabled apps from the data.
pub(crate) fn graph(pack: &Pack, conditions: &Conditions<'_>, sink: &mut Diagnostics) -> Graph {
    let units = units(pack, conditions, sink);
    let edges = edges(&units, conditions, sink);
    report_cycle(&units, &edges, sink);
    let mut apps: BTreeMap<&str, Value> = BTreeMap::new();
    let (mut folders, mut files) = (Vec::new(), Vec::new());
    for (id, app) in &pack.apps {
        let own: Vec<(usize, &Unit)> = units.iter().enumerate().filter(|(_, unit)| unit.app == id).collect();
        if own.is_empty() {
            continue;
        }
        let health = |unit: &Unit, sink: &mut Diagnostics| health(unit, conditions, sink);
        let kustomizations: Vec<Value> = own
            .iter()
            .map(|(at, unit)| kustomization_value(unit, &edges[*at], &units, health(unit, sink)))
            .collect();
        let value = app_value(id, app, pack, list(kustomizations.clone()));
        for ((_, unit), kustomization) in own.iter().zip(kustomizations) {
            folders.push(mapping(
                &Map::new(),
                [("app", value.clone()), ("kustomization", kustomization.clone())],
            ));
            files.extend(unit.files.iter().map(|(name, template)| {
                mapping(
                    &Map::new(),
                    [
                        ("name", text(name)),
                        ("template", text(&template.text)),
                        ("app", value.clone()),
                        ("kustomization", kustomization.clone()),
                    ],
                )
            }));
        }
        apps.insert(id, value);
    }
    let namespaces = namespaces(pack, &apps);
    Graph {
        apps: list(apps.into_values()),
        app_kustomizations: list(folders),
        app_files: list(files),
        namespaces,
    }
}

fn units<'a>(pack: &'a Pack, conditions: &Conditions<'_>, sink: &mut Diagnostics) -> Vec<Unit<'a>> {
    let mut units = Vec::new();
    for (id, app) in &pack.apps {
        if !conditions.hold(&app.when, sink) {
            continue;
        }
        for (folder, kustomization) in &app.kustomizations {
            if !conditions.hold(&kustomization.when, sink) {
                continue;
            }
            let files: Vec<(&str, &Expr)> = kustomization
                .files
                .iter()
                .filter(|(_, file)| conditions.hold(&file.when, sink))
                .map(|(name, file)| (name.as_str(), &file.template))
                .collect();
            if !files.is_empty() {
                units.push(Unit { app: id, folder, of: app, kustomization, files });
            }
        }
    }
    units
}

/// For each unit the units it depends on; an edge to one that is not enabled falls away.
fn edges(units: &[Unit<'_>], conditions: &Conditions<'_>, sink: &mut Diagnostics) -> Vec<Vec<usize>> {
    let target = |edge: &str| {
        let (app, folder) = edge.split_once('/').unwrap_or((edge, "app"));
        units.iter().position(|unit| unit.app == app && unit.folder == folder)
    };
    let mut edges = Vec::with_capacity(units.len());
    for unit in units {
        let kept = unit.kustomization.depends_on.iter().filter(|edge| conditions.hold(&edge.when, sink));
        edges.push(kept.filter_map(|edge| target(&edge.on.text)).collect());
    }
    edges
}

fn report_cycle(units: &[Unit<'_>], edges: &[Vec<usize>], sink: &mut Diagnostics) {
    let mut done: BTreeSet<usize> = BTreeSet::new();
    while let Some(next) = (0..units.len())
        .find(|at| !done.contains(at) && edges[*at].iter().all(|target| done.contains(target)))
    {
        done.insert(next);
    }
    let mut stuck = (0..units.len()).filter(|at| !done.contains(at));
    if let Some(first) = stuck.next() {
        let names: Vec<String> = std::iter::once(first).chain(stuck).map(|at| units[at].name()).collect();
        let span = units[first].kustomization.depends_on.first().map(|edge| edge.on.span);
        sink.error(findings::dependency_cycle(&names, span.unwrap_or(kiln_model::Span::NONE)));
    }
}

fn health(unit: &Unit<'_>, conditions: &Conditions<'_>, sink: &mut Diagnostics) -> Value {
    let kept = unit.kustomization.health.iter().filter(|health| conditions.hold(&health.when, sink));
    list(kept.map(|health| health.item.value.clone()))
}

fn kustomization_value(unit: &Unit<'_>, edges: &[usize], units: &[Unit<'_>], health: Value) -> Value {
    let depends_on = edges.iter().map(|at| {
        mapping(
            &Map::new(),
            [("name", text(&units[*at].name())), ("namespace", text(&units[*at].of.namespace))],
        )
    });
    mapping(
        &unit.kustomization.extra,
        [
            ("folder", text(unit.folder)),
            ("name", text(&unit.name())),
            ("depends_on", list(depends_on)),
            ("health", health),
            ("files", list(unit.files.iter().map(|(name, _)| text(name)))),
        ],
    )
}

fn app_value(id: &str, app: &App, pack: &Pack, kustomizations: Value) -> Value {
    let chart = app.chart.as_ref().and_then(|chart| {
        let entry = pack.versions.get("charts")?.get(&chart.text)?.as_map()?;
        Some(mapping(entry, [("id", text(&chart.text))]))
    });
    let levels = [app.pod_security.enforce, app.pod_security.audit, app.pod_security.warn];
    mapping(
        &app.extra,
        [
            ("id", text(id)),
            ("namespace", text(&app.namespace)),
            ("pod_security", pod_security(levels)),
            ("chart", chart.unwrap_or(Value::Null)),
            ("kustomizations", kustomizations),
        ],
    )
}

fn pod_security([enforce, audit, warn]: [Level; 3]) -> Value {
    mapping(
        &Map::new(),
        [("enforce", text(enforce.name())), ("audit", text(audit.name())), ("warn", text(warn.name()))],
    )
}

/// The namespaces of the enabled apps; each level is the least strict that one of its apps
/// can live with.
fn namespaces(pack: &Pack, apps: &BTreeMap<&str, Value>) -> Value {
    let mut names: BTreeMap<&str, ([Level; 3], Vec<Value>)> = BTreeMap::new();
    for (id, value) in apps {
        let app = &pack.apps[*id];
        let levels = [app.pod_security.enforce, app.pod_security.audit, app.pod_security.warn];
        let (least, own) = names.entry(&app.namespace).or_insert((levels, Vec::new()));
        for (least, level) in least.iter_mut().zip(levels) {
            *least = level.min(*least);
        }
        own.push(value.clone());
    }
    list(names.into_iter().map(|(name, (levels, apps))| {
        mapping(
            &Map::new(),
            [
                ("name", text(name)),
                ("pod_security", pod_security(levels)),
                ("apps", Value::List(apps.into_iter().map(node).collect::<Vec<Node>>())),
            ],
        )
    }))
}
