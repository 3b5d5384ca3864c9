//! `replace`.

use kiln_python::{Args, Py, Result, escape, required};

use super::convert::{given, has_html, method, plain, soft_str};
use crate::ambient::Here;

/// `replace(old, new, count=none)`. Where printed values are safe text makes the
/// result safe and is not escaped again.
pub(super) fn replace(here: &Here, value: Py, args: Args) -> Result<Py> {
    let [old, new, count] = args.bind("replace", ["old", "new", "count"])?;
    let old = required(old, "replace", "old")?;
    let new = required(new, "replace", "new")?;
    let count = given(count).unwrap_or(Py::Int(-1));
    if !here.autoescape() {
        return method(&plain(&value)?, "replace", [plain(&old)?, plain(&new)?, count]);
    }
    let makes_safe = has_html(&old)? || has_html(&new)? && !has_html(&value)?;
    let text = if makes_safe { Py::Markup(escape(&value)?) } else { soft_str(value)? };
    method(&text, "replace", [soft_str(old)?, soft_str(new)?, count])
}
