//! `abs`, `int`, `float` and `sum`.

use kiln_python::{Args, Fault, FaultKind, Operator, Py, Result, float as to_float, parse_int};

use super::path::Path;
use crate::ambient::Here;
use crate::parameters::integer;

/// `abs`.
pub(super) fn abs(_: &Here, value: Py, args: Args) -> Result<Py> {
    args.none("abs")?;
    value.abs()
}

/// `int(default=0, base=10)`: the base is of use for text alone.
pub(super) fn int(_: &Here, value: Py, args: Args) -> Result<Py> {
    let [default, base] = args.bind("int", ["default", "base"])?;
    let base = base.unwrap_or(Py::Int(10));
    if let Some(number) = unless_wrong(to_int(&value, &base))? {
        return Ok(number);
    }
    // Text such as `42.7` is no integer, but a number.
    let number = to_float(&value).and_then(|number| kiln_python::int(&Py::Float(number)));
    let number = match number {
        Err(fault) if fault.kind() == FaultKind::OverflowError => None,
        other => unless_wrong(other)?,
    };
    Ok(number.or(default).unwrap_or(Py::Int(0)))
}

/// `float(default=0.0)`.
pub(super) fn float(_: &Here, value: Py, args: Args) -> Result<Py> {
    let [default] = args.bind("float", ["default"])?;
    let number = unless_wrong(to_float(&value))?;
    Ok(number.map(Py::Float).or(default).unwrap_or(Py::Float(0.0)))
}

/// `sum(attribute=none, start=0)`.
pub(super) fn sum(here: &Here, value: Py, args: Args) -> Result<Py> {
    let [attribute, start] = args.bind("sum", ["attribute", "start"])?;
    let path = Path::new(attribute.as_ref())?;
    let items = value.iter()?;
    let mut total = start.unwrap_or(Py::Int(0));
    if matches!(total, Py::Str(_) | Py::Markup(_) | Py::Watched(_) | Py::Bytes(_)) {
        return Err(Fault::type_error("`sum` adds no text").help("use `join`"));
    }
    for item in items {
        total = total.operate(Operator::Add, &path.follow(here, &item?)?)?;
    }
    Ok(total)
}

/// What Python's conversions raise for values that are no numbers makes room for a default.
fn unless_wrong<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Err(fault) if matches!(fault.kind(), FaultKind::TypeError | FaultKind::ValueError) => Ok(None),
        other => other.map(Some),
    }
}

/// Python's `int`, with the base for text.
fn to_int(value: &Py, base: &Py) -> Result<Py> {
    match value.as_str() {
        Some(text) => parse_int(text, u32::try_from(integer(base)?).unwrap_or(u32::MAX)),
        None => kiln_python::int(value),
    }
}
