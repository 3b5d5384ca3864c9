//! Why an output is there, and what its template used.
//!
//! It is measured: each condition is evaluated and the template is rendered once more, and the
//! engine says which names were looked up. A name that nobody looked up cannot have made a
//! difference, for nothing else goes into an output.

mod facts;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use kiln_jinja::{Engine, Scope, Used};
use kiln_model::{Diagnostics, Map, Sources, Value};
use kiln_pack::{Expr, Generate, Pack};

use self::facts::{Facts, file_of, folder_of};
use crate::graph::{Conditions, LISTS, graph};
use crate::outputs::Output;

/// Names of the document.
pub(crate) type Names = BTreeSet<String>;

/// The names of the document that something used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Those that were looked up.
    pub names: BTreeSet<String>,
    /// Those that a list of apps depends on which was looked up.
    pub listed: BTreeSet<String>,
}

impl Reading {
    fn add(&mut self, other: &Reading) {
        self.names.extend(other.names.iter().cloned());
        self.listed.extend(other.listed.iter().cloned());
    }

    fn listed(listed: Names) -> Reading {
        Reading { names: Names::new(), listed }
    }
}

/// What a condition belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The app of this id.
    App(String),
    /// The Kustomization in this folder of an app.
    Kustomization(String, String),
    /// A file of an app: app, folder and name.
    File(String, String, String),
    /// The entry of `[[generate]]` of this id.
    Entry(String),
}

/// A condition that held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What it belongs to.
    pub part: Part,
    /// The condition.
    pub expr: Expr,
    /// What it used.
    pub reading: Reading,
}

/// Why an output is there, and what its template used.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    /// The id of the entry of `[[generate]]` that it is made for; `None` for a file of the project
    /// that is an output of its own.
    pub entry: Option<String>,
    /// What it was made from a part of, if that is a part of an app.
    pub part: Option<Part>,
    /// The conditions that were asked.
    pub conditions: Vec<Condition>,
    /// What decides whether it is there, under which path, and from which template.
    pub decided: Reading,
    /// What the template used.
    pub rendered: Reading,
    /// The names that the template looked up, its own and those of the lists among them, the
    /// templates and the macros that it used.
    pub used: Used,
}

/// Finds the lineages of outputs.
pub struct Lineages<'a> {
    pack: &'a Pack,
    engine: &'a Engine,
    sources: &'a Sources,
    scope: Scope,
    facts: Facts<'a>,
    potential: OnceLock<Vec<Potential>>,
}

/// An output that there is or could be.
struct Potential {
    folder: String,
    reading: Reading,
}

/// The readings behind names that the document does not have.
type Locals = BTreeMap<String, Reading>;

/// The names of an entry, for what looks into an app and for what takes of it only what its file
/// says.
#[derive(Default)]
struct View {
    /// The scope, without what the conditions of an app decide: who looks at it fails.
    scope: Scope,
    whole: Locals,
    bare: Locals,
}

impl View {
    /// The readings behind the names, for what renders with [`View::scope`] and for what does not.
    fn locals(&self, is_bare: bool) -> &Locals {
        if is_bare { &self.bare } else { &self.whole }
    }
}

