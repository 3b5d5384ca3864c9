//! What is done to dates and times gives what it gives in CPython: `corpus/dates.jsonl`, written
//! by `xtask/peers/python/dates.py`.

mod literal;

use kiln_python::{Args, Comparison, Dict, Fault, FaultKind, Operator, Py, Result, meter};
use literal::{field, value};
use proptest::prelude::*;
use serde_json::Value;

#[test]
fn dates_and_times_behave_as_in_cpython() {
    let mut failures = Vec::new();
    let corpus = include_str!("corpus/dates.jsonl");
    for line in corpus.lines() {
        let case: Value = serde_json::from_str(line).expect("a line is JSON");
        let found = outcome(&case).map_err(|fault| format!("{:?}", fault.kind()));
        let expected = match case["gives"].as_str() {
            Some(repr) => Ok(repr.to_owned()),
            None => Err(case["raises"].as_str().expect("it raises something").to_owned()),
        };
        if found != expected {
            failures.push(format!("{line}\n    but kiln: {found:?}"));
        }
    }
    let total = corpus.lines().count();
    assert!(failures.is_empty(), "{} of {total} differ\n{}", failures.len(), failures.join("\n"));
}

fn outcome(case: &Value) -> Result<String> {
    let mut current = value(field(case, "on"));
    for step in field(case, "do").as_array().expect("there are steps") {
        current = done(&current, step)?;
    }
    current.repr()
}

fn done(on: &Py, step: &Value) -> Result<Py> {
    let name = step[1].as_str().unwrap_or_default();
    let absent = |kind| Fault::new(kind, "it has none");
    match step[0].as_str().expect("a step has a kind") {
        "attr" => on.attr(name)?.ok_or_else(|| absent(FaultKind::AttributeError)),
        "call" => on.call_method(name, arguments(step)),
        "op" => on.operate(operator(name), &value(&step[2])),
        "rop" => value(&step[2]).operate(operator(name), on),
        "cmp" => on.compare(comparison(name), &value(&step[2])).map(Py::Bool),
        "in" => on.contains(&value(&step[1])).map(Py::Bool),
        "item" => on.item(&value(&step[1]))?.ok_or_else(|| absent(FaultKind::IndexError)),
        "len" => on.len().map(|length| Py::Int(length.try_into().expect("it is short"))),
        "list" => on.collect().map(Py::list),
        "str" => on.to_str().map(Py::Str),
        "truth" => on.truth().map(Py::Bool),
        "neg" => on.negate(),
        "pos" => on.plus(),
        "abs" => match on {
            Py::Object(object) => object.abs().expect("a length of time has one"),
            _ => panic!("only lengths of time are asked"),
        },
        "format" => formatted(on, name).map(Py::str),
        other => panic!("there is no step `{other}`"),
    }
}

/// `format(on, specification)`, which is `str(on)` where there is nothing to specify.
fn formatted(on: &Py, specification: &str) -> Result<String> {
    let Py::Object(object) = on else { panic!("only dates and times are formatted") };
    match object.format(specification) {
        Some(text) => text,
        None if specification.is_empty() => object.str(),
        None => Err(Fault::type_error("it takes no specification")),
    }
}

fn arguments(step: &Value) -> Args {
    let positional = step[2].as_array().expect("there are arguments");
    let keyword = step[3].as_object().expect("there are keywords");
    Args {
        positional: positional.iter().map(value).collect(),
        keyword: keyword.iter().map(|(name, given)| (name.as_str().into(), value(given))).collect(),
    }
}

fn operator(symbol: &str) -> Operator {
    match symbol {
        "+" => Operator::Add,
        "-" => Operator::Sub,
        "*" => Operator::Mul,
        "/" => Operator::Div,
        "//" => Operator::FloorDiv,
        "%" => Operator::Mod,
        _ => Operator::Pow,
    }
}

fn comparison(symbol: &str) -> Comparison {
    match symbol {
        "==" => Comparison::Eq,
        "!=" => Comparison::Ne,
        "<" => Comparison::Lt,
        "<=" => Comparison::Le,
        ">" => Comparison::Gt,
        _ => Comparison::Ge,
    }
}

fn datetime(text: &str) -> Py {
    kiln_python::dates::parse_iso_datetime(text).expect("it is a date and time")
}

fn call(on: &Py, method: &str, arguments: &[Py]) -> Result<Py> {
    on.call_method(method, Args::positional(arguments))
}

