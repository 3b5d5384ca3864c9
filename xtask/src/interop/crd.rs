//! Turns CustomResourceDefinitions into strict JSON Schemas.
//!
//! The structural schemas of Kubernetes (OpenAPI v3) say which keys there are; the API server
//! drops all others, so here all others are errors. CEL rules are not looked at.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::example::{documents, read_tree};
use crate::Result;

const OBJECT_META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/// The schema of `metadata`, with the types it needs.
pub(super) struct Metadata {
    definitions: Value,
}

impl Metadata {
    /// Takes it out of Kubernetes' own definitions.
    ///
    /// # Errors
    /// If it is not among them.
    pub(super) fn new(all: &Value) -> Result<Metadata> {
        let reference = json!({"$ref": format!("#/$defs/{OBJECT_META}")});
        Ok(Metadata { definitions: needed(&reference, all)? })
    }
}

/// The definitions that a schema refers to, directly or through others.
///
/// # Errors
/// If one of them does not exist.
pub(super) fn needed(schema: &Value, all: &Value) -> Result<Value> {
    let mut found = Map::new();
    let mut open = references(schema);
    while let Some(name) = open.pop() {
        if !found.contains_key(&name) {
            let definition = all.get(&name).ok_or_else(|| format!("there is no definition of {name}"))?;
            open.extend(references(definition));
            found.insert(name, definition.clone());
        }
    }
    Ok(Value::Object(found))
}

