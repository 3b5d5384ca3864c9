//! The values of a context.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use kiln_jinja::python::{Dict, Key, Py, dates};
use num_bigint::BigInt;

use super::json::{Json, Pairs};

/// The value that JSON stands for, with tagged objects for what JSON lacks.
///
/// # Errors
/// If what is tagged is not what the tag says.
pub(super) fn value(json: &Json) -> Result<Py, String> {
    Ok(match json {
        Json::Null => Py::None,
        Json::Bool(it) => Py::Bool(*it),
        Json::Number(digits) => number(digits)?,
        Json::Text(text) => Py::str(text.as_str()),
        Json::List(items) => Py::list(list(items)?),
        Json::Map(pairs) => match tagged(pairs) {
            Some(value) => value?,
            None => mapping(pairs.0.iter().map(|(key, item)| Ok((Py::str(key.as_str()), value(item)?))))?,
        },
    })
}

fn list(items: &[Json]) -> Result<Vec<Py>, String> {
    items.iter().map(value).collect()
}

fn mapping(pairs: impl Iterator<Item = Result<(Py, Py), String>>) -> Result<Py, String> {
    let entry = |pair: Result<(Py, Py), String>| {
        let (key, value) = pair?;
        Ok((Key::new(key).map_err(|_| "a key is not hashable")?, value))
    };
    Ok(Py::Dict(Dict::new(pairs.map(entry).collect::<Result<_, String>>()?)))
}

fn number(digits: &str) -> Result<Py, String> {
    match digits.parse::<BigInt>() {
        Ok(number) => Ok(Py::big(number)),
        Err(_) => float(digits),
    }
}

fn float(text: &str) -> Result<Py, String> {
    text.parse().map(Py::Float).map_err(|_| format!("`{text}` is no number"))
}

fn tagged(Pairs(pairs): &Pairs<Json>) -> Option<Result<Py, String>> {
    let [(tag, content)] = pairs.as_slice() else { return None };
    Some(match (tag.as_str(), content) {
        ("$tuple", Json::List(items)) => list(items).map(Py::tuple),
        ("$date", Json::Text(text)) => {
            dates::parse_iso_date(text).map_err(|_| format!("`{text}` is no date"))
        }
        ("$datetime", Json::Text(text)) => {
            dates::parse_iso_datetime(text).map_err(|_| format!("`{text}` is no time"))
        }
        ("$float", Json::Text(text)) => float(text),
        ("$dict", Json::List(pairs)) => mapping(pairs.iter().map(pair)),
        ("$bytes", Json::Text(text)) => {
            let bytes = BASE64_STANDARD.decode(text).map_err(|_| "not base64".to_owned());
            bytes.map(|bytes| Py::Bytes(bytes.into()))
        }
        ("$markup", Json::Text(text)) => Ok(Py::Markup(text.as_str().into())),
        ("$tuple" | "$date" | "$datetime" | "$float" | "$dict" | "$bytes" | "$markup", _) => {
            Err(format!("`{tag}` holds something else"))
        }
        _ => return None,
    })
}

fn pair(json: &Json) -> Result<(Py, Py), String> {
    match json {
        Json::List(items) if items.len() == 2 => Ok((value(&items[0])?, value(&items[1])?)),
        _ => Err("a pair has two items".to_owned()),
    }
}
