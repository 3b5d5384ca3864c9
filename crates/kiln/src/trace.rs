//! What another engine would need to repeat a run.

use std::collections::BTreeMap;

use kiln_jinja::{Engine, Scope};
use kiln_model::{Map, Node, Value};
use kiln_pack::{Expr, Pack};

use crate::pipeline::{self, Prepared};
use crate::report::{Report, Request};

/// Every template and expression of a run, with the names it saw and what it gave: what it
/// takes to hold kiln against another implementation of Jinja2. It contains secrets.
#[non_exhaustive]
pub struct Trace {
    /// Start and end of blocks, variables and comments.
    pub delimiters: [(String, String); 3],
    /// The pack's function aliases.
    pub functions: Vec<TracedFunction>,
    /// What the function `outputs` gives, by folder.
    pub outputs: BTreeMap<String, Vec<String>>,
    /// Every template, by name.
    pub templates: BTreeMap<String, String>,
    /// What was rendered.
    pub texts: Vec<TracedText>,
    /// What was evaluated.
    pub values: Vec<TracedValue>,
}

/// A function alias.
#[non_exhaustive]
pub struct TracedFunction {
    /// Its name.
    pub name: String,
    /// The names of its parameters.
    pub params: Vec<String>,
    /// The expression it stands for.
    pub value: String,
}

/// A template or text that was rendered.
#[non_exhaustive]
pub struct TracedText {
    /// What it is for: the path of an output, or the place of the text in the pack.
    pub id: String,
    /// The name of the template; `None` for a text that has no name, such as a path.
    pub template: Option<String>,
    /// The text of the template.
    pub source: String,
    /// The names it saw.
    pub context: Map,
    /// What it gave.
    pub expected: String,
}

/// An expression that was evaluated.
#[non_exhaustive]
pub struct TracedValue {
    /// The place of the expression in the pack.
    pub id: String,
    /// The expression.
    pub expression: String,
    /// The names it saw.
    pub context: Map,
    /// What it gave.
    pub expected: Value,
}

/// Runs a project up to its outputs and gives everything that was rendered and evaluated.
///
/// Expressions of `derive` and `checks` are evaluated over the final data, where their `when`
/// holds; those that fail there, such as the message of a rule about a key that is not set, are
/// left out.
///
/// # Errors
/// The report of the run, if the project has errors.
pub fn trace(request: &Request<'_>) -> Result<Trace, Box<Report>> {
    let mut report = Report::default();
    let prepared = match pipeline::prepare(request, &mut report) {
        Ok(prepared) if !report.diagnostics.has_errors() => prepared,
        _ => return Err(Box::new(report)),
    };
    let Prepared { pack, engine, data, outputs, .. } = &prepared;
    let mut tracer = Tracer { engine, texts: Vec::new(), values: Vec::new() };
    tracer.data(pack, data);
    tracer.apps(pack, &Scope::new(data));
    if let Some(output) = outputs.first() {
        tracer.generate(pack, output.scope());
    }
    for output in outputs {
        if let Some(name) = &output.template {
            tracer.template(&output.path, name, output.scope());
        }
    }
    Ok(Trace {
        delimiters: delimiters(pack),
        functions: functions(pack),
        outputs: kiln_render::folders(outputs),
        templates: pack.templates.iter().map(|(name, it)| (name.clone(), it.text.clone())).collect(),
        texts: tracer.texts,
        values: tracer.values,
    })
}

struct Tracer<'a> {
    engine: &'a Engine,
    texts: Vec<TracedText>,
    values: Vec<TracedValue>,
}

