//! No text, format or specification makes the methods of text panic, and what they undo they
//! undo.

use kiln_python::{Args, Operator, Py, Result, format_value, meter::Meter, parse_float, parse_int};
use proptest::prelude::*;

/// The methods that take one text.
const WITH_TEXT: &[&str] = &[
    "count",
    "encode",
    "endswith",
    "find",
    "format_map",
    "index",
    "join",
    "lstrip",
    "maketrans",
    "partition",
    "removeprefix",
    "removesuffix",
    "rfind",
    "rindex",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "startswith",
    "strip",
    "translate",
];

/// The methods that take nothing.
const ALONE: &[&str] = &[
    "capitalize",
    "casefold",
    "decode",
    "encode",
    "expandtabs",
    "format",
    "hex",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isprintable",
    "isspace",
    "istitle",
    "isupper",
    "lower",
    "split",
    "splitlines",
    "striptags",
    "swapcase",
    "title",
    "unescape",
    "upper",
];

/// The methods that take a number.
const WITH_NUMBER: &[&str] = &["center", "expandtabs", "ljust", "rjust", "splitlines", "zfill"];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ab ,\t\n\r<>&#;!x0-9%(){}\\[\\].:*$+=_-]{0,24}",
        "[aΣσςßİǆ\u{301}\u{85}\u{2028}日😀 ]{0,12}",
    ]
}

fn value() -> impl Strategy<Value = Py> {
    prop_oneof![
        Just(Py::None),
        any::<bool>().prop_map(Py::Bool),
        any::<i64>().prop_map(Py::Int),
        any::<f64>().prop_map(Py::Float),
        (-20_i64..20).prop_map(Py::Int),
        text().prop_map(Py::str),
        text().prop_map(|text| Py::Markup(text.into())),
        any::<Vec<u8>>().prop_map(|bytes| Py::Bytes(bytes.into())),
        text().prop_map(|text| Py::tuple([Py::str(text), Py::Int(3)])),
        text().prop_map(|text| Py::list(vec![Py::str(text)])),
    ]
}

fn receivers(text: &str) -> [Py; 3] {
    [Py::str(text), Py::Markup(text.into()), Py::Bytes(text.as_bytes().into())]
}

fn call(receiver: &Py, method: &str, args: &[Py]) -> Result<Py> {
    receiver.call_method(method, Args::positional(args))
}

proptest! {
    #[test]
    fn no_method_panics(text in text(), values in proptest::collection::vec(value(), 0..4), number in any::<i64>()) {
        let _meter = Meter::start(1_000_000, u64::MAX);
        for receiver in receivers(&text) {
            for method in ALONE {
                _ = call(&receiver, method, &[]);
            }
            for method in WITH_NUMBER {
                _ = call(&receiver, method, &[Py::Int(number)]);
                _ = call(&receiver, method, &[Py::Int(number % 40)]);
            }
            for method in WITH_TEXT.iter().chain(ALONE).chain(WITH_NUMBER) {
                _ = call(&receiver, method, &values);
                _ = call(&receiver, method, std::slice::from_ref(&receiver));
            }
            _ = call(&receiver, "replace", &values);
        }
    }

    #[test]
    fn no_format_panics(template in text(), spec in text(), values in proptest::collection::vec(value(), 0..4)) {
        let _meter = Meter::start(1_000_000, u64::MAX);
        for receiver in receivers(&template) {
            _ = call(&receiver, "format", &values);
            _ = receiver.operate(Operator::Mod, &Py::tuple(values.clone()));
            for value in &values {
                _ = receiver.operate(Operator::Mod, value);
                _ = format_value(value, &spec);
            }
        }
    }

    #[test]
    fn no_number_panics(text in text(), base in 0_u32..40, integer in any::<i128>(), float in any::<f64>(), value in value()) {
        _ = parse_int(&text, base);
        _ = parse_float(&text);
        for method in ["as_integer_ratio", "bit_count", "bit_length", "conjugate", "from_bytes", "to_bytes"] {
            _ = call(&Py::big(integer.into()), method, &[]);
            _ = call(&Py::big(integer.into()), method, std::slice::from_ref(&value));
        }
        for method in ["as_integer_ratio", "conjugate", "fromhex", "hex", "is_integer"] {
            _ = call(&Py::Float(float), method, &[]);
            _ = call(&Py::Float(float), method, &[Py::str(text.as_str())]);
        }
    }

    #[test]
    fn what_is_split_is_joined_again(text in text(), separator in "[ab,]{1,2}") {
        let (text, separator) = (Py::str(text), Py::str(separator));
        for split in ["split", "rsplit"] {
            let parts = call(&text, split, std::slice::from_ref(&separator)).expect("the separator is not empty");
            let joined = call(&separator, "join", &[parts]).expect("the parts are text");
            prop_assert!(joined.equals(&text).expect("text is compared"));
        }
    }

    #[test]
    fn what_is_escaped_is_unescaped_again(text in text()) {
        let escaped = call(&Py::Markup("".into()), "escape", &[Py::str(text.as_str())]).expect("text is escaped");
        let back = call(&escaped, "unescape", &[]).expect("what was escaped is unescaped");
        prop_assert_eq!(back.as_str(), Some(&*text));
    }

    #[test]
    fn hexadecimal_floats_are_read_back(number in any::<f64>().prop_filter("a number", |it| !it.is_nan())) {
        let text = call(&Py::Float(number), "hex", &[]).expect("every float has one");
        let back = call(&Py::Float(0.0), "fromhex", &[text]).expect("it is well written");
        prop_assert!(matches!(back, Py::Float(back) if back.to_bits() == number.to_bits()));
    }
}
