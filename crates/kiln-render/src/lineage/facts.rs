//! What the lists of apps depend on.

use std::collections::BTreeMap;

use kiln_jinja::{Engine, Scope};
use kiln_model::Value;
use kiln_pack::{App, Expr, Kustomization, Pack};

use super::{Condition, Names, Part, Reading};

/// The conditions of all apps, evaluated.
pub(super) struct Facts<'a> {
    apps: BTreeMap<&'a str, AppFacts<'a>>,
}

struct AppFacts<'a> {
    app: &'a App,
    when: Tested,
    units: BTreeMap<&'a str, UnitFacts<'a>>,
}

struct UnitFacts<'a> {
    kustomization: &'a Kustomization,
    when: Tested,
    files: BTreeMap<&'a str, Tested>,
    edges: Vec<(&'a str, Tested)>,
    health: Names,
}

/// A condition, evaluated.
struct Tested {
    holds: bool,
    names: Names,
}

impl Tested {
    fn new(expr: &Expr, engine: &Engine, scope: &Scope) -> Tested {
        if expr.is_always() {
            return Tested { holds: true, names: Names::new() };
        }
        let (value, used) = engine.observe(&expr.text, scope);
        let holds = matches!(value, Ok(evaluated) if matches!(evaluated.value, Value::Bool(true)));
        Tested { holds, names: used.names.iter().map(ToString::to_string).collect() }
    }
}

impl<'a> Facts<'a> {
    pub(super) fn new(pack: &'a Pack, engine: &Engine, scope: &Scope) -> Facts<'a> {
        let test = |expr: &Expr| Tested::new(expr, engine, scope);
        let unit = |kustomization: &'a Kustomization| UnitFacts {
            kustomization,
            when: test(&kustomization.when),
            files: kustomization.files.iter().map(|(name, it)| (name.as_str(), test(&it.when))).collect(),
            edges: kustomization.depends_on.iter().map(|it| (it.on.text.as_str(), test(&it.when))).collect(),
            health: kustomization.health.iter().flat_map(|it| test(&it.when).names).collect(),
        };
        let facts = |app: &'a App| AppFacts {
            app,
            when: test(&app.when),
            units: app.kustomizations.iter().map(|(folder, it)| (folder.as_str(), unit(it))).collect(),
        };
        Facts { apps: pack.apps.iter().map(|(id, app)| (id.as_str(), facts(app))).collect() }
    }

    /// What all lists depend on.
    pub(super) fn all(&self) -> Names {
        self.apps.values().flat_map(|app| self.value(app)).collect()
    }

    /// What an item of a list depends on; `None` if that is none of the lists of apps.
    pub(super) fn item(&self, list: &str, item: &Value) -> Option<Names> {
        match list {
            "namespaces" => Some(self.of_namespace(item).flat_map(|app| self.value(app)).collect()),
            _ => self.apps.get(app_of(list, item)?).map(|app| self.value(app)),
        }
    }

    /// What it depends on whether a list has an item.
    pub(super) fn presence(&self, list: &str, item: &Value) -> Option<Names> {
        if list == "namespaces" {
            return Some(self.of_namespace(item).flat_map(AppFacts::existence).collect());
        }
        let app = self.apps.get(app_of(list, item)?)?;
        let unit = || app.units.get(folder_of(item)?);
        Some(match list {
            "apps" => app.existence(),
            _ if !app.when.holds => app.when.names.clone(),
            "app_kustomizations" => app.when.names.iter().cloned().chain(unit()?.existence()).collect(),
            _ => {
                let unit = unit()?;
                let file = unit.files.get(file_of(item)?).filter(|_| unit.when.holds);
                let names = [&app.when.names, &unit.when.names].into_iter().chain(file.map(|it| &it.names));
                names.flatten().cloned().collect()
            }
        })
    }

    /// The conditions that were asked for an item.
    pub(super) fn conditions(&self, list: &str, item: &Value) -> Vec<Condition> {
        let Some((id, app)) = app_of(list, item).and_then(|id| self.apps.get_key_value(id)) else {
            return Vec::new();
        };
        let condition = |part: Part, expr: &Expr, tested: &Tested| Condition {
            part,
            expr: expr.clone(),
            reading: Reading { names: tested.names.clone(), listed: Names::new() },
        };
        let id = (*id).to_owned();
        let mut found = vec![condition(Part::App(id.clone()), &app.app.when, &app.when)];
        if let Some((folder, unit)) = folder_of(item).and_then(|folder| app.units.get_key_value(folder)) {
            let folder = (*folder).to_owned();
            let part = Part::Kustomization(id.clone(), folder.clone());
            found.push(condition(part, &unit.kustomization.when, &unit.when));
            if let Some(name) = file_of(item)
                && let (Some(file), Some(tested)) = (unit.kustomization.files.get(name), unit.files.get(name))
            {
                found.push(condition(Part::File(id, folder, name.to_owned()), &file.when, tested));
            }
        }
        found.retain(|it| !it.expr.is_always());
        found
    }

    /// What the value of an app depends on: its Kustomizations with their files, their health, and
    /// the Kustomizations they come after.
    fn value(&self, app: &AppFacts<'_>) -> Names {
        let mut names = app.when.names.clone();
        for unit in app.units.values().filter(|_| app.when.holds) {
            names.extend(unit.when.names.iter().cloned());
            if unit.when.holds {
                names.extend(unit.files.values().flat_map(|file| file.names.iter().cloned()));
                names.extend(unit.health.iter().cloned());
                names.extend(unit.edges.iter().flat_map(|(target, tested)| self.edge(target, tested)));
            }
        }
        names
    }

    /// What an edge depends on: its condition, and whether its target is there.
    fn edge(&self, target: &str, tested: &Tested) -> Names {
        let mut names = tested.names.clone();
        let (id, folder) = target.split_once('/').unwrap_or((target, "app"));
        if let Some(app) = self.apps.get(id).filter(|_| tested.holds) {
            names.extend(app.when.names.iter().cloned());
            let unit = app.units.get(folder).filter(|_| app.when.holds);
            names.extend(unit.map(UnitFacts::existence).unwrap_or_default());
        }
        names
    }

    fn of_namespace(&self, item: &Value) -> impl Iterator<Item = &AppFacts<'a>> {
        let name = field(item, &["name"]).unwrap_or_default().to_owned();
        self.apps.values().filter(move |app| app.app.namespace == name)
    }
}