impl Tracer<'_> {
    fn data(&mut self, pack: &Pack, data: &Map) {
        let scope = Scope::new(data);
        for (id, file) in &pack.secrets {
            self.value(&format!("secret {id} when"), &file.when, &scope);
        }
        if let Some(sops) = &pack.sops {
            self.value("sops identity", &sops.identity, &scope);
        }
        for (id, derive) in &pack.derive {
            let list = derive.each.as_ref().map(|(list, name)| (data.get(list), name.as_str()));
            for (at, scope) in scopes(&scope, list).iter().enumerate() {
                if self.holds(&format!("derive {id} #{at}"), &derive.when, scope) {
                    self.value(&format!("derive {id} #{at} value"), &derive.value, scope);
                }
            }
        }
        for (id, rule) in &pack.checks {
            let list = rule.each.as_ref().map(|(each, name)| (data.get(&each.text), name.as_str()));
            for (at, scope) in scopes(&scope, list).iter().enumerate() {
                if !self.holds(&format!("check {id} #{at}"), &rule.when, scope) {
                    continue;
                }
                self.value(&format!("check {id} #{at} assert"), &rule.assert, scope);
                for text in
                    [Some(&rule.message), rule.label.as_ref(), rule.help.as_ref()].into_iter().flatten()
                {
                    self.text(&format!("check {id} #{at}"), text, scope);
                }
            }
        }
    }

    fn apps(&mut self, pack: &Pack, scope: &Scope) {
        for (id, app) in &pack.apps {
            self.value(&format!("app {id} when"), &app.when, scope);
            for (folder, kustomization) in &app.kustomizations {
                let id = format!("app {id}/{folder}");
                self.value(&format!("{id} when"), &kustomization.when, scope);
                for (name, file) in &kustomization.files {
                    self.value(&format!("{id}/{name} when"), &file.when, scope);
                }
                let edges = kustomization.depends_on.iter().map(|edge| &edge.when);
                for when in edges.chain(kustomization.health.iter().map(|health| &health.when)) {
                    self.value(&format!("{id} edge or health when"), when, scope);
                }
            }
        }
    }

    fn generate(&mut self, pack: &Pack, scope: &Scope) {
        for (id, generate) in &pack.generate {
            let mut list = None;
            if let Some((each, name)) = &generate.each {
                let items = self.value(&format!("generate {id} each"), each, scope);
                list = Some((items.map(|value| Node { value, origin: kiln_model::Origin::Default }), name));
            }
            let list = list.as_ref().map(|(node, name)| (node.as_ref(), name.as_str()));
            for (at, mut scope) in scopes(scope, list).into_iter().enumerate() {
                let id = format!("generate {id} #{at}");
                for (name, bound) in &generate.bind {
                    if let Some(value) = self.value(&format!("{id} bind {name}"), bound, &scope) {
                        scope.set(name.as_str(), &value);
                    }
                }
                self.value(&format!("{id} when"), &generate.when, &scope);
                self.text(&format!("{id} path"), &generate.path, &scope);
                self.text(&format!("{id} template"), &generate.template, &scope);
            }
        }
    }

    fn holds(&mut self, id: &str, when: &Expr, scope: &Scope) -> bool {
        !matches!(self.value(&format!("{id} when"), when, scope), Some(Value::Bool(false)))
    }

    fn value(&mut self, id: &str, expr: &Expr, scope: &Scope) -> Option<Value> {
        if expr.is_always() {
            return None;
        }
        let expected = self.engine.eval(&expr.text, scope).ok()?.value;
        self.values.push(TracedValue {
            id: id.to_owned(),
            expression: expr.text.clone(),
            context: scope.values(),
            expected: expected.clone(),
        });
        Some(expected)
    }

    fn text(&mut self, id: &str, expr: &Expr, scope: &Scope) {
        if let Ok(printed) = self.engine.render_text(&expr.text, scope) {
            self.push(id, None, &expr.text, &printed.text, scope);
        }
    }

    fn template(&mut self, path: &str, name: &str, scope: &Scope) {
        if let Ok(printed) = self.engine.render(name, scope) {
            self.push(path, Some(name), "", &printed.text, scope);
        }
    }

    fn push(&mut self, id: &str, template: Option<&str>, source: &str, expected: &str, scope: &Scope) {
        self.texts.push(TracedText {
            id: id.to_owned(),
            template: template.map(str::to_owned),
            source: source.to_owned(),
            context: scope.values(),
            expected: expected.to_owned(),
        });
    }
}

/// The scope, or one per item of a list.
fn scopes(scope: &Scope, list: Option<(Option<&Node>, &str)>) -> Vec<Scope> {
    match list {
        None => vec![scope.clone()],
        Some((node, name)) => {
            let items = node.and_then(Node::as_list).unwrap_or(&[]);
            items.iter().map(|item| scope.with(name, &item.value)).collect()
        }
    }
}

fn delimiters(pack: &Pack) -> [(String, String); 3] {
    let jinja = kiln_jinja::Syntax::default();
    let or = |own: &Option<(String, String)>, default| own.clone().unwrap_or(default);
    [
        or(&pack.syntax.block, jinja.block),
        or(&pack.syntax.variable, jinja.variable),
        or(&pack.syntax.comment, jinja.comment),
    ]
}

fn functions(pack: &Pack) -> Vec<TracedFunction> {
    let function = |(name, function): (&String, &kiln_pack::Function)| TracedFunction {
        name: name.clone(),
        params: function.params.clone(),
        value: function.value.text.clone(),
    };
    pack.functions.iter().map(function).collect()
}
