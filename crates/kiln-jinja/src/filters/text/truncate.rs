//! `truncate`.

use kiln_python::{Args, Comparison, Fault, Operator, Py, Result};

use super::convert::{count, given, is_set, method};
use crate::ambient::Here;

/// `truncate(length=255, killwords=false, end='...', leeway=none)`: text that is not much longer
/// than `length` stays whole; what is short enough need not be text.
pub(super) fn truncate(here: &Here, value: Py, args: Args) -> Result<Py> {
    let [length, killwords, end, leeway] = args.bind("truncate", ["length", "killwords", "end", "leeway"])?;
    let length = length.unwrap_or(Py::Int(255));
    let end = end.unwrap_or_else(|| Py::str("..."));
    let leeway = given(leeway).unwrap_or(Py::Int(here.policies().truncate_leeway));

    let end_length = length_of(&end)?;
    if !length.compare(Comparison::Ge, &end_length)? {
        return Err(Fault::value_error("`truncate` needs a `length` that its `end` fits into"));
    }
    if !leeway.compare(Comparison::Ge, &Py::Int(0))? {
        return Err(Fault::value_error("`truncate` needs a `leeway` that is not negative"));
    }
    if length_of(&value)?.compare(Comparison::Le, &length.operate(Operator::Add, &leeway)?)? {
        return Ok(value);
    }
    let room = length.operate(Operator::Sub, &end_length)?;
    let mut text = value.slice(&Py::None, &room, &Py::None)?;
    if !is_set(killwords.as_ref())? {
        text = without_last_word(&text)?;
    }
    text.operate(Operator::Add, &end)
}

fn length_of(value: &Py) -> Result<Py> {
    value.len().map(count)
}

/// What stands before the last space; all, if there is none.
fn without_last_word(text: &Py) -> Result<Py> {
    let parts = method(text, "rsplit", [Py::str(" "), Py::Int(1)])?.collect()?;
    Ok(parts.into_iter().next().unwrap_or_else(|| text.clone()))
}