impl AppFacts<'_> {
    /// What it depends on whether the app has a Kustomization.
    fn existence(&self) -> Names {
        let unit = |unit: &UnitFacts<'_>| (unit.is_there(), unit.existence());
        let units = self.units.values().filter(|_| self.when.holds).map(unit);
        self.when.names.iter().cloned().chain(one_of(units)).collect()
    }
}

impl UnitFacts<'_> {
    /// Whether the Kustomization has a file.
    fn is_there(&self) -> bool {
        self.when.holds && self.files.values().any(|file| file.holds)
    }

    /// What that depends on.
    fn existence(&self) -> Names {
        let files = self.files.values().filter(|_| self.when.holds);
        let files = files.map(|file| (file.holds, file.names.clone()));
        self.when.names.iter().cloned().chain(one_of(files)).collect()
    }
}

/// What it depends on whether there is one of several, each with whether it is there: on nothing
/// if one of them always is.
fn one_of(all: impl Iterator<Item = (bool, Names)>) -> Names {
    let all: Vec<(bool, Names)> = all.collect();
    let is_certain = all.iter().any(|(is_there, names)| *is_there && names.is_empty());
    if is_certain { Names::new() } else { all.into_iter().flat_map(|(_, names)| names).collect() }
}

/// The id of the app that an item of a list is about.
pub(super) fn app_of<'v>(list: &str, item: &'v Value) -> Option<&'v str> {
    match list {
        "apps" => field(item, &["id"]),
        "app_kustomizations" | "app_files" => field(item, &["app", "id"]),
        _ => None,
    }
}

/// The folder of the Kustomization that an item is about.
pub(super) fn folder_of(item: &Value) -> Option<&str> {
    field(item, &["kustomization", "folder"])
}

/// The name of the file that an item is about.
pub(super) fn file_of(item: &Value) -> Option<&str> {
    field(item, &["name"])
}

fn field<'v>(item: &'v Value, path: &[&str]) -> Option<&'v str> {
    let Value::Map(map) = item else { return None };
    let (first, rest) = path.split_first()?;
    let node = map.get(first)?;
    rest.iter().try_fold(node, |node, key| node.get(key))?.as_str()
}
