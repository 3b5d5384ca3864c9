//! Whole documents, as PyYAML and as a reader of YAML 1.2 read them.

use kiln_model::{Diagnostics, Severity, Sources, Value};
use kiln_yaml::{Resolution, compose};
use serde_json::Value as Json;

/// What a text is to kiln.
enum Read {
    /// It is refused at this line and column, or after it was read.
    Refused(Option<(usize, usize)>),
    /// Its value, and whether something in it is no value of kiln's.
    Value(Value, bool),
}

fn read(text: &str, resolution: Resolution) -> Read {
    let mut sources = Sources::new();
    let id = sources.add("a.yaml", text);
    let mut sink = Diagnostics::new();
    let tree = compose(id, text, resolution, &mut sink);
    let first = sink.iter().find(|it| it.severity == Severity::Error);
    let shown = || {
        let at = sources.position(id, first.filter(|it| !it.labels.is_empty())?.span().start);
        Some((at.line, at.column))
    };
    // PyYAML says where it could not go on, a finding where the mistake is.
    let stopped =
        (resolution == Resolution::PyYaml).then(|| kiln_pydata::yaml_document(text).err()).flatten();
    let place = stopped.map(|error| (error.line, error.column)).or_else(shown);
    // These leave a tree, so that more can be said in the same run, but no file that is used.
    let lacks = ["load.non-string-key", "load.unreadable-value", "load.number-too-large"];
    let of_data = |code: &str| {
        lacks.contains(&code) || code == "load.unknown-anchor" && resolution == Resolution::PyYaml
    };
    let refuses = sink.iter().any(|it| it.severity == Severity::Error && !of_data(&it.code));
    match tree {
        Ok(node) if !refuses => Read::Value(node.value, first.is_some()),
        _ => Read::Refused(place),
    }
}

fn agrees(value: &Value, expected: &Json) -> bool {
    let only =
        |key: &str| expected.as_object().filter(|it| it.len() == 1).and_then(|it| it.get(key)?.as_str());
    match value {
        Value::Null => expected.is_null(),
        Value::Bool(it) => expected == *it,
        Value::Int(it) => only("int") == Some(&it.to_string()),
        Value::Float(it) => only("float").is_some_and(|text| match text {
            "NaN" | "nan" => it.is_nan(),
            text => text.parse::<f64>().is_ok_and(|text| text == *it),
        }),
        Value::String(it) => expected == it.as_str() || only("date") == Some(it),
        Value::Invalid => expected["none"] == true,
        Value::List(items) => expected.as_array().is_some_and(|expected| {
            items.len() == expected.len()
                && items.iter().zip(expected).all(|(item, expected)| agrees(&item.value, expected))
        }),
        Value::Map(map) => expected["map"].as_object().or(expected.as_object()).is_some_and(|expected| {
            map.len() == expected.len()
                && map.iter().all(|(key, entry)| {
                    expected.get(key).is_some_and(|expected| agrees(&entry.node.value, expected))
                })
        }),
        Value::Secret(_) => false,
    }
}

#[track_caller]
fn check(resolution: Resolution, column: &str) {
    let cases: Vec<Json> = include_str!("corpus/documents.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).expect("a case a line"))
        .collect();
    assert!(cases.len() >= 140, "the corpus is whole");
    let wrong = cases.iter().filter_map(|case| {
        let (name, text) = (case["name"].as_str().expect("a name"), case["text"].as_str().expect("a text"));
        let expected = &case[column];
        let fits = match read(text, resolution) {
            Read::Refused(place) => expected.get("error").is_some_and(|error| {
                let at = |index: usize| error[index].as_u64().map(|it| it as usize);
                at(0).zip(at(1)).is_none_or(|expected| place == Some(expected))
            }),
            Read::Value(value, lacks) => {
                expected.get("value").is_some_and(|expected| agrees(&value, expected))
                    && lacks == (expected["lacks"] == true)
            }
        };
        let found = match read(text, resolution) {
            Read::Refused(place) => format!("refused at {place:?}"),
            Read::Value(value, lacks) => format!("{value:?}, lacks {lacks}"),
        };
        (!fits).then(|| format!("{name}: {expected} expected, {found}"))
    });
    assert_eq!(wrong.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn yaml_1_1_is_read_as_pyyaml_reads_it() {
    check(Resolution::PyYaml, "pyyaml");
}

#[test]
fn yaml_1_2_is_read_as_a_reader_of_another_making_reads_it() {
    check(Resolution::Core, "core");
}