#[test]
fn nothing_depends_on_the_clock_or_the_time_zone_of_the_machine() {
    let local = datetime("2024-03-05T13:07:09");
    let zoned = datetime("2024-03-05T13:07:09Z");
    let calls: [(&Py, &str, &[Py]); 8] = [
        (&local, "now", &[]),
        (&local, "today", &[]),
        (&local, "utcnow", &[]),
        (&local, "fromtimestamp", &[Py::Int(0)]),
        (&local, "astimezone", &[zoned.attr("tzinfo").unwrap().unwrap()]),
        (&zoned, "astimezone", &[]),
        (&zoned, "strftime", &[Py::str("%s")]),
        (&zoned, "strftime", &[Py::str("%-10Es")]),
    ];
    for (on, method, arguments) in calls {
        let fault = call(on, method, arguments).unwrap_err();
        assert!(fault.message().contains("depends on the machine"), "{method}: {fault}");
    }
}

#[test]
fn a_time_without_a_zone_is_counted_in_utc() {
    // TZ=UTC python3 -c 'import datetime; print(datetime.datetime(2024, 3, 5).timestamp())'
    let seconds = call(&datetime("2024-03-05"), "timestamp", &[]).unwrap();
    assert_eq!(&*seconds.to_str().unwrap(), "1709596800.0");
}

#[test]
fn a_zone_turns_only_its_own_utc_into_local_time() {
    let moment = datetime("2024-03-05T13:07:09+01:00");
    let own = moment.attr("tzinfo").unwrap().unwrap();
    let local = call(&own, "fromutc", std::slice::from_ref(&moment)).unwrap();
    assert_eq!(&*local.to_str().unwrap(), "2024-03-05 14:07:09+01:00");
    let equal = datetime("2024-03-05T13:07:09+01:00").attr("tzinfo").unwrap().unwrap();
    assert_eq!(call(&equal, "fromutc", &[moment]).unwrap_err().kind(), FaultKind::ValueError);
}

#[test]
fn equal_moments_are_one_key() {
    let there = Dict::default();
    there.insert(datetime("2024-03-05T13:07:09Z"), Py::Int(1)).unwrap();
    there.insert(datetime("2024-03-05T15:07:09+02:00"), Py::Int(2)).unwrap();
    there.insert(datetime("2024-03-05T13:07:09"), Py::Int(3)).unwrap();
    assert_eq!(there.lock().len(), 2);
}

#[test]
fn a_wide_directive_is_charged_before_it_is_padded() {
    let _meter = meter::Meter::start(1000, u64::MAX);
    let format = Py::str(format!("%60000d{}", "x".repeat(1000)));
    let fault = call(&datetime("2024-03-05"), "strftime", &[format]).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Exhausted);
}

proptest! {
    #[test]
    fn no_format_makes_strftime_or_strptime_panic(
        format in "(%[-_0^#]{0,2}[0-9]{0,20}[EO]?[a-zA-Z%]|[ -~\\PC\\s]){0,8}",
        text in "[0-9a-zA-Z:+ -]{0,20}",
        day in 1i64..=3652059,
    ) {
        let on = call(&datetime("2024-03-05"), "fromordinal", &[Py::Int(day)]).unwrap();
        if let Ok(printed) = call(&on, "strftime", &[Py::str(format.as_str())]) {
            let _ = call(&on, "strptime", &[printed, Py::str(format.as_str())]);
        }
        let _ = call(&on, "strptime", &[Py::str(text), Py::str(format)]);
    }

    #[test]
    fn no_text_makes_fromisoformat_panic(text in "[0-9TWZ:.,+-]{0,30}|\\PC{0,12}") {
        for on in ["2024-03-05", "2024-03-05T13:07:09"].map(datetime) {
            let _ = call(&on, "fromisoformat", &[Py::str(text.as_str())]);
            let _ = call(&call(&on, "time", &[]).unwrap(), "fromisoformat", &[Py::str(text.as_str())]);
        }
    }

    #[test]
    fn no_number_makes_arithmetic_panic(
        left in -86_399_999_913_600_000_000i128..86_400_000_000_000_000_000,
        right in prop_oneof![any::<i64>().prop_map(Py::Int), any::<f64>().prop_map(Py::Float)],
        day in 1i64..=3652059,
    ) {
        let left = kiln_python::dates::timedelta(left).unwrap();
        let on = call(&datetime("2024-03-05"), "fromordinal", &[Py::Int(day)]).unwrap();
        for operator in [Operator::Add, Operator::Sub, Operator::Mul, Operator::Div, Operator::FloorDiv, Operator::Mod] {
            let _ = left.operate(operator, &right);
            let _ = right.operate(operator, &left);
            let _ = left.operate(operator, &left);
            let _ = on.operate(operator, &left);
        }
        let _ = call(&on, "utcfromtimestamp", &[right]);
        let _ = left.negate();
    }
}
