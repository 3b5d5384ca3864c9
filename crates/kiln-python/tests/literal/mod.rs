//! Reads the values of a corpus: JSON, with one-key objects for what JSON lacks.

use std::sync::Arc;

use kiln_python::{Args, Dict, Operator, Py, Range, Result, Undefined, UndefinedMode, dates};
use serde_json::Value;

/// A value of the corpus.
pub(crate) fn value(written: &Value) -> Py {
    match written {
        Value::Null => Py::None,
        Value::Bool(truth) => Py::Bool(*truth),
        Value::Number(number) => Py::Int(number.as_i64().expect("a plain number fits")),
        Value::String(text) => Py::str(text.as_str()),
        Value::Array(items) => Py::list(items.iter().map(value).collect()),
        Value::Object(tagged) => {
            let (tag, content) = tagged.iter().next().expect("a tagged value has its tag");
            tagged_value(tag, content)
        }
    }
}

/// A field that a case must have.
pub(crate) fn field<'a>(case: &'a Value, name: &str) -> &'a Value {
    case.get(name).expect("the case has the field")
}

fn tagged_value(tag: &str, content: &Value) -> Py {
    let text = || content.as_str().expect("the tag goes with text");
    let items = || content.as_array().expect("the tag goes with an array").iter().map(value);
    match tag {
        "int" => Py::big(text().parse().expect("an integer has digits")),
        "float" => Py::Float(text().parse().expect("a float is a number")),
        "markup" => Py::Markup(text().into()),
        "bytes" => Py::Bytes(bytes(text())),
        "tuple" => Py::tuple(items().collect::<Vec<_>>()),
        "dict" => Py::Dict(dict(content)),
        "range" => range(items().collect::<Vec<_>>()),
        "undefined" => Py::Undefined(Arc::new(Undefined::name(mode(text()), "missing"))),
        "keys" | "values" | "items" => {
            value(content).call_method(tag, Args::default()).expect("a dict has views")
        }
        "date" => dates::parse_iso_date(text()).expect("it is a date"),
        "datetime" => zoned(content, dates::parse_iso_datetime),
        "time" => zoned(content, dates::parse_iso_time),
        "timedelta" => dates::timedelta(text().parse().expect("it has digits")).expect("it is not too long"),
        "timezone" => zone(content),
        "power" => {
            let [base, exponent] = [&content[0], &content[1]].map(value);
            base.operate(Operator::Pow, &exponent).expect("the power is computed")
        }
        "selflist" => {
            let list = Py::list(vec![Py::Int(1)]);
            list.call_method("append", Args::positional([list.clone()])).expect("a list can grow");
            list
        }
        "selfdict" => {
            let dict = Dict::default();
            dict.insert(Py::str("k"), Py::Int(1)).expect("text is a key");
            dict.insert(Py::str("self"), Py::Dict(dict.clone())).expect("text is a key");
            Py::Dict(dict)
        }
        _ => panic!("there is no tag `{tag}`"),
    }
}

fn dict(entries: &Value) -> Dict {
    let dict = Dict::default();
    for entry in entries.as_array().expect("a dict is written as pairs") {
        dict.insert(value(&entry[0]), value(&entry[1])).expect("its keys are hashable");
    }
    dict
}

fn range(bounds: Vec<Py>) -> Py {
    let bounds: Vec<i64> =
        bounds.iter().map(|bound| bound.as_index().expect("bounds are integers")).collect();
    match bounds[..] {
        [start, stop, step] => Range::new(start, stop, step).expect("the step is not zero"),
        _ => panic!("a range has three numbers"),
    }
}

fn zone(offset: &Value) -> Py {
    dates::timezone(offset.as_i64().expect("it is a number")).expect("it is less than a day")
}

/// A date or time of its text and its offset.
fn zoned(parts: &Value, read: fn(&str) -> Result<Py>) -> Py {
    let local = read(parts[0].as_str().expect("it has a text")).expect("it is a date or time");
    if parts[1].is_null() {
        return local;
    }
    let args = Args { positional: Vec::new(), keyword: vec![("tzinfo".into(), zone(&parts[1]))] };
    local.call_method("replace", args).expect("it takes a zone")
}

fn bytes(hex: &str) -> Arc<[u8]> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| {
            let digits = std::str::from_utf8(pair).expect("hexadecimal digits are ASCII");
            u8::from_str_radix(digits, 16).expect("two hexadecimal digits are a byte")
        })
        .collect()
}

fn mode(name: &str) -> UndefinedMode {
    match name {
        "default" => UndefinedMode::Default,
        "chainable" => UndefinedMode::Chainable,
        "debug" => UndefinedMode::Debug,
        "strict" => UndefinedMode::Strict,
        _ => panic!("there is no mode `{name}`"),
    }
}