impl<'a> Lineages<'a> {
    /// Over the same data, pack and engine as the outputs.
    pub fn new(data: &Map, pack: &'a Pack, engine: &'a Engine, sources: &'a Sources) -> Lineages<'a> {
        let scope = Scope::new(data);
        let facts = Facts::new(pack, engine, &scope);
        Lineages { pack, engine, sources, scope, facts, potential: OnceLock::new() }
    }

    /// The lineage of an output.
    pub fn of(&self, output: &Output) -> Lineage {
        let mut lineage = Lineage::default();
        let mut view = View { scope: output.scope().clone(), ..View::default() };
        if let Some((id, generate)) = output.entry.and_then(|entry| self.pack.generate.get_index(entry)) {
            lineage.entry = Some(id.clone());
            view = self.view(generate, output.scope());
            self.decide(generate, output.scope(), &view, &mut lineage);
        }
        if let Some(template) = &output.template
            && let Ok(printed) = self.engine.render(template, output.scope())
        {
            let is_bare = self.engine.render(template, &view.scope).is_ok();
            lineage.rendered = self.reading(&printed.used, view.locals(is_bare));
            lineage.used = printed.used;
        }
        lineage
    }

    /// What the names of an entry stand for.
    fn view(&self, generate: &Generate, scope: &Scope) -> View {
        let mut view = View { scope: scope.clone(), ..View::default() };
        if let Some((each, name)) = &generate.each {
            let item = scope.get(name).unwrap_or(&Value::Null);
            view.scope.set(name.as_str(), &bare(item));
            view.whole.insert(name.clone(), self.item(each, item, scope));
            view.bare.insert(name.clone(), self.presence(each, item, scope));
        }
        for (name, expr) in &generate.bind {
            let (_, used) = self.engine.observe(&expr.text, scope);
            let (whole, least) = (self.reading(&used, &view.whole), self.reading(&used, &view.bare));
            view.scope.set(name.as_str(), &bare(scope.get(name).unwrap_or(&Value::Null)));
            view.whole.insert(name.clone(), whole);
            view.bare.insert(name.clone(), least);
        }
        view
    }

    /// What decided that the entry makes this output.
    fn decide(&self, generate: &Generate, scope: &Scope, view: &View, lineage: &mut Lineage) {
        if let Some((each, name)) = &generate.each {
            let item = scope.get(name).unwrap_or(&Value::Null);
            lineage.conditions = self.facts.conditions(&each.text, item);
            lineage.part = part(&each.text, item);
            lineage.decided = self.presence(each, item, scope);
        }
        if !generate.when.is_always() {
            let (_, used) = self.engine.observe(&generate.when.text, scope);
            let is_bare = self.engine.eval(&generate.when.text, &view.scope).is_ok();
            let reading = self.reading(&used, view.locals(is_bare));
            lineage.decided.add(&reading);
            let part = Part::Entry(lineage.entry.clone().unwrap_or_default());
            lineage.conditions.push(Condition { part, expr: generate.when.clone(), reading });
        }
        for text in [&generate.path, &generate.template] {
            if let Ok(printed) = self.engine.render_text(&text.text, scope) {
                let is_bare = self.engine.render_text(&text.text, &view.scope).is_ok();
                lineage.decided.add(&self.reading(&printed.used, view.locals(is_bare)));
            }
        }
    }

    /// What the item of a list is made of.
    fn item(&self, each: &Expr, item: &Value, scope: &Scope) -> Reading {
        let listed = self.facts.item(&each.text, item).map(Reading::listed);
        listed.unwrap_or_else(|| self.observed(each, scope, &Locals::new()))
    }

    /// What decides whether a list has an item.
    fn presence(&self, each: &Expr, item: &Value, scope: &Scope) -> Reading {
        let listed = self.facts.presence(&each.text, item).map(Reading::listed);
        listed.unwrap_or_else(|| self.observed(each, scope, &Locals::new()))
    }

    fn observed(&self, expr: &Expr, scope: &Scope, locals: &Locals) -> Reading {
        self.reading(&self.engine.observe(&expr.text, scope).1, locals)
    }

    /// The names of the document behind what was used.
    fn reading(&self, used: &Used, locals: &Locals) -> Reading {
        let mut reading = Reading::default();
        for name in &used.names {
            match locals.get(&**name) {
                Some(local) => reading.add(local),
                None if LISTS.contains(&&**name) => reading.listed.extend(self.facts.all()),
                None => {
                    reading.names.insert(name.to_string());
                }
            }
        }
        for (_, folder) in &used.lookups {
            let inside = self.potential().iter().filter(|it| it.folder == *folder);
            inside.for_each(|it| reading.add(&it.reading));
        }
        reading
    }

    /// All outputs that there could be if other conditions held. That a computed folder could be
    /// another one is left out: who asks for the outputs of a folder names it.
    fn potential(&self) -> &[Potential] {
        self.potential.get_or_init(|| {
            let (mut scope, mut sink) = (self.scope.clone(), Diagnostics::new());
            let conditions =
                Conditions { engine: self.engine, scope: &self.scope, sources: self.sources, are_met: true };
            graph(self.pack, &conditions, &mut sink).add_to(&mut scope);
            let mut found = Vec::new();
            for generate in self.pack.generate.values() {
                match &generate.each {
                    None => found.extend(self.potential_output(generate, scope.clone(), None)),
                    Some((each, name)) => {
                        let items = self.engine.items(&each.text, &scope).unwrap_or_default();
                        found.extend(items.iter().filter_map(|item| {
                            let scope = scope.with(name.as_str(), &item.value);
                            self.potential_output(generate, scope, Some((each, name, &item.value)))
                        }));
                    }
                }
            }
            found
        })
    }

    fn potential_output(
        &self,
        generate: &Generate,
        mut scope: Scope,
        item: Option<(&Expr, &String, &Value)>,
    ) -> Option<Potential> {
        let (mut locals, mut reading) = (Locals::new(), Reading::default());
        if let Some((each, name, item)) = item {
            reading.add(&self.presence(each, item, &scope));
            locals.insert(name.clone(), self.item(each, item, &scope));
        }
        for (name, expr) in &generate.bind {
            let (value, used) = self.engine.observe(&expr.text, &scope);
            locals.insert(name.clone(), self.reading(&used, &locals));
            scope.set(name.as_str(), &value.ok()?.value);
        }
        let printed = self.engine.render_text(&generate.path.text, &scope).ok()?;
        reading.add(&self.reading(&printed.used, &locals));
        reading.add(&self.observed(&generate.when, &scope, &locals));
        let folder = printed.text.rsplit_once('/').map_or("", |(folder, _)| folder);
        Some(Potential { folder: folder.to_owned(), reading })
    }
}

/// The fields of apps, Kustomizations and namespaces that conditions decide.
const DECIDED: [&str; 5] = ["kustomizations", "depends_on", "health", "files", "apps"];

/// An item of one of the lists without what conditions decide.
fn bare(item: &Value) -> Value {
    let Value::Map(map) = item else { return item.clone() };
    let mut map = map.clone();
    for (name, entry) in map.iter_mut() {
        entry.node.value = if DECIDED.contains(&name) { Value::Invalid } else { bare(&entry.node.value) };
    }
    Value::Map(map)
}

/// The part of an app that an item of one of the lists stands for.
fn part(list: &str, item: &Value) -> Option<Part> {
    let app = || facts::app_of(list, item).map(str::to_owned);
    match list {
        "apps" => Some(Part::App(app()?)),
        "app_kustomizations" => Some(Part::Kustomization(app()?, folder_of(item)?.to_owned())),
        "app_files" => Some(Part::File(app()?, folder_of(item)?.to_owned(), file_of(item)?.to_owned())),
        _ => None,
    }
}
