//! What Jinja2 3.1.6 gives on CPython 3.11 for many arguments of each function.

use crate::calls;

macro_rules! claims {
    ($($name:ident: $global:literal,)*) => {$(
        #[test]
        fn $name() {
            let lines = include_str!(concat!("../../tests/corpus/globals/", $global, ".jsonl"));
            let function = super::builtin($global).expect("the function is there");
            calls::check(lines, |_, _, args| function.call(args));
        }
    )*};
}

claims! {
    cycler_is_jinja2s: "cycler",
    dict_is_jinja2s: "dict",
    joiner_is_jinja2s: "joiner",
    lipsum_is_jinja2s: "lipsum",
    namespace_is_jinja2s: "namespace",
    range_is_jinja2s: "range",
}
