//! `abs`, `int`, `float` and `sum`.

use kiln_python::{Args, Fault, FaultKind, Operator, Py, Result};

use super::parse::{parse_float, parse_int};
use super::path::Path;
use crate::ambient::Here;
use crate::parameters::integer;

/// `abs`.
pub(super) fn abs(_: &Here, value: Py, args: Args) -> Result<Py> {
    args.none("abs")?;
    let no_number =
        || Fault::type_error(format!("`abs` takes a number, not a value of type `{}`", value.type_name()));
    match &value {
        Py::Bool(set) => Ok(Py::Int(i64::from(*set))),
        Py::Int(0..) => Ok(value),
        Py::Int(_) => value.negate(),
        Py::Big(_) if integer(&value)? > 0 => Ok(value),
        Py::Big(_) => value.negate(),
        Py::Float(number) => Ok(Py::Float(number.abs())),
        Py::Object(object) => object.abs().unwrap_or_else(|| Err(no_number())),
        _ => Err(no_number()),
    }
}

/// `int(default=0, base=10)`: the base is of use for text alone.
pub(super) fn int(_: &Here, value: Py, args: Args) -> Result<Py> {
    let [default, base] = args.bind("int", ["default", "base"])?;
    let base = base.unwrap_or(Py::Int(10));
    if let Some(number) = unless_wrong(to_int(&value, &base))? {
        return Ok(number);
    }
    // Text such as `42.7` is no integer, but a number.
    let number = to_float(&value).and_then(truncated);
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
    if let Some(text) = value.as_str() {
        let base = u32::try_from(integer(base)?).unwrap_or(u32::MAX);
        return parse_int(text, base);
    }
    match value {
        Py::Bool(set) => Ok(Py::Int(i64::from(*set))),
        Py::Int(_) | Py::Big(_) => Ok(value.clone()),
        Py::Float(number) => truncated(*number),
        Py::Bytes(bytes) => parse_int(ascii(bytes)?, 10),
        _ => Err(no_number(value)),
    }
}

/// Python's `float`.
pub(in crate::filters) fn to_float(value: &Py) -> Result<f64> {
    if let Some(text) = value.as_str() {
        return parse_float(text);
    }
    match value {
        Py::Float(number) => Ok(*number),
        Py::Bytes(bytes) => parse_float(ascii(bytes)?),
        // Multiplying converts the integer, and raises where it is too large.
        Py::Bool(_) | Py::Int(_) | Py::Big(_) => match value.operate(Operator::Mul, &Py::Float(1.0))? {
            Py::Float(number) => Ok(number),
            _ => Err(no_number(value)),
        },
        _ => Err(no_number(value)),
    }
}

fn no_number(value: &Py) -> Fault {
    match value {
        Py::Undefined(undefined) => undefined.fault(),
        _ => Fault::type_error(format!("a value of type `{}` is no number", value.type_name())),
    }
}

/// Bytes that may be a number; the separators of ASCII are blanks in text, but not here.
fn ascii(bytes: &[u8]) -> Result<&str> {
    match str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() && !text.contains(|char| ('\x1c'..='\x1f').contains(&char)) => Ok(text),
        _ => Err(Fault::value_error("these bytes are no number")),
    }
}

/// The integer part.
pub(super) fn truncated(number: f64) -> Result<Py> {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    if number.is_nan() {
        return Err(Fault::value_error("`nan` is no integer"));
    }
    if number.is_infinite() {
        return Err(Fault::new(FaultKind::OverflowError, "infinity is no integer"));
    }
    if number.abs() < TWO_TO_63 {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the integer part is what is wanted, and it fits"
        )]
        return Ok(Py::Int(number as i64));
    }
    // Dividing by two is exact, so the number is the integer that is left times a power of two.
    let (mut rest, mut halvings) = (number, 0);
    while rest.abs() >= TWO_TO_63 {
        rest /= 2.0;
        halvings += 1;
    }
    let power = Py::Int(2).operate(Operator::Pow, &Py::Int(halvings))?;
    truncated(rest)?.operate(Operator::Mul, &power)
}
