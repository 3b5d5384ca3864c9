//! Operators, literals, attributes: what has nothing to do with where it stands.

use std::sync::Arc;

use kiln_python::{
    Comparison, Dict, Fault, FaultKind, Key, Operator, Origin, Py, Result, Table, Undefined, UndefinedMode,
    escape, meter,
};
use minijinja::value::{Rest, Value};
use minijinja::{Environment, Error};

use super::bridge::{given, lowered, raise, to_value};
use super::context::{context, lock};
use crate::ambient::{Ambient, getattr, getitem};

const OPERATORS: [(&str, Operator); 7] = [
    ("add", Operator::Add),
    ("sub", Operator::Sub),
    ("mul", Operator::Mul),
    ("div", Operator::Div),
    ("floordiv", Operator::FloorDiv),
    ("mod", Operator::Mod),
    ("pow", Operator::Pow),
];

const COMPARISONS: [(&str, Comparison); 8] = [
    ("eq", Comparison::Eq),
    ("ne", Comparison::Ne),
    ("lt", Comparison::Lt),
    ("le", Comparison::Le),
    ("gt", Comparison::Gt),
    ("ge", Comparison::Ge),
    ("contained", Comparison::In),
    ("not_contained", Comparison::NotIn),
];

pub(super) fn register(engine: &mut Environment<'static>, mode: UndefinedMode) {
    for (name, operator) in OPERATORS {
        engine.add_function(name, move |left: &Value, right: &Value| {
            lowered(given(left).operate(operator, &given(right)))
        });
    }
    for (name, comparison) in COMPARISONS {
        engine.add_function(name, move |left: &Value, right: &Value| {
            given(left).compare(comparison, &given(right)).map_err(raise)
        });
    }
    engine.add_function("pow_of_constant", |left: &Value, right: &Value| {
        lowered(pow_of_constant(&given(left), &given(right)))
    });
    engine.add_function("fold", |args: Rest<Value>| lowered(fold(&args)));
    engine.add_function("neg", |it: &Value| lowered(given(it).negate()));
    engine.add_function("pos", |it: &Value| lowered(given(it).plus()));
    engine.add_function("truth", |it: &Value| given(it).truth().map_err(raise));
    engine.add_function("negated", |it: &Value| given(it).truth().map(|it| !it).map_err(raise));
    engine.add_function("askable", |it: &Value| match given(it).truth() {
        Ok(_) => Ok(it.clone()),
        Err(fault) => Err(raise(fault)),
    });
    engine.add_function("attr", move |it: &Value, name: &str| lowered(getattr(mode, &given(it), name)));
    engine
        .add_function("item", move |it: &Value, key: &Value| lowered(getitem(mode, &given(it), &given(key))));
    engine.add_function("slice", |it: &Value, start: &Value, stop: &Value, step: &Value| {
        lowered(given(it).slice(&given(start), &given(stop), &given(step)))
    });
    engine.add_function("slice_of_constant", move |it: &Value, start: &Value, stop: &Value, step: &Value| {
        lowered(slice_of_constant(mode, &given(it), [start, stop, step].map(given)))
    });
    register_literals(engine);
    register_text(engine);
}

/// A power of what Jinja2 knows beforehand. It writes the number into its program without
/// brackets, so that the sign of a negative one comes after the power.
fn pow_of_constant(left: &Py, right: &Py) -> Result<Py> {
    let is_negative = match left {
        Py::Int(_) | Py::Big(_) => left.compare(Comparison::Lt, &Py::Int(0))?,
        Py::Float(number) => number.is_sign_negative() && !number.is_nan(),
        _ => false,
    };
    if is_negative {
        left.negate()?.operate(Operator::Pow, right)?.negate()
    } else {
        left.operate(Operator::Pow, right)
    }
}

/// A slice as Jinja2 works it out when it compiles a template: of what has none, it is undefined.
fn slice_of_constant(mode: UndefinedMode, value: &Py, [start, stop, step]: [Py; 3]) -> Result<Py> {
    match value.slice(&start, &stop, &step) {
        Err(fault) if fault.kind() == FaultKind::TypeError => {
            let key = format!("slice({}, {}, {})", start.repr()?, stop.repr()?, step.repr()?);
            let origin = Origin::Member {
                of: value.type_repr().into(),
                key: key.into(),
                name: None,
                like: Vec::new(),
            };
            Ok(Py::Undefined(Arc::new(Undefined { mode, origin })))
        }
        slice => slice,
    }
}

