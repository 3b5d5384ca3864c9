use kiln_model::{Diagnostics, Node, Secret, Sources, Span};

use super::*;
use crate::{Resolution, compose, json};

fn yaml(text: &str) -> Value {
    let id = Sources::new().add("a.yaml", text);
    compose(id, text, Resolution::Core, &mut Diagnostics::new()).unwrap().value
}

#[test]
fn maps_and_lists_are_written_as_blocks() {
    let value = yaml("{a: [1, {b: x}], c: null, d: '', e: \"x\\ny\\n\"}");
    assert_eq!(to_yaml(&value), "a:\n- 1\n- b: x\nc: null\nd: ''\ne: |\n  x\n  y\n");
}

#[test]
fn text_that_some_reader_takes_for_something_else_is_quoted() {
    for text in
        ["on", "Yes", "n", "1_000", "22:22", "0777", "0o17", "1e3", "2024-01-01T00:00:00Z", "=", "<<", "~"]
    {
        let value = Value::String(text.to_owned());
        let written = to_yaml(&value);
        for resolution in [Resolution::Core, Resolution::PyYaml, Resolution::Kubernetes] {
            let id = Sources::new().add("a.yaml", written.as_str());
            let read = compose(id, &written, resolution, &mut Diagnostics::new()).unwrap();
            assert_eq!(read.as_str(), Some(text), "{written}");
        }
    }
    assert_eq!(to_yaml(&yaml("'on': 'off'")), "\"on\": \"off\"\n");
}

#[test]
fn line_breaks_of_yaml_1_1_are_written() {
    for text in ["x\u{2028}!  y\u{fffd}", "a\u{85}b", "\u{2029}", "x: \u{2028}\n y"] {
        let mut map = Map::new();
        map.insert_node(text, Node::at(Value::String(text.to_owned()), Span::NONE));
        let written = to_yaml(&Value::Map(map));
        for resolution in [Resolution::Core, Resolution::PyYaml] {
            let id = Sources::new().add("a.yaml", written.as_str());
            let read = compose(id, &written, resolution, &mut Diagnostics::new()).unwrap();
            assert_eq!(read.get(text).and_then(Node::as_str), Some(text), "{written}");
        }
    }
}

#[test]
fn the_text_of_a_secret_is_written() {
    let mut map = Map::new();
    map.insert_node("token", Node::at(Value::Secret(Secret::new("token", "hunter2")), Span::NONE));
    assert_eq!(to_yaml(&Value::Map(map)), "token: hunter2\n");
}

#[test]
fn a_quoted_text_is_yaml_and_json() {
    let text = "a\"b\\c\n\t\u{7}\u{85}\u{2028}\u{feff}ä😀#: {{ x }}";
    let quoted = quote(text);
    assert_eq!(quoted, "\"a\\\"b\\\\c\\n\\t\\u0007\\u0085\\u2028\\ufeffä😀#: {{ x }}\"");
    assert!(matches!(yaml(&quoted), Value::String(it) if it == text));
    let id = Sources::new().add("a.json", quoted.as_str());
    assert_eq!(json::compose(id, &quoted, &mut Diagnostics::new()).unwrap().as_str(), Some(text));
}