fn references(schema: &Value) -> Vec<String> {
    match schema {
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, value)| match (key.as_str(), value.as_str()) {
                ("$ref", Some(target)) => vec![target.trim_start_matches("#/$defs/").to_owned()],
                _ => references(value),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// Writes `GROUP/KIND_VERSION.json` for every version of every definition in a folder's YAML
/// files; their number.
///
/// # Errors
/// If a file cannot be read or written, or a definition lacks a part.
pub(super) fn convert_folder(folder: &Path, metadata: &Metadata, target: &Path) -> Result<usize> {
    let mut count = 0;
    for (path, content) in read_tree(folder)? {
        if !path.ends_with(".yaml") {
            continue;
        }
        for document in documents(&content)? {
            let document = serde_json::to_value(&document)?;
            if document["kind"] == "CustomResourceDefinition" {
                for (name, schema) in convert(&document["spec"], metadata)? {
                    let file = target.join(name);
                    std::fs::create_dir_all(file.parent().expect("a file lies in a folder"))?;
                    std::fs::write(file, serde_json::to_vec(&schema)?)?;
                    count += 1;
                }
            }
        }
    }
    Ok(count)
}

/// The schemas of a definition by their file names.
fn convert(spec: &Value, metadata: &Metadata) -> Result<Vec<(String, Value)>> {
    let text = |value: &Value| value.as_str().map(str::to_owned).ok_or("a definition lacks a name");
    let (group, kind) = (text(&spec["group"])?, text(&spec["names"]["kind"])?);
    let mut schemas = Vec::new();
    for version in spec["versions"].as_array().ok_or("a definition has no versions")? {
        let name = text(&version["name"])?;
        let mut schema = version["schema"]["openAPIV3Schema"].clone();
        strict(&mut schema);
        schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        schema["$defs"] = metadata.definitions.clone();
        schema["properties"]["apiVersion"] = json!({"const": format!("{group}/{name}")});
        schema["properties"]["kind"] = json!({"const": kind});
        schema["properties"]["metadata"] = json!({"$ref": format!("#/$defs/{OBJECT_META}")});
        schema["additionalProperties"] = json!(false);
        schema["required"] = json!(required(&schema));
        schemas.push((format!("{group}/{}_{name}.json", kind.to_lowercase()), schema));
    }
    Ok(schemas)
}

fn required(schema: &Value) -> Vec<String> {
    let own = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut required: Vec<String> = ["apiVersion", "kind", "metadata"].map(str::to_owned).into();
    required.extend(own.filter(|it| !["apiVersion", "kind", "metadata"].contains(it)).map(str::to_owned));
    required
}

/// Closes every object of a structural schema, and says in JSON Schema what OpenAPI says in
/// words of its own. What stands in `allOf`, `anyOf`, `oneOf` or `not` adds conditions and no
/// keys, so it stays as it is.
fn strict(schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else { return };
    for child in
        map.get_mut("properties").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
    {
        strict(child);
    }
    for key in ["items", "additionalProperties"] {
        if let Some(child) = map.get_mut(key) {
            strict(child);
        }
    }
    let is_open = map.get("x-kubernetes-preserve-unknown-fields") == Some(&json!(true));
    if map.contains_key("properties") && !map.contains_key("additionalProperties") && !is_open {
        map.insert("additionalProperties".into(), json!(false));
    }
    if map.get("x-kubernetes-embedded-resource") == Some(&json!(true)) {
        map.insert("required".into(), json!(["apiVersion", "kind"]));
        map.insert("additionalProperties".into(), json!(true));
    }
    if map.get("x-kubernetes-int-or-string") == Some(&json!(true)) {
        map.insert("type".into(), json!(["integer", "string"]));
    }
    exclusive_bound(map, "minimum", "exclusiveMinimum");
    exclusive_bound(map, "maximum", "exclusiveMaximum");
    if map.get("nullable") == Some(&json!(true)) {
        let open = std::mem::take(map);
        *schema = json!({"anyOf": [{"type": "null"}, open]});
    }
}

/// OpenAPI says with a boolean that a bound is exclusive; JSON Schema has a bound of its own.
fn exclusive_bound(map: &mut Map<String, Value>, bound: &str, exclusive: &str) {
    match map.remove(exclusive) {
        Some(Value::Bool(true)) => {
            if let Some(limit) = map.remove(bound) {
                map.insert(exclusive.to_owned(), limit);
            }
        }
        Some(Value::Bool(false)) | None => {}
        Some(limit) => {
            map.insert(exclusive.to_owned(), limit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mut given: Value, expected: &Value) {
        strict(&mut given);
        assert_eq!(&given, expected);
    }

    #[test]
    fn an_object_is_closed_at_every_depth() {
        check(
            json!({"properties": {"a": {"items": {"properties": {"b": {}}}}}}),
            &json!({
                "properties": {"a": {"items": {"properties": {"b": {}}, "additionalProperties": false}}},
                "additionalProperties": false,
            }),
        );
    }

    #[test]
    fn a_map_and_an_open_object_stay_open() {
        for schema in [
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
            json!({"properties": {"a": {}}, "x-kubernetes-preserve-unknown-fields": true}),
            json!({"type": "object"}),
        ] {
            check(schema.clone(), &schema);
        }
    }

    #[test]
    fn a_condition_adds_no_keys() {
        let condition = json!({"oneOf": [{"properties": {"a": {}}, "required": ["a"]}]});
        check(condition.clone(), &condition);
    }

    #[test]
    fn words_of_openapi_are_translated() {
        check(
            json!({"x-kubernetes-int-or-string": true}),
            &json!({"x-kubernetes-int-or-string": true, "type": ["integer", "string"]}),
        );
        check(json!({"minimum": 0, "exclusiveMinimum": true}), &json!({"exclusiveMinimum": 0}));
        check(
            json!({"type": "string", "nullable": true}),
            &json!({"anyOf": [{"type": "null"}, {"type": "string", "nullable": true}]}),
        );
    }

    #[test]
    fn needed_definitions_are_found_through_others() {
        let all = json!({"a": {"items": {"$ref": "#/$defs/b"}}, "b": {"$ref": "#/$defs/a"}, "c": {}});
        let found = needed(&json!({"$ref": "#/$defs/a"}), &all).unwrap();
        assert_eq!(found.as_object().unwrap().keys().collect::<Vec<_>>(), ["a", "b"]);
        assert!(needed(&json!({"$ref": "#/$defs/d"}), &all).is_err());
    }

    #[test]
    fn a_definition_becomes_a_schema_per_version() {
        let metadata = Metadata::new(&json!({OBJECT_META: {"type": "object"}})).unwrap();
        let spec = json!({
            "group": "example.org",
            "names": {"kind": "Thing"},
            "versions": [{"name": "v1", "schema": {"openAPIV3Schema": {
                "properties": {"spec": {"properties": {"size": {"type": "integer"}}}},
                "required": ["spec", "metadata"],
            }}}],
        });
        let schemas = convert(&spec, &metadata).unwrap();
        let (name, schema) = &schemas[0];
        assert_eq!(name, "example.org/thing_v1.json");
        assert_eq!(schema["required"], json!(["apiVersion", "kind", "metadata", "spec"]));
        assert_eq!(schema["properties"]["spec"]["additionalProperties"], json!(false));
        assert_eq!(schema["properties"]["apiVersion"], json!({"const": "example.org/v1"}));
    }
}
