//! Filters of text.

use std::sync::Arc;

use kiln_python::{Args, Py, Result};

use crate::ambient::{Filter, Here};

pub(crate) mod convert;
mod escaping;
mod filesize;
mod indent;
mod letters;
mod links;
mod replace;
mod truncate;
mod urlencode;
mod urlize;
mod words;
mod wordwrap;
mod wrap;
mod xmlattr;

#[cfg(test)]
mod corpus;

pub(super) fn find(name: &str) -> Option<Filter> {
    let filter: fn(&Here, Py, Args) -> Result<Py> = match name {
        "capitalize" => words::capitalize,
        "center" => words::center,
        "e" | "escape" => escaping::escape,
        "filesizeformat" => filesize::filesizeformat,
        "forceescape" => escaping::forceescape,
        "format" => words::format,
        "indent" => indent::indent,
        "lower" => words::lower,
        "replace" => replace::replace,
        "safe" => escaping::safe,
        "string" => words::string,
        "striptags" => escaping::striptags,
        "title" => words::title,
        "trim" => words::trim,
        "truncate" => truncate::truncate,
        "upper" => words::upper,
        "urlencode" => urlencode::urlencode,
        "urlize" => urlize::urlize,
        "wordcount" => words::wordcount,
        "wordwrap" => wordwrap::wordwrap,
        "xmlattr" => xmlattr::xmlattr,
        _ => return None,
    };
    Some(Arc::new(filter))
}
