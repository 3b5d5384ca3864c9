//! What Jinja2 3.1.6 gives on CPython 3.11 for many values and arguments of each filter.

use crate::calls;

macro_rules! claims {
    ($($name:ident: $filter:literal,)*) => {$(
        #[test]
        fn $name() {
            let lines = include_str!(concat!("../../../tests/corpus/filters/", $filter, ".jsonl"));
            let filter = crate::filters::builtin($filter).expect("the filter is there");
            calls::check(lines, |here, value, args| filter(here, value, args));
        }
    )*};
}

claims! {
    abs_is_jinja2s: "abs",
    attr_is_jinja2s: "attr",
    batch_is_jinja2s: "batch",
    count_is_jinja2s: "count",
    d_is_jinja2s: "d",
    default_is_jinja2s: "default",
    dictsort_is_jinja2s: "dictsort",
    first_is_jinja2s: "first",
    float_is_jinja2s: "float",
    groupby_is_jinja2s: "groupby",
    int_is_jinja2s: "int",
    items_is_jinja2s: "items",
    join_is_jinja2s: "join",
    last_is_jinja2s: "last",
    length_is_jinja2s: "length",
    list_is_jinja2s: "list",
    map_is_jinja2s: "map",
    max_is_jinja2s: "max",
    min_is_jinja2s: "min",
    pprint_is_jinja2s: "pprint",
    reject_is_jinja2s: "reject",
    rejectattr_is_jinja2s: "rejectattr",
    reverse_is_jinja2s: "reverse",
    round_is_jinja2s: "round",
    select_is_jinja2s: "select",
    selectattr_is_jinja2s: "selectattr",
    slice_is_jinja2s: "slice",
    sort_is_jinja2s: "sort",
    sum_is_jinja2s: "sum",
    tojson_is_jinja2s: "tojson",
    unique_is_jinja2s: "unique",
}
