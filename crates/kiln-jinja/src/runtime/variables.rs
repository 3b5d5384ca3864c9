//! Names, variables and cells.

use std::sync::{Arc, Mutex};

use kiln_python::{Fault, FaultKind, Py, Undefined, UndefinedMode, meter};
use minijinja::value::{Object, Rest, Value};
use minijinja::{Environment, Error};

use super::bridge::{given, lowered, raise, to_py, to_value};
use super::context::{context, lock, running, undefined};

/// A variable that several functions share.
#[derive(Debug, Default)]
struct Cell(Mutex<Value>);

impl Object for Cell {}

pub(super) fn register(engine: &mut Environment<'static>, mode: UndefinedMode) {
    engine
        .add_function("resolve", |c: &Value, name: &str| Ok::<_, Error>(to_value(context(c)?.resolve(name))));
    engine.add_function("here", |c: &Value, number: usize, value: &Value, roots: Rest<Value>| {
        let running = running(c)?;
        if let Some(mut trace) = running.context.run.tracker.trace() {
            let roots: Vec<Option<Py>> = roots.iter().map(to_py).collect();
            let text = to_py(value);
            let text = text.as_ref().and_then(|text| match text {
                Py::Str(text) | Py::Markup(text) => Some(&**text),
                _ => None,
            });
            trace.print_next(&running.unit, number, text, &roots);
        }
        Ok::<_, Error>(value.clone())
    });
    engine.add_function("find", |c: &Value, name: &str| {
        Ok::<_, Error>(context(c)?.find(name).map_or(Value::UNDEFINED, to_value))
    });
    engine.add_function("either", |c: &Value, value: &Value, name: &str| {
        if value.is_undefined() {
            Ok(to_value(context(c)?.resolve(name)))
        } else {
            Ok::<_, Error>(value.clone())
        }
    });
    engine.add_function("named", move |value: &Value, name: &str| {
        if value.is_undefined() {
            to_value(Py::Undefined(Arc::new(Undefined::name(mode, name))))
        } else {
            value.clone()
        }
    });
    engine.add_function("not_provided", move |name: &str| {
        let help = "give it a value where the macro is called, or a default where it is defined";
        to_value(undefined(mode, format!("parameter '{name}' was not provided"), help))
    });
    engine.add_function("no_else", || {
        let hint = "the inline `if` was false and has no `else`";
        to_value(undefined(UndefinedMode::Default, hint, "write what it gives then, after `else`"))
    });
    engine.add_function("is_missing", |value: &Value| value.is_undefined());
    register_cells(engine);
    engine.add_function("export", |c: &Value, name: &str, value: &Value| remember(c, name, value, true));
    engine.add_function("remember", |c: &Value, name: &str, value: &Value| remember(c, name, value, false));
    engine.add_function("unpack", |count: usize, value: &Value| unpack(count, &given(value)));
    engine.add_function("part", |parts: &Value, at: usize| parts.get_item_by_index(at));
    engine.add_function("namespace_of", |value: &Value| match given(value) {
        Py::Object(object) if object.type_name() == "Namespace" => Ok(()),
        _ => Err(raise(no_namespace())),
    });
    engine.add_function("set_attr", |target: &Value, name: &str, value: &Value| match given(target) {
        Py::Object(object) => lowered(object.set_attr(name, given(value)).map(|()| Py::None)),
        _ => Err(raise(no_namespace())),
    });
}

fn register_cells(engine: &mut Environment<'static>) {
    engine.add_function("cell", |first: Rest<Value>| {
        Value::from_object(Cell(Mutex::new(first.first().cloned().unwrap_or(Value::UNDEFINED))))
    });
    engine.add_function("put", |cell: &Value, value: &Value| {
        if let Some(cell) = cell.downcast_object_ref::<Cell>() {
            let old = std::mem::replace(&mut *lock(&cell.0), value.clone());
            drop(old);
        }
    });
    engine.add_function("got", |cell: &Value| {
        cell.downcast_object_ref::<Cell>().map_or(Value::UNDEFINED, |cell| lock(&cell.0).clone())
    });
}

fn remember(c: &Value, name: &str, value: &Value, is_exported: bool) -> Result<(), Error> {
    if let Some(value) = to_py(value) {
        context(c)?.remember(name, value, is_exported);
    }
    Ok(())
}

fn no_namespace() -> Fault {
    Fault::new(FaultKind::TemplateRuntimeError, "an attribute can be set on a namespace alone")
        .help("make one with `set name = namespace(…)`")
}

/// The parts of a value that is assigned to several targets.
fn unpack(count: usize, value: &Py) -> Result<Value, Error> {
    let mut parts = Vec::with_capacity(count);
    let has_no_items = |fault: Fault| match fault.kind() {
        FaultKind::TypeError => not_unpacked(count, "no", value),
        _ => fault,
    };
    for item in value.iter().map_err(has_no_items).map_err(raise)? {
        if parts.len() == count {
            return Err(raise(not_unpacked(count, "more", value)));
        }
        meter::charge(1).map_err(raise)?;
        parts.push(to_value(item.map_err(raise)?));
    }
    if parts.len() < count {
        return Err(raise(not_unpacked(count, &parts.len().to_string(), value)));
    }
    Ok(Value::from(parts))
}

/// That a value has another number of parts than there are targets.
fn not_unpacked(count: usize, found: &str, value: &Py) -> Fault {
    let parts = if found == "1" { "part" } else { "parts" };
    let message = format!(
        "{count} names are set here, and the value of type `{}` has {found} {parts}",
        value.type_name()
    );
    Fault::value_error(message).coded("cannot-unpack").help(match value {
        _ if value.as_str().is_some() => {
            "a loop over a mapping goes through its keys; write `.items()` for keys and values"
        }
        Py::Dict(_) => "a mapping gives its keys; name the values that are wanted",
        _ => "name as many as there are, or set one name and use its items",
    })
}
