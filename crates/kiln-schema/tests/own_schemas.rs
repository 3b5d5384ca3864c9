//! What holds for every schema of a file.

#![allow(clippy::disallowed_methods, reason = "a test reads the repository")]

use std::fs;
use std::path::Path;

use kiln_model::{Diagnostics, Sources};
use kiln_schema::Schema;
use serde_json::{Value as Json, json};

/// Keywords that say something without forbidding anything.
const ANNOTATIONS: [&str; 8] =
    ["$ref", "description", "markdownDescription", "x-expected", "x-group", "default", "examples", "title"];

/// The schemas of files that people write or look at; the others are of what kiln prints.
const NAMES: [&str; 9] = ["apps", "checks", "cluster", "derive", "kiln", "lock", "nodes", "pack", "versions"];

/// The schemas of files, each with its name.
fn schemas() -> Vec<(String, Json)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    let read = |name: &&str| {
        let text = fs::read_to_string(folder.join(format!("{name}.schema.json"))).expect("it is text");
        ((*name).to_owned(), serde_json::from_str(&text).expect("it is JSON"))
    };
    NAMES.iter().map(read).collect()
}

/// A key with its schema, and what it is called in a failure.
struct Key {
    place: String,
    schema: Json,
}

/// All keys of a schema, wherever they stand, `$ref` followed.
fn keys(name: &str, root: &Json) -> Vec<Key> {
    let mut found = Vec::new();
    collect(root, root, name, &mut found);
    for (definition, schema) in root["definitions"].as_object().into_iter().flatten() {
        collect(root, schema, &format!("{name}#{definition}"), &mut found);
    }
    assert!(!found.is_empty());
    found
}

fn collect(root: &Json, schema: &Json, place: &str, found: &mut Vec<Key>) {
    for group in ["properties", "patternProperties"] {
        for (key, below) in schema[group].as_object().into_iter().flatten() {
            let place = format!("{place}.{key}");
            found.push(Key { place: place.clone(), schema: resolved(root, below) });
            collect(root, below, &place, found);
        }
    }
    for (group, sign) in [("items", "[]"), ("additionalProperties", ".*")] {
        if schema[group].is_object() {
            collect(root, &schema[group], &format!("{place}{sign}"), found);
        }
    }
    for (index, choice) in schema["anyOf"].as_array().into_iter().flatten().enumerate() {
        collect(root, choice, &format!("{place}|{index}"), found);
    }
}

