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
    capitalize_is_jinja2s: "capitalize",
    center_is_jinja2s: "center",
    e_is_jinja2s: "e",
    escape_is_jinja2s: "escape",
    filesizeformat_is_jinja2s: "filesizeformat",
    forceescape_is_jinja2s: "forceescape",
    format_is_jinja2s: "format",
    indent_is_jinja2s: "indent",
    lower_is_jinja2s: "lower",
    replace_is_jinja2s: "replace",
    safe_is_jinja2s: "safe",
    string_is_jinja2s: "string",
    striptags_is_jinja2s: "striptags",
    title_is_jinja2s: "title",
    trim_is_jinja2s: "trim",
    truncate_is_jinja2s: "truncate",
    upper_is_jinja2s: "upper",
    urlencode_is_jinja2s: "urlencode",
    urlize_is_jinja2s: "urlize",
    wordcount_is_jinja2s: "wordcount",
    wordwrap_is_jinja2s: "wordwrap",
    xmlattr_is_jinja2s: "xmlattr",
}

#[test]
fn what_would_grow_without_end_is_a_fault() {
    let _meter = kiln_python::meter::Meter::start(1_000_000, u64::MAX);
    for (name, call) in [
        ("center", r#"{"value": "a", "args": [1000000000000000]}"#),
        ("indent", r#"{"value": "a\nb", "args": [1000000000000000]}"#),
        ("wordwrap", r#"{"value": "a b", "args": [{"$float": "nan"}]}"#),
        ("urlencode", r#"{"value": {"$range": [0, 1000000000000, 1]}}"#),
        ("xmlattr", r#"{"value": {"$range": [0, 1000000000000, 1]}}"#),
    ] {
        let filter = crate::filters::builtin(name).expect("the filter is there");
        calls::check(call, |here, value, args| filter(here, value, args));
    }
}
