//! `indent`.

use kiln_python::{Args, Operator, Py, Result};

use super::convert::{is_set, method};
use crate::ambient::Here;

/// `indent(width=4, first=false, blank=false)`: each line but the first moved to the right.
///
/// The operators of the values decide what is safe: an indent of safe text escapes the lines
/// that it is put in front of.
pub(super) fn indent(_: &Here, value: Py, args: Args) -> Result<Py> {
    let [width, first, blank] = args.bind("indent", ["width", "first", "blank"])?;
    let mut indent = match width {
        None => Py::str("    "),
        Some(text) if text.as_str().is_some() => text,
        Some(width) => Py::str(" ").operate(Operator::Mul, &width)?,
    };
    let mut newline = Py::str("\n");
    if matches!(value, Py::Markup(_)) {
        indent = Py::Markup(indent.to_str()?);
        newline = Py::Markup(newline.to_str()?);
    }
    // The line break at the end keeps the last line if it is empty.
    let ended = value.operate(Operator::Add, &newline)?;
    let lines = method(&ended, "splitlines", [])?.collect()?;
    let text = if is_set(blank.as_ref())? {
        method(&newline.operate(Operator::Add, &indent)?, "join", [Py::list(lines)])?
    } else {
        indent_filled(lines, &indent, &newline)?
    };
    if is_set(first.as_ref())? { indent.operate(Operator::Add, &text) } else { Ok(text) }
}

/// Lines with the indent in front of each that is neither the first nor empty.
fn indent_filled(lines: Vec<Py>, indent: &Py, newline: &Py) -> Result<Py> {
    let mut lines = lines.into_iter();
    let first = lines.next().unwrap_or_else(|| Py::str(""));
    let rest = lines
        .map(|line| if line.truth()? { indent.operate(Operator::Add, &line) } else { Ok(line) })
        .collect::<Result<Vec<Py>>>()?;
    if rest.is_empty() {
        return Ok(first);
    }
    let rest = method(newline, "join", [Py::list(rest)])?;
    first.operate(Operator::Add, &newline.operate(Operator::Add, &rest)?)
}
