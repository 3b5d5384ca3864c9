//! Filters of sequences, mappings and numbers.

use super::Body;

mod group;
mod join;
mod lazy;
mod lookup;
mod numbers;
mod order;
mod path;
mod pick;
mod reversed;
mod rounding;

#[cfg(test)]
mod corpus;

pub(super) const FILTERS: &[(&str, Body)] = &[
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