fn register_literals(engine: &mut Environment<'static>) {
    engine.add_function("tuple", |items: Rest<Value>| {
        to_value(Py::tuple(items.iter().map(given).collect::<Vec<_>>()))
    });
    engine.add_function("list", |items: Rest<Value>| to_value(Py::list(items.iter().map(given).collect())));
    engine.add_function("dict", |items: Rest<Value>| lowered(dict(&items)));
    engine.add_function("integer", |digits: &str| to_value(Py::integer(digits).unwrap_or(Py::None)));
    engine.add_function("float", |text: &str| {
        // The parser wrote it, so it is a number.
        to_value(Py::Float(text.parse().unwrap_or(f64::NAN)))
    });
    engine.add_function("keep", |c: &Value, at: usize, value: &Value| {
        lock(&context(c)?.run.scratch).insert(at, value.clone());
        Ok::<_, Error>(value.clone())
    });
    engine.add_function("recall", |c: &Value, at: usize| {
        Ok::<_, Error>(lock(&context(c)?.run.scratch).remove(&at).unwrap_or(Value::UNDEFINED))
    });
}

fn register_text(engine: &mut Environment<'static>) {
    engine.add_function("escape", |it: &Value| escaped(&given(it)));
    engine.add_function("escape_if", |c: &Value, it: &Value| {
        if context(c)?.autoescape() { escaped(&given(it)) } else { Ok(it.clone()) }
    });
    engine.add_function("written", |it: &Value| match given(it) {
        // What a filter block or call block prints is joined, not turned into text.
        value if value.as_str().is_some() => Ok(it.clone()),
        value => {
            let message =
                format!("text is printed here, and this is a value of type `{}`", value.type_name());
            Err(raise(Fault::type_error(message).help("use a filter or function that gives text")))
        }
    });
    engine.add_function("set_autoescape", |c: &Value, on: &Value| {
        let on = given(on).truth().map_err(raise)?;
        Ok::<_, Error>(context(c)?.set_autoescape(on))
    });
    engine.add_function("reset_autoescape", |c: &Value, before: bool| {
        context(c)?.set_autoescape(before);
        Ok::<_, Error>(())
    });
    engine
        .add_function("markup", |c: &Value, it: &Value| lowered(markup(context(c)?.autoescape(), given(it))));
    engine.add_function("concat", |args: Rest<Value>| match args.split_first() {
        Some((autoescape, items)) => lowered(concat(autoescape.is_true(), items)),
        None => Ok(Value::from("")),
    });
}

fn fold(args: &[Value]) -> Result<Py> {
    let Some((first, rest)) = args.split_first() else { return Ok(Py::None) };
    let mut value = given(first);
    for pair in rest.chunks_exact(2) {
        let operator = OPERATORS.iter().find(|(name, _)| pair[0].as_str() == Some(name));
        if let Some((_, operator)) = operator {
            value = value.operate(*operator, &given(&pair[1]))?;
        }
    }
    Ok(value)
}

fn dict(items: &[Value]) -> Result<Py> {
    let mut entries = Table::with_capacity_and_hasher(items.len() / 2, Default::default());
    for pair in items.chunks_exact(2) {
        entries.insert(Key::new(given(&pair[0]))?, given(&pair[1]));
    }
    Ok(Py::Dict(Dict::new(entries)))
}

fn escaped(value: &Py) -> Result<Value, Error> {
    escape(value).map(Value::from).map_err(raise)
}

fn markup(autoescape: bool, value: Py) -> Result<Py> {
    if autoescape { value.to_str().map(Py::Markup) } else { Ok(value) }
}

/// `~`: the texts of values joined, as markup where text is escaped or any of them is markup.
fn concat(autoescape: bool, items: &[Value]) -> Result<Py> {
    let items: Vec<Py> = items.iter().map(given).collect();
    let is_markup = autoescape && items.iter().any(|item| matches!(item, Py::Markup(_)));
    let mut text = String::new();
    for item in &items {
        let piece = if is_markup { escape(item)? } else { item.to_str()? };
        meter::charge_text(piece.len())?;
        text.push_str(&piece);
    }
    Ok(if is_markup { Py::Markup(text.into()) } else { Py::str(text) })
}
