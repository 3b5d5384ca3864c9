//! Includes and imports.

use std::any::Any;
use std::sync::Arc;

use indexmap::IndexMap;
use kiln_model::nearest;
use kiln_python::{Fault, FaultKind, Object, Py, Result, UndefinedMode};
use minijinja::value::{Rest, Value};
use minijinja::{Environment, Error};

use super::bridge::{given, lowered, raise, to_py};
use super::context::{Context, context, lock, undefined};
use crate::ambient::Ambient;
use crate::lower::program::Unit;

/// A template that was run for what it exports.
pub(crate) struct Module {
    name: Arc<str>,
    text: Arc<str>,
    exports: IndexMap<Arc<str>, Py>,
}

pub(super) fn register(engine: &mut Environment<'static>) {
    engine.add_function("include", |c: &Value, name: &Value, ignores_missing: bool, names: Rest<Value>| {
        let context = context(c)?;
        let unit = found(unit_of_any(&context, &given(name)), ignores_missing);
        let Some(unit) = unit.map_err(raise)? else { return Ok(String::new()) };
        context.included(&unit, locals(&names)).run_function(&unit, 0, Vec::new()).map_err(raise)
    });
    engine.add_function("include_module", |c: &Value, name: &Value, ignores_missing: bool| {
        let context = context(c)?;
        let unit = found(unit_of_any(&context, &given(name)), ignores_missing);
        let Some(unit) = unit.map_err(raise)? else { return Ok(Value::from("")) };
        Ok::<_, Error>(Value::from(Arc::clone(&module(&context, &unit).map_err(raise)?.text)))
    });
    engine.add_function("import", |c: &Value, name: &Value| {
        let context = context(c)?;
        let module = unit_of(&context, &given(name)).and_then(|unit| module(&context, &unit));
        lowered(module.map(|module| Py::Object(module)))
    });
    engine.add_function("import_with", |c: &Value, name: &Value, names: Rest<Value>| {
        let context = context(c)?;
        let module = unit_of(&context, &given(name))
            .and_then(|unit| run(&context.included(&unit, locals(&names)), &unit));
        lowered(module.map(Py::object))
    });
    engine.add_function("imported", |c: &Value, module: &Value, name: &str| {
        let mode = context(c)?.undefined_mode();
        let module = given(module);
        lowered(Ok(module.downcast::<Module>().map_or(Py::None, |module| {
            module.member(name).unwrap_or_else(|| not_exported(mode, module, name))
        })))
    });
}

fn not_exported(mode: UndefinedMode, module: &Module, name: &str) -> Py {
    let of = &module.name;
    let near = nearest(name, module.exports.keys().map(|it| &**it));
    let help =
        near.map_or("define it there, at the top level".to_owned(), |near| format!("did you mean `{near}`?"));
    undefined(mode, format!("the template `{of}` does not export the requested name `{name}`"), help)
}

/// Names and values as a program writes them; what has no value is left out.
pub(super) fn locals(names: &[Value]) -> IndexMap<Arc<str>, Py> {
    let pairs = names.chunks_exact(2);
    pairs.filter_map(|pair| Some((pair[0].to_str()?, to_py(&pair[1])?))).collect()
}

/// The template of a name.
pub(super) fn unit_of(context: &Context, name: &Py) -> Result<Arc<Unit>> {
    let Some(text) = name.as_str() else {
        name.truth()?;
        return Err(not_a_name(name));
    };
    let unit = context.run.shared.unit(text)?;
    context.run.tracker.use_template(text);
    unit.ok_or_else(|| {
        Fault::new(FaultKind::TemplateNotFound, format!("there is no such template: `{text}`"))
            .or_discreetly("there is no template of this name")
            .coded("template-not-found")
            .about(text)
    })
}

fn not_a_name(value: &Py) -> Fault {
    let found = value.type_name();
    let fault =
        Fault::type_error(format!("the name of a template is text, and this is a value of type `{found}`"));
    match value {
        Py::None => fault.help("test the value with `is not none` first"),
        _ => fault.help("give the name of a template, or a list of names"),
    }
}

/// The template of a name, or of the first name of a list that there is.
fn unit_of_any(context: &Context, names: &Py) -> Result<Arc<Unit>> {
    if let Py::Undefined(undefined) = names {
        return Err(undefined.fault());
    }
    if names.as_str().is_some() {
        return unit_of(context, names);
    }
    let none = |message: &str, help: &str| {
        Fault::new(FaultKind::TemplateNotFound, message).coded("template-not-found").help(help)
    };
    if matches!(names, Py::None) {
        return Err(none("`none` names no template", "test the value with `is not none` first"));
    }
    if !names.truth()? {
        return Err(none("the list names no template", "name one, or add `ignore missing`"));
    }
    let has_no_items =
        |fault: Fault| if fault.kind() == FaultKind::TypeError { not_a_name(names) } else { fault };
    for name in names.iter().map_err(has_no_items)? {
        let name = name?;
        // There is no template by any other name.
        if name.as_str().is_none() {
            continue;
        }
        match unit_of(context, &name) {
            Err(fault) if fault.kind() == FaultKind::TemplateNotFound => {}
            found => return found,
        }
    }
    // Jinja2 names the last of them, which it can only find in a sequence.
    match names.item(&Py::Int(-1))? {
        Some(_) => Err(none("there is none of these templates", "add `ignore missing`, if it may be so")),
        None => Err(Fault::type_error("names of templates are a list, of which there is a last")),
    }
}

fn found(unit: Result<Arc<Unit>>, ignores_missing: bool) -> Result<Option<Arc<Unit>>> {
    match unit {
        Err(fault) if ignores_missing && fault.kind() == FaultKind::TemplateNotFound => Ok(None),
        unit => unit.map(Some),
    }
}

/// The module of a template that sees globals alone: run once, if modules are kept.
fn module(context: &Arc<Context>, unit: &Arc<Unit>) -> Result<Arc<Module>> {
    if !context.run.shared.settings.keeps_modules {
        return run(&Context::new(&context.run, unit, false), unit).map(Arc::new);
    }
    if let Some(module) = lock(&context.run.modules).get(&unit.name) {
        return Ok(Arc::clone(module));
    }
    let module = Arc::new(run(&Context::new(&context.run, unit, false), unit)?);
    lock(&context.run.modules).insert(Arc::clone(&unit.name), Arc::clone(&module));
    Ok(module)
}

fn run(context: &Arc<Context>, unit: &Arc<Unit>) -> Result<Module> {
    let text = context.run_function(unit, 0, Vec::new())?.into();
    Ok(Module { name: Arc::clone(&unit.name), text, exports: context.exports() })
}

impl Module {
    fn member(&self, name: &str) -> Option<Py> {
        match name {
            "__name__" => Some(Py::Str(Arc::clone(&self.name))),
            _ => self.exports.get(name).cloned(),
        }
    }
}

impl Object for Module {
    fn type_name(&self) -> &str {
        "TemplateModule"
    }

    fn repr(&self) -> Result<String> {
        Ok(format!("<TemplateModule {}>", Py::Str(Arc::clone(&self.name)).repr()?))
    }

    fn str(&self) -> Result<String> {
        Ok(self.text.to_string())
    }

    fn html(&self) -> Option<Result<String>> {
        Some(self.str())
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        Ok(self.member(name))
    }

    fn attr_names(&self) -> Vec<Arc<str>> {
        self.exports.keys().cloned().collect()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