/// A schema together with what its `$ref` leads to; its own words come first.
fn resolved(root: &Json, schema: &Json) -> Json {
    let place = schema["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
    let mut whole = place.map_or(json!({}), |place| root.pointer(place).expect("it leads somewhere").clone());
    let whole = whole.as_object_mut().expect("a schema is an object");
    whole.extend(schema.as_object().expect("a schema is an object").clone());
    Json::Object(whole.clone())
}

/// What is wrong with `check`, for every key of every schema.
#[track_caller]
fn no_key_fails(check: impl Fn(&Key) -> Option<String>) {
    let keys = schemas().into_iter().flat_map(|(name, root)| keys(&name, &root));
    let faults: Vec<String> =
        keys.filter_map(|key| Some(format!("{}: {}", key.place, check(&key)?))).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Whether a value is what a schema wants.
fn takes(root: &Json, schema: &Json, value: &Json) -> bool {
    let mut part = schema.clone();
    part.as_object_mut().expect("a schema is an object").remove("$ref");
    let definitions = root.get("definitions").cloned().unwrap_or(json!({}));
    let schema = json!({"properties": {"value": part}, "definitions": definitions});
    let schema = Schema::compile("part", &schema.to_string()).unwrap_or_else(|error| panic!("{error}"));
    let (text, mut sink) = (json!({"value": value}).to_string(), Diagnostics::new());
    let source = Sources::new().add("value.json", text.as_str());
    let node = kiln_yaml::json::compose(source, &text, &mut sink).expect("it is JSON");
    schema.check(&node, &mut sink);
    !sink.has_errors()
}

#[test]
fn every_schema_is_one_of_draft_07() {
    for (name, root) in schemas() {
        assert_eq!(root["$schema"], "http://json-schema.org/draft-07/schema#", "{name}");
        // Some TOML editors take no schema whose name is not a whole URL.
        assert!(root["$id"].is_null(), "{name}");
        if let Err(error) = jsonschema::draft7::meta::validate(&root) {
            panic!("{name}: {error} at {}", error.instance_path());
        }
        assert!(root["title"].is_string() && root["description"].is_string(), "{name}");
        Schema::compile(&name, &root.to_string()).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn every_key_says_what_it_is_and_what_it_takes() {
    no_key_fails(|key| {
        let text = |keyword: &str| key.schema[keyword].as_str().unwrap_or_default();
        let is_sentence = |keyword: &str| text(keyword).ends_with('.');
        (!is_sentence("description") || text("description").contains('\n'))
            .then(|| "its `description` is no line of sentences".to_owned())
            .or_else(|| {
                text("markdownDescription").is_empty().then(|| "it has no `markdownDescription`".to_owned())
            })
            .or_else(|| text("x-expected").is_empty().then(|| "it has no `x-expected`".to_owned()))
            .or_else(|| is_sentence("x-expected").then(|| "its `x-expected` ends like a sentence".to_owned()))
            .or_else(|| {
                (key.schema["type"].is_null() && key.schema["anyOf"].is_null())
                    .then(|| "it has no `type`".to_owned())
            })
    });
}

#[test]
fn every_key_shows_a_value() {
    no_key_fails(|key| {
        let schema = &key.schema;
        let has = |keyword: &str| !schema[keyword].is_null();
        let speaks_for_itself = schema["type"] == "boolean"
            || schema["writeOnly"] == true
            || has("properties")
            || schema["items"]["properties"].is_object()
            || schema["items"]["$ref"].is_string();
        (!has("default") && !has("examples") && !has("enum") && !speaks_for_itself)
            .then(|| "it has neither `default` nor `examples`".to_owned())
    });
}

#[test]
fn every_default_and_every_example_is_right() {
    for (name, root) in schemas() {
        for key in keys(&name, &root) {
            let default = key.schema.get("default").into_iter();
            for value in default.chain(key.schema["examples"].as_array().into_iter().flatten()) {
                assert!(takes(&root, &key.schema, value), "{}: {value}", key.place);
            }
        }
    }
}

#[test]
fn every_secret_is_text_and_shows_none() {
    no_key_fails(|key| {
        let is_secret = key.schema["writeOnly"] == true;
        let is_bare = key.schema["default"].is_null() && key.schema["examples"].is_null();
        (is_secret && !(key.schema["type"] == "string" && is_bare)).then(|| "it is no bare text".to_owned())
    });
}

#[test]
fn no_text_of_a_data_file_may_be_empty() {
    for (name, root) in
        schemas().into_iter().filter(|(name, _)| ["cluster", "nodes"].contains(&name.as_str()))
    {
        for key in keys(&name, &root) {
            let is_text = key.schema["type"] == "string"
                || key.schema["type"].as_array().is_some_and(|all| all.contains(&json!("string")));
            assert!(!is_text || !takes(&root, &key.schema, &json!("")), "{}", key.place);
        }
    }
}

#[test]
fn nothing_beside_a_reference_forbids_anything() {
    fn check(json: &Json) {
        match json {
            Json::Object(object) => {
                let is_reference = object.get("$ref").is_some_and(Json::is_string);
                let is_word = |key: &&String| ANNOTATIONS.contains(&key.as_str());
                assert!(!is_reference || object.keys().all(|key| is_word(&key)), "{json}");
                object.values().for_each(check);
            }
            Json::Array(items) => items.iter().for_each(check),
            _ => {}
        }
    }
    schemas().iter().for_each(|(_, root)| check(root));
}

#[test]
fn every_mapping_of_a_data_file_is_closed() {
    for (name, root) in
        schemas().into_iter().filter(|(name, _)| ["cluster", "nodes"].contains(&name.as_str()))
    {
        assert_eq!(root["additionalProperties"], false);
        for key in keys(&name, &root) {
            for schema in [&key.schema, &key.schema["items"]] {
                let is_open = schema["properties"].is_object() && schema["additionalProperties"] != false;
                assert!(!is_open, "{}", key.place);
            }
        }
    }
}
