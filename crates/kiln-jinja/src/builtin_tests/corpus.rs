//! What Jinja2 3.1.6 answers on CPython 3.11 to each test about many values.

use kiln_python::Py;

use crate::calls;

macro_rules! claims {
    ($($name:ident: $test:literal,)*) => {$(
        #[test]
        fn $name() {
            let lines = include_str!(concat!("../../tests/corpus/tests/", $test, ".jsonl"));
            let test = super::builtin($test).expect("the test is there");
            calls::check(lines, |here, value, args| test(here, value, args).map(Py::Bool));
        }
    )*};
}

claims! {
    is_boolean_is_jinja2s: "boolean",
    is_callable_is_jinja2s: "callable",
    is_defined_is_jinja2s: "defined",
    is_divisibleby_is_jinja2s: "divisibleby",
    is_eq_is_jinja2s: "eq",
    is_equalto_is_jinja2s: "equalto",
    is_escaped_is_jinja2s: "escaped",
    is_even_is_jinja2s: "even",
    is_false_is_jinja2s: "false",
    is_filter_is_jinja2s: "filter",
    is_float_is_jinja2s: "float",
    is_ge_is_jinja2s: "ge",
    is_greaterthan_is_jinja2s: "greaterthan",
    is_gt_is_jinja2s: "gt",
    is_in_is_jinja2s: "in",
    is_integer_is_jinja2s: "integer",
    is_iterable_is_jinja2s: "iterable",
    is_le_is_jinja2s: "le",
    is_lessthan_is_jinja2s: "lessthan",
    is_lower_is_jinja2s: "lower",
    is_lt_is_jinja2s: "lt",
    is_mapping_is_jinja2s: "mapping",
    is_ne_is_jinja2s: "ne",
    is_none_is_jinja2s: "none",
    is_number_is_jinja2s: "number",
    is_odd_is_jinja2s: "odd",
    is_sameas_is_jinja2s: "sameas",
    is_sequence_is_jinja2s: "sequence",
    is_string_is_jinja2s: "string",
    is_test_is_jinja2s: "test",
    is_true_is_jinja2s: "true",
    is_undefined_is_jinja2s: "undefined",
    is_upper_is_jinja2s: "upper",
}
