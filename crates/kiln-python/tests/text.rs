//! Methods of text and numbers, `%`, `format`, `int`, `float` and `escape` give what CPython
//! and markupsafe give. `corpus/text.jsonl` is written by `xtask/peers/python/text.py`, which
//! describes it.

use kiln_python::{
    Args, Dict, Fault, Key, Operator, Py, Range, Undefined, UndefinedMode, escape, float, format_value, int,
    parse_int,
};
use num_bigint::BigInt;
use serde_json::Value;

const CASES: &str = include_str!("corpus/text.jsonl");

#[test]
fn every_call_gives_what_python_gives() {
    let cases = CASES.lines().map(|line| serde_json::from_str::<Value>(line).expect("each line is JSON"));
    let failures: Vec<String> = cases.filter_map(|case| failure(&case)).collect();
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// What is wrong with the result of a case.
fn failure(case: &Value) -> Option<String> {
    let result = perform(case).and_then(|value| value.repr());
    let fits = match &result {
        Ok(text) => case.get("gives").and_then(Value::as_str) == Some(text),
        Err(fault) => case.get("raises").and_then(Value::as_str) == Some(&class(fault)),
    };
    (!fits).then(|| format!("{case}\n    not {result:?}"))
}

fn class(fault: &Fault) -> String {
    format!("{:?}", fault.kind())
}

fn perform(case: &Value) -> Result<Py, Fault> {
    let on = value(&case["on"]);
    let args: Vec<Py> = case["args"].as_array().into_iter().flatten().map(value).collect();
    let spec = || args[0].as_str().expect("a specification is text");
    match case["do"].as_str().expect("a case does something") {
        "%" => on.operate(Operator::Mod, &args[0]),
        "format()" => format_value(&on, spec()),
        "float()" => float(&on).map(Py::Float),
        "int()" => match args.first() {
            Some(base) => {
                let base =
                    base.as_index().and_then(|base| u32::try_from(base).ok()).expect("a base is small");
                parse_int(on.as_str().expect("only text has a base"), base)
            }
            None => int(&on),
        },
        "escape()" => escape(&on).map(Py::Markup),
        method => {
            let keyword = case.get("kwargs").and_then(Value::as_object).into_iter().flatten();
            let keyword = keyword.map(|(name, it)| (name.as_str().into(), value(it))).collect();
            on.call_method(method, Args { positional: args, keyword })
        }
    }
}

fn value(json: &Value) -> Py {
    match json {
        Value::Null => Py::None,
        Value::Bool(flag) => Py::Bool(*flag),
        Value::Number(number) => Py::Int(number.as_i64().expect("what does not fit is tagged")),
        Value::String(text) => Py::str(text.as_str()),
        Value::Array(items) => Py::list(items.iter().map(value).collect()),
        Value::Object(tagged) => {
            let (tag, content) = tagged.iter().next().expect("an object has a tag");
            tagged_value(tag, content)
        }
    }
}

fn tagged_value(tag: &str, content: &Value) -> Py {
    let text = || content.as_str().expect("the content is text");
    let items = || content.as_array().expect("the content is a list").iter();
    match tag {
        "$tuple" => Py::tuple(items().map(value).collect::<Vec<_>>()),
        "$bytes" => Py::Bytes(text().chars().map(|c| u8::try_from(c).expect("bytes are Latin-1")).collect()),
        "$markup" => Py::Markup(text().into()),
        "$float" => Py::Float(text().parse().expect("the content is a number")),
        "$int" => Py::big(text().parse::<BigInt>().expect("the content is a number")),
        "$range" => {
            let bounds: Vec<i64> = items().map(|bound| bound.as_i64().expect("bounds are small")).collect();
            Range::new(bounds[0], bounds[1], bounds[2]).expect("the step is not zero")
        }
        "$undefined" => {
            let mode = match text() {
                "chainable" => UndefinedMode::Chainable,
                "debug" => UndefinedMode::Debug,
                "strict" => UndefinedMode::Strict,
                _ => UndefinedMode::Default,
            };
            Py::Undefined(Undefined::name(mode, "u").into())
        }
        _ => {
            let entry =
                |pair: &Value| (Key::new(value(&pair[0])).expect("keys are hashable"), value(&pair[1]));
            Py::Dict(Dict::new(items().map(entry).collect()))
        }
    }
}
