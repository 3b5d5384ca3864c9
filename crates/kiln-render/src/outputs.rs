//! The set of outputs.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use kiln_jinja::{Engine, Scope};
use kiln_model::{Diagnostics, Map, Sources, Span};
use kiln_pack::{Expr, Generate, OverrideFile, Pack};

use crate::graph::{Conditions, graph};
use crate::path::Problem;
use crate::{findings, path};

/// An output that will be rendered.
pub struct Output {
    /// Its path under the output root, with `/` separators.
    pub path: String,
    /// The name of the template, as the engine knows it; `None` for a file that is taken as
    /// it is.
    pub template: Option<String>,
    pub(crate) text: Option<String>,
    /// Which entry of `[[generate]]` it is made for; `None` for a file of the project that is an
    /// output of its own.
    pub(crate) entry: Option<usize>,
    /// Where the template starts.
    pub(crate) start: Span,
    /// Where the output's path is decided.
    pub(crate) decided: Span,
    pub(crate) scope: Scope,
}

impl Output {
    /// Where its template starts; [`Span::NONE`] if it has none.
    pub fn start(&self) -> Span {
        self.start
    }

    /// The names that its template sees.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }
}

/// Decides which outputs there will be, sorted by path.
///
/// An entry that cannot be decided is reported and left out.
pub fn outputs(
    data: &Map,
    pack: &Pack,
    engine: &Engine,
    sources: &Sources,
    sink: &mut Diagnostics,
) -> Vec<Output> {
    let scope = Scope::new(data);
    let graph = graph(pack, &Conditions { engine, scope: &scope, sources, are_met: false }, sink);
    let mut scope = scope;
    graph.add_to(&mut scope);
    let mut set = OutputSet { pack, engine, sources, found: BTreeMap::new() };
    for (entry, generate) in pack.generate.values().enumerate() {
        set.generate(entry, generate, &scope, sink);
    }
    for (path, file) in &pack.overrides {
        set.add_override(path, file, &scope, sink);
    }
    set.refuse_collisions(sink);
    set.found.into_values().collect()
}

/// Reports every output that would replace a file that kiln reads: `is_input` says so of a
/// path under the output root.
pub fn refuse_inputs(outputs: &[Output], is_input: impl Fn(&str) -> bool, sink: &mut Diagnostics) {
    for output in outputs.iter().filter(|output| is_input(&output.path)) {
        sink.error(findings::output_is_input(&output.path, output.decided));
    }
}

/// The names of the outputs by the folder they are directly in.
pub fn folders(outputs: &[Output]) -> BTreeMap<String, Vec<String>> {
    let mut folders: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for output in outputs {
        let (folder, name) = output.path.rsplit_once('/').unwrap_or(("", &output.path));
        folders.entry(folder.to_owned()).or_default().push(name.to_owned());
    }
    folders
}

struct OutputSet<'a> {
    pack: &'a Pack,
    engine: &'a Engine,
    sources: &'a Sources,
    found: BTreeMap<String, Output>,
}

impl OutputSet<'_> {
    fn generate(&mut self, entry: usize, generate: &Generate, scope: &Scope, sink: &mut Diagnostics) {
        let Some((each, name)) = &generate.each else {
            self.decide(entry, generate, scope.clone(), sink);
            return;
        };
        match self.engine.items(&each.text, scope) {
            Ok(items) => {
                for item in items {
                    self.decide(entry, generate, scope.with(name.as_str(), &item.value), sink);
                }
            }
            Err(failure) => failure.report("render", each.span, self.sources, sink),
        }
    }

    fn decide(&mut self, entry: usize, generate: &Generate, mut scope: Scope, sink: &mut Diagnostics) {
        if !self.bind(&generate.bind, &mut scope, sink) {
            return;
        }
        let conditions =
            Conditions { engine: self.engine, scope: &scope, sources: self.sources, are_met: false };
        if !conditions.hold(&generate.when, sink) {
            return;
        }
        let (Some(path), Some(template)) =
            (self.text(&generate.path, &scope, sink), self.text(&generate.template, &scope, sink))
        else {
            return;
        };
        let start = match self.pack.templates.get(&template) {
            Some(template) => Span::new(template.source, 0, 0),
            // A file of the project stands for the output and needs no template beside it.
            None if self.pack.overrides.contains_key(&path) => Span::NONE,
            None => {
                let known = self.pack.templates.keys().map(String::as_str);
                sink.error(findings::no_template(&template, known, generate.template.span));
                return;
            }
        };
        let (template, decided) = (Some(template), generate.path.span);
        self.add(Output { path, template, text: None, entry: Some(entry), start, decided, scope }, sink);
    }

    fn bind(&self, bind: &IndexMap<String, Expr>, scope: &mut Scope, sink: &mut Diagnostics) -> bool {
        for (name, expr) in bind {
            match self.engine.eval(&expr.text, scope) {
                Ok(evaluated) => scope.set(name.as_str(), &evaluated.value),
                Err(failure) => {
                    failure.report("render", expr.span, self.sources, sink);
                    return false;
                }
            }
        }
        true
    }

    /// A path or template name; neither may depend on a secret.
    fn text(&self, expr: &Expr, scope: &Scope, sink: &mut Diagnostics) -> Option<String> {
        match self.engine.render_text(&expr.text, scope) {
            Ok(printed) => match printed.reveals.first() {
                None => Some(printed.text.to_string()),
                Some(secret) => {
                    sink.error(findings::secret_in_path(secret.label(), expr.span));
                    None
                }
            },
            Err(failure) => {
                failure.report("render", expr.span, self.sources, sink);
                None
            }
        }
    }

    fn add(&mut self, output: Output, sink: &mut Diagnostics) {
        if let Err(problem) = path::check(&output.path) {
            match problem {
                Problem::Outside => sink.error(findings::path_outside_root(&output.path, output.decided)),
                Problem::Unusable(why) => sink.error(findings::bad_path(&output.path, why, output.decided)),
            };
            return;
        }
        if let Some(first) = self.found.get(&output.path) {
            sink.error(findings::duplicate_path(&output.path, first.decided, output.decided));
            return;
        }
        self.found.insert(output.path.clone(), output);
    }

    /// A file of the project replaces the output of its path, or is an output of its own.
    fn add_override(&mut self, path: &str, file: &OverrideFile, scope: &Scope, sink: &mut Diagnostics) {
        let start = Span::new(file.template.source, 0, 0);
        let template = file.is_template.then(|| format!("{path}.j2"));
        let text = (!file.is_template).then(|| file.template.text.clone());
        let stands_elsewhere = file.replaces_template || self.is_used(template.as_deref());
        match self.found.get_mut(path) {
            Some(output) => {
                output.template = template;
                output.text = text;
                output.start = start;
            }
            None if stands_elsewhere => {}
            None => {
                let (path, scope) = (path.to_owned(), scope.clone());
                self.add(Output { path, template, text, entry: None, start, decided: start, scope }, sink);
            }
        }
    }

    /// Whether an output is made from this template.
    fn is_used(&self, template: Option<&str>) -> bool {
        template.is_some() && self.found.values().any(|output| output.template.as_deref() == template)
    }

    /// Names that differ in case alone are one file on some systems.
    fn refuse_collisions(&self, sink: &mut Diagnostics) {
        let mut seen: BTreeMap<String, &Output> = BTreeMap::new();
        for output in self.found.values() {
            if let Some(first) = seen.insert(output.path.to_lowercase(), output) {
                sink.error(findings::case_collision(
                    &first.path,
                    &output.path,
                    first.decided,
                    output.decided,
                ));
            }
        }
    }
}
