//! Which methods the types of text and of numbers have.

use crate::{Method, Py};

use super::{case, encoding, floats, format, html, integers, predicates, search, shape, split, translate};

type Methods = &'static [(&'static str, Method)];

/// The method of a `str`, `Markup` or `bytes`.
pub(crate) fn method(receiver: &Py, name: &str) -> Option<(&'static str, Method)> {
    let own = match receiver {
        Py::Bytes(_) => BYTES,
        Py::Markup(_) => MARKUP,
        _ => STR,
    };
    find(own, name).or_else(|| find(TEXT, name))
}

/// The method of an `int`, `bool` or `float`.
pub(crate) fn number_method(receiver: &Py, name: &str) -> Option<(&'static str, Method)> {
    let methods: Methods = match receiver {
        Py::Float(_) => FLOAT,
        _ => INT,
    };
    find(methods, name)
}

/// The names of the methods of text and numbers.
pub(crate) fn method_names(receiver: &Py) -> impl Iterator<Item = &'static str> {
    let (own, shared): (Methods, Methods) = match receiver {
        Py::Bytes(_) => (BYTES, TEXT),
        Py::Markup(_) => (MARKUP, TEXT),
        Py::Str(_) | Py::Watched(_) => (STR, TEXT),
        Py::Bool(_) | Py::Int(_) | Py::Big(_) => (INT, &[]),
        Py::Float(_) => (FLOAT, &[]),
        _ => (&[], &[]),
    };
    own.iter().chain(shared).map(|(name, _)| *name)
}

fn find(methods: Methods, name: &str) -> Option<(&'static str, Method)> {
    methods.iter().find(|(it, _)| *it == name).copied()
}

/// Those of `bytes` alone.
const BYTES: Methods = &[
    ("decode", encoding::decode),
    ("fromhex", encoding::fromhex),
    ("hex", encoding::hex),
    ("maketrans", translate::maketrans_bytes),
];

/// Those of `str` that bytes and `Markup` lack or have their own of.
const STR: Methods = &[
    ("casefold", case::casefold),
    ("encode", encoding::encode),
    ("format", format::format),
    ("format_map", format::format_map),
    ("isdecimal", predicates::isdecimal),
    ("isidentifier", predicates::isidentifier),
    ("isnumeric", predicates::isnumeric),
    ("isprintable", predicates::isprintable),
    ("maketrans", translate::maketrans),
];

/// Those of `Markup` that bytes lack or have their own of.
const MARKUP: Methods = &[
    ("__html__", html::html),
    ("casefold", case::casefold),
    ("encode", encoding::encode),
    ("escape", html::escape_method),
    ("format", format::escape_format),
    ("format_map", format::escape_format_map),
    ("isdecimal", predicates::isdecimal),
    ("isidentifier", predicates::isidentifier),
    ("isnumeric", predicates::isnumeric),
    ("isprintable", predicates::isprintable),
    ("maketrans", translate::maketrans),
    ("striptags", html::striptags),
    ("unescape", html::unescape),
];

/// Those of all three.
const TEXT: Methods = &[
    ("capitalize", case::capitalize),
    ("center", shape::center),
    ("count", search::count),
    ("endswith", search::endswith),
    ("expandtabs", shape::expandtabs),
    ("find", search::find),
    ("index", search::index),
    ("isalnum", predicates::isalnum),
    ("isalpha", predicates::isalpha),
    ("isascii", predicates::isascii),
    ("isdigit", predicates::isdigit),
    ("islower", predicates::islower),
    ("isspace", predicates::isspace),
    ("istitle", predicates::istitle),
    ("isupper", predicates::isupper),
    ("join", split::join),
    ("ljust", shape::ljust),
    ("lower", case::lower),
    ("lstrip", shape::lstrip),
    ("partition", split::partition),
    ("removeprefix", search::removeprefix),
    ("removesuffix", search::removesuffix),
    ("replace", search::replace),
    ("rfind", search::rfind),
    ("rindex", search::rindex),
    ("rjust", shape::rjust),
    ("rpartition", split::rpartition),
    ("rsplit", split::rsplit),
    ("rstrip", shape::rstrip),
    ("split", split::split),
    ("splitlines", split::splitlines),
    ("startswith", search::startswith),
    ("strip", shape::strip),
    ("swapcase", case::swapcase),
    ("title", case::title),
    ("translate", translate::translate),
    ("upper", case::upper),
    ("zfill", shape::zfill),
];

/// Those of `int` and `bool`.
const INT: Methods = &[
    ("as_integer_ratio", integers::as_integer_ratio),
    ("bit_count", integers::bit_count),
    ("bit_length", integers::bit_length),
    ("conjugate", integers::conjugate),
    ("from_bytes", integers::from_bytes),
    ("to_bytes", integers::to_bytes),
];

/// Those of `float`.
const FLOAT: Methods = &[
    ("as_integer_ratio", floats::as_integer_ratio),
    ("conjugate", floats::conjugate),
    ("fromhex", floats::fromhex),
    ("hex", floats::hex),
    ("is_integer", floats::is_integer),
];
