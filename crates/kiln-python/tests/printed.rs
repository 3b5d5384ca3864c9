//! JSON and pretty-printed values are CPython's: `corpus/printed.jsonl`, written by
//! `xtask/peers/python/printed.py`.

mod literal;

use kiln_python::json::{Style, dumps, htmlsafe_dumps};
use kiln_python::meter::Meter;
use kiln_python::pprint::{pformat, pformat_compact};
use kiln_python::{Args, FaultKind, Py};
use literal::{field, value};
use proptest::prelude::*;
use serde_json::Value;

const CORPUS: &str = include_str!("corpus/printed.jsonl");

#[test]
fn json_is_what_cpython_writes() {
    compare(|case| {
        let found = dumps(&value(field(case, "value")), &style(field(case, "style")));
        let found = found.map_err(|fault| format!("{:?}", fault.kind()));
        let expected = match case["json"].as_str() {
            Some(text) => Ok(text.to_owned()),
            None => Err(case["raises"].as_str().expect("it raises something").to_owned()),
        };
        (format!("{found:?}"), format!("{expected:?}"))
    });
}

#[test]
fn json_for_html_is_what_jinja2_writes() {
    compare(|case| {
        let Some(expected) = case["html"].as_str() else { return Default::default() };
        let found = htmlsafe_dumps(&value(field(case, "value")), &style(field(case, "style")));
        let found = found.expect("it can be written");
        assert!(matches!(found, Py::Markup(_)), "it is safe text");
        (found.as_str().expect("it is text").to_owned(), expected.to_owned())
    });
}

#[test]
fn long_values_are_broken_into_lines_as_pprint_breaks_them() {
    compare(|case| {
        let found = pformat(&value(field(case, "value"))).expect("it can be printed");
        (found, field(case, "pprint").as_str().expect("it is text").to_owned())
    });
}

#[test]
fn deep_values_are_cut_off_and_filled_into_lines_as_pprint_does_it() {
    compare(|case| {
        let found = pformat_compact(&value(field(case, "value")), 3).expect("it can be printed");
        (found, field(case, "debug").as_str().expect("it is text").to_owned())
    });
}

fn compare(outcome: impl Fn(&Value) -> (String, String)) {
    let mut failures = Vec::new();
    for line in CORPUS.lines() {
        let (found, expected) = outcome(&serde_json::from_str(line).expect("a line is JSON"));
        if found != expected {
            failures.push(format!("{line}\n    expected: {expected}\n    but kiln: {found}"));
        }
    }
    let total = CORPUS.lines().count();
    assert!(failures.is_empty(), "{} of {total} differ\n{}", failures.len(), failures.join("\n"));
}

fn style(arguments: &Value) -> Style {
    let given = |name: &str| arguments.get(name).map_or(Py::None, value);
    Style {
        indent: given("indent"),
        sort_keys: matches!(given("sort_keys"), Py::Bool(true)),
        ensure_ascii: !matches!(given("ensure_ascii"), Py::Bool(false)),
    }
}

#[test]
fn a_value_that_contains_itself_has_no_json_and_is_cut_off_by_pprint() {
    let list = Py::list(vec![Py::Int(1)]);
    list.call_method("append", Args::positional([list.clone()])).unwrap();
    let fault = dumps(&list, &Style::default()).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::ValueError);
    assert_eq!(pformat(&list).unwrap(), "[1, <Recursion on list>]");
}

#[test]
fn a_value_that_is_nested_too_deeply_is_a_fault() {
    let deep = (0..100_000).fold(Py::None, |inner, _| Py::list(vec![inner]));
    assert_eq!(dumps(&deep, &Style::default()).unwrap_err().kind(), FaultKind::RecursionError);
    assert_eq!(pformat(&deep).unwrap_err().kind(), FaultKind::RecursionError);
}

#[test]
fn what_holds_the_same_list_again_and_again_ends_with_the_meter() {
    let doubled = (0..60).fold(Py::None, |inner, _| Py::list(vec![inner.clone(), inner]));
    let _meter = Meter::start(100_000, u64::MAX);
    assert_eq!(dumps(&doubled, &Style::default()).unwrap_err().kind(), FaultKind::Exhausted);
    let _meter = Meter::start(100_000, u64::MAX);
    assert_eq!(pformat(&doubled).unwrap_err().kind(), FaultKind::Exhausted);
}

proptest! {
    #[test]
    fn no_text_makes_pprint_panic_or_lose_a_character(text in "(\\PC|\\s|[a-z ]{0,90}){0,6}") {
        let printed = pformat(&Py::list(vec![Py::str(text.as_str())])).unwrap();
        prop_assert!(text.split_whitespace().all(|word| word.chars().any(|char| !char.is_ascii_alphanumeric()) || printed.contains(word)));
    }
}
