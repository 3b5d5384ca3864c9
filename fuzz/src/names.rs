//! The values that templates meet: each awkward in a way of its own.

use std::any::Any;
use std::sync::Arc;

use kiln_jinja::Scope;
use kiln_jinja::python::{Dict, Py, Watched, dates};
use kiln_model::{Map, Node, Origin, Secret, Value};

/// The text of the secret, which no message may contain.
pub const SECRET: &str = "hunter2\u{2603}canary";

/// The values by name, made anew.
pub fn names() -> Vec<(String, Py)> {
    let mut names: Vec<(String, Py)> = numbers()
        .into_iter()
        .chain(texts())
        .chain(dates())
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    names.extend(containers(&names).into_iter().map(|(name, value)| (name.to_owned(), value)));
    names
}

/// Names as a pack has them, one of them secret.
pub fn scope() -> Scope {
    let node = |value| Node { value, origin: Origin::Default };
    let mut inner = Map::new();
    inner.insert_node("key", node(Value::Secret(Secret::new("d.key", SECRET))));
    inner.insert_node("a", node(Value::Int(i128::MAX)));
    let texts = ["x", "", "10.0.0.0/8", "<é>"].map(|text| node(Value::String(text.into())));
    let mut map = Map::new();
    map.insert_node("secret", node(Value::Secret(Secret::new("secret", SECRET))));
    map.insert_node("s", node(Value::String("Ǆ <b>ß\n".into())));
    map.insert_node("n", node(Value::Int(3)));
    map.insert_node("f", node(Value::Float(-0.5)));
    map.insert_node("yes", node(Value::Bool(true)));
    map.insert_node("nil", node(Value::Null));
    map.insert_node("wrong", node(Value::Invalid));
    map.insert_node("l", node(Value::List(texts.into())));
    map.insert_node("d", node(Value::Map(inner)));
    Scope::new(&map)
}

fn numbers() -> Vec<(&'static str, Py)> {
    let integer = |digits: &str| Py::integer(digits).expect("these are digits");
    vec![
        ("n", Py::Int(3)),
        ("zero", Py::Int(0)),
        ("neg", Py::Int(-7)),
        ("i64", Py::Int(i64::MIN)),
        ("big", integer("340282366920938463463374607431768211456")),
        ("bigneg", integer("-9223372036854775809")),
        ("yes", Py::Bool(true)),
        ("no", Py::Bool(false)),
        ("nil", Py::None),
        ("f", Py::Float(2.5)),
        ("huge", Py::Float(f64::MAX)),
        ("tiny", Py::Float(5e-324)),
        ("minus", Py::Float(-0.0)),
        ("inf", Py::Float(f64::INFINITY)),
        ("nan", Py::Float(f64::NAN)),
    ]
}

fn texts() -> Vec<(&'static str, Py)> {
    vec![
        ("s", Py::str("a <b> & \"c\" 'd'\n\tŊe\u{301} \u{1f469}\u{200d}\u{1f680} İß\u{0} %s {} {0}")),
        ("empty", Py::str("")),
        ("blank", Py::str(" \t\r\n\u{2028}\u{a0}")),
        ("digits", Py::str("-0x1_0.5e3²٣")),
        ("iso", Py::str("2024-02-29T23:59:59.999999+05:30")),
        ("url", Py::str("see http://example.org/?a=b&c=d, mailto:a@example.org or (www.example.org).")),
        ("format", Py::str("{0:>{1}} %(a)s %*.*f {a[b].c!r:^10}")),
        ("html", Py::str("<p class=\"x\">&amp;&#x41;<!-- y --></p>")),
        ("mark", Py::Markup("<em>&lt;é</em>".into())),
        ("raw", Py::Bytes(b"\x00\xff'\"\n\\a".as_slice().into())),
        ("secret", Py::Watched(Arc::new(Hidden))),
    ]
}

fn dates() -> Vec<(&'static str, Py)> {
    let known = |value: kiln_jinja::python::Result<Py>| value.expect("this is a date that exists");
    vec![
        ("day", known(dates::date(1, 1, 1))),
        ("leap", known(dates::parse_iso_date("2024-02-29"))),
        ("ts", known(dates::parse_iso_datetime("9999-12-31T23:59:59.999999"))),
        ("tsz", known(dates::parse_iso_datetime("2024-06-01T00:00:00+05:30"))),
        ("clock", known(dates::parse_iso_time("12:34:56"))),
        ("span", known(dates::timedelta(-86_399_999_999))),
        ("zone", known(dates::timezone(-3600))),
    ]
}

fn containers(scalars: &[(String, Py)]) -> Vec<(&'static str, Py)> {
    let values = || scalars.iter().map(|(_, value)| value.clone());
    let texts = |texts: &[&str]| Py::list(texts.iter().map(|text| Py::str(*text)).collect());
    let everything = Dict::default();
    for value in values() {
        // What cannot be a key is left out.
        let _ = everything.insert(value.clone(), value);
    }
    let plain = Dict::default();
    for (name, value) in
        [("a", Py::Int(1)), ("B", texts(&["x", "Y"])), ("items", Py::None), ("", Py::Float(0.5))]
    {
        let _ = plain.insert(Py::str(name), value);
    }
    let own = Dict::default();
    let cycle = Py::list(vec![Py::Int(1), Py::Dict(own.clone())]);
    let _ = own.insert(Py::str("a"), cycle.clone());
    let deep = (0..150).fold(Py::list(Vec::new()), |inner, _| Py::list(vec![inner]));
    let people = [("Ann", 3), ("ben", 1), ("Ann", 2)].map(|(name, age)| {
        let person = Dict::default();
        let _ = person.insert(Py::str("name"), Py::str(name));
        let _ = person.insert(Py::str("a"), Py::Int(age));
        Py::Dict(person)
    });
    vec![
        ("l", Py::list(vec![Py::Int(3), Py::Int(1), Py::Int(2)])),
        ("words", texts(&["b", "A", "a", "", "ß"])),
        ("mixed", Py::list(values().collect())),
        ("tup", Py::tuple(vec![Py::Int(1), Py::str("x"), Py::list(Vec::new())])),
        ("pairs", Py::list(vec![Py::tuple(vec![Py::str("a"), Py::Int(1)])])),
        ("users", Py::list(people.into())),
        ("d", Py::Dict(plain)),
        ("all", Py::Dict(everything)),
        ("cycle", cycle),
        ("deep", deep),
    ]
}

/// A watched text that nobody watches.
struct Hidden;

impl Watched for Hidden {
    fn text(&self) -> &str {
        SECRET
    }

    fn is_empty(&self) -> bool {
        false
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
