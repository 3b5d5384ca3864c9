//! Reads the values of a corpus, as `xtask/peers/python/values.py` writes them.

use std::sync::Arc;

use kiln_python::{Args, Dict, Py, Undefined, UndefinedMode, dates};
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
            of_tag(tag, content)
        }
    }
}

fn of_tag(tag: &str, content: &Value) -> Py {
    let text = || content.as_str().expect("the tag goes with text");
    let items = || content.as_array().expect("the tag goes with an array");
    match tag {
        "int" => Py::big(text().parse().expect("an integer has digits")),
        "float" => Py::Float(text().parse().expect("a float is a number")),
        "markup" => Py::Markup(text().into()),
        "bytes" => Py::Bytes(bytes(text()).into()),
        "tuple" => Py::tuple(items().iter().map(value).collect::<Vec<_>>()),
        "dict" => dict(items()),
        "undefined" => Py::Undefined(Arc::new(Undefined::name(UndefinedMode::Default, "missing"))),
        "date" => dates::parse_iso_date(text()).expect("it is a date"),
        "datetime" => zoned(items(), dates::parse_iso_datetime),
        "time" => zoned(items(), dates::parse_iso_time),
        "timedelta" => dates::timedelta(text().parse().expect("it has digits")).expect("it is not too long"),
        "timezone" => zone(content),
        _ => panic!("there is no tag `{tag}`"),
    }
}

fn dict(entries: &[Value]) -> Py {
    let dict = Dict::default();
    for entry in entries {
        dict.insert(value(&entry[0]), value(&entry[1])).expect("its keys are hashable");
    }
    Py::Dict(dict)
}

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).expect("it is ASCII"));
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("two digits are a byte")).collect()
}

fn zone(offset: &Value) -> Py {
    dates::timezone(offset.as_i64().expect("it is a number")).expect("it is less than a day")
}

/// A date or time of its text and its offset.
fn zoned(parts: &[Value], read: fn(&str) -> kiln_python::Result<Py>) -> Py {
    let local = read(parts[0].as_str().expect("it has a text")).expect("it is a date or time");
    if parts[1].is_null() {
        return local;
    }
    let args = Args { positional: Vec::new(), keyword: vec![("tzinfo".into(), zone(&parts[1]))] };
    local.call_method("replace", args).expect("it takes a zone")
}
