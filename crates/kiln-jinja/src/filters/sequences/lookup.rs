//! Filters that look at a value as a whole.

use std::sync::Arc;

use kiln_python::json::{Style, html_safe, htmlsafe_dumps};
use kiln_python::{Args, Fault, Py, Result, pprint, required};

use crate::Policies;
use crate::ambient::Here;
use crate::filters::text::convert::is_set;

/// `attr(name)`: the attribute, never the element of that name.
pub(super) fn attr(here: &Here, value: Py, args: Args) -> Result<Py> {
    let [name] = args.bind("attr", ["name"])?;
    let name = required(name, "attr", "name")?;
    let Some(text) = name.as_str() else {
        return Err(Fault::type_error(format!(
            "the name of an attribute is a value of type `{}` instead of text",
            name.type_name()
        )));
    };
    match value.attr(text)? {
        Some(found) => Ok(found),
        None => here.no_member(&value, &name),
    }
}

/// `default(default_value='', boolean=false)`.
pub(super) fn default(_: &Here, value: Py, args: Args) -> Result<Py> {
    let [default, boolean] = args.bind("default", ["default_value", "boolean"])?;
    if matches!(value, Py::Undefined(_)) || (is_set(boolean.as_ref())? && !value.truth()?) {
        return Ok(default.unwrap_or_else(|| Py::str("")));
    }
    Ok(value)
}

/// `length`.
pub(super) fn length(_: &Here, value: Py, args: Args) -> Result<Py> {
    args.none("length")?;
    Ok(Py::Int(i64::try_from(value.len()?).unwrap_or(i64::MAX)))
}

/// `list`.
pub(super) fn list(_: &Here, value: Py, args: Args) -> Result<Py> {
    args.none("list")?;
    value.collect().map(Py::list)
}

/// `pprint`.
pub(super) fn pprint(_: &Here, value: Py, args: Args) -> Result<Py> {
    args.none("pprint")?;
    pprint::pformat(&value).map(Py::str)
}

/// `tojson(indent=none)`.
pub(super) fn tojson(here: &Here, value: Py, args: Args) -> Result<Py> {
    let [indent] = args.bind("tojson", ["indent"])?;
    let policies = here.policies();
    if let Some(dumps) = &policies.json_function {
        return own_json(here, dumps, value, indent, &policies);
    }
    if let Some(name) = policies.unknown_json_argument() {
        let message = format!("the policy `json.dumps_kwargs` has `{name}`, which is not known here");
        return Err(Fault::type_error(message));
    }
    let style = Style {
        indent: indent.unwrap_or_else(|| policies.json_indent.clone()),
        sort_keys: policies.json_sort_keys,
        ensure_ascii: policies.json_ensure_ascii,
    };
    htmlsafe_dumps(&value, &style)
}

/// The JSON of the function that the policies name.
fn own_json(here: &Here, dumps: &Py, value: Py, indent: Option<Py>, policies: &Policies) -> Result<Py> {
    let mut keyword = policies.json_arguments.clone();
    if let Some(indent) = indent {
        keyword.retain(|(name, _)| **name != *"indent");
        keyword.push(("indent".into(), indent));
    }
    let json = Arc::clone(here).call(dumps, Args { positional: vec![value], keyword })?;
    html_safe(&json.to_str()?)
}
