//! Filters of sequences, mappings and numbers.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use kiln_python::{Args, Py, Result};

use crate::ambient::{Filter, Here};

mod group;
mod join;
mod lazy;
mod lookup;
mod numbers;
mod order;
mod parse;
mod path;
mod pick;
mod reversed;
mod rounding;

pub(super) use numbers::to_float;

type Body = fn(&Here, Py, Args) -> Result<Py>;

const FILTERS: &[(&str, Body)] = &[
    ("abs", numbers::abs),
    ("attr", lookup::attr),
    ("batch", lazy::batch),
    ("count", lookup::length),
    ("d", lookup::default),
    ("default", lookup::default),
    ("dictsort", order::dictsort),
    ("first", pick::first),
    ("float", numbers::float),
    ("groupby", group::groupby),
    ("int", numbers::int),
    ("items", lazy::items),
    ("join", join::join),
    ("last", pick::last),
    ("length", lookup::length),
    ("list", lookup::list),
    ("map", lazy::map),
    ("max", pick::max),
    ("min", pick::min),
    ("pprint", lookup::pprint),
    ("random", pick::random),
    ("reject", lazy::reject),
    ("rejectattr", lazy::rejectattr),
    ("reverse", reversed::reverse),
    ("round", rounding::round),
    ("select", lazy::select),
    ("selectattr", lazy::selectattr),
    ("slice", lazy::slice),
    ("sort", order::sort),
    ("sum", numbers::sum),
    ("tojson", lookup::tojson),
    ("unique", lazy::unique),
];

/// The filters are shared, so that finding one allocates nothing.
static TABLE: LazyLock<HashMap<&'static str, Filter>> =
    LazyLock::new(|| FILTERS.iter().map(|(name, body)| (*name, Arc::new(*body) as Filter)).collect());

pub(super) fn find(name: &str) -> Option<Filter> {
    TABLE.get(name).cloned()
}
