//! Values of config files, environment variables and options become settings.

use std::path::{Path, PathBuf};

use kiln_jinja::python::UndefinedMode;
use kiln_python::{Dict, Py, int};

use super::option::{Setting, Slot};
use crate::{Config, Disk};

/// The names of the modes of undefined values.
pub(super) const UNDEFINED: [(&str, UndefinedMode); 4] = [
    ("default", UndefinedMode::Default),
    ("chainable", UndefinedMode::Chainable),
    ("debug", UndefinedMode::Debug),
    ("strict", UndefinedMode::Strict),
];

/// Where relative paths begin.
#[derive(Clone, Copy)]
pub(super) struct Base<'a> {
    pub(super) disk: &'a dyn Disk,
    pub(super) folder: &'a Path,
}

/// Puts a value where a setting goes, with the conversions of makejinja: what is not text becomes
/// text, text becomes a list at its colons, `yes` and `on` are true.
///
/// # Errors
/// What was expected, if the value has no such form.
pub(super) fn put(setting: &Setting, value: &Py, base: Base<'_>, config: &mut Config) -> Result<(), String> {
    match setting.slot {
        Slot::Path(slot) => *slot(config) = path(value, base)?,
        Slot::Paths(_, slot) => *slot(config) = paths(value, base)?,
        Slot::Text(slot) => *slot(config) = text(value)?,
        Slot::Optional(slot) => *slot(config) = Some(text(value)?),
        Slot::Texts(slot) => *slot(config) = items(value)?.iter().map(text).collect::<Result<_, _>>()?,
        Slot::Switch(slot) => *slot(config) = switch(value)?,
        Slot::Number(slot) => *slot(config) = number(value)?,
        Slot::TextsByKey(slot) => {
            let pairs = entries(value)?;
            let pairs = pairs.iter().map(|(key, value)| Ok((text(key)?, text(value)?)));
            *slot(config) = pairs.collect::<Result<_, String>>()?;
        }
        Slot::PathsByKey(slot) => {
            let pairs = entries(value)?;
            let pairs = pairs.iter().map(|(key, value)| Ok((text(key)?, paths(value, base)?)));
            *slot(config) = pairs.collect::<Result<_, String>>()?;
        }
        Slot::Undefined(slot) => *slot(config) = undefined(value)?,
    }
    Ok(())
}

fn text(value: &Py) -> Result<String, String> {
    value.to_str().map(|text| text.to_string()).map_err(|_| "a text is expected".to_owned())
}

fn path(value: &Py, base: Base<'_>) -> Result<PathBuf, String> {
    let text = value.as_str().ok_or_else(|| format!("a path is a text, not `{}`", value.type_name()))?;
    Ok(base.disk.resolve(&base.folder.join(text)))
}

fn paths(value: &Py, base: Base<'_>) -> Result<Vec<PathBuf>, String> {
    items(value)?.iter().map(|item| path(item, base)).collect()
}

/// The items of a list; text is a list with colons between its items, and the items of a table
/// are its keys.
fn items(value: &Py) -> Result<Vec<Py>, String> {
    match value {
        Py::Str(text) => Ok(text.split(':').map(Py::str).collect()),
        Py::List(_) | Py::Tuple(_) | Py::Dict(_) => {
            value.collect().map_err(|_| "a list is expected".to_owned())
        }
        _ => Err(format!("a list is expected, not a value of type `{}`", value.type_name())),
    }
}

fn entries(value: &Py) -> Result<Vec<(Py, Py)>, String> {
    match value {
        Py::Dict(dict) => Ok(Dict::entries(dict)),
        _ => Err(format!("a table is expected, not a value of type `{}`", value.type_name())),
    }
}

fn switch(value: &Py) -> Result<bool, String> {
    let found = match value {
        Py::Bool(flag) => Some(*flag),
        Py::Int(1) => Some(true),
        Py::Int(0) => Some(false),
        Py::Float(number) if *number == 1.0 => Some(true),
        Py::Float(number) if *number == 0.0 => Some(false),
        Py::Str(text) => match text.to_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "on" | "1" => Some(true),
            "false" | "f" | "no" | "n" | "off" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    };
    found.ok_or_else(|| "`true` or `false` is expected; `yes`, `no`, `on`, `off`, 1 and 0 will do".to_owned())
}

/// A number, as `int(value)` gives it.
pub(super) fn number(value: &Py) -> Result<i64, String> {
    match int(value) {
        Ok(Py::Int(number)) => Ok(number),
        _ => Err("a whole number is expected".to_owned()),
    }
}

/// The mode of undefined values with this name.
pub(super) fn undefined(value: &Py) -> Result<UndefinedMode, String> {
    let found = UNDEFINED.iter().find(|(name, _)| value.as_str() == Some(name));
    found.map(|(_, mode)| *mode).ok_or_else(|| {
        let names: Vec<String> = UNDEFINED.iter().map(|(name, _)| format!("`{name}`")).collect();
        format!("one of {} is expected", names.join(", "))
    })
}
