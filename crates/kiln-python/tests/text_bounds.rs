//! Text is bounded before it is made, and what fails does not show what it was about.

use std::any::Any;
use std::sync::Arc;

use kiln_python::meter::Meter;
use kiln_python::{
    Args, Fault, FaultKind, Operator, Py, Result, Watched, escape, float, format_value, int, parse_int,
};

const HUGE: Py = Py::Int(1_000_000_000_000);

fn call<const N: usize>(receiver: &Py, method: &str, args: [Py; N]) -> Result<Py> {
    receiver.call_method(method, Args::positional(args))
}

fn percent(format: &str, value: Py) -> Result<Py> {
    Py::str(format).operate(Operator::Mod, &value)
}

/// Texts that no machine has room for.
fn huge() -> Vec<Result<Py>> {
    let text = Py::str("a\tb");
    vec![
        call(&text, "center", [HUGE]),
        call(&text, "ljust", [HUGE]),
        call(&text, "rjust", [HUGE, Py::str("é")]),
        call(&text, "zfill", [HUGE]),
        call(&text, "expandtabs", [Py::Int(2_000_000_000)]),
        call(&Py::str("{:1000000000000}"), "format", [text.clone()]),
        call(&Py::str("{:{}}"), "format", [text.clone(), HUGE]),
        call(&Py::Int(1), "to_bytes", [HUGE]),
        percent("%1000000000000d", Py::Int(1)),
        percent("%.2000000000f", Py::Float(1.0)),
        percent("%*d", Py::tuple([HUGE, Py::Int(1)])),
        format_value(&Py::Int(1), "01000000000000"),
        format_value(&Py::Int(1), "01000000000000,"),
        format_value(&Py::Float(1.5), ".2000000000e"),
    ]
}

fn kinds(results: Vec<Result<Py>>) -> Vec<Option<FaultKind>> {
    results.into_iter().map(|result| result.err().map(|fault| fault.kind())).collect()
}

#[test]
fn what_no_machine_has_room_for_is_not_begun() {
    let kinds = kinds(huge());
    assert!(kinds.iter().all(|kind| *kind == Some(FaultKind::OverflowError)), "{kinds:?}");
}

#[test]
fn text_is_charged_before_it_is_made() {
    let _meter = Meter::start(1_000, u64::MAX);
    let text = Py::str("a".repeat(10_000));
    for method in ["upper", "title", "split", "encode", "isalpha", "expandtabs"] {
        let _meter = Meter::start(100, u64::MAX);
        assert_eq!(kinds(vec![call(&text, method, [])]), [Some(FaultKind::Exhausted)], "{method}");
    }
    let doubled = call(&text, "replace", [Py::str("a"), Py::str("a".repeat(100))]);
    assert_eq!(kinds(vec![doubled]), [Some(FaultKind::Exhausted)]);
}

#[test]
fn integers_are_read_and_written_with_at_most_4300_digits() {
    assert!(parse_int(&"7".repeat(4300), 10).is_ok());
    let too_long = parse_int(&"7".repeat(4301), 10);
    let leading_zeros = parse_int(&"0".repeat(4301), 10);
    let underscores = parse_int(&["7"; 4300].join("_"), 10);
    let power_of_two = parse_int(&"f".repeat(9999), 16).expect("only looked at");
    let written = [percent("%d", power_of_two.clone()), format_value(&power_of_two, "d")];
    assert!(underscores.is_ok());
    assert_eq!(kinds(vec![too_long, leading_zeros]), [Some(FaultKind::ValueError); 2]);
    assert_eq!(kinds(written.into()), [Some(FaultKind::ValueError); 2]);
    assert!(percent("%x", power_of_two).is_ok());
}

struct Secret;

impl Watched for Secret {
    fn text(&self) -> &str {
        "{hunter2.b[hunter2]} %(hunter2)s %h"
    }

    fn is_empty(&self) -> bool {
        false
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[test]
fn watched_text_is_text_to_every_method() {
    let secret = || Py::Watched(Arc::new(Secret));
    let plain = || Py::str(Secret.text());
    for method in ["upper", "split", "isalpha", "strip", "encode", "splitlines", "title"] {
        let results = [secret(), plain()].map(|text| call(&text, method, []));
        let [watched, plain] = results.map(|result| result.and_then(|it| it.repr()).expect("no arguments"));
        assert_eq!(watched, plain, "{method}");
    }
    let pairs = [
        (call(&Py::str(" "), "join", [Py::list(vec![secret()])]), plain()),
        (call(&Py::str("{}"), "format", [secret()]), plain()),
        (percent("%s", secret()), plain()),
        (format_value(&secret(), ""), plain()),
        (call(&Py::str("x"), "replace", [Py::str("x"), secret()]), plain()),
    ];
    for (result, expected) in pairs {
        let result = result.expect("text goes here");
        assert!(matches!(result, Py::Str(_)) && result.equals(&expected).expect("both are text"));
    }
    assert_eq!(escape(&secret()).expect("text is escaped").as_ref(), Secret.text());
}

#[test]
fn no_message_shows_a_value() {
    let secret = Py::Watched(Arc::new(Secret));
    let values = Py::tuple([secret.clone(), secret.clone()]);
    let failures = [
        call(&secret, "format", []),
        call(&secret, "format_map", [secret.clone()]),
        call(&Py::str("{:5"), "format", [secret.clone()]),
        call(&Py::str("{.hunter2}"), "format", [secret.clone()]),
        call(&Py::str("{[hunter2]}"), "format", [secret.clone()]),
        call(&Py::str("{hunter2}"), "format", []),
        call(&Py::str("a"), "index", [secret.clone()]),
        call(&Py::str("a"), "center", [secret.clone()]),
        call(&Py::str("a"), "encode", [secret.clone()]),
        call(&Py::str("a"), "translate", [Py::None]),
        secret.operate(Operator::Mod, &Py::Int(1)),
        percent("%d", secret.clone()),
        percent("%c", secret.clone()),
        percent("%s", values),
        int(&secret),
        float(&secret).map(Py::Float),
        parse_int("hunter2", 10),
        format_value(&secret, "hunter2"),
        format_value(&Py::Int(7), "hunter2"),
    ];
    for (place, failure) in failures.into_iter().enumerate() {
        let fault: Fault = failure.expect_err(&format!("number {place} fails"));
        assert!(!format!("{fault:?}").contains("hunter2"), "{fault:?}");
    }
}
