//! Jinja2's tests, as in `x is defined`.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use kiln_python::{Args, Comparison, FaultKind, Key, Operator, Py, Range, Result, required};

use crate::ambient::{Here, Test};
use crate::filters::text::convert::has_html;

#[cfg(test)]
mod corpus;

type Body = fn(&Here, Py, Args) -> Result<bool>;

const TESTS: &[(&str, Body)] = &[
    ("!=", |_, value, args| compare(value, Comparison::Ne, args)),
    ("<", |_, value, args| compare(value, Comparison::Lt, args)),
    ("<=", |_, value, args| compare(value, Comparison::Le, args)),
    ("==", |_, value, args| compare(value, Comparison::Eq, args)),
    (">", |_, value, args| compare(value, Comparison::Gt, args)),
    (">=", |_, value, args| compare(value, Comparison::Ge, args)),
    ("boolean", |_, value, args| plain("boolean", args, matches!(value, Py::Bool(_)))),
    ("callable", |_, value, args| plain("callable", args, value.is_callable())),
    ("defined", |_, value, args| plain("defined", args, !matches!(value, Py::Undefined(_)))),
    ("divisibleby", |_, value, args| divisibleby(value, args)),
    ("eq", |_, value, args| compare(value, Comparison::Eq, args)),
    ("equalto", |_, value, args| compare(value, Comparison::Eq, args)),
    ("escaped", |_, value, args| plain("escaped", args, has_html(&value)?)),
    ("even", |_, value, args| remainder("even", value, args, 0)),
    ("false", |_, value, args| plain("false", args, matches!(value, Py::Bool(false)))),
    ("filter", |here, value, args| is_named("filter", value, args, |name| here.filter(name).is_some())),
    ("float", |_, value, args| plain("float", args, matches!(value.basis(), Py::Float(_)))),
    ("ge", |_, value, args| compare(value, Comparison::Ge, args)),
    ("greaterthan", |_, value, args| compare(value, Comparison::Gt, args)),
    ("gt", |_, value, args| compare(value, Comparison::Gt, args)),
    ("in", |_, value, args| is_in(value, args)),
    ("integer", |_, value, args| plain("integer", args, matches!(value.basis(), Py::Int(_) | Py::Big(_)))),
    ("iterable", |_, value, args| plain("iterable", args, is_iterable(&value)?)),
    ("le", |_, value, args| compare(value, Comparison::Le, args)),
    ("lessthan", |_, value, args| compare(value, Comparison::Lt, args)),
    ("lower", |_, value, args| is_cased("lower", "islower", value, args)),
    ("lt", |_, value, args| compare(value, Comparison::Lt, args)),
    ("mapping", |_, value, args| plain("mapping", args, is_mapping(&value))),
    ("ne", |_, value, args| compare(value, Comparison::Ne, args)),
    ("none", |_, value, args| plain("none", args, matches!(value, Py::None))),
    ("number", |_, value, args| plain("number", args, is_number(&value))),
    ("odd", |_, value, args| remainder("odd", value, args, 1)),
    ("sameas", |_, value, args| is_same(value, args)),
    ("sequence", |_, value, args| plain("sequence", args, is_sequence(&value))),
    ("string", |_, value, args| plain("string", args, is_text(&value))),
    ("test", |here, value, args| is_named("test", value, args, |name| here.test(name).is_some())),
    ("true", |_, value, args| plain("true", args, matches!(value, Py::Bool(true)))),
    ("undefined", |_, value, args| plain("undefined", args, matches!(value, Py::Undefined(_)))),
    ("upper", |_, value, args| is_cased("upper", "isupper", value, args)),
];

/// The tests are shared, so that finding one allocates nothing.
static TABLE: LazyLock<HashMap<&'static str, Test>> =
    LazyLock::new(|| TESTS.iter().map(|(name, body)| (*name, Arc::new(*body) as Test)).collect());

/// The test `name` of Jinja2.
pub(crate) fn builtin(name: &str) -> Option<Test> {
    TABLE.get(name).cloned()
}

/// The answer of a test that takes no arguments.
fn plain(test: &str, args: Args, answer: bool) -> Result<bool> {
    args.none(test).map(|()| answer)
}

fn compare(value: Py, comparison: Comparison, args: Args) -> Result<bool> {
    let [other] = args.bind_positional("comparison")?;
    value.compare(comparison, &required(other, "comparison", "other")?)
}

fn divisibleby(value: Py, args: Args) -> Result<bool> {
    let [number] = args.bind("divisibleby", ["num"])?;
    let number = required(number, "divisibleby", "num")?;
    value.operate(Operator::Mod, &number)?.equals(&Py::Int(0))
}

fn remainder(test: &str, value: Py, args: Args, expected: i64) -> Result<bool> {
    args.none(test)?;
    value.operate(Operator::Mod, &Py::Int(2))?.equals(&Py::Int(expected))
}

fn is_in(value: Py, args: Args) -> Result<bool> {
    let [container] = args.bind("in", ["seq"])?;
    value.compare(Comparison::In, &required(container, "in", "seq")?)
}

fn is_same(value: Py, args: Args) -> Result<bool> {
    let [other] = args.bind("sameas", ["other"])?;
    Ok(value.is(&required(other, "sameas", "other")?))
}

/// Names are looked up as keys are, so what cannot be a key cannot be asked about.
fn is_named(test: &str, value: Py, args: Args, exists: impl Fn(&str) -> bool) -> Result<bool> {
    args.none(test)?;
    Key::new(value.clone())?;
    Ok(value.as_str().is_some_and(exists))
}

fn is_cased(test: &str, method: &str, value: Py, args: Args) -> Result<bool> {
    args.none(test)?;
    Py::str(value.to_str()?).call_method(method, Args::default())?.truth()
}

fn is_iterable(value: &Py) -> Result<bool> {
    // Going through a secret, even to learn whether one can, is a use of it.
    if is_text(value) {
        return Ok(true);
    }
    match value.iter() {
        Ok(_) => Ok(true),
        Err(fault) if fault.kind() == FaultKind::TypeError => Ok(false),
        Err(fault) => Err(fault),
    }
}

fn is_number(value: &Py) -> bool {
    matches!(value.basis(), Py::Bool(_) | Py::Int(_) | Py::Big(_) | Py::Float(_))
}

fn is_text(value: &Py) -> bool {
    matches!(value.basis(), Py::Str(_) | Py::Markup(_) | Py::Watched(_))
}

fn is_mapping(value: &Py) -> bool {
    match value {
        Py::Dict(_) => true,
        Py::Object(object) => object.is_mapping(),
        _ => false,
    }
}

/// Whether it has a length and items that can be asked for.
fn is_sequence(value: &Py) -> bool {
    match value {
        Py::Str(_) | Py::Markup(_) | Py::Watched(_) | Py::Bytes(_) => true,
        Py::Tuple(_) | Py::List(_) | Py::Dict(_) => true,
        Py::Undefined(_) => value.len().is_ok(),
        Py::Object(object) => {
            object.is_mapping()
                || value.as_tuple().is_some()
                || value.downcast::<Range>().is_some()
                || object.len().is_some() && matches!(value.attr("__getitem__"), Ok(Some(_)))
        }
        _ => false,
    }
}
